import { App, Aws, CfnParameter, CfnResource, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import {
  AlertChannel, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BootstrapImage, DockerHubCredentials,
  NetworkEgress, PipelineSource,
  PythonProject, TrafficShift,
} from '../src';
import { buildSpecOf, createStack, onlyResource, resourcesOf, synthesizePattern, textOf } from './helpers';

const alerts = { channels: [AlertChannel.email('devops@example.com')] };

/** Everything that makes a resource with a name. */
const EVERYTHING: BlueGreenPythonPipelineProps = {
  service: {
    scaling: { maxCapacity: 4 },
    release: {
      trafficShift: TrafficShift.canary(20, Duration.minutes(10)),
      rollbackAlarms: { latencyThreshold: Duration.seconds(1) },
    },
  },
  alerts: { ...alerts, notifyOnSuccess: true },
};

/** The properties that name a resource, by type, and the longest name that AWS takes. */
const NAMES: { [type: string]: [property: string, maxLength: number] } = {
  'AWS::CloudWatch::Alarm': ['AlarmName', 255],
  'AWS::CodeBuild::Project': ['Name', 150],
  'AWS::CodeBuild::ReportGroup': ['Name', 128],
  'AWS::CodeCommit::Repository': ['RepositoryName', 100],
  'AWS::CodeDeploy::Application': ['ApplicationName', 100],
  'AWS::CodeDeploy::DeploymentConfig': ['DeploymentConfigName', 100],
  'AWS::CodeDeploy::DeploymentGroup': ['DeploymentGroupName', 100],
  'AWS::CodePipeline::Pipeline': ['Name', 100],
  'AWS::EC2::SecurityGroup': ['GroupName', 255],
  'AWS::ECR::Repository': ['RepositoryName', 256],
  'AWS::ECS::Cluster': ['ClusterName', 255],
  'AWS::ECS::Service': ['ServiceName', 255],
  'AWS::ECS::TaskDefinition': ['Family', 255],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name', 32],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', 32],
  'AWS::Events::Rule': ['Name', 64],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 128],
  'AWS::IAM::Role': ['RoleName', 64],
  'AWS::KMS::Alias': ['AliasName', 256],
  'AWS::Logs::LogGroup': ['LogGroupName', 512],
  'AWS::S3::Bucket': ['BucketName', 63],
  'AWS::SNS::Topic': ['TopicName', 256],
};

/** CloudFormation cannot name these, or the policy of the log group needs to know its name. */
const ALWAYS_NAMED = ['AWS::CodeCommit::Repository', 'AWS::ECS::TaskDefinition'];

interface NamedResource {
  readonly type: string;
  readonly name: string;
  readonly maxLength: number;
}

function namesIn(template: Template): NamedResource[] {
  return Object.entries(NAMES).flatMap(([type, [property, maxLength]]) => Object.entries(resourcesOf(template, type))
    // CDK's own, for emptying the bucket
    .filter(([id]) => !id.startsWith('Custom'))
    .map(([, { Properties }]) => ({ type, maxLength, name: Properties[property] === undefined ? '' : textOf(Properties[property]) })));
}

describe('the ten lines', () => {
  const { template, stack, construct } = synthesizePattern({ environmentSuffix: 'dev', alerts });

  test('make the five parts, wired', () => {
    expect(construct.platform.network).toBe(construct.network);
    expect(stack.resolve(construct.service.fargateService.cluster.clusterName))
      .toEqual(stack.resolve(construct.platform.cluster.clusterName));
    expect(construct.pipeline.codePipeline.stageCount).toBe(3);
    expect(construct.alerts.topic).toBeDefined();
  });

  test('warn of nothing', () => {
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
  });

  test('put out what a user needs next', () => {
    expect(Object.values(template.findOutputs('*')).map(({ Description }) => Description)).toEqual([
      'The URL of the application', 'The DNS name of the load balancer', 'The ARN of the ECS cluster', 'The clone URL of the source repository; a push starts a release',
      'The URI of the ECR repository that contains the images', 'The name of the pipeline',
    ]);
  });

  test('hold no account, region or credential', () => {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(/\b\d{12}\b/);
    expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af)-(east|west|north|south|central|northeast|southeast)-\d\b/);
    expect(text).not.toMatch(/AKIA[0-9A-Z]{16}/);
  });

  test('have no function but the one of CDK that empties the bucket', () => {
    expect(Object.keys(resourcesOf(template, 'AWS::Lambda::Function'))).toEqual([expect.stringMatching(/^CustomS3AutoDeleteObjects/)]);
  });

  test('let an image be pushed where the tasks pull it', () => {
    const [repository] = Object.keys(resourcesOf(template, 'AWS::ECR::Repository'));
    expect(buildSpecOf(template).text).toContain(`.dkr.ecr.\${Fn::Select}.\${AWS::URLSuffix}/\${${repository}}`);
  });
});

