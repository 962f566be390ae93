import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as fc from 'fast-check';
import { baseOf, Given, network, OWN_IMAGE, PLAIN, Props, service } from './places';
import { BadValue, OptionRow, Row } from './row';
import { key, released, seconds, WITH_KEY, WITH_SMOKE_TEST } from './values';
import { BootstrapImage, DeploymentHooks, NetworkEgress } from '../../../src';
import { describeName } from '../../../src/private/errors';
import { importedVpc } from '../../helpers';

const backslash = (prop: string, shown: string) =>
  `'${prop}' must not contain a backslash, got ${shown}; use forward slashes, also if you synthesize on Windows [Stack/Orders/Service]`;
const NEXT_RELEASE = 'replaced: task definition; in place: build project';
const TARGET_GROUPS = 'in place: target group ×2';

const certificate = (stack: Stack, id: string): acm.ICertificate =>
  acm.Certificate.fromCertificateArn(stack, `Certificate${id}`, `arn:aws:acm:eu-west-1:111111111111:certificate/${id}`);
const zone = (stack: Stack, id = 'Z1'): route53.IHostedZone =>
  route53.PublicHostedZone.fromPublicHostedZoneAttributes(stack, id, { hostedZoneId: id, zoneName: 'example.com' });
const secret = (stack: Stack): ecs.Secret =>
  ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'token'));
const parameter = (stack: Stack): ecs.Secret =>
  ecs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/token' }));
const scalingWith = (bootstrapImage: BootstrapImage): Props => service({
  bootstrapImage, scaling: { minCapacity: 2, maxCapacity: 4 },
});

const withEndpoints = baseOf('PrivateEndpointsOptions') as Props;
const withCertificate: Given = (stack) => service({ loadBalancer: { certificate: certificate(stack, '1') } });
const withDomain: Given = (stack) => service({ loadBalancer: { domainName: 'orders.example.com', hostedZone: zone(stack) } });
const withRelease = service({ bootstrapImage: released('0') });
const secondService = service({ bootstrapImage: released('0'), serviceRevision: 2 });

