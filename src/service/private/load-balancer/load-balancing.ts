import { CfnResource, Duration, RemovalPolicy, Tokenization } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, IConstruct } from 'constructs';
import { writeAccessLogs } from './access-logs';
import { addAliasRecord, createCertificate, validateDomain } from './domain';
import { HealthCheck } from './health-check';
import { requireLoadBalancerZones, vpcCidrBlockOf } from './subnets';
import { INetwork } from '../../../network/network';
import { acknowledge } from '../../../private/acknowledge';
import { CERTIFICATE, LOG_BUCKET, SECURITY_GROUP } from '../../../private/common-kinds';
import { fail } from '../../../private/errors';
import { confidential, DURATION, flag, KindsOf, list, requireOptions, resource, STRING } from '../../../private/kinds';
import { MAX_LENGTH, ResourceNames } from '../../../private/names';
import { requireDuration } from '../../../private/validation';
import { DeploymentTestListener } from '../../deployment-test-listener';
import { LoadBalancerOptions } from '../../load-balancer-options';

const OPTIONS: KindsOf<LoadBalancerOptions> = {
  // the wrong value may be a text with the private key
  certificate: confidential(CERTIFICATE),
  domainName: STRING,
  // Route 53 is global
  hostedZone: resource('a route53.IHostedZone, such as route53.HostedZone.fromLookup()', 'hostedZoneArn', ['hostedZoneId', 'zoneName'], {
    same: 'account', remedy: 'the stack creates records in the zone: use a zone of its account, or create the records there yourself',
  }),
  internetFacing: flag('set false for an internal load balancer'),
  securityGroups: list(SECURITY_GROUP),
  accessLogsBucket: LOG_BUCKET,
  deregistrationDelay: DURATION,
  idleTimeout: DURATION,
  clientKeepAlive: DURATION,
  preserveHostHeader: flag('set true to pass the header as the client sent it'),
};

/** Fails if an option is invalid. AWS would reject it only after the deployment of the stack has started. */
export function validateLoadBalancer(scope: IConstruct, options: LoadBalancerOptions = {}): void {
  requireOptions(scope, 'loadBalancer', options, OPTIONS);
  requireDuration(scope, 'loadBalancer.deregistrationDelay', options.deregistrationDelay, {
    unit: 'seconds', min: 0, max: 3600, remedy: 'this is the time that a task has to finish its open requests',
  });
  requireDuration(scope, 'loadBalancer.idleTimeout', options.idleTimeout, {
    unit: 'seconds', min: 1, max: 4000, remedy: 'the load balancer allows no other value',
  });
  requireDuration(scope, 'loadBalancer.clientKeepAlive', options.clientKeepAlive, {
    unit: 'seconds', min: 60, max: 604_800, remedy: 'the load balancer allows no other value',
  });
  if (options.domainName !== undefined || options.hostedZone !== undefined) { validateDomain(scope, options); }
  if (options.securityGroups?.length === 0) {
    fail(scope, "'loadBalancer.securityGroups' must not be empty, got []; remove the option to let the service create a group");
  }
}

/** Props of the load balancer and its target groups. */
export interface LoadBalancingProps {
  readonly names: ResourceNames;
  readonly network: INetwork;
  readonly removalPolicy: RemovalPolicy;
  readonly options: LoadBalancerOptions;
  readonly healthCheck: HealthCheck;
  readonly testListener?: DeploymentTestListener;
}

/**
 * The pinned port of the target groups. IP targets register the container port anyway, and a changed port would replace
 * the target group of the listener.
 */
const TARGET_GROUP_PORT = 80;

/**
 * A load balancer with a production listener and the two target groups that CodeDeploy swaps.
 *
 * CodeDeploy rewrites the listener's action with every release. CloudFormation compares templates, so it leaves that
 * action alone until the listener changes in the template. Then it sends the action of the template again, which sends
 * all traffic to blue. So the listener contains nothing that changes.
 *
 * A drift-aware change set (`cdk deploy --revert-drift`) compares with the live listener, and sends all traffic to blue
 * without any change of the template. The library cannot prevent that.
 */