describe('a certificate for a name that is not known', () => {
  const stack = createStack();
  const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/1');
  new BlueGreenPythonPipeline(stack, 'Orders', { alerts, dashboard: true, service: { loadBalancer: { certificate } } });
  const template = Template.fromStack(stack);

  test('leaves the URL out, which would give an error of the certificate', () => {
    expect(Object.values(template.findOutputs('*')).map(({ Description }) => Description)).toEqual([
      'The DNS name of the load balancer; point the record of your domain name to it', 'The ARN of the ECS cluster',
      'The clone URL of the source repository; a push starts a release', 'The URI of the ECR repository that contains the images', 'The name of the pipeline',
    ]);
  });

  test('leaves the link out of the dashboard', () => {
    const dashboard = JSON.stringify(onlyResource(template, 'AWS::CloudWatch::Dashboard')[1].Properties.DashboardBody);
    expect(dashboard).toContain('Load balancer: `');
    expect(dashboard).not.toContain('[Application]');
  });
});

test('outputs can be left out', () => {
  expect(synthesizePattern({ alerts, outputs: false }).template.findOutputs('*')).toEqual({});
});

test('a source that is no repository has no clone URL to put out', () => {
  class OtherSource extends PipelineSource {
    public bind(...args: Parameters<PipelineSource['bind']>): ReturnType<PipelineSource['bind']> {
      return { ...PipelineSource.codeCommit().bind(...args), repository: undefined };
    }
  }
  const { template } = synthesizePattern({ alerts, pipeline: { source: new OtherSource() } });
  expect(Object.values(template.findOutputs('*')).map(({ Description }) => Description)).not.toContain('The clone URL of the source repository; a push starts a release');
});

