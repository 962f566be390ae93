import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  AlertChannel, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BlueGreenService, BlueGreenServiceProps,
  ContainerPlatform, DeliveryDashboard,
  DeliveryOutputs, Network, NetworkEgress, PipelineAlerts, PythonCiPipeline, TemplateChecks,
} from '../../src';
import { createStack, importedVpc, onlyResource, resourcesOf, synthesizePattern, textOf } from '../helpers';

const CONTEXT = { environmentSuffix: 'dev' };
const channels = [AlertChannel.email('devops@example.com')];

/** What the documentation tells composers to write; ids as in the pattern, so that the templates can be compared. */
function composeByHand(stack: Stack): void {
  const scope = new Construct(stack, 'Orders');
  const names = { applicationName: 'orders' };
  const network = new Network(scope, 'Network', names);
  const platform = new ContainerPlatform(scope, 'Platform', { ...names, network });
  const service = new BlueGreenService(scope, 'Service', { ...names, platform });
  const pipeline = new PythonCiPipeline(scope, 'Pipeline', { ...names, service, repository: platform.repository });
  const { codePipeline, buildProject } = pipeline;
  new PipelineAlerts(scope, 'Alerts', {
    ...names,
    codePipeline,
    service,
    buildProject,
    trigger: pipeline.trigger,
    repository: platform.repository,
    channels,
  });
  new DeliveryDashboard(scope, 'Dashboard', { ...names, service, codePipeline, buildProject });
  DeliveryOutputs.addTo(scope, { service, platform, pipeline });
  TemplateChecks.addTo(scope);
}

test('parts that are composed by hand make the template of the pattern: suffix of the context, dashboard, and outputs included', () => {
  const stack = createStack(CONTEXT);
  composeByHand(stack);
  const pattern = synthesizePattern({ alerts: { channels }, dashboard: true }, CONTEXT).template;
  expect(Template.fromStack(stack).toJSON()).toEqual(pattern.toJSON());
});

test.each([[true, 'true'], [1, '1'], [['dev'], 'an array']])('the context value %j, which is no text, fails and says so', (environmentSuffix, got) => {
  expect(() => synthesizePattern({}, { environmentSuffix })).toThrow(
    `'environmentSuffix' must be a string such as 'dev', got ${got}; a context value may have another type: set a string [Stack/Orders]`);
});

test('a part without an application name leaves the names to CloudFormation, since another part may have the same id', () => {
  const stack = createStack(CONTEXT);
  new Network(stack, 'Network');
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.absent() });
});

describe('references to another stack', () => {
  /** Resources that a template refers to and does not have. */
  function danglingOf(template: Template): string[] {
    const { Resources, Parameters = {} } = template.toJSON() as { Resources: object; Parameters?: object };
    const referred = [...JSON.stringify(Resources).matchAll(/\{"(?:Ref":"|Fn::GetAtt":\[")([^":]+)"/g)].map(([, id]) => id);
    return referred.filter((id) => !(id in Resources) && !(id in Parameters));
  }

  function composeBeside(network: Network, stack: Stack, options: Partial<BlueGreenServiceProps> = {}): Template {
    const platform = new ContainerPlatform(stack, 'Platform', { network });
    const service = new BlueGreenService(stack, 'Service', { platform, ...options });
    new PythonCiPipeline(stack, 'Pipeline', { service, repository: platform.repository });
    return Template.fromStack(stack);
  }

  test.each<[string, NetworkEgress]>([
    ['NAT gateways', NetworkEgress.natGateways(1)],
    ['public tasks', NetworkEgress.publicTasks()],
  ])('become imports in the files of a release, with %s', (_name, egress) => {
    const app = new App();
    const shared = new Stack(app, 'Shared');
    const queue = new sqs.Queue(shared, 'Queue');
    const template = composeBeside(new Network(shared, 'Network', { egress }), new Stack(app, 'Stack'), {
      environment: { QUEUE: queue.queueUrl }, command: ['run', queue.queueName],
    });
    expect(danglingOf(template)).toEqual([]);
  });

  test('become parameters in the files of a nested stack', () => {
    const parent = createStack();
    const network = new Network(parent, 'Network', { egress: NetworkEgress.publicTasks() });
    expect(danglingOf(composeBeside(network, new NestedStack(parent, 'Nested')))).toEqual([]);
  });
});

test('a part that is named by a suffix of its own ignores that of the context', () => {
  const { template } = synthesizePattern({ environmentSuffix: 'prod' }, CONTEXT);
  template.hasResourceProperties('AWS::ECS::Service', { ServiceName: 'orders-web-prod' });
});

describe('a rollback alarm that is added later', () => {
  const add: { [through: string]: (orders: BlueGreenPythonPipeline, alarm: cloudwatch.IAlarm) => void } = {
    'the pattern': (orders, alarm) => orders.addRollbackAlarm(alarm),
    'the service': (orders, alarm) => orders.service.addRollbackAlarm(alarm),
  };

  test.each(Object.entries(add))('through %s stops releases, sends notifications, and is in the dashboard', (_through, addAlarm) => {
    const stack = createStack();
    const orders = new BlueGreenPythonPipeline(stack, 'Orders', { dashboard: true, alerts: { channels } });
    addAlarm(orders, cloudwatch.Alarm.fromAlarmArn(stack, 'Own', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:own'));
    const template = Template.fromStack(stack);

    const [, group] = onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup');
    expect(JSON.stringify(group.Properties.AlarmConfiguration)).toContain('"own"');
    const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule')).map(({ Properties }) => JSON.stringify(Properties.EventPattern));
    expect(rules.filter((pattern) => pattern.includes('alarm:own'))).toHaveLength(1);
    const [, dashboard] = onlyResource(template, 'AWS::CloudWatch::Dashboard');
    expect(textOf(dashboard.Properties.DashboardBody)).toContain('alarm:own');
  });

  test('reaches alerts that are composed by hand, two for one service included', () => {
    const stack = createStack();
    const { service, pipeline: { codePipeline } } = new BlueGreenPythonPipeline(stack, 'Orders', { alerts: { channels } });
    const alarm = cloudwatch.Alarm.fromAlarmName(stack, 'Given', 'given');
    const alarms = [alarm, service.rollbackAlarms[0]];
    new PipelineAlerts(stack, 'Second', { applicationName: 'second', codePipeline, service, channels, alarms });
    service.addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'own'));

    const rules = Object.entries(resourcesOf(Template.fromStack(stack), 'AWS::Events::Rule')).filter(([id]) => id.includes('AlarmRule'));
    const told = rules.map(([, { Properties }]) => (Properties.EventPattern as { resources: unknown[] }).resources.map(
      (arn) => JSON.stringify(arn),
    ));
    const last = (names: RegExp[]) => names.map((name) => expect.stringMatching(name));
    expect(told.map((arns) => arns.length)).toEqual([6, 7]);
    expect(told[0].slice(5)).toEqual(last([/alarm:own/]));
    expect(told[1].slice(5)).toEqual(last([/alarm:given/, /alarm:own/]));
  });

  test('changes no list that was read before', () => {
    const stack = createStack();
    const { service } = new BlueGreenPythonPipeline(stack, 'Orders');
    const before = service.rollbackAlarms;
    service.addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'own'));
    expect([before.length, service.rollbackAlarms.length]).toEqual([4, 5]);
    service.rollbackAlarms.pop();
    expect(service.rollbackAlarms).toHaveLength(5);
  });
});

