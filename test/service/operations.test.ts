import { App, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  BlueGreenPythonPipeline, BlueGreenService, BlueGreenServiceProps, BootstrapImage, ContainerPlatform, Network,
  TargetGroupColor,
  TargetGroupMetricOptions,
} from '../../src';
import { createService, createStack, deliveredFile, idOf, onlyResource, resourcesOf, statementsOf, synthesizePattern, textOf } from '../helpers';

const SERVICE = 'AWS::ECS::Service';
const DIGEST = `sha256:${'a'.repeat(64)}`;

function synthesize(props: Partial<BlueGreenServiceProps>) {
  const stack = createStack();
  const service = createService(stack, props);
  return { stack, service, template: Template.fromStack(stack) };
}

test('a release waits for an approval, and is stopped when nobody gives it', () => {
  synthesize({ release: { deploymentApprovalWaitTime: Duration.hours(2) } }).template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    BlueGreenDeploymentConfiguration: { DeploymentReadyOption: { ActionOnTimeout: 'STOP_DEPLOYMENT', WaitTimeInMinutes: 120 } },
  });
});

describe('suspended rollback alarms', () => {
  const alarm = (stack: Stack) => cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'own');
  const stack = createStack();
  createService(stack, { release: { rollbackAlarms: { suspended: true } } }).addRollbackAlarm(alarm(stack));
  const template = Template.fromStack(stack);

  test('stay, and stop no release, the user\'s own included', () => {
    const [, { Properties }] = onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup');
    expect(Properties.AlarmConfiguration).toMatchObject({ Enabled: false });
    expect((Properties.AlarmConfiguration as { Alarms: object[] }).Alarms).toHaveLength(5);
    expect(Properties.AutoRollbackConfiguration).toEqual({ Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 4);
  });

  test('differ from others in the deployment group only', () => {
    const other = createStack();
    createService(other).addRollbackAlarm(alarm(other));
    const { [idOf(template, 'AWS::CodeDeploy::DeploymentGroup', /./)]: _one, ...suspended } = template.toJSON().Resources;
    const { [idOf(template, 'AWS::CodeDeploy::DeploymentGroup', /./)]: _two, ...watched } = Template.fromStack(other).toJSON().Resources;
    expect(suspended).toEqual(watched);
  });
});

test('suspended alarms may be the user\'s own alone', () => {
  const stack = createStack();
  createService(stack, { release: { rollbackAlarms: { enabled: false, suspended: true } } }).addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'own'));
  expect(onlyResource(Template.fromStack(stack), 'AWS::CodeDeploy::DeploymentGroup')[1].Properties.AlarmConfiguration)
    .toEqual({ Enabled: false, Alarms: [{ Name: 'own' }] });
});

test('an alarm that is imported twice counts once', () => {
  const stack = createStack();
  const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
  service.addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'One', 'own'));
  service.addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'Other', 'own'));
  expect(service.rollbackAlarms).toHaveLength(1);
});

