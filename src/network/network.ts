import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct, IDependable } from 'constructs';
import { NetworkEgress } from './network-egress';
import { PartProps } from '../part-props';
import { FlowLogs } from './private/flow-logs';
import { PrivateEndpoints } from './private/private-endpoints';
import { requireSubnets } from './private/subnets';
import { acknowledge } from '../private/acknowledge';
import { fail } from '../private/errors';
import { ResourceNames } from '../private/names';
import { requireAbsent, requireInteger } from '../private/validation';

const PUBLIC_SUBNETS = 'Public';
const TASK_SUBNETS = 'Private';
const DEFAULT_ZONES = 2;

/**
 * Where the load balancer and the tasks live.
 */
export interface INetwork extends IConstruct {
  /** The VPC. */
  readonly vpc: ec2.IVpc;
  /** The subnets of the tasks, and of an internal load balancer. */
  readonly taskSubnets: ec2.SubnetSelection;
  /** The subnets of an internet-facing load balancer. */
  readonly loadBalancerSubnets: ec2.SubnetSelection;
  /** Whether tasks reach the internet: without it a public placeholder image cannot be pulled. */
  readonly internetAccess: boolean;
  /** Depend on this before starting tasks: their first pull would fail without the way out. */
  readonly egressEstablished: IDependable;

  /** True when the template is to be looked at, not deployed (`NetworkEgress.none()`): checks that matter only in an account are skipped. */
  readonly forInspectionOnly?: boolean;

  /**
   * Makes the service reachable for the client when this network has no way to the internet but endpoints of its own. Called again, it does nothing.
   * In a given VPC without a way to the internet an info at synthesis tells of the endpoint; elsewhere nothing happens.
   *
   * @param service what is called, such as `ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER`
   * @param client who calls it
   */
  requireEndpoint(service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable): void;
}

/**
 * What a parent may tune on a network.
 */
export interface NetworkOptions {
  /**
   * A VPC that exists. Zones, addresses and the way out are then its owner's. It cannot be changed once a service exists.
   *
   * @default - a new VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The address range of the new VPC. It cannot be changed once a service exists.
   *
   * @default - 10.0.0.0/16, with subnets of 4096 addresses, so that there is room for others
   */
  readonly ipAddresses?: ec2.IIpAddresses;

  /**
   * How many availability zones the new VPC spans, 2 to 6: a load balancer needs two.
   *
   * A stack without a region gets two at most, since nobody knows the others. It cannot be changed once a service exists.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * The tasks' way out.
   *
   * @default - NetworkEgress.natGateways(1); with `vpc`, what the VPC provides
   */
  readonly egress?: NetworkEgress;

  /**
   * Whether the VPC's traffic is logged to CloudWatch Logs. With RETAIN the log group stays when it is switched off:
   * delete it before switching it on again under the same name.
   *
   * @default - true for a new VPC, false with `vpc`
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
   */
  readonly flowLogs?: boolean;

  /**
   * How long the flow logs are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly flowLogRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the flow logs. CloudWatch Logs of this region is allowed to use it.
   *
   * @default - a new customer key, when there are flow logs
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether the rules of the new VPC's default security group are taken away. Nothing here uses that group.
   *
   * CloudFormation cannot do it: CDK adds a function of its own to the stack, which may change the rules of this group.
   *
   * @default false
   */
  readonly restrictDefaultSecurityGroup?: boolean;

  /**
   * The subnets of the tasks, which get no public address. They cannot be changed once a service exists.
   *
   * @default - the private subnets; with `vpc`, those with a way out where there are any, else the isolated ones
   */
  readonly taskSubnets?: ec2.SubnetSelection;

  /**
   * The subnets of an internet-facing load balancer; an internal one stands in the subnets of the tasks.
   *
   * @default - the public subnets
   */
  readonly loadBalancerSubnets?: ec2.SubnetSelection;
}

/**
 * Props of a network.
 */
export interface NetworkProps extends NetworkOptions, PartProps {}

/**
 * A network that exists.
 */
export interface NetworkAttributes {
  /** The VPC. */
  readonly vpc: ec2.IVpc;
  /**
   * The subnets of the tasks.
   *
   * @default - the private subnets with a way out where there are any, else the isolated ones
   */
  readonly taskSubnets?: ec2.SubnetSelection;
  /**
   * The subnets of an internet-facing load balancer; an internal one stands in the subnets of the tasks.
   *
   * @default - the public subnets
   */
  readonly loadBalancerSubnets?: ec2.SubnetSelection;
  /**
   * Whether tasks reach the internet.
   *
   * @default - true, unless the tasks' subnets are isolated
   */
  readonly internetAccess?: boolean;
}

interface Layout {
  readonly vpc: ec2.IVpc;
  readonly taskSubnets: ec2.SubnetSelection;
  readonly internetAccess: boolean;
  readonly endpoints: PrivateEndpoints | undefined;
  readonly forInspectionOnly: boolean;
}

