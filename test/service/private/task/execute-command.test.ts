import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BlueGreenService, ContainerPlatform, Network } from '../../../../src';
import { createStack, idOf, onlyResource, statementsOf, synthesizeService, textOf } from '../../../helpers';

const SERVICE = 'AWS::ECS::Service';

describe('ECS Exec', () => {
  const { template } = synthesizeService({ enableExecuteCommand: true });

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
    const plain = synthesizeService().template;
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
