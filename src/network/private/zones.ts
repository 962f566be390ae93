import { Annotations, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { isDummyZone } from '../../private/cdk-internals';
import { fail, show } from '../../private/errors';
import { requireAbsent, requireInteger } from '../../private/validation';
import { NetworkOptions } from '../network-options';

const DEFAULT_ZONES = 2;
const MAX_ZONES = 6;
const ZONE_ID = /-az\d+$/;
const REASON = 'a load balancer requires two availability zones';

/** The options that choose the zones of a new VPC. */
type ZoneOptions = Pick<NetworkOptions, 'availabilityZones' | 'maxAzs'>;

/**
 * Fails if the options do not name at least two zones. A zone may be a token, as for CDK's VPC, but not the list,
 * because its length must be known.
 */
export function requireZones(scope: IConstruct, { availabilityZones: zones, maxAzs }: ZoneOptions): void {
  requireInteger(scope, 'maxAzs', maxAzs, { min: 2, max: MAX_ZONES, remedy: REASON });
  if (zones === undefined) { return; }
  requireAbsent(scope, 'availabilityZones', { maxAzs }, 'the VPC spans the zones that are listed: remove one of the two');
  if (Token.isUnresolved(zones)) {
    fail(scope, "'availabilityZones' must be a list whose length is known at synth, got a token; list the zones one by one, each of which may be a token");
  }
  if (zones.length < 2 || zones.length > MAX_ZONES || new Set(zones).size < zones.length) {
    fail(scope, `'availabilityZones' must list 2 to ${MAX_ZONES} different zones, got ${show(zones)}; ${REASON}, such as ['eu-west-1a', 'eu-west-1b']`);
  }
  const ids = zones.filter((zone) => ZONE_ID.test(zone));
  if (ids.length > 0) {
    fail(scope, `'availabilityZones' must list names of zones, got the zone ids ${show(ids)}; use the names that your account has for them, such as eu-west-1a`);
  }
}

/** The number of zones that the options request. CDK creates fewer when it knows fewer. */
export function requestedZones({ availabilityZones, maxAzs = DEFAULT_ZONES }: ZoneOptions): number {
  return availabilityZones?.length ?? maxAzs;
}

/** Warns that CDK created fewer zones, and with them fewer NAT gateways, than the options request. */
export function warnOfFewerZones(
  scope: IConstruct, vpc: ec2.IVpc, requested: { readonly zones: number; readonly natGateways: number },
): void {
  const { length: zones } = vpc.availabilityZones;
  if (zones >= requested.zones || vpc.availabilityZones.some(isDummyZone)) { return; }
  const gateways = requested.natGateways > zones ? ` and has ${zones} NAT gateways instead of ${requested.natGateways}` : '';
  const { account, region } = Stack.of(scope);
  const cause = [account, region].some((part) => Token.isUnresolved(part))
    ? "CDK knows only two zones of a stack without account and region: set 'env' on the stack, or list the zones in 'availabilityZones'"
    : "the account has no more zones in this region: lower 'maxAzs'";
  Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:Network.fewerZones',
    `the VPC spans ${zones} availability zones instead of ${requested.zones}${gateways}, because ${cause}`);
}
