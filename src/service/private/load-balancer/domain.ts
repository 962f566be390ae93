import { Stack, Token } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct, IConstruct } from 'constructs';
import { fail, show } from '../../../private/errors';
import { requirePattern } from '../../../private/validation';
import { LoadBalancerOptions } from '../../load-balancer-options';

/** The first name of a certificate. */
const MAX_CERTIFICATE_NAME = 64;

const DOMAIN_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/**
 * Checks what would leave the stack waiting for a certificate, or create a record that nobody resolves. At least one of
 * name and zone is given.
 */
export function validateDomain(
  scope: IConstruct, { domainName, hostedZone, certificate }: Pick<LoadBalancerOptions, 'domainName' | 'hostedZone' | 'certificate'>,
): void {
  if (domainName === undefined || hostedZone === undefined) {
    fail(scope, `'loadBalancer.domainName' and 'loadBalancer.hostedZone' must be given together, got '${domainName === undefined ? 'hostedZone' : 'domainName'}' alone; `
      + 'the zone receives the record of the name: give both or neither');
  }
  requirePattern(scope, 'loadBalancer.domainName', domainName, DOMAIN_NAME, "be a name in lower case such as 'orders.example.com'");
  if (Token.isUnresolved(domainName)) { return; }
  const zoneName = zoneNameOf(hostedZone);
  if (zoneName !== undefined && domainName !== zoneName && !domainName.endsWith(`.${zoneName}`)) {
    fail(scope, `'loadBalancer.domainName' must be in the zone ${show(zoneName)}, got ${show(domainName)}; give a name that ends with it or another 'hostedZone'`);
  }
  if (!certificate) {
    requireProvable(scope, domainName, hostedZone);
  }
}

function requireProvable(scope: IConstruct, domainName: string, hostedZone: route53.IHostedZone): void {
  if (isPrivate(hostedZone)) {
    fail(scope, `'loadBalancer.certificate' must be given with a private 'hostedZone', got none for ${show(domainName)}; `
      + 'ACM validates a new certificate over the internet, so the stack would wait for hours');
  }
  if (domainName.length > MAX_CERTIFICATE_NAME) {
    fail(scope, `'loadBalancer.domainName' must be at most ${MAX_CERTIFICATE_NAME} characters long without a 'certificate', got ${domainName.length}; `
      + 'the first name of a certificate allows no more: give your own certificate');
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
    // with the final dot CDK takes it as it is
    recordName: `${domainName}.`,
    target: route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(loadBalancer)),
  });
}

/** Undefined for what is known at deployment only; an import by its id alone throws when it is asked. */
function zoneNameOf(zone: route53.IHostedZone): string | undefined {
  try {
    return Token.isUnresolved(zone.zoneName) ? undefined : zone.zoneName.toLowerCase().replace(/\.$/, '');
  } catch {
    return undefined;
  }
}

/** Whether the zone belongs to VPCs; an import does not tell. */
function isPrivate(zone: route53.IHostedZone): boolean {
  const resource = zone.node.defaultChild as route53.CfnHostedZone | undefined;
  return Stack.of(zone).resolve(resource?.vpcs) !== undefined;
}
