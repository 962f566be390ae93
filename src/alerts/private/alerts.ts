import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { Message } from './messages';
import { alarmPage, executionPage, imagePage, pipelinePage } from '../../private/console-links';
import { IMAGE_TAGS } from '../../private/image-tags';
import { DeploymentFailures } from '../../service/api';

const field = events.EventField.fromPath;

const PIPELINE = field('$.detail.pipeline');
const EXECUTION = field('$.detail.execution-id');
const STAGE = field('$.detail.stage');
const ACTION = field('$.detail.action');

const TIME = { label: 'Time', value: field('$.time') };
const PLACE = { label: 'Account and region', value: `${field('$.account')}, ${field('$.region')}` };

/** The events that send a notification, and its message. */
export interface Alert {
  /** The purpose of the rule, a part of its name. */
  readonly purpose: string;
  /** The description of the rule. */
  readonly description: string;
  readonly eventPattern: events.EventPattern;
  readonly message: Message;
}

/** The end of an execution. */
export function pipelineAlert(scope: IConstruct, pipelineArn: string, outcome: 'failed' | 'succeeded', why?: string): Alert {
  return {
    purpose: `pipeline-${outcome}`,
    description: `Reports that the pipeline ${outcome}`,
    eventPattern: {
      source: ['aws.codepipeline'],
      detailType: ['CodePipeline Pipeline Execution State Change'],
      resources: [pipelineArn],
      detail: { state: [outcome.toUpperCase()] },
    },
    message: {
      headline: `the release ${outcome} in the pipeline ${PIPELINE}.`,
      facts: [
        ...(why === undefined ? [] : [{ label: 'Why', value: why }]),
        TIME,
        { label: 'Execution', value: EXECUTION },
        PLACE,
      ],
      page: executionPage(scope, PIPELINE, EXECUTION),
      thread: EXECUTION,
    },
  };
}

/**
 * The failure of an action, with its reason. A stage fails by its actions, and a build by the action that started it.
 */
export function actionAlert(scope: IConstruct, pipelineArn: string): Alert {
  return {
    purpose: 'action-failed',
    description: 'Reports a failed action and its reason',
    eventPattern: {
      source: ['aws.codepipeline'],
      detailType: ['CodePipeline Action Execution State Change'],
      resources: [pipelineArn],
      detail: { state: ['FAILED'] },
    },
    message: {
      headline: `the action ${ACTION} failed in the stage ${STAGE} of the pipeline ${PIPELINE}.`,
      facts: [
        { label: 'Why', value: field('$.detail.execution-result.external-execution-summary'), freeText: true },
        { label: 'Error code', value: field('$.detail.execution-result.error-code') },
        TIME,
        { label: 'Provider', value: `${field('$.detail.type.provider')} ${field('$.detail.execution-result.external-execution-id')}` },
        { label: 'Action details', value: field('$.detail.execution-result.external-execution-url') },
        { label: 'Execution', value: EXECUTION },
        PLACE,
      ],
      page: executionPage(scope, PIPELINE, EXECUTION),
      thread: EXECUTION,
    },
  };
}

/** A release that waits for approval. */
export function approvalAlert(scope: IConstruct, pipelineArn: string): Alert {
  return {
    purpose: 'approval-waits',
    description: 'Reports that a release waits for approval',
    eventPattern: {
      source: ['aws.codepipeline'],
      detailType: ['CodePipeline Action Execution State Change'],
      resources: [pipelineArn],
      detail: { state: ['STARTED'], type: { category: ['Approval'] } },
    },
    message: {
      headline: `a release waits for approval in the stage ${STAGE} of the pipeline ${PIPELINE}.`,
      facts: [
        { label: 'What to do', value: `approve or reject the action ${ACTION}; CodePipeline rejects it after 7 days` },
        TIME,
        { label: 'Execution', value: EXECUTION },
        PLACE,
      ],
      page: pipelinePage(scope, PIPELINE),
      thread: EXECUTION,
    },
  };
}

