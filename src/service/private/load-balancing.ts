import { CfnResource, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { requireTimeoutBelowInterval } from './validation';
import { INetwork } from '../../network/network';
import { fail, show } from '../../private/errors';
import { MAX_LENGTH, ResourceNames } from '../../private/names';

/** Props of the load balancer and its target groups. */
export interface LoadBalancingProps {
  readonly names: ResourceNames;
  readonly network: INetwork;
  readonly internetFacing: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly healthCheck?: elbv2.HealthCheck;
  readonly certificate?: acm.ICertificate;
  readonly deregistrationDelay?: Duration;
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** IP targets register the container's own port; a pinned one keeps another container port from replacing the group under the listener. */
const TARGET_GROUP_PORT = 80;

/**
 * A load balancer with a production listener and the two target groups that CodeDeploy swaps.
 *
 * CodeDeploy rewrites the listener's action with every release. CloudFormation does not look, until the listener changes in the template:
 * then it sends the action of the template again, and with it all traffic to blue. So the listener holds nothing that changes.
 */
export class LoadBalancing extends Construct {
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  public readonly listener: elbv2.ApplicationListener;
  public readonly blue: elbv2.ApplicationTargetGroup;
  public readonly green: elbv2.ApplicationTargetGroup;
  public readonly url: string;

  constructor(scope: Construct, id: string, private readonly props: LoadBalancingProps) {
    super(scope, id);
    const healthCheck = withDefaults(props.healthCheck);
    requireTimeoutBelowInterval(scope, healthCheck);

    this.loadBalancer = this.createLoadBalancer();
    this.blue = this.createTargetGroup('Blue', 'blue', healthCheck);
    this.green = this.createTargetGroup('Green', 'green', healthCheck);
    this.listener = this.createListener();
    this.url = `${props.certificate ? 'https' : 'http'}://${this.loadBalancer.loadBalancerDnsName}`;
  }

  private createLoadBalancer(): elbv2.ApplicationLoadBalancer {
    const { names, network, internetFacing, removalPolicy, securityGroups } = this.props;
    const vpcSubnets = internetFacing ? network.loadBalancerSubnets : network.taskSubnets;
    this.requireTwoZones(vpcSubnets);
    const [first, ...others] = securityGroups ?? [this.createSecurityGroup()];
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'Resource', {
      loadBalancerName: names.of('web', MAX_LENGTH.loadBalancer),
      vpc: network.vpc,
      vpcSubnets,
      internetFacing,
      securityGroup: first,
      dropInvalidHeaderFields: true,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    });
    others.forEach((group) => loadBalancer.addSecurityGroup(group));
    return loadBalancer;
  }

  /** What a given VPC may lack, and the load balancer would say in the middle of the deployment. */
  private requireTwoZones(selection: ec2.SubnetSelection): void {
    const { network: { vpc }, internetFacing } = this.props;
    const none = selection.subnetType === ec2.SubnetType.PUBLIC && vpc.publicSubnets.length === 0;
    const zones = none ? [] : [...new Set(vpc.selectSubnets(selection).availabilityZones)];
    if (zones.length >= 2 || Token.isUnresolved(zones)) { return; }
    fail(this, `'network.${internetFacing ? 'loadBalancerSubnets' : 'taskSubnets'}' must span two availability zones, got ${show(zones)}; `
      + 'a load balancer needs two: choose other subnets or another VPC');
  }

  private createSecurityGroup(): ec2.SecurityGroup {
    const { names, network, internetFacing, certificate } = this.props;
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      securityGroupName: names.of('load-balancer'),
      description: 'Load balancer: listener ports in, container port out',
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
      disableInlineRules: false,
    });
    const peer = internetFacing ? ec2.Peer.anyIpv4() : ec2.Peer.ipv4(network.vpc.vpcCidrBlock);
    for (const port of certificate ? [443, 80] : [80]) {
      group.addIngressRule(peer, ec2.Port.tcp(port), `Listener on port ${port}`);
    }
    return group;
  }

  private createTargetGroup(id: string, color: string, healthCheck: elbv2.HealthCheck): elbv2.ApplicationTargetGroup {
    const { names, network, deregistrationDelay } = this.props;
    return new elbv2.ApplicationTargetGroup(this, id, {
      targetGroupName: names.of(color, MAX_LENGTH.loadBalancer),
      vpc: network.vpc,
      targetType: elbv2.TargetType.IP,
      protocol: elbv2.ApplicationProtocol.HTTP,
      protocolVersion: elbv2.ApplicationProtocolVersion.HTTP1,
      port: TARGET_GROUP_PORT,
      healthCheck,
      deregistrationDelay: deregistrationDelay ?? Duration.seconds(30),
    });
  }

  private createListener(): elbv2.ApplicationListener {
    const { certificate } = this.props;
    const listener = this.loadBalancer.addListener('Listener', {
      // the security group has the rules, narrower for an internal load balancer than this would make them
      open: false,
      defaultAction: elbv2.ListenerAction.forward([this.blue]),
      ...(certificate
        // pinned: a feature flag of the app chooses the policy otherwise, and a change resets the traffic
        ? { port: 443, protocol: elbv2.ApplicationProtocol.HTTPS, certificates: [certificate], sslPolicy: elbv2.SslPolicy.TLS13_RES }
        : { port: 80, protocol: elbv2.ApplicationProtocol.HTTP }),
    });
    freezeTags(listener);
    if (certificate) {
      this.createRedirect(listener);
    }
    return listener;
  }

  private createRedirect(listener: elbv2.ApplicationListener): void {
    const redirect = this.loadBalancer.addListener('RedirectListener', {
      open: false,
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    // a stack that gains a certificate moves its listener from 80 to 443 first, else both would claim port 80
    redirect.node.addDependency(listener);
    freezeTags(redirect);
  }
}

/** A tag that is added to the whole app would change the listener, and CloudFormation would send its action again. */
function freezeTags(listener: elbv2.ApplicationListener): void {
  (listener.node.defaultChild as CfnResource).addPropertyDeletionOverride('Tags');
}

function withDefaults(check: elbv2.HealthCheck = {}): elbv2.HealthCheck & { readonly interval: Duration; readonly timeout: Duration } {
  return {
    ...check,
    path: check.path ?? '/',
    interval: check.interval ?? Duration.seconds(15),
    timeout: check.timeout ?? Duration.seconds(5),
    healthyThresholdCount: check.healthyThresholdCount ?? 5,
    unhealthyThresholdCount: check.unhealthyThresholdCount ?? 2,
  };
}
