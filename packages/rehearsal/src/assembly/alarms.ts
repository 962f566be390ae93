import { AlarmDescription, ServiceModel, Skipped } from './model';
import { PipelineResources } from './resources';
import { AlarmModel, AlarmProperties, Metric } from '../metric-math';
import { Located, References } from './references';
import { Properties } from './template';

/** The metrics that a rehearsal computes from its requests. */
const NAMESPACE = 'AWS/ApplicationELB';

const TYPES_BY_DIMENSION: Readonly<Record<string, string>> = {
  TargetGroup: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  LoadBalancer: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
};

/** The period of an alarm without metric math. */
type PlainAlarm = AlarmProperties & { readonly Period?: unknown };

interface GroupProperties {
  readonly AlarmConfiguration?: {
    readonly Enabled?: boolean | string;
    readonly Alarms?: readonly { readonly Name?: unknown }[];
  };
}

/** The alarms that stop a deployment, and those that a rehearsal cannot evaluate. */
export interface RollbackAlarms {
  readonly alarms: readonly AlarmDescription[];
  readonly skipped: readonly Skipped[];
}

/** Reads the alarms of a deployment group. Alarms that are suspended are not read. */
export function readAlarms({ references, deploymentGroup }: PipelineResources, service: ServiceModel): RollbackAlarms {
  const { AlarmConfiguration: { Enabled = false, Alarms = [] } = {} } = deploymentGroup.properties as GroupProperties;
  if (references.text(deploymentGroup, Enabled) !== 'true') { return { alarms: [], skipped: [] }; }
  const all = Alarms.map(({ Name }) => readAlarm(references, deploymentGroup, Name, service));
  return {
    alarms: all.flatMap((alarm) => ('properties' in alarm ? [alarm] : [])),
    skipped: all.flatMap((alarm) => ('why' in alarm ? [alarm] : [])),
  };
}

function readAlarm(
  references: References, group: Located, reference: unknown, service: ServiceModel,
): AlarmDescription | Skipped {
  const located = references.find('AWS::CloudWatch::Alarm', group, reference);
  const what = `the rollback alarm ${references.text(group, reference)}`;
  if (!located) { return { what, why: 'it is no metric alarm of the cloud assembly' }; }
  const properties = withNumbers(withNames(references, located) as unknown as PlainAlarm);
  const foreign = metricsOf(properties).find((metric) => !isMeasured(metric, service));
  if (foreign) { return { what, why: `a rehearsal has no values of ${foreign.Namespace} ${foreign.MetricName} for its dimensions` }; }
  try {
    new AlarmModel(properties);
  } catch (error) {
    return { what, why: `a rehearsal cannot evaluate it: ${(error as Error).message}` };
  }
  const [period = properties.Period] = (properties.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Period ?? []);
  return { name: references.nameOf(located), properties, period: Number(period) };
}

function metricsOf({ Metrics, Namespace = '', MetricName = '', Dimensions }: AlarmProperties): Metric[] {
  return Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [{ Namespace, MetricName, Dimensions }];
}

/** Whether a metric is of the load balancer or a target group of the service. */
function isMeasured({ Namespace, Dimensions = [] }: Metric, { targetGroups, loadBalancer }: ServiceModel): boolean {
  const names: Readonly<Record<string, readonly (string | undefined)[]>> = {
    TargetGroup: [targetGroups.blue.name, targetGroups.green.name],
    LoadBalancer: [loadBalancer],
  };
  return Namespace === NAMESPACE && Dimensions.every(({ Name, Value }) => names[Name]?.includes(String(Value)));
}

/** The properties of an alarm, with the names of target groups and load balancers as the values of dimensions. */
function withNames(references: References, alarm: Located): Properties {
  const list = (given: unknown) => (Array.isArray(given) ? given as Properties[] : []);
  const dimensions = (given: unknown): unknown => list(given).map(({ Name, Value }) => {
    const type = TYPES_BY_DIMENSION[String(Name)];
    const located = type === undefined ? undefined : references.find(type, alarm, Value);
    return { Name, Value: located ? references.nameOf(located) : Value };
  });
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) { return value.map(visit); }
    if (typeof value !== 'object' || value === null) { return value; }
    return Object.fromEntries(Object.entries(value)
      .map(([key, child]) => [key, key === 'Dimensions' ? dimensions(child) : visit(child)]));
  };
  return references.propertiesOf({ ...alarm, properties: visit(alarm.properties) as Properties });
}

/** A reference to a parameter gives a text. */
function withNumbers<T extends AlarmProperties>(properties: T): T {
  const number = (value: unknown) => (value === undefined ? {} : { value: Number(value) });
  const converted = (['Threshold', 'EvaluationPeriods', 'DatapointsToAlarm'] as const)
    .flatMap((name) => Object.values(number(properties[name])).map((value) => [name, value]));
  return { ...properties, ...Object.fromEntries(converted) as Partial<T> };
}
