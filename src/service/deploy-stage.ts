import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';

/**
 * What a pipeline tells the service that it deploys.
 */
export interface DeployStageBindOptions {
  /** Output of the build: the files of the stage and `imageDetail.json`. */
  readonly artifact: codepipeline.Artifact;
  /** The placeholder that stands for the image, without angle brackets. */
  readonly imageUriPlaceholder: string;
  /** Where the artifact lies. */
  readonly artifactBucket: s3.IBucket;
  /** The role of the pipeline. */
  readonly pipelineRole: iam.IRole;
}

/**
 * A file that the build puts into its output for the deploy stage.
 */
export interface DeployStageFile {
  /** Its path in the output. */
  readonly path: string;
  /** Its text; may hold tokens that are known at deployment only. */
  readonly content: string;
}

/**
 * What a service asks of the pipeline that deploys it.
 */
export interface DeployStageConfig {
  /** The files that the build puts into its output. */
  readonly files: DeployStageFile[];
  /** The actions of the deploy stage. */
  readonly actions: codepipeline.IAction[];
}

/**
 * A service that a pipeline releases without interruption.
 */
export interface IBlueGreenService extends IConstruct, ec2.IConnectable, iam.IGrantable {
  /** The ECS service. */
  readonly ecsService: ecs.IBaseService;
  /** The processor architecture of the tasks; the image must be built for it. */
  readonly cpuArchitecture: ecs.CpuArchitecture;

  /**
   * Called by the pipeline, once.
   *
   * @param scope where the stage's roles are created
   * @throws when another pipeline deploys the service already, or when the pipeline is in another stack
   */
  bindDeployStage(scope: Construct, options: DeployStageBindOptions): DeployStageConfig;
}
