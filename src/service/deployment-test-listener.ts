import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { fail, show } from '../private/errors';
import { requireInteger } from '../private/validation';

/** Two blocks of one bit each would be the world again. */
const WIDEST_PREFIX = 8;

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The production listener or its redirect has these, now or when a certificate comes. */
const PRODUCTION_PORTS = [80, 443];

/**
 * What a test listener asks of the load balancer.
 */
export interface DeploymentTestListenerConfig {
  /** The port that it listens on. */
  readonly port: number;
  /** Who may reach it. */
  readonly peers: ec2.IPeer[];
}

/**
 * A second listener, which leads to the new tasks before production does. It is never open to the world.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
 */
export abstract class DeploymentTestListener {
  /**
   * Reachable from these address ranges.
   *
   * @param port any but 80 and 443, which are production's
   * @param cidrs IPv4 ranges such as `10.0.0.0/16`, of at most 2^24 addresses each
   */
  public static fromCidrs(port: number, cidrs: string[]): DeploymentTestListener {
    return new CidrTestListener(port, cidrs);
  }

  /**
   * Reachable from what carries this security group.
   *
   * @param port any but 80 and 443, which are production's
   * @param group such as that of a bastion host or a build
   */
  public static fromSecurityGroup(port: number, group: ec2.ISecurityGroup): DeploymentTestListener {
    return new SecurityGroupTestListener(port, group);
  }

  /**
   * Called by the service.
   *
   * @param scope the service, whose path an error names
   * @throws when the port is production's, or when a range is none or too wide
   */
  public abstract bind(scope: IConstruct): DeploymentTestListenerConfig;
}

class CidrTestListener extends DeploymentTestListener {
  constructor(private readonly port: number, private readonly cidrs: string[]) {
    super();
  }

  public bind(scope: IConstruct): DeploymentTestListenerConfig {
    requireTestPort(scope, this.port);
    if (this.cidrs.length === 0) {
      fail(scope, "'testListener' must name at least one address range, got []; give who may reach it, as in DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16'])");
    }
    this.cidrs.forEach((cidr) => requireNarrowCidr(scope, cidr));
    return { port: this.port, peers: this.cidrs.map((cidr) => ec2.Peer.ipv4(cidr)) };
  }
}

class SecurityGroupTestListener extends DeploymentTestListener {
  constructor(private readonly port: number, private readonly group: ec2.ISecurityGroup) {
    super();
  }

  public bind(scope: IConstruct): DeploymentTestListenerConfig {
    requireTestPort(scope, this.port);
    return { port: this.port, peers: [this.group] };
  }
}

function requireTestPort(scope: IConstruct, port: number): void {
  requireInteger(scope, 'testListener.port', port, { min: 1, max: 65535, remedy: 'give a free port such as 9000' });
  if (PRODUCTION_PORTS.includes(port)) {
    fail(scope, `'testListener.port' must not be 80 or 443, got ${show(port)}; production has them, or will when a certificate comes: give a free port such as 9000`);
  }
}

function requireNarrowCidr(scope: IConstruct, cidr: string): void {
  if (Token.isUnresolved(cidr)) { return; }
  const [, ...parts] = CIDR.exec(cidr) ?? [];
  const [prefix, ...octets] = parts.map(Number).reverse();
  if (parts.length === 0 || prefix > 32 || octets.some((octet) => octet > 255)) {
    fail(scope, `'testListener' must be reachable from IPv4 ranges, got ${show(cidr)}; give ranges such as '10.0.0.0/16', one address as '192.0.2.7/32'`);
  }
  if (prefix < WIDEST_PREFIX) {
    fail(scope, `'testListener' must not be open to the world, got ${show(cidr)}; it shows releases before they are released: `
      + `give ranges of /${WIDEST_PREFIX} or narrower`);
  }
}
