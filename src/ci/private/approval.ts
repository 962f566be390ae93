import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ResourceNames } from '../../private/names';
import { PipelineSourceConfig } from '../pipeline-source-options';

/**
 * The action that waits for a manual approval.
 *
 * It does not show the commit message: the action fails if its information exceeds 1000 characters, and a commit
 * message alone can be longer. CodePipeline shows the message beside the approval anyway.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
 */
export function createApprovalAction(
  scope: Construct, names: ResourceNames, assumedBy: iam.IPrincipal, {
    revision, revisionUrl,
  }: PipelineSourceConfig, build: actions.CodeBuildAction,
): codepipeline.IAction {
  // without a role of ours, CDK creates one with a generated name
  const role = new iam.Role(scope, 'ApprovalActionRole', {
    roleName: names.accountWide('approval-action'),
    description: 'Assumed by the approval action; it allows nothing',
    assumedBy,
  });
  const facts: [name: string, value: string | undefined][] = [
    ['Application', names.applicationName],
    ['Environment', names.environmentSuffix ?? 'none'],
    ['Image', build.variable('IMAGE_DIGEST')],
    ['Revision', revision],
    ['Changes', revisionUrl],
  ];
  return new actions.ManualApprovalAction({
    actionName: 'Approve',
    additionalInformation: facts.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`).join('\n'),
    externalEntityLink: revisionUrl,
    role: role.withoutPolicyUpdates(),
  });
}
