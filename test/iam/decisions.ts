import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, Deployed, PolicyDocument } from './deployed';

/** What somebody asks for: an action, the resource's ARN, and what else is in the request. */
export type Access = [action: string, resource: string, context?: { readonly [key: string]: string }];

/** A request comes over TLS, as the clients of AWS make it. */
const OVER_TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

/** The policy of a key that is none of the stack's, as AWS makes it: the account's own policies decide. */
const KEY_OF_THE_ACCOUNT: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

const ADMINISTRATOR: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** Those of the accesses that IAM would allow a role of the stack. */
export async function allowedTo(deployed: Deployed, roleName: string, accesses: Access[]): Promise<Access[]> {
  const policies = deployed.policiesOf(roleName);
  return allowed(deployed, `arn:aws:iam::${ACCOUNT}:role/${roleName}`, policies, accesses);
}

/** Those that IAM would allow whoever may do everything in an account, unless a resource's own policy says otherwise. */
export async function allowedToAdministrator(deployed: Deployed, account: string, accesses: Access[]): Promise<Access[]> {
  return allowed(deployed, `arn:aws:iam::${account}:role/administrator`, [ADMINISTRATOR], accesses);
}

async function allowed(deployed: Deployed, principal: string, policies: PolicyDocument[], accesses: Access[]): Promise<Access[]> {
  const decisions = await Promise.all(accesses.map((access) => decide(deployed, principal, policies, access)));
  return accesses.filter((_, index) => decisions[index] === 'Allowed');
}

/** The simulator drops the encryption context from a request, so it goes by a name that the simulator keeps, in policies and request alike. */
function withEncryptionContext<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('kms:EncryptionContext:', 'aws:PrincipalTag/'));
}

async function decide(
  deployed: Deployed, principal: string, policies: PolicyDocument[], [action, resource, context]: Access,
): Promise<string> {
  const result = await runSimulation({
    request: { principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables: withEncryptionContext({ ...OVER_TLS, ...context }) },
    identityPolicies: withEncryptionContext(policies).map((policy, index) => ({ name: `policy-${index}`, policy })),
    resourcePolicy: resourcePolicy(deployed, action, resource),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource} cannot be decided: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult;
}

function resourcePolicy(deployed: Deployed, action: string, resource: string): PolicyDocument | undefined {
  const [service] = action.split(':');
  switch (service) {
    case 'kms': return deployed.keyPolicy(resource) ?? KEY_OF_THE_ACCOUNT;
    case 's3': return deployed.bucketPolicy(resource.replace('arn:aws:s3:::', '').split('/')[0]);
    case 'sts': return deployed.trustOf(resource.split('/')[1]);
    default: return undefined;
  }
}