describe('the load balancer', () => {
  const subnetsOf = ({ template }: { template: Template }) => JSON.stringify(onlyResource(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')[1].Properties.Subnets);

  test('is in the selected subnets of the network when it faces the internet', () => {
    const subnets = subnetsOf(synthesizePattern({ alerts, network: { loadBalancerSubnets: { subnetGroupName: 'Public' } } }));
    expect(subnets).toContain('PublicSubnet1');
    expect(subnets).not.toContain('Private');
  });

  test('is in the subnets of the tasks when it is internal, whether the network has options or not', () => {
    const service = { loadBalancer: { internetFacing: false } };
    const subnets = subnetsOf(synthesizePattern({ alerts, service }));
    expect(subnets).toContain('PrivateSubnet1');
    expect(subnets).not.toContain('Public');
    expect(subnetsOf(synthesizePattern({ alerts, service, network: {} }))).toBe(subnets);
  });
});

describe('names', () => {
  test('all end with the suffix', () => {
    const names = namesIn(synthesizePattern({ ...EVERYTHING, environmentSuffix: 'staging' }).template);
    expect(new Set(names.map(({ type }) => type))).toEqual(new Set(Object.keys(NAMES)));
    expect(names.filter(({ name }) => !name.endsWith('-staging'))).toEqual([]);
    expect(names.filter(({ name }) => !/(^|\/)orders-/.test(name))).toEqual([]);
  });

  test('of one type differ from each other', () => {
    const names = namesIn(synthesizePattern({ ...EVERYTHING, environmentSuffix: 'dev' }).template).map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('are none without a suffix', () => {
    const named = namesIn(synthesizePattern(EVERYTHING).template).filter(({ name }) => name !== '');
    expect(named.filter(({ type, name }) => !ALWAYS_NAMED.includes(type) && !name.startsWith('/aws/events/'))).toEqual([]);
  });

  test.each([
    ['short', 'orders'],
    ['the longest', 'orders-and-invoices-of-all-our-customers'],
  ])('of an application with %s name fit into what AWS allows', (_length, applicationName) => {
    const { template } = synthesizePattern({ ...EVERYTHING, applicationName, environmentSuffix: 'production-west' });
    // the longest region and an account, where the template has references
    const names = namesIn(template).map(({ name, ...rest }) => ({
      ...rest, name: name.replace('${AWS::Region}', 'ap-southeast-10').replace('${AWS::AccountId}', '111111111111').replace(/^\/aws\/[a-z]+\/|^alias\//, ''),
    }));
    expect(names.filter(({ name, maxLength }) => name.length > maxLength || !/^[a-z0-9-]+$/.test(name))).toEqual([]);
    expect(names.filter(({ name }) => !name.endsWith('-production-west'))).toEqual([]);
    expect(new Set(names.map(({ type, name }) => `${type} ${name}`)).size).toBe(names.length);
  });

  test.each([
    ['Orders', 'orders'],
    ['OrdersAPI2', 'orders-api2'],
    ['MyHTTPService', 'my-http-service'],
    ['2nd.Orders_Service', 'nd-orders-service'],
    ['42', 'app'],
    ['A'.repeat(50), expect.stringMatching(/^a{31}-[0-9a-f]{8}$/)],
  ])('of the construct %s begin with %s', (id, expected) => {
    const stack = createStack();
    new BlueGreenPythonPipeline(stack, id, { environmentSuffix: 'dev', alerts });
    const [{ Properties }] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::ECS::Cluster'));
    expect((Properties.ClusterName as string).replace(/-cluster-dev$/, '')).toEqual(expected);
  });

  test('come from the context when no suffix is given', () => {
    const { template } = synthesizePattern({ alerts }, { environmentSuffix: 'qa' });
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'orders-cluster-qa' });
    const given = synthesizePattern({ alerts, environmentSuffix: 'dev' }, { environmentSuffix: 'qa' }).template;
    given.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'orders-cluster-dev' });
  });
});

test('RETAIN keeps all that holds data, and needs no function', () => {
  const { template } = synthesizePattern({ alerts, removalPolicy: RemovalPolicy.RETAIN });
  for (const type of ['AWS::S3::Bucket', 'AWS::ECR::Repository', 'AWS::CodeCommit::Repository', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::CodeBuild::ReportGroup']) {
    expect(Object.values(resourcesOf(template, type)).map(({ DeletionPolicy }) => DeletionPolicy)).not.toContain('Delete');
  }
  template.resourceCountIs('AWS::Lambda::Function', 0);
});

test('no value of a template is null, which CloudFormation rejects', () => {
  const { template } = synthesizePattern({ ...EVERYTHING, environmentSuffix: 'dev' });
  expect(JSON.stringify(template.toJSON()).match(/"[^"]*":null|[[,]null/g)).toBeNull();
});

test('every log group has a retention', () => {
  const { template } = synthesizePattern({ alerts });
  expect(Object.values(resourcesOf(template, 'AWS::Logs::LogGroup')).map(({ Properties }) => Properties.RetentionInDays).sort()).toEqual([14, 30, 30, 30]);
});

describe('permissions', () => {
  const { template } = synthesizePattern({ ...EVERYTHING, environmentSuffix: 'dev' });
  const statements = Object.values(resourcesOf(template, 'AWS::IAM::ManagedPolicy'))
    .flatMap(({
      Properties,
    }) => (Properties.PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] }).Statement);

  test('have no wildcard among the actions', () => {
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('name every resource that AWS lets them name', () => {
    expect(statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action).sort()).toEqual([
      'cloudwatch:DescribeAlarms', 'ecr:GetAuthorizationToken', 'ecr:GetAuthorizationToken', 'ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition',
      'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTargetGroups',
    ]);
  });

  test('stand in no inline policy', () => {
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(Object.values(resourcesOf(template, 'AWS::IAM::Role')).filter(({ Properties }) => Properties.Policies)).toEqual([]);
  });
});

describe('feature flags of the app', () => {
  /**
   * The order of actions has no meaning; that of CDK's own statement in the bucket's policy cannot be set from outside.
   */
  const sorted = (template: object): object => JSON.parse(JSON.stringify(template),
    (key, value) => key === 'Action' && Array.isArray(value) ? value.sort() : value);

  test('change nothing', () => {
    expect(Object.keys(recommended).length).toBeGreaterThan(30);
    const certificate = (stack: Stack) => acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/1');
    const synthesize = (context: { [key: string]: unknown }): object => {
      const stack = createStack(context);
      new BlueGreenPythonPipeline(stack, 'Orders', {
        ...EVERYTHING, environmentSuffix: 'dev', service: { ...EVERYTHING.service, loadBalancer: { certificate: certificate(stack) } },
      });
      new BlueGreenPythonPipeline(stack, 'Quiet', { alerts, service: { release: { rollbackAlarms: { enabled: false } } } });
      return sorted(Template.fromStack(stack).toJSON());
    };
    expect(synthesize({ ...recommended })).toEqual(synthesize({}));
  });
});

describe('several in one app', () => {
  test('two patterns in one stack', () => {
    const stack = createStack();
    new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'dev', alerts });
    new BlueGreenPythonPipeline(stack, 'Invoices', { environmentSuffix: 'dev', alerts });
    const names = namesIn(Template.fromStack(stack)).map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('two stacks in one app', () => {
    const app = new App();
    const templates = ['dev', 'prod'].map((environmentSuffix) => {
      const stack = new Stack(app, `Stack${environmentSuffix}`);
      new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix, alerts });
      return stack;
    }).map((stack) => Template.fromStack(stack));
    const [dev, prod] = templates.map((template) => Object.values(template.toJSON()
      .Resources as { [id: string]: { Type: string } })
      .map(({ Type }) => Type));
    expect(dev).toEqual(prod);
  });

  test('a second service on the cluster of the first', () => {
    const stack = createStack();
    const orders = new BlueGreenPythonPipeline(stack, 'Orders', { alerts });
    new BlueGreenPythonPipeline(stack, 'Invoices', { alerts, network: { vpc: orders.network.vpc }, platform: { cluster: orders.platform.cluster } });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::VPC', 1);
    template.resourceCountIs('AWS::ECS::Cluster', 1);
    template.resourceCountIs('AWS::ECS::Service', 2);
  });
});

