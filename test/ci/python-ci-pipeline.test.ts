import { execFileSync } from 'child_process';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PythonCiPipeline, PythonCiPipelineProps } from '../../src';
import { actionsOf, buildSpecOf, createService, createStack, idOf, onlyResource, resourcesOf, statementsOf, synthesizePattern, textOf } from '../helpers';

const PIPELINE = 'AWS::CodePipeline::Pipeline';
const PROJECT = 'AWS::CodeBuild::Project';

function createPipeline(
  stack: Stack, props: Partial<PythonCiPipelineProps> = {}, cpuArchitecture?: ecs.CpuArchitecture,
): PythonCiPipeline {
  const service = createService(stack, { cpuArchitecture, release: { rollbackAlarms: { enabled: false } } });
  return new PythonCiPipeline(stack, 'Pipeline', { service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), ...props });
}

function synthesize(props?: Partial<PythonCiPipelineProps>, cpuArchitecture?: ecs.CpuArchitecture) {
  const stack = createStack();
  const pipeline = createPipeline(stack, props, cpuArchitecture);
  return { stack, pipeline, template: Template.fromStack(stack) };
}

function commandsOf(template: Template): string {
  return buildSpecOf(template).spec.phases.build.commands.join('\n');
}

function stagesOf(template: Template): { Name: string; Actions: { [key: string]: unknown }[] }[] {
  return onlyResource(
    template, PIPELINE,
  )[1].Properties.Stages as { Name: string; Actions: { [key: string]: unknown }[] }[];
}

