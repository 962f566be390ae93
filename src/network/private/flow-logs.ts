import { Annotations, ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allow } from '../../private/allow';
import { createCustomerKey } from '../../private/customer-key';
import { ResourceNames } from '../../private/names';
import { PolicyRole } from '../../private/policy-role';
import { serviceOfThisAccount } from '../../private/principals';

/** AWS's own list, which says `kms:ReEncrypt*` and the like: these are the calls on a key that its wildcards stand for. */
const OF_CLOUDWATCH_LOGS = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyPairWithoutPlaintext',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:DescribeKey',
];

/** Props of the flow logs. */
export interface FlowLogsProps {
  readonly names: ResourceNames;
  readonly vpc: ec2.IVpc;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** The VPC's traffic in CloudWatch Logs, encrypted with a customer key. Everything is created in the network itself, whose ids are pinned. */
export class FlowLogs {
  public readonly logGroup: logs.LogGroup;

  constructor(private readonly scope: Construct, private readonly props: FlowLogsProps) {
    const { names, vpc, removalPolicy } = props;
    const logGroupName = names.prefixed('/aws/vpc/', 'flow-logs');
    this.logGroup = new logs.LogGroup(scope, 'FlowLogGroup', {
      logGroupName,
      encryptionKey: this.provideKey(logGroupName),
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy,
    });
    const { role } = new PolicyRole(scope, 'FlowLogRole', {
      names,
      role: 'flow-logs',
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
    const key = encryptionKey ?? createCustomerKey(this.scope, 'FlowLogKey', { names, role: 'flow-logs', what: 'Flow logs', removalPolicy });
    if (!this.allowLogsToUse(key, logGroupName)) {
      Annotations.of(this.scope).addWarningV2('cdk-blue-green-python-pipeline:Network.importedKey',
        `the policy of the imported key ${key.node.path} cannot be changed from here: let its owner allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, `
        + 'kms:GenerateDataKey* and kms:Describe* to the service principal of CloudWatch Logs in this region, else the deployment fails');
    }
    return key;
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
  private allowLogsToUse(key: kms.IKey, logGroupName: string | undefined): boolean {
    const stack = Stack.of(this.scope);
    const logGroupArn = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      // a name that CloudFormation gives is not known yet: the group waits for its key
      resourceName: logGroupName ?? '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return key.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowFlowLogs',
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
      actions: OF_CLOUDWATCH_LOGS,
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupArn } },
    }), true).statementAdded;
  }
}
