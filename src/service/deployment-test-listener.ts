import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, IConstruct } from 'constructs';
import { BindOptions } from '../bind-options';
import { awaitsLookup } from '../private/cdk-internals';
import { SECURITY_GROUP } from '../private/common-kinds';
import { fail, show } from '../private/errors';
import { list, markStrategy, required, requireKind, STRING } from '../private/kinds';
import { isUnknown } from '../private/unknown-values';
import { requireInteger } from '../private/validation';

/** A range in place of one that CDK has not looked up yet, since CDK checks ranges too. */
const STAND_IN = '192.0.2.0/32';

/** The widest prefix of a range. Two ranges of /1 would be the whole internet again. */
const WIDEST_PREFIX = 8;

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The ports of the production listener and its redirect, now or once a certificate is added. */
const PRODUCTION_PORTS = [80, 443];

/**
 * Options that a service passes to `DeploymentTestListener.bind`, for implementors of `DeploymentTestListener`.
 */
export interface DeploymentTestListenerBindOptions extends BindOptions {
  /** The VPC of the load balancer. */
  readonly vpc: ec2.IVpc;
}

/**
 * The result of `DeploymentTestListener.bind`, for implementors of `DeploymentTestListener`.
 */
export interface DeploymentTestListenerConfig {
  /** The port that the listener listens on. */
  readonly port: number;
  /** The peers that the load balancer allows on the port. */
  readonly peers: ec2.IPeer[];
}

/**
 * A second listener that forwards to the new tasks before production traffic shifts. It is never open to the internet.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
 */
export abstract class DeploymentTestListener {
  /**
   * Creates a listener that these address ranges can reach.
   *
   * @param port any port except 80 and 443, which production uses
   * @param cidrs IPv4 ranges such as `10.0.0.0/16`, of at most 2^24 addresses each
   */
  public static fromCidrs(port: number, cidrs: string[]): DeploymentTestListener {
    return new CidrTestListener(port, cidrs);
  }

  /**
   * Creates a listener that members of this security group can reach.
   *
   * @param port any port except 80 and 443, which production uses
   * @param group the security group, for example of a bastion host
   */
  public static fromSecurityGroup(port: number, group: ec2.ISecurityGroup): DeploymentTestListener {
    return new SecurityGroupTestListener(port, group);
  }

  /**
   * Returns the port of the listener, and the peers that can reach it. The service calls it.
   *
   * @param scope the service, whose path appears in errors; create resources in a child construct of your own
   * @throws if production uses the port, or if a range is invalid or too wide
   */
  public abstract bind(scope: Construct, options: DeploymentTestListenerBindOptions): DeploymentTestListenerConfig;
}

markStrategy('DeploymentTestListener', DeploymentTestListener);

class CidrTestListener extends DeploymentTestListener {
  constructor(private readonly port: number, private readonly cidrs: string[]) {
    super();
  }

  public bind(scope: Construct): DeploymentTestListenerConfig {
    requireTestPort(scope, this.port);
    requireKind(scope, 'release.testListener.cidrs', this.cidrs, required(list(STRING)));
    if (this.cidrs.length === 0) {
      fail(scope, "'release.testListener' must allow at least one address range, got []; add one, as in DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16'])");
    }
    this.cidrs.forEach((cidr) => requireNarrowCidr(scope, cidr));
    return { port: this.port, peers: this.cidrs.map((cidr) => ec2.Peer.ipv4(awaitsLookup(cidr) ? STAND_IN : cidr)) };
  }
}

class SecurityGroupTestListener extends DeploymentTestListener {
  constructor(private readonly port: number, private readonly group: ec2.ISecurityGroup) {
    super();
  }

  public bind(scope: Construct): DeploymentTestListenerConfig {
    requireTestPort(scope, this.port);
    requireKind(scope, 'release.testListener.group', this.group, required(SECURITY_GROUP));
    return { port: this.port, peers: [this.group] };
  }
}

function requireTestPort(scope: IConstruct, port: number): void {
  requireInteger(scope, 'release.testListener.port', port, { min: 1, max: 65535, remedy: 'use a free port such as 9000' });
  if (PRODUCTION_PORTS.includes(port)) {
    fail(scope, `'release.testListener.port' must not be 80 or 443, got ${show(port)}; production uses these ports, now or once a certificate is added: use a free port such as 9000`);
  }
}

function requireNarrowCidr(scope: IConstruct, cidr: string): void {
  if (isUnknown(cidr)) { return; }
  const [, ...parts] = CIDR.exec(cidr) ?? [];
  const [prefix, ...octets] = parts.map(Number).reverse();
  if (parts.length === 0 || prefix > 32 || octets.some((octet) => octet > 255)) {
    fail(scope, `'release.testListener' must allow IPv4 ranges, got ${show(cidr)}; use ranges such as '10.0.0.0/16', or '192.0.2.7/32' for a single address`);
  }
  if (prefix < WIDEST_PREFIX) {
    fail(scope, `'release.testListener' must not be open to the internet, got ${show(cidr)}; it forwards to releases before they are approved: `
      + `use ranges of /${WIDEST_PREFIX} or narrower`);
  }
}
