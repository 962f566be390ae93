import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { INetwork } from '../../network/network';

type Services = typeof ec2.InterfaceVpcEndpointAwsService;

/**
 * Asks the network for the endpoints of services.
 *
 * CDK makes an object for each of the hundreds of services when the first one is named, which takes 50 ms: not where
 * nothing needs them.
 */
export function requireEndpoints(
  network: INetwork, client: ec2.IConnectable, choose: (services: Services) => ec2.InterfaceVpcEndpointAwsService[],
): void {
  if (!dependsOnEndpoints(network)) { return; }
  choose(ec2.InterfaceVpcEndpointAwsService).forEach((service) => network.requireEndpoint(service, client));
}

/** Whether tasks reach AWS services by endpoints only. */
export function dependsOnEndpoints({ internetAccess, forInspectionOnly = false }: INetwork): boolean {
  return !internetAccess && !forInspectionOnly;
}
