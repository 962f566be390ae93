import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { encryptLogs, encryptLogsToo } from '../../src/private/log-encryption';
import { createStack, onlyResource, textOf } from '../helpers';

interface KeyStatement {
  readonly Sid?: string;
  readonly Principal: { readonly Service?: unknown };
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Condition?: { readonly ArnLike: { readonly [key: string]: unknown } };
}

const OPTIONS = { part: 'Part', sid: 'AllowLogs', logGroupName: '/orders' };
const importedKey = (stack: Stack) => kms.Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:111111111111:key/1');

/** The statements of the stack's key for CloudWatch Logs. */
function statementsFor(stack: Stack): KeyStatement[] {
  const { Statement } = onlyResource(Template.fromStack(stack), 'AWS::KMS::Key')[1].Properties.KeyPolicy as { Statement: KeyStatement[] };
  return Statement.filter(({ Principal }) => Principal.Service !== undefined);
}

const logGroupOf = ({ Condition }: KeyStatement) => textOf(Condition?.ArnLike['kms:EncryptionContext:aws:logs:arn']);

test('CloudWatch Logs of this region may use the key for this log group', () => {
  const stack = createStack();
  const key = new kms.Key(stack, 'Key');
  expect(encryptLogs(stack, { ...OPTIONS, key })).toBe(key);
  const [statement, ...others] = statementsFor(stack);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({ Sid: 'AllowLogs', Effect: 'Allow', Resource: '*', Action: expect.arrayContaining(['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey']) });
  expect(textOf(statement.Principal.Service)).toBe('logs.${AWS::Region}.${AWS::URLSuffix}');
  expect(logGroupOf(statement)).toBe('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/orders');
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('they may use it for every log group of the account when CloudFormation names the group', () => {
  const stack = createStack();
  encryptLogs(stack, { ...OPTIONS, key: new kms.Key(stack, 'Key'), logGroupName: undefined });
  expect(logGroupOf(statementsFor(stack)[0])).toMatch(/:log-group:\*$/);
});

test('a second log group has a statement without the id that the first one has in the policy of the key', () => {
  const stack = createStack();
  const key = new kms.Key(stack, 'Key');
  encryptLogs(stack, { ...OPTIONS, key });
  encryptLogs(stack, { ...OPTIONS, key, logGroupName: '/bills' });
  encryptLogs(stack, { ...OPTIONS, key, logGroupName: '/users', sid: 'AllowUsers' });
  expect(statementsFor(stack).map(({ Sid }) => Sid)).toEqual(['AllowLogs', undefined, 'AllowUsers']);
});

test('an imported key that was chosen for the log brings a warning with what its owner has to allow', () => {
  const stack = createStack();
  const key = importedKey(stack);
  expect(encryptLogs(stack, { ...OPTIONS, key })).toBe(key);
  Annotations.fromStack(stack).hasWarning('/Stack', 'CDK cannot change the policy of the imported key Stack/Imported: its owner must allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, '
    + 'kms:GenerateDataKey*, and kms:Describe* for the service principal of CloudWatch Logs in this region, otherwise the deployment fails [ack: cdk-blue-green-python-pipeline:Part.importedKey]');
});

test('a key that was chosen for something else encrypts the log as well, unless it is imported', () => {
  const stack = createStack();
  const key = new kms.Key(stack, 'Key');
  expect(encryptLogsToo(stack, { ...OPTIONS, key })).toBe(key);
  expect(encryptLogsToo(stack, { ...OPTIONS, key: importedKey(stack) })).toBeUndefined();
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
