import { ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
// what `fullDiff` does for each resource, without its reading of policies and its own propagation, which stops at
// functions within functions
import { diffResource } from '@aws-cdk/cloudformation-diff/lib/diff';

export const SERVICE = 'AWS::ECS::Service';
export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

/** A resource of a template that was synthesized with the paths of its constructs. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly DependsOn?: string | string[];
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

export interface TemplateJson {
  readonly Resources: { readonly [logicalId: string]: TemplateResource };
}

/** What CloudFormation does with a resource, or what refuses it. */
export type Effect =
  | 'created'
  | 'deleted'
  | 'in place'
  | 'in place, sends traffic to blue'
  | 'replaced'
  | 'perhaps replaced'
  | 'deletion policy'
  | 'refused by ECS'
  | 'refused by name'
  | 'refused by port'
  | 'refused by target group';

export interface Change {
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
  readonly effect: Effect;
  /** The properties that differ; none for what is created or deleted. */
  readonly properties: string[];
}

type Difference = [logicalId: string, difference: ResourceDifference];

/**
 * What UpdateService accepts under CODE_DEPLOY; CloudFormation sends all properties with any of them, so even these may
 * fail. The grace period is one of them, and treated as frozen all the same.
 */
const ACCEPTED_BY_ECS = [
  'DesiredCount', 'DeploymentConfiguration', 'PlacementConstraints', 'PlacementStrategies',
  'EnableECSManagedTags', 'PropagateTags',
];

/** Names that are unique only beside others of the same parent. */
const NAMED_WITHIN: { [type: string]: string } = {
  'AWS::ECS::Service': 'Cluster',
  'AWS::EC2::SecurityGroup': 'VpcId',
  'AWS::CodeDeploy::DeploymentGroup': 'ApplicationName',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'ScalingTargetId',
  'AWS::Route53::RecordSet': 'HostedZoneId',
  'AWS::EC2::VPCEndpoint': 'VpcId',
};

/** Their `DomainName` is no name of their own: two of them may be for one domain. */
const NAMELESS = ['AWS::CertificateManager::Certificate'];

/** Renamed in place, so the name is no reason to replace one, but still taken. */
const OTHER_NAMES: { [type: string]: string } = { 'AWS::CodeCommit::Repository': 'RepositoryName' };

/**
 * What CloudFormation does when a stack of the one template gets the other one.
 *
 * It compares properties: what a resource depends on and its metadata update nothing.
 */
export function classify(before: TemplateJson, after: TemplateJson): Change[] {
  const [marked, differences] = withReplacementsMarked(before, after);
  const changes = differences.flatMap(([logicalId, difference]): Change[] => {
    const effect = effectOf(logicalId, difference, before, marked);
    if (effect === undefined) { return []; }
    const { Type, Metadata } = (after.Resources[logicalId] ?? before.Resources[logicalId]);
    const properties = difference.isAddition || difference.isRemoval ? [] : Object.keys(difference.propertyUpdates)
      .sort();
    return [{ logicalId, type: Type, path: Metadata?.['aws:cdk:path'] ?? logicalId, effect, properties }];
  });
  return changes.sort((one, other) => one.logicalId < other.logicalId ? -1 : 1);
}

function effectOf(
  logicalId: string, difference: ResourceDifference, before: TemplateJson, after: TemplateJson,
): Effect | undefined {
  if (difference.isRemoval) { return 'deleted'; }
  const isNew = difference.isAddition || difference.changeImpact === ResourceImpact.WILL_REPLACE;
  const refusal = refusalOf(logicalId, before, after, isNew);
  if (refusal) { return refusal; }
  if (isNew) { return difference.isAddition ? 'created' : 'replaced'; }
  return difference.changeImpact === ResourceImpact.MAY_REPLACE ? 'perhaps replaced' : updateOf(after.Resources[logicalId], difference);
}

/** What the old one still holds while the new one is made. */
function refusalOf(logicalId: string, before: TemplateJson, after: TemplateJson, isNew: boolean): Effect | undefined {
  if (takesPortOfAnother(logicalId, before, after)) { return 'refused by port'; }
  if (takesTargetGroupOfAnother(logicalId, before, after)) { return 'refused by target group'; }
  return isNew && takesNameThatIsThere(logicalId, before, after) ? 'refused by name' : undefined;
}

function updateOf(
  resource: TemplateResource, { propertyUpdates, otherChanges }: ResourceDifference,
): Effect | undefined {
  const properties = Object.keys(propertyUpdates);
  if (properties.length === 0) {
    return ['DeletionPolicy', 'UpdateReplacePolicy'].some((policy) => policy in otherChanges) ? 'deletion policy' : undefined;
  }
  if (resource.Type === SERVICE && properties.some((property) => !ACCEPTED_BY_ECS.includes(property))) { return 'refused by ECS'; }
  return isProductionListener(resource) ? 'in place, sends traffic to blue' : 'in place';
}

export function isRefusal({ effect }: Change): boolean {
  return effect.startsWith('refused');
}

function isProductionListener({ Type, Metadata }: TemplateResource): boolean {
  return Type === LISTENER && /\/Listener\/Resource$/.test(Metadata?.['aws:cdk:path'] ?? '');
}

/**
 * The later template with another reference to each resource that is replaced, until no more are:
 * whatever names such a resource gets another value.
 */
function withReplacementsMarked(before: TemplateJson, after: TemplateJson): [TemplateJson, Difference[]] {
  const replaced = new Set<string>();
  for (;;) {
    const marked = mark(after, replaced) as TemplateJson;
    const differences = differencesOf(before, marked);
    const found = differences
      .filter(([, { isAddition, isRemoval, changeImpact }]) => !isAddition && !isRemoval
        && changeImpact === ResourceImpact.WILL_REPLACE)
      .map(([logicalId]) => logicalId);
    if (found.every((logicalId) => replaced.has(logicalId))) { return [marked, differences]; }
    found.forEach((logicalId) => replaced.add(logicalId));
  }
}

function mark(value: unknown, replaced: Set<string>): unknown {
  if (replaced.size === 0 || typeof value !== 'object' || value === null) { return value; }
  if (Array.isArray(value)) { return value.map((each) => mark(each, replaced)); }
  return Object.fromEntries(Object.entries(value).map(([key, argument]): [string, unknown] => {
    if (key === 'Ref' && replaced.has(argument)) { return [key, `${argument} (replaced)`]; }
    if (key === 'Fn::GetAtt' && replaced.has(argument[0])) { return [key, [`${argument[0]} (replaced)`, ...argument.slice(1)]]; }
    return [key, mark(argument, replaced)];
  }));
}

function differencesOf(before: TemplateJson, after: TemplateJson): Difference[] {
  const logicalIds = [...new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)])];
  return logicalIds
    .map((logicalId): Difference => [
      logicalId, diffResource(before.Resources[logicalId], after.Resources[logicalId], logicalId),
    ])
    .filter(([, { isDifferent }]) => isDifferent);
}