test('what is known at deployment only may stand in every prop that can take it', () => {
  const stack = createStack();
  const text = (name: string) => new CfnParameter(stack, name).valueAsString;
  const number = (value: number) => Lazy.number({ produce: () => value });
  const minutes = (value: number) => Duration.minutes(number(value));
  const seconds = (value: number) => Duration.seconds(number(value));
  new BlueGreenPythonPipeline(stack, 'Orders', {
    network: { egress: NetworkEgress.natGateways(2) },
    platform: { maxImageCount: number(5), encryptionKey: kms.Key.fromKeyArn(stack, 'ImageKey', Aws.STACK_ID) },
    service: {
      containerPort: number(9000),
      cpu: number(512),
      memoryLimitMiB: number(1024),
      command: [text('Command')],
      environment: { STAGE: text('Stage') },
      healthCheck: { path: text('Path'), healthyThresholdCount: number(3), unhealthyThresholdCount: number(3) },
      scaling: {
        minCapacity: number(2),
        maxCapacity: number(4),
        targetCpuUtilizationPercent: number(50),
        scaleInCooldown: seconds(60),
      },
      loadBalancer: {
        certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', text('CertificateArn')),
      },
      release: {
        trafficShift: TrafficShift.canary(number(20), minutes(10)),
        terminationWaitTime: minutes(10),
        rollbackAlarms: { serverErrorThreshold: number(5), unhealthyHostThreshold: number(2) },
      },
    },
    pipeline: {
      source: PipelineSource.codeCommit({ branch: text('Branch') }),
      environmentVariables: { INDEX: { value: text('Index') } },
      buildImage: codebuild.LinuxBuildImage.fromDockerRegistry(text('BuildImage')),
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', text('KeyArn')),
      artifactRetention: Duration.days(number(3)),
    },
    alerts: { channels: [AlertChannel.email(text('FirstEmail')), AlertChannel.email(text('SecondEmail'))] },
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: '512', Memory: '1024' });
  template.hasResourceProperties('AWS::ECS::Service', { LoadBalancers: [Match.objectLike({ ContainerPort: 9000 })] });
  template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 3 })] } });
  expect(buildSpecOf(template).text).toContain('ContainerPort: 9000');
  expect(buildSpecOf(template).text).toContain('${Stage}');
});

