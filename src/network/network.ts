import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct, IDependable } from 'constructs';
import { NetworkEgress } from './network-egress';
import { NetworkAttributes, NetworkProps } from './network-options';
import { acknowledgeInternetRoutes, nameRequiredEndpoint, warnOfEgress } from './private/annotations';
import { FlowLogs, requireFlowLogs, wantsFlowLogs } from './private/flow-logs';
import { NETWORK_ATTRIBUTE_KINDS, NETWORK_KINDS } from './private/kinds';
import { PrivateEndpoints } from './private/private-endpoints';
import { defaultTaskSubnets, reachesInternet, requireAccess, requireSubnets, requireTaskSubnets } from './private/subnets';
import { requestedZones, requireZones, warnOfFewerZones } from './private/zones';
import { fail } from '../private/errors';
import { requireKinds } from '../private/kinds';
import { isMarked, mark } from '../private/marks';
import { requireCurrentNames } from '../private/moved-options';
import { ResourceNames } from '../private/names';
import { removalPolicyOf } from '../private/part-defaults';
import { requireAbsent } from '../private/validation';

const PUBLIC_SUBNETS = 'Public';
const TASK_SUBNETS = 'Private';
const PUBLIC_LOAD_BALANCER_SUBNETS: ec2.SubnetSelection = { subnetType: ec2.SubnetType.PUBLIC };

/**
 * A VPC, with the subnets of the load balancer and of the tasks.
 */
export interface INetwork extends IConstruct {
  /** The VPC. */
  readonly vpc: ec2.IVpc;
  /** The subnets of the tasks, and of an internal load balancer. */
  readonly taskSubnets: ec2.SubnetSelection;
  /** The subnets of an internet-facing load balancer. */
  readonly loadBalancerSubnets: ec2.SubnetSelection;
  /**
   * Whether to treat the internet as reachable from the tasks. Otherwise, the service rejects public placeholder images
   * at synth.
   */
  readonly internetAccess: boolean;
  /**
   * The routes and endpoints of the network. Everything that starts tasks must depend on these routes and endpoints.
   * Otherwise, the first image pull would fail.
   */
  readonly egressEstablished: IDependable;

  /**
   * Whether to treat the template as never deployed, only inspected, as with `NetworkEgress.none()`. The service then
   * skips the checks that matter only for a deployment.
   *
   * @default false
   */
  readonly forInspectionOnly?: boolean;

  /**
   * Whether to assign a public IPv4 address to each task (`NetworkEgress.publicTasks()`). The task subnets must then be
   * public.
   *
   * @default false
   */
  readonly assignPublicIp?: boolean;

  /**
   * Ensures that the client can reach an AWS service.
   *
   * A network with private endpoints creates the endpoint if it does not exist, and allows the client to reach the
   * endpoint on port 443.
   *
   * In an existing VPC without internet access, the method changes nothing. An info message at synth names the endpoint
   * that the VPC must have. In a network with internet access, the method does nothing.
   *
   * @param service the AWS service, such as `ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER`
   * @param client the caller, whose security groups are allowed
   */
  requireEndpoint(service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable): void;
}

/** Set on a network with private endpoints. */
const PRIVATE_ENDPOINTS = Symbol.for('cdk-blue-green-python-pipeline.Network.privateEndpoints');

interface Layout {
  readonly vpc: ec2.IVpc;
  readonly taskSubnets: ec2.SubnetSelection;
  readonly internetAccess: boolean;
  readonly publicTasks: boolean;
  readonly forInspectionOnly: boolean;
  readonly endpoints: PrivateEndpoints | undefined;
}

/**
 * A VPC over two availability zones, with public subnets for the load balancer, private subnets for the tasks, a NAT
 * gateway, and flow logs.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html
 * @example
 * const network = new Network(this, 'Network', { egress: NetworkEgress.natGateways(2) });
 */
export class Network extends Construct implements INetwork {
  /**
   * Imports an existing network.
   *
   * @throws if the VPC lacks the selected subnets, or if `internetAccess: false` is used together with
   * `assignPublicIp`. It also throws if the tasks would run in public subnets without `assignPublicIp`, or in private
   * subnets with it.
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
  /** Whether to treat the internet as reachable from the tasks. */
  public readonly internetAccess: boolean;
  /**
   * The routes and endpoints of the network. Everything that starts tasks must depend on these routes and endpoints.
   */
  public readonly egressEstablished: IDependable;
  /**
   * Whether to treat the template as never deployed, only inspected, as with `NetworkEgress.none()`. The service then
   * skips the checks that matter only for a deployment.
   */
  public readonly forInspectionOnly?: boolean;
  /** Whether to assign a public IPv4 address to each task (`NetworkEgress.publicTasks()`). */
  public readonly assignPublicIp?: boolean;
  /** The log group of the flow logs. It is undefined without flow logs. */
  public readonly flowLogGroup?: logs.LogGroup;

