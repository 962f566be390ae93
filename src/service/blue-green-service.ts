import { CfnDeletionPolicy, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BootstrapImage, BootstrapImageConfig } from './bootstrap-image';
import { DeployStageBindOptions, DeployStageConfig, IBlueGreenService } from './deploy-stage';
import { CodeDeployEngine } from './private/code-deploy-engine';
import { LoadBalancing } from './private/load-balancing';
import { RollbackAlarmSet } from './private/rollback-alarm-set';
import { addScaling } from './private/scaling';
import { validateServiceOptions } from './private/validation';
import { RollbackAlarmOptions } from './rollback-alarms';
import { ServiceScalingOptions } from './service-scaling';
import { TrafficShift } from './traffic-shift';
import { PartProps } from '../part-props';
import { IContainerPlatform } from '../platform/container-platform';
import { fail } from '../private/errors';
import { ManagedPolicyRole } from '../private/managed-policy-role';
import { ResourceNames } from '../private/names';

const DEFAULT_PORT = 8080;
const ECS_TASKS = 'ecs-tasks.amazonaws.com';

/** CodeDeploy stops a deployment group with more alarms. */
const MAX_ROLLBACK_ALARMS = 10;

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
   * What runs until the first release.
   *
   * @default - BootstrapImage.publicPython()
   */
  readonly bootstrapImage?: BootstrapImage;

  /**
   * How long the container's logs are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * How the load balancer asks a task whether it is well. The protocol and the port cannot be set.
   *
   * @default - path `/` every 15 seconds, timeout 5 seconds, healthy after 5 answers, unhealthy after 2 failures
   */
  readonly healthCheck?: elbv2.HealthCheck;

  /**
   * A certificate: the listener then speaks HTTPS on port 443, and port 80 redirects to it.
   *
   * Adding or changing it on a stack that runs sends all traffic to the blue target group: an outage until the next release when green is live.
   * Removing it is refused, since port 80 is still the redirect's then.
   *
   * @default - HTTP on port 80
   */
  readonly certificate?: acm.ICertificate;

  /**
   * Whether the load balancer has public addresses. An internal one stands in the subnets of the tasks and admits the VPC.
   *
   * @default true
   */
  readonly publicLoadBalancer?: boolean;

  /**
   * How long a task may finish its open requests when it leaves the load balancer, whole seconds up to an hour.
   *
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;

  /**
   * Security groups of the load balancer. Who may reach it is then their owner's choice.
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
   * Which alarms stop a release.
   *
   * @default - 5xx answers and unhealthy tasks, on both target groups
   */
  readonly rollbackAlarms?: RollbackAlarmOptions;

  /**
   * How many tasks run.
   *
   * @default - one task, no scaling
   */
  readonly scaling?: ServiceScalingOptions;
}

/**
 * Props of a service.
 */
export interface BlueGreenServiceProps extends BlueGreenServiceOptions, PartProps {
  /** What the containers run on. */
  readonly platform: IContainerPlatform;
}

/**
 * A web application on ECS Fargate behind a load balancer, released by CodeDeploy without interruption.
 *
 * It runs a placeholder until a pipeline releases the first image.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
 * @example
 * declare const platform: ContainerPlatform;
 * const service = new BlueGreenService(this, 'Service', {
 *   platform,
 *   containerPort: 8000,
 *   healthCheck: { path: '/health' },
 *   trafficShift: TrafficShift.linear(20, Duration.minutes(2)),
 * });
 */
export class BlueGreenService extends Construct implements IBlueGreenService {
  /** The ECS service. */
  public readonly ecsService: ecs.IBaseService;
  /** The processor architecture of the tasks. */
  public readonly cpuArchitecture: ecs.CpuArchitecture;
  /** The security group of the tasks. */
  public readonly connections: ec2.Connections;
  /** The task role: grants to the service reach the application. */
  public readonly grantPrincipal: iam.IPrincipal;
  /** The task definition of the placeholder; what is added to it reaches the next release. */
  public readonly taskDefinition: ecs.FargateTaskDefinition;
  /** The ECS service. */
  public readonly fargateService: ecs.FargateService;
  /** The load balancer. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  /** The production listener. */
  public readonly listener: elbv2.ApplicationListener;
  /** The target group that the first release finds in production. */
  public readonly blueTargetGroup: elbv2.ApplicationTargetGroup;
  /** The target group that the first release moves to. */
  public readonly greenTargetGroup: elbv2.ApplicationTargetGroup;
  /** The CodeDeploy application. */
  public readonly deploymentApplication?: codedeploy.EcsApplication;
  /** The CodeDeploy deployment group. */
  public readonly deploymentGroup?: codedeploy.EcsDeploymentGroup;
  /** The container's logs. */
  public readonly logGroup: logs.LogGroup;
  /** Where the application answers. */
  public readonly url: string;

