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
 * What ECS Exec takes of the tasks. CDK's own permission would let them write every log group of the account.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function allowExecuteCommand(
  scope: Construct, service: ecs.FargateService, taskRole: iam.IRole, containerLogs: logs.ILogGroup,
  names: ResourceNames,
): void {
  // not by the prop of CDK's service, which adds its permission
  resourceOfService(service).enableExecuteCommand = true;
  const logGroupName = sessionLogOf(service.cluster, containerLogs);
  const arnOf = (resourceName: string) => Stack.of(scope).formatArn({
    service: 'logs', resource: 'log-group', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const statements = [
    wildcard('The channels of a session know no resource.',
      allow(['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'], ['*'])),
    ...(logGroupName === undefined ? [] : [
      // ECS looks for the group by its name among all
      wildcard('The call knows no resource.', allow(['logs:DescribeLogGroups'], ['*'])),
      wildcard('Each session has a stream of its own.',
        allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [arnOf(`${logGroupName}:*`)])),
    ]),
  ];
  const policy = new iam.ManagedPolicy(scope, 'ExecuteCommandPolicy', {
    managedPolicyName: names.accountWide('execute-command-policy'), roles: [taskRole], statements,
  });
  acknowledgeWildcards(policy, statements);
}

/**
 * Where ECS writes what is typed: in the container's log, unless the cluster names another group, a bucket alone, or
 * nothing.
 */
function sessionLogOf(cluster: ecs.ICluster, containerLogs: logs.ILogGroup): string | undefined {
  const { logging = ecs.ExecuteCommandLogging.DEFAULT, logConfiguration } = cluster.executeCommandConfiguration ?? {};
  return logging === ecs.ExecuteCommandLogging.DEFAULT
    ? containerLogs.logGroupName
    : logConfiguration?.cloudWatchLogGroup?.logGroupRef.logGroupName;
}
