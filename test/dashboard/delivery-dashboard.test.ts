import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, DeliveryDashboard } from '../../src';
import { createStack, idOf, onlyResource, resourcesOf, rollbackAlarmsOf, synthesizePattern, textOf } from '../helpers';

const TYPE = 'AWS::CloudWatch::Dashboard';
const BLUE = '#1f77b4';
const GREEN = '#2ca02c';

interface MetricOptions {
  readonly expression?: string;
  readonly id?: string;
  readonly visible?: boolean;
  readonly label?: string;
  readonly color?: string;
  readonly period?: number;
  readonly stat?: string;
}

interface Widget {
  readonly type: 'metric' | 'text' | 'alarm';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: string[];
    readonly metrics?: (string | MetricOptions)[][];
    readonly annotations?: { readonly horizontal: (Pick<MetricOptions, 'label' | 'color'> & { readonly value: number; readonly yAxis: string })[] };
    readonly yAxis?: {
      readonly left?: {
        readonly min?: number;
        readonly max?: number;
        readonly label?: string;
        readonly showUnits?: boolean;
      };
    };
    readonly start?: string;
  };
}

interface Body {
  readonly start: string;
  readonly periodOverride: string;
  readonly widgets: Widget[];
}

/** A metric as a reader of the JSON sees it. */
interface Shown extends MetricOptions {
  readonly name: string[];
}

const COMPLETE: BlueGreenPythonPipelineProps = {
  dashboard: true,
  environmentSuffix: 'dev',
  service: {
    release: {
      rollbackAlarms: { serverErrorThreshold: 7, unhealthyHostThreshold: 2, latencyThreshold: Duration.millis(800) },
    },
  },
};

function synthesize(props: BlueGreenPythonPipelineProps = COMPLETE): { template: Template; body: Body } {
  const { template } = synthesizePattern(props);
  return { template, body: bodyOf(template) };
}

function bodyOf(template: Template): Body {
  return JSON.parse(textOf(onlyResource(template, TYPE)[1].Properties.DashboardBody));
}

function graph({ widgets }: Body, title: string): Widget['properties'] {
  const found = widgets.filter(({ properties }) => properties.title === title);
  expect(found).toHaveLength(1);
  return found[0].properties;
}

function metricsOf({ metrics = [] }: Widget['properties']): Shown[] {
  return metrics.map((row) => Object.assign(
    { name: row.filter((word) => typeof word === 'string') }, ...row.filter((word) => typeof word !== 'string'),
  ) as Shown);
}