/** CloudFormation makes the new one before it removes the old one, and most things do not share a name. */
function takesNameThatIsThere(logicalId: string, before: TemplateJson, after: TemplateJson): boolean {
  return fixedNamesOf(after.Resources[logicalId]).some((name) => namesIn(before).has(name));
}

const namesOfTemplates = new WeakMap<TemplateJson, Set<string>>();

function namesIn(template: TemplateJson): Set<string> {
  const names = namesOfTemplates.get(template) ?? new Set(Object.values(template.Resources).flatMap(fixedNamesOf));
  namesOfTemplates.set(template, names);
  return names;
}

function fixedNamesOf({ Type, Properties = {} }: TemplateResource): string[] {
  const parent = NAMED_WITHIN[Type];
  return Object.keys(Properties).filter((property) => isName(Type, property) && isFixed(Properties[property]))
    .map((property) => JSON.stringify([Type, property, Properties[property], parent && Properties[parent]]));
}

function isName(type: string, property: string): boolean {
  return !NAMELESS.includes(type) && property.endsWith('Name') && (OTHER_NAMES[type] === property || replaces(type, property));
}

/**
 * A text, or one put together with the account and the region, as bucket names are; a name that refers to a resource is
 * no name of its own.
 */
function isFixed(name: unknown): boolean {
  return name !== undefined && !/"Fn::GetAtt"|"Ref":"(?!AWS::)/.test(JSON.stringify(name));
}

/** One port has one listener: another one gets it only after the first has left it. */
function takesPortOfAnother(logicalId: string, before: TemplateJson, after: TemplateJson): boolean {
  const listener = after.Resources[logicalId];
  return Object.entries(before.Resources).some(([owner, owned]) =>
    owner !== logicalId && isOnSamePort(owned, listener) && !leavesPortBefore(owner, owned, after, listener));
}

function isOnSamePort(one: TemplateResource, other: TemplateResource): boolean {
  const place = ({ Type, Properties = {} }: TemplateResource) => JSON.stringify(
    [Type, Properties.LoadBalancerArn, Properties.Port],
  );
  return one.Type === LISTENER && place(one) === place(other);
}

function leavesPortBefore(
  owner: string, owned: TemplateResource, after: TemplateJson, listener: TemplateResource,
): boolean {
  const next = after.Resources[owner];
  return next !== undefined && !isOnSamePort(owned, next) && [listener.DependsOn ?? []].flat().includes(owner);
}

/**
 * A target group belongs to one load balancer: a listener of a new one cannot lead to it while the old one is there.
 */
function takesTargetGroupOfAnother(logicalId: string, before: TemplateJson, after: TemplateJson): boolean {
  const listener = after.Resources[logicalId];
  const former = before.Resources[logicalId];
  if (listener.Type !== LISTENER || former === undefined) { return false; }
  const differs = (property: string) => JSON.stringify(
    listener.Properties?.[property],
  ) !== JSON.stringify(former.Properties?.[property]);
  return differs('LoadBalancerArn') && !differs('DefaultActions') && JSON.stringify(listener).includes('TargetGroupArn');
}

const replacing = new Map<string, boolean>();

/**
 * Whether another value of the property replaces a resource of the type, or may, as CloudFormation's own specification
 * has it.
 */
export function replaces(type: string, property: string): boolean {
  const known = replacing.get(`${type}.${property}`);
  if (known !== undefined) { return known; }
  const withValue = (value: string) => ({ Type: type, Properties: { [property]: value } });
  const impact = diffResource(withValue('this'), withValue('that')).changeImpact;
  const found = impact === ResourceImpact.WILL_REPLACE || impact === ResourceImpact.MAY_REPLACE;
  replacing.set(`${type}.${property}`, found);
  return found;
}
