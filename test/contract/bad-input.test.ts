import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AdvisorySource, AlertChannel, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BlueGreenServiceOptions,
  ContainerPlatform, DeploymentHooks, DeploymentTestListener, DockerHubCredentials, FindingSeverity, Network,
  NetworkEgress, NetworkOptions,
  PipelineAlertsOptions, PipelineSource, PipOptions, PythonCiPipelineOptions, PythonProject, QualityGateOptions,
  TrafficShift,
} from '../../src';
import { describeValue } from '../../src/private/errors';
import { createStack, importedVpc } from '../helpers';
import { Given } from './options/places';
import { BAD } from './options/table';

type Case = [problem: string, props: (stack: Stack) => BlueGreenPythonPipelineProps, message: string | RegExp];

const NAME_RULE = 'lowercase letters, digits, and single hyphens, and must start with a letter';
const NAME_REASON = 'it is part of the names of buckets, load balancers, and repositories';

const service = (options: BlueGreenServiceOptions) => () => ({ service: options });
const pipeline = (options: PythonCiPipelineOptions) => () => ({ pipeline: options });
const gates = (options: QualityGateOptions) => pipeline({ gates: options });
const alerts = (options: PipelineAlertsOptions) => () => ({ alerts: options });
const python = (options: PipOptions) => pipeline({ python: PythonProject.pip(options) });
/** Options by names that TypeScript refuses and plain JavaScript lets through. */
const former = (options: object) => options;
const dockerHub = (usernameParameterName: string, passwordParameterName = '/p') =>
  pipeline({ dockerHub: DockerHubCredentials.fromParameterStore({ usernameParameterName, passwordParameterName }) });
const secret = (stack: Stack) => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'secret'));

const vpcWith = (stack: Stack, subnets: { publicSubnetIds?: string[]; privateSubnetIds?: string[] }) =>
  ec2.Vpc.fromVpcAttributes(stack, 'Given', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], ...subnets });

const CONNECTION = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1';
const archive = (key: string) => (stack: Stack) => ({
  pipeline: { source: PipelineSource.s3({ bucket: s3.Bucket.fromBucketName(stack, 'Archives', 'archives'), key }) },
});

const zone = (stack: Stack) => route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
const testListener = (port: number, cidrs: string[]) => service({
  release: { testListener: DeploymentTestListener.fromCidrs(port, cidrs) },
});

