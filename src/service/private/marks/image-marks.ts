import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { markDefinition } from './definition';
import { acknowledge, wildcard } from '../../../private/acknowledge';
import { allow } from '../../../private/allow';
import { IMAGE_TAGS } from '../../../private/image-tags';
import { MAX_LENGTH, ResourceNames } from '../../../private/names';
import { PolicyRole } from '../../../private/policy-role';
import { serviceOfThisAccount } from '../../../private/principals';

/** Props of the marks. */
export interface ImageMarksProps {
  readonly names: ResourceNames;
  readonly service: ecs.FargateService;
  readonly containerName: string;
  readonly repository: ecr.IRepository;
  /** The ARN of the deployment group whose successful deployments start an execution. */
  readonly deploymentGroupArn: string;
}

/** The record before the first release. */
const NOTHING_LIVE = '{"live":"none","previous":"none","retired":"none"}';

/**
 * Marks the images of the live release and of its predecessor after each successful deployment, including rollbacks and
 * deployments that were started by hand.
 *
 * It runs beside the release, so a mark that fails cannot undo it.
 */
export class ImageMarks extends Construct {
  /** The alarm on executions that failed or were not started. */
  public readonly alarm: cloudwatch.Alarm;
  private readonly record: ssm.StringParameter;

  constructor(scope: Construct, id: string, private readonly props: ImageMarksProps) {
    super(scope, id);
    this.record = new ssm.StringParameter(this, 'Record', {
      parameterName: props.names.prefixed('/', 'live-images'),
      stringValue: NOTHING_LIVE,
    });
    const stateMachine = this.createStateMachine();
    this.alarm = this.createAlarm(stateMachine, this.createRule(stateMachine));
  }

  private createStateMachine(): sfn.CfnStateMachine {
    const { names, service, containerName, repository } = this.props;
    const { role } = new PolicyRole(this, 'Role', {
      names,
      purpose: 'image-marks',
      assumedBy: serviceOfThisAccount(this, 'states.amazonaws.com'),
      statements: this.statements(),
    });
    const machine = new sfn.CfnStateMachine(this, 'StateMachine', {
      stateMachineName: names.of('image-marks', MAX_LENGTH.stateMachine),
      roleArn: role.roleArn,
      // a text, because it is not documented whether CloudFormation keeps numbers and booleans in an object
      definitionString: Stack.of(this).toJsonString(markDefinition(this, {
        clusterArn: service.cluster.clusterArn,
        serviceArn: service.serviceArn,
        containerName,
        repositoryName: repository.repositoryName,
        repositoryUri: repository.repositoryUri,
        registryId: repository.env.account,
        parameterName: this.record.parameterName,
        livePrefix: this.livePrefix(),
      })),
    });
    acknowledge(machine, 'Step Functions keeps the history of each run for 90 days, and an alarm reports failures.', {
      solutions: ['SF1', 'SF2'],
      guard: ['step_functions_state_machine_logging_enabled_check', 'step_functions_state_machine_tracing_enabled_check'],
    });
    return machine;
  }

  /** Two services can share a repository, so the marks of a service contain a hash of its place. */
  private livePrefix(): string {
    const { account, stackName } = Stack.of(this);
    const place = createHash('sha256').update([Token.isUnresolved(account) ? '' : account, stackName, this.node.path].join('|'))
      .digest('hex').slice(0, 8);
    return `${IMAGE_TAGS.live}${this.props.names.applicationName}-${place}-`;
  }

  private statements(): iam.PolicyStatement[] {
    const { service, repository } = this.props;
    return [
      allow(['ecs:DescribeServices'], [service.serviceArn]),
      wildcard('The action does not support resource-level permissions.', allow(['ecs:DescribeTaskDefinition'], ['*'])),
      allow(['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:PutImage', 'ecr:BatchDeleteImage'], [repository.repositoryArn]),
      allow(['ssm:GetParameter', 'ssm:PutParameter'], [this.record.parameterArn]),
    ];
  }

  private createRule(machine: sfn.CfnStateMachine): events.Rule {
    const { names, deploymentGroupArn } = this.props;
    const { role } = new PolicyRole(this, 'StartRole', {
      names,
      purpose: 'image-marks-start',
      assumedBy: serviceOfThisAccount(this, 'events.amazonaws.com'),
      statements: [allow(['states:StartExecution'], [machine.attrArn])],
    });
    return new events.Rule(this, 'Released', {
      ruleName: names.of('image-marks', MAX_LENGTH.eventRule),
      description: 'Marks the image of a successful deployment, so that it does not expire',
      eventPattern: {
        source: ['aws.codedeploy'],
        detailType: ['CodeDeploy Deployment State-change Notification'],
        resources: [deploymentGroupArn],
        detail: { state: ['SUCCESS'] },
      },
      targets: [{ bind: () => ({ arn: machine.attrArn, role }) }],
    });
  }

  /** One alarm on all ways in which a mark can be missed. */
  private createAlarm(machine: sfn.CfnStateMachine, rule: events.Rule): cloudwatch.Alarm {
    const ofMachine = (metricName: string) => new cloudwatch.Metric({
      namespace: 'AWS/States', metricName, dimensionsMap: { StateMachineArn: machine.attrArn }, statistic: cloudwatch.Stats.SUM,
    });
    const alarm = new cloudwatch.Alarm(this, 'Alarm', {
      alarmName: this.props.names.of('image-marks'),
      alarmDescription: 'A released image could not be marked, and can expire while it runs. OK does not mean that it is marked by now: redrive the execution that failed',
      metric: new cloudwatch.MathExpression({
        // each metric has data only if there is something to report
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0) + FILL(notStarted, 0)',
        usingMetrics: {
          failed: ofMachine('ExecutionsFailed'),
          timedOut: ofMachine('ExecutionsTimedOut'),
          aborted: ofMachine('ExecutionsAborted'),
          notStarted: new cloudwatch.Metric({
            namespace: 'AWS/Events', metricName: 'FailedInvocations', dimensionsMap: { RuleName: rule.ruleName }, statistic: cloudwatch.Stats.SUM,
          }),
        },
        label: 'missed image marks',
      }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    acknowledge(alarm, 'PipelineAlerts, if it is used, sends notifications without an alarm action.', {
      compliance: ['CloudWatchAlarmAction'], guard: ['cloudwatch_alarm_action_check'],
    });
    return alarm;
  }
}
