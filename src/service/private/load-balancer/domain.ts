import { Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct, IConstruct } from 'constructs';
import { fail, show } from '../../../private/errors';
import { isUnknown } from '../../../private/unknown-values';
import { requirePattern } from '../../../private/validation';
import { LoadBalancerOptions } from '../../load-balancer-options';

/** The maximum length of the first domain name of a certificate. */
const MAX_CERTIFICATE_NAME = 64;

const DOMAIN_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/**
 * Fails if the stack would wait for a certificate for hours, or would create a record that no client can resolve. At
 * least one of name and zone must be set.
 */
export function validateDomain(
  scope: IConstruct, { domainName, hostedZone, certificate }: Pick<LoadBalancerOptions, 'domainName' | 'hostedZone' | 'certificate'>,
): void {
  if (domainName === undefined || hostedZone === undefined) {
    fail(scope, `'loadBalancer.domainName' and 'loadBalancer.hostedZone' must be set together, got only '${domainName === undefined ? 'hostedZone' : 'domainName'}'; `
      + 'the hosted zone receives the record of the domain name: set both or neither');
  }
  requirePattern(scope, 'loadBalancer.domainName', domainName, DOMAIN_NAME,
    "be a domain name such as 'orders.example.com': at most 253 characters, in parts of 1 to 63 lowercase letters, digits, and inner hyphens, without a dot at the end");
  if (isUnknown(domainName)) { return; }
  const zoneName = zoneNameOf(hostedZone);
  if (zoneName !== undefined && domainName !== zoneName && !domainName.endsWith(`.${zoneName}`)) {
    fail(scope, `'loadBalancer.domainName' must be in the hosted zone ${show(zoneName)}, got ${show(domainName)}; use a name that ends with the name of the zone, or another 'hostedZone'`);
  }
  if (!certificate) {
    requireProvable(scope, domainName, hostedZone);
  }
}

function requireProvable(scope: IConstruct, domainName: string, hostedZone: route53.IHostedZone): void {
  if (isPrivate(hostedZone)) {
    fail(scope, `'loadBalancer.certificate' is required with a private 'hostedZone', got none for ${show(domainName)}; `
      + 'ACM validates a new certificate over the internet, so the stack would wait for hours: set an existing certificate');
  }
  if (domainName.length > MAX_CERTIFICATE_NAME) {
    fail(scope, `'loadBalancer.domainName' must be at most ${MAX_CERTIFICATE_NAME} characters long without a 'certificate', got ${domainName.length}; `
      + 'this is the limit for the first name of a certificate: set your own certificate');
  }
}

/** A certificate that AWS renews as long as its record stays in the zone. */
export function createCertificate(
  scope: Construct, domainName: string, hostedZone: route53.IHostedZone,
): acm.ICertificate {
  return new acm.Certificate(scope, 'Certificate', { domainName, validation: acm.CertificateValidation.fromDns(hostedZone) });
}

/** Points the name to the load balancer. */
export function addAliasRecord(
  scope: Construct, loadBalancer: elbv2.IApplicationLoadBalancer, domainName: string, zone: route53.IHostedZone,
): void {
  new route53.ARecord(scope, 'AliasRecord', {
    zone,
    // with the final dot, CDK uses the name unchanged
    recordName: `${domainName}.`,
    target: route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(loadBalancer)),
  });
}

/** The name of a zone, undefined if it is known only at deployment. An import by its id alone throws on access. */
function zoneNameOf(zone: route53.IHostedZone): string | undefined {
  try {
    return isUnknown(zone.zoneName) ? undefined : zone.zoneName.toLowerCase().replace(/\.$/, '');
  } catch {
    return undefined;
  }
}

/** Whether the zone is private, as far as CDK knows: an import does not show it. */
function isPrivate(zone: route53.IHostedZone): boolean {
  const resource = zone.node.defaultChild as route53.CfnHostedZone | undefined;
  return Stack.of(zone).resolve(resource?.vpcs) !== undefined;
}
