import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { createService, createStack, onlyResource, synthesizeService, textOf } from '../../../helpers';

describe('a key for the logs', () => {
  const names = { applicationName: 'orders', environmentSuffix: 'dev' };

  test('encrypts them, and CloudWatch Logs may use it for this group only', () => {
    const stack = createStack();
    createService(stack, { ...names, encryptionKey: new kms.Key(stack, 'Key') });
    const template = Template.fromStack(stack);
    const [, { Properties: { KeyPolicy } }] = onlyResource(template, 'AWS::KMS::Key');
    const [, statement, ...others] = (KeyPolicy as { Statement: { [name: string]: unknown }[] }).Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Sid: 'AllowContainerLogs', Effect: 'Allow', Resource: '*' });
    expect(textOf((statement.Principal as { Service: unknown }).Service)).toBe('logs.${AWS::Region}.${AWS::URLSuffix}');
    expect(textOf((statement.Condition as { ArnLike: { [key: string]: unknown } }).ArnLike['kms:EncryptionContext:aws:logs:arn']))
      .toBe('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/ecs/orders-web-dev');
    const [, { Properties }] = onlyResource(template, 'AWS::Logs::LogGroup');
    expect(Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [onlyResource(template, 'AWS::KMS::Key')[0], 'Arn'] });
  });

  test('that is imported warns of its policy', () => {
    const stack = createStack();
    createService(stack, { ...names, encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
    Annotations.fromStack(stack).hasWarning('/Stack/Service', Match.stringLikeRegexp('policy of the imported key Stack/Key.*CloudWatch Logs'));
  });

  test('is none by default', () => {
    expect(onlyResource(synthesizeService().template, 'AWS::Logs::LogGroup')[1].Properties).not.toHaveProperty('KmsKeyId');
  });
});