describe('one key for everything', () => {
  /** The resources that the key encrypts, by the construct that they belong to. */
  function encrypted(
    props: (stack: Stack) => BlueGreenPythonPipelineProps,
  ): { readonly ids: string[]; readonly keys: number } {
    const stack = createStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    new BlueGreenPythonPipeline(stack, 'Orders', { ...props(stack), encryptionKey });
    const { Resources } = Template.fromStack(stack)
      .toJSON() as { Resources: { [id: string]: { Type: string; Properties: object } } };
    const uses = Object.entries(Resources).filter(([, { Type, Properties }]) =>
      !['AWS::KMS::Key', 'AWS::IAM::ManagedPolicy', 'AWS::S3::BucketPolicy'].includes(Type) && /"Key[0-9A-F]{8}"/.test(JSON.stringify(Properties)));
    return {
      ids: uses.map(([id]) => id.replace(/^Orders|[0-9A-F]{8}$/g, '')).sort(),
      keys: Object.values(Resources).filter(({ Type }) => Type === 'AWS::KMS::Key').length,
    };
  }

  test('encrypts logs, images, artifacts, and alerts, and no part creates a key', () => {
    expect(encrypted(() => ({}))).toEqual({
      keys: 1,
      ids: [
        'AlertsEventLog', 'AlertsTopic', 'AlertsUndeliveredQueue', 'NetworkFlowLogGroup', 'Pipeline', 'PipelineArtifactsBucket', 'PipelineBuildLogGroup',
        'PipelineBuildProject', 'PlatformRepository', 'ServiceLogGroup',
      ],
    });
  });

  test('gives way to the key of a part', () => {
    const { ids, keys } = encrypted((stack) => ({ service: { encryptionKey: new kms.Key(stack, 'Own') } }));
    expect(keys).toBe(2);
    expect(ids).not.toContain('ServiceLogGroup');
    expect(ids).toContain('PlatformRepository');
  });

  test.each<[string, (stack: Stack) => BlueGreenPythonPipelineProps, string]>([
    ['flow logs that are off', () => ({ network: { flowLogs: false } }), 'NetworkFlowLogGroup'],
    ['an existing VPC', (stack) => ({ network: { vpc: importedVpc(stack) } }), 'NetworkFlowLogGroup'],
    ['an existing repository', (stack) => ({ platform: { repository: ecr.Repository.fromRepositoryName(stack, 'Own', 'own') } }), 'PlatformRepository'],
  ])('leaves out %s', (_what, props, id) => {
    const { ids } = encrypted(props);
    expect(ids).not.toContain(id);
    expect(ids).toContain('ServiceLogGroup');
  });

  test('encrypts what the alerts create beside an existing topic, that of a chat included', () => {
    const slack = AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' });
    const { ids, keys } = encrypted((stack) => ({ alerts: { topic: new sns.Topic(stack, 'Own'), channels: [slack] } }));
    expect(keys).toBe(1);
    expect(ids.filter((id) => /^(Alerts|Own)/.test(id))).toEqual(['AlertsChatTopic', 'AlertsEventLog', 'AlertsUndeliveredQueue']);
  });

  test('encrypts the flow logs of an existing VPC that asks for them', () => {
    expect(encrypted((stack) => ({ network: { vpc: new ec2.Vpc(stack, 'Vpc'), flowLogs: true } })).ids).toContain('NetworkFlowLogGroup');
  });
});