test('the longest buildspec leaves room under the limit of CodeBuild', () => {
  const stack = createStack();
  const environment = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`VARIABLE_${index}`, 'x'.repeat(40)]));
  new BlueGreenPythonPipeline(stack, 'Orders', {
    alerts,
    service: { environment },
    pipeline: {
      python: PythonProject.pip({ directory: 'services/orders', testDirectory: 'tests', extras: ['test'], extraTestPackages: ['pytest-django'] }),
      gates: { minimumCoverage: 90 },
      dockerHub: DockerHubCredentials.fromParameterStore({ usernameParameterName: '/orders/username', passwordParameterName: '/orders/password' }),
      installCommands: ['dnf install -y libpq-devel'],
    },
  });
  const { text } = buildSpecOf(Template.fromStack(stack));
  // Base64 takes four characters for three, and references become ARNs
  const encoded = text.replace(/«([^»]*)»/g, (_, content: string) => 'x'.repeat(Math.ceil(content.length / 3) * 4)).replace(/\$\{[A-Za-z0-9:.]+\}/g, 'x'.repeat(120));
  expect(encoded.length).toBeLessThan(20_000);
});

describe('a change that the docs do not name', () => {
  const resourcesThatStay = (props: BlueGreenPythonPipelineProps): object => {
    const stack = createStack();
    new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'dev', alerts, removalPolicy: RemovalPolicy.RETAIN, ...props });
    const template = Template.fromStack(stack);
    const types = ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::Listener', 'AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::ECR::Repository', 'AWS::S3::Bucket'];
    // CloudFormation looks at the properties only
    return Object.fromEntries(types.flatMap((type) => Object.entries(resourcesOf(template, type))
      .map(([id, { Properties }]) => [id, Properties])));
  };
  const before = resourcesThatStay({});

  test.each<[string, BlueGreenPythonPipelineProps]>([
    ['environment', { service: { environment: { A: 'b' } } }],
    ['size', { service: { cpu: 1024, memoryLimitMiB: 4096 } }],
    ['command', { service: { command: ['run'] } }],
    ['placeholder', { service: { bootstrapImage: BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('own')) } }],
    ['health check', { service: { healthCheck: { path: '/health', interval: Duration.seconds(20) } } }],
    ['deregistration', { service: { loadBalancer: { deregistrationDelay: Duration.seconds(5) } } }],
    ['traffic shift', { service: { release: { trafficShift: TrafficShift.linear(20, Duration.minutes(2)), terminationWaitTime: Duration.minutes(9) } } }],
    ['rollback alarms', { service: { release: { rollbackAlarms: { enabled: false } } } }],
    ['scaling', { service: { scaling: { maxCapacity: 9 } } }],
    ['log retention', { service: { logRetention: logs.RetentionDays.ONE_DAY } }],
    ['architecture', { service: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } }],
    ['project and gates', { pipeline: { python: PythonProject.pip({ pythonVersion: '3.13' }), gates: { minimumCoverage: 80 } } }],
    ['NAT gateways and flow logs', { network: { egress: NetworkEgress.natGateways(2), flowLogs: false } }],
    ['alerts and outputs', { alerts: { channels: [] }, outputs: false }],
  ])('of the %s touches neither the ECS service nor its listener, network, repository or bucket', (_what, props) => {
    expect(resourcesThatStay(props)).toEqual(before);
  });

  test.each<[string, BlueGreenPythonPipelineProps]>([
    ['container port', { service: { containerPort: 9000 } }],
    ['container name', { service: { containerName: 'web' } }],
  ])('unlike that of the %s, which ECS refuses', (_what, props) => {
    expect(resourcesThatStay(props)).not.toEqual(before);
  });
});