/** A deployment that failed or was stopped. */
export function deploymentAlert(
  { eventPattern, headline, consequence, page, deploymentId }: DeploymentFailures,
): Alert {
  return {
    purpose: 'deployment-failed',
    description: 'Reports that a deployment failed or was stopped',
    eventPattern,
    message: {
      headline,
      facts: [{ label: 'Consequence', value: consequence }, TIME, { label: 'Deployment', value: deploymentId }, PLACE],
      page,
      thread: deploymentId,
    },
  };
}

/** An event pattern inside `$or`. CDK renames the field only at the top level. */
function inAlternative({ detailType, ...rest }: events.EventPattern): object {
  return { ...rest, 'detail-type': detailType };
}

/**
 * The end of an execution or a deployment, in one rule. A deployment that someone started manually, and a rollback, are
 * not part of an execution.
 *
 * Both events share a message. A field that only the other event has is empty.
 */
export function failureAlert(
  scope: IConstruct, pipeline: { name: string; arn: string }, failures: DeploymentFailures,
): Alert {
  const alert = pipelineAlert(scope, pipeline.arn, 'failed');
  return {
    purpose: alert.purpose,
    description: 'Reports that the pipeline or a deployment failed',
    eventPattern: {
      account: [Stack.of(scope).account],
      ...{ $or: [alert.eventPattern, failures.eventPattern].map(inAlternative) },
    },
    message: {
      headline: 'a release or a deployment failed.',
      facts: [
        { label: 'Event', value: `${field('$.detail-type')}, ${field('$.detail.state')}` },
        TIME,
        { label: 'Execution', value: `${PIPELINE} ${EXECUTION} (empty if only a deployment failed)` },
        { label: 'Deployment', value: `${failures.deploymentId} (empty if the pipeline failed)` },
        { label: 'Consequence of a failed deployment', value: failures.consequence },
        PLACE,
        { label: 'Details of a deployment', value: failures.page },
      ],
      // the page of an execution would not exist for a deployment
      page: pipelinePage(scope, pipeline.name),
      thread: `${EXECUTION}${failures.deploymentId}`,
    },
  };
}

/** An alarm that enters or leaves ALARM. It leaves the state because of good values, or of missing ones. */
export function alarmAlert(scope: IConstruct, alarmArn: string, number: number): Alert {
  const name = field('$.detail.alarmName');
  return {
    purpose: number === 1 ? 'alarm' : `alarm-${number}`,
    description: 'Reports when an alarm enters or leaves ALARM',
    eventPattern: {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      resources: [alarmArn],
      // a new alarm enters OK soon after its creation, which needs no notification
      detail: { $or: [{ state: { value: ['ALARM'] } }, { previousState: { value: ['ALARM'] } }] },
    },
    message: {
      headline: `the alarm ${name} entered the ${field('$.detail.state.value')} state.`,
      facts: [
        { label: 'Description', value: field('$.detail.configuration.description'), freeText: true },
        { label: 'Why', value: field('$.detail.state.reason'), freeText: true },
        { label: 'Previous state', value: field('$.detail.previousState.value') },
        { label: 'Time', value: field('$.detail.state.timestamp') },
        PLACE,
      ],
      page: alarmPage(scope, name),
      thread: name,
    },
  };
}

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
/** The other severities of ECR and Amazon Inspector. */
const UNRATED = ['INFORMATIONAL', 'UNDEFINED', 'UNTRIAGED'];

/** EventBridge treats `$or` with a single member as the name of a field, and nothing would match. */
function anyOf(patterns: object[]): object {
  return patterns.length === 1 ? patterns[0] : { $or: patterns };
}

/** The severities that are reported if a severity is the lowest one. */
function severitiesFrom(severity: string): string[] {
  const least = SEVERITIES.indexOf(severity.toUpperCase());
  return [...SEVERITIES.slice(0, least + 1), ...(least === SEVERITIES.length - 1 ? UNRATED : [])];
}

