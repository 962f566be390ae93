import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BlueGreenServiceProps } from '../../blue-green-service-options';
import { dependsOnEndpoints, requireEndpoints } from '../endpoints';

/**
 * Requires the endpoints that the tasks need to start, to read their secrets, and for ECS Exec. The service depends on
 * the rules that allow its tasks to reach the endpoints.
 */
export function requireTaskEndpoints(
  service: ecs.FargateService, props: Pick<BlueGreenServiceProps, 'platform' | 'enableExecuteCommand'>, secretGrants: iam.Grant[],
): void {
  const { platform: { network }, enableExecuteCommand = false } = props;
  // CDK does not expose the store of a secret, but the actions of its grant show it
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
    // if the network is in another stack, the ingress rules of the endpoints are in the stack of the client
    service.node.addDependency(...service.connections.securityGroups.flatMap((group) => group.node.children));
  }
}
