import { Duration } from 'aws-cdk-lib';
import { AlertChannel, BlueGreenPythonPipelineProps, BootstrapImage, DeploymentHooks, NetworkEgress, TrafficShift } from '../../src';
import { Resource, synthesizePattern, textOf } from '../helpers';

/** Everything that brings a resource with a name or a description of ours. */
const EVERYTHING: BlueGreenPythonPipelineProps = {
  environmentSuffix: 'dev',
  network: { egress: NetworkEgress.privateEndpoints() },
  service: {
    bootstrapImage: BootstrapImage.fromRelease(`sha256:${'0'.repeat(64)}`),
    enableExecuteCommand: true,
    scaling: {
      maxCapacity: 4,
      targetCpuUtilizationPercent: 60,
      targetMemoryUtilizationPercent: 60,
      targetRequestsPerMinute: 600,
    },
    release: {
      hooks: DeploymentHooks.smokeTest({ paths: ['/'] }),
      rollbackAlarms: { latencyThreshold: Duration.seconds(1) },
      trafficShift: TrafficShift.canary(20, Duration.minutes(10)),
    },
  },
  pipeline: { manualApproval: true },
  alerts: { notifyOnSuccess: true, channels: [AlertChannel.email('devops@example.com'), AlertChannel.slack({ workspaceId: 'T07', channelId: 'C07' })] },
  dashboard: true,
};

