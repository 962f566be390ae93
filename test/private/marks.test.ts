import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as library from '../../src';
import { createStack, onlyResource } from '../helpers';

/** What an app has when two of its packages bring the library. */
function anotherCopy(): typeof library {
  let copy: typeof library | undefined;
  jest.isolateModules(() => { copy = jest.requireActual<typeof library>('../../src'); });
  return copy!;
}

const other = anotherCopy();

test('another copy has classes of its own', () => {
  expect(other.Network).not.toBe(library.Network);
});

test('two copies that share a key give its statements different ids, or none', () => {
  const stack = createStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  new library.BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'dev', encryptionKey });
  new other.BlueGreenPythonPipeline(stack, 'Bills', { environmentSuffix: 'prod', encryptionKey });
  const [, { Properties }] = onlyResource(Template.fromStack(stack), 'AWS::KMS::Key');
  const sids = (Properties.KeyPolicy as { Statement: { Sid?: string }[] }).Statement.flatMap(({ Sid }) => Sid ?? []);
  expect(sids.length).toBeGreaterThan(0);
  expect(sids).toEqual([...new Set(sids)]);
});

test('a network knows the private endpoints of one that another copy has created', () => {
  const stack = createStack();
  const { vpc } = new other.Network(stack, 'Network', { egress: other.NetworkEgress.privateEndpoints() });
  expect(() => new library.Network(stack, 'Second', { vpc })).toThrow("'vpc' must not belong to a Network with private endpoints, got the VPC of Stack/Network");
});

test('a chat that another copy configures is not configured again', () => {
  const stack = createStack();
  const chat = { workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' };
  new other.BlueGreenPythonPipeline(stack, 'Orders', {
    environmentSuffix: 'dev', alerts: { channels: [other.AlertChannel.slack(chat)] },
  });
  expect(() => new library.BlueGreenPythonPipeline(stack, 'Bills', {
    environmentSuffix: 'prod', alerts: { channels: [library.AlertChannel.slack(chat)] },
  })).toThrow("'channels' must not contain a chat that has a configuration already");
});

test('two copies in one stack report each fault once', () => {
  const stack = createStack();
  const pipelines = [
    new library.BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'dev' }),
    new other.BlueGreenPythonPipeline(stack, 'Bills', { environmentSuffix: 'prod' }),
  ].map(({ pipeline }) => pipeline.codePipeline.node.defaultChild as codepipeline.CfnPipeline);
  pipelines.forEach((pipeline) => pipeline.addPropertyOverride('Stages.2.Actions.0.InputArtifacts.0.Name', 'Nothing'));
  let message = '';
  try {
    Template.fromStack(stack);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message.match(/is not an output artifact of an earlier action/g)).toHaveLength(2);
  expect(message).toContain('Stack/Orders/Pipeline');
  expect(message).toContain('Stack/Bills/Pipeline');
});