describe('a pipeline with the defaults', () => {
  const { template, pipeline, stack } = synthesize();
  const { spec, text } = buildSpecOf(template);
  const { commands } = spec.phases.build;
  const [bucket] = onlyResource(template, 'AWS::S3::Bucket');
  const [key] = onlyResource(template, 'AWS::KMS::Key');
  const [project] = onlyResource(template, PROJECT);

  describe('its stages', () => {
    const [source, build, deploy] = stagesOf(template).map(({ Actions }) => Actions[0]);

    test('are source, build and deploy', () => {
      expect(stagesOf(template).map(({ Name, Actions }) => [Name, Actions.length])).toEqual([['Source', 1], ['Build', 1], ['Deploy', 1]]);
      expect(onlyResource(template, PIPELINE)[1].Properties).toMatchObject({
        PipelineType: 'V2', ExecutionMode: 'SUPERSEDED', RestartExecutionOnUpdate: false,
      });
    });

    test('hand the source to the build and the build\'s files to the deployment', () => {
      expect(source.OutputArtifacts).toEqual([{ Name: 'Source' }]);
      expect(build.InputArtifacts).toEqual([{ Name: 'Source' }]);
      expect(build.OutputArtifacts).toEqual([{ Name: 'Build' }]);
      expect(deploy.InputArtifacts).toEqual([{ Name: 'Build' }]);
    });

    test('build the main branch of a repository of CodeCommit', () => {
      expect(source).toMatchObject({
        ActionTypeId: { Category: 'Source', Provider: 'CodeCommit' },
        Configuration: { BranchName: 'main', PollForSourceChanges: false },
      });
      template.hasResourceProperties('AWS::CodeCommit::Repository', { Code: Match.absent() });
      expect(pipeline.sourceRepository).toBeDefined();
    });

    test('deploy by CodeDeploy with the three files of the build', () => {
      expect(deploy).toMatchObject({
        ActionTypeId: { Category: 'Deploy', Provider: 'CodeDeployToECS' },
        Configuration: {
          AppSpecTemplateArtifact: 'Build',
          AppSpecTemplatePath: 'appspec.yaml',
          TaskDefinitionTemplateArtifact: 'Build',
          TaskDefinitionTemplatePath: 'taskdef.json',
          Image1ArtifactName: 'Build',
          Image1ContainerName: 'IMAGE1_NAME',
        },
      });
    });
  });

  describe('its trigger', () => {
    test('starts it on a push to the branch, and not on a tag of that name', () => {
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          'source': ['aws.codecommit'],
          'detail-type': ['CodeCommit Repository State Change'],
          'resources': [{ 'Fn::GetAtt': [Match.stringLikeRegexp('SourceRepository'), 'Arn'] }],
          'detail': { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'], referenceName: ['main'] },
        },
        Targets: [{ RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('TriggerRole'), 'Arn'] } }],
      });
      expect(actionsOf(statementsOf(template, 'PipelineTriggerRole'))).toEqual(['codepipeline:StartPipelineExecution']);
    });

    test('is a field of the pipeline, so that alerts can keep its lost events', () => {
      expect(pipeline.trigger?.node.path).toBe('Stack/Pipeline/Trigger');
    });
  });

  describe('its artifacts', () => {
    test('lie in an encrypted bucket, over TLS only, closed to the public, and expire', () => {
      template.hasResourceProperties('AWS::S3::Bucket', {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [key, 'Arn'] } },
          }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: {
          Rules: [Match.objectLike({ ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 30 } })],
        },
      });
      template.hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
      });
      template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
      expect(onlyResource(template, PIPELINE)[1].Properties.ArtifactStore).toMatchObject({ Location: { Ref: bucket }, EncryptionKey: { Type: 'KMS' } });
    });

    test('go with the stack, by the one function that CDK brings for it', () => {
      template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
      template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
      template.resourceCountIs('AWS::Lambda::Function', 1);
    });
  });

  describe('its build', () => {
    test('runs on Amazon Linux 2023 with Docker, and encrypts with the key of the artifacts', () => {
      template.hasResourceProperties(PROJECT, {
        Environment: {
          Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0', ComputeType: 'BUILD_GENERAL1_SMALL', Type: 'LINUX_CONTAINER', PrivilegedMode: true,
        },
        EncryptionKey: { 'Fn::GetAtt': [key, 'Arn'] },
        TimeoutInMinutes: 90,
      });
    });

    test('writes its log to a group of 14 days', () => {
      const [logGroup] = Object.entries(resourcesOf(template, 'AWS::Logs::LogGroup')).find(([, { Properties }]) => Properties.RetentionInDays === 14) ?? [];
      template.hasResourceProperties(PROJECT, { LogsConfig: { CloudWatchLogs: { GroupName: { Ref: logGroup }, Status: 'ENABLED' } } });
      expect(stack.resolve(pipeline.buildLogGroup.logGroupName)).toEqual({ Ref: logGroup });
    });

    test('reports tests and coverage to groups that go with the stack', () => {
      const groups = resourcesOf(template, 'AWS::CodeBuild::ReportGroup');
      expect(Object.values(groups).map(({ Properties }) => [Properties.Type, Properties.DeleteReports])).toEqual([['TEST', true], ['CODE_COVERAGE', true]]);
      expect(Object.entries(spec.reports)).toEqual(Object.keys(groups).map((id, index) => [`\${${id}.Arn}`, {
        'base-directory': '.delivery/reports',
        'files': [['pytest.xml'], ['coverage.xml']][index],
        'file-format': ['JUNITXML', 'COBERTURAXML'][index],
      }]));
    });

    test('hands over three files and nothing else', () => {
      expect(spec.artifacts).toEqual({ 'base-directory': '.delivery/release', 'files': ['appspec.yaml', 'taskdef.json', 'imageDetail.json'] });
    });

    test('runs Python 3.9 in one phase under bash', () => {
      expect(spec.env.shell).toBe('bash');
      expect(spec.phases.install).toEqual({ 'runtime-versions': { python: '3.9' } });
      expect(Object.keys(spec.phases)).toEqual(['install', 'build']);
    });

    test('hands the digest to the actions that come after it, and pushes no attestation beside the image', () => {
      expect(spec.env['exported-variables']).toEqual(['IMAGE_DIGEST']);
      expect(spec.env.variables.BUILDX_NO_DEFAULT_ATTESTATIONS).toBe('1');
    });

    test('checks, judges, pushes, and writes the digest last', () => {
      const calls = commands.map((command) => /^bash "\$DELIVERY_HOME\/program\.sh" (\w+)$/.exec(command)?.[1]).filter((name) => name !== undefined);
      expect(calls).toEqual(['end_repetition', 'check', 'judge_gates', 'push', 'finish']);
      expect(spec.phases.build.finally).toEqual(['bash "$DELIVERY_HOME/program.sh" conclude']);
    });

    test('lets each command of several lines fail by itself, whichever way CodeBuild shares the shell', () => {
      const blocks = [...commands, ...spec.phases.build.finally].filter((command) => command.includes('\n'));
      expect(blocks).toHaveLength(1);
      for (const block of blocks) {
        expect(block).toMatch(/^\(\nset -euo pipefail\n[^]*\n\)$/);
      }
    });

    test('is bash that bash accepts', () => {
      for (const command of [...commands, ...spec.phases.build.finally]) {
        expect(() => execFileSync('bash', ['-n', '-c', command], { stdio: 'pipe' })).not.toThrow();
      }
    });

    test('stays far below the 25,600 characters that CodeBuild takes', () => {
      expect(text.length).toBeLessThan(8_000);
    });

    test('is refused when a long environment makes it longer than that', () => {
      const variables = (count: number) => Object.fromEntries([...Array(count).keys()].map((index) => [`VARIABLE_${index}`, 'x'.repeat(60)]));
      const create = (count: number) => () => synthesizePattern({
        removalPolicy: RemovalPolicy.RETAIN,
        service: {
          environment: variables(count),
        },
      });
      expect(create(200)).toThrow(/the buildspec, which contains the task definition of a release, must have at most 25600 bytes, got about \d+: \d+ for 'service.environment'/);
      expect(create(40)).not.toThrow();
    });

    test('holds no permission and no variable for Docker Hub', () => {
      expect(commandsOf(template)).not.toContain('ssm get-parameter');
    });
  });

  describe('its roles', () => {
    test.each([
      ['PipelineRole', ['kms:Decrypt', 'kms:GenerateDataKey', 's3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:GetObject', 's3:GetObjectVersion',
        's3:ListBucket', 's3:PutObject', 'sts:AssumeRole']],
      ['PipelineSourceActionRole', ['codecommit:CancelUploadArchive', 'codecommit:GetBranch', 'codecommit:GetCommit', 'codecommit:GetUploadArchiveStatus',
        'codecommit:UploadArchive', 'kms:Decrypt', 'kms:GenerateDataKey', 's3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:GetObject',
        's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject']],
      ['PipelineBuildActionRole', ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild']],
      ['PipelineDeployDeployActionRole', ['codedeploy:CreateDeployment', 'codedeploy:GetApplication', 'codedeploy:GetApplicationRevision',
        'codedeploy:GetDeployment', 'codedeploy:GetDeploymentConfig', 'codedeploy:RegisterApplicationRevision', 'ecs:RegisterTaskDefinition', 'iam:PassRole',
        'kms:Decrypt', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket']],
      ['PipelineBuildRole', ['codebuild:BatchPutCodeCoverages', 'codebuild:BatchPutTestCases', 'codebuild:CreateReport', 'codebuild:CreateReport',
        'codebuild:UpdateReport', 'codebuild:UpdateReport', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload',
        'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart', 'kms:Decrypt',
        'kms:GenerateDataKey', 'logs:CreateLogStream', 'logs:PutLogEvents', 's3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:GetObject',
        's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject']],
    ])('%s may do what it does and no more', (role, expected) => {
      expect(actionsOf(statementsOf(template, role).filter(({ Effect }) => Effect === 'Allow'))).toEqual(expected);
    });

    test('name a resource wherever AWS knows one', () => {
      const wide = ['PipelineRole', 'PipelineSourceActionRole', 'PipelineBuildActionRole', 'PipelineDeployDeployActionRole', 'PipelineBuildRole']
        .flatMap((role) => statementsOf(template, role)).filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
      expect(wide.sort()).toEqual(['ecr:GetAuthorizationToken', 'ecs:RegisterTaskDefinition']);
    });

    test('pass the two roles of the task to ECS and no other', () => {
      const pass = statementsOf(template, 'PipelineDeployDeployActionRole').filter(({ Action }) => Action === 'iam:PassRole');
      expect(pass).toEqual([{
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: [
          { 'Fn::GetAtt': [expect.stringMatching(/^ServiceTaskRole/), 'Arn'] },
          { 'Fn::GetAtt': [expect.stringMatching(/^ServiceExecutionRole/), 'Arn'] },
        ],
        Condition: { StringEquals: { 'iam:PassedToService': ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] } },
      }]);
    });

    test('are there with their permissions before the first execution', () => {
      const [, { DependsOn }] = onlyResource(template, PIPELINE);
      expect(DependsOn).toEqual(expect.arrayContaining([
        expect.stringMatching(/^PipelineRolePolicy/), expect.stringMatching(/^PipelineBuildRolePolicy/),
      ]));
      template.resourceCountIs('AWS::IAM::Policy', 0);
    });
  });

  test('exposes its parts', () => {
    expect(stack.resolve(pipeline.buildProject.projectName)).toEqual({ Ref: project });
    expect(stack.resolve(pipeline.artifactBucket.bucketName)).toEqual({ Ref: bucket });
  });
});