describe('ECS Exec', () => {
  const { template } = synthesize({ enableExecuteCommand: true });

  test('is on by one prop', () => {
    expect(onlyResource(template, SERVICE)[1].Properties.EnableExecuteCommand).toBe(true);
  });

  test('takes the channels of a session and the container\'s own log, no more', () => {
    const logGroup = idOf(template, 'AWS::Logs::LogGroup', /^ServiceLogGroup/);
    expect(statementsOf(template, 'ServiceTaskRole').map(({ Action, Resource }) => [Action, textOf(Resource)])).toEqual([
      [['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'], '*'],
      ['logs:DescribeLogGroups', '*'],
      [['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${${logGroup}}:*`],
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('is off by default', () => {
    const plain = synthesize({}).template;
    expect(onlyResource(plain, SERVICE)[1].Properties).not.toHaveProperty('EnableExecuteCommand');
    expect(statementsOf(plain, 'ServiceTaskRole')).toEqual([]);
  });

  test.each<[string, (stack: Stack) => ecs.ExecuteCommandConfiguration]>([
    ['nothing', () => ({ logging: ecs.ExecuteCommandLogging.NONE })],
    ['a bucket alone', (stack) => ({
      logging: ecs.ExecuteCommandLogging.OVERRIDE, logConfiguration: { s3Bucket: s3.Bucket.fromBucketName(stack, 'Sessions', 'sessions') },
    })],
  ])('may write no log where the cluster says so: %s', (_name, configuration) => {
    const stack = createStack();
    const network = new Network(stack, 'Network', { flowLogs: false });
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: network.vpc, executeCommandConfiguration: configuration(stack) });
    new BlueGreenService(stack, 'Service', { platform: new ContainerPlatform(stack, 'Platform', { network, cluster }), enableExecuteCommand: true });
    expect(statementsOf(Template.fromStack(stack), 'ServiceTaskRole').map(({ Resource }) => Resource)).toEqual(['*']);
  });

  test('writes into the log group that a cluster of the user\'s names for it', () => {
    const stack = createStack();
    const network = new Network(stack, 'Network', { flowLogs: false });
    const cluster = new ecs.Cluster(stack, 'Cluster', {
      vpc: network.vpc,
      executeCommandConfiguration: {
        logging: ecs.ExecuteCommandLogging.OVERRIDE,
        logConfiguration: { cloudWatchLogGroup: logs.LogGroup.fromLogGroupName(stack, 'Sessions', 'sessions') },
      },
    });
    new BlueGreenService(stack, 'Service', { platform: new ContainerPlatform(stack, 'Platform', { network, cluster }), enableExecuteCommand: true });
    const [, , write] = statementsOf(Template.fromStack(stack), 'ServiceTaskRole');
    expect(textOf(write.Resource)).toMatch(/:log-group:sessions:\*$/);
  });
});

describe('another revision of the service', () => {
  const secrets = (stack: Stack) => ({ PASSWORD: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'orders')) });
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', {
    environmentSuffix: 'dev',
    service: { serviceRevision: 2, bootstrapImage: BootstrapImage.fromRelease(DIGEST), command: ['serve'], secrets: secrets(stack) },
  });
  const template = Template.fromStack(stack);

  test('has another id and another name, so that CloudFormation makes it before it removes the former one', () => {
    const [id, { Properties }] = onlyResource(template, SERVICE);
    const [formerId, { Properties: former }] = onlyResource(synthesizePattern({ environmentSuffix: 'dev' }).template, SERVICE);
    expect(id).not.toBe(formerId);
    expect([former.ServiceName, Properties.ServiceName]).toEqual(['orders-web-dev', 'orders-web-r2-dev']);
  });

  test('starts as the application: the image of a release, with its command and its secrets', () => {
    const [, { Properties }] = onlyResource(template, 'AWS::ECS::TaskDefinition');
    const [container] = Properties.ContainerDefinitions as {
      Image: unknown;
      Command: string[];
      Secrets: {
        Name: string;
      }[];
    }[];
    expect(textOf(container.Image)).toContain(`@${DIGEST}`);
    expect(container.Command).toEqual(['serve']);
    expect(container.Secrets.map(({ Name }) => Name)).toEqual(['PASSWORD']);
  });

  test('and its releases have each secret once', () => {
    const { containerDefinitions: [container] } = JSON.parse(deliveredFile(template, 'taskdef.json'));
    expect(container).toMatchObject({ image: '<IMAGE1_NAME>', command: ['serve'] });
    expect(container.secrets.map(({ name }: { name: string }) => name)).toEqual(['PASSWORD']);
  });
});