  private readonly engine: CodeDeployEngine;
  private readonly rollbackAlarms: cloudwatch.IAlarm[];
  private pipelinePath?: string;

  /**
   * @throws when a prop is outside what AWS allows, or when the placeholder cannot be pulled in the network
   */
  constructor(scope: Construct, id: string, props: BlueGreenServiceProps) {
    super(scope, id);
    validateServiceOptions(this, props);
    const names = new ResourceNames(this, props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;
    const container = { name: props.containerName ?? 'app', port: props.containerPort ?? DEFAULT_PORT };
    const bootstrap = this.bindBootstrapImage(props, container.port);

    this.cpuArchitecture = props.cpuArchitecture ?? ecs.CpuArchitecture.X86_64;
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      logGroupName: names.prefixed('/aws/ecs/', 'web'),
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy,
    });
    const { executionRole, taskRole } = this.createRoles(props, names);
    this.taskDefinition = this.createTaskDefinition(props, names, taskRole, executionRole);
    this.addContainer(props, container, bootstrap);

    const loadBalancing = new LoadBalancing(this, 'LoadBalancer', {
      ...props, names, removalPolicy, network: props.platform.network, internetFacing: props.publicLoadBalancer ?? true,
    });
    this.loadBalancer = loadBalancing.loadBalancer;
    this.listener = loadBalancing.listener;
    this.blueTargetGroup = loadBalancing.blue;
    this.greenTargetGroup = loadBalancing.green;
    this.url = loadBalancing.url;

    this.fargateService = this.createService(props, names, executionRole);
    this.blueTargetGroup.addTarget(this.fargateService.loadBalancerTarget({ containerName: container.name, containerPort: container.port }));
    addScaling(this.fargateService, props.scaling);
    this.ecsService = this.fargateService;
    this.connections = this.fargateService.connections;
    this.grantPrincipal = taskRole;

