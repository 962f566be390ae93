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
  ConnectionSourceOptions,
  ContainerPlatform, DeploymentHooks, DeploymentTestListener, DockerHubCredentials, FindingSeverity, GitHost, Network,
  NetworkEgress, NetworkOptions,
  PipelineAlertsOptions, PipelineSource, PipOptions, PythonCiPipelineOptions, PythonProject, QualityGateOptions,
  TrafficShift,
} from '../src';
import { createStack, importedVpc } from './helpers';

type Case = [problem: string, props: (stack: Stack) => BlueGreenPythonPipelineProps, message: string | RegExp];

const NAME_RULE = 'lower-case letters, digits and single hyphens and begin with a letter';
const NAME_REASON = 'the names of buckets, load balancers and repositories allow no more';

const service = (options: BlueGreenServiceOptions) => () => ({ service: options });
const pipeline = (options: PythonCiPipelineOptions) => () => ({ pipeline: options });
const gates = (options: QualityGateOptions) => pipeline({ gates: options });
const alerts = (options: PipelineAlertsOptions) => () => ({ alerts: options });
const python = (options: PipOptions) => pipeline({ python: PythonProject.pip(options) });
/** Options by names that TypeScript refuses and plain JavaScript lets through. */
const former = (options: object) => options;
const email = (address: string) => () => ({ alerts: { channels: [AlertChannel.email(address)] } });
const dockerHub = (usernameParameterName: string, passwordParameterName = '/p') =>
  pipeline({ dockerHub: DockerHubCredentials.fromParameterStore({ usernameParameterName, passwordParameterName }) });
const secret = (stack: Stack) => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'secret'));

const vpcWith = (stack: Stack, subnets: { publicSubnetIds?: string[]; privateSubnetIds?: string[] }) =>
  ec2.Vpc.fromVpcAttributes(stack, 'Given', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], ...subnets });

const CONNECTION = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1';
const connection = (options: Partial<ConnectionSourceOptions>) =>
  pipeline({ source: PipelineSource.connection({ connectionArn: CONNECTION, owner: 'acme', repo: 'orders', ...options }) });
const archive = (key: string) => (stack: Stack) => ({
  pipeline: { source: PipelineSource.s3({ bucket: s3.Bucket.fromBucketName(stack, 'Archives', 'archives'), key }) },
});

const zone = (stack: Stack) => route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
const testListener = (port: number, cidrs: string[]) => service({
  release: { testListener: DeploymentTestListener.fromCidrs(port, cidrs) },
});