test('ids of what would be replaced under people\'s feet are pinned', () => {
  const { template } = synthesizePattern({ environmentSuffix: 'dev', alerts });
  const pinned = [
    'AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECR::Repository', 'AWS::CodeCommit::Repository', 'AWS::S3::Bucket',
    'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SNS::Topic', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::Listener',
    'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::CodeDeploy::Application', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::CodePipeline::Pipeline',
  ];
  // a new id here deletes the resource in every account that uses the library, and makes another
  expect(pinned.flatMap((type) => Object.keys(resourcesOf(template, type)))).toMatchInlineSnapshot(`
[
  "OrdersNetworkVpcEFAD1A8C",
  "OrdersNetworkVpcPublicSubnet1SubnetEE716FBC",
  "OrdersNetworkVpcPublicSubnet2Subnet464959AF",
  "OrdersNetworkVpcPrivateSubnet1Subnet2978034E",
  "OrdersNetworkVpcPrivateSubnet2SubnetECC46153",
  "OrdersPlatformCluster3D37D3DA",
  "OrdersServiceEE38F021",
  "OrdersPlatformRepositoryCCD6A626",
  "OrdersPipelineSourceRepository8C8FE0BC",
  "OrdersPipelineArtifactsBucket9DECEF7F",
  "OrdersNetworkFlowLogKey32E7A3F9",
  "OrdersPipelineArtifactsKey43AA8E9E",
  "OrdersAlertsKey41F5DFBA",
  "OrdersNetworkFlowLogGroup59EE4EA9",
  "OrdersServiceLogGroup19FC8C6A",
  "OrdersPipelineBuildLogGroupFA87D3C9",
  "OrdersAlertsEventLogE5AC0246",
  "OrdersAlertsTopic5628447D",
  "OrdersServiceLoadBalancer9B520B09",
  "OrdersServiceLoadBalancerListenerB9709599",
  "OrdersServiceLoadBalancerBlue2657D76A",
  "OrdersServiceLoadBalancerGreen6734BCB4",
  "OrdersServiceCodeDeployApplication5B25190E",
  "OrdersServiceCodeDeployDeploymentGroup367E7875",
  "OrdersPipeline30FBDE20",
]
`);
});

test('an image repository that is shared is neither made nor emptied', () => {
  const stack = createStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Shared', 'shared');
  new BlueGreenPythonPipeline(stack, 'Orders', { alerts, platform: { repository } });
  Template.fromStack(stack).resourceCountIs('AWS::ECR::Repository', 0);
});

test('every construct of the library is where its docs say', () => {
  const { construct } = synthesizePattern({ alerts });
  expect(construct.node.children.map(({ node }) => node.id)
    .filter((id) => !CfnResource.isCfnResource(construct.node.findChild(id)))).toEqual([
    'Network', 'Platform', 'Service', 'Pipeline', 'Alerts', 'Url', 'LoadBalancerDnsName', 'ClusterArn', 'CloneUrl', 'RepositoryUri', 'PipelineName',
  ]);
  expect(construct.service.fargateService).toBeInstanceOf(ecs.FargateService);
});
