import { Construct } from 'constructs';
import {
  CodeCommitSourceOptions, ConnectionSourceOptions, PipelineSourceBindOptions, PipelineSourceConfig, S3SourceOptions,
} from './pipeline-source-options';
import { markStrategy } from '../private/kinds';
import { bindCodeCommit } from './private/sources/code-commit-source';
import { bindConnection } from './private/sources/connection-source';
import { bindS3 } from './private/sources/s3-source';

/**
 * The source of the application's code.
 */
export abstract class PipelineSource {
  /**
   * A CodeCommit repository. A push to its branch starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
   */
  public static codeCommit(options: CodeCommitSourceOptions = {}): PipelineSource {
    return new BoundSource((scope, bindOptions) => bindCodeCommit(scope, options, bindOptions));
  }

  /**
   * A repository on GitHub, GitLab or Bitbucket, through a connection. A push to its branch starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
   */
  public static connection(options: ConnectionSourceOptions): PipelineSource {
    return new BoundSource((scope, bindOptions) => bindConnection(scope, options, bindOptions));
  }

  /**
   * An archive in an S3 bucket. A new version of the object starts the pipeline.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
   */
  public static s3(options: S3SourceOptions): PipelineSource {
    return new BoundSource((scope, bindOptions) => bindS3(scope, options, bindOptions));
  }

  /**
   * Creates the source action with its role, and a repository if the source has one. The pipeline calls it once at
   * synth.
   *
   * @param scope a construct in the pipeline that is reserved for this source
   * @param options the artifact, the bucket and the role of the pipeline
   * @throws when an option is not valid or conflicts with another one, when the seed directory is missing, or when the
   * source is in another account or region
   */
  public abstract bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig;
}

markStrategy('PipelineSource', PipelineSource);

class BoundSource extends PipelineSource {
  constructor(private readonly binder: (scope: Construct, options: PipelineSourceBindOptions) => PipelineSourceConfig) {
    super();
  }

  public bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig {
    return this.binder(scope, options);
  }
}