test.each<[string, Partial<BlueGreenServiceProps>, string]>([
  ['a placeholder from the second revision on', { serviceRevision: 2 },
    "'bootstrapImage' must be the application from 'serviceRevision' 2 on, got a placeholder with 2; production would serve it until the next release: "
    + "give BootstrapImage.fromRelease('sha256:...') with the digest of the image that runs"],
  ['an image of unknown contents from the second revision on', { serviceRevision: 3, bootstrapImage: BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('x')) },
    "'bootstrapImage' must be the application from 'serviceRevision' 2 on, got a placeholder with 3"],
  ['a tag for a release', { bootstrapImage: BootstrapImage.fromRelease('latest') },
    "'bootstrapImage.imageDigest' must be 'sha256:' and 64 hexadecimal digits, because a tag can move or expire, got \"latest\""],
])('fails with %s', (_name, props, message) => {
  expect(() => synthesize(props)).toThrow(message);
});

test('the image of a release may be what a first revision starts with', () => {
  const { template } = synthesize({ bootstrapImage: BootstrapImage.fromRelease(DIGEST) });
  expect(onlyResource(template, SERVICE)[0]).toBe(onlyResource(synthesize({}).template, SERVICE)[0]);
});

test('the parts of a service are its fields', () => {
  const { service, stack, template } = synthesize({});
  const ref = (type: string, id: RegExp) => ({ Ref: idOf(template, type, id) });
  expect(stack.resolve({
    listener: service.listener.listenerArn,
    blue: service.blueTargetGroup.targetGroupArn,
    green: service.greenTargetGroup.targetGroupArn,
    application: service.deploymentApplication?.applicationName,
    deploymentGroup: service.deploymentGroup?.deploymentGroupName,
    logGroup: service.logGroup.logGroupName,
  })).toEqual({
    listener: ref('AWS::ElasticLoadBalancingV2::Listener', /./),
    blue: ref('AWS::ElasticLoadBalancingV2::TargetGroup', /Blue/),
    green: ref('AWS::ElasticLoadBalancingV2::TargetGroup', /Green/),
    application: ref('AWS::CodeDeploy::Application', /./),
    deploymentGroup: ref('AWS::CodeDeploy::DeploymentGroup', /./),
    logGroup: ref('AWS::Logs::LogGroup', /^ServiceLogGroup/),
  });
});

