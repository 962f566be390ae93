import { App, CfnResource, Duration, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { BlueGreenService, BlueGreenServiceProps, BootstrapImage, ContainerPlatform, Network, NetworkEgress } from '../../src';
import { actionsOf, createService, createStack, dependsOn, idOf, importedVpc, isolatedVpc, onlyResource, resourcesOf, rollbackAlarmsOf, Statement, statementsOf, textOf } from '../helpers';

const ALB = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const SERVICE = 'AWS::ECS::Service';
const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/1';

function synthesize(props?: Partial<BlueGreenServiceProps>) {
  const stack = createStack();
  const service = createService(stack, props);
  return { stack, service, template: Template.fromStack(stack) };
}

function containerOf(template: Template): { [name: string]: unknown } {
  const [, { Properties }] = onlyResource(template, TASK_DEFINITION);
  return (Properties.ContainerDefinitions as { [name: string]: unknown }[])[0];
}

describe('a service with the defaults', () => {
  const { template, service, stack } = synthesize();
  const blue = idOf(template, TARGET_GROUP, /Blue/);
  const green = idOf(template, TARGET_GROUP, /Green/);
  const [listener] = onlyResource(template, LISTENER);

  describe('its load balancer', () => {
    test('is public, drops invalid headers and can be deleted', () => {
      template.hasResourceProperties(ALB, {
        Scheme: 'internet-facing',
        Subnets: [{ Ref: Match.stringLikeRegexp('PublicSubnet1') }, { Ref: Match.stringLikeRegexp('PublicSubnet2') }],
        LoadBalancerAttributes: [
          { Key: 'deletion_protection.enabled', Value: 'false' },
          { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
          { Key: 'idle_timeout.timeout_seconds', Value: '60' },
          { Key: 'routing.http.preserve_host_header.enabled', Value: 'false' },
          { Key: 'access_logs.s3.enabled', Value: 'false' },
        ],
      });
    });

    test('keeps both groups until its listener is gone, because it refers to both', () => {
      const { Properties } = onlyResource(template, LISTENER)[1];
      [blue, green].forEach((group) => expect(JSON.stringify(Properties)).toContain(`{"Ref":"${group}"}`));
    });

    test('listens on port 80 and forwards to blue at first, with weight 100, and keeps green behind it', () => {
      expect(onlyResource(template, LISTENER)[1].Properties).toEqual({
        LoadBalancerArn: { Ref: idOf(template, ALB, /LoadBalancer/) },
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: { Ref: blue }, Weight: 100 }, {
              TargetGroupArn: {
                Ref: green,
              },
              Weight: 0,
            }],
          },
        }],
      });
    });

    test('has two target groups that are alike', () => {
      const groups = resourcesOf(template, TARGET_GROUP);
      expect(groups[blue].Properties).toEqual(groups[green].Properties);
      expect(groups[blue].Properties).toMatchObject({
        TargetType: 'ip',
        Protocol: 'HTTP',
        ProtocolVersion: 'HTTP1',
        Port: 80,
        HealthCheckPath: '/',
        HealthCheckIntervalSeconds: 15,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
      });
      expect(groups[blue].Properties.TargetGroupAttributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '30' });
    });
  });

  describe('its security groups', () => {
    const groups = resourcesOf(template, 'AWS::EC2::SecurityGroup');
    const balancer = idOf(template, 'AWS::EC2::SecurityGroup', /LoadBalancer/);
    const tasks = idOf(template, 'AWS::EC2::SecurityGroup', /ServiceSecurityGroup/);

    test('let the world reach the listener port only', () => {
      expect(groups[balancer].Properties.SecurityGroupIngress).toEqual([
        { CidrIp: '0.0.0.0/0', Description: 'Listener on port 80', FromPort: 80, ToPort: 80, IpProtocol: 'tcp' },
      ]);
    });

    test('let the load balancer reach the container port of the tasks, and nobody else', () => {
      expect(groups[tasks].Properties.SecurityGroupIngress).toBeUndefined();
      expect(onlyResource(template, 'AWS::EC2::SecurityGroupIngress')[1].Properties).toMatchObject({
        GroupId: { 'Fn::GetAtt': [tasks, 'GroupId'] },
        SourceSecurityGroupId: { 'Fn::GetAtt': [balancer, 'GroupId'] },
        FromPort: 8080,
        ToPort: 8080,
        IpProtocol: 'tcp',
      });
    });

    test('let the load balancer out to the container port of the tasks only', () => {
      expect(onlyResource(template, 'AWS::EC2::SecurityGroupEgress')[1].Properties).toMatchObject({
        GroupId: { 'Fn::GetAtt': [balancer, 'GroupId'] },
        DestinationSecurityGroupId: { 'Fn::GetAtt': [tasks, 'GroupId'] },
        FromPort: 8080,
        ToPort: 8080,
      });
      // no inline rule: without any, EC2 would admit everything, but a rule of its own takes the default one's place
      expect(groups[balancer].Properties.SecurityGroupEgress).toBeUndefined();
    });

    test('have descriptions that EC2 accepts', () => {
      for (const { Properties } of Object.values(groups)) {
        expect(Properties.GroupDescription).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]+$/);
      }
    });
  });

  describe('its task definition', () => {
    test('has 512 CPU units, 1024 MiB, and two roles', () => {
      template.hasResourceProperties(TASK_DEFINITION, {
        Cpu: '512',
        Memory: '1024',
        NetworkMode: 'awsvpc',
        RequiresCompatibilities: ['FARGATE'],
        RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' },
        TaskRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('ServiceTaskRole'), 'Arn'] },
        ExecutionRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('ServiceExecutionRole'), 'Arn'] },
      });
    });

    test('runs a placeholder on the container port that answers every path', () => {
      const container = containerOf(template);
      expect(container).toMatchObject({ Name: 'app', Image: 'public.ecr.aws/docker/library/python:3.13-alpine', Essential: true });
      expect(container.PortMappings).toEqual([{ ContainerPort: 8080, Protocol: 'tcp' }]);
      expect((container.Command as string[]).slice(0, 2)).toEqual(['python', '-c']);
      const [, , server] = container.Command as string[];
      expect(server).toMatch(/^from http\.server import BaseHTTPRequestHandler, ThreadingHTTPServer\n/);
      expect(server).toContain('ThreadingHTTPServer(("", 8080), Placeholder)');
    });

    test.each([['200', '200'], ['204', '204'], ['301,302', '301'], ['200-299', '200'], [Token.asString({ Ref: 'Codes' }), '200']])(
      'answers with the first code that the load balancer takes for well: %s', (healthyHttpCodes, status) => {
        const [, , server] = containerOf(synthesize({ healthCheck: { healthyHttpCodes } }).template)
          .Command as string[];
        expect(server).toContain(`self.send_response(${status})`);
        expect(server).toContain(`TEXT = b"${status === '204' ? '' : 'waiting for the first release\\n'}"`);
      });

    test('stops when it is told to', () => {
      expect(containerOf(template).LinuxParameters).toMatchObject({ InitProcessEnabled: true });
    });

    test('writes its log to a group of 30 days', () => {
      const [logGroup, { Properties }] = onlyResource(template, 'AWS::Logs::LogGroup');
      expect(Properties.RetentionInDays).toBe(30);
      expect(containerOf(template).LogConfiguration).toEqual({
        LogDriver: 'awslogs',
        Options: { 'awslogs-group': { Ref: logGroup }, 'awslogs-region': { Ref: 'AWS::Region' }, 'awslogs-stream-prefix': 'app' },
      });
      expect(service.logGroup).toBeDefined();
    });

    test('keeps the former revision active when it is replaced, and goes with the stack', () => {
      template.hasResource(TASK_DEFINITION, { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Delete' });
    });
  });

  describe('its roles', () => {
    test('the execution role pulls from the real repository and writes the log, no more', () => {
      const [repository] = onlyResource(template, 'AWS::ECR::Repository');
      const [logGroup] = onlyResource(template, 'AWS::Logs::LogGroup');
      const statements = statementsOf(template, 'ServiceExecutionRole');
      expect(actionsOf(statements)).toEqual([
        'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer',
        'logs:CreateLogStream', 'logs:PutLogEvents',
      ]);
      expect(statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)).toEqual(['ecr:GetAuthorizationToken']);
      expect(statements).toContainEqual(expect.objectContaining({ Resource: { 'Fn::GetAtt': [repository, 'Arn'] } }));
      expect(statements).toContainEqual(expect.objectContaining({ Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] } }));
    });

    test('the task role may do nothing', () => {
      expect(statementsOf(template, 'ServiceTaskRole')).toEqual([]);
      template.resourceCountIs('AWS::IAM::Policy', 0);
    });

    test('CodeDeploy may move the traffic of this listener and the task sets of this service', () => {
      const statements = statementsOf(template, 'ServiceCodeDeployServiceRole');
      const of = (action: string): Statement | undefined => statements.find(({ Action }) => [Action].flat()
        .includes(action));
      const [ecsService] = onlyResource(template, SERVICE);
      const cluster = idOf(template, 'AWS::ECS::Cluster', /./);
      expect((of('ecs:CreateTaskSet')?.Resource as unknown[]).map(textOf)).toEqual([
        `\${${ecsService}}`,
        `arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:task-set/\${${cluster}}/\${${ecsService}.Name}/*`,
      ]);
      expect(of('elasticloadbalancing:ModifyListener')?.Resource).toEqual({ Ref: listener });
      expect(JSON.stringify(of('elasticloadbalancing:ModifyRule')?.Resource)).toContain(':listener-rule/');
      expect(of('iam:PassRole')).toMatchObject({
        Resource: [
          { 'Fn::GetAtt': [idOf(template, 'AWS::IAM::Role', /TaskRole/), 'Arn'] },
          { 'Fn::GetAtt': [idOf(template, 'AWS::IAM::Role', /ExecutionRole/), 'Arn'] },
        ],
        Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } },
      });
      expect(statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)).toEqual([
        'elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules',
        'cloudwatch:DescribeAlarms',
      ]);
      expect(actionsOf(statements).filter((action) => action.includes('*'))).toEqual([]);
    });

    test('none has a policy of AWS\'s', () => {
      const arns = Object.values(resourcesOf(template, 'AWS::IAM::Role')).flatMap(({ Properties }) => Properties.ManagedPolicyArns as unknown[] ?? []);
      expect(arns.filter((arn) => JSON.stringify(arn).includes('iam::aws:policy'))).toEqual([]);
    });
  });

  describe('its ECS service', () => {
    test('has exactly these properties, which CloudFormation would send again with any change', () => {
      const [, { Properties }] = onlyResource(template, SERVICE);
      expect(Object.keys(Properties).sort()).toEqual([
        'Cluster', 'DeploymentConfiguration', 'DeploymentController', 'EnableECSManagedTags', 'HealthCheckGracePeriodSeconds', 'LaunchType', 'LoadBalancers',
        'NetworkConfiguration', 'PlatformVersion', 'TaskDefinition',
      ]);
      expect(Properties).toMatchObject({
        DeploymentController: { Type: 'CODE_DEPLOY' },
        DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
        HealthCheckGracePeriodSeconds: 300,
        LaunchType: 'FARGATE',
        PlatformVersion: '1.4.0',
        LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080, TargetGroupArn: { Ref: blue } }],
      });
    });

    test('names the task definition by its family only, so a new revision does not touch it', () => {
      const [, { Properties }] = onlyResource(template, SERVICE);
      expect(Properties.TaskDefinition).toBe(onlyResource(template, TASK_DEFINITION)[1].Properties.Family);
    });

    test('runs in the private subnets without a public address', () => {
      template.hasResourceProperties(SERVICE, {
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            AssignPublicIp: 'DISABLED',
            Subnets: [{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }, { Ref: Match.stringLikeRegexp('PrivateSubnet2') }],
            SecurityGroups: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('ServiceSecurityGroup'), 'GroupId'] }],
          },
        },
      });
    });

    test('waits for its way out, its listener and its permissions', () => {
      const dependencies = dependsOn(template, SERVICE);
      const routes = Object.entries(resourcesOf(template, 'AWS::EC2::Route')).filter(([, { Properties }]) => Properties.NatGatewayId).map(([id]) => id);
      expect(routes).toHaveLength(2);
      expect(dependencies).toEqual(expect.arrayContaining([
        ...routes, listener,
        idOf(template, 'AWS::IAM::ManagedPolicy', /ExecutionRolePolicy/),
      ]));
    });
  });

  describe('its releases', () => {
    test('shift 10 percent, wait 5 minutes, and keep the former tasks for 5 more', () => {
      expect(onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup')[1].Properties).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes',
        DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
        BlueGreenDeploymentConfiguration: {
          DeploymentReadyOption: { ActionOnTimeout: 'CONTINUE_DEPLOYMENT', WaitTimeInMinutes: 0 },
          TerminateBlueInstancesOnDeploymentSuccess: { Action: 'TERMINATE', TerminationWaitTimeInMinutes: 5 },
        },
        LoadBalancerInfo: {
          TargetGroupPairInfoList: [{
            ProdTrafficRoute: { ListenerArns: [{ Ref: listener }] },
            TargetGroups: [{ Name: { 'Fn::GetAtt': [blue, 'TargetGroupName'] } }, { Name: { 'Fn::GetAtt': [green, 'TargetGroupName'] } }],
          }],
        },
        ECSServices: [{ ServiceName: { 'Fn::GetAtt': [onlyResource(template, SERVICE)[0], 'Name'] } }],
      });
      template.hasResourceProperties('AWS::CodeDeploy::Application', { ComputePlatform: 'ECS' });
      expect(service.deploymentApplication).toBeDefined();
    });

    test('roll back when they fail, are stopped, or an alarm goes off', () => {
      const { AutoRollbackConfiguration, AlarmConfiguration } = onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup')[1].Properties;
      expect(AutoRollbackConfiguration).toEqual({
        Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      });
      expect(AlarmConfiguration)
        .toEqual({ Enabled: true, Alarms: rollbackAlarmsOf(template).map((Ref) => ({ Name: { Ref } })) });
      expect(rollbackAlarmsOf(template).map((id) => id.slice('ServiceRollbackAlarms'.length, -8))).toEqual(['Ceiling', 'Judge', 'BlueUnhealthyHosts', 'GreenUnhealthyHosts']);
    });

    test.each([
      ['UnHealthyHostCount', 'Maximum', 1, 2],
    ])('are watched by %s of both groups, where missing data is fine', (MetricName, Statistic, Threshold, EvaluationPeriods) => {
      const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter(({ Properties }) => Properties.MetricName === MetricName);
      expect(alarms.map(({ Properties }) => (Properties.Dimensions as { Value: { 'Fn::GetAtt': string[] } }[])[1].Value['Fn::GetAtt'][0])).toEqual([blue, green]);
      for (const { Properties } of alarms) {
        expect(Properties).toMatchObject({
          Namespace: 'AWS/ApplicationELB',
          Statistic,
          Threshold,
          EvaluationPeriods,
          Period: 60,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
        });
        expect(Properties.AlarmName).toBeUndefined();
      }
    });
  });

  test('answers at the DNS name of its load balancer', () => {
    expect(JSON.stringify(stack.resolve(service.url))).toContain('http://');
    expect(service.ecsService).toBe(service.fargateService);
    expect(service.cpuArchitecture).toBe(ecs.CpuArchitecture.X86_64);
  });

  test('adds no function and no scaling, and warns of nothing', () => {
    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('a service with a certificate', () => {
  const stack = createStack();
  const { url } = createService(stack, { loadBalancer: { certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE) } });
  const template = Template.fromStack(stack);
  const listener = idOf(template, LISTENER, /LoadBalancerListener/);
  const redirect = idOf(template, LISTENER, /RedirectListener/);

  test('has the URL of its load balancer, as documented', () => {
    expect(JSON.stringify(stack.resolve(url))).toContain('https://');
  });

  test('listens on port 443 with a pinned TLS 1.3 policy', () => {
    expect(resourcesOf(template, LISTENER)[listener].Properties).toMatchObject({
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: CERTIFICATE }],
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      DefaultActions: [{ Type: 'forward' }],
    });
  });

  test('redirects port 80 on a listener of its own, which waits until the other has left that port', () => {
    expect(resourcesOf(template, LISTENER)[redirect]).toMatchObject({
      Properties: { Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }] },
      DependsOn: [listener],
    });
  });

  test('admits the world on both ports', () => {
    const groups = resourcesOf(template, 'AWS::EC2::SecurityGroup');
    const { Properties } = groups[idOf(template, 'AWS::EC2::SecurityGroup', /LoadBalancer/)];
    expect((Properties.SecurityGroupIngress as { FromPort: number }[]).map(({ FromPort }) => FromPort))
      .toEqual([443, 80]);
  });

  test('keeps the logical id of its listener, so that a stack moves it and makes no second one', () => {
    expect(listener).toBe(onlyResource(synthesize().template, LISTENER)[0]);
  });
});