export class LoadBalancing extends Construct {
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  public readonly listener: elbv2.ApplicationListener;
  public readonly blue: elbv2.ApplicationTargetGroup;
  public readonly green: elbv2.ApplicationTargetGroup;
  public readonly testListener?: elbv2.ApplicationListener;
  public readonly testPort?: number;
  public readonly url: string;
  /** Undefined if the certificate covers a name that is not known here. It never covers the load balancer's own. */
  public readonly applicationUrl?: string;
  private readonly certificate?: acm.ICertificate;

  constructor(scope: Construct, id: string, private readonly props: LoadBalancingProps) {
    super(scope, id);
    const { names, network: { vpc }, options: { domainName, hostedZone } } = props;

    this.certificate = this.chooseCertificate();
    this.loadBalancer = this.createLoadBalancer();
    this.blue = this.createTargetGroup('Blue', 'blue');
    this.green = this.createTargetGroup('Green', 'green');
    this.listener = this.createListener();
    if (props.testListener) {
      const { port, peers } = props.testListener.bind(scope, { ...names.parts, vpc });
      this.testPort = port;
      this.testListener = this.createTestListener(port, peers);
    }
    // after a release, the test listener forwards to a different group than in the template: CloudFormation must not
    // delete that group first
    this.testListener?.node.addDependency(this.blue);
    if (domainName && hostedZone) {
      addAliasRecord(this, this.loadBalancer, domainName, hostedZone);
    }
    this.url = `${this.https ? 'https' : 'http'}://${domainName ?? this.loadBalancer.loadBalancerDnsName}`;
    this.applicationUrl = this.https && !domainName ? undefined : this.url;
  }

  /** Whether the listeners use HTTPS. */
  public get https(): boolean {
    return this.certificate !== undefined;
  }

  private get internetFacing(): boolean {
    return this.props.options.internetFacing ?? true;
  }

  private chooseCertificate(): acm.ICertificate | undefined {
    const { certificate, domainName, hostedZone } = this.props.options;
    if (certificate || !domainName || !hostedZone) { return certificate; }
    return createCertificate(this, domainName, hostedZone);
  }

