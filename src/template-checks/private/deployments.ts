import { forwardsToUnknown, LISTENER, targetsOf } from './load-balancing';
import { SERVICE, TARGET_GROUP } from './services';
import { Finding, Resource, Rule, Template, Value } from './template';
import { differ, isDecided, quoted, shown, textOf } from './text';
import { PREDEFINED } from '../../private/deployment-configurations';

const APPLICATION = 'AWS::CodeDeploy::Application';
export const DEPLOYMENT_GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const DEPLOYMENT_CONFIG = 'AWS::CodeDeploy::DeploymentConfig';

/** The deployment groups that deploy to ECS. */
function groupsOf(template: Template): Resource[] {
  return template.ofType(DEPLOYMENT_GROUP).filter((group) => !group.at('ECSServices').missing);
}

function pairsOf(group: Resource): Value[] {
  return group.at('LoadBalancerInfo', 'TargetGroupPairInfoList').items;
}

/** The target groups of a pair, undefined where they are not in the template. */
function targetGroupsOf(pair: Value): (Resource | undefined)[] {
  return pair.at('TargetGroups').items.map((group) => group.at('Name').resource(TARGET_GROUP));
}

/** The service that a deployment group deploys to. */
export function serviceOf(group: Resource): Resource | undefined {
  return group.at('ECSServices').items[0]?.at('ServiceName').resource(SERVICE);
}

const deploymentService: Rule = {
  id: 'deployment-service',
  says: 'A deployment group for ECS names a service with the deployment controller CODE_DEPLOY, and the cluster of this service.',
  aws: 'CodeDeploy rejects the deployment group, or each deployment fails: the service has another deployment controller, or is not found in the cluster.',
  fix: 'Set the deployment controller of the service to CODE_DEPLOY, and name the cluster of the service.',
  *judge(template) {
    for (const group of groupsOf(template)) {
      yield* group.at('ECSServices').items.flatMap(wrongService);
    }
  },
};

function wrongService(named: Value): Finding[] {
  const { referred } = named.at('ServiceName');
  const service = named.at('ServiceName').resource(SERVICE);
  if (!service) {
    return referred ? [named.at('ServiceName').finding(`the deployment group names ${referred.id}, which is ${referred.type}, not a service`)] : [];
  }
  const controller = service.at('DeploymentController', 'Type');
  const [cluster, other] = [named.at('ClusterName'), service.at('Cluster')].map((value) => value.resource('AWS::ECS::Cluster'));
  return [
    ...(controller.unknown || controller.text === 'CODE_DEPLOY' ? [] : [named.at('ServiceName').finding(
      `the deployment group deploys to ${service.id}, whose deployment controller is ${shown(controller)}, not "CODE_DEPLOY"`)]),
    ...(cluster && other && cluster !== other ? [named.at('ClusterName').finding(
      `the deployment group looks for ${service.id} in the cluster ${cluster.id}, but the service is in ${other.id}`)] : []),
  ];
}

/** The properties that must be equal in both target groups, so that each release passes the same health checks. */
const COMMON = ['VpcId', 'TargetType', 'HealthCheckPath', 'HealthCheckPort', 'HealthCheckProtocol', 'Matcher/HttpCode'];

const ALWAYS = { TargetType: 'instance', HealthCheckPath: '/', HealthCheckPort: 'traffic-port' };

/** The protocols of a Network Load Balancer. */
const NETWORK_PROTOCOLS = /^(TCP|TLS|UDP|TCP_UDP)$/;

/** The defaults of omitted properties, by the protocol of both target groups. */
const FALLBACKS: [protocols: RegExp, values: { readonly [path: string]: string }][] = [
  [/^HTTPS?$/, { ...ALWAYS, 'HealthCheckProtocol': 'HTTP', 'Matcher/HttpCode': '200' }],
  [NETWORK_PROTOCOLS, { ...ALWAYS, 'HealthCheckProtocol': 'TCP', 'Matcher/HttpCode': '200-399' }],
];

const deploymentTargetGroups: Rule = {
  id: 'deployment-target-groups',
  says: 'A blue/green deployment has two target groups with the same VPC, protocol, target type, and health check. The service is registered in one of them.',
  aws: 'CodeDeploy rejects the deployment group (it `must contain a valid pair of target groups that identify a load balancer`), or a release passes the health check of one target group and fails that of the other.',
  fix: 'Name two target groups with the same settings, and register the service in one of them.',
  *judge(template) {
    for (const group of groupsOf(template)) {
      yield* pairsOf(group).flatMap(wrongPair);
      yield* pairsOf(group).flatMap((pair) => strangerService(group, pair));
    }
  },
};

function wrongPair(pair: Value): Finding[] {
  const groups = pair.at('TargetGroups');
  if (groups.open) { return []; }
  if (groups.items.length !== 2) { return [pair.finding(`the deployment group has ${groups.items.length} target groups and needs two, blue and green`)]; }
  const [blue, green] = targetGroupsOf(pair);
  const [one, other] = [groups.at(0, 'Name'), groups.at(1, 'Name')];
  if (textOf(one) === textOf(other) && isDecided(textOf(one), pair.owner.template)) {
    return [groups.finding(`both target groups of the deployment group are ${shown(one)}`)];
  }
  return blue && green ? differences(blue, green) : [];
}

