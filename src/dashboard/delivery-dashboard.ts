import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { NamingProps } from '../part-props';
import { BUILD_PROJECT, PIPELINE } from '../private/common-kinds';
import { deploymentsLink, pipelineLink, tasksLink } from '../private/console-links';
import { KindsOf, object, required, requireKinds, STRING } from '../private/kinds';
import { requireCurrentNames } from '../private/moved-options';
import { ResourceNames } from '../private/names';
import { BlueGreenService } from '../service/blue-green-service';
import { TargetGroupColor, TargetGroupMetricOptions } from '../service/target-group-metrics';

const BLUE = '#1f77b4';
const GREEN = '#2ca02c';
const RED = '#d62728';
const GREY = '#7f7f7f';
const ORANGE = '#ff7f0e';

const GRID_WIDTH = 24;
const THIRD = GRID_WIDTH / 3;
/** The width of each of five graphs in a row. The last one fills the rest. */
const FIFTH = 5;
const LAST_FIFTH = GRID_WIDTH - 4 * FIFTH;
const GRAPH_HEIGHT = 6;
/** The height of the title and two rows, which show all alarms that a service can have. */
const ALARMS_HEIGHT = 3;

const DAY = Duration.days(1);
/**
 * The period of the delivery graphs. A pipeline runs only a few times a day, so the default of 3 hours is too short.
 */
const DELIVERY_DAYS = 14;

/**
 * Properties of `DeliveryDashboard`.
 */
export interface DeliveryDashboardProps extends NamingProps {
  /** The service that the dashboard shows. */
  readonly service: BlueGreenService;
  /** The pipeline that releases the service. */
  readonly codePipeline: codepipeline.IPipeline;
  /** The build project of the pipeline. */
  readonly buildProject: codebuild.IProject;
}

const KINDS: KindsOf<DeliveryDashboardProps> = {
  applicationName: STRING,
  environmentSuffix: STRING,
  service: required(object('a BlueGreenService', 'fargateService', 'metricRunningTaskCount')),
  codePipeline: required(PIPELINE),
  buildProject: required(BUILD_PROJECT),
};

type TargetGroupReader = (options: TargetGroupMetricOptions) => cloudwatch.IMetric;

/**
 * A CloudWatch dashboard for the on-call engineer: alarms, traffic of both target groups, capacity, and delivery.
 *
 * If you add a rollback alarm after you create the dashboard, the alarm status widget shows the alarm. But no graph
 * shows its threshold.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 * @example
 * declare const service: BlueGreenService;
 * declare const pipeline: PythonCiPipeline;
 * new DeliveryDashboard(this, 'Dashboard', {
 *   service,
 *   codePipeline: pipeline.codePipeline,
 *   buildProject: pipeline.buildProject,
 * });
 */
export class DeliveryDashboard extends Construct {
  /** The dashboard. */
  public readonly dashboard: cloudwatch.Dashboard;

  private readonly names: ResourceNames;