const CONTAINER: (OptionRow | Row)[] = [
  {
    option: 'BlueGreenServiceOptions.containerName',
    default: "'app'",
    other: 'web',
    bad: [
      ['', "'containerName' must not be empty, got \"\"; use a name such as 'app', or remove the option [Stack/Orders/Service]"],
      ['my app', "'containerName' must be 1 to 255 letters, digits, hyphens, and underscores, got \"my app\" [Stack/Orders/Service]"],
    ],
    effect: `refused by ECS: ECS service (LoadBalancers); ${NEXT_RELEASE}, image marks' state machine`,
    drawn: fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/),
  },
  {
    option: 'BlueGreenServiceOptions.containerPort',
    default: '8080',
    other: 9000,
    bad: [0, 65536, 80.5, -1].map((port): BadValue => [port,
      `'containerPort' must be a whole number from 1 to 65535, got ${port}; use the port that the application listens on [Stack/Orders/Service]`]),
    effect: 'refused by ECS: ECS service (LoadBalancers); replaced: task definition; deleted: security group rule ×2; '
      + 'created: security group rule ×2; in place: build project',
    drawn: fc.integer({ min: 1, max: 65535 }),
  },
  {
    option: 'BlueGreenServiceOptions.cpu',
    beside: service({ memoryLimitMiB: 2048 }),
    default: '512',
    other: 1024,
    effect: NEXT_RELEASE,
  },
  {
    option: 'BlueGreenServiceOptions.memoryLimitMiB',
    default: '1024',
    other: 2048,
    effect: NEXT_RELEASE,
    // Fargate has certain pairs only: the property tests draw those
    drawn: false,
  },
  {
    option: 'BlueGreenServiceOptions.cpuArchitecture',
    default: 'ecs.CpuArchitecture.X86_64',
    other: ecs.CpuArchitecture.ARM64,
    bad: [[ecs.CpuArchitecture.of('RISCV'),
      "'cpuArchitecture' must be ecs.CpuArchitecture.X86_64 or ecs.CpuArchitecture.ARM64, got \"RISCV\"; Fargate supports no other [Stack/Orders/Service]"]],
    effect: NEXT_RELEASE,
  },
  {
    option: 'BlueGreenServiceOptions.command',
    other: ['run'],
    bad: [
      [[], "'command' must not be empty, got []; remove the option to run the command of the image [Stack/Orders/Service]"],
      [['run', ''], "'command' must not be empty, got \"\"; remove the empty string [Stack/Orders/Service]"],
      [Token.asList({ Ref: 'Words' }),
        "'command' must be a list that is known at synth, got a token; set a list, whose items may be tokens [Stack/Orders/Service]"],
    ],
    effect: 'in place: build project',
    drawn: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }).filter((words) => words.every((word) => word.trim() !== '')),
  },
  {
    option: 'BlueGreenServiceOptions.entryPoint',
    other: ['/entry.sh'],
    bad: [
      [[], "'entryPoint' must not be empty, got []; remove the option to use the entry point of the image [Stack/Orders/Service]"],
      [[' '], "'entryPoint' must not be empty, got \" \"; remove the empty string [Stack/Orders/Service]"],
    ],
    effect: 'in place: build project',
    drawn: fc.constant(['sh', '-c']),
  },
  {
    option: 'BlueGreenServiceOptions.workingDirectory',
    other: '/app',
    bad: [
      ...['app', './app', '/my app', ''].map((directory): BadValue => [directory,
        `'workingDirectory' must be an absolute path without white space, such as '/app', got ${JSON.stringify(directory)} [Stack/Orders/Service]`]),
      ...['\\app', '/app\\web', 'C:\\app'].map((directory): BadValue => [directory, backslash('workingDirectory', JSON.stringify(directory))]),
    ],
    effect: 'in place: build project',
    drawn: fc.constant('/srv/orders'),
  },
  {
    option: 'BlueGreenServiceOptions.containerHealthCheck',
    other: { command: ['true'] },
    bad: [
      [{ command: [] }, "'containerHealthCheck.command' must not be empty, got []; set a command such as "
        + "['curl -f http://localhost:8080/health || exit 1'] [Stack/Orders/Service]"],
      ...[['bin\\check.sh --fast'], ['CMD', '\\app\\check'], ['CMD-SHELL', '.\\check.sh || exit 1'], ['\\app\\check', '-v']].map((command): BadValue => [{ command },
        backslash('containerHealthCheck.command', 'a string')]),
      [{ command: ['CMD', ''] }, "'containerHealthCheck.command' must not be empty, got \"\"; remove the empty string [Stack/Orders/Service]"],
      [{ command: ['true'], interval: Duration.seconds(4) },
        "'containerHealthCheck.interval' must be a whole number of seconds from 5 to 300, got 4 seconds; ECS allows no other value [Stack/Orders/Service]"],
      [{ command: ['true'], timeout: Duration.seconds(1) },
        "'containerHealthCheck.timeout' must be a whole number of seconds from 2 to 120, got 1 second; ECS allows no other value [Stack/Orders/Service]"],
      [{ command: ['true'], startPeriod: Duration.minutes(10) },
        "'containerHealthCheck.startPeriod' must be a whole number of seconds from 0 to 300, got 10 minutes; ECS allows no other value [Stack/Orders/Service]"],
      [{ command: ['true'], retries: 11 },
        "'containerHealthCheck.retries' must be a whole number from 1 to 10, got 11; ECS allows no other value [Stack/Orders/Service]"],
      ...['NONE', 'CMD', 'CMD-SHELL'].map((keyword): BadValue => [{ command: [keyword] },
        `'containerHealthCheck.command' must contain a command, got ["${keyword}"]; add the command after the keyword, or remove 'containerHealthCheck' [Stack/Orders/Service]`]),
    ],
    effect: 'in place: build project',
    drawn: fc.constant({ command: ['CMD', 'python', 'health.py'], retries: 5 }),
  },
  {
    option: 'BlueGreenServiceOptions.healthCheckGracePeriod',
    same: Duration.minutes(5),
    other: Duration.minutes(10),
    bad: [[Duration.millis(500), "'healthCheckGracePeriod' must be a whole number of seconds from 0 to 2147483647, got 500 millis; "
      + 'this is the time that a task has to become healthy [Stack/Orders/Service]']],
    effect: 'refused by ECS: ECS service (HealthCheckGracePeriodSeconds)',
    drawn: seconds(0, 100_000),
  },
  {
    option: 'BlueGreenServiceOptions.environment',
    other: { LEVEL: 'debug' },
    change: 'none to a variable',
    bad: [
      [{ LEVEL: undefined }, "'environment.LEVEL' must have a value, got none; is the variable that you read from process.env set? [Stack/Orders/Service]"],
      ...['A=B', 'my var', ''].map((name): BadValue => [{ [name]: 'x' },
        `'environment' must name variables without '=' or white space, got ${describeName(name)} [Stack/Orders/Service]`]),
      [{ LEVEL: '{{resolve:ssm:/orders/level:2}}' }, /^'environment' must not contain dynamic references .*, got one for "LEVEL"; .*: use 'secrets' \[Stack\/Orders\/Service]$/],
    ],
    effect: NEXT_RELEASE,
    drawn: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,10}$/), fc.string(), { maxKeys: 4 }),
  },
  ['BlueGreenServiceOptions.secrets', 'none to a secret', PLAIN, (stack) => service({ secrets: { TOKEN: secret(stack) } })],
  ['BlueGreenServiceOptions.secrets', 'none to a secret, behind `NetworkEgress.privateEndpoints()`', withEndpoints,
    (stack) => ({ ...withEndpoints, service: { bootstrapImage: OWN_IMAGE, secrets: { TOKEN: secret(stack) } } })],
  ['BlueGreenServiceOptions.secrets', 'none to a parameter, behind `NetworkEgress.privateEndpoints()`', withEndpoints,
    (stack) => ({ ...withEndpoints, service: { bootstrapImage: OWN_IMAGE, secrets: { TOKEN: parameter(stack) } } })],
  {
    option: 'BlueGreenServiceOptions.bootstrapImage',
    same: BootstrapImage.publicPython(),
    other: OWN_IMAGE,
    change: '`BootstrapImage.publicPython()` to `BootstrapImage.fromImage(...)`',
    effect: 'replaced: task definition',
    // an isolated network requires another one than the default
    drawn: false,
  },
  ['BlueGreenServiceOptions.bootstrapImage', '`BootstrapImage.publicPython()` to `BootstrapImage.fromRelease(...)`', PLAIN, withRelease],
  ['BlueGreenServiceOptions.bootstrapImage', '`BootstrapImage.publicPython()` to `BootstrapImage.python(...)`', PLAIN,
    service({ bootstrapImage: BootstrapImage.python(ecs.ContainerImage.fromRegistry('registry.acme.example/python')) })],
  {
    option: 'BlueGreenServiceOptions.logRetention',
    default: 'logs.RetentionDays.ONE_MONTH',
    other: logs.RetentionDays.ONE_DAY,
    effect: "in place: container's log group",
    drawn: fc.constant(logs.RetentionDays.ONE_YEAR),
  },
];

