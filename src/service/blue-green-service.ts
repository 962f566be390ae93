import { CfnResource, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { DeployStageBindOptions, DeployStageConfig, DeploymentFailures, IBlueGreenService } from './api';
import { BlueGreenServiceOptions, BlueGreenServiceProps } from './blue-green-service-options';
import { BootstrapImage, BootstrapImageConfig } from './bootstrap-image';
import { DeploymentHookFunctions } from './deployment-hook-options';
import { SERVICE_KINDS } from './private/kinds';
import { ClosedTestListener } from './private/load-balancer/closed-test-listener';
import { gracePeriodFor, HealthCheck, resolveHealthCheck } from './private/load-balancer/health-check';
import { LoadBalancing } from './private/load-balancer/load-balancing';
import { decideMarks } from './private/marks/decide-marks';
import { ImageMarks } from './private/marks/image-marks';
import { CodeDeployEngine, CodeDeployEngineProps } from './private/release/code-deploy-engine';
import { RollbackAlarmSet } from './private/release/rollback-alarm-set';
import { validateServiceOptions } from './private/service-options';
import { StackPolicy } from './private/stack-policy';
import { StackTagsCheck } from './private/stack-tags-check';
import {
  HEALTHY_HOSTS, REQUEST_COUNT, RESPONSE_TIME, SERVER_ERRORS, TargetGroupMetrics, UNHEALTHY_HOSTS,
} from './private/target-group-metrics';
import { acknowledge } from '../private/acknowledge';
import { renderedProperties, resourceOfService } from '../private/cdk-internals';
import { addContainer, createLogGroup } from './private/task/container';
import { allowExecuteCommand } from './private/task/execute-command';
import { checkOverrides } from './private/task/placeholder-check';
import { requirePullableImage, validateImagesOfSidecars } from './private/task/public-images';
import { addScaling } from './private/task/scaling';
import { createTaskDefinition, createTaskRoles } from './private/task/task-definition';
import { requireTaskEndpoints } from './private/task/task-endpoints';
import { createTaskSecurityGroup } from './private/task/task-security-group';
import { TargetGroupMetricOptions } from './target-group-metrics';
import { ALARM } from '../private/common-kinds';
import { fail, noteDefault } from '../private/errors';
import { required, requireKind, requireKinds } from '../private/kinds';
import { ResourceNames } from '../private/names';
import { removalPolicyOf } from '../private/part-defaults';

/** A callback that receives each alarm of a service. */
type AlarmListener = (alarm: cloudwatch.IAlarm) => void;

const DEFAULT_PORT = 8080;

/** The maximum number of alarms in a deployment group of CodeDeploy. */
const MAX_ROLLBACK_ALARMS = 10;

/**
 * A web application on ECS Fargate behind a load balancer. CodeDeploy releases it without interruption.
 *
 * The service runs a placeholder until a pipeline releases the first image.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
 * @example
 * declare const platform: ContainerPlatform;
 * const service = new BlueGreenService(this, 'Service', {
 *   platform,
 *   containerPort: 8000,
 *   healthCheck: { path: '/health' },
 *   release: { trafficShift: TrafficShift.linear(20, Duration.minutes(2)) },
 * });
 */
export class BlueGreenService extends Construct implements IBlueGreenService {
  /** The ECS service. */
  public readonly ecsService: ecs.IBaseService;
  /** The CPU architecture of the tasks. */
  public readonly cpuArchitecture: ecs.CpuArchitecture;
  /** The security group of the tasks. */
  public readonly connections: ec2.Connections;
  /** The task role. Permissions that you grant to the service are permissions of the application. */
  public readonly grantPrincipal: iam.IPrincipal;
  /**
   * The task definition of the placeholder. What you add to it also applies to the application, from the next release
   * on.
   *
   * In a network with private endpoints, the library creates no VPC endpoint for the secret store of a secret that you
   * add here.
   */
  public readonly taskDefinition: ecs.FargateTaskDefinition;
  /** The ECS service. */
  public readonly fargateService: ecs.FargateService;
  /** The log group of the container. */
  public readonly logGroup: logs.LogGroup;
  /** The scaling of the number of tasks. Schedules can be added to it. It is undefined without `scaling`. */
  public readonly scalableTaskCount?: ecs.ScalableTaskCount;
  /**
   * The alarm on image marks that failed. It does not stop a release. It is undefined if the images get no marks: see
   * `release.protectImages`.
   */
  public readonly imageMarkAlarm?: cloudwatch.IAlarm;

  private readonly healthCheck: HealthCheck;
  private readonly loadBalancing: LoadBalancing;
  private readonly targetGroupMetrics: TargetGroupMetrics;
  private readonly engine: CodeDeployEngine;
  private readonly alarms: cloudwatch.IAlarm[];
  private readonly alarmListeners: AlarmListener[] = [];
  private pipelinePath?: string;

  /**
   * @throws if AWS does not allow a value, if the load balancer cannot use the subnets, or if the tasks cannot pull the
   * placeholder. It also throws if `serviceRevision` is 2 or more and `bootstrapImage` is a placeholder.
   */
  constructor(scope: Construct, id: string, props: BlueGreenServiceProps) {
    super(scope, id);
    requireKinds(this, props, SERVICE_KINDS);
    validateServiceOptions(this, props);
    this.healthCheck = resolveHealthCheck(this, props.healthCheck);
    const names = new ResourceNames(this, props);
    const removalPolicy = removalPolicyOf(props);
    const container = { name: props.containerName ?? 'app', port: props.containerPort ?? DEFAULT_PORT };
    const bootstrap = this.bindBootstrapImage(props, names, container.port);

    this.cpuArchitecture = props.cpuArchitecture ?? ecs.CpuArchitecture.X86_64;
    this.logGroup = createLogGroup(this, props, { names, removalPolicy });
    const { executionRole, taskRole, secretGrants } = createTaskRoles(this, props, names);
    this.taskDefinition = createTaskDefinition(this, props, {
      names, cpuArchitecture: this.cpuArchitecture, taskRole, executionRole,
    });
    const { imageName } = addContainer(this, props, {
      taskDefinition: this.taskDefinition, container, bootstrap, logGroup: this.logGroup,
    });
    requirePullableImage(this, props, imageName);
    validateImagesOfSidecars(this.taskDefinition, props, container.name);
    checkOverrides(this, this.taskDefinition, container.name, { bootstrap, options: props });

    this.loadBalancing = this.createLoadBalancing(props, names, removalPolicy);
    this.targetGroupMetrics = new TargetGroupMetrics(this.loadBalancer, this.loadBalancing);

    this.fargateService = this.createService(props, names, executionRole);
    this.blueTargetGroup.addTarget(this.fargateService.loadBalancerTarget({
      containerName: container.name, containerPort: container.port,
    }));
    this.ecsService = this.fargateService;
    this.connections = this.fargateService.connections;
    this.grantPrincipal = taskRole;
    if (props.enableExecuteCommand) {
      allowExecuteCommand(this, this.fargateService, taskRole, this.logGroup, names);
    }
    requireTaskEndpoints(this.fargateService, props, secretGrants);
    this.scalableTaskCount = this.createScaling(props, names);

    this.engine = this.createEngine(props, names, { executionRole, container }, bootstrap);
    this.alarms = this.createRollbackAlarms(props, names);
    this.imageMarkAlarm = this.createImageMarks(props, names, container.name)?.alarm;
    this.guardUpdates(props);
  }

  /** The load balancer. */
  public get loadBalancer(): elbv2.ApplicationLoadBalancer {
    return this.loadBalancing.loadBalancer;
  }

  /** The production listener. */
  public get listener(): elbv2.ApplicationListener {
    return this.loadBalancing.listener;
  }

  /** The target group that serves production before the first release. */
  public get blueTargetGroup(): elbv2.ApplicationTargetGroup {
    return this.loadBalancing.blue;
  }

  /** The target group that serves production after the first release. */
  public get greenTargetGroup(): elbv2.ApplicationTargetGroup {
    return this.loadBalancing.green;
  }

  /** The test listener, undefined if no option requires one. */
  public get testListener(): elbv2.ApplicationListener | undefined {
    return this.loadBalancing.testListener;
  }

  /** The CodeDeploy application. */
  public get deploymentApplication(): codedeploy.EcsApplication | undefined {
    return this.engine.application;
  }

  /** The CodeDeploy deployment group. */
  public get deploymentGroup(): codedeploy.EcsDeploymentGroup | undefined {
    return this.engine.deploymentGroup;
  }

  /** The events of failed and stopped deployments, and the notification about them. */
  public get deploymentFailures(): DeploymentFailures {
    return this.engine.deploymentFailures;
  }

  /**
   * The URL of the application.
   *
   * With `loadBalancer.certificate` and without `loadBalancer.domainName`, this is the HTTPS URL of the load balancer.
   * Clients report a certificate error there, because the certificate covers only your own domain name. The outputs and
   * the dashboard do not show this URL.
   */
  public get url(): string {
    return this.loadBalancing.url;
  }

  /**
   * The URL of the application, undefined if its name is not known.
   *
   * @internal
   */
  public get _applicationUrl(): string | undefined {
    return this.loadBalancing.applicationUrl;
  }

  /** A copy of the list of alarms that stop a release and roll it back. `addRollbackAlarm` adds one. */
  public get rollbackAlarms(): cloudwatch.IAlarm[] {
    return [...this.alarms];
  }

  /**
   * Adds an alarm that stops a release and rolls it back. An alarm that the service already has is ignored.
   *
   * In `BlueGreenPythonPipeline`, the alarm also sends notifications and appears in the dashboard.
   *
   * @throws if the service already has ten rollback alarms
   */
  public addRollbackAlarm(alarm: cloudwatch.IAlarm): void {
    requireKind(this, 'alarm', alarm, required(ALARM));
    // two imports of the same alarm are different objects
    if (this.alarms.some(({ alarmArn }) => alarmArn === alarm.alarmArn)) { return; }
    if (this.alarms.length >= MAX_ROLLBACK_ALARMS) {
      fail(this, `a service accepts at most ${MAX_ROLLBACK_ALARMS} rollback alarms, got one more; `
        + 'this is the limit of CodeDeploy: combine several alarms with metric math');
    }
    // first, because the alerts may reject the name of the alarm
    this.alarmListeners.forEach((listener) => listener(alarm));
    this.alarms.push(alarm);
    this.engine.addAlarm(alarm);
  }

  /**
   * Calls the listener with each alarm of the service, including the rollback alarms that are added later.
   *
   * @internal
   */
  public _onAlarm(listener: AlarmListener): void {
    [...this.alarms, ...(this.imageMarkAlarm ? [this.imageMarkAlarm] : [])].forEach(listener);
    this.alarmListeners.push(listener);
  }

  /**
   * Returns a metric for the number of requests that the tasks answered. By default, it is the sum per minute over both
   * target groups.
   */
  public metricRequestCount(options?: TargetGroupMetricOptions): cloudwatch.IMetric {
    return this.targetGroupMetrics.metric(REQUEST_COUNT, options);
  }

  /**
   * Returns a metric for the number of 5xx responses of the tasks. By default, it is the sum per minute over both
   * target groups.
   */
  public metricServerErrors(options?: TargetGroupMetricOptions): cloudwatch.IMetric {
    return this.targetGroupMetrics.metric(SERVER_ERRORS, options);
  }

  /**
   * Returns a metric for the response time of the tasks in seconds. By default, it is the 95th percentile per minute.
   * If both target groups have data, it is the higher value.
   */
  public metricResponseTime(options?: TargetGroupMetricOptions): cloudwatch.IMetric {
    return this.targetGroupMetrics.metric(RESPONSE_TIME, options);
  }

  /**
   * Returns a metric for the number of healthy tasks. By default, it is the minimum per minute, summed over both target
   * groups.
   */
  public metricHealthyHosts(options?: TargetGroupMetricOptions): cloudwatch.IMetric {
    return this.targetGroupMetrics.metric(HEALTHY_HOSTS, options);
  }

  /**
   * Returns a metric for the number of unhealthy tasks. By default, it is the maximum per minute, summed over both
   * target groups.
   */
  public metricUnhealthyHosts(options?: TargetGroupMetricOptions): cloudwatch.IMetric {
    return this.targetGroupMetrics.metric(UNHEALTHY_HOSTS, options);
  }

  /** Returns a metric for the CPU utilization of all tasks in percent, by default the average per minute. */
  public metricCpuUtilization(options?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.fargateService.metricCpuUtilization({ period: Duration.minutes(1), ...options });
  }

  /** Returns a metric for the memory utilization of all tasks in percent, by default the average per minute. */
  public metricMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.fargateService.metricMemoryUtilization({ period: Duration.minutes(1), ...options });
  }

  /**
   * Returns a metric for the number of running tasks, by default the average per minute. During a release, it counts
   * both task sets. It requires Container Insights on the cluster.
   */
  public metricRunningTaskCount(options?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return new cloudwatch.Metric({
      namespace: 'ECS/ContainerInsights',
      metricName: 'RunningTaskCount',
      dimensionsMap: {
        ClusterName: this.fargateService.cluster.clusterName,
        ServiceName: this.fargateService.serviceName,
      },
      statistic: cloudwatch.Stats.AVERAGE,
      period: Duration.minutes(1),
      ...options,
    });
  }

  /**
   * Returns the files and actions of the deploy stage. The pipeline calls it once.
   *
   * @throws if another pipeline deploys the service, or if the pipeline is in another stack
   */
  public bindDeployStage(scope: Construct, options: DeployStageBindOptions): DeployStageConfig {
    if (this.pipelinePath !== undefined) {
      fail(this, `only one pipeline can deploy a service, got ${scope.node.path} in addition to ${this.pipelinePath}; `
        + 'CodeDeploy runs one deployment of a service at a time: create a service for each pipeline');
    }
    if (Stack.of(scope) !== Stack.of(this)) {
      fail(this, `the pipeline must be in the same stack as its service, got ${Stack.of(scope).node.path}; `
        + 'the files of a release refer to resources of the service, which another stack cannot do: create both in one stack');
    }
    this.pipelinePath = scope.node.path;
    return this.engine.bindDeployStage(scope, options);
  }

  private bindBootstrapImage(
    props: BlueGreenServiceProps, names: ResourceNames, containerPort: number,
  ): BootstrapImageConfig {
    const { repository } = props.platform;
    const bootstrap = (props.bootstrapImage ?? BootstrapImage.publicPython()).bind(this, {
      ...names.parts, containerPort, repository, healthyHttpCodes: props.healthCheck?.healthyHttpCodes,
    });
    const { serviceRevision = 1 } = props;
    if (serviceRevision > 1 && !bootstrap.servesApplication) {
      fail(this, `'bootstrapImage' must be the application if 'serviceRevision' is 2 or more, got ${noteDefault('a placeholder', 'bootstrapImage', props.bootstrapImage)} with ${serviceRevision}; `
        + "production would serve the placeholder until the next release: use BootstrapImage.fromRelease('sha256:...') with the digest of the running image");
    }
    return bootstrap;
  }

  private createLoadBalancing(
    props: BlueGreenServiceProps, names: ResourceNames, removalPolicy: RemovalPolicy,
  ): LoadBalancing {
    const { testListener, hooks } = props.release ?? {};
    return new LoadBalancing(this, 'LoadBalancer', {
      names,
      removalPolicy,
      network: props.platform.network,
      options: props.loadBalancer ?? {},
      healthCheck: this.healthCheck,
      testListener: testListener ?? (hooks?.needsTestListener ? new ClosedTestListener() : undefined),
    });
  }

  private bindHooks(props: BlueGreenServiceProps, names: ResourceNames): DeploymentHookFunctions {
    const { platform: { network }, logRetention, encryptionKey } = props;
    if (!props.release?.hooks) { return {}; }
    const { loadBalancer, testPort, https } = this.loadBalancing;
    const { functions } = props.release.hooks.bind(this, {
      ...names.parts,
      network,
      loadBalancer,
      testPort,
      https,
      domainName: props.loadBalancer?.domainName,
      logRetention,
      encryptionKey,
    });
    if (Object.values(functions).every((hook) => hook === undefined)) {
      fail(this, "'release.hooks' must contain at least one function, got none; no release would be tested: add a function, or remove 'release.hooks'");
    }
    return functions;
  }

  private createService(
    props: BlueGreenServiceProps, names: ResourceNames, executionRole: iam.Role,
  ): ecs.FargateService {
    const { cluster, network } = props.platform;
    const { serviceRevision = 1 } = props;
    // a different id and name from the second revision on, so that CloudFormation creates the new service before it
    // deletes the old one
    const [id, purpose] = serviceRevision === 1 ? ['Service', 'web'] : [`ServiceR${serviceRevision}`, `web-r${serviceRevision}`];
    const service = new ecs.FargateService(this, id, {
      serviceName: names.of(purpose),
      cluster,
      taskDefinition: this.taskDefinition,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
      platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: props.healthCheckGracePeriod ?? gracePeriodFor(this.healthCheck),
      vpcSubnets: network.taskSubnets,
      assignPublicIp: network.assignPublicIp,
      securityGroups: [createTaskSecurityGroup(this, network, names)],
    });
    // CloudFormation sends all properties with any change, and ECS rejects most of them under CODE_DEPLOY: a change of
    // an app-wide tag must not update the service
    const resource = resourceOfService(service);
    resource.addPropertyDeletionOverride('Tags');
    // an aspect or an override may change the family later; CDK compares the property with its own copy of the family
    resource.addPropertyOverride('TaskDefinition', Lazy.uncachedString({
      produce: () => renderedProperties(this.taskDefinition.node.defaultChild as CfnResource).Family as string,
    }));
    acknowledge(resource, 'Version 1.4.0 is the latest. It is pinned, because ECS rejects a change of the platform version.', { guard: ['ecs_fargate_latest_platform_version_check'] });
    // the first image pull requires the egress and the permission
    service.node.addDependency(network.egressEstablished, executionRole);
    return service;
  }

  private createScaling(
    { scaling: options }: BlueGreenServiceProps, names: ResourceNames,
  ): ecs.ScalableTaskCount | undefined {
    return options && addScaling({ names, service: this.fargateService, metrics: this.targetGroupMetrics, options });
  }

  private createEngine(
    props: BlueGreenServiceProps,
    names: ResourceNames,
    made: Pick<CodeDeployEngineProps, 'executionRole' | 'container'>,
    { servesApplication }: BootstrapImageConfig,
  ): CodeDeployEngine {
    return new CodeDeployEngine(this, 'CodeDeploy', {
      ...made,
      names,
      secrets: servesApplication ? {} : props.secrets,
      options: props.release ?? {},
      containerOptions: props,
      loadBalancing: this.loadBalancing,
      service: this.fargateService,
      hooks: this.bindHooks(props, names),
      publicTasks: props.platform.network.assignPublicIp ?? false,
      marksImages: decideMarks(this, props.platform, props.release?.protectImages),
    });
  }

  private createImageMarks(
    { platform: { repository } }: BlueGreenServiceProps, names: ResourceNames, containerName: string,
  ): ImageMarks | undefined {
    const { marksImages, deploymentGroup: { deploymentGroupArn } } = this.engine;
    if (!marksImages) { return undefined; }
    return new ImageMarks(this, 'ImageMarks', {
      names, service: this.fargateService, containerName, repository, deploymentGroupArn,
    });
  }

  private guardUpdates({ stackPolicy = false }: BlueGreenServiceOptions): void {
    new StackTagsCheck(this, 'StackTags');
    if (!stackPolicy) { return; }
    const { listener, testListener, blue, green } = this.loadBalancing;
    new StackPolicy(this, 'StackPolicy', {
      service: resourceOfService(this.fargateService),
      listeners: [listener, ...testListener ? [testListener] : []],
      targetGroups: [blue, green],
    });
  }

  private createRollbackAlarms({ release }: BlueGreenServiceOptions, names: ResourceNames): cloudwatch.IAlarm[] {
    const options = release?.rollbackAlarms ?? {};
    if (!(options.enabled ?? true)) { return []; }
    const { alarms } = new RollbackAlarmSet(this, 'RollbackAlarms', {
      names, metrics: this.targetGroupMetrics, options, trafficShift: this.engine.trafficShift,
    });
    alarms.forEach((alarm) => this.engine.addAlarm(alarm));
    return alarms;
  }
}
