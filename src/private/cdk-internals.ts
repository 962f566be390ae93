import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/*
 * Behavior of CDK that the library relies on, beyond CDK's documented API. Each item has a test in
 * cdk-internals.test.ts, which fails if another version of CDK behaves differently.
 */

interface Properties { [name: string]: unknown }

/**
 * The properties of a resource as they will be in the template, including property overrides.
 *
 * The getters of a resource do not contain the overrides, and CDK has no public API that renders a single resource.
 */
export function renderedProperties(resource: CfnResource): Properties {
  const rendering = resource as CfnResource & { _toCloudFormation(): object };
  const { Resources } = Stack.of(resource)
    .resolve(rendering._toCloudFormation()) as { Resources: { [id: string]: { Properties?: Properties } } };
  const [{ Properties: properties = {} }] = Object.values(Resources);
  return properties;
}

/**
 * The value of a property override, undefined if the resource has none at this path.
 *
 * The rendered properties contain the overrides, but a property that depends on an override cannot read them, because
 * it is one of them.
 */
export function propertyOverrideOf(resource: CfnResource, path: string): unknown {
  return ['Properties', ...path.split('.')]
    .reduce<unknown>((value, key) => Object(value)[key] as unknown, Reflect.get(resource, 'rawOverrides'));
}

/**
 * The value of a property with its override, such as the name of a log group. It is undefined if an override deletes
 * the property.
 *
 * It serves for the same properties as `propertyOverrideOf`. The rendered properties would refer to themselves.
 */
export function valueWithOverride(resource: CfnResource, property: string, declared: unknown): unknown {
  const { Properties: overrides } = Object(Reflect.get(resource, 'rawOverrides')) as { readonly Properties?: Properties };
  return overrides && property in overrides ? overrides[property] : declared;
}

/**
 * The name of an architecture, such as ARM64.
 *
 * Architectures are compared by name, because `CpuArchitecture.of('ARM64')` and `CpuArchitecture.ARM64` are different
 * objects. The class has no other field with the name.
 */
export function architectureName(architecture: ecs.CpuArchitecture): string {
  return architecture[ARCHITECTURE_NAME];
}

/** The field with the name of an architecture. */
export const ARCHITECTURE_NAME = '_cpuArchitecture';

/**
 * The CloudFormation resource of a service.
 *
 * CDK's service has no default child, because its resource has a different id.
 */
export function resourceOfService(service: ecs.FargateService): ecs.CfnService {
  return service.node.findChild('Service') as ecs.CfnService;
}

/**
 * The scalable target of a service.
 *
 * It is private in CDK, but a policy that CDK cannot express needs its id.
 */
export function targetOfScaling(scaling: ecs.ScalableTaskCount): appscaling.ScalableTarget {
  return scaling.node.findChild('Target') as appscaling.ScalableTarget;
}

/**
 * The Lambda function of `autoDeleteObjects`, undefined if the stack has no such bucket. There is one for the whole
 * stack.
 *
 * It belongs to no bucket, so its findings must be acknowledged on the function itself.
 */
export function autoDeleteFunction(scope: IConstruct): IConstruct | undefined {
  return Stack.of(scope).node.tryFindChild('Custom::S3AutoDeleteObjectsCustomResourceProvider')?.node.tryFindChild('Handler');
}

/** The first actions of CDK's grants: to read or write a bucket, to use its key, and to write a log. */
const GRANTS = ['s3:GetObject*', 'kms:Decrypt', 'logs:CreateLogGroup', 'logs:CreateLogStream'];

/**
 * Whether CDK adds a statement automatically to the role of a pipeline, a project, or a task.
 *
 * CDK cannot turn these grants off for a role that accepts others, so they are recognized by their first action.
 */
export function beginsAsGrantOfCdk({ effect, actions: [first] }: iam.PolicyStatement): boolean {
  return effect === iam.Effect.ALLOW && GRANTS.includes(first);
}

/**
 * Whether a resource is the log group that CodeBuild uses by default.
 *
 * CDK grants the role of a project access to it, in addition to the log group that the project is configured with.
 */
export function isDefaultBuildLog(resource: string): boolean {
  return resource.includes(':log-group:/aws/codebuild/');
}

/** The prefix of cdk-nag's rules. Without it, CDK would treat the rule as acknowledged in the whole app. */
const NAG_PREFIX = 'Annotation';

/**
 * Acknowledges a rule of cdk-nag for a construct.
 *
 * `Validations.acknowledge` would treat a rule that names a resource in brackets as a rule of another plugin. So this
 * function writes the metadata in the form that cdk-nag reads.
 */
export function acknowledgeRule(construct: IConstruct, rule: string, reason: string): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`${NAG_PREFIX}::${rule}`]: reason });
}

/** Whether a rule of cdk-nag is acknowledged for a construct. Only the metadata shows it. */
export function isAcknowledged(construct: IConstruct, rule: string): boolean {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .some(({ data }) => Object.keys(data).includes(`${NAG_PREFIX}::${rule}`));
}

/**
 * The address range of the rule with which CDK denies all egress of a security group.
 *
 * A group without an egress rule allows all traffic, so CDK adds this rule. CDK exports no name for the range.
 */
export const NOBODY = '255.255.255.255/32';

/**
 * Whether a zone is a dummy value that CDK uses until it has looked up the zones of the account.
 *
 * CDK exports no name for these values.
 */
export function isDummyZone(zone: string): boolean {
  return /^dummy1[abc]$/.test(zone);
}

/** The value of a parameter that CDK has not looked up yet. It can be a part of a longer string. */
const DUMMY_PARAMETER = 'dummy-value-for-';

/**
 * Whether a value is a dummy value of the first pass of the synth, such as `StringParameter.valueFromLookup` returns. A
 * check that failed for it would prevent the lookup.
 *
 * CDK exports no name for these values.
 */
export function awaitsLookup(value: unknown): value is string {
  return typeof value === 'string' && value.includes(DUMMY_PARAMETER);
}

/**
 * The full name of an object's class, such as `aws-cdk-lib.aws_s3.Bucket`, undefined for a class that jsii has not
 * compiled. The compiler adds it to each class, because the names of CDK's own classes change when they are bundled.
 */
export function fullNameOf(value: object): string | undefined {
  const ofClass = Object(Reflect.get(value, 'constructor')) as object;
  const { fqn } = Object(Reflect.get(ofClass, Symbol.for('jsii.rtti'))) as { readonly fqn?: string };
  return fqn;
}
