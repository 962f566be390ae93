import { ArnFormat, CfnResource, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { UndeliveredEvents } from './undelivered-events';
import { encryptLogsToo, textOfName } from '../../private/log-encryption';
import { ResourceNames } from '../../private/names';
import { LOG_RETENTION } from '../../private/part-defaults';
import { PipelineAlertsProps } from '../pipeline-alerts-options';

/** Props of the log. */
export interface EventLogProps {
  readonly names: ResourceNames;
  readonly removalPolicy: RemovalPolicy;
  readonly retention: PipelineAlertsProps['logRetention'];
  /** Undefined if an existing topic, whose key is managed by its owner, is given without a key. */
  readonly encryptionKey?: kms.IKey;
  /** Receives the events that EventBridge cannot deliver to the log. */
  readonly undelivered?: UndeliveredEvents;
}

/**
 * A log group that rules write to.
 *
 * CDK's own target adds a function and a resource policy of the account, which allows ten. This policy belongs to the
 * log group.
 */
export class EventLog extends Construct {
  public readonly logGroup: logs.LogGroup;
  private readonly logGroupName: string;

  constructor(scope: Construct, id: string, private readonly props: EventLogProps) {
    super(scope, id);
    // the policy contains the ARN of its own log group, which requires a known name
    this.logGroupName = props.names.prefixed('/aws/events/', 'pipeline-events') ?? `/aws/events/${Names.uniqueResourceName(this, {})}`;
    const text = textOfName(this, 'Resource', this.logGroupName);
    const { encryptionKey: key } = props;
    this.logGroup = new logs.LogGroup(this, 'Resource', {
      logGroupName: this.logGroupName,
      encryptionKey: key && encryptLogsToo(this, { key, sid: 'AllowEventLog', logGroupName: text }),
      retention: props.retention ?? LOG_RETENTION,
      removalPolicy: props.removalPolicy,
    });
    (this.logGroup.node.defaultChild as logs.CfnLogGroup).resourcePolicyDocument = new iam.PolicyDocument({
      // set explicitly, since otherwise a feature flag of the app decides
      minimize: false,
      statements: [new iam.PolicyStatement({
        principals: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map((service) => new iam.ServicePrincipal(service)),
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${this.arnOf(text)}:*`],
      })],
    });
  }

  /** Writes the events that match the rule, unchanged. */
  public subscribeTo(rule: events.Rule): void {
    // a target requires one log group, also if its name is removed and CloudFormation generates one
    const arn = this.arnOf(textOfName(this, 'Resource', this.logGroupName, this.logGroup.logGroupName));
    rule.addTarget({ bind: () => ({ arn, ...this.props.undelivered?.of(rule) }) });
    // the target's ARN is a string, not a reference, so CloudFormation does not know that the log group comes first
    (rule.node.defaultChild as CfnResource).node.addDependency(this.logGroup);
  }

  private arnOf(resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'logs', resource: 'log-group', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}
