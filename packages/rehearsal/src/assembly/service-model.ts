import { Color, ServiceModel, TargetGroupModel } from './model';
import { Located, References } from './references';
import { PipelineResources } from './resources';
import { parseTaskDefinition } from './task-definition';

/** What Elastic Load Balancing does if a target group does not say. */
const DEREGISTRATION_DELAY = 300;
const HEALTH_CHECK = { path: '/', codes: '200', interval: 30, timeout: 5, healthyThreshold: 5, unhealthyThreshold: 2 };

interface ServiceProperties {
  readonly DesiredCount?: number;
  readonly HealthCheckGracePeriodSeconds?: number;
  readonly LoadBalancers?: readonly { readonly ContainerName?: string; readonly ContainerPort?: number }[];
}

interface TargetGroupProperties {
  readonly Protocol?: string;
  readonly HealthCheckPath?: string;
  readonly HealthCheckPort?: string;
  readonly HealthCheckIntervalSeconds?: number;
  readonly HealthCheckTimeoutSeconds?: number;
  readonly HealthyThresholdCount?: number;
  readonly UnhealthyThresholdCount?: number;
  readonly Matcher?: { readonly HttpCode?: string };
  readonly TargetGroupAttributes?: readonly { readonly Key: string; readonly Value: string }[];
}

/** Reads the service that a pipeline releases to. */
export function readService(resources: PipelineResources): ServiceModel {
  const { references, service, taskDefinition, loadBalancer } = resources;
  const properties: ServiceProperties = references.propertiesOf(service);
  const task = parseTaskDefinition(references.propertiesOf(taskDefinition));
  const [{ ContainerName = task.containers[0].name, ContainerPort = 80 } = {}] = properties.LoadBalancers ?? [];
  return {
    desiredCount: Math.max(Number(properties.DesiredCount ?? 1), minCapacityOf(references, service)),
    gracePeriod: Number(properties.HealthCheckGracePeriodSeconds ?? 0),
    task,
    target: { container: ContainerName, port: Number(ContainerPort) },
    targetGroups: targetGroupsOf(resources),
    ...loadBalancer && { loadBalancer: references.nameOf(loadBalancer) },
  };
}

/** Application Auto Scaling raises the number of tasks to its minimum. */
function minCapacityOf(references: References, service: Located): number {
  const targets = references.referring('AWS::ApplicationAutoScaling::ScalableTarget', 'ResourceId', service);
  return Math.max(0, ...targets.map((target) => Number(references.propertiesOf(target).MinCapacity ?? 0)));
}

function targetGroupsOf(resources: PipelineResources): Readonly<Record<Color, TargetGroupModel>> {
  const [one, other] = resources.targetGroups;
  const [blue, green] = trafficOf(resources, one) >= trafficOf(resources, other) ? [one, other] : [other, one];
  return { blue: targetGroupOf(resources.references, blue), green: targetGroupOf(resources.references, green) };
}

interface WeightedGroup {
  readonly TargetGroupArn?: unknown;
  readonly Weight?: unknown;
}

/** The weight of a target group in the production listener. */
function trafficOf({ references, listener }: PipelineResources, group: Located): number {
  const { DefaultActions = [] } = listener.properties as {
    readonly DefaultActions?: readonly {
      readonly TargetGroupArn?: unknown;
      readonly ForwardConfig?: { readonly TargetGroups?: readonly WeightedGroup[] };
    }[];
  };
  return DefaultActions
    .flatMap(({ TargetGroupArn, ForwardConfig = {} }): readonly WeightedGroup[] =>
      ForwardConfig.TargetGroups ?? [{ TargetGroupArn }])
    .filter(({ TargetGroupArn }) => {
      const found = references.find(group.type, listener, TargetGroupArn);
      return found?.id === group.id && found.stack === group.stack;
    })
    .reduce((sum, { Weight = 1 }) => sum + Number(references.text(listener, Weight)), 0);
}

function targetGroupOf(references: References, group: Located): TargetGroupModel {
  const properties: TargetGroupProperties = references.propertiesOf(group);
  const delay = properties.TargetGroupAttributes?.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds');
  return {
    logicalId: group.id,
    name: references.nameOf(group),
    protocol: properties.Protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
    deregistrationDelay: Number(delay?.Value ?? DEREGISTRATION_DELAY),
    healthCheck: healthCheckOf(properties),
  };
}

function healthCheckOf(properties: TargetGroupProperties): TargetGroupModel['healthCheck'] {
  const port = Number(properties.HealthCheckPort ?? NaN);
  return {
    path: properties.HealthCheckPath ?? HEALTH_CHECK.path,
    ...!Number.isNaN(port) && { port },
    codes: properties.Matcher?.HttpCode ?? HEALTH_CHECK.codes,
    interval: Number(properties.HealthCheckIntervalSeconds ?? HEALTH_CHECK.interval),
    timeout: Number(properties.HealthCheckTimeoutSeconds ?? HEALTH_CHECK.timeout),
    healthyThreshold: Number(properties.HealthyThresholdCount ?? HEALTH_CHECK.healthyThreshold),
    unhealthyThreshold: Number(properties.UnhealthyThresholdCount ?? HEALTH_CHECK.unhealthyThreshold),
  };
}
