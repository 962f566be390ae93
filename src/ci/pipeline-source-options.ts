import { RemovalPolicy } from 'aws-cdk-lib';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { GitHost } from './git-host';
import { BindOptions } from '../bind-options';

/**
 * Options that the pipeline passes to `PipelineSource.bind`, for implementors of `PipelineSource`.
 */
export interface PipelineSourceBindOptions extends BindOptions {
  /** The output artifact of the source action. */
  readonly output: codepipeline.Artifact;
  /** The artifact bucket of the pipeline. */
  readonly artifactBucket: s3.IBucket;
  /** The removal policy of a repository that the source creates. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * The role of the pipeline, which assumes the role of the source action.
   *
   * @default - the role of the action trusts the account
   */
  readonly pipelineRole?: iam.IRole;
}

/**
 * The result of `PipelineSource.bind`, for implementors of `PipelineSource`.
 */
export interface PipelineSourceConfig {
  /** The source action. */
  readonly action: codepipeline.IAction;
  /**
   * The event pattern of a rule that starts the pipeline.
   *
   * @default - no rule; the action starts the pipeline
   */
  readonly trigger?: events.EventPattern;
  /**
   * Triggers of the pipeline that replace the action's own change detection.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html
   */
  readonly triggers?: codepipeline.TriggerProps[];
  /**
   * The CodeCommit repository.
   *
   * @default - the source is not a CodeCommit repository
   */
  readonly repository?: codecommit.IRepository;
  /**
   * A variable of the action that identifies the released revision, such as a commit id. The manual approval shows it.
   *
   * @default - none
   */
  readonly revision?: string;
  /**
   * The URL of a page that shows the revision. The manual approval links to it.
   *
   * @default - none
   */
  readonly revisionUrl?: string;
  /**
   * Statements that the build's role needs to fetch the source by itself.
   *
   * @default - none
   */
  readonly buildStatements?: iam.PolicyStatement[];
}

/**
 * Options of a CodeCommit source.
 */
export interface CodeCommitSourceOptions {
  /**
   * An existing repository. If you set it later, CloudFormation deletes the created repository with its code, unless
   * the removal policy is RETAIN.
   *
   * @default - a new repository
   */
  readonly repository?: codecommit.IRepository;

  /**
   * The branch whose commits are released.
   *
   * @default 'main'
   */
  readonly branch?: string;

  /**
   * A local directory whose files become the first commit of a new repository. Later changes in the directory have no
   * effect.
   *
   * The commit leaves out generated files and directories of Python and git, such as `.git`, `.venv` and `__pycache__`,
   * and `.env` files. Empty files get a line break, since CodeCommit rejects empty files. Executable files lose their
   * mode, and synth emits a warning.
   *
   * The directory can have at most 20 MB when it is compressed. A link in it must be relative, and must not leave it.
   *
   * @default - the repository is empty, and the first execution of the pipeline fails
   */
  readonly seedDirectory?: string;

  /**
   * Whether to give the build a full clone with the history, for example if the build derives the version from git
   * tags. The build's role is then allowed to pull the repository.
   *
   * @default false
   */
  readonly fullClone?: boolean;
}

/**
 * Options of a source on GitHub, GitLab or Bitbucket.
 */
export interface ConnectionSourceOptions {
  /**
   * The ARN of the connection, with the prefix `codeconnections` or `codestar-connections`. Complete the handshake of a
   * new connection once in the console.
   *
   * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/connections.html
   */
  readonly connectionArn: string;

  /** The user, organization, group or workspace that owns the repository, such as `acme`. */
  readonly owner: string;

  /** The name of the repository, such as `orders`. */
  readonly repo: string;

  /**
   * The branch whose commits are released.
   *
   * @default 'main'
   */
  readonly branch?: string;

  /**
   * Patterns of file paths, such as `services/orders/**`. A push starts the pipeline only if it changes a matching
   * file.
   *
   * One to eight patterns, each with at most 255 characters. They start in the root of the repository, and have forward
   * slashes. A backslash before `*`, `?`, a bracket, a brace or a backslash stands for that character itself.
   *
   * @default - every push starts the pipeline
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html
   */
  readonly filePaths?: string[];

  /**
   * The host of the repository, which determines the link to the commit in a manual approval.
   *
   * @default GitHost.GITHUB
   */
  readonly host?: GitHost;

  /**
   * Whether to give the build a full clone with the history, for example if the build derives the version from git
   * tags. The build's role is then allowed to use the connection for this repository.
   *
   * @default false
   */
  readonly fullClone?: boolean;
}

/**
 * Options of an S3 source.
 */
export interface S3SourceOptions {
  /**
   * The bucket, in the pipeline's account and region. It requires `versioned: true` and `eventBridgeEnabled: true`;
   * without the events of EventBridge, nothing starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
   */
  readonly bucket: s3.IBucket;

  /** The key of the object, a .zip archive of the project, such as `orders/source.zip`. */
  readonly key: string;
}