function differences(blue: Resource, green: Resource): Finding[] {
  const both = (path: string) => ({ one: blue.at(...path.split('/')), other: green.at(...path.split('/')), path });
  const [protocol, fallbacks] = [both('Protocol'), fallbacksOf(blue, green)];
  // the defaults of omitted properties depend on the protocol
  const compared = isDifferent(protocol, blue, {}) ? [protocol] : COMMON.map(both)
    .filter((pair) => isDifferent(pair, blue, fallbacks));
  return compared.map(({ one, other }) => other.finding(
    `the target groups of the deployment group differ: ${shown(other)} here, but ${shown(one)} in ${blue.id}`));
}

interface Pair {
  readonly one: Value;
  readonly other: Value;
  readonly path: string;
}

/** Whether a property differs. An omitted property without a known default does not differ. */
function isDifferent(
  { one, other, path }: Pair, { template }: Resource, fallbacks: { readonly [path: string]: string },
): boolean {
  const [first, second] = [one, other].map((value) => value.missing ? fallbacks[path] : textOf(value));
  return first !== undefined && second !== undefined && differ(first, second, template);
}

function fallbacksOf(...groups: Resource[]): { readonly [path: string]: string } {
  // gRPC has other defaults
  const [, values = {}] = FALLBACKS.find(([protocols]) => groups.every((group) =>
    protocols.test(group.at('Protocol').text ?? '') && /^(HTTP[12])?$/.test(group.at('ProtocolVersion').text ?? ''))) ?? [];
  return values;
}

/** The defaults of target group attributes: a missing attribute equals one that is written out. */
const ATTRIBUTE_DEFAULTS: { readonly [key: string]: string } = {
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.enabled': 'false',
  'slow_start.duration_seconds': '0',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
};

const deploymentAttributes: Rule = {
  id: 'deployment-attributes',
  says: 'Both target groups of a blue/green deployment have the same attributes, such as stickiness, slow start, deregistration delay, and algorithm.',
  aws: 'Nothing at first. Each release exchanges the target groups, so the behavior of production changes with every release: sessions are sticky after one and not after the next.',
  fix: 'Set the attribute on both target groups (`blueTargetGroup` and `greenTargetGroup` of a BlueGreenService).',
  *judge(template) {
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
    for (const pair of groupsOf(template).flatMap(pairsOf)) {
      const [blue, green] = targetGroupsOf(pair);
      if (blue && green) { yield* differentAttributes(blue, green); }
    }
  },
};

function differentAttributes(blue: Resource, green: Resource): Finding[] {
  const lists = [blue, green].map((group) => group.at('TargetGroupAttributes'));
  // an unknown attribute can be the missing one
  if (lists.some((list) => list.open || list.items.some((item) => item.at('Key').text === undefined))) { return []; }
  const [one, other] = lists.map(attributesOf);
  const keys = [...new Set([...one.keys(), ...other.keys()])];
  return keys.flatMap((key) => {
    const [first, second] = [one, other].map((known) => valueOf(known.get(key)) ?? ATTRIBUTE_DEFAULTS[key]);
    const place = other.get(key) ?? lists[1];
    return first === undefined || second === undefined || !differ(first, second, green.template) ? [] : [place.finding(
      `the target groups of the deployment group differ in ${key}: ${quoted(second)} here, but ${quoted(first)} in ${blue.id}`)];
  });
}

function attributesOf(list: Value): Map<string, Value> {
  return new Map(list.items.map((item) => [textOf(item.at('Key')), item.at('Value')]));
}

function valueOf(value: Value | undefined): string | undefined {
  return value === undefined || value.missing ? undefined : textOf(value);
}

const STEPWISE = [...PREDEFINED.linear, ...PREDEFINED.canary].map(({ name }) => name);

const deploymentNetworkBalancer: Rule = {
  id: 'deployment-network-load-balancer',
  says: 'A deployment behind a Network Load Balancer shifts all traffic at once.',
  aws: 'The deployment fails. With a Network Load Balancer, CodeDeploy supports only the configuration `CodeDeployDefault.ECSAllAtOnce`.',
  fix: `Use ${PREDEFINED.allAtOnce.name}, or an Application Load Balancer.`,
  *judge(template) {
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
    for (const group of groupsOf(template)) {
      const protocols = pairsOf(group).flatMap(targetGroupsOf).map((target) => target?.at('Protocol').text ?? '');
      const name = group.at('DeploymentConfigName');
      if (protocols.some((protocol) => NETWORK_PROTOCOLS.test(protocol)) && isStepwise(name)) {
        yield name.finding(`the deployment configuration is ${shown(name)}, but CodeDeploy shifts the traffic of a Network Load Balancer only at once`);
      }
    }
  },
};

function isStepwise(name: Value): boolean {
  const routing = name.resource(DEPLOYMENT_CONFIG)?.at('TrafficRoutingConfig', 'Type').text ?? '';
  return STEPWISE.includes(name.text ?? '') || routing.startsWith('TimeBased');
}

