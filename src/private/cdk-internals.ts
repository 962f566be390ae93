import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/*
 * What the library relies on in CDK beyond its documented API. A test for each, in cdk-internals.test.ts, fails when
 * another version of CDK does it differently.
 */

interface Properties { [name: string]: unknown }

/**
 * A resource's properties as they will stand in the template: property overrides of the user's are part of them.
 *
 * The getters of a resource do not have the overrides, and nothing public renders a single resource.
 */
export function renderedProperties(resource: CfnResource): Properties {
  const rendering = resource as CfnResource & { _toCloudFormation(): object };
  const { Resources } = Stack.of(resource)
    .resolve(rendering._toCloudFormation()) as { Resources: { [id: string]: { Properties?: Properties } } };
  const [{ Properties: properties = {} }] = Object.values(Resources);
  return properties;
}

/**
 * The name of an architecture, such as ARM64.
 *
 * By value, since `CpuArchitecture.of('ARM64')` is another object than `CpuArchitecture.ARM64`, and by this field,
 * since the class has no other.
 */
export function architectureName(architecture: ecs.CpuArchitecture): string {
  return architecture._cpuArchitecture;
}

/**
 * The resource of a service.
 *
 * CDK's service has no default child: its resource has an id of its own.
 */
export function resourceOfService(service: ecs.FargateService): ecs.CfnService {
  return service.node.findChild('Service') as ecs.CfnService;
}

/**
 * The target of a service's scaling.
 *
 * CDK keeps it to itself, and a policy that CDK cannot express needs its id.
 */
export function targetOfScaling(scaling: ecs.ScalableTaskCount): appscaling.ScalableTarget {
  return scaling.node.findChild('Target') as appscaling.ScalableTarget;
}

/**
 * The function of `autoDeleteObjects`, one for the whole stack; undefined where no bucket is emptied.
 *
 * It belongs to no bucket, and its findings can be acknowledged nowhere else.
 */
export function autoDeleteFunction(scope: IConstruct): IConstruct | undefined {
  return Stack.of(scope).node.tryFindChild('Custom::S3AutoDeleteObjectsCustomResourceProvider')?.node.tryFindChild('Handler');
}

/** How CDK's grants begin: reading or writing a bucket, using its key, writing a log. */
const GRANTS = ['s3:GetObject*', 'kms:Decrypt', 'logs:CreateLogGroup', 'logs:CreateLogStream'];

/**
 * Whether a statement is one that CDK adds by itself to the role of a pipeline, a project or a task.
 *
 * CDK has no way to turn these grants off for a role that takes others, so they are known by their first action.
 */
export function beginsAsGrantOfCdk({ effect, actions: [first] }: iam.PolicyStatement): boolean {
  return effect === iam.Effect.ALLOW && GRANTS.includes(first);
}

/**
 * Whether a resource is the log group that CodeBuild uses by default.
 *
 * CDK grants it to the role of a project beside the log group that the project is given.
 */
export function isDefaultBuildLog(resource: string): boolean {
  return resource.includes(':log-group:/aws/codebuild/');
}

/** cdk-nag looks a rule up by this prefix. Without it CDK would take the rule for acknowledged in the whole app. */
const NAG_PREFIX = 'Annotation';

/**
 * Acknowledges a rule of cdk-nag for a construct.
 *
 * `Validations.acknowledge` would take a rule that names a resource in brackets for one of another plugin, so that the
 * metadata is written here, as cdk-nag reads it.
 */
export function acknowledgeRule(construct: IConstruct, rule: string, reason: string): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`${NAG_PREFIX}::${rule}`]: reason });
}

/** Whether a rule of cdk-nag is acknowledged for a construct: it can be read from the metadata only. */
export function isAcknowledged(construct: IConstruct, rule: string): boolean {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .some(({ data }) => Object.keys(data).includes(`${NAG_PREFIX}::${rule}`));
}

/**
 * The address of the rule that lets a security group send to nobody.
 *
 * A group without a rule may send anywhere, so CDK adds this one, and exports no name for it.
 */
export const NOBODY = '255.255.255.255/32';

/**
 * Whether a zone is one that CDK invents until it has looked up those of the account.
 *
 * CDK exports no name for them either.
 */
export function isDummyZone(zone: string): boolean {
  return /^dummy1[abc]$/.test(zone);
}