/**
 * A VPC over two zones, public subnets for the load balancer and private ones for the tasks, with a way out and flow logs.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html
 * @example
 * const network = new Network(this, 'Network', { egress: NetworkEgress.natGateways(2) });
 */
export class Network extends Construct implements INetwork {
  /**
   * A network that exists, from its VPC.
   */
  public static fromNetworkAttributes(scope: Construct, id: string, attributes: NetworkAttributes): INetwork {
    return new ImportedNetwork(scope, id, attributes);
  }

  /** The VPC. */
  public readonly vpc: ec2.IVpc;
  /** The subnets of the tasks, and of an internal load balancer. */
  public readonly taskSubnets: ec2.SubnetSelection;
  /** The subnets of an internet-facing load balancer. */
  public readonly loadBalancerSubnets: ec2.SubnetSelection;
  /** Whether tasks reach the internet. */
  public readonly internetAccess: boolean;
  /** Depend on this before starting tasks. */
  public readonly egressEstablished: IDependable;
  /** True when the template is to be looked at, not deployed. */
  public readonly forInspectionOnly?: boolean;
  /** Where the VPC's traffic is logged; undefined when `flowLogs` is off. */
  public readonly flowLogGroup?: logs.LogGroup;

  private readonly endpoints?: PrivateEndpoints;

  /**
   * @throws when `vpc` comes with a prop of a new VPC or belongs to a network with private endpoints, when subnets are chosen that the VPC has not,
   * when `encryptionKey` comes without flow logs, with fewer than two zones, or with more NAT gateways than zones
   */
  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    this.validate(props);
    const names = new ResourceNames(this, props);

    const layout = props.vpc ? adopt(this, props.vpc, props) : this.create(props, names);
    this.vpc = layout.vpc;
    this.taskSubnets = layout.taskSubnets;
    this.internetAccess = layout.internetAccess;
    requireSubnets(this, 'loadBalancerSubnets', this.vpc, props.loadBalancerSubnets);
    this.loadBalancerSubnets = props.loadBalancerSubnets ?? { subnetType: ec2.SubnetType.PUBLIC };
    this.endpoints = layout.endpoints;
    this.egressEstablished = layout.endpoints?.established ?? this.vpc.selectSubnets(this.taskSubnets).internetConnectivityEstablished;
    if (wantsFlowLogs(props)) {
      const { encryptionKey, flowLogRetention: retention, removalPolicy = RemovalPolicy.DESTROY } = props;
      this.flowLogGroup = new FlowLogs(this, { names, vpc: this.vpc, encryptionKey, retention, removalPolicy }).logGroup;
    }

    if (layout.forInspectionOnly) {
      this.forInspectionOnly = true;
      Annotations.of(this).addWarningV2('cdk-blue-green-python-pipeline:Network.noEgress',
        'the tasks have no way out: they cannot pull an image, so this stack is to be looked at, not deployed; '
        + "use 'egress: NetworkEgress.natGateways(1)' to run it");
    }
  }

  /**
   * Makes the service reachable for the client when this network has no way to the internet but endpoints of its own. Called again, it does nothing.
   * In a given VPC without a way to the internet an info at synthesis tells of the endpoint; elsewhere nothing happens.
   */
  public requireEndpoint(service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable): void {
    if (this.endpoints) {
      this.endpoints.add(service);
      this.endpoints.admit(client);
    } else if (!this.internetAccess && !this.forInspectionOnly) {
      tellOfEndpoint(this, service, client);
    }
  }

  /** @internal */
  public _usesPrivateEndpoints(): boolean {
    return this.endpoints !== undefined;
  }

  private validate(props: NetworkProps): void {
    if (props.vpc) {
      const { ipAddresses, maxAzs, egress, restrictDefaultSecurityGroup } = props;
      requireAbsent(this, 'vpc', { ipAddresses, maxAzs, egress, restrictDefaultSecurityGroup },
        'they shape a new VPC, and the given one has its own: remove them or remove \'vpc\'');
      requireNoEndpoints(this, props.vpc);
    }
    if (!wantsFlowLogs(props)) {
      requireAbsent(this, props.vpc ? 'vpc' : 'flowLogs: false', { encryptionKey: props.encryptionKey, flowLogRetention: props.flowLogRetention },
        "there are no flow logs: remove it or set 'flowLogs: true'");
    }
    requireInteger(this, 'maxAzs', props.maxAzs, { min: 2, max: 6, remedy: 'a load balancer needs two availability zones' });
  }

  private create(props: NetworkProps, names: ResourceNames): Layout {
    const maxAzs = props.maxAzs ?? DEFAULT_ZONES;
    const { natGateways, taskSubnetType, internetAccess, endpoints: services } = (props.egress ?? NetworkEgress.natGateways(1)).bind(this, maxAzs);
    // equal shares of the whole range would leave no room for subnets of databases or endpoints, ever
    const cidrMask = props.ipAddresses ? undefined : 20;
    const vpc = new ec2.Vpc(this, 'Vpc', {
      vpcName: names.of('vpc'),
      ipAddresses: props.ipAddresses,
      maxAzs,
      natGateways,
      // set here, since a feature flag of the app decides otherwise
      restrictDefaultSecurityGroup: props.restrictDefaultSecurityGroup ?? false,
      subnetConfiguration: [
        // only the load balancer and the NAT gateways live here, and they bring their own addresses
        { name: PUBLIC_SUBNETS, subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask },
        { name: TASK_SUBNETS, subnetType: taskSubnetType, cidrMask },
      ],
    });
    vpc.publicSubnets.forEach((subnet) => acknowledge(subnet, 'An internet-facing load balancer and a NAT gateway need the way to the internet.', {
      compliance: ['VPCNoUnrestrictedRouteToIGW'],
    }));
    const taskSubnets = props.taskSubnets ?? { subnetGroupName: TASK_SUBNETS };
    requirePrivate(this, vpc, taskSubnets);
    const endpoints = services && new PrivateEndpoints(this, 'Endpoints', { names, vpc, subnets: taskSubnets, services });
    return { vpc, taskSubnets, internetAccess, endpoints, forInspectionOnly: !internetAccess && !endpoints };
  }
}