    this.rollbackAlarms = this.createRollbackAlarms(props.rollbackAlarms, names, loadBalancing);
    this.engine = new CodeDeployEngine(this, 'CodeDeploy', {
      ...props, names, loadBalancing, executionRole, container, service: this.fargateService, alarms: [...this.rollbackAlarms],
    });
    this.deploymentApplication = this.engine.application;
    this.deploymentGroup = this.engine.deploymentGroup;
  }

  /**
   * Lets an alarm stop a release and roll it back. One that is there already is left as it is.
   *
   * @throws when the service has ten rollback alarms already
   */
  public addRollbackAlarm(alarm: cloudwatch.IAlarm): void {
    if (this.rollbackAlarms.includes(alarm)) { return; }
    if (this.rollbackAlarms.length >= MAX_ROLLBACK_ALARMS) {
      fail(this, `a service takes at most ${MAX_ROLLBACK_ALARMS} rollback alarms, got one more; `
        + 'join some of them in a composite alarm, as CodeDeploy allows no more');
    }
    this.rollbackAlarms.push(alarm);
    this.engine.addAlarm(alarm);
  }

  /** Called by the pipeline, once. */
  public bindDeployStage(scope: Construct, options: DeployStageBindOptions): DeployStageConfig {
    if (this.pipelinePath !== undefined) {
      fail(this, `a service is deployed by one pipeline, got a second one at ${scope.node.path} beside ${this.pipelinePath}; `
        + 'CodeDeploy runs one deployment of a service at a time: create a service for each pipeline');
    }
    if (Stack.of(scope) !== Stack.of(this)) {
      fail(this, `the pipeline must be in the stack of its service, got ${Stack.of(scope).node.path}; `
        + 'the files of a release name resources of the service, which another stack cannot refer to');
    }
    this.pipelinePath = scope.node.path;
    return this.engine.bindDeployStage(scope, options);
  }

  private bindBootstrapImage(props: BlueGreenServiceProps, containerPort: number): BootstrapImageConfig {
    const { internetAccess, forInspectionOnly } = props.platform.network;
    const bootstrap = (props.bootstrapImage ?? BootstrapImage.publicPython()).bind(this, { containerPort });
    if (bootstrap.requiresInternet && !internetAccess && !forInspectionOnly) {
      fail(this, "'bootstrapImage' must be an image that the tasks can pull, got BootstrapImage.publicPython() in subnets without a way to the internet; "
        + 'give BootstrapImage.fromImage with an image of your own ECR');
    }
    return bootstrap;
  }

  private createRoles(props: BlueGreenServiceProps, names: ResourceNames): { executionRole: iam.Role; taskRole: iam.Role } {
    const assumedBy = new iam.ServicePrincipal(ECS_TASKS);
    const executionRole = new ManagedPolicyRole(this, 'ExecutionRole', {
      roleName: names.iam('execution'),
      managedPolicyName: names.iam('execution-policy'),
      assumedBy,
    });
    // from the start: the placeholder comes from elsewhere, but the first release from here
    props.platform.repository.grantPull(executionRole);
    Object.values(props.secrets ?? {}).forEach((secret) => secret.grantRead(executionRole));
    return { executionRole, taskRole: new iam.Role(this, 'TaskRole', { roleName: names.iam('task'), assumedBy }) };
  }

  private createTaskDefinition(
    props: BlueGreenServiceProps, names: ResourceNames, taskRole: iam.IRole, executionRole: iam.IRole,
  ): ecs.FargateTaskDefinition {
    const taskDefinition = new ecs.FargateTaskDefinition(this, 'TaskDefinition', {
      family: names.of('web'),
      cpu: props.cpu ?? 512,
      memoryLimitMiB: props.memoryLimitMiB ?? 1024,
      runtimePlatform: { cpuArchitecture: this.cpuArchitecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
      taskRole,
      executionRole,
    });
    // a revision that is replaced must stay active: CodeDeploy rolls back to it, and a service scales it out until the next release
    const { cfnOptions } = taskDefinition.node.defaultChild as CfnResource;
    cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    return taskDefinition;
  }

  private addContainer(props: BlueGreenServiceProps, container: { name: string; port: number }, bootstrap: BootstrapImageConfig): void {
    this.taskDefinition.addContainer('App', {
      containerName: container.name,
      image: bootstrap.image,
      command: bootstrap.command,
      environment: props.environment,
      portMappings: [{ containerPort: container.port, protocol: ecs.Protocol.TCP }],
      logging: new ecs.AwsLogDriver({ logGroup: this.logGroup, streamPrefix: container.name }),
      // Python as process 1 ignores SIGTERM unless it handles it, and would be killed after the stop timeout
      linuxParameters: new ecs.LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true }),
    });
  }

  private createService(props: BlueGreenServiceProps, names: ResourceNames, executionRole: iam.Role): ecs.FargateService {
    const { cluster, network } = props.platform;
    const service = new ecs.FargateService(this, 'Service', {
      serviceName: names.of('web'),
      cluster,
      taskDefinition: this.taskDefinition,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
      platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: Duration.seconds(60),
      vpcSubnets: network.taskSubnets,
      securityGroups: [new ec2.SecurityGroup(this, 'SecurityGroup', {
        vpc: network.vpc,
        securityGroupName: names.of('web'),
        description: 'Tasks: the container port for the load balancer only',
        allowAllOutbound: true,
      })],
    });
    // CloudFormation sends every property with any change, and ECS refuses most of them under CODE_DEPLOY: an app-wide tag must not be one
    (service.node.tryFindChild('Service') as CfnResource).addPropertyDeletionOverride('Tags');
    // the first pull needs the way out and the permission
    service.node.addDependency(network.egressEstablished, executionRole);
    return service;
  }

  private createRollbackAlarms(options: RollbackAlarmOptions = {}, names: ResourceNames, loadBalancing: LoadBalancing): cloudwatch.IAlarm[] {
    return options.enabled ?? true ? new RollbackAlarmSet(this, 'RollbackAlarms', { names, loadBalancing, options }).alarms : [];
  }
}
