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
 * Endpoints in the subnets of the tasks, made when something needs them, and reached on port 443 by what needs them only.
 */
export class PrivateEndpoints extends Construct {
  /** All of them, with those that come later. */
  public readonly established = new DependencyGroup();
  private readonly securityGroup: ec2.SecurityGroup;
  private readonly services = new Set<string>();

  constructor(scope: Construct, id: string, private readonly props: PrivateEndpointsProps) {
    super(scope, id);
    const { names, vpc, subnets, services } = props;
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      securityGroupName: names.of('endpoints'),
      description: 'Endpoints: HTTPS for their clients only',
      allowAllOutbound: false,
    });
    this.established.add(this.securityGroup);
    // the layers of images lie in S3, and ECR needs the gateway for them
    this.established.add(new ec2.GatewayVpcEndpoint(this, 'S3', { vpc, service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [subnets] }));
    services.forEach((service) => this.add(service));
  }

  /** Makes the endpoint unless it is there. */
  public add(service: ec2.InterfaceVpcEndpointAwsService): void {
    if (this.services.has(service.shortName)) { return; }
    this.services.add(service.shortName);
    const { vpc, subnets } = this.props;
    this.established.add(new ec2.InterfaceVpcEndpoint(this, service.shortName, {
      vpc,
      service,
      subnets: { ...subnets, onePerAz: true },
      securityGroups: [this.securityGroup],
      // CDK would admit the whole VPC
      open: false,
      privateDnsEnabled: true,
    }));
  }

  /** Lets the client reach the endpoints. */
  public admit(client: ec2.IConnectable): void {
    for (const group of client.connections.securityGroups) {
      // from the client's side, so that the rule is in its stack and the network's stack does not need it
      group.connections.allowTo(this.securityGroup, ec2.Port.tcp(443), 'Endpoints of the VPC');
    }
  }
}