describe('the load balancer', () => {
  test('can be internal, in the subnets of the tasks, open to the VPC', () => {
    const { template } = synthesize({ loadBalancer: { internetFacing: false } });
    template.hasResourceProperties(ALB, { Scheme: 'internal', Subnets: Match.arrayWith([{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }]) });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ FromPort: 80, CidrIp: { 'Fn::GetAtt': [Match.stringLikeRegexp('Vpc'), 'CidrBlock'] } })],
    });
  });

  test('takes security groups of the user\'s, with rules of their owner', () => {
    const stack = createStack();
    const groups = ['sg-1', 'sg-2'].map((id) => ec2.SecurityGroup.fromSecurityGroupId(stack, id, id, { mutable: false }));
    createService(stack, { loadBalancer: { securityGroups: groups } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties(ALB, { SecurityGroups: ['sg-1', 'sg-2'] });
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: 'sg-1', FromPort: 8080 });
  });

  test('follows the health check and the delay that are asked for, and keeps the other defaults', () => {
    const { template } = synthesize({
      healthCheck: { path: '/health', healthyHttpCodes: '200-204', interval: undefined },
      loadBalancer: { deregistrationDelay: Duration.seconds(5) },
    });
    template.resourcePropertiesCountIs(TARGET_GROUP, {
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 15,
      Matcher: { HttpCode: '200-204' },
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }]),
    }, 2);
  });

  test('is protected from deletion with RETAIN, which keeps the log as well', () => {
    const { template } = synthesize({ removalPolicy: RemovalPolicy.RETAIN });
    template.hasResourceProperties(ALB, { LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'true' }]) });
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  });
});

