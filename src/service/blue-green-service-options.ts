import { Duration } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BootstrapImage } from './bootstrap-image';
import { DeploymentHooks } from './deployment-hooks';
import { DeploymentTestListener } from './deployment-test-listener';
import { RollbackAlarmOptions } from './rollback-alarms';
import { ServiceScalingOptions } from './service-scaling';
import { TrafficShift } from './traffic-shift';
import { PartProps } from '../part-props';
import { IContainerPlatform } from '../platform/container-platform';

/**
 * What a parent may tune on a service.
 */
export interface BlueGreenServiceOptions {
  /**
   * The container's name, of letters, digits, hyphens and underscores. It cannot be changed once the service exists.
   *
   * @default app
   */
  readonly containerName?: string;

  /**
   * The port that the application listens on, 1 to 65535. It cannot be changed once the service exists.
   *
   * @default 8080
   */
  readonly containerPort?: number;

  /**
   * The CPU units of a task; 1024 are one virtual CPU. Fargate knows fixed pairs of CPU and memory.
   *
   * @default 512
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
   */
  readonly cpu?: number;

  /**
   * The memory of a task in MiB.
   *
   * @default 1024
   */
  readonly memoryLimitMiB?: number;

  /**
   * The processor architecture of the tasks. The pipeline builds the image for it.
   *
   * @default ecs.CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * What the application's container runs.
   *
   * @default - the image's own command
   */
  readonly command?: string[];

  /**
   * Environment variables of the container. They stand in the template in plain text.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables whose values ECS reads from Secrets Manager or Parameter Store when a task starts.
   *
   * The placeholder before the first release runs without them, so they may be created after the stack.
   * A secret of another stack whose key is a customer's is imported by its ARN, else the two stacks would need each other.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * The user of the container, as a name or a number, with a group where that is to be given: `10001` or `10001:10001`.
   *
   * The placeholder runs as a number too. Its image does not know a name of yours, which counts from the first release on.
   * A user other than root cannot listen on a port below 1024.
   *
   * @default - the image's own user
   */
  readonly user?: string;

  /**
   * Whether the container cannot write to its root file system. `/tmp` is then a volume of the task, and goes with it.
   *
   * A user other than root may write there only when the Dockerfile has `VOLUME /tmp`, as ECS takes the owner and mode from there.
   * It cannot go with `enableExecuteCommand`, whose agent writes to the root file system.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
   */
  readonly readonlyRootFilesystem?: boolean;

  /**
   * What runs until the first release.
   *
   * @default - BootstrapImage.publicPython()
   */
  readonly bootstrapImage?: BootstrapImage;

  /**
   * How long the logs of the container and of the smoke test are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts these logs, and the environment of the smoke test. CloudWatch Logs of this region is allowed to use it.
   *
   * @default - the keys of CloudWatch Logs and Lambda, which are AWS's own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How the load balancer asks a task whether it is well. The protocol and the port cannot be set.
   *
   * @default - path `/` every 15 seconds, timeout 5 seconds, healthy after 5 answers, unhealthy after 2 failures
   */
  readonly healthCheck?: elbv2.HealthCheck;

  /**
   * A certificate: the listener then speaks HTTPS on port 443, and port 80 redirects to it.
   *
   * Adding or changing it on a stack that runs sends all traffic to the blue target group, an outage when green is live: do it while blue is.
   * Removing it is refused, since port 80 is still the redirect's then.
   *
   * @default - HTTP on port 80; with `domainName`, a new certificate
   */
  readonly certificate?: acm.ICertificate;

  /**
   * The name that users type, inside the hosted zone: an alias record leads it to the load balancer.
   *
   * Without `certificate` one is made, at most 64 characters long, which has the effect of adding `certificate`.
   * Changing it replaces the record and a certificate that was made, and sends all traffic to the blue target group like another `certificate`.
   *
   * @default - the load balancer's own name
   */
  readonly domainName?: string;

  /**
   * The zone of `domainName`. A certificate is made only in a public one, since AWS looks up the proof from outside.
   *
   * Another one replaces the record and a certificate that was made, which sends all traffic to the blue target group like another `certificate`.
   *
   * @default - none; needed with `domainName`
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * Whether the load balancer has public addresses. An internal one stands in the subnets of the tasks and admits the VPC.
   *
   * It cannot be changed once a service exists: a target group belongs to one load balancer.
   *
   * @default true
   */
  readonly publicLoadBalancer?: boolean;

  /**
   * Where the load balancer writes a line for each request: a bucket of the same region, encrypted by S3's own keys, as the load balancer can use no other.
   *
   * The bucket's policy is extended; an imported bucket's is its owner's.
   *
   * @default - no access logs
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  readonly accessLogs?: s3.IBucket;

  /**
   * How long a task may finish its open requests when it leaves the load balancer, whole seconds up to an hour.
   *
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;

  /**
   * Security groups of the load balancer. Who may reach it is then their owner's choice; only who may reach the test listener is added to them.
   *
   * @default - one that admits the world, or the VPC for an internal load balancer, on the listener's ports
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * How production traffic moves to a new release.
   *
   * @default - TrafficShift.canary(10, Duration.minutes(5))
   */
  readonly trafficShift?: TrafficShift;

  /**
   * How long the former tasks are kept after a shift, ready to take the traffic back, whole minutes up to 2880.
   *
   * The release is not over before: the next one waits.
   *
   * @default Duration.minutes(5)
   */
  readonly terminationWaitTime?: Duration;

  /**
   * How long a release waits for somebody to continue it before any production traffic moves, whole minutes from 1 to 2880. It is stopped when nobody does.
   *
   * `aws deploy continue-deployment --deployment-wait-type READY_WAIT --deployment-id <id>` continues it, or the button in the console.
   *
   * @default - none: traffic moves as soon as the new tasks are well
   */
  readonly deploymentApprovalWaitTime?: Duration;

  /**
   * A second listener that leads to the new tasks before production does. It is never open to the world.
   *
   * @default - none; with `DeploymentHooks.smokeTest`, one on port 9000 that only the test reaches
   */
  readonly testListener?: DeploymentTestListener;

  /**
   * Functions that CodeDeploy calls during a release, and that may end it.
   *
   * @default - none
   */
  readonly hooks?: DeploymentHooks;

  /**
   * Which alarms stop a release.
   *
   * @default - 5xx answers and unhealthy tasks, on both target groups
   */
  readonly rollbackAlarms?: RollbackAlarmOptions;

  /**
   * Raise it by one to replace the ECS service on purpose: the way to change what ECS does not let be changed.
   *
   * From 2 on it takes a `bootstrapImage` that is no placeholder, such as `BootstrapImage.fromRelease`, else production would show the placeholder.
   * Replace it only while blue is live: the new service's tasks register there.
   *
   * @default 1
   */
  readonly serviceRevision?: number;

  /**
   * How many tasks run.
   *
   * @default - one task, no scaling
   */
  readonly scaling?: ServiceScalingOptions;

  /**
   * Whether `aws ecs execute-command` opens a shell in a task. What is typed there is logged with the container's logs,
   * unless a cluster of yours says otherwise: a log group that it names is granted, a bucket and a key are to be granted to the service by you.
   *
   * It cannot be changed once the service exists, but by `serviceRevision`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  readonly enableExecuteCommand?: boolean;
}

/**
 * Props of a service.
 */
export interface BlueGreenServiceProps extends BlueGreenServiceOptions, PartProps {
  /** What the containers run on. */
  readonly platform: IContainerPlatform;
}
