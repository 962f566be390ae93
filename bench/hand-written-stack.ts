import { CfnOutput, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { createAlerts } from './hand-written-alerts';
import { allow, HandWrittenStackProps } from './hand-written-base';
import { buildSpec, PlainBuildSpec } from './hand-written-buildspec';
import { APP_SPEC, passRoles, Roles, WebStack } from './hand-written-web';

interface Store {
  readonly key: kms.Key;
  readonly bucket: s3.Bucket;
}

/**
 * What the pattern makes, written for one application on CDK's own constructs and without this library: the bench's
 * yardstick.
 *
 * Nothing is configurable beyond the three props and nothing is validated, as in a stack that one team writes for
 * itself.
 */
export class HandWrittenStack extends WebStack {
  constructor(scope: Construct, id: string, props: HandWrittenStackProps) {
    super(scope, id, props);
    const vpc = this.createVpc();
    const cluster = new ecs.Cluster(this, 'Cluster', {
      clusterName: this.named('cluster'), vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED,
    });
    const images = this.createImageRepository();
    const webLogs = this.createLogGroup('WebLogs', `/aws/ecs/${this.named('web')}`, logs.RetentionDays.ONE_MONTH);
    const roles = this.createTaskRoles(images, webLogs);
    const taskDefinition = this.createTaskDefinition(roles, webLogs);
    const loadBalancing = this.createLoadBalancing(vpc);
    const service = this.createService(vpc, cluster, taskDefinition, loadBalancing);
    const deploymentGroup = this.createDeploymentGroup(service, roles, loadBalancing);

    const store = this.createArtifactStore();
    const source = this.createSourceRepository();
    const project = this.createBuildProject(images, store, this.renderTaskDefinition(roles, webLogs));
    const pipeline = this.createPipeline(store, source, project, deploymentGroup, roles);
    this.createTrigger(source, pipeline);
    this.createMarks(service, images, deploymentGroup);
    const eventLogName = `/aws/events/${this.named('pipeline-events')}`;
    const key = this.createKey('Alerts', 'alerts');
    createAlerts(this, {
      pipeline,
      project,
      deploymentGroup,
      images,
      alarms: this.node.findAll()
        .filter((each) => each instanceof cloudwatch.Alarm),
    }, {
      suffix: this.suffix, email: props.email, key, eventLogName, eventLog: this.createLogGroup('EventLogs', eventLogName, logs.RetentionDays.ONE_MONTH),
    });
    this.createOutputs(cluster, images, source, loadBalancing.loadBalancer, pipeline);
  }

  private createArtifactStore(): Store {
    const key = this.createKey('Artifacts', 'artifacts');
    const bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: `orders-artifacts-${this.account}-${this.region}-${this.suffix}`,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{
        expiration: Duration.days(30),
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      }],
      removalPolicy: this.removalPolicy,
      autoDeleteObjects: this.destroys,
    });
    return { key, bucket };
  }

  private createSourceRepository(): codecommit.Repository {
    const source = new codecommit.Repository(this, 'Source', { repositoryName: this.named('source'), description: 'Source of orders' });
    source.applyRemovalPolicy(this.removalPolicy);
    return source;
  }

  private createBuildProject(
    images: ecr.Repository, { key, bucket }: Store, taskDefinition: string,
  ): codebuild.PipelineProject {
    const logGroup = this.createLogGroup('BuildLogs', `/aws/codebuild/${this.named('build')}`, logs.RetentionDays.TWO_WEEKS);
    const tests = this.createReportGroup('TestReports', 'tests', codebuild.ReportGroupType.TEST);
    const coverage = this.createReportGroup('CoverageReports', 'coverage', codebuild.ReportGroupType.CODE_COVERAGE);
    const role = this.createRole('BuildRole', 'build', new iam.ServicePrincipal('codebuild.amazonaws.com'), [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      allow(['codebuild:CreateReport', 'codebuild:UpdateReport', 'codebuild:BatchPutTestCases'], [tests.reportGroupArn]),
      allow(['codebuild:CreateReport', 'codebuild:UpdateReport', 'codebuild:BatchPutCodeCoverages'], [coverage.reportGroupArn]),
      ...useStore({ key, bucket }),
      allow(['ecr:GetAuthorizationToken'], ['*']),
      allow([
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ], [images.repositoryArn]),
    ]);
    return new codebuild.PipelineProject(this, 'Build', {
      projectName: this.named('build'),
      role,
      environment: {
        buildImage: codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
        computeType: codebuild.ComputeType.SMALL,
        privileged: true,
      },
      encryptionKey: key,
      timeout: Duration.hours(1),
      logging: { cloudWatch: { logGroup } },
      grantReportGroupPermissions: false,
      buildSpec: new PlainBuildSpec(buildSpec({
        repositoryUri: images.repositoryUri,
        testReportsArn: tests.reportGroupArn,
        coverageReportsArn: coverage.reportGroupArn,
        appSpec: APP_SPEC,
        taskDefinition,
      })),
    });
  }

  private createReportGroup(id: string, role: string, type: codebuild.ReportGroupType): codebuild.ReportGroup {
    return new codebuild.ReportGroup(this, id, {
      reportGroupName: this.named(role), type, removalPolicy: this.removalPolicy, deleteReports: this.destroys,
    });
  }

  private createPipeline(
    store: Store, source: codecommit.Repository, project: codebuild.PipelineProject,
    deploymentGroup: codedeploy.EcsDeploymentGroup, roles: Roles,
  ): codepipeline.Pipeline {
    const sourceOutput = new codepipeline.Artifact('Source');
    const buildOutput = new codepipeline.Artifact('Build');
    const sourceRole = this.createSourceActionRole(store, source);
    const buildRole = this.createRole('BuildActionRole', 'build-action', new iam.AccountRootPrincipal(), [
      allow(['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'], [project.projectArn]),
    ]);
    const deployRole = this.createDeployActionRole(store, deploymentGroup, roles);
    return new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: this.named('pipeline'),
      pipelineType: codepipeline.PipelineType.V2,
      crossAccountKeys: false,
      executionMode: codepipeline.ExecutionMode.SUPERSEDED,
      restartExecutionOnUpdate: false,
      role: this.createRole('PipelineRole', 'pipeline', new iam.ServicePrincipal('codepipeline.amazonaws.com'), [
        ...useStore(store),
        allow(['sts:AssumeRole'], [sourceRole.roleArn, buildRole.roleArn, deployRole.roleArn]),
      ]),
      artifactBucket: store.bucket,
      stages: [{
        stageName: 'Source',
        actions: [new actions.CodeCommitSourceAction({
          actionName: 'Source', repository: source, branch: 'main', output: sourceOutput, trigger: actions.CodeCommitTrigger.NONE, role: sourceRole,
        })],
      }, {
        stageName: 'Build',
        actions: [new actions.CodeBuildAction({ actionName: 'Build', project, input: sourceOutput, outputs: [buildOutput], role: buildRole })],
      }, {
        stageName: 'Deploy',
        actions: [new actions.CodeDeployEcsDeployAction({
          actionName: 'Deploy',
          role: deployRole,
          deploymentGroup,
          appSpecTemplateFile: buildOutput.atPath('appspec.yaml'),
          taskDefinitionTemplateFile: buildOutput.atPath('taskdef.json'),
          containerImageInputs: [{ input: buildOutput, taskDefinitionPlaceholder: 'IMAGE1_NAME' }],
        })],
      }],
    });
  }

  private createSourceActionRole({ key, bucket }: Store, source: codecommit.Repository): iam.IRole {
    return this.createRole('SourceActionRole', 'source-action', new iam.AccountRootPrincipal(), [
      allow([
        'codecommit:GetBranch',
        'codecommit:GetCommit',
        'codecommit:UploadArchive',
        'codecommit:GetUploadArchiveStatus',
        'codecommit:CancelUploadArchive',
      ], [source.repositoryArn]),
      allow(['s3:PutObject'], [bucket.arnForObjects('*')]),
      allow(['kms:GenerateDataKey', 'kms:Decrypt'], [key.keyArn]),
    ]);
  }

  private createDeployActionRole(
    { key, bucket }: Store, group: codedeploy.EcsDeploymentGroup, roles: Roles,
  ): iam.IRole {
    const { applicationArn } = group.application;
    return this.createRole('DeployActionRole', 'deploy-action', new iam.AccountRootPrincipal(), [
      allow(['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], [group.deploymentGroupArn]),
      allow(['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
        [applicationArn, `${applicationArn}/*`]),
      allow(['codedeploy:GetDeploymentConfig'], [group.deploymentConfig.deploymentConfigArn]),
      allow(['ecs:RegisterTaskDefinition'], ['*']),
      passRoles(roles, ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com']),
      allow(['s3:GetObject', 's3:GetObjectVersion'], [bucket.arnForObjects('*')]),
      allow(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
      allow(['kms:Decrypt'], [key.keyArn]),
    ]);
  }

  private createTrigger(source: codecommit.Repository, pipeline: codepipeline.Pipeline): void {
    const eventRole = this.createRole('TriggerRole', 'trigger', new iam.ServicePrincipal('events.amazonaws.com'), [
      allow(['codepipeline:StartPipelineExecution'], [pipeline.pipelineArn]),
    ]);
    new events.Rule(this, 'Trigger', {
      ruleName: this.named('trigger'),
      description: 'Starts the pipeline when its source changes',
      eventPattern: {
        source: ['aws.codecommit'],
        detailType: ['CodeCommit Repository State Change'],
        resources: [source.repositoryArn],
        detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'], referenceName: ['main'] },
      },
      targets: [new targets.CodePipeline(pipeline, { eventRole })],
    });
  }

  private createOutputs(
    cluster: ecs.Cluster,
    images: ecr.Repository,
    source: codecommit.Repository,
    loadBalancer: elbv2.ApplicationLoadBalancer,
    pipeline: codepipeline.Pipeline,
  ): void {
    new CfnOutput(this, 'Url', { value: `http://${loadBalancer.loadBalancerDnsName}`, description: 'The URL of the application' });
    new CfnOutput(this, 'LoadBalancerDnsName', { value: loadBalancer.loadBalancerDnsName, description: 'The DNS name of the load balancer' });
    new CfnOutput(this, 'ClusterArn', { value: cluster.clusterArn, description: 'The ARN of the ECS cluster' });
    new CfnOutput(this, 'CloneUrl', { value: source.repositoryCloneUrlHttp, description: 'The clone URL of the source repository; a push starts a release' });
    new CfnOutput(this, 'RepositoryUri', { value: images.repositoryUri, description: 'The URI of the ECR repository that contains the images' });
    new CfnOutput(this, 'PipelineName', { value: pipeline.pipelineName, description: 'The name of the pipeline' });
  }
}

function useStore({ key, bucket }: Store): iam.PolicyStatement[] {
  return [
    allow(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], [bucket.arnForObjects('*')]),
    allow(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    allow(['kms:GenerateDataKey', 'kms:Decrypt'], [key.keyArn]),
  ];
}