describe('the container', () => {
  test('follows what is asked for, while the placeholder keeps its own command and gets no secret', () => {
    const stack = createStack();
    const secret = ecs.Secret.fromSecretsManager(
      // a secret that may not exist yet would stop the placeholder
      new secretsmanager.Secret(stack, 'Secret'));
    createService(stack, {
      containerName: 'web',
      containerPort: 9000,
      cpu: 1024,
      memoryLimitMiB: 3072,
      cpuArchitecture: ecs.CpuArchitecture.ARM64,
      command: ['gunicorn'],
      environment: { STAGE: 'dev' },
      secrets: { TOKEN: secret },
      logRetention: logs.RetentionDays.ONE_YEAR,
    });
    const template = Template.fromStack(stack);
    const container = containerOf(template);
    expect(container).toMatchObject({ Name: 'web', Environment: [{ Name: 'STAGE', Value: 'dev' }], PortMappings: [{ ContainerPort: 9000 }] });
    expect(container.Secrets).toBeUndefined();
    expect(container.Command).toEqual(['python', '-c', expect.stringContaining('9000')]);
    template.hasResourceProperties(TASK_DEFINITION, { Cpu: '1024', Memory: '3072', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    template.hasResourceProperties(SERVICE, { LoadBalancers: [{ ContainerName: 'web', ContainerPort: 9000 }] });
    const [secretId] = onlyResource(template, 'AWS::SecretsManager::Secret');
    expect(statementsOf(template, 'ServiceExecutionRole')).toContainEqual(expect.objectContaining({
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Resource: { Ref: secretId },
    }));
  });

  test('starts with an image of the user\'s own when one is given, which the execution role may pull', () => {
    const stack = createStack();
    const repository = ecr.Repository.fromRepositoryName(stack, 'Placeholder', 'placeholder');
    createService(stack, { bootstrapImage: BootstrapImage.fromImage(ecs.ContainerImage.fromEcrRepository(repository, 'sha256:1')) });
    const template = Template.fromStack(stack);
    expect(containerOf(template).Command).toBeUndefined();
    expect(JSON.stringify(containerOf(template).Image)).toContain('/placeholder@sha256:1');
    expect(JSON.stringify(statementsOf(template, 'ServiceExecutionRole'))).toContain(':repository/placeholder');
  });

  test('with a placeholder of the user\'s own it may run without a way to the internet', () => {
    const stack = createStack();
    const network = new Network(stack, 'Network', { vpc: isolatedVpc(stack) });
    const platform = new ContainerPlatform(stack, 'Platform', { network });
    const create = (
      id: string, bootstrapImage?: BootstrapImage,
    ) => new BlueGreenService(stack, id, { platform, bootstrapImage });
    expect(() => create('Public')).toThrow(/'bootstrapImage' must be an image that the tasks can pull/);
    expect(() => create('Own', BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('registry.acme.example/own')))).not.toThrow();
  });

  test('may have the public placeholder in a network that is looked at only', () => {
    const stack = createStack();
    const network = new Network(stack, 'Network', { egress: NetworkEgress.none() });
    const platform = new ContainerPlatform(stack, 'Platform', { network });
    expect(() => new BlueGreenService(stack, 'Service', { platform })).not.toThrow();
  });
});

describe('rollback alarms', () => {
  test('follow the thresholds that are asked for, latency among them', () => {
    const rollbackAlarms = {
      serverErrorThreshold: 3,
      unhealthyHostThreshold: 2,
      latencyThreshold: Duration.millis(800),
    };
    const { template } = synthesize({ release: { rollbackAlarms } });
    expect(rollbackAlarmsOf(template)).toHaveLength(6);
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { Threshold: 3, EvaluationPeriods: 1, DatapointsToAlarm: Match.absent() }, 1);
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'UnHealthyHostCount', Threshold: 2 }, 2);
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', {
      MetricName: 'TargetResponseTime', ExtendedStatistic: 'p95', Threshold: 0.8, EvaluationPeriods: 2,
    }, 2);
  });

  test('can be left out, and then only failure and stop roll back', () => {
    const { template } = synthesize({ release: { rollbackAlarms: { enabled: false } } });
    expect(rollbackAlarmsOf(template)).toEqual([]);
    const { AutoRollbackConfiguration, AlarmConfiguration } = onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup')[1].Properties;
    expect(AutoRollbackConfiguration).toEqual({ Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] });
    // left out, it would leave the alarms of a former template in force
    expect(AlarmConfiguration).toEqual({ Enabled: false });
  });

  test('of the user\'s own join them, up to ten', () => {
    const stack = createStack();
    const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
    const alarm = (name: string) => cloudwatch.Alarm.fromAlarmArn(stack, name, `arn:aws:cloudwatch:eu-west-1:111111111111:alarm:${name}`);
    for (let count = 1; count <= 10; count++) {
      const added = alarm(`alarm-${count}`);
      service.addRollbackAlarm(added);
      service.addRollbackAlarm(added);
    }
    expect(() => service.addRollbackAlarm(alarm('alarm-11')))
      .toThrow('a service accepts at most 10 rollback alarms, got one more; this is the limit of CodeDeploy: combine several alarms with metric math [Stack/Service]');
    Template.fromStack(stack).hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      AlarmConfiguration: { Enabled: true, Alarms: Match.arrayWith([{ Name: 'alarm-10' }]) },
      AutoRollbackConfiguration: { Events: Match.arrayWith(['DEPLOYMENT_STOP_ON_ALARM']) },
    });
  });
});