  private readonly endpoints?: PrivateEndpoints;

  /**
   * @throws if `vpc` is used together with an option of a new VPC, or belongs to a network with private endpoints. It
   * also throws if the VPC lacks the selected subnets, or if the task subnets are public without
   * `NetworkEgress.publicTasks()` or private with it. The other causes are `encryptionKey` or `logRetention` without
   * flow logs, `availabilityZones` with fewer than two zones or with zone ids, and more NAT gateways than zones.
   */
  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    this.validate(props);
    const names = new ResourceNames(this, props);

    const layout = props.vpc
      ? resolveExistingVpc(this, props.vpc, {
        taskSubnets: props.taskSubnets, assignPublicIp: props.egress !== undefined,
      })
      : this.create(props, names);
    this.vpc = layout.vpc;
    this.taskSubnets = layout.taskSubnets;
    this.internetAccess = layout.internetAccess;
    requireSubnets(this, 'loadBalancerSubnets', this.vpc, props.loadBalancerSubnets);
    this.loadBalancerSubnets = props.loadBalancerSubnets ?? PUBLIC_LOAD_BALANCER_SUBNETS;
    this.endpoints = layout.endpoints;
    if (layout.endpoints) { mark(this, PRIVATE_ENDPOINTS); }
    this.egressEstablished = layout.endpoints?.established ?? this.vpc.selectSubnets(this.taskSubnets)
      .internetConnectivityEstablished;
    this.assignPublicIp = layout.publicTasks;
    this.forInspectionOnly = layout.forInspectionOnly;
    warnOfEgress(this, layout);
    if (wantsFlowLogs(props)) {
      const { encryptionKey, logRetention: retention } = props;
      this.flowLogGroup = new FlowLogs(this, {
        names, vpc: this.vpc, encryptionKey, retention, removalPolicy: removalPolicyOf(props),
      }).logGroup;
    }
  }

  /**
   * Ensures that the client can reach an AWS service.
   *
   * A network with private endpoints creates the endpoint if it does not exist, and allows the client to reach the
   * endpoint on port 443.
   *
   * In an existing VPC without internet access, the method changes nothing. An info message at synth names the endpoint
   * that the VPC must have. In a network with internet access, the method does nothing.
   */
  public requireEndpoint(service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable): void {
    if (this.endpoints) {
      this.endpoints.add(service);
      this.endpoints.allow(client);
    } else if (!this.internetAccess && !this.forInspectionOnly) {
      nameRequiredEndpoint(this, service, client);
    }
  }

  private validate(props: NetworkProps): void {
    requireCurrentNames(this, props, { flowLogRetention: 'logRetention' });
    requireKinds(this, props, NETWORK_KINDS);
    requireZones(this, props);
    if (props.vpc) {
      const { ipAddresses, maxAzs, availabilityZones, restrictDefaultSecurityGroup } = props;
      const egress = props.egress?._supportsExistingVpc ? undefined : props.egress;
      requireAbsent(this, 'vpc', { ipAddresses, maxAzs, availabilityZones, egress, restrictDefaultSecurityGroup },
        "these options configure a new VPC: remove them, or remove 'vpc'. With 'vpc', the only possible 'egress' is NetworkEgress.publicTasks()");
      requireNoEndpoints(this, props.vpc);
    }
    requireFlowLogs(this, props);
  }

  private create(props: NetworkProps, names: ResourceNames): Layout {
    const { ipAddresses, availabilityZones, egress = NetworkEgress.natGateways(1) } = props;
    const zones = requestedZones(props);
    const { natGateways, taskSubnetType, internetAccess, endpoints: services } = egress.bind(this, {
      ...names.parts, zoneCount: zones,
    });
    const publicTasks = taskSubnetType === ec2.SubnetType.PUBLIC;
    requireAccess(this, publicTasks, internetAccess);
    // equal shares of the whole range would leave no room for later subnets, such as those of databases
    const cidrMask = ipAddresses ? undefined : 20;
    const vpc = new ec2.Vpc(this, 'Vpc', {
      vpcName: names.of('vpc'),
      ipAddresses,
      availabilityZones,
      maxAzs: availabilityZones ? undefined : zones,
      natGateways,
      // set here, because a feature flag of the app decides otherwise
      restrictDefaultSecurityGroup: props.restrictDefaultSecurityGroup ?? false,
      subnetConfiguration: [
        // the load balancer and the NAT gateways bring their own addresses, and ECS assigns those of public tasks
        { name: PUBLIC_SUBNETS, subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask },
        ...publicTasks ? [] : [{ name: TASK_SUBNETS, subnetType: taskSubnetType, cidrMask }],
      ],
    });
    warnOfFewerZones(this, vpc, { zones, natGateways });
    acknowledgeInternetRoutes(vpc, publicTasks);
    const taskSubnets = props.taskSubnets ?? { subnetGroupName: publicTasks ? PUBLIC_SUBNETS : TASK_SUBNETS };
    requireTaskSubnets(this, vpc, taskSubnets, publicTasks);
    const endpoints = services && new PrivateEndpoints(this, 'Endpoints', { names, vpc, subnets: taskSubnets, services });
    return {
      vpc, taskSubnets, internetAccess, publicTasks, endpoints, forInspectionOnly: !internetAccess && !endpoints,
    };
  }
}

