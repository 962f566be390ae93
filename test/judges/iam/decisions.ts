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

/**
 * Those that IAM would allow whoever may do everything in an account, unless a resource's own policy says otherwise.
 */
export async function allowedToAdministrator(
  deployed: Deployed, account: string, accesses: Access[],
): Promise<Access[]> {
  return allowed(deployed, `arn:aws:iam::${account}:role/administrator`, [ADMINISTRATOR], accesses);
}

/** Those that a service is allowed by the resource's own policy. */
export async function allowedToService(deployed: Deployed, service: string, accesses: Access[]): Promise<Access[]> {
  return allowed(deployed, service, [], accesses);
}

async function allowed(
  deployed: Deployed, principal: string, policies: PolicyDocument[], accesses: Access[],
): Promise<Access[]> {
  const decisions = await Promise.all(accesses.map((access) => decide(deployed, principal, policies, access)));
  return accesses.filter((_, index) => decisions[index] === 'Allowed');
}

/**
 * The simulator drops the encryption context from a request, so it goes by a name that the simulator keeps, in policies
 * and request alike.
 *
 * A hook's report goes by another action: AWS's data knows no resource for it, but its docs name the deployment group.
 * @see
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
 */
function withNamesOfSimulator<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)
    .replaceAll('kms:EncryptionContext:aws:logs:arn', 'kms:ViaService')
    .replaceAll('kms:EncryptionContext:', 'aws:PrincipalTag/')
    .replaceAll('codedeploy:PutLifecycleEventHookExecutionStatus', 'codedeploy:GetDeploymentGroup'));
}

const EMPTY: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** A question and the statements that answer it; the answer is the same wherever both are. */
interface Question {
  readonly principal: string;
  readonly access: Access;
  readonly policies: PolicyDocument[];
  readonly resourcePolicy?: PolicyDocument;
}

/** The simulator takes a millisecond for each answer, and templates that are compared differ in few statements. */
const answers = new Map<string, Promise<string>>();

async function decide(
  deployed: Deployed, principal: string, policies: PolicyDocument[], access: Access,
): Promise<string> {
  const [action, resource] = access;
  const question: Question = {
    principal,
    access,
    policies: policies.map((policy) => about(action, policy)).filter(({ Statement }) => Statement.length > 0),
    resourcePolicy: resourcePolicy(deployed, action, resource),
  };
  // a table of all calls and all roles would feel the simulator's time
  if (question.policies.length === 0 && about(action, question.resourcePolicy).Statement.length === 0) { return 'ImplicitlyDenied'; }
  const key = JSON.stringify(question);
  const answer = answers.get(key) ?? simulate(question);
  answers.set(key, answer);
  return answer;
}

async function simulate(question: Question): Promise<string> {
  const { principal, access: [action, resource, context], policies, resourcePolicy: resourceOwn } = question;
  const known = { ...OVER_TLS, ...principal.startsWith('arn:') && { 'aws:PrincipalArn': principal }, ...context };
  const result = await runSimulation({
    request: withNamesOfSimulator({
      principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables: known,
    }),
    identityPolicies: withNamesOfSimulator(policies).map((policy, index) => ({ name: `policy-${index}`, policy })),
    resourcePolicy: resourceOwn && withNamesOfSimulator(resourceOwn),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error' && resource !== '*' && JSON.stringify(result.errors).includes('must.use.wildcard')) {
    // the action knows no resource, so a request names none
    return simulate({ ...question, access: [action, '*', context] });
  }
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource} cannot be decided: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult;
}

/** The statements of a policy that are about the action; what names none is about each. */
function about(action: string, { Version, Statement }: PolicyDocument = EMPTY): PolicyDocument {
  return {
    Version,
    Statement: Statement.filter(({ Action = '*' }) => [Action as string | string[]].flat().some((pattern) => matches(pattern, action))),
  };
}

function matches(pattern: string, action: string): boolean {
  return pattern.toLowerCase() === action.toLowerCase() || /[*?]/.test(pattern)
    && new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test(action);
}

function resourcePolicy(deployed: Deployed, action: string, resource: string): PolicyDocument | undefined {
  const [service] = action.split(':');
  switch (service) {
    case 'kms': return deployed.keyPolicy(resource) ?? KEY_OF_THE_ACCOUNT;
    case 's3': return deployed.bucketPolicy(resource.replace('arn:aws:s3:::', '').split('/')[0]);
    case 'sns': return deployed.topicPolicy(resource);
    case 'sts': return deployed.roles.includes(resource.split('/')[1]) ? deployed.trustOf(resource.split('/')[1]) : undefined;
    default: return undefined;
  }
}
