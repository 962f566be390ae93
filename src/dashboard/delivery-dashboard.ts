import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { NamingProps } from '../part-props';
import { deploymentsLink, pipelineLink, tasksLink } from '../private/console-links';
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
/** Five graphs in a row; the last one has what is left. */
const FIFTH = 5;
const LAST_FIFTH = GRID_WIDTH - 4 * FIFTH;
const GRAPH_HEIGHT = 6;
/** The title and two rows of alarms: as many as a service takes. */
const ALARMS_HEIGHT = 3;

const DAY = Duration.days(1);
/** A pipeline runs some times a day, so the hours of the dashboard would show next to nothing of it. */
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

type TargetGroupReader = (options: TargetGroupMetricOptions) => cloudwatch.IMetric;

/**
 * A CloudWatch dashboard for the on-call engineer: alarms, traffic of both target groups, capacity, and delivery.
 *
 * A rollback alarm that is added later appears in the alarm status, but has no line in a graph.
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
    this.names = new ResourceNames(this, props);
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: this.names.accountWide('delivery'),
      defaultInterval: Duration.hours(3),
      // the thresholds count by the minute: sums of longer periods would cross them without an alarm
      periodOverride: cloudwatch.PeriodOverride.INHERIT,
      widgets: [
        [this.header()],
        [new RollbackAlarmStatus(props.service)],
        [section('Is it up?')],
        this.trafficGraphs(),
        [section('Has it room?')],
        this.capacityGraphs(),
        [section(`Does it deliver? The last ${DELIVERY_DAYS} days, by the day`)],
        this.deliveryGraphs(),
      ],
    });
  }

  private header(): cloudwatch.TextWidget {
    const { names: { applicationName, environmentSuffix }, props: { codePipeline, service } } = this;
    const { fargateService: { serviceName, cluster }, logGroup, url } = service;
    // from the root of the console, whose host is another one in each partition
    const links = [
      `[Application](${url})`,
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
        'One of two target groups has the traffic, **blue** or **green**: after a release the other colour is live, and during one both are.',
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
      graph('5xx answers per minute', (options) => service.metricServerErrors(options), undefined, [this.loadBalancerErrors()]),
      graph('Response time, 95th percentile', (options) => service.metricResponseTime(options), 'seconds'),
      graph('Healthy tasks', (options) => service.metricHealthyHosts(options)),
      { ...graph('Unhealthy tasks', (options) => service.metricUnhealthyHosts(options)), width: LAST_FIFTH },
    ].map(createGraph);
  }

  /** Without a healthy task the load balancer answers itself, and the target groups count nothing. */
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
    // CodePipeline counts failures and measures durations, but has no metric of successes. Nor can they be computed:
    // each retry of a failed action is one more failure, and whether a failed execution has a duration is not
    // documented. The build does count its successes.
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

/** The alarms of the service at synth, when all have been added; without any, no widget. */
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

function section(question: string): cloudwatch.TextWidget {
  return new cloudwatch.TextWidget({
    width: GRID_WIDTH, height: 1, background: cloudwatch.TextWidgetBackground.TRANSPARENT, markdown: `## ${question}`,
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

/** Both colours have the same alarm, so one line stands for both. */
function thresholds(alarms: cloudwatch.IAlarm[], metrics: cloudwatch.IMetric[]): cloudwatch.HorizontalAnnotation[] {
  const shown = metrics.map(identityOf);
  const values = alarms
    .filter((alarm) => alarm instanceof cloudwatch.Alarm)
    .filter(({ metric }) => shown.includes(identityOf(metric)))
    .map((alarm) => alarm.toAnnotation().value);
  return [...new Set(values)].map((value) => ({ value, label: `alarm at ${value}`, color: RED }));
}

function identityOf(metric: cloudwatch.IMetric): string | undefined {
  const { metricStat } = metric.toMetricConfig();
  return metricStat && JSON.stringify([metricStat.namespace, metricStat.metricName, metricStat.dimensions]);
}

/** A day without a count is a zero, not a gap. */
function daily(label: string, metric: cloudwatch.IMetric, color: string): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({ expression: `FILL(${label}, 0)`, usingMetrics: { [label]: metric }, label, color, period: DAY });
}

function inMinutes(label: string, metric: cloudwatch.IMetric, color: string): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({ expression: `${label} / 60`, usingMetrics: { [label]: metric }, label, color, period: DAY });
}
