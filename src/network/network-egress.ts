import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import { describeValue, fail } from '../private/errors';
import { KindsOf, list, markStrategy, object, requireOptions } from '../private/kinds';

/**
 * Options that a network passes to an egress strategy, for implementors of `NetworkEgress`.
 */
export interface NetworkEgressBindOptions extends BindOptions {
  /** The number of availability zones that the new VPC spans. */
  readonly zoneCount: number;
}

/**
 * VPC settings that an egress strategy requires, for implementors of `NetworkEgress`.
 */
export interface NetworkEgressConfig {
  /** The number of NAT gateways in the VPC. */
  readonly natGateways: number;

  /**
   * The type of the task subnets.
   *
   * With `PUBLIC`, the VPC has public subnets only, and ECS assigns a public IPv4 address to each task.
   */
  readonly taskSubnetType: ec2.SubnetType;

  /**
   * Whether to treat the internet as reachable from the tasks. Otherwise, the service rejects public placeholder images
   * at synth.
   *
   * It must be true with `taskSubnetType: PUBLIC`.
   */
  readonly internetAccess: boolean;

  /**
   * AWS services that get an interface endpoint, in addition to those that the parts of the stack require.
   *
   * @default - the VPC has no endpoints
   */
  readonly endpoints?: ec2.InterfaceVpcEndpointAwsService[];
}

/**
 * Options for a network that reaches AWS services through VPC endpoints only.
 */
export interface PrivateEndpointsOptions {
  /**
   * AWS services that the application calls, such as `ec2.InterfaceVpcEndpointAwsService.SQS`.
   *
   * @default - only the services that the stack itself requires
   */
  readonly additionalServices?: ec2.InterfaceVpcEndpointAwsService[];
}

/**
 * A strategy for outbound traffic: the way that tasks reach image registries, logs, and other services.
 *
 * Your own strategy extends this class. It configures a new VPC, so it cannot be used together with `vpc`. With an
 * existing VPC, only `publicTasks()` works.
 */
export abstract class NetworkEgress {
  /**
   * Runs tasks in private subnets, where they reach the internet through NAT gateways. The internet cannot reach the
   * tasks.
   *
   * @param count the number of NAT gateways. One gateway costs least. With one per availability zone, outbound access
   * survives the loss of a zone.
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
   */
  public static natGateways(count: number): NetworkEgress {
    return new NatGatewayEgress(count);
  }

  /**
   * Runs tasks without internet access. They reach AWS services through VPC endpoints.
   *
   * The network creates endpoints for the AWS services that the stack uses: image registry, logs, and S3. It adds
   * endpoints for secret stores and ECS Exec if the ECS service uses them. AWS bills each interface endpoint per hour
   * and availability zone.
   *
   * Tasks cannot pull the public placeholder image: set `bootstrapImage` to an image in your own ECR repository.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
   */
  public static privateEndpoints(options: PrivateEndpointsOptions = {}): NetworkEgress {
    return new PrivateEndpointEgress(options);
  }

  /**
   * Runs tasks in public subnets, where they reach the internet from their own public IPv4 addresses. Use it for small
   * environments without a NAT gateway, not for production.
   *
   * AWS bills each public address. Only the security group of the tasks keeps the internet out: it allows the load
   * balancer on the container port. The network emits a warning at synth. Synth rejects `DeploymentHooks.smokeTest`,
   * because a Lambda function gets no public address.
   *
   * The strategy also works with an existing VPC, such as the default VPC of an account, which has public subnets only.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
   */
  public static publicTasks(): NetworkEgress {
    return new PublicTaskEgress();
  }

  /**
   * Runs tasks without any outbound access. **They cannot pull an image**, so no task starts: use it only for templates
   * that are inspected, not deployed.
   *
   * The network emits a warning at synth.
   */
  public static none(): NetworkEgress {
    return new NoEgress();
  }

  /** @internal */
  public get _supportsExistingVpc(): boolean {
    return false;
  }

  /**
   * Returns the VPC settings. A network calls it once, before it creates the VPC.
   *
   * @param scope the network; create resources in a child construct of your own
   * @param options names, and the number of availability zones
   */
  public abstract bind(scope: Construct, options: NetworkEgressBindOptions): NetworkEgressConfig;
}

markStrategy('NetworkEgress', NetworkEgress);

class NatGatewayEgress extends NetworkEgress {
  constructor(private readonly count: number) {
    super();
  }

  public bind(scope: Construct, { zoneCount }: NetworkEgressBindOptions): NetworkEgressConfig {
    this.requireCount(scope, zoneCount);
    return { natGateways: this.count, taskSubnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, internetAccess: true };
  }

  private requireCount(scope: Construct, max: number): void {
    if (Token.isUnresolved(this.count)) { return; }
    if (!Number.isInteger(this.count) || this.count < 1 || this.count > max) {
      fail(scope, `'egress' must have a whole number of NAT gateways from 1 to ${max}, got ${describeValue(this.count)}; the VPC has at most one NAT gateway `
        + "per availability zone, and 'maxAzs' is 2 by default; for a VPC without NAT gateways, use NetworkEgress.privateEndpoints()");
    }
  }
}

const PRIVATE_ENDPOINTS: KindsOf<PrivateEndpointsOptions> = {
  additionalServices: list(object('an ec2.InterfaceVpcEndpointAwsService, such as ec2.InterfaceVpcEndpointAwsService.SQS', 'name', 'port')),
};

class PrivateEndpointEgress extends NetworkEgress {
  constructor(private readonly options: PrivateEndpointsOptions) {
    super();
  }

  public bind(scope: Construct): NetworkEgressConfig {
    requireOptions(scope, 'egress', this.options, PRIVATE_ENDPOINTS);
    return {
      natGateways: 0,
      taskSubnetType: ec2.SubnetType.PRIVATE_ISOLATED,
      internetAccess: false,
      endpoints: this.options.additionalServices ?? [],
    };
  }
}

class PublicTaskEgress extends NetworkEgress {
  /** @internal */
  public override get _supportsExistingVpc(): boolean {
    return true;
  }

  public bind(): NetworkEgressConfig {
    return { natGateways: 0, taskSubnetType: ec2.SubnetType.PUBLIC, internetAccess: true };
  }
}

class NoEgress extends NetworkEgress {
  public bind(): NetworkEgressConfig {
    return { natGateways: 0, taskSubnetType: ec2.SubnetType.PRIVATE_ISOLATED, internetAccess: false };
  }
}
