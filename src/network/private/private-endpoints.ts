import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, DependencyGroup } from 'constructs';
import { ResourceNames } from '../../private/names';

/** Props of the endpoints. */
export interface PrivateEndpointsProps {
  readonly names: ResourceNames;
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.SubnetSelection;
  readonly services: ec2.InterfaceVpcEndpointAwsService[];
}

/**
 * VPC endpoints in the task subnets. Each endpoint is created when a client requires it. Its security group allows only
 * such clients, on port 443.
 */
export class PrivateEndpoints extends Construct {
  /** All endpoints, including those that are added later. */
  public readonly established = new DependencyGroup();
  private readonly securityGroup: ec2.SecurityGroup;
  private readonly services = new Set<string>();

  constructor(scope: Construct, id: string, private readonly props: PrivateEndpointsProps) {
    super(scope, id);
    const { names, vpc, subnets, services } = props;
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      securityGroupName: names.securityGroup('endpoints'),
      description: 'Endpoints: HTTPS for their clients only',
      allowAllOutbound: false,
    });
    this.established.add(this.securityGroup);
    // ECR stores image layers in S3
    this.established.add(new ec2.GatewayVpcEndpoint(this, 'S3', { vpc, service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [subnets] }));
    services.forEach((service) => this.add(service));
  }

  /** Creates the endpoint unless it exists. */
  public add(service: ec2.InterfaceVpcEndpointAwsService): void {
    if (this.services.has(service.shortName)) { return; }
    this.services.add(service.shortName);
    const { vpc, subnets } = this.props;
    this.established.add(new ec2.InterfaceVpcEndpoint(this, service.shortName, {
      vpc,
      service,
      subnets: { ...subnets, onePerAz: true },
      securityGroups: [this.securityGroup],
      // CDK would allow the whole VPC
      open: false,
      privateDnsEnabled: true,
    }));
  }

  /** Allows the client to reach the endpoints. */
  public allow(client: ec2.IConnectable): void {
    for (const group of client.connections.securityGroups) {
      // from the client's side: the rule is then in the client's stack, and the network's stack does not depend on it
      group.connections.allowTo(this.securityGroup, ec2.Port.tcp(443), 'Endpoints of the VPC');
    }
  }
}