describe('what a user asks for', () => {
  test('RETAIN keeps artifacts, key, log, reports and repository, and needs no function', () => {
    const { template } = synthesize({ removalPolicy: RemovalPolicy.RETAIN });
    const kept = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::CodeCommit::Repository'];
    kept.forEach((type) => template.hasResource(type, { DeletionPolicy: 'Retain' }));
    for (const { DeletionPolicy, Properties } of Object.values(resourcesOf(template, 'AWS::CodeBuild::ReportGroup'))) {
      expect([DeletionPolicy, Properties.DeleteReports]).toEqual(['Retain', false]);
    }
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', Properties: { RetentionInDays: 14 } });
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('a key of the user\'s encrypts, and none is made', () => {
    const stack = createStack();
    createPipeline(stack, { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 0);
    expect(JSON.stringify(statementsOf(template, 'PipelineBuildRole'))).toContain('key/1');
  });

  test('retentions, size and image are followed', () => {
    const { template } = synthesize({
      artifactRetention: Duration.days(7),
      logRetention: logs.RetentionDays.ONE_DAY,
      computeType: codebuild.ComputeType.LARGE,
      buildImage: codebuild.LinuxBuildImage.STANDARD_7_0,
    });
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 7 })] } });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 1 });
    template.hasResourceProperties(PROJECT, { Environment: { ComputeType: 'BUILD_GENERAL1_LARGE', Image: 'aws/codebuild/standard:7.0' } });
  });

  test('an image that is not known is trusted to have the version', () => {
    const { template } = synthesize({ buildImage: codebuild.LinuxBuildImage.fromDockerRegistry('own/image') });
    template.hasResourceProperties(PROJECT, { Environment: { Image: 'own/image' } });
  });

  test.each([
    ['the constant', ecs.CpuArchitecture.ARM64],
    ['another object', ecs.CpuArchitecture.of('ARM64')],
  ])('tasks on ARM64 are built on ARM64, by %s', (_by, architecture) => {
    const { template } = synthesize({}, architecture);
    template.hasResourceProperties(PROJECT, { Environment: { Type: 'ARM_CONTAINER', Image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' } });
  });

  test('variables of the build come with the permission to read them', () => {
    const { template } = synthesize({
      environmentVariables: {
        INDEX: { value: 'https://example.com' },
        TOKEN: { type: codebuild.BuildEnvironmentVariableType.PARAMETER_STORE, value: '/orders/token' },
      },
    });
    template.hasResourceProperties(PROJECT, {
      Environment: {
        EnvironmentVariables: [
          { Name: 'INDEX', Type: 'PLAINTEXT', Value: 'https://example.com' },
          { Name: 'TOKEN', Type: 'PARAMETER_STORE', Value: '/orders/token' },
        ],
      },
    });
    const read = statementsOf(template, 'PipelineBuildRole').filter(({ Action }) => JSON.stringify(Action).includes('ssm:'));
    expect(read.map(({ Resource }) => textOf(Resource))).toEqual([expect.stringMatching(/:parameter\/orders\/token$/)]);
  });

  test.each<[string, Partial<PythonCiPipelineProps>]>([
    ['commands before the installation', { installCommands: ['dnf install -y libpq-devel', 'ls'] }],
    ['a command for the tests', { testCommand: 'tox' }],
  ])('%s are one more line of the build, which writes a file', (_what, props) => {
    const linesOf = (given: Template) => commandsOf(given).split(/\n(?![^«]*»)/);
    const lines = linesOf(synthesize(props).template);
    const usual = linesOf(synthesize().template);
    expect(lines.filter((line) => !usual.includes(line))).toEqual([expect.stringMatching(/^printf %s '«[^»]*»' \| base64 -d > "\$DELIVERY_HOME\/(install-commands|test-command)\.sh"$/)]);
    expect(usual.filter((line) => !lines.includes(line))).toEqual([]);
  });

  test('a build that waits for the scan of its image may read it in this repository', () => {
    const { template } = synthesize({ gates: { imageScan: true } });
    const [statement] = statementsOf(template, 'PipelineBuildRole').filter(({ Action }) => Action.includes('ecr:DescribeImageScanFindings'));
    expect(textOf(statement.Resource)).toMatch(/:repository\/images$/);
  });

  test('no variable of the build may have the name of one that the build sets itself', () => {
    const taken = [
      'PROJECT_DIRECTORY', 'PYTHON_VERSION', 'IMAGE_REPOSITORY', 'IMAGE', 'IMAGE_DIGEST', 'RELEASE_SHA256', 'ARTIFACT_BUCKET', 'PIPELINE_EXECUTION_ID', 'DELIVERY_HOME', 'PYENV_VERSION',
      'UV_VERSION', 'UV_CACHE_DIR', 'PIP_CACHE_DIR', 'POETRY_CACHE_DIR', 'UV_PYTHON_DOWNLOADS', 'GATES', 'CACHED', 'TEST_SECONDS', 'INSTALLER', 'DOCKERFILE', 'IMAGE_CONTEXT',
      'MINIMUM_COVERAGE', 'ALLOW_NO_TESTS', 'BANDIT_SEVERITY', 'WHEN_UNAUDITED', 'IMAGE_SCAN_SEVERITY',
    ];
    const environmentVariables = Object.fromEntries([...taken, 'OWN'].map((name) => [name, { value: 'x' }]));
    expect(() => createPipeline(createStack(), { environmentVariables })).toThrow(`(${taken.join(', ')}), got ${JSON.stringify(taken)}; choose other names [Stack/Pipeline]`);
  });

  test('what a user grants to the build reaches its role', () => {
    const stack = createStack();
    const pipeline = createPipeline(stack);
    s3.Bucket.fromBucketName(stack, 'Wheels', 'wheels').grantRead(pipeline.buildProject);
    expect(JSON.stringify(statementsOf(Template.fromStack(stack), 'PipelineBuildRole'))).toContain(':s3:::wheels');
  });

  test('what a user denies, or grants beyond what the build has, is kept beside the narrow statements', () => {
    const stack = createStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1');
    const pipeline = createPipeline(stack, { encryptionKey });
    pipeline.artifactBucket.grantDelete(pipeline.buildProject);
    encryptionKey.grantEncrypt(pipeline.buildProject);
    pipeline.buildProject.addToRolePolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY, actions: ['s3:GetObject*'], resources: [pipeline.artifactBucket.arnForObjects('*')],
    }));
    pipeline.buildProject.addToRolePolicy(new iam.PolicyStatement({
      actions: ['s3:GetObject*'], resources: [pipeline.artifactBucket.arnForObjects('*'), 'arn:aws:s3:::other/*'],
    }));
    const statements = statementsOf(Template.fromStack(stack), 'PipelineBuildRole');
    expect(actionsOf(statements)).toEqual(expect.arrayContaining(['s3:DeleteObject*', 'kms:Encrypt']));
    expect(statements.filter(({ Action }) => Action === 's3:GetObject*').map(({ Effect }) => Effect).sort()).toEqual(['Allow', 'Deny']);
  });

  test('a stage that a user adds comes with the permission to run it', () => {
    const stack = createStack();
    const pipeline = createPipeline(stack);
    pipeline.codePipeline.addStage({ stageName: 'Approve', actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })] });
    const template = Template.fromStack(stack);
    expect(stagesOf(template).map(({ Name }) => Name)).toEqual(['Source', 'Build', 'Deploy', 'Approve']);
    const assume = statementsOf(template, 'PipelineRole').filter(({ Action }) => Action === 'sts:AssumeRole');
    expect(JSON.stringify(assume)).toContain('PipelineApproveCodePipelineActionRole');
  });
});