function strangerService(group: Resource, pair: Value): Finding[] {
  const known = targetGroupsOf(pair);
  if (known.length !== 2 || known.some((target) => !target)) { return []; }
  const targets = serviceOf(group)?.at('LoadBalancers').items.map((target) => target.at('TargetGroupArn')) ?? [];
  return targets.filter((target) => target.referred && !known.includes(target.referred)).map((target) => target.finding(
    `the service starts in the target group ${shown(target)}, but its deployment group ${group.id} has ${names(known)}`));
}

function names(resources: (Resource | undefined)[]): string {
  return resources.map((resource) => resource?.id).join(' and ');
}

const deploymentListeners: Rule = {
  id: 'deployment-listeners',
  says: 'The listener of a blue/green deployment forwards to one of its two target groups. A test listener is another listener of the same load balancer.',
  aws: 'CodeDeploy rejects the deployment group or fails the deployment. The listener forwards to no target group of the pair, so there is no traffic to shift.',
  fix: 'Forward the listener to one of the two target groups, and use another listener of the same load balancer as the test listener.',
  *judge(template) {
    for (const group of groupsOf(template)) {
      yield* pairsOf(group).flatMap(wrongRoutes);
    }
  },
};

function wrongRoutes(pair: Value): Finding[] {
  const [prod, test] = ['ProdTrafficRoute', 'TestTrafficRoute'].map((route) => pair.at(route, 'ListenerArns').items[0]);
  if (!prod) { return pair.at('ProdTrafficRoute', 'ListenerArns').unknown ? [] : [pair.finding('the deployment group has no production listener')]; }
  return [
    ...wrongTarget(prod, pair),
    ...(test ? [...wrongTarget(test, pair), ...wrongTestListener(prod, test)] : []),
  ];
}

function wrongTarget(route: Value, pair: Value): Finding[] {
  const listener = route.resource(LISTENER);
  const known = targetGroupsOf(pair);
  const targets = listener ? targetsOf(listener).map((target) => target.resource(TARGET_GROUP)) : [];
  const undecided = !listener || forwardsToUnknown(listener) || known.length !== 2
    || [...known, ...targets].some((target) => !target);
  return undecided || targets.some((target) => known.includes(target)) ? [] : [route.finding(
    `the listener ${listener.id} forwards to ${names(targets) || 'no target group'}, but the deployment group has ${names(known)}`)];
}

function wrongTestListener(prod: Value, test: Value): Finding[] {
  if (textOf(prod) === textOf(test)) { return [test.finding('the test listener is also the production listener')]; }
  const [one, other] = [prod, test].map((route) => route.resource(LISTENER)?.at('LoadBalancerArn').referred);
  return one && other && one !== other ? [test.finding(`the test listener belongs to ${other.id}, but the production listener to ${one.id}`)] : [];
}

const CONFIGURATIONS = [...PREDEFINED.linear, ...PREDEFINED.canary, PREDEFINED.allAtOnce].map(({ name }) => name);

const deploymentConfiguration: Rule = {
  id: 'deployment-configuration',
  says: 'A deployment group for ECS deploys blue/green with traffic control, and its deployment configuration and application are for ECS.',
  aws: 'CodeDeploy rejects the deployment group: the configuration does not exist, or is for another compute platform.',
  fix: `Use one of ${CONFIGURATIONS.join(', ')}, or a configuration and an application whose ComputePlatform is ECS.`,
  *judge(template) {
    for (const group of groupsOf(template)) {
      yield* wrongStyle(group.at('DeploymentStyle'));
      yield* wrongConfiguration(group.at('DeploymentConfigName'));
      yield* wrongPlatform(group.at('ApplicationName').resource(APPLICATION));
    }
  },
};

const STYLE = { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' };

function wrongStyle(style: Value): Finding[] {
  return Object.entries(STYLE).map(([key, wanted]) => ({ value: style.at(key), wanted }))
    .filter(({ value, wanted }) => !value.unknown && value.text !== wanted)
    .map(({ value, wanted }) => value.finding(`the deployment style is ${shown(value)}, but CodeDeploy requires "${wanted}" for ECS`));
}

function wrongConfiguration(name: Value): Finding[] {
  const own = name.resource(DEPLOYMENT_CONFIG);
  if (own) { return wrongPlatform(own); }
  const { text = '' } = name;
  return /^CodeDeployDefault\./.test(text) && !CONFIGURATIONS.includes(text) ? [name.finding(`CodeDeploy has no deployment configuration ${shown(name)} for ECS`)] : [];
}

function wrongPlatform(resource: Resource | undefined): Finding[] {
  const platform = resource?.at('ComputePlatform');
  return !platform || platform.unknown || platform.text === 'ECS' ? [] : [platform.finding(
    `the compute platform is ${shown(platform)}, but a deployment group for ECS uses the resource`)];
}

export const DEPLOYMENT_RULES = [
  deploymentService, deploymentTargetGroups, deploymentAttributes, deploymentListeners, deploymentConfiguration,
  deploymentNetworkBalancer,
];