describe('scaling', () => {
  const policies = (template: Template) => Object.values(resourcesOf(template, 'AWS::ApplicationAutoScaling::ScalingPolicy'))
    .map(({ Properties }) => Properties.TargetTrackingScalingPolicyConfiguration);

  test('keeps 60 percent of CPU by default, between the bounds, and leaves the count to itself', () => {
    const { template } = synthesize({ scaling: { maxCapacity: 4 } });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 4 });
    expect(policies(template)).toEqual([{
      TargetValue: 60,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    }]);
    expect(onlyResource(template, SERVICE)[1].Properties.DesiredCount).toBeUndefined();
  });

  test('looks at memory alone when only that is asked for', () => {
    const { template } = synthesize({
      scaling: {
        minCapacity: 2,
        maxCapacity: 4,
        targetMemoryUtilizationPercent: 70,
        scaleInCooldown: Duration.minutes(9),
        scaleOutCooldown: Duration.seconds(30),
      },
    });
    expect(policies(template)).toEqual([{
      TargetValue: 70,
      ScaleOutCooldown: 30,
      ScaleInCooldown: 540,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' },
    }]);
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2 });
  });

  test('looks at both when both are asked for', () => {
    const { template } = synthesize({
      scaling: { maxCapacity: 4, targetCpuUtilizationPercent: 50, targetMemoryUtilizationPercent: 70 },
    });
    expect(policies(template)).toHaveLength(2);
  });
});

