import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allow } from '../../private/allow';
import { createCustomerKey } from '../../private/customer-key';
import { fail } from '../../private/errors';
import { encryptLogs, textOfName } from '../../private/log-encryption';
import { ResourceNames } from '../../private/names';
import { LOG_RETENTION } from '../../private/part-defaults';
import { PolicyRole } from '../../private/policy-role';
import { serviceOfThisAccount } from '../../private/principals';
import { requireAbsent } from '../../private/validation';
import { NetworkProps } from '../network-options';

/** Props of the flow logs. */
export interface FlowLogsProps extends Pick<NetworkProps, 'encryptionKey'> {
  readonly names: ResourceNames;
  readonly vpc: ec2.IVpc;
  readonly retention?: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The options that determine whether there are flow logs. */
type FlowLogOptions = Pick<NetworkProps, 'vpc' | 'flowLogs' | 'encryptionKey' | 'logRetention'>;

/** Whether to create flow logs. A new VPC has them by default. Those of an existing VPC are up to its owner. */
export function wantsFlowLogs({ flowLogs, vpc }: FlowLogOptions): boolean {
  return flowLogs ?? !vpc;
}

/** Fails if an option of the flow logs would have no effect. */
export function requireFlowLogs(scope: Construct, options: FlowLogOptions): void {
  if (wantsFlowLogs(options)) { return; }
  const { encryptionKey, logRetention } = options;
  if (options.flowLogs === false) {
    requireAbsent(scope, 'flowLogs: false', { encryptionKey, logRetention }, "there are no flow logs: remove it, or set 'flowLogs: true'");
  }
  const [given] = Object.entries({ encryptionKey, logRetention }).filter(([, value]) => value !== undefined);
  if (given) {
    fail(scope, `'${given[0]}' requires 'flowLogs: true' with 'vpc'; an existing VPC gets no flow logs by default: set 'flowLogs: true', or remove '${given[0]}'`);
  }
}

/**
 * Flow logs of a VPC in CloudWatch Logs, encrypted with a customer managed key. The network itself is the scope of
 * every resource, because the logical ids are pinned.
 */
export class FlowLogs {
  public readonly logGroup: logs.LogGroup;

  constructor(private readonly scope: Construct, private readonly props: FlowLogsProps) {
    const { names, vpc, removalPolicy, retention = LOG_RETENTION } = props;
    const logGroupName = names.prefixed('/aws/vpc/', 'flow-logs');
    this.logGroup = new logs.LogGroup(scope, 'FlowLogGroup', {
      logGroupName,
      encryptionKey: this.provideKey(textOfName(scope, 'FlowLogGroup', logGroupName)),
      retention,
      removalPolicy,
    });
    const { role } = new PolicyRole(scope, 'FlowLogRole', {
      names,
      purpose: 'flow-logs',
      assumedBy: serviceOfThisAccount(scope, 'vpc-flow-logs.amazonaws.com'),
      statements: [allow(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], [this.logGroup.logGroupArn])],
    });
    new ec2.FlowLog(scope, 'FlowLog', {
      flowLogName: names.of('flow-log'),
      resourceType: ec2.FlowLogResourceType.fromVpc(vpc),
      destination: ec2.FlowLogDestination.toCloudWatchLogs(this.logGroup, role),
    });
  }

  private provideKey(logGroupName: string | undefined): kms.IKey {
    const { names, removalPolicy, encryptionKey } = this.props;
    const key = encryptionKey ?? createCustomerKey(this.scope, 'FlowLogKey', { names, purpose: 'flow-logs', what: 'Flow logs', removalPolicy });
    return encryptLogs(this.scope, { key, sid: 'AllowFlowLogs', logGroupName, part: 'Network' });
  }
}
