import * as fs from 'fs';
import * as path from 'path';
import { Names, RemovalPolicy } from 'aws-cdk-lib';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { withSeedDirectory } from './private/seed-directory';
import { readWriteArtifacts } from '../private/artifact-statements';
import { fail, show } from '../private/errors';
import { MAX_LENGTH, ResourceNames } from '../private/names';
import { PolicyRole } from '../private/policy-role';
import { requireAbsent, requireText } from '../private/validation';

/**
 * What a pipeline tells its source.
 */
export interface PipelineSourceBindOptions {
  /** What the source's action puts out. */
  readonly output: codepipeline.Artifact;
  /** Where that lies. */
  readonly artifactBucket: s3.IBucket;
  /** The application's name. */
  readonly applicationName: string;
  /**
   * The environment's name.
   *
   * @default - none, and CloudFormation names things
   */
  readonly environmentSuffix?: string;
  /** What happens to a new repository when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * What a source asks of the pipeline.
 */
export interface PipelineSourceConfig {
  /** The source's action. */
  readonly action: codepipeline.IAction;
  /**
   * The events that start the pipeline.
   *
   * @default - the action starts it
   */
  readonly trigger?: events.EventPattern;
  /**
   * The CodeCommit repository.
   *
   * @default - the source is none
   */
  readonly repository?: codecommit.IRepository;
}

/**
 * A CodeCommit repository as the source.
 */
export interface CodeCommitSourceOptions {
  /**
   * A repository that exists. Giving one later deletes the one that was made, with its code, unless RETAIN keeps it.
   *
   * @default - a new one
   */
  readonly repository?: codecommit.IRepository;

  /**
   * The branch whose commits are released.
   *
   * @default main
   */
  readonly branch?: string;

  /**
   * A directory whose files are the first commit of a new repository. Later changes of it have no effect.
   *
   * What Python and git leave behind (`.git`, `.venv`, `__pycache__` and the like) stays out, and so do `.env` files.
   * An empty file gets a line break: CodeCommit refuses empty ones.
   *
   * @default - the repository is empty, and the first execution of the pipeline fails
   */
  readonly seedDirectory?: string;
}

/**
 * Where the application's code comes from.
 */
export abstract class PipelineSource {
  /**
   * A CodeCommit repository; a push to its branch starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
   */
  public static codeCommit(options: CodeCommitSourceOptions = {}): PipelineSource {
    return new CodeCommitSource(options);
  }

  /**
   * Called by the pipeline.
   *
   * @param scope where everything is created
   * @throws when options exclude each other or the seed directory is missing
   */
  public abstract bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig;
}

class CodeCommitSource extends PipelineSource {
  constructor(private readonly options: CodeCommitSourceOptions) {
    super();
  }

  public bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig {
    const branch = this.options.branch ?? 'main';
    this.validate(scope);
    const names = new ResourceNames(scope, options);
    const repository = this.options.repository ?? this.createRepository(scope, names, branch, options.removalPolicy);
    return {
      repository,
      action: new actions.CodeCommitSourceAction({
        actionName: 'Source',
        repository,
        branch,
        output: options.output,
        // the pipeline makes the rule: CDK's own one is started by a tag of the branch's name as well
        trigger: actions.CodeCommitTrigger.NONE,
        role: this.createRole(scope, names, repository, options.artifactBucket),
      }),
      trigger: {
        source: ['aws.codecommit'],
        detailType: ['CodeCommit Repository State Change'],
        resources: [repository.repositoryArn],
        detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'], referenceName: [branch] },
      },
    };
  }

  private validate(scope: Construct): void {
    const { repository, branch, seedDirectory } = this.options;
    requireText(scope, 'branch', branch, "give a branch such as 'main' or leave it out");
    if (repository) {
      requireAbsent(scope, 'repository', { seedDirectory }, 'only a new repository can be seeded: remove one of the two');
    }
    requireText(scope, 'seedDirectory', seedDirectory, 'give a directory or leave it out');
    if (seedDirectory !== undefined && !fs.statSync(seedDirectory, { throwIfNoEntry: false })?.isDirectory()) {
      fail(scope, `'seedDirectory' must be a directory, got ${show(seedDirectory)}, which is ${path.resolve(seedDirectory)}; `
        + 'give a path from where the app runs, or an absolute one');
    }
  }

  private createRepository(scope: Construct, names: ResourceNames, branch: string, removalPolicy: RemovalPolicy): codecommit.Repository {
    const create = (code?: codecommit.Code) => new codecommit.Repository(scope, 'Repository', {
      // CloudFormation names no repository: without a suffix the name comes from the place in the app
      repositoryName: names.of('source', MAX_LENGTH.codeSuite) ?? Names.uniqueResourceName(scope, { maxLength: MAX_LENGTH.codeSuite }),
      description: `Source of ${names.applicationName}`,
      code,
    });
    const { seedDirectory } = this.options;
    const repository = seedDirectory === undefined
      ? create()
      : withSeedDirectory(seedDirectory, (directory) => create(codecommit.Code.fromDirectory(directory, branch)));
    repository.applyRemovalPolicy(removalPolicy);
    return repository;
  }

  private createRole(scope: Construct, names: ResourceNames, repository: codecommit.IRepository, artifactBucket: s3.IBucket): iam.IRole {
    return new PolicyRole(scope, 'ActionRole', {
      names,
      role: 'source-action',
      assumedBy: new iam.AccountRootPrincipal(),
      statements: [
        new iam.PolicyStatement({
          actions: [
            'codecommit:GetBranch',
            'codecommit:GetCommit',
            'codecommit:UploadArchive',
            'codecommit:GetUploadArchiveStatus',
            'codecommit:CancelUploadArchive',
          ],
          resources: [repository.repositoryArn],
        }),
        ...readWriteArtifacts(artifactBucket),
      ],
    }).role;
  }
}