describe('tags', () => {
  const warning = Match.stringLikeRegexp('the stack has tags \\(team, zone\\).* keep their values, since a change of one updates the service, '
    + 'which CodeDeploy may refuse, .*ack: cdk-blue-green-python-pipeline:BlueGreenService\\.stackTags');

  test('on the stack warn, since CloudFormation puts them on the service by itself', () => {
    const stack = new Stack(new App(), 'Stack', { tags: { team: 'orders', zone: 'shop' } });
    createService(stack);
    Template.fromStack(stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Service', warning);
  });

  test('on the pattern alone warn of nothing and do not reach the service', () => {
    const stack = createStack();
    Tags.of(new BlueGreenPythonPipeline(stack, 'Orders')).add('team', 'orders');
    const template = Template.fromStack(stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('the stack has tags'));
    expect(onlyResource(template, SERVICE)[1].Properties).not.toHaveProperty('Tags');
    expect(onlyResource(template, 'AWS::ECS::Cluster')[1].Properties.Tags).toEqual([{ Key: 'team', Value: 'orders' }]);
  });
});

describe('metrics of the target groups', () => {
  const { service, stack, template } = synthesize({});
  const [loadBalancer] = onlyResource(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
  const group = (color: RegExp) => idOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', color);
  const read = (metric: cloudwatch.IMetric) => stack.resolve(metric.toMetricConfig());

  const METRICS: [string, (options?: TargetGroupMetricOptions) => cloudwatch.IMetric, string, string, string][] = [
    ['requests', (options) => service.metricRequestCount(options), 'RequestCount', 'Sum', 'blue + green'],
    ['5xx answers', (options) => service.metricServerErrors(options), 'HTTPCode_Target_5XX_Count', 'Sum', 'blue + green'],
    ['response time', (options) => service.metricResponseTime(options), 'TargetResponseTime', 'p95', 'IF(blue > green, blue, green)'],
    ['healthy tasks', (options) => service.metricHealthyHosts(options), 'HealthyHostCount', 'Minimum', 'blue + green'],
    ['unhealthy tasks', (options) => service.metricUnhealthyHosts(options), 'UnHealthyHostCount', 'Maximum', 'blue + green'],
  ];

  test.each(METRICS)('%s are those of one group when it is named', (_name, metric, metricName, statistic) => {
    for (const [targetGroup, pattern] of [[TargetGroupColor.BLUE, /Blue/], [TargetGroupColor.GREEN, /Green/]] as const) {
      expect(metric({ targetGroup }).toMetricConfig().renderingProperties?.label).toMatch(new RegExp(`^\\w.* \\(${targetGroup}\\)$`));
      expect(read(metric({ targetGroup })).metricStat).toMatchObject({
        namespace: 'AWS/ApplicationELB',
        metricName,
        statistic,
        period: Duration.minutes(1),
        dimensions: [
          { name: 'LoadBalancer', value: { 'Fn::GetAtt': [loadBalancer, 'LoadBalancerFullName'] } },
          { name: 'TargetGroup', value: { 'Fn::GetAtt': [group(pattern), 'TargetGroupFullName'] } },
        ],
      });
    }
  });

  test.each(METRICS)('%s are those of both groups otherwise', (_name, metric, metricName, statistic, expression) => {
    const { mathExpression } = metric({ period: Duration.minutes(5) }).toMetricConfig();
    expect(mathExpression).toMatchObject({ expression, period: 300 });
    const joined = Object.entries(mathExpression?.usingMetrics ?? {}).map(([id, each]) => [id, read(each).metricStat]);
    expect(joined).toEqual([['blue', /Blue/], ['green', /Green/]].map(([id, pattern]) => [id, expect.objectContaining({
      metricName,
      statistic,
      period: Duration.minutes(5),
      dimensions: expect.arrayContaining([{ name: 'TargetGroup', value: { 'Fn::GetAtt': [group(pattern as RegExp), 'TargetGroupFullName'] } }]),
    })]));
  });

  test.each(METRICS)('%s are those of both groups in each minute, with a label, without options', (label, metric) => {
    const { mathExpression, renderingProperties } = metric().toMetricConfig();
    expect(mathExpression?.period).toBe(60);
    expect(renderingProperties).toEqual({ label });
  });

  test('take a statistic and a label of the user\'s own', () => {
    expect(read(service.metricResponseTime({ targetGroup: TargetGroupColor.BLUE, statistic: 'p50', label: 'median' })))
      .toMatchObject({ metricStat: { statistic: 'p50' }, renderingProperties: { label: 'median' } });
  });

  test.each<[string, () => cloudwatch.IMetric, string, string]>([
    ['CPU', () => service.metricCpuUtilization(), 'AWS/ECS', 'CPUUtilization'],
    ['memory', () => service.metricMemoryUtilization(), 'AWS/ECS', 'MemoryUtilization'],
    ['running tasks', () => service.metricRunningTaskCount(), 'ECS/ContainerInsights', 'RunningTaskCount'],
  ])('%s is that of the ECS service', (_name, metric, namespace, metricName) => {
    expect(read(metric()).metricStat).toMatchObject({
      namespace,
      metricName,
      statistic: 'Average',
      period: Duration.minutes(1),
      dimensions: [
        { name: 'ClusterName', value: { Ref: idOf(template, 'AWS::ECS::Cluster', /./) } },
        { name: 'ServiceName', value: { 'Fn::GetAtt': [idOf(template, SERVICE, /./), 'Name'] } },
      ],
    });
  });
});

describe('scaling on requests', () => {
  const { template } = synthesize({ scaling: { maxCapacity: 10, targetRequestsPerMinute: 600 }, applicationName: 'orders', environmentSuffix: 'dev' });

  test('keeps what a task answers, of both target groups together, so that it stays right after a swap', () => {
    const [, { Properties }] = onlyResource(template, 'AWS::ApplicationAutoScaling::ScalingPolicy');
    const stat = (color: RegExp) => ({
      Stat: 'Sum',
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'RequestCountPerTarget',
        Dimensions: [
          { Name: 'LoadBalancer', Value: { 'Fn::GetAtt': [idOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', /./), 'LoadBalancerFullName'] } },
          { Name: 'TargetGroup', Value: { 'Fn::GetAtt': [idOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', color), 'TargetGroupFullName'] } },
        ],
      },
    });
    expect(Properties).toEqual({
      PolicyName: 'orders-requests-dev',
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: { Ref: idOf(template, 'AWS::ApplicationAutoScaling::ScalableTarget', /./) },
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 600,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
        CustomizedMetricSpecification: {
          Metrics: [
            { Id: 'requests', Expression: 'blue + green', Label: 'requests per task, both target groups', ReturnData: true },
            { Id: 'blue', MetricStat: stat(/Blue/), ReturnData: false },
            { Id: 'green', MetricStat: stat(/Green/), ReturnData: false },
          ],
        },
      },
    });
  });

  test('comes beside CPU and memory when they are asked for', () => {
    const { template: all } = synthesize({
      scaling: {
        maxCapacity: 10,
        targetRequestsPerMinute: 600,
        targetCpuUtilizationPercent: 50,
        targetMemoryUtilizationPercent: 70,
      },
    });
    all.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 3);
    expect(new Set(Object.values(resourcesOf(all, 'AWS::ApplicationAutoScaling::ScalingPolicy')).map(({ Properties }) => Properties.PolicyName)).size).toBe(3);
  });

  test('leaves the number of tasks out of the template', () => {
    expect(onlyResource(template, SERVICE)[1].Properties).not.toHaveProperty('DesiredCount');
  });
});

describe('a key for the logs', () => {
  const names = { applicationName: 'orders', environmentSuffix: 'dev' };

  test('encrypts them, and CloudWatch Logs may use it for this group only', () => {
    const stack = createStack();
    createService(stack, { ...names, encryptionKey: new kms.Key(stack, 'Key') });
    const template = Template.fromStack(stack);
    const [, { Properties: { KeyPolicy } }] = onlyResource(template, 'AWS::KMS::Key');
    const [, statement, ...others] = (KeyPolicy as { Statement: { [name: string]: unknown }[] }).Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Sid: 'AllowContainerLogs', Effect: 'Allow', Resource: '*' });
    expect(textOf((statement.Principal as { Service: unknown }).Service)).toBe('logs.${AWS::Region}.${AWS::URLSuffix}');
    expect(textOf((statement.Condition as { ArnLike: { [key: string]: unknown } }).ArnLike['kms:EncryptionContext:aws:logs:arn']))
      .toBe('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/ecs/orders-web-dev');
    const [, { Properties }] = onlyResource(template, 'AWS::Logs::LogGroup');
    expect(Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [onlyResource(template, 'AWS::KMS::Key')[0], 'Arn'] });
  });

  test('that is imported warns of its policy', () => {
    const stack = createStack();
    createService(stack, { ...names, encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
    Annotations.fromStack(stack).hasWarning('/Stack/Service', Match.stringLikeRegexp('policy of the imported key Stack/Key.*CloudWatch Logs'));
  });

  test('is none by default', () => {
    expect(onlyResource(synthesize({}).template, 'AWS::Logs::LogGroup')[1].Properties).not.toHaveProperty('KmsKeyId');
  });
});

test('a schedule can be added to the scaling', () => {
  const stack = createStack();
  const service = createService(stack, { scaling: { maxCapacity: 4 } });
  service.scalableTaskCount?.scaleOnSchedule('Night', { schedule: appscaling.Schedule.cron({ hour: '22', minute: '0' }), maxCapacity: 1 });
  Template.fromStack(stack).hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ScheduledActions: [{ ScheduledActionName: 'Night', Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MaxCapacity: 1 } }],
  });
});

test('without scaling, there is none to add a schedule to', () => {
  expect(synthesize({}).service.scalableTaskCount).toBeUndefined();
});