  constructor(scope: Construct, id: string, private readonly props: DeliveryDashboardProps) {
    super(scope, id);
    requireCurrentNames(this, props, { pipeline: 'codePipeline' });
    requireKinds(this, props, KINDS);
    this.names = new ResourceNames(this, props);
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: this.names.accountWide('delivery'),
      defaultInterval: Duration.hours(3),
      // the thresholds are per minute: sums over longer periods would cross them without an alarm
      periodOverride: cloudwatch.PeriodOverride.INHERIT,
      widgets: [
        [this.header()],
        [new RollbackAlarmStatus(props.service)],
        [section('Availability')],
        this.trafficGraphs(),
        expressionGraphs(props.service.rollbackAlarms),
        [section('Capacity')],
        this.capacityGraphs(),
        [section(`Delivery, per day over the last ${DELIVERY_DAYS} days`)],
        this.deliveryGraphs(),
      ],
    });
  }

  private header(): cloudwatch.TextWidget {
    const { names: { applicationName, environmentSuffix }, props: { codePipeline, service } } = this;
    const { fargateService: { serviceName, cluster }, loadBalancer, logGroup, _applicationUrl: url } = service;
    // relative to the root of the console, because its host differs between partitions
    const links = [
      url === undefined ? `Load balancer: \`${loadBalancer.loadBalancerDnsName}\`` : `[Application](${url})`,
      `[Pipeline](${pipelineLink(this, codePipeline.pipelineName)})`,
      `[Deployments](${deploymentsLink(this)})`,
      `[Tasks](${tasksLink(this, cluster.clusterName, serviceName)})`,
      `Logs: \`${logGroup.logGroupName}\``,
    ];
    return new cloudwatch.TextWidget({
      width: GRID_WIDTH,
      height: 3,
      markdown: [
        `# ${environmentSuffix === undefined ? applicationName : `${applicationName}, ${environmentSuffix}`}`,
        'Production traffic goes to one of two target groups, **blue** or **green**. Each release shifts it to the other one. During a release, both can receive it.',
        links.join(' | '),
      ].join('\n\n'),
    });
  }

  private trafficGraphs(): cloudwatch.IWidget[] {
    const { service } = this.props;
    const alarms = service.rollbackAlarms;
    const graph = (
      title: string, read: TargetGroupReader, unit?: string, others: cloudwatch.IMetric[] = [],
    ): cloudwatch.GraphWidgetProps => {
      const metrics = bothColors(read);
      return {
        title,
        width: FIFTH,
        left: [
          ...metrics, ...others,
        ],
        leftAnnotations: thresholds(alarms, metrics),
        leftYAxis: axis({ label: unit }),
      };
    };
    return [
      graph('Requests per minute', (options) => service.metricRequestCount(options)),
      graph('5xx responses per minute', (options) => service.metricServerErrors(options), undefined, [this.loadBalancerErrors()]),
      graph('Response time, 95th percentile', (options) => service.metricResponseTime(options), 'seconds'),
      graph('Healthy tasks', (options) => service.metricHealthyHosts(options)),
      { ...graph('Unhealthy tasks', (options) => service.metricUnhealthyHosts(options)), width: LAST_FIFTH },
    ].map(createGraph);
  }

  /** Without a registered task, the load balancer itself sends the 5xx responses, and the target groups count none. */
  private loadBalancerErrors(): cloudwatch.IMetric {
    return this.props.service.loadBalancer.metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_5XX_COUNT, {
      period: Duration.minutes(1), label: 'load balancer', color: GREY,
    });
  }

  private capacityGraphs(): cloudwatch.IWidget[] {
    const { service } = this.props;
    const average = { label: 'average', color: GREY };
    const highest = { statistic: cloudwatch.Stats.MAXIMUM, label: 'busiest task', color: ORANGE };
    const percent = axis({ max: 100, label: 'percent' });
    return [
      { title: 'CPU', left: [service.metricCpuUtilization(average), service.metricCpuUtilization(highest)], leftYAxis: percent },
      { title: 'Memory', left: [service.metricMemoryUtilization(average), service.metricMemoryUtilization(highest)], leftYAxis: percent },
      { title: 'Running tasks', left: [service.metricRunningTaskCount({ label: 'blue and green', color: GREY })], leftYAxis: axis() },
    ].map((graph) => createGraph({ ...graph, width: THIRD }));
  }

  private deliveryGraphs(): cloudwatch.IWidget[] {
    const { buildProject } = this.props;
    // CodePipeline has metrics of failures and durations, but none of successes. They cannot be computed either: each
    // retry of a failed action counts as another failure, and AWS does not document whether a failed execution has a
    // duration. CodeBuild has a metric of successes.
    const completed = this.pipelineMetric('PipelineDuration', cloudwatch.Stats.SAMPLE_COUNT);
    const failed = this.pipelineMetric('FailedPipelineExecutions', cloudwatch.Stats.SUM);
    const duration = this.pipelineMetric('PipelineDuration', cloudwatch.Stats.AVERAGE);
    return [{
      title: 'Pipeline executions',
      left: [daily('completed', completed, GREEN), daily('failed', failed, RED)],
    }, {
      title: 'Builds',
      left: [daily('succeeded', buildProject.metricSucceededBuilds(), GREEN), daily('failed', buildProject.metricFailedBuilds(), RED)],
    }, {
      title: 'Duration',
      left: [inMinutes('pipeline', duration, GREY), inMinutes('build', buildProject.metricDuration(), ORANGE)],
      leftYAxis: axis({ label: 'minutes' }),
    }].map((graph) => createGraph({ leftYAxis: axis(), ...graph, width: THIRD, start: `-P${DELIVERY_DAYS}D` }));
  }

  private pipelineMetric(metricName: string, statistic: string): cloudwatch.IMetric {
    return new cloudwatch.Metric({
      namespace: 'AWS/CodePipeline', metricName, statistic, dimensionsMap: { PipelineName: this.props.codePipeline.pipelineName },
    });
  }
}

