import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { BindOptions } from '../bind-options';

/**
 * Options that a pipeline passes to `IBlueGreenService.bindDeployStage`, for implementors of `IBlueGreenService`.
 */
export interface DeployStageBindOptions extends BindOptions {
  /** The output of the build: the files of the stage, and `imageDetail.json`. */
  readonly artifact: codepipeline.Artifact;
  /** The placeholder for the image URI in the task definition file, without angle brackets. */
  readonly imageUriPlaceholder: string;
  /** The bucket that contains the artifact. */
  readonly artifactBucket: s3.IBucket;
  /** The role of the pipeline. */
  readonly pipelineRole: iam.IRole;
  /**
   * The run order of the first action of the service. The pipeline sets it if an action of its own runs first in the
   * deploy stage.
   *
   * @default 1
   */
  readonly runOrder?: number;
}

/**
 * A file that the build adds to its output for the deploy stage, for implementors of `IBlueGreenService`.
 */
export interface DeployStageFile {
  /** The path of the file in the output. */
  readonly path: string;
  /** The content of the file. It may contain tokens that are known only at deployment. */
  readonly content: string;
}

/**
 * The result of `IBlueGreenService.bindDeployStage`, for implementors of `IBlueGreenService`.
 */
export interface DeployStageConfig {
  /** The files that the build adds to its output. */
  readonly files: DeployStageFile[];
  /** The actions of the deploy stage. */
  readonly actions: codepipeline.IAction[];
  /**
   * The prefix of the tag of each image that the build pushes: 1 to 40 letters, digits, hyphens, underscores, and dots.
   * A lifecycle rule can select the images by it.
   *
   * @default - none
   */
  readonly imageTagPrefix?: string;
}

/**
 * The EventBridge events of failed and stopped deployments, and the notification about them, for implementors of
 * `IBlueGreenService`.
 *
 * The notification may contain event fields, such as names and states. Their values must not contain quotation marks,
 * because EventBridge does not escape them.
 */
export interface DeploymentFailures {
  /** The event pattern. It matches the deployments of this service only. */
  readonly eventPattern: events.EventPattern;
  /** The first sentence of the notification, after the names of the application and the environment. */
  readonly headline: string;
  /** The consequence of the failure for the users of the application. */
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
  /** The CPU architecture of the tasks, for which the image must be built. */
  readonly cpuArchitecture: ecs.CpuArchitecture;
  /** The events of failed and stopped deployments, and the notification about them. */
  readonly deploymentFailures: DeploymentFailures;

  /**
   * Returns the files and actions of the deploy stage. The pipeline calls it once.
   *
   * @param scope the scope in which the roles of the stage are created
   * @throws if another pipeline deploys the service, or if the pipeline is in another stack
   */
  bindDeployStage(scope: Construct, options: DeployStageBindOptions): DeployStageConfig;
}
