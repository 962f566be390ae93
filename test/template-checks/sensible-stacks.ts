import { App, CfnDeletionPolicy, CfnParameter, Duration, pipelines, SecretValue, Stack, Stage } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cloudwatchActions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/** Adds what works, by CDK's own constructs, to an app. */
export type Sensible = (app: App) => void;

function createFunction(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('//'), deadLetterQueueEnabled: true,
  });
}

function services(app: App): void {
  const stack = new Stack(app, 'Services');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  cluster.addCapacity('Servers', { instanceType: new ec2.InstanceType('t3.micro') });
  const image = ecs.ContainerImage.fromRegistry('nginx');
  new patterns.ApplicationLoadBalancedFargateService(stack, 'Application', { cluster, taskImageOptions: { image, containerPort: 8080 } });
  new patterns.NetworkLoadBalancedFargateService(stack, 'Network', { cluster, taskImageOptions: { image } });
  new patterns.QueueProcessingFargateService(stack, 'Queue', { cluster, image });
  new patterns.ScheduledFargateTask(stack, 'Scheduled', {
    cluster,
    scheduledFargateTaskImageOptions: { image, memoryLimitMiB: 512 },
    schedule: events.Schedule.rate(
      Duration.hours(1),
    ),
  });
  new patterns.ApplicationMultipleTargetGroupsFargateService(stack, 'Several', {
    cluster,
    taskImageOptions: { image, containerPorts: [80, 90] },
    targetGroups: [{ containerPort: 80 }, { containerPort: 90, pathPattern: '/b/*', priority: 10 }],
  });
  new patterns.ApplicationLoadBalancedEc2Service(stack, 'Server', { cluster, memoryLimitMiB: 256, taskImageOptions: { image } });
}

function rules(app: App): void {
  const stack = new Stack(app, 'Rules');
  const handler = createFunction(stack);
  const topic = new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key'), enforceSSL: true });
  new events.Rule(stack, 'Matchers', {
    eventPattern: {
      source: ['own'],
      detail: {
        a: events.Match.prefix('a'),
        b: events.Match.anythingBut('b'),
        c: events.Match.equalsIgnoreCase('c'),
        d: events.Match.wildcard('d*'),
        e: events.Match.greaterThan(5),
        f: events.Match.exists(),
        g: events.Match.cidr('10.0.0.0/8'),
        h: events.Match.anythingButPrefix('h'),
      },
    },
    targets: [
      new targets.SnsTopic(topic, { message: events.RuleTargetInput.fromText(`at ${events.EventField.time}`) }),
      new targets.SqsQueue(new sqs.Queue(stack, 'Queue', { encryption: sqs.QueueEncryption.KMS })),
      new targets.LambdaFunction(handler, { deadLetterQueue: new sqs.Queue(stack, 'Undelivered') }),
      new targets.SfnStateMachine(new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')) })),
    ],
  });
  const project = new codebuild.Project(stack, 'Project', {
    source: codebuild.Source.gitHub({ owner: 'acme', repo: 'orders' }),
    environment: { buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2_STANDARD_3_0 },
    environmentVariables: { TOKEN: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: 'token' } },
  });
  new events.Rule(stack, 'Nightly', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.CodeBuildProject(project)] });
  new cloudwatch.Alarm(stack, 'Alarm', { metric: handler.metricErrors(), threshold: 1, evaluationPeriods: 1 })
    .addAlarmAction(new cloudwatchActions.SnsAction(new sns.Topic(stack, 'Plain')));
}

function builds(app: App): void {
  const stack = new Stack(app, 'Builds');
  const spec = { version: '0.2', phases: { build: { commands: ['docker build .'] } } };
  new codebuild.Project(stack, 'Json', { buildSpec: codebuild.BuildSpec.fromObject(spec), environment: { privileged: true } });
  new codebuild.Project(stack, 'Yaml', { buildSpec: codebuild.BuildSpec.fromObjectToYaml(spec), environment: { privileged: true } });
  const limit = new CfnParameter(stack, 'Limit', { type: 'Number' }).valueAsNumber;
  new codebuild.Project(stack, 'Number', { buildSpec: codebuild.BuildSpec.fromObject({ ...spec, env: { variables: { limit } } }), environment: { privileged: true } });
  const handler = createFunction(stack);
  const bucket = new s3.Bucket(stack, 'Bucket', { versioned: true });
  const source = new codepipeline.Artifact();
  const output = new codepipeline.Artifact('output');
  const servers = new codedeploy.ServerDeploymentGroup(stack, 'Servers');
  new codepipeline.Pipeline(stack, 'Pipeline', {
    stages: [
      { stageName: 'Source', actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'a.zip', output: source, variablesNamespace: 'source' })] },
      {
        stageName: 'Build',
        actions: [
          new actions.CodeBuildAction({ actionName: 'Build', project: new codebuild.PipelineProject(stack, 'Build'), input: source, outputs: [output] }),
          new actions.ManualApprovalAction({ actionName: 'Approve', runOrder: 2, additionalInformation: '#{source.VersionId}' }),
        ],
      },
      {
        stageName: 'Deploy',
        actions: [
          new actions.CodeDeployServerDeployAction({ actionName: 'Servers', deploymentGroup: servers, input: output }),
          new actions.S3DeployAction({ actionName: 'Files', bucket, input: output }),
          new actions.LambdaInvokeAction({ actionName: 'Call', lambda: handler, inputs: [output] }),
          new actions.CloudFormationCreateUpdateStackAction({ actionName: 'Stack', templatePath: output.atPath('t.json'), adminPermissions: true, stackName: 'x' }),
        ],
      },
    ],
  });
}

