import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
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
 * What the engine of a service reports when it gives a deployment up, for whoever is on call.
 *
 * The texts may hold fields of the event whose values have no quotation mark, such as names and states: EventBridge escapes nothing.
 */
export interface DeploymentFailures {
  /** The events, of this service only. */
  readonly eventPattern: events.EventPattern;
  /** What happened, the rest of a sentence that begins with application and environment. */
  readonly headline: string;
  /** What it means for those who use the application. */
  readonly consequence: string;
  /** The id of the deployment. */
  readonly deploymentId: string;
  /** The page of the deployment in the console. */
  readonly page: string;
}

/**
 * A service that a pipeline releases without interruption.
 */
export interface IBlueGreenService extends IConstruct, ec2.IConnectable, iam.IGrantable {
  /** The ECS service. */
  readonly ecsService: ecs.IBaseService;
  /** The processor architecture of the tasks; the image must be built for it. */
  readonly cpuArchitecture: ecs.CpuArchitecture;
  /** What the engine reports when it gives a deployment up. */
  readonly deploymentFailures: DeploymentFailures;

  /**
   * Called by the pipeline, once.
   *
   * @param scope where the stage's roles are created
   * @throws when another pipeline deploys the service already, or when the pipeline is in another stack
   */
  bindDeployStage(scope: Construct, options: DeployStageBindOptions): DeployStageConfig;
}
