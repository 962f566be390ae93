import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { INetwork } from '../../network/network';

type Services = typeof ec2.InterfaceVpcEndpointAwsService;

/**
 * Requires endpoints for AWS services from the network.
 *
 * The services are a callback, because CDK creates objects for all of its hundreds of services when the first one is
 * read. That takes 50 ms, which a network without endpoints does not need.
 */
export function requireEndpoints(
  network: INetwork, client: ec2.IConnectable, choose: (services: Services) => ec2.InterfaceVpcEndpointAwsService[],
): void {
  if (!dependsOnEndpoints(network)) { return; }
  choose(ec2.InterfaceVpcEndpointAwsService).forEach((service) => network.requireEndpoint(service, client));
}

/** Whether tasks reach AWS services through endpoints only. */
export function dependsOnEndpoints({ internetAccess, forInspectionOnly = false }: INetwork): boolean {
  return !internetAccess && !forInspectionOnly;
}
