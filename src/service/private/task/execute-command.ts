import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcards, wildcard } from '../../../private/acknowledge';
import { allow } from '../../../private/allow';
import { resourceOfService } from '../../../private/cdk-internals';
import { ResourceNames } from '../../../private/names';

/**
 * Enables ECS Exec and grants its permissions to the tasks. CDK's own grant would allow them to write to every log
 * group of the account.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function allowExecuteCommand(
  scope: Construct, service: ecs.FargateService, taskRole: iam.IRole, containerLogs: logs.ILogGroup,
  names: ResourceNames,
): void {
  // not with the prop of CDK's service, which adds CDK's own grant
  resourceOfService(service).enableExecuteCommand = true;
  const logGroupName = sessionLogOf(service.cluster, containerLogs);
  const arnOf = (resourceName: string) => Stack.of(scope).formatArn({
    service: 'logs', resource: 'log-group', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const statements = [
    wildcard('The channels of a session have no resource that a policy can name.',
      allow(['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'], ['*'])),
    ...(logGroupName === undefined ? [] : [
      wildcard('ECS searches all log groups for the one with the configured name.', allow(['logs:DescribeLogGroups'], ['*'])),
      wildcard('Each session has its own log stream.',
        allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [arnOf(`${logGroupName}:*`)])),
    ]),
  ];
  const policy = new iam.ManagedPolicy(scope, 'ExecuteCommandPolicy', {
    managedPolicyName: names.accountWide('execute-command-policy'), roles: [taskRole], statements,
  });
  acknowledgeWildcards(policy, statements);
}

/**
 * The log group in which ECS records the sessions: the container's, unless the cluster sets another one. It is
 * undefined if the cluster sets only a bucket, or no recording.
 */
function sessionLogOf(cluster: ecs.ICluster, containerLogs: logs.ILogGroup): string | undefined {
  const { logging = ecs.ExecuteCommandLogging.DEFAULT, logConfiguration } = cluster.executeCommandConfiguration ?? {};
  return logging === ecs.ExecuteCommandLogging.DEFAULT
    ? containerLogs.logGroupName
    : logConfiguration?.cloudWatchLogGroup?.logGroupRef.logGroupName;
}
