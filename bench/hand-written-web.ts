import { CfnDeletionPolicy, CfnResource, Duration, Fn } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { allow } from './hand-written-base';
import { MarksStack } from './hand-written-marks';

const PORT = 8080;
const PLACEHOLDER_IMAGE = 'public.ecr.aws/docker/library/python:3.13-alpine';
const PLACEHOLDER_SERVER = `from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
TEXT = b"waiting for the first release\\n"
class Placeholder(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(TEXT)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(TEXT)
    do_HEAD = do_GET
    def log_message(self, *args):
        pass
ThreadingHTTPServer(("", ${PORT}), Placeholder).serve_forever()`;

export const APP_SPEC = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "<TASK_DEFINITION>"
        LoadBalancerInfo:
          ContainerName: "app"
          ContainerPort: ${PORT}
`;

export interface Roles {
  readonly execution: iam.IRole;
  readonly task: iam.Role;
}

export interface LoadBalancing {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly listener: elbv2.ApplicationListener;
  readonly blue: elbv2.ApplicationTargetGroup;
  readonly green: elbv2.ApplicationTargetGroup;
}

/** The application's half of the hand-written stack: network, images, service and its deployment group. */
export abstract class WebStack extends MarksStack {
  protected createVpc(): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      vpcName: this.named('vpc'),
      maxAzs: 2,
      natGateways: 1,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    const logGroupName = `/aws/vpc/${this.named('flow-logs')}`;
    const key = this.createKey('FlowLogKey', 'flow-logs');
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${this.region}.${this.urlSuffix}`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:${logGroupName}` },
      },
    }));
    const logGroup = this.createLogGroup('FlowLogs', logGroupName, logs.RetentionDays.ONE_MONTH, key);
    const role = this.createRole('FlowLogRole', 'flow-logs', new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com'), [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], [logGroup.logGroupArn]),
    ]);
    new ec2.FlowLog(this, 'FlowLog', {
      flowLogName: this.named('flow-log'),
      resourceType: ec2.FlowLogResourceType.fromVpc(vpc),
      destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup, role),
    });
    return vpc;
  }

  protected createImageRepository(): ecr.Repository {
    return new ecr.Repository(this, 'Images', {
      repositoryName: this.named('app'),
      imageScanOnPush: true,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      encryption: ecr.RepositoryEncryption.KMS,
      lifecycleRules: [{ description: 'keep the newest images', maxImageCount: 10 }],
      removalPolicy: this.removalPolicy,
      emptyOnDelete: this.destroys,
    });
  }

  protected createTaskRoles(images: ecr.Repository, webLogs: logs.LogGroup): Roles {
    const assumedBy = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
    return {
      execution: this.createRole('ExecutionRole', 'execution', assumedBy, [
        allow(['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'], [images.repositoryArn]),
        allow(['ecr:GetAuthorizationToken'], ['*']),
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [webLogs.logGroupArn]),
      ]),
      task: new iam.Role(this, 'TaskRole', { roleName: this.iamNamed('task'), assumedBy }),
    };
  }

  protected createTaskDefinition(roles: Roles, webLogs: logs.LogGroup): ecs.FargateTaskDefinition {
    const taskDefinition = new ecs.FargateTaskDefinition(this, 'TaskDefinition', {
      family: this.named('web'),
      cpu: 512,
      memoryLimitMiB: 1024,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.X86_64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      taskRole: roles.task,
      executionRole: roles.execution,
    });
    // CodeDeploy rolls back to a revision that was replaced
    const { cfnOptions } = taskDefinition.node.defaultChild as CfnResource;
    cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    taskDefinition.addContainer('App', {
      containerName: 'app',
      image: ecs.ContainerImage.fromRegistry(PLACEHOLDER_IMAGE),
      command: ['python', '-c', PLACEHOLDER_SERVER],
      portMappings: [{ containerPort: PORT, protocol: ecs.Protocol.TCP }],
      logging: ecs.LogDrivers.awsLogs({ logGroup: webLogs, streamPrefix: 'app' }),
      linuxParameters: new ecs.LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true }),
    });
    return taskDefinition;
  }

  /** What the pipeline registers with every release: the same task with the image of the build. */
  protected renderTaskDefinition(roles: Roles, webLogs: logs.LogGroup): string {
    return this.toJsonString({
      family: this.named('web'),
      cpu: '512',
      memory: '1024',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      executionRoleArn: roles.execution.roleArn,
      taskRoleArn: roles.task.roleArn,
      containerDefinitions: [{
        name: 'app',
        image: '<IMAGE1_NAME>',
        essential: true,
        portMappings: [{ containerPort: PORT, protocol: 'tcp' }],
        linuxParameters: { capabilities: {}, initProcessEnabled: true },
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': webLogs.logGroupName, 'awslogs-stream-prefix': 'app', 'awslogs-region': this.region },
        },
      }],
    });
  }

  protected createLoadBalancing(vpc: ec2.Vpc): LoadBalancing {
    const securityGroup = new ec2.SecurityGroup(this, 'LoadBalancerSecurityGroup', {
      vpc,
      securityGroupName: this.named('load-balancer'),
      description: 'Load balancer: port 80 in, container port out',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80), 'Listener on port 80');
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      loadBalancerName: this.named('web'),
      vpc,
      internetFacing: true,
      securityGroup,
      dropInvalidHeaderFields: true,
      deletionProtection: !this.destroys,
    });
    const blue = this.createTargetGroup('Blue', 'blue', vpc);
    const green = this.createTargetGroup('Green', 'green', vpc);
    const listener = loadBalancer.addListener('Listener', { port: 80, open: false, defaultAction: elbv2.ListenerAction.weightedForward([{ targetGroup: blue, weight: 100 }, { targetGroup: green, weight: 0 }]) });
    // a changed tag would send the default action again, and with it all traffic to blue
    (listener.node.defaultChild as CfnResource).addPropertyDeletionOverride('Tags');
    return { loadBalancer, listener, blue, green };
  }

  protected createService(
    vpc: ec2.Vpc, cluster: ecs.Cluster, taskDefinition: ecs.FargateTaskDefinition, { blue }: LoadBalancing,
  ): ecs.FargateService {
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
    const service = new ecs.FargateService(this, 'Service', {
      serviceName: this.named('web'),
      cluster,
      taskDefinition,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
      platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: Duration.minutes(5),
      vpcSubnets,
      securityGroups: [new ec2.SecurityGroup(this, 'WebSecurityGroup', {
        vpc, securityGroupName: this.named('web'), description: 'Tasks: the container port for the load balancer only',
      })],
    });
    // ECS refuses a change of tags under CODE_DEPLOY, and the first pull needs the NAT gateway
    (service.node.tryFindChild('Service') as CfnResource).addPropertyDeletionOverride('Tags');
    service.node.addDependency(vpc.selectSubnets(vpcSubnets).internetConnectivityEstablished);
    blue.addTarget(service.loadBalancerTarget({ containerName: 'app', containerPort: PORT }));
    return service;
  }

  protected createDeploymentGroup(
    service: ecs.FargateService, roles: Roles, loadBalancing: LoadBalancing,
  ): codedeploy.EcsDeploymentGroup {
    const { loadBalancer, listener, blue, green } = loadBalancing;
    const taskSets = this.formatArn({
      service: 'ecs', resource: 'task-set', resourceName: `${service.cluster.clusterName}/${service.serviceName}/*`,
    });
    const role = this.createRole('CodeDeployRole', 'codedeploy', new iam.ServicePrincipal('codedeploy.amazonaws.com'), [
      allow(['ecs:DescribeServices', 'ecs:CreateTaskSet', 'ecs:UpdateServicePrimaryTaskSet', 'ecs:DeleteTaskSet'], [service.serviceArn, taskSets]),
      allow(['elasticloadbalancing:ModifyListener'], [listener.listenerArn]),
      allow(['elasticloadbalancing:ModifyRule'], [`${Fn.join(':listener-rule/', Fn.split(':listener/', listener.listenerArn, 2))}/*`]),
      allow([
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeRules',
        'cloudwatch:DescribeAlarms',
      ], ['*']),
      passRoles(roles, ['ecs-tasks.amazonaws.com']),
    ]);
    return new codedeploy.EcsDeploymentGroup(this, 'DeploymentGroup', {
      application: new codedeploy.EcsApplication(this, 'Application', { applicationName: this.named('web') }),
      deploymentGroupName: this.named('blue-green'),
      role,
      service,
      deploymentConfig: codedeploy.EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [...this.createAlarms('Blue', loadBalancer, blue), ...this.createAlarms('Green', loadBalancer, green)],
      autoRollback: { failedDeployment: true, stoppedDeployment: true },
      blueGreenDeploymentConfig: {
        blueTargetGroup: blue,
        greenTargetGroup: green,
        listener,
        terminationWaitTime: Duration.minutes(5),
      },
    });
  }

  private createTargetGroup(id: string, color: string, vpc: ec2.Vpc): elbv2.ApplicationTargetGroup {
    return new elbv2.ApplicationTargetGroup(this, id, {
      targetGroupName: this.named(color),
      vpc,
      targetType: elbv2.TargetType.IP,
      protocol: elbv2.ApplicationProtocol.HTTP,
      protocolVersion: elbv2.ApplicationProtocolVersion.HTTP1,
      port: 80,
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        path: '/', interval: Duration.seconds(15), timeout: Duration.seconds(5), healthyThresholdCount: 5, unhealthyThresholdCount: 2,
      },
    });
  }

  /** Both groups: they swap with every release. */
  private createAlarms(
    id: string, loadBalancer: elbv2.ApplicationLoadBalancer, group: elbv2.ApplicationTargetGroup,
  ): cloudwatch.Alarm[] {
    const dimensionsMap = { LoadBalancer: loadBalancer.loadBalancerFullName, TargetGroup: group.targetGroupFullName };
    const create = (
      name: string,
      role: string,
      description: string,
      evaluationPeriods: number,
      threshold: number,
      metric: cloudwatch.MetricProps,
    ) =>
      new cloudwatch.Alarm(this, `${id}${name}`, {
        alarmName: this.named(`${id.toLowerCase()}-${role}`),
        alarmDescription: `${description} in target group ${id.toLowerCase()}`,
        metric: new cloudwatch.Metric(metric),
        threshold,
        evaluationPeriods,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
    const common = { namespace: 'AWS/ApplicationELB', dimensionsMap, period: Duration.minutes(1) };
    return [
      create('ServerErrors', 'server-errors', '5xx responses', 1, 10, {
        ...common, metricName: 'HTTPCode_Target_5XX_Count', statistic: cloudwatch.Stats.SUM,
      }),
      create('UnhealthyHosts', 'unhealthy-hosts', 'Unhealthy tasks', 2, 1, {
        ...common, metricName: 'UnHealthyHostCount', statistic: cloudwatch.Stats.MAXIMUM,
      }),
    ];
  }
}

export function passRoles(roles: Roles, services: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [roles.task.roleArn, roles.execution.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': services } },
  });
}