class ImportedNetwork extends Construct implements INetwork {
  public readonly vpc: ec2.IVpc;
  public readonly taskSubnets: ec2.SubnetSelection;
  public readonly loadBalancerSubnets: ec2.SubnetSelection;
  public readonly internetAccess: boolean;
  public readonly egressEstablished: IDependable;
  public readonly assignPublicIp?: boolean;

  constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    requireKinds(this, attributes, NETWORK_ATTRIBUTE_KINDS);
    if (attributes.assignPublicIp && attributes.internetAccess === false) {
      fail(this, "'internetAccess: false' cannot be used together with 'assignPublicIp: true'; tasks with public addresses reach the internet: "
        + 'remove one of the two');
    }
    const layout = resolveExistingVpc(this, attributes.vpc, attributes);
    this.vpc = layout.vpc;
    this.taskSubnets = layout.taskSubnets;
    this.internetAccess = layout.internetAccess;
    requireSubnets(this, 'loadBalancerSubnets', this.vpc, attributes.loadBalancerSubnets);
    this.loadBalancerSubnets = attributes.loadBalancerSubnets ?? PUBLIC_LOAD_BALANCER_SUBNETS;
    this.egressEstablished = this.vpc.selectSubnets(this.taskSubnets).internetConnectivityEstablished;
    this.assignPublicIp = layout.publicTasks;
    warnOfEgress(this, layout);
  }

  /** Names the endpoint that the VPC must have, because its owner manages the endpoints. */
  public requireEndpoint(service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable): void {
    if (!this.internetAccess) {
      nameRequiredEndpoint(this, service, client);
    }
  }
}

/** The endpoints of another network allow only the clients that require them of that network. */
function requireNoEndpoints(scope: Construct, vpc: ec2.IVpc): void {
  const owner = vpc.node.scope;
  if (owner && isMarked(owner, PRIVATE_ENDPOINTS)) {
    fail(scope, `'vpc' must not belong to a Network with private endpoints, got the VPC of ${owner.node.path}, whose endpoints would reject these tasks; `
      + 'pass that Network to ContainerPlatform instead');
  }
}

/** The settings of the tasks in an existing VPC. */
type ExistingVpc = Pick<NetworkAttributes, 'taskSubnets' | 'assignPublicIp' | 'internetAccess'>;

/** An existing VPC may have endpoints that its owner manages, so it is never for inspection only. */
function resolveExistingVpc(scope: Construct, vpc: ec2.IVpc, existing: ExistingVpc): Layout {
  const { assignPublicIp: publicTasks = false } = existing;
  const taskSubnets = existing.taskSubnets ?? defaultTaskSubnets(scope, vpc, publicTasks);
  requireTaskSubnets(scope, vpc, taskSubnets, publicTasks);
  const internetAccess = existing.internetAccess ?? reachesInternet(vpc, taskSubnets);
  return { vpc, taskSubnets, internetAccess, publicTasks, endpoints: undefined, forInspectionOnly: false };
}