  private createLoadBalancer(): elbv2.ApplicationLoadBalancer {
    const { names, network, removalPolicy, options: { securityGroups } } = this.props;
    const { internetFacing } = this;
    const vpcSubnets = internetFacing ? network.loadBalancerSubnets : network.taskSubnets;
    requireLoadBalancerZones(this, network, internetFacing);
    const [first, ...others] = securityGroups ?? [this.createSecurityGroup()];
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'Resource', {
      loadBalancerName: names.loadBalancer('web'),
      vpc: network.vpc,
      vpcSubnets,
      internetFacing,
      securityGroup: first,
      dropInvalidHeaderFields: true,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
    });
    others.forEach((group) => loadBalancer.addSecurityGroup(group));
    this.setAttributes(loadBalancer);
    return loadBalancer;
  }

  /**
   * Sets each attribute, with its default, in the template: CloudFormation does not change an attribute that the
   * template no longer contains. Only the lifetime of a client's connection keeps the default of AWS until it is set.
   */
  private setAttributes(loadBalancer: elbv2.ApplicationLoadBalancer): void {
    const { names, options: { clientKeepAlive, accessLogsBucket } } = this.props;
    const { idleTimeout = Duration.seconds(60), preserveHostHeader = false } = this.props.options;
    loadBalancer.setAttribute('idle_timeout.timeout_seconds', Tokenization.stringifyNumber(idleTimeout.toSeconds()));
    loadBalancer.setAttribute('routing.http.preserve_host_header.enabled', `${preserveHostHeader}`);
    if (clientKeepAlive) {
      loadBalancer.setAttribute('client_keep_alive.seconds', Tokenization.stringifyNumber(clientKeepAlive.toSeconds()));
    }
    if (accessLogsBucket) {
      writeAccessLogs(this, loadBalancer, accessLogsBucket, names);
    } else {
      loadBalancer.setAttribute('access_logs.s3.enabled', 'false');
    }
  }

  private createSecurityGroup(): ec2.SecurityGroup {
    const { names, network } = this.props;
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      securityGroupName: names.securityGroup('load-balancer'),
      description: 'Load balancer: listener ports in, container port out',
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
      disableInlineRules: false,
    });
    const peer = this.internetFacing ? ec2.Peer.anyIpv4() : ec2.Peer.ipv4(vpcCidrBlockOf(this, network.vpc));
    for (const port of this.https ? [443, 80] : [80]) {
      group.addIngressRule(peer, ec2.Port.tcp(port), `Listener on port ${port}`);
    }
    return group;
  }

  private createTargetGroup(id: string, color: string): elbv2.ApplicationTargetGroup {
    const { names, network, healthCheck, options: { deregistrationDelay } } = this.props;
    const { path, healthyHttpCodes, interval, timeout, healthyThresholdCount, unhealthyThresholdCount } = healthCheck;
    return new elbv2.ApplicationTargetGroup(this, id, {
      targetGroupName: names.of(color, MAX_LENGTH.loadBalancer),
      vpc: network.vpc,
      targetType: elbv2.TargetType.IP,
      protocol: elbv2.ApplicationProtocol.HTTP,
      protocolVersion: elbv2.ApplicationProtocolVersion.HTTP1,
      port: TARGET_GROUP_PORT,
      // one by one: CDK would accept the whole struct, including an option that it does not know
      healthCheck: { path, healthyHttpCodes, interval, timeout, healthyThresholdCount, unhealthyThresholdCount },
      deregistrationDelay: deregistrationDelay ?? Duration.seconds(30),
    });
  }

  private createListener(): elbv2.ApplicationListener {
    const listener = this.loadBalancer.addListener('Listener', {
      // the security group has the rules: CDK's own rule would be too wide for an internal load balancer
      open: false,
      port: this.https ? 443 : 80,
      // with green, because without a listener, it would get traffic before the load balancer has checked the tasks of
      // the first release
      defaultAction: elbv2.ListenerAction.weightedForward(
        [{ targetGroup: this.blue, weight: 100 }, { targetGroup: this.green, weight: 0 }],
      ),
      ...this.protocol(),
    });
    freezeTags(listener);
    if (this.https) {
      this.createRedirect(listener);
    }
    return listener;
  }

  /**
   * Creates the test listener with the protocol of the production listener: an application that enforces HTTPS would
   * redirect a test over HTTP.
   */
  private createTestListener(port: number, peers: ec2.IPeer[]): elbv2.ApplicationListener {
    const listener = this.loadBalancer.addListener('TestListener', {
      // closed by default: CDK would allow 0.0.0.0/0
      open: false,
      port,
      defaultAction: elbv2.ListenerAction.forward([this.green]),
      ...this.protocol(),
    });
    freezeTags(listener);
    peers.forEach((peer) => this.loadBalancer.connections.allowFrom(peer, ec2.Port.tcp(port), 'Test listener'));
    return listener;
  }

  private protocol(): Pick<elbv2.BaseApplicationListenerProps, 'protocol' | 'certificates' | 'sslPolicy'> {
    const { certificate } = this;
    return certificate
      // pinned: otherwise a feature flag of the app chooses the policy, and a change resets the traffic
      ? { protocol: elbv2.ApplicationProtocol.HTTPS, certificates: [certificate], sslPolicy: elbv2.SslPolicy.TLS13_RES }
      : { protocol: elbv2.ApplicationProtocol.HTTP };
  }

  private createRedirect(listener: elbv2.ApplicationListener): void {
    const redirect = this.loadBalancer.addListener('RedirectListener', {
      open: false,
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    // when a certificate is added, the listener must move from 80 to 443 first, otherwise both would use port 80
    redirect.node.addDependency(listener);
    freezeTags(redirect);
    acknowledge(redirect, 'The listener only redirects HTTP to HTTPS, and an HTTP listener has no certificate.', {
      compliance: ['ELBv2ACMCertificateRequired'],
    });
  }
}

/** Ignores tags of the app: a new tag would change the listener, and CloudFormation would send its action again. */
function freezeTags(listener: elbv2.ApplicationListener): void {
  (listener.node.defaultChild as CfnResource).addPropertyDeletionOverride('Tags');
}