describe('what a user adds', () => {
  test('a grant to the service reaches the task role', () => {
    const stack = createStack();
    const service = createService(stack);
    new s3.Bucket(stack, 'Data').grantRead(service);
    const [, { Properties }] = onlyResource(Template.fromStack(stack), 'AWS::IAM::Policy');
    expect(Properties.Roles).toEqual([{ Ref: expect.stringContaining('ServiceTaskRole') }]);
  });

  test('a connection from the service opens the other group for the tasks', () => {
    const stack = createStack();
    const service = createService(stack);
    const database = new ec2.SecurityGroup(stack, 'Database', { vpc: importedVpc(stack) });
    service.connections.allowTo(database, ec2.Port.tcp(5432));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 5432, SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('ServiceSecurityGroup'), 'GroupId'] },
    });
  });

  test('a tag on the whole app reaches neither the ECS service nor a listener', () => {
    const stack = createStack();
    createService(stack, { loadBalancer: { certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE) } });
    const before = Template.fromStack(stack).toJSON().Resources;

    const tagged = createStack();
    createService(tagged, { loadBalancer: { certificate: acm.Certificate.fromCertificateArn(tagged, 'Certificate', CERTIFICATE) } });
    Tags.of(tagged.node.root).add('cost-center', '42');
    const after = Template.fromStack(tagged).toJSON().Resources;

    const changed = Object.keys(before).filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]));
    const types = new Set(changed.map((id) => before[id].Type));
    expect(types).toContain('AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(types).not.toContain(SERVICE);
    expect(types).not.toContain(LISTENER);
  });

  test('a pipeline in another stack is refused, since the files of a release name what that stack cannot', () => {
    const app = new App();
    const service = createService(new Stack(app, 'Stack'));
    const other = new Stack(app, 'Other');
    expect(() => service.bindDeployStage(other, {
      applicationName: 'orders',
      artifact: new codepipeline.Artifact('Build'),
      imageUriPlaceholder: 'IMAGE1_NAME',
      artifactBucket: s3.Bucket.fromBucketName(other, 'Bucket', 'artifacts'),
      pipelineRole: service.taskDefinition.taskRole,
    })).toThrow(/^the pipeline must be in the same stack as its service, got Other;.*\[Stack\/Service\]$/);
  });

  test('a second pipeline is refused', () => {
    const stack = createStack();
    const service = createService(stack);
    const bind = (id: string) => service.bindDeployStage(new Construct(stack, id), {
      applicationName: 'orders',
      artifact: new codepipeline.Artifact('Build'),
      imageUriPlaceholder: 'IMAGE1_NAME',
      artifactBucket: s3.Bucket.fromBucketName(stack, `${id}Bucket`, 'artifacts'),
      pipelineRole: service.taskDefinition.taskRole,
    });
    bind('First');
    expect(() => bind('Second')).toThrow(/only one pipeline can deploy a service, got Stack\/Second in addition to Stack\/First;.*\[Stack\/Service\]/);
  });

  test('an override of the service resource still works', () => {
    const stack = createStack();
    const service = createService(stack);
    (service.fargateService.node.findChild('Service') as CfnResource).addPropertyOverride('PlatformVersion', 'LATEST');
    Template.fromStack(stack).hasResourceProperties(SERVICE, { PlatformVersion: 'LATEST' });
  });
});

test('the parts of a service are its fields', () => {
  const { service, stack, template } = synthesize({});
  const ref = (type: string, id: RegExp) => ({ Ref: idOf(template, type, id) });
  expect(stack.resolve({
    listener: service.listener.listenerArn,
    blue: service.blueTargetGroup.targetGroupArn,
    green: service.greenTargetGroup.targetGroupArn,
    application: service.deploymentApplication?.applicationName,
    deploymentGroup: service.deploymentGroup?.deploymentGroupName,
    logGroup: service.logGroup.logGroupName,
  })).toEqual({
    listener: ref('AWS::ElasticLoadBalancingV2::Listener', /./),
    blue: ref('AWS::ElasticLoadBalancingV2::TargetGroup', /Blue/),
    green: ref('AWS::ElasticLoadBalancingV2::TargetGroup', /Green/),
    application: ref('AWS::CodeDeploy::Application', /./),
    deploymentGroup: ref('AWS::CodeDeploy::DeploymentGroup', /./),
    logGroup: ref('AWS::Logs::LogGroup', /^ServiceLogGroup/),
  });
});
