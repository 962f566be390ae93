import { Annotations, ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { valueWithOverride } from './cdk-internals';
import { isMarked, mark, markOf } from './marks';

/**
 * The actions of the policy in AWS's documentation, with its wildcards such as `kms:ReEncrypt*` spelled out.
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

/** A log group, and the key that encrypts it. */
export interface LogEncryption {
  readonly key: kms.IKey;
  /** The id of the statement in the key policy. It differs between parts, because parts may share a key. */
  readonly sid: string;
  /** The name of the log group, undefined if CloudFormation generates it. */
  readonly logGroupName: string | undefined;
}

/**
 * The name of a log group that is a child of the scope, for policies that cannot refer to it, because it depends on
 * them. The name is read at the end of the synth, because an aspect or an override may change it. If they remove it,
 * CloudFormation generates one, so the policies contain the fallback.
 */
export function textOfName<T extends string | undefined>(scope: Construct, id: string, logGroupName: T, fallback = '*'): T {
  return (logGroupName && Lazy.uncachedString({
    produce: () => {
      const resource = scope.node.findChild(id).node.defaultChild as logs.CfnLogGroup;
      return (valueWithOverride(resource, 'LogGroupName', resource.logGroupName) ?? fallback) as string;
    },
  })) as T;
}

/** A log group whose key the user has set. */
export interface ChosenLogEncryption extends LogEncryption {
  /** The first word of the warning's id. */
  readonly part: string;
}

/**
 * Set on a key: the statement ids that its policy already contains, because CDK does not expose the policy of a key.
 */
const SIDS = Symbol.for('cdk-blue-green-python-pipeline.sids');

/**
 * Allows CloudWatch Logs to encrypt a log group with the key, and returns the key. The owner of an imported key must
 * allow it.
 *
 * The permission applies to this region, and to this log group only. If CloudFormation generates its name, it applies
 * to all log groups of the account.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function encryptLogs(scope: Construct, { part, ...encryption }: ChosenLogEncryption): kms.IKey {
  const { key } = encryption;
  if (!grantEncryption(scope, encryption)) {
    Annotations.of(scope).addWarningV2(`cdk-blue-green-python-pipeline:${part}.importedKey`,
      `CDK cannot change the policy of the imported key ${key.node.path}: its owner must allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, `
      + 'kms:GenerateDataKey*, and kms:Describe* for the service principal of CloudWatch Logs in this region, otherwise the deployment fails');
  }
  return key;
}

/**
 * Allows CloudWatch Logs to also use a key that the user has set for another resource. Returns undefined if the key is
 * imported, because CDK cannot change its policy then.
 *
 * A log group that used such a key would fail the deployment.
 */
export function encryptLogsToo(scope: Construct, encryption: LogEncryption): kms.IKey | undefined {
  return grantEncryption(scope, encryption) ? encryption.key : undefined;
}

function grantEncryption(scope: Construct, { key, sid, logGroupName }: LogEncryption): boolean {
  const stack = Stack.of(scope);
  const logGroupArn = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    // a generated name is not known yet, because the log group is created after its key
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
 * The statement id, or undefined if another pattern has used it in the policy of the same key. Ids must be unique, and
 * a statement does not need one.
 */
function firstUse(key: kms.IKey, sid: string): string | undefined {
  if (!isMarked(key, SIDS)) { mark(key, SIDS, new Set()); }
  const used = markOf<Set<string>>(key, SIDS)!;
  if (used.has(sid)) { return undefined; }
  used.add(sid);
  return sid;
}
