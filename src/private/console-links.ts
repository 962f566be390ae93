import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Where the console of a partition lives, by how its regions begin. */
const OTHER_PARTITIONS: [regionPrefix: string, domain: string][] = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
];

/** A page of the console. A region that is known at deployment only is taken for one of the commercial partition. */
function page(scope: IConstruct, path: string): string {
  const { region } = Stack.of(scope);
  const [, domain] = OTHER_PARTITIONS.find(([prefix]) => !Token.isUnresolved(region) && region.startsWith(prefix)) ?? ['', 'console.aws.amazon.com'];
  return `https://${region}.${domain}/${path.replace('REGION', region)}`;
}

/** The same from the root of the console, for links on its own pages. */
function link(scope: IConstruct, path: string): string {
  return `/${path.replace('REGION', Stack.of(scope).region)}`;
}

const stagesOf = (pipeline: string) => `codesuite/codepipeline/pipelines/${pipeline}/view?region=REGION`;

/** The page of one execution of a pipeline. */
export function executionPage(scope: IConstruct, pipeline: string, executionId: string): string {
  return page(scope, `codesuite/codepipeline/pipelines/${pipeline}/executions/${executionId}/timeline?region=REGION`);
}

/** The page of a pipeline's stages as they are now, where an approval is given. */
export function pipelinePage(scope: IConstruct, pipeline: string): string {
  return page(scope, stagesOf(pipeline));
}

/** The page of an alarm. */
export function alarmPage(scope: IConstruct, alarm: string): string {
  return page(scope, `cloudwatch/home?region=REGION#alarmsV2:alarm/${alarm}`);
}

/** The page of an image's findings. */
export function imagePage(scope: IConstruct, repository: string, digest: string): string {
  return page(scope, `ecr/repositories/private/${Stack.of(scope).account}/${repository}/_/image/${digest}/scan-results?region=REGION`);
}

/** The page of a deployment of CodeDeploy. */
export function deploymentPage(scope: IConstruct, deploymentId: string): string {
  return page(scope, `codesuite/codedeploy/deployments/${deploymentId}?region=REGION`);
}

/** The page of a commit in CodeCommit. */
export function commitPage(scope: IConstruct, repository: string, commitId: string): string {
  return page(scope, `codesuite/codecommit/repositories/${repository}/commit/${commitId}?region=REGION`);
}

/** The page of one version of an object. */
export function objectPage(scope: IConstruct, bucket: string, key: string, versionId: string): string {
  const prefix = Token.isUnresolved(key) ? key : encodeURIComponent(key);
  return page(scope, `s3/object/${bucket}?region=REGION&prefix=${prefix}&versionId=${versionId}`);
}

/** A link to a pipeline's stages. */
export function pipelineLink(scope: IConstruct, pipeline: string): string {
  return link(scope, stagesOf(pipeline));
}

/** A link to the deployments of CodeDeploy. */
export function deploymentsLink(scope: IConstruct): string {
  return link(scope, 'codesuite/codedeploy/deployments?region=REGION');
}

/** A link to the tasks of a service. */
export function tasksLink(scope: IConstruct, cluster: string, service: string): string {
  return link(scope, `ecs/v2/clusters/${cluster}/services/${service}/tasks?region=REGION`);
}
