import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allow } from '../../private/allow';
import { ResourceNames } from '../../private/names';

/**
 * What ECS Exec takes of the tasks. CDK's own permission would let them write every log group of the account.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function allowExecuteCommand(
  scope: Construct, service: ecs.FargateService, taskRole: iam.IRole, containerLogs: logs.ILogGroup, names: ResourceNames,
): void {
  // not by the prop of CDK's service, which adds its permission
  (service.node.findChild('Service') as ecs.CfnService).enableExecuteCommand = true;
  // a cluster may name a log group of its own for what is typed; else ECS takes the container's
  const logGroupName = service.cluster.executeCommandConfiguration?.logConfiguration?.cloudWatchLogGroup?.logGroupRef.logGroupName
    ?? containerLogs.logGroupName;
  const arnOf = (resourceName: string) => Stack.of(scope).formatArn({
    service: 'logs', resource: 'log-group', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  new iam.ManagedPolicy(scope, 'ExecuteCommandPolicy', {
    managedPolicyName: names.iam('execute-command-policy'),
    roles: [taskRole],
    statements: [
      // the channels of a session know no resource
      allow(['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'], ['*']),
      // ECS looks for the group by its name among all
      allow(['logs:DescribeLogGroups'], [arnOf('*')]),
      allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [arnOf(`${logGroupName}:*`)]),
    ],
  });
}
