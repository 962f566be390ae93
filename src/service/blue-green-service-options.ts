import { Duration } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { BootstrapImage } from './bootstrap-image';
import { HealthCheckOptions } from './health-check-options';
import { LoadBalancerOptions } from './load-balancer-options';
import { ReleaseOptions } from './release-options';
import { ScalingOptions } from './service-scaling';
import { PartProps } from '../part-props';
import { IContainerPlatform } from '../platform/container-platform';

/**
 * Options of a service: the container, its load balancer, and its releases.
 */
export interface BlueGreenServiceOptions {
  /**
   * The name of the container: letters, digits, hyphens, and underscores. It cannot be changed after the first
   * deployment, except with `serviceRevision`.
   *
   * @default 'app'
   */
  readonly containerName?: string;

  /**
   * The port that the application listens on, 1 to 65535. It cannot be changed after the first deployment, except with
   * `serviceRevision`.
   *
   * @default 8080
   */
  readonly containerPort?: number;

  /**
   * The CPU units of a task. One vCPU has 1024 units. Fargate supports only certain combinations of CPU and memory.
   *
   * @default 512
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
   */
  readonly cpu?: number;

  /**
   * The memory of a task in MiB. Fargate supports only certain combinations of CPU and memory. A change applies from
   * the next release on.
   *
   * @default 1024
   */
  readonly memoryLimitMiB?: number;

  /**
   * The CPU architecture of the tasks. The pipeline builds the image for it.
   *
   * @default ecs.CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * The command of the container. It applies from the first release on. The placeholder has its own command.
   *
   * @default - the command of the image; none with `entryPoint`
   */
  readonly command?: string[];

  /**
   * The entry point of the container. It applies from the first release on. The placeholder has its own entry point.
   *
   * With an entry point, Docker ignores the command of the image: set `command` too if the entry point needs arguments.
   *
   * @default - the entry point of the image
   */
  readonly entryPoint?: string[];

  /**
   * The working directory of the container, an absolute path. It applies from the first release on. The placeholder has
   * its own working directory.
   *
   * @default - the working directory of the image
   */
  readonly workingDirectory?: string;

  /**
   * Environment variables of the container. The template contains them in plain text.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables whose values ECS reads from Secrets Manager or Parameter Store when a task starts.
   *
   * The placeholder runs without them until the first release, so the secrets can be created after the stack.
   * Import a secret of another stack by its ARN if it uses a customer managed key. Otherwise, the two stacks depend on
   * each other.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * The user of the container, as a name or number, optionally with a group: `10001` or `10001:10001`.
   *
   * If the user is a number, the placeholder also runs as this user. A name applies from the first release on, because
   * the placeholder's image does not know it. Only root can listen on a port below 1024.
   *
   * @default - the user of the image
   */
  readonly user?: string;

  /**
   * Whether to mount the root file system of the container read-only. `/tmp` is then a volume that is deleted with the
   * task.
   *
   * A user other than root can write to `/tmp` only if the Dockerfile contains `VOLUME /tmp`. ECS then copies the owner
   * and the mode of the directory from the image. This option cannot be used together with `enableExecuteCommand`,
   * whose agent writes to the root file system.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
   */
  readonly readonlyRootFilesystem?: boolean;

  /**
   * The image that runs until the first release.
   *
   * @default - BootstrapImage.publicPython()
   */
  readonly bootstrapImage?: BootstrapImage;

  /**
   * The health check of both target groups.
   *
   * @default - path `/` every 15 seconds, timeout 5 seconds, healthy after 5 successes, unhealthy after 2 failures
   */
  readonly healthCheck?: HealthCheckOptions;

  /**
   * The time after the start of a task during which ECS ignores its health checks, whole seconds from 0 to 2147483647.
   *
   * ECS replaces a task that is still unhealthy after this time. The grace period cannot be changed after the first
   * deployment, except with `serviceRevision`. ECS would accept a request that changes only the grace period. But
   * CloudFormation sends all properties of the service in the same request, and ECS may reject the other properties.
   *
   * @default - 5 minutes with the default health check. Other health checks get the time in which a task that answers
   * within 60 seconds becomes healthy, rounded up to a multiple of 5 minutes.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
   */
  readonly healthCheckGracePeriod?: Duration;

  /**
   * A health check that ECS runs inside the container. CodeDeploy shifts traffic only after this check has succeeded.
   * After the grace period, ECS replaces a task that fails this check.
   *
   * It applies from the first release on, because the placeholder lacks the tools of the application. The placeholder
   * has no health check. So no other container may depend on the application's container with the condition HEALTHY. A
   * command with a single item runs in a shell. The image must contain the command. The image of
   * `BootstrapImage.fromRelease` must contain it too.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
   */
  readonly containerHealthCheck?: ecs.HealthCheck;

  /**
   * The limits for the number of tasks, and the target values that determine it.
   *
   * @default - one task, no scaling
   */
  readonly scaling?: ScalingOptions;

  /**
   * HTTPS, domain name, access, and attributes of the load balancer.
   *
   * @default - an internet-facing load balancer that serves HTTP on port 80
   */
  readonly loadBalancer?: LoadBalancerOptions;

  /**
   * Traffic shift, wait times, tests, and rollback alarms of each release.
   *
   * @default - a canary of 10 % for 5 minutes, rolled back by 5xx responses or unhealthy tasks
   */
  readonly release?: ReleaseOptions;

  /**
   * The retention period of the logs of the container and the smoke test. A shorter period deletes older log data at
   * the stack update.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the logs of the container and the smoke test, and the environment variables of the smoke
   * test. Its key policy gets a statement that allows CloudWatch Logs in this region to use it.
   *
   * @default - AWS owned keys of CloudWatch Logs and Lambda
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether to allow `aws ecs execute-command` to open a shell in a task. ECS writes the session to the container's
   * logs.
   *
   * Your own cluster can set another destination. If that is a log group, the tasks get the permission to write to it.
   * For a bucket or a key, grant the permission to the service yourself. The option cannot be changed after the first
   * deployment, except with `serviceRevision`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  readonly enableExecuteCommand?: boolean;

  /**
   * The revision of the ECS service. Raise it by one to replace the service. The new service can have different values
   * for properties that cannot be changed in a deployed service.
   *
   * From revision 2 on, `bootstrapImage` must be an image of the application, such as `BootstrapImage.fromRelease`.
   * Otherwise, production would serve the placeholder. Replace the service only while blue is live, because the tasks
   * of the new service register in the blue target group.
   *
   * @default 1
   */
  readonly serviceRevision?: number;

  /**
   * Whether to write a stack policy that denies updates of the ECS service and its listeners.
   *
   * Synth writes `<stack>.stack-policy.json` beside the template. CDK does not set the policy: run
   * `aws cloudformation set-stack-policy`. To change a denied resource, such as the certificate, set a policy that
   * allows all updates first. It is not verified that the policy stops `cdk deploy --revert-drift`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
   */
  readonly stackPolicy?: boolean;
}

/**
 * Properties of `BlueGreenService`.
 */
export interface BlueGreenServiceProps extends BlueGreenServiceOptions, PartProps {
  /** The cluster and repository of the service. */
  readonly platform: IContainerPlatform;
}