/** What the only listener sends to, since blue is the one that the service is made with, and green the other. */
function targetGroupsOf(template: Template): { blue: string; green: string } {
  const ids = Object.keys(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup'));
  const listener = JSON.stringify(Object.values(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::Listener'))[0]);
  const blue = ids.find((id) => listener.includes(id)) ?? '';
  const [green] = ids.filter((id) => id !== blue);
  expect(ids).toHaveLength(2);
  return { blue, green };
}

function reference(template: Template, type: string, attribute: string): string {
  return `\${${onlyResource(template, type)[0]}${attribute}}`;
}

function statusOf({ widgets }: Body): string[] {
  return widgets.filter(({ type }) => type === 'alarm').flatMap(({ properties }) => properties.alarms ?? []);
}

test('there is no dashboard unless it is asked for', () => {
  const { template, construct } = synthesizePattern();
  template.resourceCountIs(TYPE, 0);
  expect(construct.dashboard).toBeUndefined();
});

test('the one that is asked for has the name of the application, the region and its environment, and can be added to', () => {
  const stack = createStack();
  const { dashboard } = new BlueGreenPythonPipeline(stack, 'Orders', COMPLETE);
  dashboard?.addWidgets(new cloudwatch.TextWidget({ markdown: 'of our own' }));
  const template = Template.fromStack(stack);
  expect(textOf(onlyResource(template, TYPE)[1].Properties.DashboardName)).toBe('orders-delivery-${AWS::Region}-dev');
  expect(bodyOf(template).widgets.at(-1)?.properties.markdown).toBe('of our own');
});

test('without an environment CloudFormation names it, and its head names the application alone', () => {
  const { template, body } = synthesize({ dashboard: true });
  expect(onlyResource(template, TYPE)[1].Properties.DashboardName).toBeUndefined();
  expect(body.widgets[0].properties.markdown).toMatch(/^# orders\n/);
});

describe('the graphs of the target groups', () => {
  const { template, body } = synthesize();
  const loadBalancer = reference(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', '.LoadBalancerFullName');
  const groups = targetGroupsOf(template);

  test.each([
    ['Requests per minute', 'RequestCount', 'Sum'],
    ['5xx responses per minute', 'HTTPCode_Target_5XX_Count', 'Sum'],
    ['Response time, 95th percentile', 'TargetResponseTime', 'p95'],
    ['Healthy tasks', 'HealthyHostCount', 'Minimum'],
    ['Unhealthy tasks', 'UnHealthyHostCount', 'Maximum'],
  ])('%s shows blue and green side by side, each in its colour', (title, metricName, stat) => {
    const lineOf = (label: 'blue' | 'green', color: string): Shown => ({
      name: ['AWS/ApplicationELB', metricName, 'LoadBalancer', loadBalancer, 'TargetGroup', `\${${groups[label]}.TargetGroupFullName}`],
      label,
      color,
      stat,
      period: 60,
    });
    expect(metricsOf(graph(body, title)).slice(0, 2)).toEqual([lineOf('blue', BLUE), lineOf('green', GREEN)]);
  });

  test('the 5xx answers of the load balancer itself stand beside those of the tasks, for it answers when no task can', () => {
    const [, , own, ...others] = metricsOf(graph(body, '5xx responses per minute'));
    expect(own).toMatchObject({ name: ['AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count', 'LoadBalancer', loadBalancer], stat: 'Sum', period: 60 });
    expect(others).toEqual([]);
  });

  test.each([
    ['Response time, 95th percentile', 'TargetResponseTime'],
    ['Unhealthy tasks', 'UnHealthyHostCount'],
  ])('%s has one line at the threshold of its alarms', (title, MetricName) => {
    const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter(({ Properties }) => Properties.MetricName === MetricName);
    const thresholds = new Set(alarms.map(({ Properties }) => Properties.Threshold));
    expect(alarms).toHaveLength(2);
    expect(graph(body, title).annotations?.horizontal.map(({ value, yAxis }) => [value, yAxis])).toEqual([...thresholds].map((value) => [value, 'left']));
  });

  test.each(['Requests per minute', '5xx responses per minute', 'Healthy tasks'])('%s has no line, as no alarm looks at it', (title) => {
    expect(graph(body, title).annotations).toBeUndefined();
  });
});

test('an alarm that a user adds has its place in the status, but no line where it looks at something else', () => {
  const stack = createStack();
  const { service } = new BlueGreenPythonPipeline(stack, 'Orders', COMPLETE);
  service.addRollbackAlarm(new cloudwatch.Alarm(stack, 'Queue', {
    metric: new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Waiting' }), threshold: 99, evaluationPeriods: 1,
  }));
  const template = Template.fromStack(stack);
  const body = bodyOf(template);
  const arns = rollbackAlarmsOf(template).filter((id) => !id.startsWith('OrdersAlerts')).map((id) => `\${${id}.Arn}`);
  expect(arns).toHaveLength(7);
  expect(statusOf(body).sort()).toEqual(arns.sort());
  expect(JSON.stringify(body.widgets.map(({ properties }) => properties.annotations))).not.toContain('99');
});

test('an alarm of the user on an expression has a graph, if it is there before the dashboard', () => {
  const stack = createStack();
  const { service, pipeline } = new BlueGreenPythonPipeline(stack, 'Orders', {
    service: { release: { rollbackAlarms: { compareReleases: false } } },
  });
  const queue = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Waiting' });
  const add = (id: string, label?: string) => {
    const metric = new cloudwatch.MathExpression({ expression: 'waiting / 2', usingMetrics: { waiting: queue }, label });
    service.addRollbackAlarm(new cloudwatch.Alarm(stack, id, { metric, threshold: 99, evaluationPeriods: 1 }));
  };
  add('Named', 'waiting orders');
  add('Unnamed');
  const { codePipeline, buildProject } = pipeline;
  new DeliveryDashboard(stack, 'Dashboard', { service, codePipeline, buildProject });
  const body = bodyOf(Template.fromStack(stack));
  const graphs = body.widgets.filter(({ properties: { title = '' } }) => title.startsWith('Alarm: '));
  const shown = graphs.map(({ width, properties }) =>
    [properties.title, width, properties.annotations?.horizontal[0].value]);
  expect(shown).toEqual([
    ['Alarm: error rate in percent, 0 below 20 errors', 8, 5],
    ['Alarm: waiting orders', 8, 99],
    ['Alarm: waiting / 2', 8, 99],
  ]);
  expectPlaces(body);
});

describe('without rollback alarms', () => {
  const props: BlueGreenPythonPipelineProps = {
    dashboard: true,
    service: {
      release: { rollbackAlarms: { enabled: false } },
    },
  };

  test('there is neither a status nor a line, and no gap', () => {
    const { body } = synthesize(props);
    expect(body.widgets.filter(({ type }) => type === 'alarm')).toEqual([]);
    expect(body.widgets.filter(({ properties }) => properties.annotations)).toEqual([]);
    expect(body.widgets[1].y).toBe(body.widgets[0].height);
  });

  test('the first one that is added brings the status back', () => {
    const stack = createStack();
    const { service } = new BlueGreenPythonPipeline(stack, 'Orders', props);
    service.addRollbackAlarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Own', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:own'));
    const body = bodyOf(Template.fromStack(stack));
    expect(statusOf(body)).toEqual(['arn:aws:cloudwatch:eu-west-1:111111111111:alarm:own']);
    expectPlaces(body);
  });
});

describe('what the tasks use', () => {
  const { template, body } = synthesize();
  const dimensions = [
    'ClusterName', reference(template, 'AWS::ECS::Cluster', ''), 'ServiceName', reference(template, 'AWS::ECS::Service', '.Name'),
  ];

  test.each([
    ['CPU', 'CPUUtilization'],
    ['Memory', 'MemoryUtilization'],
  ])('%s shows the average and the busiest task of this service, in percent', (title, metricName) => {
    const properties = graph(body, title);
    expect(metricsOf(properties).map(({ name, stat = 'Average', period }) => ({ name, stat, period }))).toEqual([
      { name: ['AWS/ECS', metricName, ...dimensions], stat: 'Average', period: 60 },
      { name: ['AWS/ECS', metricName, ...dimensions], stat: 'Maximum', period: 60 },
    ]);
    expect(properties.yAxis?.left).toMatchObject({ min: 0, max: 100 });
  });

  test('the running tasks are those of this service', () => {
    expect(metricsOf(graph(body, 'Running tasks')).map(({ name }) => name)).toEqual([['ECS/ContainerInsights', 'RunningTaskCount', ...dimensions]]);
  });
});

describe('what becomes of changes', () => {
  const { template, body } = synthesize();
  const pipeline = ['PipelineName', reference(template, 'AWS::CodePipeline::Pipeline', '')];
  const project = ['ProjectName', reference(template, 'AWS::CodeBuild::Project', '')];

  test.each([
    ['Pipeline executions', [
      ['FILL(completed, 0)', 'AWS/CodePipeline', 'PipelineDuration', 'SampleCount', pipeline],
      ['FILL(failed, 0)', 'AWS/CodePipeline', 'FailedPipelineExecutions', 'Sum', pipeline],
    ]],
    ['Builds', [
      ['FILL(succeeded, 0)', 'AWS/CodeBuild', 'SucceededBuilds', 'Sum', project],
      ['FILL(failed, 0)', 'AWS/CodeBuild', 'FailedBuilds', 'Sum', project],
    ]],
    ['Duration', [
      ['pipeline / 60', 'AWS/CodePipeline', 'PipelineDuration', 'Average', pipeline],
      ['build / 60', 'AWS/CodeBuild', 'Duration', 'Average', project],
    ]],
  ])('%s are those of this pipeline and its build, by the day', (title, lines) => {
    const properties = graph(body, title);
    const metrics = metricsOf(properties);
    const expressions = metrics.filter(({ expression }) => expression);
    const shown = expressions.map(({ expression = '' }) => {
      const input = metrics.find(({ id }) => id && new RegExp(`\\b${id}\\b`).test(expression));
      const [namespace, metricName, ...dimensions] = input?.name ?? [];
      expect(input?.visible).toBe(false);
      return [expression, namespace, metricName, input?.stat ?? 'Average', dimensions];
    });
    expect(shown).toEqual(lines);
    expect(expressions.map(({ period }) => period)).toEqual([86400, 86400]);
    expect(properties.start).toBe('-P14D');
  });
});

test('the former name of the pipeline fails', () => {
  const { service, pipeline: { codePipeline, buildProject } } = new BlueGreenPythonPipeline(createStack(), 'Orders');
  expect(() => new DeliveryDashboard(createStack(), 'Dashboard', { ...{ pipeline: codePipeline }, service, codePipeline, buildProject }))
    .toThrow("'pipeline' is now 'codePipeline'; rename it [Stack/Dashboard]");
});

test('the head links to what is looked at next, in the console of this region', () => {
  const { template, body } = synthesize();
  const { markdown = '' } = body.widgets[0].properties;
  expect(markdown).toContain(`(/codesuite/codepipeline/pipelines/${reference(template, 'AWS::CodePipeline::Pipeline', '')}/view?region=\${AWS::Region})`);
  expect(markdown).toContain(`(/ecs/v2/clusters/${reference(template, 'AWS::ECS::Cluster', '')}/services/${reference(template, 'AWS::ECS::Service', '.Name')}/tasks`);
  expect(markdown).toContain(`(http://${reference(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', '.DNSName')})`);
  expect(markdown).toMatch(/^# orders, dev\n\nProduction traffic goes to one of two target groups, \*\*blue\*\* or \*\*green\*\*\. Each release shifts it to the other one/);
  const [, , links] = markdown.split('\n\n');
  expect(links.split(' | ').map((link) => link.replace(/\(.*\)/, ''))).toEqual([
    '[Application]', '[Pipeline]', '[Deployments]', '[Tasks]', `Logs: \`\${${idOf(template, 'AWS::Logs::LogGroup', /^OrdersServiceLog/)}}\``,
  ]);
  expect(links).toContain('[Deployments](/codesuite/codedeploy/deployments?region=${AWS::Region})');
});

test('a reader sees by each line what it is, in a colour of its own, on an axis with its unit', () => {
  const { body } = synthesize();
  const graphs = body.widgets.filter(({ type }) => type === 'metric').map(({ properties }) => [
    properties.title,
    properties.yAxis?.left?.label,
    ...metricsOf(properties).filter(({ visible }) => visible !== false).map(({ label, color }) => `${label} ${color}`),
    ...properties.annotations?.horizontal.map(({ label, color }) => `${label} ${color}`) ?? [],
  ]);
  expect(graphs).toEqual([
    ['Requests per minute', undefined, 'blue #1f77b4', 'green #2ca02c'],
    ['5xx responses per minute', undefined, 'blue #1f77b4', 'green #2ca02c', 'load balancer #7f7f7f'],
    ['Response time, 95th percentile', 'seconds', 'blue #1f77b4', 'green #2ca02c', 'alarm at 0.8 #d62728'],
    ['Healthy tasks', undefined, 'blue #1f77b4', 'green #2ca02c'],
    ['Unhealthy tasks', undefined, 'blue #1f77b4', 'green #2ca02c', 'alarm at 2 #d62728'],
    ['Alarm: errors per minute', undefined, 'value #7f7f7f', 'alarm at 7 #d62728'],
    ['Alarm: error rate of the new release minus that of the old one', undefined, 'value #7f7f7f', 'alarm at 0 #d62728'],
    ['CPU', 'percent', 'average #7f7f7f', 'busiest task #ff7f0e'],
    ['Memory', 'percent', 'average #7f7f7f', 'busiest task #ff7f0e'],
    ['Running tasks', undefined, 'blue and green #7f7f7f'],
    ['Pipeline executions', undefined, 'completed #2ca02c', 'failed #d62728'],
    ['Builds', undefined, 'succeeded #2ca02c', 'failed #d62728'],
    ['Duration', 'minutes', 'pipeline #7f7f7f', 'build #ff7f0e'],
  ]);
  const axes = body.widgets.flatMap(({ properties }) => properties.yAxis?.left ?? []);
  expect(axes.filter(({ showUnits }) => showUnits !== false)).toEqual([]);
});

test('the questions stand in the order in which they are asked, above their graphs', () => {
  const { body: { widgets } } = synthesize();
  const titles = [...widgets].sort((one, other) => one.y - other.y || one.x - other.x)
    .map(({ properties: { title, markdown = '' } }) => title ?? markdown.split('\n')[0]);
  expect(titles).toEqual([
    '# orders, dev',
    'Rollback alarms',
    '## Availability',
    'Requests per minute', '5xx responses per minute', 'Response time, 95th percentile', 'Healthy tasks', 'Unhealthy tasks',
    'Alarm: errors per minute', 'Alarm: error rate of the new release minus that of the old one',
    '## Capacity',
    'CPU', 'Memory', 'Running tasks',
    '## Delivery, per day over the last 14 days',
    'Pipeline executions', 'Builds', 'Duration',
  ]);
});

test('it opens on the last three hours and keeps the minutes, as the thresholds do', () => {
  const { body } = synthesize();
  expect(body).toMatchObject({ start: '-PT3H', periodOverride: 'inherit' });
});

test('the widgets fill the 24 columns and do not overlap', () => {
  expectPlaces(synthesize().body);
});

test('two applications in one stack have a dashboard each, of its own', () => {
  const stack = createStack();
  ['Orders', 'Invoices'].forEach((id) => new BlueGreenPythonPipeline(stack, id, { dashboard: true, environmentSuffix: 'dev' }));
  const dashboards = Object.values(resourcesOf(Template.fromStack(stack), TYPE));
  expect(dashboards.map(({ Properties }) => textOf(Properties.DashboardName)).sort())
    .toEqual(['invoices-delivery-${AWS::Region}-dev', 'orders-delivery-${AWS::Region}-dev']);
  const [orders, invoices] = dashboards.map(({ Properties }) => textOf(Properties.DashboardBody));
  expect(orders).toContain('${OrdersPipeline');
  expect(orders).not.toContain('Invoices');
  expect(invoices).not.toContain('Orders');
});

test('no account and no region is written into it', () => {
  const stack = new Stack(undefined, 'Stack');
  new BlueGreenPythonPipeline(stack, 'Orders', COMPLETE);
  const text = textOf(onlyResource(Template.fromStack(stack), TYPE)[1].Properties.DashboardBody);
  expect(text).not.toMatch(/\d{12}|\b(us|eu|ap)-[a-z]+-\d|console\.aws/);
});

function expectPlaces({ widgets }: Body): void {
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, index) => `${x + index % width},${y + Math.floor(index / width)}`));
  const bottom = Math.max(...widgets.map(({ y, height }) => y + height));
  expect(new Set(cells).size).toBe(cells.length);
  expect(cells).toHaveLength(24 * bottom);
  expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
}
