import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { requireInteger } from '../private/validation';

/**
 * What a way out asks of the VPC.
 */
export interface NetworkEgressConfig {
  /** How many NAT gateways the VPC has. */
  readonly natGateways: number;
  /** The kind of subnet that the tasks run in. */
  readonly taskSubnetType: ec2.SubnetType;
  /** Whether tasks reach the internet. */
  readonly internetAccess: boolean;
  /**
   * What is reached by endpoints of the VPC, beside what the parts of the stack need.
   *
   * @default - the VPC gets no endpoints
   */
  readonly endpoints?: ec2.InterfaceVpcEndpointAwsService[];
}

/**
 * What is reached without the internet.
 */
export interface PrivateEndpointsOptions {
  /**
   * Services of AWS that the application calls, such as `ec2.InterfaceVpcEndpointAwsService.SQS`.
   *
   * @default - none beside those that the stack itself needs
   */
  readonly additionalServices?: ec2.InterfaceVpcEndpointAwsService[];
}

/**
 * How tasks reach what they need: images, logs and the services that they call.
 */
export abstract class NetworkEgress {
  /**
   * NAT gateways: tasks reach the internet, nobody reaches them.
   *
   * @param count one gateway is cheapest; one for each zone survives the loss of a zone
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
   */
  public static natGateways(count: number): NetworkEgress {
    return new NatGatewayEgress(count);
  }

  /**
   * No way to the internet, but endpoints in the VPC for what the stack uses: images, logs, S3, and the stores of secrets or the channels of ECS Exec
   * when the service has any. Each costs by the hour and the zone.
   *
   * The public placeholder cannot be pulled this way: give the service a `bootstrapImage` of your own ECR.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
   */
  public static privateEndpoints(options: PrivateEndpointsOptions = {}): NetworkEgress {
    return new PrivateEndpointEgress(options);
  }

  /**
   * No way out. **Tasks cannot pull an image**, so nothing runs: for templates that are looked at.
   *
   * The network warns at synthesis.
   */
  public static none(): NetworkEgress {
    return new NoEgress();
  }

  /**
   * Called by the network.
   *
   * @param scope the network, whose path an error names
   * @param zones how many availability zones the VPC has
   */
  public abstract bind(scope: IConstruct, zones: number): NetworkEgressConfig;
}

class NatGatewayEgress extends NetworkEgress {
  constructor(private readonly count: number) {
    super();
  }

  public bind(scope: IConstruct, zones: number): NetworkEgressConfig {
    requireInteger(scope, 'natGateways', this.count, {
      min: 1,
      max: zones,
      remedy: 'a zone takes one gateway at most; NetworkEgress.privateEndpoints() goes without',
    });
    return { natGateways: this.count, taskSubnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, internetAccess: true };
  }
}

class PrivateEndpointEgress extends NetworkEgress {
  constructor(private readonly options: PrivateEndpointsOptions) {
    super();
  }

  public bind(): NetworkEgressConfig {
    return {
      natGateways: 0,
      taskSubnetType: ec2.SubnetType.PRIVATE_ISOLATED,
      internetAccess: false,
      endpoints: this.options.additionalServices ?? [],
    };
  }
}

class NoEgress extends NetworkEgress {
  public bind(): NetworkEgressConfig {
    return { natGateways: 0, taskSubnetType: ec2.SubnetType.PRIVATE_ISOLATED, internetAccess: false };
  }
}