const HEALTH_CHECK: (OptionRow | Row)[] = [
  {
    option: 'HealthCheckOptions.path',
    default: "'/'",
    other: '/health',
    bad: [
      ['health', "'healthCheck.path' must start with '/' and contain no white space, got \"health\" [Stack/Orders/Service]"],
      ['/health\\live', backslash('healthCheck.path', '"/health\\\\live"')],
    ],
    effect: TARGET_GROUPS,
    drawn: fc.constant('/a/b?c=d'),
  },
  {
    option: 'HealthCheckOptions.healthyHttpCodes',
    default: "'200'",
    other: '200-204',
    bad: [
      [204, "'healthCheck.healthyHttpCodes' must be a string, got 204 [Stack/Orders/Service]"],
      ...['', '500', '2xx', '200;301', '200-299-300', '200,'].map((codes): BadValue => [codes,
        `'healthCheck.healthyHttpCodes' must be status codes from 200 to 499, such as '200-299' or '200,301', got ${JSON.stringify(codes)} [Stack/Orders/Service]`]),
      ['200,299-201', "'healthCheck.healthyHttpCodes' must have ranges from the lower to the higher code, got \"200,299-201\"; "
        + 'swap the two codes [Stack/Orders/Service]'],
    ],
    effect: TARGET_GROUPS,
    drawn: fc.constant('200-299'),
  },
  {
    option: 'HealthCheckOptions.interval',
    default: 'Duration.seconds(15)',
    other: Duration.seconds(20),
    bad: [
      [Duration.seconds(4),
        "'healthCheck.interval' must be a whole number of seconds from 5 to 300, got 4 seconds; the load balancer allows no other value [Stack/Orders/Service]"],
      [Duration.seconds(5),
        "'healthCheck.timeout' must be shorter than 'healthCheck.interval', got 5 seconds (the default of 'healthCheck.timeout') and 5 seconds; lower the timeout or raise the interval [Stack/Orders/Service]"],
    ],
    effect: TARGET_GROUPS,
    // the timeout must be below it: the property tests draw both together
    drawn: false,
  },
  ['HealthCheckOptions.interval', '15 to 60 seconds, which raises the default grace period', PLAIN,
    service({ healthCheck: { interval: Duration.seconds(60) } })],
  ['HealthCheckOptions.interval', '15 to 60 seconds, with the deployed `healthCheckGracePeriod`', PLAIN,
    service({ healthCheck: { interval: Duration.seconds(60) }, healthCheckGracePeriod: Duration.minutes(5) })],
  {
    option: 'HealthCheckOptions.timeout',
    default: 'Duration.seconds(5)',
    other: Duration.seconds(10),
    bad: [
      [Duration.seconds(1),
        "'healthCheck.timeout' must be a whole number of seconds from 2 to 120, got 1 second; the load balancer allows no other value [Stack/Orders/Service]"],
      [Duration.seconds(15), "'healthCheck.timeout' must be shorter than 'healthCheck.interval', got 15 seconds and 15 seconds (the default of 'healthCheck.interval'); "
        + 'lower the timeout or raise the interval [Stack/Orders/Service]'],
    ],
    effect: TARGET_GROUPS,
    drawn: false,
  },
  {
    option: 'HealthCheckOptions.healthyThresholdCount',
    default: '5',
    other: 3,
    bad: [[1, "'healthCheck.healthyThresholdCount' must be a whole number from 2 to 10, got 1; the load balancer allows no other value [Stack/Orders/Service]"]],
    effect: TARGET_GROUPS,
    drawn: fc.integer({ min: 2, max: 10 }),
  },
  {
    option: 'HealthCheckOptions.unhealthyThresholdCount',
    default: '2',
    other: 3,
    bad: [[11, "'healthCheck.unhealthyThresholdCount' must be a whole number from 2 to 10, got 11; the load balancer allows no other value [Stack/Orders/Service]"]],
    effect: TARGET_GROUPS,
    drawn: fc.integer({ min: 2, max: 10 }),
  },
];