/** The findings of an image scan by ECR or Amazon Inspector, from a severity on. */
export function imageScanAlert(scope: IConstruct, repository: { name: string; arn: string }, severity: string): Alert {
  const count = (name: string) => field(`$.detail.finding-severity-counts.${name}`);
  const digest = field('$.detail.image-digest');
  return {
    purpose: 'image-scan',
    description: 'Reports vulnerabilities in an image',
    eventPattern: {
      source: ['aws.ecr', 'aws.inspector2'],
      detailType: ['ECR Image Scan', 'Inspector2 Scan'],
      account: [Stack.of(scope).account],
      detail: {
        'scan-status': ['COMPLETE', 'INITIAL_SCAN_COMPLETE'],
        // ECR gives the name, Amazon Inspector the ARN
        'repository-name': [repository.name, repository.arn],
        ...anyOf(severitiesFrom(severity).map((name) => ({ 'finding-severity-counts': { [name]: [{ numeric: ['>', 0] }] } }))),
      },
    },
    message: {
      headline: `an image in the repository ${repository.name} has vulnerabilities.`,
      facts: [
        { label: 'Findings', value: `${SEVERITIES.map((name) => `${name.toLowerCase()} ${count(name)}`).join(', ')} (empty means none)` },
        { label: 'Image', value: `${digest} ${field('$.detail.image-tags[0]')}` },
        TIME,
        PLACE,
      ],
      page: imagePage(scope, repository.name, digest),
      thread: digest,
    },
  };
}

/**
 * Matches an image that is in use. If the event says how many tasks use the image, this decides. Otherwise, the marks
 * of the live release and of the release before it do.
 */
const IN_USE = {
  $or: [
    { inUseCount: [{ numeric: ['>', 0] }] },
    { inUseCount: [{ exists: false }], imageTags: [{ prefix: IMAGE_TAGS.live }] },
  ],
};

/**
 * A vulnerability that Amazon Inspector finds in an image in use, from a severity on.
 *
 * An image is not in use when it is pushed, so the findings of its first scan do not match. The vulnerability is the
 * thread: a chat shows the findings of all images in one place.
 *
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
export function imageFindingAlert(scope: IConstruct, repositoryName: string, severity: string): Alert {
  const image = '$.detail.resources[0].details.awsEcrContainerImage';
  const digest = field(`${image}.imageHash`);
  const vulnerability = field('$.detail.packageVulnerabilityDetails.vulnerabilityId');
  return {
    purpose: 'image-finding',
    description: 'Reports a vulnerability in an image that is in use',
    eventPattern: {
      source: ['aws.inspector2'],
      detailType: ['Inspector2 Finding'],
      account: [Stack.of(scope).account],
      detail: {
        status: ['ACTIVE'],
        type: ['PACKAGE_VULNERABILITY'],
        severity: severitiesFrom(severity),
        resources: { details: { awsEcrContainerImage: { repositoryName: [repositoryName], ...IN_USE } } },
      },
    },
    message: {
      headline: `an image in use has the vulnerability ${vulnerability} (${field('$.detail.severity')}).`,
      facts: [
        { label: 'Finding', value: field('$.detail.title'), freeText: true },
        { label: 'Fix available', value: field('$.detail.fixAvailable') },
        { label: 'Exploit available', value: field('$.detail.exploitAvailable') },
        { label: 'Advisory', value: field('$.detail.packageVulnerabilityDetails.sourceUrl') },
        { label: 'What to do', value: 'update the package or the base image, and push; to accept the vulnerability, suppress the finding in Amazon Inspector' },
        { label: 'First observed', value: field('$.detail.firstObservedAt') },
        TIME,
        { label: 'Image', value: `${repositoryName} ${digest}` },
        { label: 'Tasks that use it', value: `${field(`${image}.inUseCount`)} (empty if the event does not say)` },
        PLACE,
      ],
      page: imagePage(scope, repositoryName, digest),
      thread: vulnerability,
    },
  };
}
