import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { DeployedRule, deployedRules } from './deployed-rules';
import { AlertChannel, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, FindingSeverity, PipelineSource } from '../../../src';
import { createStack } from '../../helpers';

const CHAT = AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' });

/** Everything that alerts can tell of, in text and in a chat. */
function everythingTold(stack: Stack): BlueGreenPythonPipelineProps {
  return {
    pipeline: { source: PipelineSource.codeCommit({ seedDirectory: __dirname }), manualApproval: true },
    alerts: {
      channels: [AlertChannel.email('devops@example.com'), CHAT],
      notifyOnSuccess: true,
      imageScanSeverity: FindingSeverity.HIGH,
      alarms: [cloudwatch.Alarm.fromAlarmArn(stack, 'Any', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:orders-any')],
    },
  };
}

/** The rules of a stack of the pattern, as they are in an account. */
export function rulesOf(createProps: (stack: Stack) => BlueGreenPythonPipelineProps): DeployedRule[] {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'prod', ...createProps(stack) });
  return deployedRules(Template.fromStack(stack).toJSON().Resources);
}

/** The stacks whose rules are tried with the corpus. */
export const STACKS: { readonly [name: string]: () => DeployedRule[] } = {
  'everything told': () => rulesOf(everythingTold),
  'an empty repository, nothing asked for': () => rulesOf(() => ({ alerts: { channels: [AlertChannel.email('devops@example.com')] } })),
  'without the details of failures': () => rulesOf(() => ({
    alerts: { channels: [AlertChannel.email('devops@example.com'), CHAT], failureDetails: false },
  })),
};