const LOAD_BALANCER: (OptionRow | Row)[] = [
  ['LoadBalancerOptions.certificate', 'none to one', PLAIN, withCertificate],
  ['LoadBalancerOptions.certificate', 'one to another', withCertificate, (stack) => service({ loadBalancer: { certificate: certificate(stack, '2') } })],
  ['LoadBalancerOptions.certificate', 'one to none', withCertificate, PLAIN],
  ['LoadBalancerOptions.domainName', 'none to a name, with a new certificate', PLAIN, withDomain],
  ['LoadBalancerOptions.domainName', 'none to a name, beside a `certificate`', withCertificate,
    (stack) => service({ loadBalancer: { domainName: 'orders.example.com', hostedZone: zone(stack), certificate: certificate(stack, '1') } })],
  ['LoadBalancerOptions.domainName', 'a name to another, with a certificate that was made', withDomain,
    (stack) => service({ loadBalancer: { domainName: 'shop.example.com', hostedZone: zone(stack) } })],
  ['LoadBalancerOptions.domainName', 'a name to none, with a certificate that was made', withDomain, PLAIN],
  ['LoadBalancerOptions.hostedZone', 'a zone to another, with a certificate that was made', withDomain,
    (stack) => service({ loadBalancer: { domainName: 'orders.example.com', hostedZone: zone(stack, 'Z2') } })],
  {
    option: 'LoadBalancerOptions.internetFacing',
    default: 'true',
    other: false,
    bad: [['false', /^'loadBalancer.internetFacing' must be true or false, got "false"; .* \[Stack\/Orders\/Service\]$/]],
    effect: 'refused by name: load balancer; refused by target group: production listener (LoadBalancerArn); '
      + "in place: CodeDeploy's role's policy, alarm ×4, deployment group, load balancer's security group",
  },
  ['LoadBalancerOptions.accessLogsBucket', 'none to a bucket', (stack) => { new s3.Bucket(stack, 'Logs'); return PLAIN; },
    (stack) => service({ loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Logs') } })],
  {
    option: 'LoadBalancerOptions.deregistrationDelay',
    default: 'Duration.seconds(30)',
    other: Duration.seconds(10),
    bad: [[Duration.hours(2), "'loadBalancer.deregistrationDelay' must be a whole number of seconds from 0 to 3600, got 2 hours; "
      + 'this is the time that a task has to finish its open requests [Stack/Orders/Service]']],
    effect: TARGET_GROUPS,
    drawn: seconds(0, 3600),
  },
  {
    option: 'LoadBalancerOptions.idleTimeout',
    default: 'Duration.seconds(60)',
    other: Duration.seconds(120),
    bad: [[Duration.hours(2),
      "'loadBalancer.idleTimeout' must be a whole number of seconds from 1 to 4000, got 2 hours; the load balancer allows no other value [Stack/Orders/Service]"]],
    effect: 'in place: load balancer',
    shows: { Key: 'idle_timeout.timeout_seconds', Value: '120' },
    drawn: seconds(1, 4000),
  },
  {
    option: 'LoadBalancerOptions.clientKeepAlive',
    other: Duration.hours(2),
    change: 'an hour, set by AWS, to 2 hours',
    bad: [59, 604_801].map((amount): BadValue => [Duration.seconds(amount), "'loadBalancer.clientKeepAlive' must be a whole number of seconds "
      + `from 60 to 604800, got ${Duration.seconds(amount).toHumanString()}; the load balancer allows no other value [Stack/Orders/Service]`]),
    effect: 'in place: load balancer',
    shows: { Key: 'client_keep_alive.seconds', Value: '7200' },
    drawn: seconds(60, 604_800),
  },
  {
    option: 'LoadBalancerOptions.preserveHostHeader',
    default: 'false',
    other: true,
    bad: [['false', /^'loadBalancer.preserveHostHeader' must be true or false, got "false"; .* \[Stack\/Orders\/Service\]$/]],
    effect: 'in place: load balancer',
    shows: { Key: 'routing.http.preserve_host_header.enabled', Value: 'true' },
  },
  ['LoadBalancerOptions.securityGroups', 'a new group to your own', PLAIN,
    (stack) => service({ loadBalancer: { securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-1')] } })],
];

const SERVICE_REVISION: (OptionRow | Row)[] = [
  {
    option: 'BlueGreenServiceOptions.serviceRevision',
    beside: withRelease,
    default: '1',
    other: 2,
    bad: [
      ...[0, 1000, 1.5].map((revision): BadValue => [revision,
        `'serviceRevision' must be a whole number from 1 to 999, got ${revision}; raise it by one to replace the service [Stack/Orders/Service]`]),
      [Token.asNumber({ Ref: 'Revision' }),
        "'serviceRevision' must be known at synth, got a token; it becomes part of the construct id of the service: set a plain number [Stack/Orders/Service]"],
    ],
    effect: "deleted: ECS service; created: ECS service; in place: CodeDeploy's role's policy, deployment group, image marks' role's policy, "
      + "image marks' state machine",
  },
  ['BlueGreenServiceOptions.serviceRevision', '2 to 1', secondService, withRelease],
  ['BlueGreenServiceOptions.serviceRevision', '2 to 3', secondService, service({ bootstrapImage: released('0'), serviceRevision: 3 })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with another `containerPort`', withRelease,
    service({ bootstrapImage: released('0'), serviceRevision: 2, containerPort: 9000 })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with another `containerName`', withRelease,
    service({ bootstrapImage: released('0'), serviceRevision: 2, containerName: 'web' })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with `enableExecuteCommand`', withRelease,
    service({ bootstrapImage: released('0'), serviceRevision: 2, enableExecuteCommand: true })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with other `taskSubnets`', withRelease, {
    ...service({ bootstrapImage: released('0'), serviceRevision: 2 }),
    ...network({ taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['dummy1a'] } }),
  }],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with `NetworkEgress.natGateways(1)` to `NetworkEgress.publicTasks()`', withRelease, {
    ...service({ bootstrapImage: released('0'), serviceRevision: 2 }), ...network({ egress: NetworkEgress.publicTasks() }),
  }],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with another `cluster`', (stack) => ({ ...network({ vpc: importedVpc(stack) }), ...withRelease }),
    (stack) => {
      const vpc = importedVpc(stack);
      const cluster = ecs.Cluster.fromClusterAttributes(stack, 'Own', { clusterName: 'own', vpc });
      return { ...network({ vpc }), platform: { cluster }, ...service({ bootstrapImage: released('0'), serviceRevision: 2 }) };
    }],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with `scaling`', scalingWith(released('0')),
    { service: { ...scalingWith(released('0')).service, serviceRevision: 2 } }],
];

export const SERVICE: (OptionRow | Row)[] = [
  ...CONTAINER,
  ...HEALTH_CHECK,
  ...LOAD_BALANCER,
  {
    option: 'BlueGreenServiceOptions.user',
    other: '10001',
    change: 'none to one',
    bad: ['', 'my user', 'a:b:c'].map((user): BadValue => [user,
      `'user' must be a user, or a user and a group, such as '10001' or '10001:10001': letters, digits, underscores, dots, and hyphens, got ${JSON.stringify(user)} [Stack/Orders/Service]`]),
    effect: NEXT_RELEASE,
    // it cannot listen on each port
    drawn: false,
  },
  {
    option: 'BlueGreenServiceOptions.readonlyRootFilesystem',
    default: 'false',
    other: true,
    effect: NEXT_RELEASE,
    // excludes ECS Exec
    drawn: false,
  },
  ['BlueGreenServiceOptions.encryptionKey', 'none to a key', WITH_KEY, (stack) => service({ encryptionKey: key(stack) })],
  ['BlueGreenServiceOptions.encryptionKey', 'none to a key, with a smoke test', (stack) => { key(stack); return WITH_SMOKE_TEST as Props; },
    (stack) => service({ encryptionKey: key(stack), release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'] }) } })],
  ...SERVICE_REVISION,
  ['BlueGreenServiceOptions.scaling', 'none to at most 4', PLAIN, baseOf('ScalingOptions')],
  {
    option: 'BlueGreenServiceOptions.enableExecuteCommand',
    default: 'false',
    other: true,
    effect: 'refused by ECS: ECS service (EnableExecuteCommand); created: policy for ECS Exec',
  },
  ['BlueGreenServiceOptions.stackPolicy', '`false` to `true`', PLAIN, service({ stackPolicy: true }), 'Synth writes a file beside the template. Set the policy with the AWS CLI.'],
];
