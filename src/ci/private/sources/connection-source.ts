import { Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SOURCE, requireBranch } from './common';
import { wildcard } from '../../../private/acknowledge';
import { allow } from '../../../private/allow';
import { readWriteArtifacts } from '../../../private/artifact-statements';
import { describeUrl, fail, show } from '../../../private/errors';
import { flag, KindsOf, list, object, required, requireOptions, STRING } from '../../../private/kinds';
import { ResourceNames } from '../../../private/names';
import { PolicyRole } from '../../../private/policy-role';
import { thePipeline } from '../../../private/principals';
import { requirePattern, requireText } from '../../../private/validation';
import { GitHost } from '../../git-host';
import { ConnectionSourceOptions, PipelineSourceBindOptions, PipelineSourceConfig } from '../../pipeline-source-options';
import { requirePathPattern } from '../project-validation';

/**
 * The service's names before and after March 2024. The ARN of a connection keeps the name that it was created with, and
 * IAM checks the action with that name. AWS does not document which action it checks for a pipeline, so both actions
 * are allowed on the one ARN.
 *
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
 */
const PREFIXES = ['codestar-connections', 'codeconnections'];

const CONNECTION_ARN = /^arn:[a-z-]+:(codestar-connections|codeconnections):[a-z0-9-]+:\d{12}:connection\/[\w-]+$/;

/** The limits of a trigger. */
const MAX_PATTERNS = 8;
const MAX_PATTERN_LENGTH = 255;

/**
 * Leaves the clone to the build.
 *
 * CDK's own option allows the build to use the connection for all of its repositories. In newer versions, a feature
 * flag of the app runs the build with a role of CDK's, which is not allowed to push images.
 */
class CloningAction extends actions.CodeStarConnectionsSourceAction {
  protected bound(...args: Parameters<actions.CodeStarConnectionsSourceAction['bound']>): codepipeline.ActionConfig {
    const { configuration } = super.bound(...args);
    return { configuration: { ...configuration, OutputArtifactFormat: 'CODEBUILD_CLONE_REF' } };
  }
}

const OPTIONS: KindsOf<ConnectionSourceOptions> = {
  connectionArn: required(STRING),
  owner: required(STRING),
  repo: required(STRING),
  branch: STRING,
  filePaths: list(STRING),
  host: object('a GitHost, such as GitHost.GITLAB', 'commitUrl'),
  fullClone: flag(),
};

/** A repository behind a connection as the source. */
export function bindConnection(
  scope: Construct, options: ConnectionSourceOptions, bindOptions: PipelineSourceBindOptions,
): PipelineSourceConfig {
  requireOptions(scope, 'source', options, OPTIONS);
  validate(scope, options);
  const { connectionArn, owner, repo, branch = 'main', filePaths, host = GitHost.GITHUB, fullClone = false } = options;
  const Action = fullClone ? CloningAction : actions.CodeStarConnectionsSourceAction;
  const action = new Action({
    ...SOURCE,
    connectionArn,
    owner,
    repo,
    branch,
    output: bindOptions.output,
    // otherwise any push to the branch would start the pipeline, regardless of its trigger
    triggerOnPush: filePaths === undefined ? undefined : false,
    role: createRole(scope, options, bindOptions),
  });
  return {
    action,
    triggers: filePaths && [pushTrigger(action, branch, filePaths)],
    revision: action.variables.commitId,
    revisionUrl: commitUrl(host, owner, repo, action.variables.commitId),
    buildStatements: fullClone ? useConnection(options) : undefined,
  };
}