const WORDS = {
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    'orders-cpu-dev',
    'orders-memory-dev',
    'orders-requests-dev',
  ],
  'AWS::Chatbot::SlackChannelConfiguration': [
    'orders-slack-T07-C07-dev',
  ],
  'AWS::CloudWatch::Alarm': [
    '95th percentile of the response time in target group blue',
    '95th percentile of the response time in target group green',
    'A released image could not be marked, and can expire while it runs. OK does not mean that it is marked by now: redrive the execution that failed',
    'Errors of the application and of the load balancer. While this alarm is in ALARM, no release succeeds. To release a fix, deploy release.rollbackAlarms.suspended: true, release, and deploy without it again.',
    'EventBridge could not deliver events of orders: alerts, or a push that did not start the pipeline. See ERROR_CODE and ERROR_MESSAGE of the messages in the dead-letter queue. To release such a push, choose Release change in the pipeline.',
    'The new release fails more often than the old one',
    'Unhealthy tasks in target group blue',
    'Unhealthy tasks in target group green',
    'orders-blue-latency-dev',
    'orders-blue-unhealthy-hosts-dev',
    'orders-canary-errors-dev',
    'orders-errors-dev',
    'orders-green-latency-dev',
    'orders-green-unhealthy-hosts-dev',
    'orders-image-marks-dev',
    'orders-undelivered-alerts-dev',
  ],
  'AWS::CloudWatch::Dashboard': [
    'orders-delivery-${AWS::Region}-dev',
  ],
  'AWS::CodeBuild::Project': [
    'Compares a release with the digest that its build exported',
    'orders-build-dev',
    'orders-release-check-dev',
  ],
  'AWS::CodeBuild::ReportGroup': [
    'orders-coverage-dev',
    'orders-tests-dev',
  ],
  'AWS::CodeCommit::Repository': [
    'Source of orders',
    'orders-source-dev',
  ],
  'AWS::CodeDeploy::Application': [
    'orders-web-dev',
  ],
  'AWS::CodeDeploy::DeploymentConfig': [
    'orders-canary-20-10m-dev',
  ],
  'AWS::CodeDeploy::DeploymentGroup': [
    'orders-blue-green-dev',
  ],
  'AWS::CodePipeline::Pipeline': [
    'orders-pipeline-dev',
  ],
  'AWS::EC2::FlowLog': [
    'orders-flow-log-dev',
  ],
  'AWS::EC2::InternetGateway': [
    'orders-vpc-dev',
  ],
  'AWS::EC2::SecurityGroup': [
    'Endpoints: HTTPS for their clients only',
    'Load balancer: listener ports in, container port out',
    'Smoke test: test listener and the APIs of EC2 and CodeDeploy out',
    'Tasks: the container port for the load balancer only',
    'orders-endpoints-dev',
    'orders-load-balancer-dev',
    'orders-smoke-test-dev',
    'orders-web-dev',
  ],
  'AWS::EC2::SecurityGroupEgress': [
    'Endpoints of the VPC',
    'Endpoints of the VPC',
    'Load balancer to target',
    'Test listener',
  ],
  'AWS::EC2::SecurityGroupIngress': [
    'Endpoints of the VPC',
    'Endpoints of the VPC',
    'Load balancer to target',
    'Test listener',
  ],
  'AWS::EC2::VPC': [
    'orders-vpc-dev',
  ],
  'AWS::ECR::Repository': [
    'orders-app-dev',
  ],
  'AWS::ECS::Cluster': [
    'orders-cluster-dev',
  ],
  'AWS::ECS::Service': [
    'orders-web-dev',
  ],
  'AWS::ECS::TaskDefinition': [
    'orders-web-dev',
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    'orders-web-dev',
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    'orders-blue-dev',
    'orders-green-dev',
  ],
  'AWS::Events::Rule': [
    'Invokes the smoke test weekly, so that Lambda keeps it active',
    'Marks the image of a successful deployment, so that it does not expire',
    'Reports a failed action and its reason',
    'Reports a vulnerability in an image that is in use',
    'Reports that a deployment failed or was stopped',
    'Reports that a release waits for approval',
    'Reports that the pipeline failed',
    'Reports that the pipeline succeeded',
    'Reports vulnerabilities in an image',
    'Reports when an alarm enters or leaves ALARM',
    'Starts the pipeline when its source changes',
    'Writes the events of pipeline, build and deployment to the event log',
    'orders-action-failed-dev',
    'orders-activity-dev',
    'orders-alarm-dev',
    'orders-approval-waits-dev',
    'orders-deployment-failed-dev',
    'orders-image-finding-dev',
    'orders-image-marks-dev',
    'orders-image-scan-dev',
    'orders-pipeline-failed-dev',
    'orders-pipeline-succeeded-dev',
    'orders-smoke-test-keep-active-dev',
    'orders-trigger-dev',
  ],
  'AWS::IAM::ManagedPolicy': [
    'The most that anybody in the chat may ever do',
    'orders-build-action-policy-${AWS::Region}-dev',
    'orders-build-policy-${AWS::Region}-dev',
    'orders-chat-guardrail-${AWS::Region}-dev',
    'orders-codedeploy-policy-${AWS::Region}-dev',
    'orders-deploy-action-policy-${AWS::Region}-dev',
    'orders-execute-command-policy-${AWS::Region}-dev',
    'orders-execution-policy-${AWS::Region}-dev',
    'orders-flow-logs-policy-${AWS::Region}-dev',
    'orders-hooks-policy-${AWS::Region}-dev',
    'orders-image-marks-policy-${AWS::Region}-dev',
    'orders-image-marks-start-policy-${AWS::Region}-dev',
    'orders-pipeline-policy-${AWS::Region}-dev',
    'orders-release-check-action-policy-${AWS::Region}-dev',
    'orders-release-check-policy-${AWS::Region}-dev',
    'orders-smoke-test-policy-${AWS::Region}-dev',
    'orders-source-action-policy-${AWS::Region}-dev',
    'orders-trigger-policy-${AWS::Region}-dev',
  ],
  'AWS::IAM::Role': [
    'Assumed by Amazon Q Developer to show alerts in a chat; it allows nothing',
    'Assumed by the approval action; it allows nothing',
    'orders-approval-action-${AWS::Region}-dev',
    'orders-build-${AWS::Region}-dev',
    'orders-build-action-${AWS::Region}-dev',
    'orders-chat-${AWS::Region}-dev',
    'orders-codedeploy-${AWS::Region}-dev',
    'orders-deploy-action-${AWS::Region}-dev',
    'orders-execution-${AWS::Region}-dev',
    'orders-flow-logs-${AWS::Region}-dev',
    'orders-image-marks-${AWS::Region}-dev',
    'orders-image-marks-start-${AWS::Region}-dev',
    'orders-pipeline-${AWS::Region}-dev',
    'orders-release-check-${AWS::Region}-dev',
    'orders-release-check-action-${AWS::Region}-dev',
    'orders-smoke-test-${AWS::Region}-dev',
    'orders-source-action-${AWS::Region}-dev',
    'orders-task-${AWS::Region}-dev',
    'orders-trigger-${AWS::Region}-dev',
  ],
  'AWS::KMS::Alias': [
    'alias/orders-alerts-dev',
    'alias/orders-artifacts-dev',
    'alias/orders-flow-logs-dev',
  ],
  'AWS::KMS::Key': [
    'Alerts of orders',
    'Artifacts of orders',
    'Flow logs of orders',
  ],
  'AWS::Lambda::Function': [
    'Calls the new tasks of orders before production traffic reaches them',
    'orders-smoke-test-dev',
  ],
  'AWS::Logs::LogGroup': [
    '/aws/codebuild/orders-build-dev',
    '/aws/codebuild/orders-release-check-dev',
    '/aws/ecs/orders-web-dev',
    '/aws/events/orders-pipeline-events-dev',
    '/aws/lambda/orders-smoke-test-dev',
    '/aws/vpc/orders-flow-logs-dev',
  ],
  'AWS::S3::Bucket': [
    'orders-artifacts-${AWS::AccountId}-${AWS::Region}-dev',
  ],
  'AWS::SNS::Topic': [
    'orders-alerts-dev',
    'orders-chat-alerts-dev',
  ],
  'AWS::SQS::Queue': [
    'orders-undelivered-alerts-dev',
  ],
  'AWS::SSM::Parameter': [
    '/orders-live-images-dev',
  ],
  'AWS::StepFunctions::StateMachine': [
    'orders-image-marks-dev',
  ],
};

