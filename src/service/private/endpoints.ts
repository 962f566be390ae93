import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { INetwork } from '../../network/network';

const { ECR, ECR_DOCKER, CLOUDWATCH_LOGS, SECRETS_MANAGER, SSM, SSM_MESSAGES } = ec2.InterfaceVpcEndpointAwsService;

/** Asks the network for what tasks need to start, and what their secrets and shells need. */
export function requireEndpoints(network: INetwork, tasks: ec2.IConnectable, secretGrants: iam.Grant[], executeCommand: boolean): void {
  // a secret does not tell its store, but what it takes to read it does
  const reads = (store: string) => secretGrants.some(({ principalStatements }) => principalStatements.some(
    ({ actions }) => actions.some((action) => action.startsWith(`${store}:`))));
  const services = [
    ECR, ECR_DOCKER, CLOUDWATCH_LOGS,
    ...(reads('secretsmanager') ? [SECRETS_MANAGER] : []),
    ...(reads('ssm') ? [SSM] : []),
    ...(executeCommand ? [SSM_MESSAGES] : []),
  ];
  services.forEach((service) => network.requireEndpoint(service, tasks));
}
