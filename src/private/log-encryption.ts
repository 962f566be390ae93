import { Annotations, ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

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

/** A log group and the key that is to encrypt it. */
export interface LogEncryption {
  readonly key: kms.IKey;
  /** The statement's id in the key's policy: parts may share a key. */
  readonly sid: string;
  /** Undefined when CloudFormation names the group. */
  readonly logGroupName: string | undefined;
  /** The first word of the warning's id. */
  readonly part: string;
}

/**
 * Lets CloudWatch Logs encrypt a log group with the key, and returns it. It may do so for this log group only, and only in this region.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function encryptLogs(scope: Construct, { key, sid, logGroupName, part }: LogEncryption): kms.IKey {
  const stack = Stack.of(scope);
  const logGroupArn = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    // a name that CloudFormation gives is not known yet: the group waits for its key
    resourceName: logGroupName ?? '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const { statementAdded } = key.addToResourcePolicy(new iam.PolicyStatement({
    sid,
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: OF_CLOUDWATCH_LOGS,
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupArn } },
  }), true);
  if (!statementAdded) {
    Annotations.of(scope).addWarningV2(`cdk-blue-green-python-pipeline:${part}.importedKey`,
      `the policy of the imported key ${key.node.path} cannot be changed from here: let its owner allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, `
      + 'kms:GenerateDataKey* and kms:Describe* to the service principal of CloudWatch Logs in this region, else the deployment fails');
  }
  return key;
}