describe('the build\'s log', () => {
  test('is encrypted with the key of the artifacts, which CloudWatch Logs may use for it only', () => {
    const { template } = synthesize({ applicationName: 'orders', environmentSuffix: 'dev' });
    const [keyId, { Properties: { KeyPolicy } }] = onlyResource(template, 'AWS::KMS::Key');
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/codebuild/orders-build-dev', KmsKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] } });
    const [statement] = (KeyPolicy as {
      Statement: { Sid?: string; Condition?: { ArnLike: { [key: string]: unknown } } }[];
    }).Statement
      .filter(({ Sid }) => Sid === 'AllowBuildLogs');
    expect(textOf(statement.Condition?.ArnLike['kms:EncryptionContext:aws:logs:arn'])).toMatch(/:log-group:\/aws\/codebuild\/orders-build-dev$/);
  });

  test('does without an imported key, which the deployment of a stack that had it for the artifacts would fail by', () => {
    const stack = createStack();
    createPipeline(stack, { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
    const groups = Object.entries(resourcesOf(Template.fromStack(stack), 'AWS::Logs::LogGroup')).filter(([id]) => id.startsWith('PipelineBuild'));
    expect(groups.map(([, { Properties }]) => Object.keys(Properties))).toEqual([['RetentionInDays']]);
    Annotations.fromStack(stack).hasNoWarning('/Stack/Pipeline/Build', Match.anyValue());
  });

  test('shares a key with that of another pipeline, and no id of a statement in its policy', () => {
    const stack = createStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
    for (const environmentSuffix of ['dev', 'test']) {
      const names = { applicationName: 'orders', environmentSuffix };
      const service = createService(new Construct(stack, environmentSuffix), {
        ...names,
        release: {
          rollbackAlarms: { enabled: false },
        },
      });
      new PythonCiPipeline(stack, `Pipeline-${environmentSuffix}`, { ...names, service, repository, encryptionKey });
    }
    const { Statement } = onlyResource(Template.fromStack(stack), 'AWS::KMS::Key')[1].Properties.KeyPolicy as { Statement: { Sid?: string }[] };
    const groups = Statement.filter((statement) => JSON.stringify(statement).includes(':log-group:'));
    expect(groups.map(({ Sid }) => Sid)).toEqual(['AllowBuildLogs', undefined]);
  });
});

describe('access logs of the artifacts', () => {
  const names = { applicationName: 'orders', environmentSuffix: 'dev', removalPolicy: RemovalPolicy.RETAIN };
  const stack = createStack();
  createPipeline(stack, { ...names, artifactAccessLogsBucket: new s3.Bucket(stack, 'Logs') });
  const template = Template.fromStack(stack);
  const [logBucket, artifacts] = [idOf(template, 'AWS::S3::Bucket', /^Logs/), idOf(template, 'AWS::S3::Bucket', /^Pipeline/)];

  test('go to the bucket that is given', () => {
    expect(resourcesOf(template, 'AWS::S3::Bucket')[artifacts].Properties.LoggingConfiguration)
      .toEqual({ DestinationBucketName: { Ref: logBucket }, LogFilePrefix: 'orders-dev/artifacts/' });
  });

  test('are written by S3 for this bucket and this account only, below its own prefix', () => {
    const policy = resourcesOf(template, 'AWS::S3::BucketPolicy')[idOf(template, 'AWS::S3::BucketPolicy', /^Logs/)].Properties.PolicyDocument;
    const { Statement: [statement, ...others] } = policy as { Statement: { [name: string]: unknown }[] };
    expect(others).toEqual([]);
    expect({ ...statement, Resource: textOf(statement.Resource) }).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `\${${logBucket}.Arn}/orders-dev/artifacts/*`,
      Condition: {
        ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': [artifacts, 'Arn'] } },
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      },
    });
  });

  test('go to a bucket of another stack, whose policy names the account and the prefix, as the bucket would need both stacks first', () => {
    const app = new App();
    const shared = new s3.Bucket(new Stack(app, 'Shared'), 'Logs');
    createPipeline(new Stack(app, 'Stack'), { ...names, artifactAccessLogsBucket: shared });
    const [, { Properties }] = onlyResource(Template.fromStack(Stack.of(shared)), 'AWS::S3::BucketPolicy');
    const [{ Resource: resource, ...statement }] = (Properties.PolicyDocument as {
      Statement: { [name: string]: unknown }[];
    }).Statement;
    expect(textOf(resource)).toMatch(/\/orders-dev\/artifacts\/\*$/);
    expect(statement).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });

  test('in an imported bucket warn of its policy', () => {
    const other = createStack();
    createPipeline(other, { ...names, artifactAccessLogsBucket: s3.Bucket.fromBucketName(other, 'Logs', 'shared-logs') });
    Annotations.fromStack(other).hasWarning('/Stack/Pipeline/Artifacts',
      Match.stringLikeRegexp('policy of the imported bucket Stack/Logs.*orders-dev/artifacts/ for the service principal logging.s3.amazonaws.com'));
  });

  test('in a bucket with a key are refused, as S3 could not write them', () => {
    const other = createStack();
    const artifactAccessLogsBucket = new s3.Bucket(other, 'Logs', { encryptionKey: new kms.Key(other, 'Key') });
    expect(() => createPipeline(other, { artifactAccessLogsBucket })).toThrow("'artifactAccessLogsBucket' must be a bucket with S3-managed encryption, "
      + 'got Stack/Logs with a KMS key; S3 cannot write with a KMS key: use a bucket with s3.BucketEncryption.S3_MANAGED');
  });
});