class ImportedNetwork extends Construct implements INetwork {
  public readonly vpc: ec2.IVpc;
  public readonly taskSubnets: ec2.SubnetSelection;
  public readonly loadBalancerSubnets: ec2.SubnetSelection;
  public readonly internetAccess: boolean;
  public readonly egressEstablished: IDependable;

  constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    const layout = adopt(this, attributes.vpc, attributes);
    this.vpc = layout.vpc;
    this.taskSubnets = layout.taskSubnets;
    this.internetAccess = layout.internetAccess;
    requireSubnets(this, 'loadBalancerSubnets', this.vpc, attributes.loadBalancerSubnets);
    this.loadBalancerSubnets = attributes.loadBalancerSubnets ?? { subnetType: ec2.SubnetType.PUBLIC };
    this.egressEstablished = this.vpc.selectSubnets(this.taskSubnets).internetConnectivityEstablished;
  }

  /** The endpoints of a network that exists are its owner's. */
  public requireEndpoint(service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable): void {
    if (!this.internetAccess) {
      tellOfEndpoint(this, service, client);
    }
  }
}

/** What nobody can see from here; a warning would stay for good. */
function tellOfEndpoint(scope: Construct, service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable): void {
  const clients = client.connections.securityGroups.map(({ node }) => node.path).join(', ');
  Annotations.of(scope).addInfoV2('cdk-blue-green-python-pipeline:Network.givenEndpoints',
    `the given VPC has no way to the internet: it must have the gateway of S3, and an interface endpoint of ${service.shortName} that admits ${clients}`);
}

/** The endpoints of another network admit who asks that network for them, and nobody would from here. */
function requireNoEndpoints(scope: Construct, vpc: ec2.IVpc): void {
  const owner = vpc.node.scope;
  if (owner instanceof Network && owner._usesPrivateEndpoints()) {
    fail(scope, `'vpc' must not be that of a network with private endpoints, got that of ${owner.node.path}; its endpoints would let nobody in: `
      + 'give that network to a ContainerPlatform, and compose the parts');
  }
}

function wantsFlowLogs({ flowLogs, vpc }: NetworkOptions): boolean {
  return flowLogs ?? !vpc;
}

function adopt(
  scope: Construct, vpc: ec2.IVpc, given: { readonly taskSubnets?: ec2.SubnetSelection; readonly internetAccess?: boolean },
): Layout {
  const taskSubnets = given.taskSubnets ?? privateSubnetsOf(scope, vpc);
  requirePrivate(scope, vpc, taskSubnets);
  const internetAccess = given.internetAccess ?? reachesInternet(vpc, taskSubnets);
  return { vpc, taskSubnets, internetAccess, endpoints: undefined, forInspectionOnly: false };
}

function privateSubnetsOf(scope: Construct, vpc: ec2.IVpc): ec2.SubnetSelection {
  if (vpc.privateSubnets.length > 0) { return { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }; }
  if (vpc.isolatedSubnets.length > 0) { return { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }; }
  return fail(scope, `'vpc' must have private subnets for the tasks, got ${vpc.node.path} without any; give another VPC, or leave it out to have one made`);
}

/** Tasks get no public address, so in a public subnet they could pull nothing, and the service would hang its stack. */
function requirePrivate(scope: Construct, vpc: ec2.IVpc, taskSubnets: ec2.SubnetSelection): void {
  requireSubnets(scope, 'taskSubnets', vpc, taskSubnets);
  const open = new Set(vpc.publicSubnets);
  if (vpc.selectSubnets(taskSubnets).subnets.some((subnet) => open.has(subnet))) {
    fail(scope, "'taskSubnets' must be private, got public subnets; tasks get no public address and would reach nothing from there");
  }
}

function reachesInternet(vpc: ec2.IVpc, selection: ec2.SubnetSelection): boolean {
  const isolated = new Set(vpc.isolatedSubnets);
  return !vpc.selectSubnets(selection).subnets.some((subnet) => isolated.has(subnet));
}
