import { Annotations, ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { isMarked, mark, markOf } from './marks';

/**
 * AWS's own list, which says `kms:ReEncrypt*` and the like: these are the calls on a key that its wildcards stand for.
 */
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
}

/** A log group whose key its user chose for it. */
export interface ChosenLogEncryption extends LogEncryption {
  /** The first word of the warning's id. */
  readonly part: string;
}

/** On a key: what the statements in its policy are called so far, since a key does not show its policy. */
const SIDS = Symbol.for('cdk-blue-green-python-pipeline.sids');

/**
 * Lets CloudWatch Logs encrypt a log group with the key, and returns it; an imported key's owner has to allow it.
 *
 * It may do so only in this region, and for this log group only, when the name is known; else for those of the account.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function encryptLogs(scope: Construct, { part, ...encryption }: ChosenLogEncryption): kms.IKey {
  const { key } = encryption;
  if (!grantEncryption(scope, encryption)) {
    Annotations.of(scope).addWarningV2(`cdk-blue-green-python-pipeline:${part}.importedKey`,
      `the policy of the imported key ${key.node.path} cannot be changed from here: let its owner allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, `
      + 'kms:GenerateDataKey* and kms:Describe* to the service principal of CloudWatch Logs in this region, else the deployment fails');
  }
  return key;
}

/**
 * The same with the key of something else, and nothing when its policy cannot be changed from here.
 *
 * Its owner gave it for that other thing: a log group that takes it as well would fail the deployment.
 */
export function encryptLogsToo(scope: Construct, encryption: LogEncryption): kms.IKey | undefined {
  return grantEncryption(scope, encryption) ? encryption.key : undefined;
}

function grantEncryption(scope: Construct, { key, sid, logGroupName }: LogEncryption): boolean {
  const stack = Stack.of(scope);
  const logGroupArn = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    // a name that CloudFormation gives is not known yet: the group waits for its key
    resourceName: logGroupName ?? '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return key.addToResourcePolicy(new iam.PolicyStatement({
    sid: firstUse(key, sid),
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: OF_CLOUDWATCH_LOGS,
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupArn } },
  }), true).statementAdded;
}

/**
 * Nothing when another pattern has used the id in the policy of the same key: two of a kind are not allowed, and none
 * need be.
 */
function firstUse(key: kms.IKey, sid: string): string | undefined {
  if (!isMarked(key, SIDS)) { mark(key, SIDS, new Set()); }
  const used = markOf<Set<string>>(key, SIDS)!;
  if (used.has(sid)) { return undefined; }
  used.add(sid);
  return sid;
}