const CALLED = /^(.*Name|Name|Family|.*Description|Id)$/;

/** Properties by which a resource says what belongs to it, and not what it is called. */
const REFERENCES = /^(Service(?!Name)|Domain|Vpc|Metric|Container|DeploymentConfigName$|FunctionName$|BucketName$|LogGroupName$|ApplicationName$)/;

const OWN: { [type: string]: string } = {
  'AWS::CodeDeploy::Application': 'ApplicationName',
  'AWS::CodeDeploy::DeploymentConfig': 'DeploymentConfigName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
};

/** What a resource is called in the console, and how it is described there. */
function wordsOf({ Type, Properties }: Resource): string[] {
  const own = Object.entries(Properties)
    .filter(([name]) => OWN[Type] === name || CALLED.test(name) && !REFERENCES.test(name))
    .map(([, value]) => textOf(value));
  const { Tags = [] } = Properties as { Tags?: { Key: string; Value: unknown }[] };
  const tag = Array.isArray(Tags) ? Tags.filter(({ Key }) => Key === 'Name').map(({ Value }) => textOf(Value)) : [];
  return [...own, ...tag].filter((text) => text !== '' && !text.startsWith('Stack/'));
}

function wordsByType(resources: { [id: string]: Resource }): { [type: string]: string[] } {
  const types: { [type: string]: string[] } = {};
  for (const [id, resource] of Object.entries(resources)) {
    if (!id.startsWith('Custom') && !resource.Type.startsWith('Custom') && resource.Type !== 'AWS::EC2::VPCEndpoint') {
      types[resource.Type] = [...types[resource.Type] ?? [], ...wordsOf(resource)].sort();
    }
  }
  return Object.fromEntries(Object.entries(types).filter(([, words]) => words.length > 0)
    .sort(([a], [b]) => a.localeCompare(b)));
}

test('names and descriptions are a contract: another one replaces the resource, or is not found by who looks for it', () => {
  const { template } = synthesizePattern(EVERYTHING);
  expect(wordsByType(template.toJSON().Resources as { [id: string]: Resource })).toEqual(WORDS);
});
