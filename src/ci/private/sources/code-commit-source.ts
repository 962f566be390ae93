import * as fs from 'fs';
import * as path from 'path';
import { Names, RemovalPolicy } from 'aws-cdk-lib';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SOURCE, requireBranch } from './common';
import { allow } from '../../../private/allow';
import { readWriteArtifacts } from '../../../private/artifact-statements';
import { commitPage } from '../../../private/console-links';
import { fail, show } from '../../../private/errors';
import { flag, KindsOf, requireOptions, resource, STRING } from '../../../private/kinds';
import { MAX_LENGTH, ResourceNames } from '../../../private/names';
import { PolicyRole } from '../../../private/policy-role';
import { thePipeline } from '../../../private/principals';
import { requireAbsent, requirePattern, requireText } from '../../../private/validation';
import { CodeCommitSourceOptions, PipelineSourceBindOptions, PipelineSourceConfig } from '../../pipeline-source-options';
import { withSeedDirectory } from '../seed-directory';

const OPTIONS: KindsOf<CodeCommitSourceOptions> = {
  repository: resource('a codecommit.IRepository, such as codecommit.Repository.fromRepositoryName()', 'repositoryArn', ['repositoryCloneUrlHttp'], {
    same: 'region and account', remedy: 'mirror it to a repository there',
  }),
  branch: STRING,
  seedDirectory: STRING,
  fullClone: flag(),
};

/** CodeCommit as the source, and a rule for the pushes to one branch. */
export function bindCodeCommit(
  scope: Construct, options: CodeCommitSourceOptions, bindOptions: PipelineSourceBindOptions,
): PipelineSourceConfig {
  requireOptions(scope, 'source', options, OPTIONS);
  validate(scope, options);
  const { branch = 'main', fullClone = false } = options;
  const names = new ResourceNames(scope, bindOptions);
  const repository = options.repository
    ?? createRepository(scope, names, branch, options.seedDirectory, bindOptions.removalPolicy);
  const action = new actions.CodeCommitSourceAction({
    ...SOURCE,
    repository,
    branch,
    output: bindOptions.output,
    codeBuildCloneOutput: fullClone,
    // the pipeline creates the rule: a tag with the name of the branch also triggers CDK's own rule
    trigger: actions.CodeCommitTrigger.NONE,
    role: createRole(scope, names, repository, bindOptions, fullClone),
  });
  return {
    repository,
    action,
    trigger: {
      source: ['aws.codecommit'],
      detailType: ['CodeCommit Repository State Change'],
      resources: [repository.repositoryArn],
      detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'], referenceName: [branch] },
    },
    revision: action.variables.commitId,
    revisionUrl: commitPage(scope, repository.repositoryName, action.variables.commitId),
  };
}

function validate(scope: Construct, { repository, branch, seedDirectory }: CodeCommitSourceOptions): void {
  requireBranch(scope, branch);
  if (repository) {
    requireAbsent(scope, 'source.repository', { 'source.seedDirectory': seedDirectory }, 'only a new repository can be seeded: remove one of the two');
  }
  requireText(scope, 'source.seedDirectory', seedDirectory, 'pass a directory, or remove it');
  requirePattern(scope, 'source.seedDirectory', seedDirectory, /^(?!.*:\/\/)/, 'be a directory on this machine');
  if (seedDirectory !== undefined && !fs.statSync(seedDirectory, { throwIfNoEntry: false })?.isDirectory()) {
    fail(scope, `'source.seedDirectory' must be a directory, got ${show(seedDirectory)}, which is ${path.resolve(seedDirectory)}; `
      + 'pass a path relative to the working directory of the app, or an absolute path');
  }
}

function createRepository(
  scope: Construct, names: ResourceNames, branch: string, seedDirectory: string | undefined,
  removalPolicy: RemovalPolicy,
): codecommit.Repository {
  const create = (code?: codecommit.Code) => new codecommit.Repository(scope, 'Repository', {
    // CloudFormation generates no repository names: without a suffix, the name comes from the construct path
    repositoryName: names.of('source', MAX_LENGTH.codeSuite) ?? Names.uniqueResourceName(scope, { maxLength: MAX_LENGTH.codeSuite }),
    description: `Source of ${names.applicationName}`,
    code,
  });
  const repository = seedDirectory === undefined
    ? create()
    : withSeedDirectory(scope, seedDirectory, (directory) => create(codecommit.Code.fromDirectory(directory, branch)));
  repository.applyRemovalPolicy(removalPolicy);
  return repository;
}

function createRole(
  scope: Construct, names: ResourceNames, repository: codecommit.IRepository, bindOptions: PipelineSourceBindOptions,
  fullClone: boolean,
): iam.IRole {
  return new PolicyRole(scope, 'ActionRole', {
    names,
    purpose: 'source-action',
    assumedBy: thePipeline(bindOptions.pipelineRole),
    statements: [
      allow([
        'codecommit:GetBranch',
        'codecommit:GetCommit',
        'codecommit:UploadArchive',
        'codecommit:GetUploadArchiveStatus',
        'codecommit:CancelUploadArchive',
        ...fullClone ? ['codecommit:GetRepository'] : [],
      ], [repository.repositoryArn]),
      ...readWriteArtifacts(bindOptions.artifactBucket, 'source'),
    ],
  }).role;
}
