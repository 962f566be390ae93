import { RemovalPolicy } from 'aws-cdk-lib';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { GitHost } from './git-host';
import { BindOptions } from '../bind-options';
import { bindCodeCommit } from './private/sources/code-commit-source';
import { bindConnection } from './private/sources/connection-source';
import { bindS3 } from './private/sources/s3-source';

/**
 * Options that the pipeline passes to `PipelineSource.bind`; for implementors.
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
 * Requirements of a source on the pipeline; for implementors of a `PipelineSource`.
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
   * Whether to expect that the first execution finds no source, and to send no notification when it fails.
   *
   * @default - the first execution finds a source, and its failure sends a notification
   */
  readonly firstExecutionMayFail?: boolean;
  /**
   * Statements that the build's role needs to fetch the source by itself.
   *
   * @default - none
   */
  readonly buildStatements?: iam.PolicyStatement[];
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

  /**
   * Whether the build gets a clone with the history, for versions that come from tags. It may pull the repository then.
   *
   * @default false
   */
  readonly fullClone?: boolean;
}

/**
 * A repository of GitHub, GitLab or Bitbucket as the source.
 */
export interface ConnectionSourceOptions {
  /**
   * The ARN of the connection, whose handshake somebody makes in the console once. Older and newer ARNs do.
   *
   * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/connections.html
   */
  readonly connectionArn: string;

  /** The user, organization, group or workspace that has the repository, such as `acme`. */
  readonly owner: string;

  /** The name of the repository, such as `orders`. */
  readonly repo: string;

  /**
   * The branch whose commits are released.
   *
   * @default main
   */
  readonly branch?: string;

  /**
   * Patterns of which a push must touch a file to be released, such as `services/orders/**`: 1 to 8, each of at most 255 characters.
   *
   * @default - every push is released
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html
   */
  readonly filePaths?: string[];

  /**
   * Who hosts the repository. It decides where the approval's link leads to.
   *
   * @default GitHost.GITHUB
   */
  readonly host?: GitHost;

  /**
   * Whether the build gets a clone with the history, for versions that come from tags. It may use the connection for this repository then.
   *
   * @default false
   */
  readonly fullClone?: boolean;
}

/**
 * An archive in a bucket as the source.
 */
export interface S3SourceOptions {
  /**
   * The bucket, in the pipeline's account and region. It must keep versions (`versioned: true`) and tell EventBridge
   * (`eventBridgeEnabled: true`), else nothing starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
   */
  readonly bucket: s3.IBucket;

  /** The key of the archive, a .zip of the project, such as `orders/source.zip`. */
  readonly key: string;
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
    return new BoundSource((scope, bindOptions) => bindCodeCommit(scope, options, bindOptions));
  }

  /**
   * A repository of GitHub, GitLab or Bitbucket, by a connection; a push to its branch starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
   */
  public static connection(options: ConnectionSourceOptions): PipelineSource {
    return new BoundSource((scope, bindOptions) => bindConnection(scope, options, bindOptions));
  }

  /**
   * An archive in a bucket; a new version of it starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
   */
  public static s3(options: S3SourceOptions): PipelineSource {
    return new BoundSource((scope, bindOptions) => bindS3(scope, options, bindOptions));
  }

  /**
   * Creates the source action with its role, and a repository where the source has one. The pipeline calls it once at synth.
   *
   * @param scope a construct of the source's own, in the pipeline
   * @param options the artifact, the bucket and the role of the pipeline
   * @throws when an option is not valid or excludes another one, when the seed directory is missing, or when the source is in another account or region
   */
  public abstract bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig;
}

class BoundSource extends PipelineSource {
  constructor(private readonly binder: (scope: Construct, options: PipelineSourceBindOptions) => PipelineSourceConfig) {
    super();
  }

  public bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig {
    return this.binder(scope, options);
  }
}