const CASES: Case[] = [
  // names
  ...['Dev', 'dev_1', '-dev', 'dev-', 'de--v', '1dev', 'dev.1', '', 'a-suffix-too-long'].map((environmentSuffix): Case => [
    `suffix ${JSON.stringify(environmentSuffix)}`,
    () => ({ environmentSuffix }),
    `'environmentSuffix' must be 1 to 16 ${NAME_RULE}, got ${JSON.stringify(environmentSuffix)}; ${NAME_REASON} [Stack/Orders]`,
  ]),
  ['application name', () => ({ applicationName: 'My Orders' }),
    `'applicationName' must be 1 to 40 ${NAME_RULE}, got "My Orders"; ${NAME_REASON} [Stack/Orders]`],
  ...['sg-tools', 'internal-tools'].map((applicationName): Case => [
    `application name ${applicationName}`,
    () => ({ applicationName }),
    `'applicationName' must not begin with '${applicationName.replace('tools', '')}', got "${applicationName}"; `
    + 'AWS keeps the prefix to itself: choose another name [Stack/Orders]',
  ]),
  ['suffix that is known at deployment only', () => ({ environmentSuffix: Token.asString({ Ref: 'Suffix' }) }),
    "'environmentSuffix' must be known at synthesis, got a token; names are shortened and checked before they reach AWS, so give a plain text [Stack/Orders]"],

  // network
  ['fewer than two zones', () => ({ network: { maxAzs: 1 } }),
    "'maxAzs' must be a whole number from 2 to 6, got 1; a load balancer requires two availability zones [Stack/Orders/Network]"],
  ['one zone by name', () => ({ network: { availabilityZones: ['eu-west-1a'] } }),
    "'availabilityZones' must list 2 to 6 different zones, got [\"eu-west-1a\"]; a load balancer requires two availability zones, "
    + "such as ['eu-west-1a', 'eu-west-1b'] [Stack/Orders/Network]"],
  ['the ids of zones', () => ({ network: { availabilityZones: ['use1-az1', 'use1-az2'] } }),
    "'availabilityZones' must list names of zones, got the zone ids [\"use1-az1\",\"use1-az2\"]; "
    + 'use the names that your account has for them, such as eu-west-1a [Stack/Orders/Network]'],
  ['zones by name and by number', () => ({ network: { availabilityZones: ['eu-west-1a', 'eu-west-1b'], maxAzs: 2 } }),
    "'maxAzs' cannot be used together with 'availabilityZones'; the VPC spans the zones that are listed: remove one of the two [Stack/Orders/Network]"],
  ['the old name of the retention of flow logs', () => ({ network: { flowLogRetention: 30 } as NetworkOptions }),
    "'flowLogRetention' is now 'logRetention'; rename it [Stack/Orders/Network]"],
  ['more NAT gateways than zones', () => ({ network: { egress: NetworkEgress.natGateways(3) } }),
    "'egress' must have a whole number of NAT gateways from 1 to 2, got 3; the VPC has at most one NAT gateway per availability zone; "
    + 'for a VPC without NAT gateways, use NetworkEgress.privateEndpoints() [Stack/Orders/Network]'],
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
    "'network.loadBalancerSubnets' must be public, got a VPC without public subnets; give another VPC, "
    + "or set 'loadBalancer.internetFacing: false' for a load balancer in the subnets of the tasks [Stack/Orders/Service/LoadBalancer]"],
  ['an internal load balancer in one zone', (stack) => ({
    network: { vpc: new ec2.Vpc(stack, 'Given', { maxAzs: 1 }) }, service: { loadBalancer: { internetFacing: false } },
  }), /^'network.taskSubnets' must span two availability zones, got \[".*"\]; a load balancer needs two: choose other subnets or another VPC \[Stack\/Orders\/Service\/LoadBalancer\]$/],

  ['a variable that is not set', service({ environment: { LEVEL: process.env.NOT_SET! } }),
    "'environment.LEVEL' must have a value, got none; is the variable that you read from process.env set? [Stack/Orders/Service]"],
  ...['A=B', 'my var', ''].map((name): Case => [`a variable named ${JSON.stringify(name)}`, service({ environment: { [name]: 'x' } }),
    `'environment' must name variables without '=' and white space, got ${JSON.stringify(name)} [Stack/Orders/Service]`]),
  ['no hook', service({ release: { hooks: DeploymentHooks.fromFunctions({}) } }),
    "'release.hooks' must contain at least one function, got none; no release would be tested: give one or leave it out [Stack/Orders/Service]"],
  ['the VPC of a network with endpoints', (stack) => ({
    network: { vpc: new Network(stack, 'Shared', { egress: NetworkEgress.privateEndpoints() }).vpc },
  }), "'vpc' must not belong to a Network with private endpoints, got the VPC of Stack/Shared, whose endpoints would reject these tasks; "
    + 'pass that Network to ContainerPlatform instead [Stack/Orders/Network]'],

  // the name and the test listener
  ['a name without a zone', () => ({ service: { loadBalancer: { domainName: 'orders.example.com' } } }),
    "'loadBalancer.domainName' and 'loadBalancer.hostedZone' must be given together, got 'domainName' alone; the zone receives the record of the name: give both or neither [Stack/Orders/Service]"],
  ['a zone without a name', (stack) => ({ service: { loadBalancer: { hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' and 'loadBalancer.hostedZone' must be given together, got 'hostedZone' alone; the zone receives the record of the name: give both or neither [Stack/Orders/Service]"],
  ['a name of another zone', (stack) => ({ service: { loadBalancer: { domainName: 'orders.example.org', hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' must be in the zone \"example.com\", got \"orders.example.org\"; give a name that ends with it or another 'hostedZone' [Stack/Orders/Service]"],
  ['a name that only looks like one of the zone', (stack) => ({ service: { loadBalancer: { domainName: 'ordersexample.com', hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' must be in the zone \"example.com\", got \"ordersexample.com\"; give a name that ends with it or another 'hostedZone' [Stack/Orders/Service]"],
  ...['Orders.example.com', 'orders_1.example.com', 'https://orders.example.com', 'orders.example.com.', '', `${'a'.repeat(64)}.example.com`, `${'a.'.repeat(125)}example.com`].map((domainName): Case => [
    `the name ${JSON.stringify(domainName)}`, (stack) => ({ service: { loadBalancer: { domainName, hostedZone: zone(stack) } } }),
    `'loadBalancer.domainName' must be a name in lower case such as 'orders.example.com', got ${JSON.stringify(domainName)} [Stack/Orders/Service]`,
  ]),
  ['a name that is too long for a certificate', (stack) => ({ service: { loadBalancer: { domainName: `${'a'.repeat(30)}.${'b'.repeat(30)}.example.com`, hostedZone: zone(stack) } } }),
    "'loadBalancer.domainName' must be at most 64 characters long without a 'certificate', got 73; "
    + 'the first name of a certificate allows no more: give your own certificate [Stack/Orders/Service]'],
  ['a certificate that nobody could prove', (stack) => ({
    service: {
      loadBalancer: {
        domainName: 'orders.example.com',
        hostedZone: new route53.PrivateHostedZone(stack, 'Private', { zoneName: 'example.com', vpc: importedVpc(stack) }),
      },
    },
  }), "'loadBalancer.certificate' must be given with a private 'hostedZone', got none for \"orders.example.com\"; "
    + 'ACM validates a new certificate over the internet, so the stack would wait for hours [Stack/Orders/Service]'],
  ['a certificate that nobody could prove, in a zone that is private by its VPCs', (stack) => ({
    service: {
      loadBalancer: {
        domainName: 'orders.example.com',
        hostedZone: new route53.HostedZone(stack, 'Private', { zoneName: 'example.com', vpcs: [importedVpc(stack)] }),
      },
    },
  }), /^'loadBalancer\.certificate' must be given with a private 'hostedZone', got none for "orders.example.com";.* \[Stack\/Orders\/Service\]$/],
  ['subnets for a load balancer that stands elsewhere', () => ({
    network: {
      loadBalancerSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    },
    service: { loadBalancer: { internetFacing: false } },
  }), "'network.loadBalancerSubnets' cannot be used together with 'service.loadBalancer.internetFacing: false'; "
    + 'an internal load balancer is in the subnets of the tasks: remove one of the two [Stack/Orders]'],
  ['a service revision that is known at deployment only', () => ({ service: { serviceRevision: Token.asNumber({ Ref: 'Revision' }) } }),
    "'serviceRevision' must be known at synth, got a token; it becomes part of the service's id: give a plain number [Stack/Orders/Service]"],
  ...[80, 443].map((port): Case => [`a test listener on port ${port}`, testListener(port, ['10.0.0.0/16']),
    `'release.testListener.port' must not be 80 or 443, got ${port}; production uses them, now or after a certificate has been added: give a free port such as 9000 [Stack/Orders/Service]`]),
  ...[0, 65536, 1.5].map((port): Case => [`a test listener on port ${port}`, testListener(port, ['10.0.0.0/16']),
    `'release.testListener.port' must be a whole number from 1 to 65535, got ${port}; give a free port such as 9000 [Stack/Orders/Service]`]),
  ['a test listener for nobody', testListener(9000, []), "'release.testListener' must allow at least one address range, got []; "
    + "give one, as in DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']) [Stack/Orders/Service]"],
  ...['0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/7'].map((cidr): Case => [`a test listener for ${cidr}`, testListener(9000, ['10.0.0.0/8', cidr]),
    `'release.testListener' must not be open to the internet, got ${JSON.stringify(cidr)}; it serves releases before they are approved: give ranges of /8 or narrower [Stack/Orders/Service]`]),
  ...['::/0', '10.0.0.0', '10.0.0.0/33', '10.0.0.256/32', 'office', ''].map((cidr): Case => [`a test listener for ${JSON.stringify(cidr)}`, testListener(9000, [cidr]),
    `'release.testListener' must allow IPv4 ranges, got ${JSON.stringify(cidr)}; give ranges such as '10.0.0.0/16', or '192.0.2.7/32' for one address [Stack/Orders/Service]`]),
  ['a test listener for a group on port 80', (stack) => ({
    service: { release: { testListener: DeploymentTestListener.fromSecurityGroup(80, ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')) } },
  }), /^'release.testListener.port' must not be 80 or 443, got 80;.* \[Stack\/Orders\/Service\]$/],
  ...[0, 2881].map((minutes): Case => [`an approval within ${minutes} minutes`, () => ({ service: { release: { deploymentApprovalWaitTime: Duration.minutes(minutes) } } }),
    `'release.deploymentApprovalWaitTime' must be a whole number of minutes from 1 to 2880, got ${Duration.minutes(minutes).toHumanString()}; `
    + 'CodeDeploy waits for at most 2 days; leave it out for a release without approval [Stack/Orders/Service]']),
  ...[0, 1000, 1.5].map((serviceRevision): Case => [`the service revision ${serviceRevision}`, () => ({ service: { serviceRevision } }),
    `'serviceRevision' must be a whole number from 1 to 999, got ${serviceRevision}; raise it by one to replace the service [Stack/Orders/Service]`]),
  ['an architecture that Fargate has not', () => ({ service: { cpuArchitecture: ecs.CpuArchitecture.of('RISCV') } }),
    "'cpuArchitecture' must be ecs.CpuArchitecture.X86_64 or ecs.CpuArchitecture.ARM64, got \"RISCV\"; Fargate has no other [Stack/Orders/Service]"],
  ['no requests to answer', () => ({ service: { scaling: { maxCapacity: 2, targetRequestsPerMinute: 0 } } }),
    /^'scaling.targetRequestsPerMinute' must be a whole number from 1 to \d+, got 0; it is what one task should answer in a minute \[Stack\/Orders\/Service\]$/],

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
  ['no image to keep', () => ({ platform: { maxImageCount: 0 } }),
    "'maxImageCount' must be a whole number from 1 to 1000, got 0; a rollback requires the images of previous releases [Stack/Orders/Platform]"],

  // container
  ...[[256, 1536], [512, 512], [512, 1500], [300, 1024], [16384, 1024]].map(([cpu, memoryLimitMiB]): Case => [
    `${cpu} CPU units with ${memoryLimitMiB} MiB`,
    service({ cpu, memoryLimitMiB }),
    `'cpu' and 'memoryLimitMiB' must be a size that Fargate has, got ${cpu} with ${memoryLimitMiB}; choose one of `
    + '256 with 512 or 1024 or 2048, 512 with 1024 to 4096 in steps of 1024, 1024 with 2048 to 8192 in steps of 1024, '
    + '2048 with 4096 to 16384 in steps of 1024, 4096 with 8192 to 30720 in steps of 1024, 8192 with 16384 to 61440 in steps of 4096, '
    + '16384 with 32768 to 122880 in steps of 8192 [Stack/Orders/Service]',
  ]),
  ...[0, 65536, 80.5, -1].map((containerPort): Case => [
    `port ${containerPort}`,
    service({ containerPort }),
    `'containerPort' must be a whole number from 1 to 65535, got ${containerPort}; give the port that the application listens on [Stack/Orders/Service]`,
  ]),
  ...['', 'my user', 'a:b:c'].map((user): Case => [`the user ${JSON.stringify(user)}`, service({ user }),
    `'user' must be a user such as '10001' or '10001:10001', got ${JSON.stringify(user)} [Stack/Orders/Service]`]),
  ...[['10001', 80], ['app', 1023], ['10001:0', 443], ['rooted', 80]].map(([user, containerPort]): Case => [
    `the user ${user} on port ${containerPort}`, service({ user: `${user}`, containerPort: Number(containerPort) }),
    `'containerPort' must be 1024 or more with a 'user' other than root, got ${containerPort} with "${user}"; on Fargate only root listens on a lower one: `
    + 'let the application listen on 8080, the load balancer listens on 80 or 443 all the same [Stack/Orders/Service]',
  ]),
  ['a shell in a container that cannot be written to', service({ readonlyRootFilesystem: true, enableExecuteCommand: true }),
    "'readonlyRootFilesystem' cannot be used together with 'enableExecuteCommand'; the agent of ECS Exec writes to the root file system: "
    + 'remove one of the two [Stack/Orders/Service]'],
  ...[0, 1.5, 1001].map((runs): Case => [`${runs} runs of the smoke test`,
    service({ release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'], reservedConcurrentExecutions: runs }) } }),
    `'release.hooks.smokeTest.reservedConcurrentExecutions' must be a whole number from 1 to 1000, got ${runs}; `
    + '2 are enough, for a release and for the weekly call [Stack/Orders/Service]']),
  ['an empty container name', service({ containerName: '' }),
    "'containerName' must not be empty, got \"\"; give a name such as 'app' or leave it out [Stack/Orders/Service]"],
  ['a container name that ECS refuses', service({ containerName: 'my app' }),
    "'containerName' must be 1 to 255 letters, digits, hyphens and underscores, got \"my app\" [Stack/Orders/Service]"],
  ['an empty command', service({ command: [] }), "'command' must not be empty, got []; leave it out to run the image's own command [Stack/Orders/Service]"],
  ['an empty entry point', service({ entryPoint: [] }),
    "'entryPoint' must not be empty, got []; leave it out to use the image's own entry point [Stack/Orders/Service]"],
  ['an empty word of the entry point', service({ entryPoint: [' '] }), "'entryPoint' must not be empty, got \" \"; remove the empty word [Stack/Orders/Service]"],
  ...['app', './app', '/my app', ''].map((workingDirectory): Case => [`the working directory ${JSON.stringify(workingDirectory)}`, service({ workingDirectory }),
    `'workingDirectory' must be an absolute path without white space, such as '/app', got ${JSON.stringify(workingDirectory)} [Stack/Orders/Service]`]),
  ['a container health check without a command', service({ containerHealthCheck: { command: [] } }),
    "'containerHealthCheck.command' must not be empty, got []; give a command such as ['curl -f http://localhost:8080/health || exit 1'] [Stack/Orders/Service]"],
  ['an empty word of the container health check', service({ containerHealthCheck: { command: ['CMD', ''] } }),
    "'containerHealthCheck.command' must not be empty, got \"\"; remove the empty word [Stack/Orders/Service]"],
  ['a container health check every 4 seconds', service({ containerHealthCheck: { command: ['true'], interval: Duration.seconds(4) } }),
    "'containerHealthCheck.interval' must be a whole number of seconds from 5 to 300, got 4 seconds; ECS allows no other value [Stack/Orders/Service]"],
  ['a container health check of a second', service({ containerHealthCheck: { command: ['true'], timeout: Duration.seconds(1) } }),
    "'containerHealthCheck.timeout' must be a whole number of seconds from 2 to 120, got 1 second; ECS allows no other value [Stack/Orders/Service]"],
  ['a start period of ten minutes', service({ containerHealthCheck: { command: ['true'], startPeriod: Duration.minutes(10) } }),
    "'containerHealthCheck.startPeriod' must be a whole number of seconds from 0 to 300, got 10 minutes; ECS allows no other value [Stack/Orders/Service]"],
  ['eleven retries', service({ containerHealthCheck: { command: ['true'], retries: 11 } }),
    "'containerHealthCheck.retries' must be a whole number from 1 to 10, got 11; ECS allows no other value [Stack/Orders/Service]"],
  ['half a second of grace', service({ healthCheckGracePeriod: Duration.millis(500) }),
    "'healthCheckGracePeriod' must be a whole number of seconds from 0 to 2147483647, got 500 millis; it is the time that a task has to become healthy [Stack/Orders/Service]"],
  ['an idle timeout of two hours', service({ loadBalancer: { idleTimeout: Duration.hours(2) } }),
    "'loadBalancer.idleTimeout' must be a whole number of seconds from 1 to 4000, got 2 hours; the load balancer allows no other value [Stack/Orders/Service]"],
  ['an empty word of the command', service({ command: ['run', ''] }), "'command' must not be empty, got \"\"; remove the empty word [Stack/Orders/Service]"],
  ['a variable that is a secret as well', (stack) => ({ service: { environment: { A: 'x', B: 'y' }, secrets: { B: secret(stack) } } }),
    "'environment' and 'secrets' must not name the same variable, got [\"B\"] in both; ECS refuses it: remove one of the two [Stack/Orders/Service]"],

  // load balancer
  ['a health timeout that is the interval', service({ healthCheck: { timeout: Duration.seconds(15) } }),
    "'healthCheck.timeout' must be below 'healthCheck.interval', got 15 seconds and 15 seconds; lower the timeout or raise the interval [Stack/Orders/Service]"],
  ['a health interval that is the timeout', service({ healthCheck: { interval: Duration.seconds(5) } }),
    "'healthCheck.timeout' must be below 'healthCheck.interval', got 5 seconds and 5 seconds; lower the timeout or raise the interval [Stack/Orders/Service]"],
  ['a health path without a slash', service({ healthCheck: { path: 'health' } }),
    "'healthCheck.path' must begin with '/' and contain no white space, got \"health\" [Stack/Orders/Service]"],
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
  ...[['loadBalancer', 'internetFacing'], ['loadBalancer', 'preserveHostHeader']].map(([group, option]): Case => [`a text for ${option}`,
    () => ({ service: { [group]: { [option]: 'false' } } }), new RegExp(`^'${group}.${option}' must be true or false, got a value of type "string"; .* \\[Stack/Orders/Service\\]$`)]),
  ...['enabled', 'suspended'].map((option): Case => [`a text for ${option}`, () => ({ service: { release: { rollbackAlarms: { [option]: 'false' } } } }),
    new RegExp(`^'release.rollbackAlarms.${option}' must be true or false, got a value of type "string"; .* \\[Stack/Orders/Service\\]$`)]),
  ['one code of health as a number', service({ healthCheck: former({ healthyHttpCodes: 204 }) }),
    "'healthCheck.healthyHttpCodes' must be a text, got 204 [Stack/Orders/Service]"],
  ...['', '500', '2xx', '200;301', '200-299-300', '200,'].map((healthyHttpCodes): Case => [`the codes of health ${JSON.stringify(healthyHttpCodes)}`, service({ healthCheck: { healthyHttpCodes } }),
    `'healthCheck.healthyHttpCodes' must be codes from 200 to 499 such as '200-299' or '200,301', got ${JSON.stringify(healthyHttpCodes)} [Stack/Orders/Service]`]),
  ['codes of health from the higher to the lower', service({ healthCheck: { healthyHttpCodes: '200,299-201' } }),
    "'healthCheck.healthyHttpCodes' must have ranges from the lower to the higher code, got \"200,299-201\"; exchange the two codes [Stack/Orders/Service]"],
  ['a command that is a token', service({ command: Token.asList({ Ref: 'Words' }) }),
    "'command' must be a list that is known at synth, got a token; give a list, whose words may be tokens [Stack/Orders/Service]"],
  ...['NONE', 'CMD', 'CMD-SHELL'].map((keyword): Case => [`a container health check of ${keyword} alone`, service({ containerHealthCheck: { command: [keyword] } }),
    `'containerHealthCheck.command' must contain a command, got ["${keyword}"]; add the command after the keyword, or leave the option out [Stack/Orders/Service]`]),
  ['a health interval of 4 seconds', service({ healthCheck: { interval: Duration.seconds(4) } }),
    "'healthCheck.interval' must be a whole number of seconds from 5 to 300, got 4 seconds; the load balancer allows no other value [Stack/Orders/Service]"],
  ['a health timeout of a second', service({ healthCheck: { timeout: Duration.seconds(1) } }),
    "'healthCheck.timeout' must be a whole number of seconds from 2 to 120, got 1 second; the load balancer allows no other value [Stack/Orders/Service]"],
  ['one success to be healthy', service({ healthCheck: { healthyThresholdCount: 1 } }),
    "'healthCheck.healthyThresholdCount' must be a whole number from 2 to 10, got 1; the load balancer allows no other value [Stack/Orders/Service]"],
  ['eleven failures to be unhealthy', service({ healthCheck: { unhealthyThresholdCount: 11 } }),
    "'healthCheck.unhealthyThresholdCount' must be a whole number from 2 to 10, got 11; the load balancer allows no other value [Stack/Orders/Service]"],
  ['a deregistration of two hours', service({ loadBalancer: { deregistrationDelay: Duration.hours(2) } }),
    "'loadBalancer.deregistrationDelay' must be a whole number of seconds from 0 to 3600, got 2 hours; it is the time that a task has to finish its open requests [Stack/Orders/Service]"],
  ['no security group', service({ loadBalancer: { securityGroups: [] } }), "'loadBalancer.securityGroups' must not be empty, got []; leave it out to have a group created [Stack/Orders/Service]"],

  // release
  ...[0, 100, 12.5].map((percentage): Case => [
    `a canary of ${percentage} percent`,
    service({ release: { trafficShift: TrafficShift.canary(percentage, Duration.minutes(5)) } }),
    `'release.trafficShift.percentage' must be a whole number from 1 to 99, got ${percentage}; `
    + 'TrafficShift.canary shifts a part of the traffic; TrafficShift.allAtOnce() shifts all of it [Stack/Orders/Service/CodeDeploy]',
  ]),
  ['an interval of seconds', service({ release: { trafficShift: TrafficShift.linear(10, Duration.seconds(30)) } }),
    "'release.trafficShift.interval' must be a whole number of minutes from 1 to 2880, got 30 seconds; CodeDeploy counts in minutes [Stack/Orders/Service/CodeDeploy]"],
  ['a termination wait of three days', service({ release: { terminationWaitTime: Duration.days(3) } }),
    "'release.terminationWaitTime' must be a whole number of minutes from 0 to 2880, got 3 days; CodeDeploy keeps the old tasks for at most 2 days [Stack/Orders/Service]"],
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
  ['an alarm at no error', service({ release: { rollbackAlarms: { serverErrorThreshold: 0 } } }),
    "'release.rollbackAlarms.serverErrorThreshold' must be a whole number from 1 to 9007199254740991, got 0; the alarm enters ALARM at this number [Stack/Orders/Service]"],
  ['an alarm at half a host', service({ release: { rollbackAlarms: { unhealthyHostThreshold: 0.5 } } }),
    "'release.rollbackAlarms.unhealthyHostThreshold' must be a whole number from 1 to 9007199254740991, got 0.5; the alarm enters ALARM at this number [Stack/Orders/Service]"],

  ['an alarm at no latency', service({ release: { rollbackAlarms: { latencyThreshold: Duration.seconds(0) } } }),
    "'release.rollbackAlarms.latencyThreshold' must be a whole number of milliseconds from 1 to 3600000, got 0 seconds; "
    + 'the alarm enters ALARM at this response time [Stack/Orders/Service]'],

  // scaling
  ['fewer tasks at most than at least', service({ scaling: { minCapacity: 3, maxCapacity: 2 } }),
    "'scaling.minCapacity' must not be above 'scaling.maxCapacity', got 3 and 2; raise the latter [Stack/Orders/Service]"],
  ['no task', service({ scaling: { minCapacity: 0, maxCapacity: 2 } }),
    "'scaling.minCapacity' must be a whole number from 1 to 5000, got 0; an ECS service has no more than 5000 tasks [Stack/Orders/Service]"],
  ['all of the CPU', service({ scaling: { maxCapacity: 2, targetCpuUtilizationPercent: 100 } }),
    "'scaling.targetCpuUtilizationPercent' must be a whole number from 1 to 99, got 100; it is the average use that scaling keeps [Stack/Orders/Service]"],
  ['none of the memory', service({ scaling: { maxCapacity: 2, targetMemoryUtilizationPercent: 0 } }),
    "'scaling.targetMemoryUtilizationPercent' must be a whole number from 1 to 99, got 0; it is the average use that scaling keeps [Stack/Orders/Service]"],
  ['a pause of two days before more tasks', service({ scaling: { maxCapacity: 2, scaleOutCooldown: Duration.days(2) } }),
    "'scaling.scaleOutCooldown' must be a whole number of seconds from 0 to 86400, got 2 days; it is the pause after a change [Stack/Orders/Service]"],
  ['a pause of two days', service({ scaling: { maxCapacity: 2, scaleInCooldown: Duration.days(2) } }),
    "'scaling.scaleInCooldown' must be a whole number of seconds from 0 to 86400, got 2 days; it is the pause after a change [Stack/Orders/Service]"],

  // pipeline
  ['former names of pipeline options', pipeline(former({ artifactAccessLogs: 'x', buildLogRetention: 7 })),
    "'artifactAccessLogs' is now 'artifactAccessLogsBucket', 'buildLogRetention' is now 'logRetention'; rename them [Stack/Orders/Pipeline]"],
  ['the former name of the Python version', python(former({ version: '3.12' })),
    "'version' is now 'python.pythonVersion'; rename it [Stack/Orders/Pipeline]"],
  ['a version of Python that the image lacks', python({ pythonVersion: '3.8' }),
    "'python.pythonVersion' must be a version that the build image aws/codebuild/amazonlinux-x86_64-standard:5.0 provides (3.9, 3.10, 3.11, 3.12, 3.13, 3.14), got \"3.8\"; "
    + "choose one of these, or another 'buildImage' [Stack/Orders/Pipeline]"],
  ['a version of Python that another image lacks', pipeline({ python: PythonProject.pip({ pythonVersion: '3.9' }), buildImage: codebuild.LinuxBuildImage.STANDARD_6_0 }),
    "'python.pythonVersion' must be a version that the build image aws/codebuild/standard:6.0 provides (3.10), got \"3.9\"; choose one of these, or another 'buildImage' [Stack/Orders/Pipeline]"],
  ['a patch level of Python', python({ pythonVersion: '3.12.1' }),
    "'python.pythonVersion' must be a version such as '3.12', without a patch level, got \"3.12.1\" [Stack/Orders/Pipeline]"],
  ['an image of another architecture', pipeline({ buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0 }),
    "'buildImage' must have the CPU architecture of the tasks, got \"aws/codebuild/amazonlinux-aarch64-standard:3.0\" for X86_64; "
    + 'pass a codebuild.LinuxBuildImage, or remove it [Stack/Orders/Pipeline]'],
  ['an x86 image for tasks on ARM64', () => ({
    service: { cpuArchitecture: ecs.CpuArchitecture.ARM64 },
    pipeline: {
      buildImage: codebuild.LinuxBuildImage.STANDARD_7_0,
    },
  }), "'buildImage' must have the CPU architecture of the tasks, got \"aws/codebuild/standard:7.0\" for ARM64; "
    + 'pass a codebuild.LinuxArmBuildImage, or remove it [Stack/Orders/Pipeline]'],
  ['a directory outside the repository', python({ directory: '../other' }),
    "'python.directory' must be a relative path without '..', got \"../other\"; the build sees the repository only [Stack/Orders/Pipeline]"],
  ['an absolute Dockerfile', python({ dockerfile: '/Dockerfile' }),
    "'python.dockerfile' must be a relative path without '..', got \"/Dockerfile\"; the build sees the repository only [Stack/Orders/Pipeline]"],
  ['an empty test directory', python({ testDirectory: ' ' }),
    "'python.testDirectory' must not be empty, got \" \"; give a path in the repository [Stack/Orders/Pipeline]"],
  ['no requirements file', python({ requirementsFiles: [] }),
    "'python.requirementsFiles' must not be empty, got []; remove it to use the default [Stack/Orders/Pipeline]"],
  ['an empty extra', python({ extras: [''] }), "'python.extras' must not be empty, got \"\"; remove the empty entry [Stack/Orders/Pipeline]"],
  ['a requirements file outside', python({ requirementsFiles: ['../r.txt'] }),
    "'python.requirementsFiles' must be a relative path without '..', got \"../r.txt\"; the build sees the repository only [Stack/Orders/Pipeline]"],
  ['a test requirements file outside', python({ testRequirementsFiles: ['/r.txt'] }),
    "'python.testRequirementsFiles' must be a relative path without '..', got \"/r.txt\"; the build sees the repository only [Stack/Orders/Pipeline]"],
  ['a context outside', python({ imageContext: '..' }),
    "'python.imageContext' must be a relative path without '..', got \"..\"; the build sees the repository only [Stack/Orders/Pipeline]"],
  ['an argument that Docker does not take', python({ buildArguments: { 'A B': 'c' } }),
    "'python.buildArguments' must have names of letters, digits and underscores, got [\"A B\"]; rename them here and in the Dockerfile [Stack/Orders/Pipeline]"],
  ['no group', pipeline({ python: PythonProject.uv({ groups: [] }) }),
    "'python.groups' must not be empty, got []; remove it to use the default [Stack/Orders/Pipeline]"],
  ['an index with a password', python({ indexUrl: 'https://user:password@pypi.example.com/simple' }),
    "'python.indexUrl' must be an address without credentials, such as 'https://pypi.example.com/simple', "
    + 'got "https://user:password@pypi.example.com/simple" [Stack/Orders/Pipeline]'],
  ['a version of uv that is none', pipeline({ python: PythonProject.uv({ uvVersion: 'latest' }) }),
    "'python.uvVersion' must be a version such as '0.13.9', got \"latest\" [Stack/Orders/Pipeline]"],
  ['a version of Poetry that is none', pipeline({ python: PythonProject.poetry({ poetryVersion: '^2' }) }),
    "'python.poetryVersion' must be a version such as '2.1.3', got \"^2\" [Stack/Orders/Pipeline]"],
  ['an empty test command', pipeline({ testCommand: ' ' }), "'testCommand' must not be empty, got \" \"; remove it to run pytest [Stack/Orders/Pipeline]"],
  ['a severity that bandit does not know', gates({ banditSeverity: FindingSeverity.CRITICAL }),
    "'gates.banditSeverity' must be LOW, MEDIUM or HIGH, got CRITICAL; bandit does not rate findings as critical: use FindingSeverity.HIGH [Stack/Orders/Pipeline]"],
  ['an empty name of a vulnerability', gates({ ignoredVulnerabilities: [''] }),
    "'gates.ignoredVulnerabilities' must not be empty, got \"\"; remove the empty entry [Stack/Orders/Pipeline]"],
  ['a source of advisories without a valid URL', gates({ advisorySource: AdvisorySource.osv({ url: 'osv.example.com' }) }),
    "'gates.advisorySource.url' must be a URL such as 'https://osv.example.com/v1/query', got \"osv.example.com\" [Stack/Orders/Pipeline]"],
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
  ...[[['bandit'], 'an array'], ['bandit', '"bandit"'], [false, 'false'], [AdvisorySource.pypi(), 'an instance of PipAuditSource']].map(([given, got]): Case => [
    `gates that are ${got}`, gates(given as QualityGateOptions), `'gates' must be an object with options, got ${got} [Stack/Orders/Pipeline]`,
  ]),
  ...[
    ['requireTests', "pass a minimum of coverage as 'gates.minimumCoverage'"],
    ['bandit', "pass the severity as 'gates.banditSeverity'"],
    ['imageScan', "pass the severity as 'gates.imageScanSeverity'"],
    ['sbom', 'it has no settings'],
  ].map(([gate, remedy]): Case => [`the gate ${gate} as a text`, gates(former({ [gate]: 'false' })),
    `'gates.${gate}' must be true or false, got a value of type "string"; ${remedy} [Stack/Orders/Pipeline]`]),
  ['an approval as a text', pipeline(former({ manualApproval: 'false' })),
    "'manualApproval' must be true or false, got a value of type \"string\"; the approval has no settings [Stack/Orders/Pipeline]"],
  ['a source of advisories by its former name', gates(former({ dependencyAudit: AdvisorySource.osv() })),
    "'gates.dependencyAudit' must be true or false, got a value of type \"object\"; pass a source of advisories as 'gates.advisorySource' [Stack/Orders/Pipeline]"],
  ['a field of a secret without a name', (stack) => ({
    pipeline: {
      dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', 'hub'), { passwordField: '' }),
    },
  }), "'dockerHub.passwordField' must not be empty, got \"\"; give the name of a field [Stack/Orders/Pipeline]"],
  ['a prefix of a rule with a slash', pipeline({ dockerHub: DockerHubCredentials.pullThroughCache({ repositoryPrefix: 'hub/' }) }),
    "'dockerHub.repositoryPrefix' must be the prefix of a rule such as 'docker-hub', got \"hub/\" [Stack/Orders/Pipeline]"],
  ['an argument of the Dockerfile with a hyphen', pipeline({ dockerHub: DockerHubCredentials.pullThroughCache({ buildArgument: 'a-b' }) }),
    "'dockerHub.buildArgument' must be the name of an argument of the Dockerfile, got \"a-b\" [Stack/Orders/Pipeline]"],
  ['a coverage of nothing', pipeline({ gates: { minimumCoverage: 0 } }),
    "'gates.minimumCoverage' must be a whole number from 1 to 100, got 0; remove it to let the project's own configuration decide [Stack/Orders/Pipeline]"],
  ['a variable of the build\'s own', pipeline({ environmentVariables: { IMAGE: { value: 'x' } } }),
    /^'environmentVariables' must not contain variables that the build sets itself \(PROJECT_DIRECTORY, .*, IMAGE_SCAN_SEVERITY\), got \["IMAGE"\]; choose other names \[Stack\/Orders\/Pipeline\]$/],
  ['an empty command of the build', pipeline({ installCommands: [''] }),
    "'installCommands' must not be empty, got \"\"; remove the empty entry [Stack/Orders/Pipeline]"],
  ['artifacts for half a day', pipeline({ artifactRetention: Duration.hours(12) }),
    "'artifactRetention' must be a whole number of days from 1 to 3650, got 12 hours; a stopped pipeline needs its artifacts for some days [Stack/Orders/Pipeline]"],
  ['an empty parameter name', dockerHub(''), "'dockerHub.usernameParameterName' must not be empty, got \"\"; give the name of a parameter [Stack/Orders/Pipeline]"],
  ['a parameter name that is known at deployment only', dockerHub('/u', Token.asString({ Ref: 'Name' })),
    "'dockerHub.passwordParameterName' must be known at synthesis, got a token; whether it begins with '/' decides the parameter's ARN, "
    + 'so give a plain text [Stack/Orders/Pipeline]'],
  ['an empty branch', pipeline({ source: PipelineSource.codeCommit({ branch: '' }) }),
    "'source.branch' must not be empty, got \"\"; give a branch such as 'main' or leave it out [Stack/Orders/Pipeline/Source]"],
  ['a seed for a repository that exists', (stack) => ({
    pipeline: { source: PipelineSource.codeCommit({ repository: codecommit.Repository.fromRepositoryName(stack, 'Existing', 'existing'), seedDirectory: '.' }) },
  }), "'source.seedDirectory' cannot be used together with 'source.repository'; only a new repository can be seeded: remove one of the two [Stack/Orders/Pipeline/Source]"],
  ['a seed that is missing', pipeline({ source: PipelineSource.codeCommit({ seedDirectory: '/no/such/directory' }) }),
    "'source.seedDirectory' must be a directory, got \"/no/such/directory\", which is /no/such/directory; "
    + 'pass a path relative to the working directory of the app, or an absolute path [Stack/Orders/Pipeline/Source]'],
  ...['*', 'feature/*', 'refs/heads/main', 'my branch'].map((branch): Case => [`the branch ${branch}`, pipeline({ source: PipelineSource.codeCommit({ branch }) }),
    `'source.branch' must be the name of one branch such as 'main', got ${JSON.stringify(branch)} [Stack/Orders/Pipeline/Source]`]),
  ...['', 'github', 'arn:aws:codeconnections:eu-west-1:111111111111:host/1', 'arn:aws:codecommit:eu-west-1:111111111111:orders'].map((connectionArn): Case => [
    `the connection ${JSON.stringify(connectionArn)}`, connection({ connectionArn }),
    '\'source.connectionArn\' must be the ARN of a connection such as \'arn:aws:codeconnections:eu-west-1:111111111111:connection/1a2b3c4d\', '
    + `got ${JSON.stringify(connectionArn)} [Stack/Orders/Pipeline/Source]`,
  ]),
  ...['', ' ', '/acme', 'acme/', 'https://github.com/acme'].map((owner): Case => [`the owner ${JSON.stringify(owner)}`, connection({ owner }),
    `'source.owner' must be a user, an organization or a group such as 'acme' or 'acme/web', got ${JSON.stringify(owner)} [Stack/Orders/Pipeline/Source]`]),
  ...['', ' ', 'acme/orders', 'orders.git'].map((repo): Case => [`the repository ${JSON.stringify(repo)}`, connection({ repo }),
    `'source.repo' must be the name of a repository without its owner and '.git', such as 'orders', got ${JSON.stringify(repo)} [Stack/Orders/Pipeline/Source]`]),
  ['an empty branch behind a connection', connection({ branch: ' ' }),
    "'source.branch' must not be empty, got \" \"; give a branch such as 'main' or leave it out [Stack/Orders/Pipeline/Source]"],
  ...[[], Array(9).fill('*')].map((filePaths): Case => [`${filePaths.length} paths`, connection({ filePaths }),
    `'source.filePaths' must contain 1 to 8 patterns, got ${filePaths.length}; `
    + 'a CodePipeline trigger accepts no more: use wider patterns, or remove it to release every push [Stack/Orders/Pipeline/Source]']),
  ['an empty path', connection({ filePaths: ['app/**', ''] }),
    "'source.filePaths' must not be empty, got \"\"; remove the empty pattern [Stack/Orders/Pipeline/Source]"],
  ['a path that a trigger does not take', connection({ filePaths: ['a'.repeat(256)] }),
    `'source.filePaths' must contain patterns of at most 255 characters, got 256 in "${'a'.repeat(256)}"; `
    + 'a CodePipeline trigger accepts no longer patterns: use a shorter one [Stack/Orders/Pipeline/Source]'],
  ...['git.example.com', 'https://git.example.com/{owner}/{repo}', 'http://git.example.com/{commit}'].map((commitUrl): Case => [
    `the host ${commitUrl}`, connection({ host: GitHost.of(commitUrl) }),
    "'source.host' must have the URL of a commit's page with {commit}, such as 'https://git.example.com/{owner}/{repo}/commit/{commit}', "
    + `got ${JSON.stringify(commitUrl)} [Stack/Orders/Pipeline/Source]`,
  ]),
  ...['', '*.zip', 'orders/?.zip', 'a'.repeat(513)].map((key): Case => [`the key ${JSON.stringify(key.slice(0, 20))}`, archive(key),
    "'source.key' must be the key of one object such as 'orders/source.zip', at most 512 characters long and without '*' and '?', "
    + `got ${JSON.stringify(key)} [Stack/Orders/Pipeline/Source]`]),

  // alerts
  ...['devops', 'a@b@c', 'de vops@example.com', '@example.com'].map((address): Case => [
    `e-mail address ${address}`,
    email(address),
    `'channels.email' must be an address with one @, got ${JSON.stringify(address)}; pass one address such as devops@example.com to AlertChannel.email [Stack/Orders/Alerts]`,
  ]),
  ['an empty e-mail address', email(''), "'channels.email' must not be empty, got \"\"; give an address such as devops@example.com [Stack/Orders/Alerts]"],
  ['the same address twice', () => ({ alerts: { channels: [AlertChannel.email('Ops@example.com'), AlertChannel.email('ops@example.com')] } }),
    "'channels' must not contain the same channel twice, got \"email ops@example.com\" again; remove one of the two [Stack/Orders/Alerts]"],
  ['the topic as its own channel', (stack) => {
    const topic = sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111111111111:given');
    return { alerts: { topic, channels: [AlertChannel.topic(topic)] } };
  }, "'channels' must not contain the same channel twice, got \"topic arn:aws:sns:eu-west-1:111111111111:given\" again; remove one of the two [Stack/Orders/Alerts]"],
  ...['notifyOnSuccess', 'notifyOnApproval', 'failureDetails', 'keepUndelivered'].map((prop): Case => [`${prop} as a text`, alerts(former({ [prop]: 'false' })),
    `'${prop}' must be true or false, got a value of type "string"; it has no settings [Stack/Orders/Alerts]`]),
  ['alerts with the former name of their pipeline', alerts(former({ pipeline: {}, ignoreFirstExecution: true })),
    "'pipeline' is now 'codePipeline', 'ignoreFirstExecution' is now 'firstExecutionMayFail'; rename them [Stack/Orders/Alerts]"],
  ['the name of a chat instead of its id', () => ({ alerts: { channels: [AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: '#alerts' })] } }),
    "'channels.channelId' must be the id of a Slack channel, such as C07EA123LEP, not its name, known at synthesis, got \"#alerts\"; copy it from the chat "
    + '[Stack/Orders/Alerts]'],
  ['a severity of image scans that are not reported', alerts({ notifyOnImageScan: false, imageScanSeverity: FindingSeverity.HIGH }),
    "'imageScanSeverity' cannot be used together with 'notifyOnImageScan: false'; remove one of the two [Stack/Orders/Alerts]"],
  ['a severity by its former name', alerts(former({ notifyOnImageScan: FindingSeverity.HIGH })),
    "'notifyOnImageScan' must be true or false, got a value of type \"object\"; pass the severity as 'imageScanSeverity' [Stack/Orders/Alerts]"],
  ['more topics than EventBridge reaches', (stack) => ({
    alerts: { channels: ['One', 'Two', 'Three', 'Four'].map((id) => AlertChannel.topic(new sns.Topic(stack, id))) },
  }), "'channels' must contain at most 3 topics beside the topic of the alerts, where all chats share one, got more; EventBridge sends an event to at most "
    + 'five targets: subscribe the other receivers to one of these topics [Stack/Orders/Alerts]'],
];

test.each(CASES)('fails with %s', (_problem, props, message) => {
  const stack = createStack();
  const given = props(stack);
  let thrown: unknown;
  try {
    new BlueGreenPythonPipeline(stack, 'Orders', given);
  } catch (error) {
    thrown = error;
  }
  const { message: actual } = thrown as Error;
  expect(typeof message === 'string' ? actual : message.test(actual)).toBe(typeof message === 'string' ? message : true);
});

test('fails with an imported platform whose cluster is in another VPC', () => {
  const stack = createStack();
  expect(() => ContainerPlatform.fromContainerPlatformAttributes(stack, 'Platform', {
    network: Network.fromNetworkAttributes(stack, 'Network', { vpc: importedVpc(stack) }),
    cluster: ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc: importedVpc(stack, 'Other', 'vpc-99999999') }),
    repository: ecr.Repository.fromRepositoryName(stack, 'Repository', 'shared'),
  })).toThrow("'cluster' must be in the network's VPC");
});

describe('a source that is elsewhere', () => {
  const createStackHere = () => createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });

  test.each<[string, string, string]>([
    ['account', 'arn:aws:codecommit:eu-west-1:222222222222:shared', '"222222222222" and "eu-west-1"'],
    ['region', 'arn:aws:codecommit:us-east-1:111111111111:shared', '"111111111111" and "us-east-1"'],
  ])('fails with a repository of another %s', (_place, arn, place) => {
    const stack = createStackHere();
    const source = PipelineSource.codeCommit({ repository: codecommit.Repository.fromRepositoryArn(stack, 'Shared', arn) });
    expect(() => new BlueGreenPythonPipeline(stack, 'Orders', { pipeline: { source } })).toThrow(
      `'source.repository' must be in the pipeline's account and region, got one in ${place} for a pipeline in "111111111111" and "eu-west-1"; `
      + 'mirror it into a repository here [Stack/Orders/Pipeline/Source]');
  });

  test('fails with a bucket of another region', () => {
    const stack = createStackHere();
    const bucket = s3.Bucket.fromBucketAttributes(stack, 'Archives', { bucketName: 'archives', region: 'us-east-1' });
    expect(() => new BlueGreenPythonPipeline(stack, 'Orders', { pipeline: { source: PipelineSource.s3({ bucket, key: 'a.zip' }) } })).toThrow(
      "'source.bucket' must be in the pipeline's account and region, got one in \"111111111111\" and \"us-east-1\" "
      + 'for a pipeline in "111111111111" and "eu-west-1"; replicate the object into a bucket here [Stack/Orders/Pipeline/Source]');
  });
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
    alerts: { channels: [AlertChannel.email('a@b')], alarms: [cloudwatch.Alarm.fromAlarmName(stack, 'Alarm', 'alarm')] },
  })).not.toThrow();
});
