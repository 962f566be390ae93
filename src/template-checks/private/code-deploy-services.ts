import { definitionOf, SERVICE } from './services';
import { Finding, Resource, Rule, Template, Value } from './template';
import { shown } from './text';

const CODE_DEPLOY = 'CODE_DEPLOY';

/** The services that CodeDeploy releases. */
function codeDeployServices(template: Template): Resource[] {
  return template.ofType(SERVICE).filter((service) => service.at('DeploymentController', 'Type').text === CODE_DEPLOY);
}

/** A setting of a service that only the deployment controller ECS supports. */
interface EcsOnly {
  readonly path: string;
  readonly what: string;
  readonly isUsed: (value: Value) => boolean;
}

const isTrue = ({ text }: Value): boolean => text === 'true';
const hasItems = ({ items }: Value): boolean => items.length > 0;

const ECS_ONLY: EcsOnly[] = [
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
  { path: 'DeploymentConfiguration/DeploymentCircuitBreaker/Enable', what: 'a deployment circuit breaker', isUsed: isTrue },
  // ECS rejects even disabled ones: https://github.com/aws/aws-cdk/issues/26307
  { path: 'DeploymentConfiguration/Alarms', what: 'deployment alarms', isUsed: ({ missing, unknown }) => !missing && !unknown },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html
  {
    path: 'DeploymentConfiguration/Strategy',
    what: 'a deployment strategy of Amazon ECS',
    isUsed: ({ text }) => ['BLUE_GREEN', 'LINEAR', 'CANARY'].includes(text ?? ''),
  },
  { path: 'DeploymentConfiguration/LifecycleHooks', what: 'lifecycle hooks of Amazon ECS', isUsed: hasItems },
  // https://github.com/aws/containers-roadmap/issues/1993
  { path: 'ServiceConnectConfiguration/Enabled', what: 'Service Connect', isUsed: isTrue },
  // https://aws.amazon.com/blogs/containers/migrating-from-aws-codedeploy-to-amazon-ecs-for-blue-green-deployments
  { path: 'VolumeConfigurations', what: 'EBS volumes', isUsed: hasItems },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
  { path: 'SchedulingStrategy', what: 'the scheduling strategy DAEMON', isUsed: ({ text }) => text === 'DAEMON' },
  // ECS answers "Cannot force a new deployment on services with a CODE_DEPLOY deployment controller"
  { path: 'ForceNewDeployment/EnableForceNewDeployment', what: 'a forced deployment', isUsed: isTrue },
];

const serviceController: Rule = {
  id: 'service-controller',
  says: 'A service with the deployment controller CODE_DEPLOY has one load balancer, and no settings that only the controller ECS supports: circuit breaker, deployment alarms, deployment strategy, lifecycle hooks, Service Connect, EBS volumes, DAEMON, forced deployment.',
  aws: 'Amazon ECS rejects the service (`Alarm based rollback feature is only supported with ECS deployment controller`), or ignores the setting in releases.',
  fix: 'Remove the setting. Alarms and hooks of a release belong to the deployment group and the AppSpec of CodeDeploy (`addRollbackAlarm` and `release.hooks` of a BlueGreenService).',
  *judge(template) {
    for (const service of codeDeployServices(template)) {
      yield* ECS_ONLY.flatMap(({ path, what, isUsed }) => {
        const value = service.at(...path.split('/'));
        return isUsed(value) ? [value.finding(`the service has ${what}, which the deployment controller CODE_DEPLOY does not support`)] : [];
      });
      yield* wrongBalancers(service.at('LoadBalancers'));
    }
  },
};

/** CodeDeploy shifts the traffic of one target group pair: https://github.com/aws/containers-roadmap/issues/760. */
function wrongBalancers(balancers: Value): Finding[] {
  const { items, open } = balancers;
  const advanced = items.map((item) => item.at('AdvancedConfiguration')).filter(({ entries }) => entries.length > 0)
    .map((value) => value.finding('the load balancer has an alternate target group, which the deployment controller CODE_DEPLOY does not support'));
  return open || items.length === 1 ? advanced : [
    ...advanced, balancers.finding(`the service has ${items.length} load balancers, but the deployment controller CODE_DEPLOY requires one`),
  ];
}

const serviceDiscovery: Rule = {
  id: 'service-discovery',
  says: 'A service with the deployment controller CODE_DEPLOY has no service registry.',
  aws: 'Nothing at first. During a release, the DNS name returns the tasks of both target groups, so clients that use it bypass the traffic shift. The registry cannot be changed later.',
  fix: 'Remove the service registry, and let clients call the load balancer (`internetFacing: false` for clients in the VPC).',
  *judge(template) {
    // https://github.com/aws/containers-roadmap/issues/648, https://github.com/cdklabs/cdk-ecs-codedeploy/issues/121
    for (const registries of codeDeployServices(template).map((service) => service.at('ServiceRegistries')).filter(hasItems)) {
      yield registries.finding('the service has a service registry, which returns the tasks of both target groups during a release');
    }
  },
};

const serviceCapacity: Rule = {
  id: 'service-capacity',
  says: 'A service has either a launch type or a capacity provider strategy.',
  aws: 'Amazon ECS rejects the service: if a capacity provider strategy is specified, the launch type must be omitted.',
  fix: 'Remove LaunchType, or CapacityProviderStrategy.',
  *judge(template) {
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    for (const service of template.ofType(SERVICE)) {
      const [type, strategy] = [service.at('LaunchType'), service.at('CapacityProviderStrategy')];
      if (type.text !== undefined && hasItems(strategy)) {
        yield strategy.finding(`the service has a capacity provider strategy, but also the launch type ${shown(type)}`);
      }
    }
  },
};

const RETAIN = 'Retain';

const taskRevisions: Rule = {
  id: 'task-revisions',
  says: 'A replaced revision of a task definition stays active if CodeDeploy releases its service.',
  aws: 'CloudFormation deregisters the replaced revision. A rollback to it fails, since Amazon ECS starts no new task set from an inactive revision.',
  fix: 'Set UpdateReplacePolicy of the task definition to Retain. Its DeletionPolicy can be Delete.',
  *judge(template) {
    // https://github.com/aws/aws-cdk/issues/23564
    const definitions = new Set(codeDeployServices(template).flatMap((service) => definitionOf(service) ?? []));
    for (const policy of [...definitions].map((definition) => definition.attribute('UpdateReplacePolicy'))) {
      if (!policy.unknown && policy.text !== RETAIN) {
        yield policy.finding(`the update replace policy of the task definition is ${shown(policy)}, not "${RETAIN}": a rollback needs the replaced revision`);
      }
    }
  },
};

export const CODE_DEPLOY_SERVICE_RULES = [serviceController, serviceDiscovery, serviceCapacity, taskRevisions];
