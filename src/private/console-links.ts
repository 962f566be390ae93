import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The console domain of each partition other than the commercial one, by the prefix of its regions. */
const OTHER_PARTITIONS: [regionPrefix: string, domain: string][] = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
];

/** A path of the console that contains the region. */
type Path = (region: string) => string;

/** A page of the console. A region that is known only at deployment is treated as one of the commercial partition. */
function page(scope: IConstruct, path: Path): string {
  const { region } = Stack.of(scope);
  const [, domain] = OTHER_PARTITIONS.find(([prefix]) => !Token.isUnresolved(region) && region.startsWith(prefix)) ?? ['', 'console.aws.amazon.com'];
  return `https://${region}.${domain}/${path(region)}`;
}

/** A path from the root of the console, for links on pages of the console itself. */
function link(scope: IConstruct, path: Path): string {
  return `/${path(Stack.of(scope).region)}`;
}

const stagesOf = (pipeline: string): Path => (region) => `codesuite/codepipeline/pipelines/${pipeline}/view?region=${region}`;

/** The page of one execution of a pipeline. */
export function executionPage(scope: IConstruct, pipeline: string, executionId: string): string {
  return page(scope, (region) => `codesuite/codepipeline/pipelines/${pipeline}/executions/${executionId}/timeline?region=${region}`);
}

/** The page of a pipeline's current stages, where approvals are given. */
export function pipelinePage(scope: IConstruct, pipeline: string): string {
  return page(scope, stagesOf(pipeline));
}

/** The page of an alarm. */
export function alarmPage(scope: IConstruct, alarm: string): string {
  return page(scope, (region) => `cloudwatch/home?region=${region}#alarmsV2:alarm/${alarm}`);
}

/** The page of an image's findings. */
export function imagePage(scope: IConstruct, repository: string, digest: string): string {
  return page(scope, (region) => `ecr/repositories/private/${Stack.of(scope).account}/${repository}/_/image/${digest}/scan-results?region=${region}`);
}

/** The page of a deployment of CodeDeploy. */
export function deploymentPage(scope: IConstruct, deploymentId: string): string {
  return page(scope, (region) => `codesuite/codedeploy/deployments/${deploymentId}?region=${region}`);
}

/** The page of a commit in CodeCommit. */
export function commitPage(scope: IConstruct, repository: string, commitId: string): string {
  return page(scope, (region) => `codesuite/codecommit/repositories/${repository}/commit/${commitId}?region=${region}`);
}

/** The page of one version of an object. */
export function objectPage(scope: IConstruct, bucket: string, key: string, versionId: string): string {
  const prefix = Token.isUnresolved(key) ? key : encodeURIComponent(key);
  return page(scope, (region) => `s3/object/${bucket}?region=${region}&prefix=${prefix}&versionId=${versionId}`);
}

/** A link to a pipeline's stages. */
export function pipelineLink(scope: IConstruct, pipeline: string): string {
  return link(scope, stagesOf(pipeline));
}

/** A link to the deployments of CodeDeploy. */
export function deploymentsLink(scope: IConstruct): string {
  return link(scope, (region) => `codesuite/codedeploy/deployments?region=${region}`);
}

/** A link to the tasks of a service. */
export function tasksLink(scope: IConstruct, cluster: string, service: string): string {
  return link(scope, (region) => `ecs/v2/clusters/${cluster}/services/${service}/tasks?region=${region}`);
}