/**
 * A widget with the alarms of the service. It reads them at synth, when all have been added, and is empty without any.
 */
class RollbackAlarmStatus implements cloudwatch.IWidget {
  public readonly width = GRID_WIDTH;
  private place: [x: number, y: number] = [0, 0];

  constructor(private readonly service: BlueGreenService) {}

  public get height(): number {
    return this.service.rollbackAlarms.length > 0 ? ALARMS_HEIGHT : 0;
  }

  public position(x: number, y: number): void {
    this.place = [x, y];
  }

  public toJson(): object[] {
    const alarms = this.service.rollbackAlarms;
    if (alarms.length === 0) { return []; }
    const status = new cloudwatch.AlarmStatusWidget({ title: 'Rollback alarms', width: this.width, height: ALARMS_HEIGHT, alarms });
    status.position(...this.place);
    return status.toJson();
  }
}

function section(title: string): cloudwatch.TextWidget {
  return new cloudwatch.TextWidget({
    width: GRID_WIDTH, height: 1, background: cloudwatch.TextWidgetBackground.TRANSPARENT, markdown: `## ${title}`,
  });
}

function createGraph(props: cloudwatch.GraphWidgetProps): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ height: GRAPH_HEIGHT, ...props });
}

function axis(props: cloudwatch.YAxisProps = {}): cloudwatch.YAxisProps {
  return { min: 0, showUnits: false, ...props };
}

function bothColors(read: TargetGroupReader): cloudwatch.IMetric[] {
  return [
    read({ targetGroup: TargetGroupColor.BLUE, label: 'blue', color: BLUE }),
    read({ targetGroup: TargetGroupColor.GREEN, label: 'green', color: GREEN }),
  ];
}

/** The thresholds of the alarms. Both colors have the same threshold, so one line represents both. */
function thresholds(alarms: cloudwatch.IAlarm[], metrics: cloudwatch.IMetric[]): cloudwatch.HorizontalAnnotation[] {
  const shown = metrics.map(identityOf);
  const values = alarms
    .filter((alarm) => alarm instanceof cloudwatch.Alarm)
    .filter(({ metric }) => shown.includes(identityOf(metric)))
    .map((alarm) => alarm.toAnnotation().value);
  return [...new Set(values)].map((value) => ({ value, label: `alarm at ${value}`, color: RED }));
}

/** The graphs of alarms that watch an expression. Their values are in no other graph. */
function expressionGraphs(alarms: cloudwatch.IAlarm[]): cloudwatch.IWidget[] {
  const watching = alarms.filter((alarm) => alarm instanceof cloudwatch.Alarm).flatMap((alarm) => {
    const { metric } = alarm;
    return metric instanceof cloudwatch.MathExpression ? [{ metric, value: alarm.toAnnotation().value }] : [];
  });
  return watching.map(({ metric, value }) => createGraph({
    title: `Alarm: ${metric.label ?? metric.expression}`,
    width: Math.floor(GRID_WIDTH / watching.length),
    left: [metric.with({ label: 'value', color: GREY })],
    leftAnnotations: [{ value, label: `alarm at ${value}`, color: RED }],
    leftYAxis: axis(),
  }));
}

function identityOf(metric: cloudwatch.IMetric): string | undefined {
  const { metricStat } = metric.toMetricConfig();
  return metricStat && JSON.stringify([metricStat.namespace, metricStat.metricName, metricStat.dimensions]);
}

/** A daily count, which shows a day without data as zero and not as a gap. */
function daily(label: string, metric: cloudwatch.IMetric, color: string): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({ expression: `FILL(${label}, 0)`, usingMetrics: { [label]: metric }, label, color, period: DAY });
}

function inMinutes(label: string, metric: cloudwatch.IMetric, color: string): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({ expression: `${label} / 60`, usingMetrics: { [label]: metric }, label, color, period: DAY });
}
