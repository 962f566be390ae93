import { CfnResource, Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { renderAppSpec } from './app-spec';
import { HookPermissions } from './hook-permissions';
import { validateRollbackAlarms } from './rollback-alarm-set';
import { renderTaskDefinitionTemplate, TaskDefinitionTemplateOptions } from './task-definition-template';
import { wildcard } from '../../../private/acknowledge';
import { allow } from '../../../private/allow';
import { readArtifacts } from '../../../private/artifact-statements';
import { deploymentPage } from '../../../private/console-links';
import { PREDEFINED } from '../../../private/deployment-configurations';
import { IMAGE_TAGS } from '../../../private/image-tags';
import { DURATION, flag, GROUP, KindsOf, requireOptions, strategy } from '../../../private/kinds';
import { MAX_LENGTH, ResourceNames } from '../../../private/names';
import { PolicyRole } from '../../../private/policy-role';
import { serviceOfThisAccount, thePipeline } from '../../../private/principals';
import { requireDuration } from '../../../private/validation';
import { DeployStageBindOptions, DeployStageConfig, DeploymentFailures } from '../../api';
import { BlueGreenServiceOptions } from '../../blue-green-service-options';
import { DeploymentHookFunctions } from '../../deployment-hook-options';
import { ReleaseOptions } from '../../release-options';
import { TrafficShift, TrafficShiftConfig } from '../../traffic-shift';
import { LoadBalancing } from '../load-balancer/load-balancing';

const APP_SPEC = 'appspec.yaml';
const TASK_DEFINITION_TEMPLATE = 'taskdef.json';

const OPTIONS: KindsOf<ReleaseOptions> = {
  trafficShift: strategy('TrafficShift', 'TrafficShift.allAtOnce()'),
  terminationWaitTime: DURATION,
  deploymentApprovalWaitTime: DURATION,
  testListener: strategy('DeploymentTestListener', "DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16'])"),
  hooks: strategy('DeploymentHooks', "DeploymentHooks.smokeTest({ paths: ['/'] })"),
  rollbackAlarms: GROUP,
  protectImages: flag('set false for a repository without marks'),
};

/** Checks the options of a release. */
export function validateRelease(scope: IConstruct, options: ReleaseOptions = {}): void {
  requireOptions(scope, 'release', options, OPTIONS);
  requireDuration(scope, 'release.terminationWaitTime', options.terminationWaitTime, {
    unit: 'minutes', min: 0, max: 2880, remedy: 'CodeDeploy keeps the old tasks for at most 2 days',
  });
  requireDuration(scope, 'release.deploymentApprovalWaitTime', options.deploymentApprovalWaitTime, {
    unit: 'minutes', min: 1, max: 2880, remedy: 'CodeDeploy waits for at most 2 days; remove the option for a release without approval',
  });
  validateRollbackAlarms(scope, options.rollbackAlarms);
}

/** Props of the engine. */
export interface CodeDeployEngineProps extends Pick<BlueGreenServiceOptions, 'secrets'> {
  readonly names: ResourceNames;
  readonly service: ecs.FargateService;
  readonly executionRole: iam.IRole;
  readonly loadBalancing: LoadBalancing;
  readonly options: ReleaseOptions;
  readonly hooks: DeploymentHookFunctions;
  /** Whether the AppSpec repeats the network settings of the service, for tasks with public addresses. */
  readonly publicTasks: boolean;
  readonly container: { readonly name: string; readonly port: number };
  readonly containerOptions: TaskDefinitionTemplateOptions['options'];
  /** Whether the images of releases are marked, so that other images expire by their age. */
  readonly marksImages: boolean;
}

/**
 * The CodeDeploy application, its deployment group, and their permissions.
 */
export class CodeDeployEngine extends Construct {
  public readonly application: codedeploy.EcsApplication;
  public readonly deploymentGroup: codedeploy.EcsDeploymentGroup;
  public readonly trafficShift: TrafficShiftConfig;
  private alarmCount = 0;

  constructor(scope: Construct, id: string, private readonly props: CodeDeployEngineProps) {
    super(scope, id);
    const { names, loadBalancing, options } = props;
    const { trafficShift = TrafficShift.canary(10, Duration.minutes(5)) } = options;
    const alarmsSuspended = options.rollbackAlarms?.suspended ?? false;
    this.application = new codedeploy.EcsApplication(this, 'Application', {
      applicationName: names.of('web', MAX_LENGTH.codeSuite),
    });
    this.trafficShift = trafficShift.bind(this, names.parts);
    this.deploymentGroup = new codedeploy.EcsDeploymentGroup(this, 'DeploymentGroup', {
      application: this.application,
      deploymentGroupName: names.of('blue-green', MAX_LENGTH.codeSuite),
      role: this.createServiceRole(),
      service: props.service,
      deploymentConfig: this.trafficShift.deploymentConfig,
      // undefined turns the rollback on as soon as there is an alarm
      autoRollback: {
        failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: alarmsSuspended ? false : undefined,
      },
      blueGreenDeploymentConfig: {
        blueTargetGroup: loadBalancing.blue,
        greenTargetGroup: loadBalancing.green,
        listener: loadBalancing.listener,
        testListener: loadBalancing.testListener,
        deploymentApprovalWaitTime: options.deploymentApprovalWaitTime,
        terminationWaitTime: options.terminationWaitTime ?? Duration.minutes(5),
      },
    });
    if (this.hookFunctions.length > 0) {
      new HookPermissions(this, 'Hooks', { names, hooks: this.hookFunctions, deploymentGroup: this.deploymentGroup });
    }
    // without alarms, CDK omits the setting, and CloudFormation would keep the alarms of the previous template active
    (this.deploymentGroup.node.defaultChild as CfnResource).addPropertyOverride('AlarmConfiguration.Enabled',
      Lazy.any({ produce: () => this.alarmCount > 0 && !alarmsSuspended }));
  }

  public get marksImages(): boolean {
    return this.props.marksImages;
  }

  private get hookFunctions(): lambda.IFunction[] {
    return [...new Set(Object.values(this.props.hooks).filter((hook) => hook !== undefined))];
  }

  public addAlarm(alarm: cloudwatch.IAlarm): void {
    this.alarmCount += 1;
    this.deploymentGroup.addAlarm(alarm);
  }

  public bindDeployStage(scope: Construct, options: DeployStageBindOptions): DeployStageConfig {
    const { container, containerOptions, service, publicTasks, hooks, secrets = {} } = this.props;
    const { artifact, imageUriPlaceholder } = options;
    return {
      imageTagPrefix: this.marksImages ? IMAGE_TAGS.candidate : undefined,
      files: [
        { path: APP_SPEC, content: renderAppSpec({ container, hooks, networkOf: publicTasks ? service : undefined }) },
        {
          path: TASK_DEFINITION_TEMPLATE,
          content: renderTaskDefinitionTemplate(service.taskDefinition, {
            containerName: container.name,
            imageUriPlaceholder,
            options: containerOptions,
            secrets,
          }),
        },
      ],
      actions: [new actions.CodeDeployEcsDeployAction({
        actionName: 'Deploy',
        runOrder: options.runOrder,
        role: this.createActionRole(scope, options),
        deploymentGroup: this.deploymentGroup,
        appSpecTemplateFile: artifact.atPath(APP_SPEC),
        taskDefinitionTemplateFile: artifact.atPath(TASK_DEFINITION_TEMPLATE),
        containerImageInputs: [{ input: artifact, taskDefinitionPlaceholder: imageUriPlaceholder }],
      })],
    };
  }

  /** The events of this deployment group. A rollback is a separate deployment, with events of its own. */
  public get deploymentFailures(): DeploymentFailures {
    const field = events.EventField.fromPath;
    const deploymentId = field('$.detail.deploymentId');
    return {
      eventPattern: {
        source: ['aws.codedeploy'],
        detailType: ['CodeDeploy Deployment State-change Notification'],
        resources: [this.deploymentGroup.deploymentGroupArn],
        detail: { state: ['FAILURE', 'STOP'] },
      },
      headline: `deployment ${deploymentId} of ${field('$.detail.deploymentGroup')} ended with state ${field('$.detail.state')}.`,
      consequence: 'CodeDeploy rolls back automatically: the old tasks keep the traffic, or get it back. '
        + 'If this deployment is itself a rollback, no further rollback follows.',
      deploymentId,
      page: deploymentPage(this, deploymentId),
    };
  }

  /** The role of CodeDeploy for this service. AWSCodeDeployRoleForECS would apply to every service of the account. */
  private createServiceRole(): iam.IRole {
    const { names, service, loadBalancing } = this.props;
    const serviceArns = [service.serviceArn, this.taskSetArns()];
    const listenerArns = [loadBalancing.listener, loadBalancing.testListener].flatMap(
      (listener) => listener ? [listener.listenerArn] : [],
    );
    return new PolicyRole(this, 'ServiceRole', {
      names,
      purpose: 'codedeploy',
      assumedBy: serviceOfThisAccount(this, 'codedeploy.amazonaws.com'),
      statements: [
        wildcard('CodeDeploy creates a task set of this service for each release, and its id is not known in advance.',
          allow(['ecs:DescribeServices', 'ecs:CreateTaskSet', 'ecs:UpdateServicePrimaryTaskSet', 'ecs:DeleteTaskSet'], serviceArns)),
        allow(['elasticloadbalancing:ModifyListener'], listenerArns),
        // the ARN of a rule starts with the ARN of its listener
        wildcard('The resources are the rules of these listeners. More rules may be added later.',
          allow(['elasticloadbalancing:ModifyRule'], listenerArns.map((arn) => `${Fn.join(':listener-rule/', Fn.split(':listener/', arn, 2))}/*`))),
        wildcard('The describe actions of the load balancer do not support resource-level permissions, and the AWS managed policy for CodeDeploy names no alarms.', allow([
          'elasticloadbalancing:DescribeTargetGroups',
          'elasticloadbalancing:DescribeListeners',
          'elasticloadbalancing:DescribeRules',
          'cloudwatch:DescribeAlarms',
        ], ['*'])),
        this.passTaskRoles(['ecs-tasks.amazonaws.com']),
        ...(this.hookFunctions.length > 0 ? [allow(['lambda:InvokeFunction'], this.hookFunctions.map((hook) => hook.functionArn))] : []),
      ],
    }).role;
  }

  /** The role of the deploy action, which registers a revision and starts a deployment of this group. */
  private createActionRole(scope: Construct, options: DeployStageBindOptions): iam.IRole {
    const { applicationArn } = this.application;
    return new PolicyRole(scope, 'DeployActionRole', {
      names: this.props.names,
      purpose: 'deploy-action',
      assumedBy: thePipeline(options.pipelineRole),
      statements: [
        allow(['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], [this.deploymentGroup.deploymentGroupArn]),
        wildcard('CodePipeline documents the application and all resources below it for these actions.',
          allow(['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
            [applicationArn, `${applicationArn}/*`])),
        allow(['codedeploy:GetDeploymentConfig'], this.deploymentConfigArns()),
        wildcard('CodePipeline documents no resource for this action.', allow(['ecs:RegisterTaskDefinition'], ['*'])),
        // CodePipeline documents both services for this action, and does not say that one of them is enough
        this.passTaskRoles(['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com']),
        ...readArtifacts(options.artifactBucket),
      ],
    }).role;
  }

  /** All predefined configurations, so that a change between them updates only the deployment group. */
  private deploymentConfigArns(): string[] {
    const predefined = [PREDEFINED.allAtOnce, ...PREDEFINED.canary, ...PREDEFINED.linear]
      .map(({ constant }) => codedeploy.EcsDeploymentConfig[constant]);
    const all = new Set([...predefined, this.trafficShift.deploymentConfig]);
    return [...all].map((config) => config.deploymentConfigArn);
  }

  private passTaskRoles(services: string[]): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [this.props.service.taskDefinition.taskRole.roleArn, this.props.executionRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': services } },
    });
  }

  private taskSetArns(): string {
    const { cluster, serviceName } = this.props.service;
    return Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'task-set',
      resourceName: `${cluster.clusterName}/${serviceName}/*`,
    });
  }
}