function validate(
  scope: Construct, { connectionArn, owner, repo, branch, filePaths, host }: ConnectionSourceOptions,
): void {
  requirePattern(scope, 'source.connectionArn', connectionArn, CONNECTION_ARN,
    "be the ARN of a connection such as 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1a2b3c4d'");
  requirePattern(scope, 'source.owner', owner, /^[^\s/:]+(\/[^\s/:]+)*$/,
    "be a user, an organization or a group such as 'acme' or 'acme/web', without white space, colons, and empty parts");
  requirePattern(scope, 'source.repo', repo, /^(?!.*\.git$)[^/:]*[^\s/:][^/:]*$/,
    "be the name of a repository without its owner and '.git', such as 'orders', and must not contain slashes or colons");
  requireBranch(scope, branch);
  requirePattern(scope, 'source.host', host?.commitUrl, /^https:\/\/[^\s/]+\/\S*\{commit\}/,
    "have the URL of a commit's page with {commit}, such as 'https://git.example.com/{owner}/{repo}/commit/{commit}'", describeUrl);
  if (filePaths && !Token.isUnresolved(filePaths)) {
    validateFilePaths(scope, filePaths);
  }
}

function validateFilePaths(scope: Construct, filePaths: string[]): void {
  if (filePaths.length < 1 || filePaths.length > MAX_PATTERNS) {
    fail(scope, `'source.filePaths' must contain 1 to ${MAX_PATTERNS} patterns, got ${filePaths.length}; `
      + 'a CodePipeline trigger rejects more: use wider patterns, or remove it to release every push');
  }
  for (const pattern of filePaths) {
    requireText(scope, 'source.filePaths', pattern, 'remove the empty pattern');
    requirePathPattern(scope, 'source.filePaths', pattern);
    if (!Token.isUnresolved(pattern) && pattern.length > MAX_PATTERN_LENGTH) {
      fail(scope, `'source.filePaths' must contain patterns of at most ${MAX_PATTERN_LENGTH} characters, got ${pattern.length} in ${show(pattern)}; `
        + 'a CodePipeline trigger rejects longer patterns: use a shorter one');
    }
  }
}

function createRole(
  scope: Construct, options: ConnectionSourceOptions, {
    artifactBucket, pipelineRole, ...parts
  }: PipelineSourceBindOptions,
): iam.IRole {
  return new PolicyRole(scope, 'ActionRole', {
    names: new ResourceNames(scope, parts),
    purpose: 'source-action',
    assumedBy: thePipeline(pipelineRole),
    statements: [...useConnection(options), ...writeSource(artifactBucket)],
  }).role;
}

/**
 * The condition uses IfExists, because the key is in the request only if the request is for one repository.
 *
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html
 */
function useConnection({ connectionArn, owner, repo }: ConnectionSourceOptions): iam.PolicyStatement[] {
  return PREFIXES.map((prefix) => new iam.PolicyStatement({
    actions: [`${prefix}:UseConnection`],
    resources: [connectionArn],
    conditions: {
      StringEqualsIfExists: { [`${prefix}:FullRepositoryId`]: `${owner}/${repo}` },
      // neither the action nor the build pushes to the repository
      StringNotEqualsIfExists: { [`${prefix}:ProviderAction`]: 'GitPush' },
    },
  }));
}

/**
 * The action writes the source to the bucket with an access list. This requires a permission even if the bucket ignores
 * access lists.
 */
function writeSource(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    ...readWriteArtifacts(bucket, 'source'),
    wildcard('CodePipeline stores each artifact under a key of its own.', allow(['s3:PutObjectAcl'], [bucket.arnForObjects('*')])),
  ];
}

function pushTrigger(
  sourceAction: codepipeline.IAction, branch: string, filePathsIncludes: string[],
): codepipeline.TriggerProps {
  return {
    providerType: codepipeline.ProviderType.CODE_STAR_SOURCE_CONNECTION,
    gitConfiguration: { sourceAction, pushFilter: [{ branchesIncludes: [branch], filePathsIncludes }] },
  };
}

function commitUrl({ commitUrl: template }: GitHost, owner: string, repo: string, commitId: string): string {
  const values: { [name: string]: string } = { owner, repo, commit: commitId };
  return template.replace(/\{(owner|repo|commit)\}/g, (_, name: string) => values[name]);
}