function selfMutating(app: App): void {
  const stack = new Stack(app, 'Delivery', { env: { account: '111111111111', region: 'eu-west-1' } });
  const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
    synth: new pipelines.ShellStep('Synth', {
      input: pipelines.CodePipelineSource.gitHub('acme/orders', 'main', { authentication: SecretValue.secretsManager('token') }), commands: ['npx cdk synth'],
    }),
    crossAccountKeys: true,
    dockerEnabledForSynth: true,
  });
  const stage = new Stage(app, 'Prod', { env: { account: '222222222222', region: 'us-east-1' } });
  new s3.Bucket(new Stack(stage, 'Stack'), 'Bucket');
  pipeline.addStage(stage, { pre: [new pipelines.ManualApprovalStep('Approve')], post: [new pipelines.ShellStep('Test', { commands: ['curl'] })] });
}

function blueGreen(app: App): void {
  const stack = new Stack(app, 'BlueGreen');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task', { cpu: 512, memoryLimitMiB: 1024 });
  // else a rollback would find no active revision
  (taskDefinition.node.defaultChild as ecs.CfnTaskDefinition).cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  taskDefinition.addContainer('web', {
    image: ecs.ContainerImage.fromEcrRepository(new ecr.Repository(stack, 'Images')),
    portMappings: [{ containerPort: 80 }],
    logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'web' }),
  });
  taskDefinition.addContainer('proxy', { image: ecs.ContainerImage.fromRegistry('envoy'), essential: false, portMappings: [{ containerPort: 81, hostPort: 81 }] });
  const service = new ecs.FargateService(stack, 'Service', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc }), taskDefinition, deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
  });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  const listener = balancer.addListener('Listener', { port: 80 });
  const blueTargetGroup = listener.addTargets('Blue', { port: 80, targets: [service.loadBalancerTarget({ containerName: 'web', containerPort: 80 })] });
  const greenTargetGroup = new elbv2.ApplicationTargetGroup(stack, 'Green', { vpc, port: 80, targetType: elbv2.TargetType.IP });
  const testListener = balancer.addListener('Test', { port: 9000, protocol: elbv2.ApplicationProtocol.HTTP, defaultTargetGroups: [greenTargetGroup] });
  const deploymentGroup = new codedeploy.EcsDeploymentGroup(stack, 'Group', {
    service,
    blueGreenDeploymentConfig: { listener, testListener, blueTargetGroup, greenTargetGroup },
    deploymentConfig: new codedeploy.EcsDeploymentConfig(stack, 'Config', {
      trafficRouting: codedeploy.TrafficRouting.timeBasedCanary({ interval: Duration.minutes(3), percentage: 10 }),
    }),
  });
  const [source, build] = [new codepipeline.Artifact('source'), new codepipeline.Artifact('build')];
  const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/build');
  new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineType: codepipeline.PipelineType.V2,
    stages: [
      {
        stageName: 'Source',
        actions: [new actions.CodeStarConnectionsSourceAction({
          actionName: 'Source', connectionArn: parameter('Connection'), owner: 'acme', repo: 'orders', branch: parameter('Branch'), output: source,
        })],
      },
      {
        stageName: 'Build',
        actions: [new actions.CodeBuildAction({ actionName: 'Build', project: new codebuild.PipelineProject(stack, 'Build', { role }), input: source, outputs: [build] })],
      },
      {
        stageName: 'Deploy',
        actions: [new actions.CodeDeployEcsDeployAction({
          actionName: 'Deploy',
          deploymentGroup,
          taskDefinitionTemplateInput: build,
          appSpecTemplateInput: build,
          containerImageInputs: [{ input: build, taskDefinitionPlaceholder: 'IMAGE' }],
        })],
      },
    ],
  });
}

/** What people make of CDK's own constructs. */
export const SENSIBLE: { readonly [what: string]: Sensible } = {
  'services of the ECS patterns': services,
  'rules with all kinds of matchers and targets': rules,
  'builds and a pipeline with many actions': builds,
  'a pipeline that updates itself': selfMutating,
  'a blue/green service with its pipeline': blueGreen,
};
