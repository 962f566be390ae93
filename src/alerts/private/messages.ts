import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { ResourceNames } from '../../private/names';

const field = events.EventField.fromPath;

/** The text of a pipeline's end. */
export function pipelineMessage(scope: IConstruct, names: ResourceNames, outcome: string): string {
  const region = Stack.of(scope).region;
  return lines(names, `The pipeline ${field('$.detail.pipeline')} ${outcome}.`, [
    `Execution: ${field('$.detail.execution-id')}`,
    `Time: ${field('$.time')}`,
    `Account and region: ${field('$.account')}, ${field('$.region')}`,
    `Look at it: https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${field('$.detail.pipeline')}`
    + `/executions/${field('$.detail.execution-id')}/timeline?region=${region}`,
  ]);
}

/** The text of an alarm. */
export function alarmMessage(scope: IConstruct, names: ResourceNames): string {
  const region = Stack.of(scope).region;
  return lines(names, `The alarm ${field('$.detail.alarmName')} went off.`, [
    `Reason: ${field('$.detail.state.reason')}`,
    `Since: ${field('$.detail.state.timestamp')}`,
    `Account and region: ${field('$.account')}, ${field('$.region')}`,
    `Look at it: https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${field('$.detail.alarmName')}`,
  ]);
}

function lines(names: ResourceNames, headline: string, details: string[]): string {
  const { applicationName, environmentSuffix } = names;
  return [headline, `Application: ${applicationName}`, `Environment: ${environmentSuffix ?? 'not named'}`, ...details].join('\n');
}
