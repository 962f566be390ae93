import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BlueGreenServiceProps } from '../../blue-green-service-options';
import { dependsOnEndpoints, requireEndpoints } from '../endpoints';

/**
 * What tasks need to start, and what their secrets and shells need. The service waits for the rules that let its tasks
 * reach it.
 */
export function requireTaskEndpoints(
  service: ecs.FargateService, props: Pick<BlueGreenServiceProps, 'platform' | 'enableExecuteCommand'>, secretGrants: iam.Grant[],
): void {
  const { platform: { network }, enableExecuteCommand = false } = props;
  // a secret does not tell its store, but what it takes to read it does
  const reads = (store: string) => secretGrants.some(({ principalStatements }) => principalStatements.some(
    ({ actions }) => actions.some((action) => action.startsWith(`${store}:`))));
  const sessionKey = service.cluster.executeCommandConfiguration?.kmsKey;
  requireEndpoints(network, service, (services) => [
    services.ECR, services.ECR_DOCKER, services.CLOUDWATCH_LOGS,
    ...(reads('secretsmanager') ? [services.SECRETS_MANAGER] : []),
    ...(reads('ssm') ? [services.SSM] : []),
    ...(enableExecuteCommand ? [services.SSM_MESSAGES] : []),
    ...(enableExecuteCommand && sessionKey ? [services.KMS] : []),
  ]);
  if (dependsOnEndpoints(network)) {
    // the endpoints' side of a rule is in the stack of the client when the network is in another one
    service.node.addDependency(...service.connections.securityGroups.flatMap((group) => group.node.children));
  }
}