/** What takes more than the value of one option. The others are in the table of test/contract/options. */
const CASES: Case[] = [
  // names
  ...[
    ['Dev', 'does not start with a lowercase letter'],
    ['deV', 'contains "V"'],
    ['dev_1', 'contains "_"'],
    ['-dev', 'does not start with a lowercase letter'],
    ['dev-', 'ends with a hyphen'],
    ['de--v', 'contains two hyphens in a row'],
    ['1dev', 'does not start with a lowercase letter'],
    ['dev.1', 'contains "."'],
    ['', 'is empty'],
    ['a-suffix-too-long', 'has 17 characters'],
  ].map(([environmentSuffix, fault]): Case => [
    `suffix ${JSON.stringify(environmentSuffix)}`,
    () => ({ environmentSuffix }),
    `'environmentSuffix' must be 1 to 16 ${NAME_RULE}, got ${JSON.stringify(environmentSuffix)}, which ${fault}; ${NAME_REASON} [Stack/Orders]`,
  ]),
  ['application name', () => ({ applicationName: 'My Orders' }),
    `'applicationName' must be 1 to 40 ${NAME_RULE}, got "My Orders", which does not start with a lowercase letter; ${NAME_REASON} [Stack/Orders]`],
  ...[['sg-tools', 'security group', 'sg-'], ['sg', 'security group', 'sg-'], ['internal', 'load balancer', 'internal-']].map(([applicationName, kind, prefix]): Case => [
    `application name ${applicationName}`,
    () => ({ applicationName, environmentSuffix: 'dev' }),
    `'applicationName' must not give a ${kind} a name that starts with '${prefix}', got "${applicationName}" for "${applicationName}-${kind === 'load balancer' ? 'web' : 'load-balancer'}-dev"; `
    + "AWS reserves this prefix: set another 'applicationName' [Stack/Orders/Service]",
  ]),
  ['suffix that is known at deployment only', () => ({ environmentSuffix: Token.asString({ Ref: 'Suffix' }) }),
    "'environmentSuffix' must be known at synth, got a token; names are shortened and checked at synth: set a plain string [Stack/Orders]"],

  // network
  ['zones by name and by number', () => ({ network: { availabilityZones: ['eu-west-1a', 'eu-west-1b'], maxAzs: 2 } }),
    "'maxAzs' cannot be used together with 'availabilityZones'; the VPC spans the zones that are listed: remove one of the two [Stack/Orders/Network]"],
  ['the old name of the retention of flow logs', () => ({ network: { flowLogRetention: 30 } as NetworkOptions }),
    "'flowLogRetention' is now 'logRetention'; rename it [Stack/Orders/Network]"],
  ['a retention of flow logs that an existing VPC does not get', (stack) => ({ network: { vpc: importedVpc(stack), logRetention: 30 } }),
    "'logRetention' requires 'flowLogs: true' with 'vpc'; an existing VPC gets no flow logs by default: set 'flowLogs: true', or remove 'logRetention' "
    + '[Stack/Orders/Network]'],
  ['a VPC with the shape of a new one', (stack) => ({ network: { vpc: importedVpc(stack), maxAzs: 2, egress: NetworkEgress.none() } }),
    "'maxAzs', 'egress' cannot be used together with 'vpc'; these options configure a new VPC: remove them, or remove 'vpc'. "
    + "With 'vpc', the only possible 'egress' is NetworkEgress.publicTasks() [Stack/Orders/Network]"],

  ['tasks in public subnets', () => ({ network: { taskSubnets: { subnetType: ec2.SubnetType.PUBLIC } } }),
    "'taskSubnets' must be private, got public subnets; tasks get no public address there and cannot reach anything: select private subnets, "
    + "or set 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp: true') [Stack/Orders/Network]"],
  ['public tasks in private subnets', (stack) => ({
    network: {
      vpc: importedVpc(stack),
      egress: NetworkEgress.publicTasks(),
      taskSubnets: {
        subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS,
      },
    },
  }), "'taskSubnets' must be public with public tasks, got private subnets; a public address works only in a public subnet: select public subnets, "
    + "or remove 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp') [Stack/Orders/Network]"],
  ['public tasks in a VPC without public subnets', (stack) => ({
    network: { vpc: vpcWith(stack, { privateSubnetIds: ['subnet-1', 'subnet-2'] }), egress: NetworkEgress.publicTasks() },
  }), "'vpc' must have public subnets for public tasks, got Stack/Given without any; use another VPC, "
    + "or remove 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp') [Stack/Orders/Network]"],
  ['a smoke test of public tasks', () => ({
    network: { egress: NetworkEgress.publicTasks() }, service: { release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'] }) } },
  }), /^'release.hooks' must not contain DeploymentHooks.smokeTest with public tasks; .* \[Stack\/Orders\/Service\]$/],
  ['a VPC without private subnets', (stack) => ({ network: { vpc: vpcWith(stack, { publicSubnetIds: ['subnet-1', 'subnet-2'] }) } }),
    "'vpc' must have private subnets for the tasks, got Stack/Given without any; use another VPC, or remove 'vpc' to create one. "
    + "To run the tasks in public subnets, set 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp: true') [Stack/Orders/Network]"],
  ['a VPC without public subnets', (stack) => ({ network: { vpc: vpcWith(stack, { privateSubnetIds: ['subnet-1', 'subnet-2'] }) } }),
    "'network.loadBalancerSubnets' must be public, got a VPC without public subnets; use another VPC, "
    + "or set 'loadBalancer.internetFacing: false' for a load balancer in the subnets of the tasks [Stack/Orders/Service/LoadBalancer]"],
  ['an internal load balancer in one zone', (stack) => ({
    network: { vpc: new ec2.Vpc(stack, 'Given', { maxAzs: 1 }) }, service: { loadBalancer: { internetFacing: false } },
  }), /^'network.taskSubnets' must span two availability zones, got \[".*"\]; a load balancer requires two: choose other subnets or another VPC \[Stack\/Orders\/Service\/LoadBalancer\]$/],

  ['no hook', service({ release: { hooks: DeploymentHooks.fromFunctions({}) } }),
    "'release.hooks' must contain at least one function, got none; no release would be tested: add a function, or remove 'release.hooks' [Stack/Orders/Service]"],
  ['the VPC of a network with endpoints', (stack) => ({
    network: { vpc: new Network(stack, 'Shared', { egress: NetworkEgress.privateEndpoints() }).vpc },
  }), "'vpc' must not belong to a Network with private endpoints, got the VPC of Stack/Shared, whose endpoints would reject these tasks; "
    + 'pass that Network to ContainerPlatform instead [Stack/Orders/Network]'],

  // the name and the test listener
  ['a name without a zone', () => ({ service: { loadBalancer: { domainName: 'orders.example.com' } } }),
    "'loadBalancer.domainName' and 'loadBalancer.hostedZone' must be set together, got only 'domainName'; the hosted zone receives the record of the domain name: set both or neither [Stack/Orders/Service]"],
  ['a zone without a name', (stack) => ({ service: { loadBalancer: { hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' and 'loadBalancer.hostedZone' must be set together, got only 'hostedZone'; the hosted zone receives the record of the domain name: set both or neither [Stack/Orders/Service]"],
  ['a name of another zone', (stack) => ({ service: { loadBalancer: { domainName: 'orders.example.org', hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' must be in the hosted zone \"example.com\", got \"orders.example.org\"; use a name that ends with the name of the zone, or another 'hostedZone' [Stack/Orders/Service]"],
  ['a name that only looks like one of the zone', (stack) => ({ service: { loadBalancer: { domainName: 'ordersexample.com', hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' must be in the hosted zone \"example.com\", got \"ordersexample.com\"; use a name that ends with the name of the zone, or another 'hostedZone' [Stack/Orders/Service]"],
  ...['Orders.example.com', 'orders_1.example.com', 'https://orders.example.com', 'orders.example.com.', '', `${'a'.repeat(64)}.example.com`, `${'a.'.repeat(125)}example.com`].map((domainName): Case => [
    `the name ${JSON.stringify(domainName)}`, (stack) => ({ service: { loadBalancer: { domainName, hostedZone: zone(stack) } } }),
    '\'loadBalancer.domainName\' must be a domain name such as \'orders.example.com\': at most 253 characters, in parts of 1 to 63 lowercase letters, digits, and inner hyphens, '
    + `without a dot at the end, got ${describeValue(domainName)} [Stack/Orders/Service]`,
  ]),
  ['a name that is too long for a certificate', (stack) => ({ service: { loadBalancer: { domainName: `${'a'.repeat(30)}.${'b'.repeat(30)}.example.com`, hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' must be at most 64 characters long without a 'certificate', got 73; "
    + 'this is the limit for the first name of a certificate: set your own certificate [Stack/Orders/Service]'],
  ['a certificate that nobody could prove', (stack) => ({
    service: {
      loadBalancer: {
        domainName: 'orders.example.com',
        hostedZone: new route53.PrivateHostedZone(stack, 'Private', { zoneName: 'example.com', vpc: importedVpc(stack) }),
      },
    },
  }), "'loadBalancer.certificate' is required with a private 'hostedZone', got none for \"orders.example.com\"; "
    + 'ACM validates a new certificate over the internet, so the stack would wait for hours: set an existing certificate [Stack/Orders/Service]'],
  ['a certificate that nobody could prove, in a zone that is private by its VPCs', (stack) => ({
    service: {
      loadBalancer: {
        domainName: 'orders.example.com',
        hostedZone: new route53.HostedZone(stack, 'Private', { zoneName: 'example.com', vpcs: [importedVpc(stack)] }),
      },
    },
  }), /^'loadBalancer\.certificate' is required with a private 'hostedZone', got none for "orders.example.com";.* \[Stack\/Orders\/Service\]$/],
  ['subnets for a load balancer that stands elsewhere', () => ({
    network: {
      loadBalancerSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    },
    service: { loadBalancer: { internetFacing: false } },
  }), "'network.loadBalancerSubnets' cannot be used together with 'service.loadBalancer.internetFacing: false'; "
    + 'an internal load balancer is in the subnets of the tasks: remove one of the two [Stack/Orders]'],
  ...[80, 443].map((port): Case => [`a test listener on port ${port}`, testListener(port, ['10.0.0.0/16']),
    `'release.testListener.port' must not be 80 or 443, got ${port}; production uses these ports, now or once a certificate is added: use a free port such as 9000 [Stack/Orders/Service]`]),
  ...[0, 65536, 1.5].map((port): Case => [`a test listener on port ${port}`, testListener(port, ['10.0.0.0/16']),
    `'release.testListener.port' must be a whole number from 1 to 65535, got ${port}; use a free port such as 9000 [Stack/Orders/Service]`]),
  ['a test listener for nobody', testListener(9000, []), "'release.testListener' must allow at least one address range, got []; "
    + "add one, as in DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']) [Stack/Orders/Service]"],
  ...['0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/7'].map((cidr): Case => [`a test listener for ${cidr}`, testListener(9000, ['10.0.0.0/8', cidr]),
    `'release.testListener' must not be open to the internet, got ${JSON.stringify(cidr)}; it forwards to releases before they are approved: use ranges of /8 or narrower [Stack/Orders/Service]`]),
  ...['::/0', '10.0.0.0', '10.0.0.0/33', '10.0.0.256/32', 'office', ''].map((cidr): Case => [`a test listener for ${JSON.stringify(cidr)}`, testListener(9000, [cidr]),
    `'release.testListener' must allow IPv4 ranges, got ${JSON.stringify(cidr)}; use ranges such as '10.0.0.0/16', or '192.0.2.7/32' for a single address [Stack/Orders/Service]`]),
  ['a test listener for a group on port 80', (stack) => ({
    service: { release: { testListener: DeploymentTestListener.fromSecurityGroup(80, ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')) } },
  }), /^'release.testListener.port' must not be 80 or 443, got 80;.* \[Stack\/Orders\/Service\]$/],

  // platform
  ['a cluster in another VPC, both of the app', (stack) => ({ platform: { cluster: new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Other') }) } }),
    "'cluster' must be in the network's VPC, got a cluster in Stack/Other and a network in Stack/Orders/Network/Vpc; "
    + 'use the same VPC for both, as in network: { vpc: cluster.vpc } [Stack/Orders/Platform]'],
  ['a cluster in another VPC, both imported', (stack) => ({
    network: { vpc: importedVpc(stack) },
    platform: { cluster: ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc: importedVpc(stack, 'Other', 'vpc-99999999') }) },
  }),
  "'cluster' must be in the network's VPC, got a cluster in vpc-99999999 and a network in vpc-11111111; "
  + 'use the same VPC for both, as in network: { vpc: cluster.vpc } [Stack/Orders/Platform]'],
  ['a cluster with insights', (stack) => ({
    network: { vpc: importedVpc(stack) },
    platform: {
      cluster: ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc: importedVpc(stack, 'Same') }),
      containerInsights: ecs.ContainerInsights.DISABLED,
    },
  }), "'containerInsights' cannot be used together with 'cluster'; an existing cluster keeps its own setting: remove one of the two [Stack/Orders/Platform]"],
  ['a repository with a number of images', (stack) => ({
    platform: { repository: ecr.Repository.fromRepositoryName(stack, 'Shared', 'shared'), maxImageCount: 3 },
  }), "'maxImageCount' cannot be used together with 'repository'; an existing repository keeps its own settings: remove one of the two [Stack/Orders/Platform]"],

  // container
  ...([
    [256, 1536, '256 with 1536', "with 256 CPU units, set 'memoryLimitMiB' to 512, 1024 or 2048"],
    [512, 512, '512 with 512', "with 512 CPU units, set 'memoryLimitMiB' to 1024 to 4096 in steps of 1024, or 'cpu' to 256"],
    [512, 1500, '512 with 1500', "with 512 CPU units, set 'memoryLimitMiB' to 1024 to 4096 in steps of 1024"],
    [300, 1024, '300 with 1024', "set 'cpu' to 256, 512, 1024, 2048, 4096, 8192 or 16384"],
    [16384, 1024, '16384 with 1024', "with 16384 CPU units, set 'memoryLimitMiB' to 32768 to 122880 in steps of 8192, or 'cpu' to 256 or 512"],
    [2048, undefined, "2048 with 1024 (the default of 'memoryLimitMiB')",
      "with 2048 CPU units, set 'memoryLimitMiB' to 4096 to 16384 in steps of 1024, or 'cpu' to 256 or 512"],
    [undefined, 8192, "512 (the default of 'cpu') with 8192",
      "with 512 CPU units, set 'memoryLimitMiB' to 1024 to 4096 in steps of 1024, or 'cpu' to 1024, 2048 or 4096"],
  ] as const).map(([cpu, memoryLimitMiB, got, remedy]): Case => [
    `${cpu} CPU units with ${memoryLimitMiB} MiB`,
    service({ cpu, memoryLimitMiB }),
    `'cpu' and 'memoryLimitMiB' must be a combination that Fargate supports, got ${got}; ${remedy} [Stack/Orders/Service]`,
  ]),
  ...[['10001', 80], ['app', 1023], ['10001:0', 443], ['rooted', 80]].map(([user, containerPort]): Case => [
    `the user ${user} on port ${containerPort}`, service({ user: `${user}`, containerPort: Number(containerPort) }),
    `'containerPort' must be 1024 or more with a 'user' other than root, got ${containerPort} with "${user}"; on Fargate, only root can listen on a lower port: `
    + 'let the application listen on 8080. The load balancer listens on 80 or 443 in any case [Stack/Orders/Service]',
  ]),
  ['a shell in a container that cannot be written to', service({ readonlyRootFilesystem: true, enableExecuteCommand: true }),
    "'readonlyRootFilesystem' cannot be used together with 'enableExecuteCommand'; the agent of ECS Exec writes to the root file system: "
    + 'remove one of the two [Stack/Orders/Service]'],
  ['a variable that is a secret as well', (stack) => ({ service: { environment: { A: 'x', B: 'y' }, secrets: { B: secret(stack) } } }),
    "'environment' and 'secrets' must not name the same variable, got [\"B\"] in both; ECS rejects this: remove one of the two [Stack/Orders/Service]"],

  // load balancer
  ['a health check on another port', service({ healthCheck: { ...{ port: '9000', enabled: false }, path: '/' } }),
    "'healthCheck.port', 'healthCheck.enabled' are not options; the options are 'path', 'healthyHttpCodes', 'interval', 'timeout', "
    + "'healthyThresholdCount', 'unhealthyThresholdCount' [Stack/Orders/Service]"],
  ['a former name inside a group', service({ loadBalancer: { ...{ publicLoadBalancer: false }, idleTimeout: Duration.minutes(1) } }),
    /^'loadBalancer.publicLoadBalancer' is not an option; the options are 'certificate', .*'internetFacing'.* \[Stack\/Orders\/Service\]$/],
  ['a misspelled name inside the release', service({ release: { ...{ trafficshift: 1 }, hooks: undefined } }),
    /^'release.trafficshift' is not an option; the options are 'trafficShift', .* \[Stack\/Orders\/Service\]$/],
  ['a misspelled threshold', service({ release: { rollbackAlarms: { ...{ threshold: 5 }, enabled: true } } }),
    /^'release.rollbackAlarms.threshold' is not an option; .* \[Stack\/Orders\/Service\]$/],
  ...(['loadBalancer', 'release', 'healthCheck'] as const).map((group): Case => [`no group of options but a list: ${group}`,
    () => ({ service: Object.fromEntries([[group, []]]) }), `'${group}' must be an object with options, got an array [Stack/Orders/Service]`]),
  ['no security group', service({ loadBalancer: { securityGroups: [] } }), "'loadBalancer.securityGroups' must not be empty, got []; remove the option to let the service create a group [Stack/Orders/Service]"],

  // release
  ['thresholds of alarms that are off',
    service({
      release: {
        rollbackAlarms: {
          enabled: false,
          serverErrorThreshold: 5,
          unhealthyHostThreshold: 2,
          latencyThreshold: undefined,
        },
      },
    }),
    "'release.rollbackAlarms.serverErrorThreshold', 'release.rollbackAlarms.unhealthyHostThreshold' cannot be used together with 'release.rollbackAlarms.enabled: false'; remove one of the two [Stack/Orders/Service]"],

  ['a rate and a number of errors', service({ release: { rollbackAlarms: { serverErrorThreshold: 5, errorRateThreshold: 5, minimumErrors: 5 } } }),
    "'release.rollbackAlarms.errorRateThreshold', 'release.rollbackAlarms.minimumErrors' cannot be used together with 'release.rollbackAlarms.serverErrorThreshold'; "
    + 'one alarm watches the errors, by their rate or by their number [Stack/Orders/Service]'],

  // pipeline
  ['former names of pipeline options', pipeline(former({ artifactAccessLogs: 'x', buildLogRetention: 7 })),
    "'artifactAccessLogs' is now 'artifactAccessLogsBucket', 'buildLogRetention' is now 'logRetention'; rename them [Stack/Orders/Pipeline]"],
  ['the former name of the Python version', python(former({ version: '3.12' })),
    "'version' is now 'python.pythonVersion'; rename it [Stack/Orders/Pipeline]"],
  ['a version of Python that the image lacks', python({ pythonVersion: '3.8' }),
    "'python.pythonVersion' must be a version that the build image aws/codebuild/amazonlinux-x86_64-standard:5.0 (the default) provides (3.9, 3.10, 3.11, 3.12, 3.13, 3.14), got \"3.8\"; "
    + "choose one of these, or another 'buildImage' [Stack/Orders/Pipeline]"],
  ['a version of Python that another image lacks', pipeline({ python: PythonProject.pip({ pythonVersion: '3.9' }), buildImage: codebuild.LinuxBuildImage.STANDARD_6_0 }),
    "'python.pythonVersion' must be a version that the build image aws/codebuild/standard:6.0 provides (3.10), got \"3.9\"; choose one of these, or another 'buildImage' [Stack/Orders/Pipeline]"],
  ['an image of another architecture', pipeline({ buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0 }),
    "'buildImage' must have the CPU architecture of the tasks, got \"aws/codebuild/amazonlinux-aarch64-standard:3.0\" for X86_64 (the default of 'service.cpuArchitecture'); "
    + 'pass a codebuild.LinuxBuildImage, or remove it [Stack/Orders/Pipeline]'],
  ['an x86 image for tasks on ARM64', () => ({
    service: { cpuArchitecture: ecs.CpuArchitecture.ARM64 },
    pipeline: {
      buildImage: codebuild.LinuxBuildImage.STANDARD_7_0,
    },
  }), "'buildImage' must have the CPU architecture of the tasks, got \"aws/codebuild/standard:7.0\" for ARM64; "
    + 'pass a codebuild.LinuxArmBuildImage, or remove it [Stack/Orders/Pipeline]'],
  ['a severity of bandit when bandit is off', gates({ bandit: false, banditSeverity: FindingSeverity.LOW }),
    "'gates.banditSeverity' cannot be used together with 'gates.bandit: false'; remove one of the two [Stack/Orders/Pipeline]"],
  ['a source of advisories when the audit is off', gates({ dependencyAudit: false, advisorySource: AdvisorySource.pypi() }),
    "'gates.advisorySource' cannot be used together with 'gates.dependencyAudit: false'; remove one of the two [Stack/Orders/Pipeline]"],
  ['ignored vulnerabilities when no gate looks for any', gates({ dependencyAudit: false, ignoredVulnerabilities: ['CVE-2024-1'] }),
    "'gates.ignoredVulnerabilities' cannot be used together with 'gates.dependencyAudit: false'; "
    + "no gate looks for vulnerabilities: remove one of the two, or add 'imageScan: true' [Stack/Orders/Pipeline]"],
  ...[undefined, false].map((imageScan): Case => [`a severity of an image scan with imageScan ${imageScan}`, gates({ imageScan, imageScanSeverity: FindingSeverity.HIGH }),
    "'gates.imageScanSeverity' must not be given without 'gates.imageScan: true', got \"high\"; "
    + "the build does not wait for the scan: add 'imageScan: true', or remove 'imageScanSeverity' [Stack/Orders/Pipeline]"]),
  ...[true, false].map((allowNoTests): Case => [`the former name of a gate with ${allowNoTests}`, gates(former({ allowNoTests })),
    "'gates.allowNoTests' is now 'gates.requireTests', with the opposite value [Stack/Orders/Pipeline]"]),
  ['a gate that does not exist', gates(former({ foo: true })),
    "'gates.foo' is not an option; the options are 'requireTests', 'minimumCoverage', 'bandit', 'banditSeverity', 'dependencyAudit', 'advisorySource', "
    + "'imageScan', 'imageScanSeverity', 'ignoredVulnerabilities', 'sbom' [Stack/Orders/Pipeline]"],
  ...[[['bandit'], 'an array'], ['bandit', '"bandit"'], [false, 'false'], [AdvisorySource.pypi(), 'an instance of ApiSource']].map(([given, got]): Case => [
    `gates that are ${got}`, gates(given as QualityGateOptions), `'gates' must be an object with options, got ${got} [Stack/Orders/Pipeline]`,
  ]),
  ['a parameter name that is known at deployment only', dockerHub('/u', Token.asString({ Ref: 'Name' })),
    "'dockerHub.passwordParameterName' must be known at synth, got a token; its first character decides the ARN of the parameter: "
    + 'pass a plain string [Stack/Orders/Pipeline]'],
  ['a seed for a repository that exists', (stack) => ({
    pipeline: { source: PipelineSource.codeCommit({ repository: codecommit.Repository.fromRepositoryName(stack, 'Existing', 'existing'), seedDirectory: '.' }) },
  }), "'source.seedDirectory' cannot be used together with 'source.repository'; only a new repository can be seeded: remove one of the two [Stack/Orders/Pipeline/Source]"],
  ...['', '*.zip', 'orders/?.zip', 'a'.repeat(513)].map((key): Case => [`the key ${JSON.stringify(key.slice(0, 20))}`, archive(key),
    "'source.key' must be the key of one object such as 'orders/source.zip', at most 512 characters long, without '*' and '?', and without white space at either end, "
    + `got ${JSON.stringify(key)} [Stack/Orders/Pipeline/Source]`]),

  // alerts
  ['the topic as its own channel', (stack) => {
    const topic = sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111111111111:given');
    return { alerts: { topic, channels: [AlertChannel.topic(topic)] } };
  }, "'channels' must not contain the same channel twice, got \"topic arn:aws:sns:eu-west-1:111111111111:given\" again; remove one of the two [Stack/Orders/Alerts]"],
  ['alerts with the former name of their pipeline', alerts(former({ pipeline: {} })),
    "'pipeline' is now 'codePipeline'; rename it [Stack/Orders/Alerts]"],
  ['a severity of image scans that are not reported', alerts({ notifyOnImageScan: false, imageScanSeverity: FindingSeverity.HIGH }),
    "'imageScanSeverity' cannot be used together with 'notifyOnImageScan: false'; remove one of the two [Stack/Orders/Alerts]"],
  ['more topics than EventBridge reaches', (stack) => ({
    alerts: { channels: ['One', 'Two', 'Three', 'Four'].map((id) => AlertChannel.topic(new sns.Topic(stack, id))) },
  }), "'channels' must contain at most 3 topics in addition to the topic of the alerts (all chats share one), got more; EventBridge sends an event to at most "
    + 'five targets: subscribe the other receivers to one of these topics [Stack/Orders/Alerts]'],
];

function expectError(given: Given, message: string | RegExp): void {
  const stack = createStack();
  const props = typeof given === 'function' ? given(stack) : given;
  let thrown: unknown;
  try {
    new BlueGreenPythonPipeline(stack, 'Orders', props);
  } catch (error) {
    thrown = error;
  }
  const { message: actual } = thrown as Error;
  expect(typeof message === 'string' ? actual : message.test(actual)).toBe(typeof message === 'string' ? message : true);
}

test.each(CASES)('fails with %s', (_problem, props, message) => expectError(props, message));

test.each(BAD.map(({ title, ...bad }) => [title, bad] as const))('fails with %s', (_title, { given, message }) => expectError(given, message));

test('fails with an imported platform whose cluster is in another VPC', () => {
  const stack = createStack();
  expect(() => ContainerPlatform.fromContainerPlatformAttributes(stack, 'Platform', {
    network: Network.fromNetworkAttributes(stack, 'Network', { vpc: importedVpc(stack) }),
    cluster: ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc: importedVpc(stack, 'Other', 'vpc-99999999') }),
    repository: ecr.Repository.fromRepositoryName(stack, 'Repository', 'shared'),
  })).toThrow("'cluster' must be in the network's VPC");
});

test.each<[string, Partial<BlueGreenServiceOptions>]>([
  ['root', { user: 'root', containerPort: 80 }],
  ['root by number', { user: '0', containerPort: 80 }],
  ['root with a group', { user: '0:10001', containerPort: 1023 }],
  ['another user above them', { user: '10001', containerPort: 1024 }],
  ['a user that is known at deployment only', { user: Lazy.string({ produce: () => '10001' }), containerPort: 80 }],
  ['a port that is known at deployment only', { user: '10001', containerPort: Lazy.number({ produce: () => 80 }) }],
])('on the ports of root may listen: %s', (_name, options) => {
  expect(() => new BlueGreenPythonPipeline(new Stack(), 'Orders', { service: options })).not.toThrow();
});

test('what is just inside the bounds passes', () => {
  const stack = createStack();
  expect(() => new BlueGreenPythonPipeline(stack, 'Orders', {
    applicationName: 'a'.repeat(40),
    environmentSuffix: 'a'.repeat(16),
    network: { maxAzs: 2, egress: NetworkEgress.natGateways(2) },
    platform: { maxImageCount: 1 },
    service: {
      containerPort: 65535,
      cpu: 16384,
      memoryLimitMiB: 122880,
      healthCheck: { interval: Duration.seconds(300), timeout: Duration.seconds(120), healthyThresholdCount: 10, unhealthyThresholdCount: 2, path: '/' },
      scaling: {
        minCapacity: 5000,
        maxCapacity: 5000,
        targetCpuUtilizationPercent: 1,
        targetMemoryUtilizationPercent: 99,
      },
      loadBalancer: { deregistrationDelay: Duration.hours(1) },
      release: {
        trafficShift: TrafficShift.canary(99, Duration.days(2)),
        terminationWaitTime: Duration.minutes(2880),
        rollbackAlarms: { enabled: false },
      },
    },
    pipeline: {
      gates: { minimumCoverage: 100 },
      artifactRetention: Duration.days(1),
      source: PipelineSource.connection({
        connectionArn: CONNECTION, owner: 'acme/web/shop', repo: '.orders_1', branch: 'release/1.x', filePaths: Array(8).fill('a'.repeat(255)),
      }),
    },
    alerts: { channels: [AlertChannel.email('a@b.c')], alarms: [cloudwatch.Alarm.fromAlarmName(stack, 'Alarm', 'alarm')] },
  })).not.toThrow();
});
