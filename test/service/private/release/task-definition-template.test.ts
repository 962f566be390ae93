import { Aspects, CfnResource, Duration, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { BlueGreenService, BlueGreenServiceProps, BootstrapImage, PythonCiPipeline } from '../../../../src';
import { createService, createStack, deliveredFile, onlyResource } from '../../../helpers';

const released = BootstrapImage.fromRelease(`sha256:${'0'.repeat(64)}`);

function deliver(props: Partial<BlueGreenServiceProps>, change: (service: BlueGreenService) => void = () => undefined) {
  const stack = createStack();
  const service = createService(stack, props);
  change(service);
  new PythonCiPipeline(stack, 'Pipeline', { service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images') });
  const template = Template.fromStack(stack);
  return { taskDefinition: JSON.parse(deliveredFile(template, 'taskdef.json')), appSpec: deliveredFile(template, 'appspec.yaml'), template };
}

test('the release has all of the task definition but the placeholder', () => {
  const { taskDefinition } = deliver({ environment: { STAGE: 'dev' }, cpu: 1024, memoryLimitMiB: 2048 });
  expect(taskDefinition).toEqual({
    family: expect.stringMatching(/^StackServiceTaskDefinition[0-9A-F]{8}$/),
    cpu: '1024',
    memory: '2048',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    taskRoleArn: expect.stringMatching(/^\$\{ServiceTaskRole.*\.Arn\}$/),
    executionRoleArn: expect.stringMatching(/^\$\{ServiceExecutionRole.*\.Arn\}$/),
    containerDefinitions: [{
      name: 'app',
      image: '<IMAGE1_NAME>',
      essential: true,
      environment: [{ name: 'STAGE', value: 'dev' }],
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
      linuxParameters: { capabilities: {}, initProcessEnabled: true },
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': expect.stringContaining('ServiceLogGroup'), 'awslogs-stream-prefix': 'app', 'awslogs-region': '${AWS::Region}' },
      },
    }],
  });
});

test('secrets and the command are in the release, though the placeholder has neither', () => {
  const stack = createStack();
  const secret = new secretsmanager.Secret(stack, 'Secret');
  const parameter = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/orders/token' });
  const service = createService(stack, {
    command: ['gunicorn', 'orders:app'],
    secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret, 'password'), TOKEN: ecs.Secret.fromSsmParameter(parameter) },
  });
  new PythonCiPipeline(stack, 'Pipeline', { service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images') });
  const [container] = JSON.parse(deliveredFile(Template.fromStack(stack), 'taskdef.json')).containerDefinitions;
  expect(container.command).toEqual(['gunicorn', 'orders:app']);
  expect(container.secrets).toEqual([
    { name: 'PASSWORD', valueFrom: expect.stringMatching(/^\$\{Secret.*\}:password::$/) },
    { name: 'TOKEN', valueFrom: expect.stringMatching(/:parameter\/orders\/token$/) },
  ]);
});

test('what is changed on the construct, even by an override, reaches the release', () => {
  const { taskDefinition } = deliver({}, ({ taskDefinition: construct }) => {
    construct.addVolume({ name: 'tmp' });
    construct.defaultContainer?.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
    construct.defaultContainer?.addDockerLabel('Team.Name', 'Orders');
    construct.defaultContainer?.addSecret('ADDED', ecs.Secret.fromSsmParameter(
      ssm.StringParameter.fromSecureStringParameterAttributes(construct, 'Added', { parameterName: '/added' })));
    construct.addContainer('Sidecar', { image: ecs.ContainerImage.fromRegistry('sidecar'), command: ['run'], user: 'nobody' });
    (construct.node.defaultChild as CfnResource).addPropertyOverride('EphemeralStorage.SizeInGiB', 30);
  });
  expect(taskDefinition).toMatchObject({
    volumes: [{ name: 'tmp' }],
    ephemeralStorage: { sizeInGiB: 30 },
    containerDefinitions: [
      {
        name: 'app',
        image: '<IMAGE1_NAME>',
        dockerLabels: { 'Team.Name': 'Orders' },
        mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp' }],
        secrets: [{ name: 'ADDED' }],
      },
      { name: 'Sidecar', image: 'sidecar', command: ['run'], user: 'nobody' },
    ],
  });
});

const override = (property: string, value: unknown) => ({ taskDefinition }: BlueGreenService) =>
  (taskDefinition.node.defaultChild as CfnResource).addPropertyOverride(`ContainerDefinitions.0.${property}`, value);

type Container = ecs.CfnTaskDefinition.ContainerDefinitionProperty;

/** An aspect that assigns a property of the application's container to the resource. */
const aspect = (property: string, value: unknown) => ({ taskDefinition }: BlueGreenService) => {
  const resource = taskDefinition.node.defaultChild as ecs.CfnTaskDefinition;
  Aspects.of(resource).add({
    visit: () => {
      const [application, ...others] = taskDefinition.stack.resolve(resource.containerDefinitions) as Container[];
      resource.containerDefinitions = [{ ...application, [decapitalize(property)]: value }, ...others];
    },
  });
};

const decapitalize = (property: string) => `${property.charAt(0).toLowerCase()}${property.slice(1)}`;

const lowerKeys = (value: unknown) => typeof value === 'object' && !Array.isArray(value)
  ? Object.fromEntries(Object.entries(value as object).map(([key, child]) => [decapitalize(key), child])) : value;

const WAYS: [string, typeof override][] = [
  ['an override', override],
  ['an aspect', (property, value) => aspect(property, lowerKeys(value))],
];

const ownImage = BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('registry.acme.example/own'));

/** An image with the command that an implementor of `BootstrapImage` gives it. */
class WithCommand extends BootstrapImage {
  public bind() {
    const image = ecs.ContainerImage.fromRegistry('registry.acme.example/own');
    return { image, servesApplication: false, command: ['serve'] };
  }
}

test('what belongs to the placeholder alone stays out of the release', () => {
  const { taskDefinition } = deliver({ bootstrapImage: new WithCommand(), user: '10001' });
  expect(taskDefinition.containerDefinitions[0]).not.toHaveProperty('command');
});

const OVERRIDES: [string, unknown, Partial<BlueGreenServiceProps>, string][] = [
  ['EntryPoint', ['sh'], { entryPoint: ['bash'] }, 'entryPoint'],
  ['WorkingDirectory', '/srv', { workingDirectory: '/app' }, 'workingDirectory'],
  ['Command', ['gunicorn'], { command: ['serve'] }, 'command'],
  ['User', 'nobody', { user: '10001' }, 'user'],
  ['HealthCheck', { Command: ['CMD', 'true'], Interval: 10 }, { containerHealthCheck: { command: ['CMD', 'false'] } }, 'containerHealthCheck'],
];

describe.each([['an own image', ownImage], ['the application', released]])('with %s as the first one', (_what, bootstrapImage) => {
  describe.each(WAYS)('%s', (_way, set) => {
    test.each(OVERRIDES)('of %s reaches the release', (property, value) => {
      const { taskDefinition, template } = deliver({ bootstrapImage }, set(property, value));
      const [placeholder] = onlyResource(template, 'AWS::ECS::TaskDefinition')[1].Properties.ContainerDefinitions as { [name: string]: unknown }[];
      expect(placeholder[property]).toEqual(value);
      expect(taskDefinition.containerDefinitions[0]).toMatchObject({ [decapitalize(property)]: lowerKeys(value) });
    });

    test.each(OVERRIDES)('of %s beside the option fails at synth', (property, value, props, option) => {
      expect(() => deliver({ bootstrapImage, ...props }, set(property, value))).toThrow(
        `'${option}' cannot be used together with an override of ${property} in the task definition; only one can apply: remove the override`);
    });
  });

  test('every option without an override is in the release', () => {
    const props = Object.assign({}, ...OVERRIDES.map(([, , one]) => one)) as Partial<BlueGreenServiceProps>;
    expect(deliver({ bootstrapImage, ...props }).taskDefinition.containerDefinitions[0]).toMatchObject({
      entryPoint: ['bash'], workingDirectory: '/app', command: ['serve'], user: '10001', healthCheck: { command: ['CMD', 'false'] },
    });
  });
});

describe.each(WAYS)('%s', (_way, set) => {
  test.each<[string, unknown, string]>([
    ['EntryPoint', ['sh'], 'entryPoint'],
    ['WorkingDirectory', '/srv', 'workingDirectory'],
    ['HealthCheck', { Command: ['CMD-SHELL', 'curl localhost'] }, 'containerHealthCheck'],
    ['Command', ['gunicorn'], 'command'],
    ['User', 'nobody', 'user'],
  ])('of %s, which the placeholder cannot bear, fails at synth and names the option', (property, value, option) => {
    expect(() => deliver({}, set(property, value))).toThrow(
      `'${option}' must be used instead of an override of ${property} in the task definition; `
      + 'the override would apply to the placeholder, which could not start, and not to the release');
  });
});

describe('another log driver', () => {
  const logConfigurationsOf = (change: (service: BlueGreenService) => void) => {
    const { template, taskDefinition } = deliver({}, change);
    const [placeholder] = onlyResource(template, 'AWS::ECS::TaskDefinition')[1].Properties.ContainerDefinitions as { LogConfiguration: object }[];
    const { LogDriver: logDriver, Options: options } = placeholder.LogConfiguration as { [name: string]: unknown };
    const [{ logConfiguration: release }] = taskDefinition.containerDefinitions as { logConfiguration: object }[];
    return { placeholder: { logDriver, options }, release };
  };
  const firelens = { LogDriver: 'awsfirelens', Options: { 'Name': 'datadog', 'dd_service': 'orders', 'log-driver-buffer-limit': '2097152' } };

  test.each<[string, (service: BlueGreenService) => void]>([
    ['as a whole', override('LogConfiguration', firelens)],
    ['property by property', (service) => {
      override('LogConfiguration.LogDriver', firelens.LogDriver)(service);
      override('LogConfiguration.Options', firelens.Options)(service);
    }],
  ])('by an override, %s, has only its own options, with a log router as a container', (_how, change) => {
    const { placeholder, release } = logConfigurationsOf((service) => {
      service.taskDefinition.addFirelensLogRouter('router', {
        image: ecs.ContainerImage.fromRegistry('public.ecr.aws/aws-observability/aws-for-fluent-bit:stable'),
        firelensConfig: { type: ecs.FirelensLogRouterType.FLUENTBIT },
      });
      change(service);
    });
    expect(release).toEqual({ logDriver: 'awsfirelens', options: firelens.Options });
    expect(placeholder).toEqual(release);
  });

  test('without options has none', () => {
    const { release } = logConfigurationsOf(override('LogConfiguration.LogDriver', 'awsfirelens'));
    expect(release).toEqual({ logDriver: 'awsfirelens', options: {} });
  });

  test('is not assumed for another option of the same driver', () => {
    const { placeholder, release } = logConfigurationsOf(override('LogConfiguration', { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } }));
    expect(release).toEqual({
      logDriver: 'awslogs',
      options: expect.objectContaining({ 'awslogs-group': expect.any(String), 'awslogs-stream-prefix': 'app', 'mode': 'non-blocking' }),
    });
    expect(Object.keys(placeholder.options as object)).toHaveLength(4);
  });
});

test('a user that is an option is no override', () => {
  expect(deliver({ user: '10001' }).taskDefinition.containerDefinitions[0].user).toBe('10001');
});

test('a sidecar that waits until the application is healthy would wait for the placeholder for ever, so it fails at synth', () => {
  const sidecar = (condition: ecs.ContainerDependencyCondition) => ({ taskDefinition }: BlueGreenService) =>
    taskDefinition.addContainer('Sidecar', { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/x/sidecar:1'), logging: ecs.LogDrivers.awsLogs({ streamPrefix: 's' }) })
      .addContainerDependencies({ container: taskDefinition.defaultContainer!, condition });
  const containerHealthCheck = { command: ['true'] };
  expect(() => deliver({ containerHealthCheck }, sidecar(ecs.ContainerDependencyCondition.HEALTHY))).toThrow(
    "the container 'Sidecar' must not wait for 'app' to be HEALTHY; the placeholder has no health check: use the condition START");
  expect(() => deliver({ containerHealthCheck }, sidecar(ecs.ContainerDependencyCondition.START))).not.toThrow();
});

test('an override of the application that runs already is left alone', () => {
  const { taskDefinition } = deliver({ bootstrapImage: released }, override('HealthCheck', { Command: ['CMD', 'true'] }));
  expect(taskDefinition.containerDefinitions[0].healthCheck).toEqual({ command: ['CMD', 'true'] });
});

describe('entry point, working directory and container health check', () => {
  const options: Partial<BlueGreenServiceProps> = {
    entryPoint: ['/entry.sh'],
    workingDirectory: '/app',
    containerHealthCheck: { command: ['python health.py'], interval: Duration.seconds(10), startPeriod: Duration.minutes(1) },
  };
  const expected = {
    entryPoint: ['/entry.sh'],
    workingDirectory: '/app',
    healthCheck: { command: ['CMD-SHELL', 'python health.py'], interval: 10, timeout: 5, retries: 3, startPeriod: 60 },
  };
  const placeholderOf = (template: Template) =>
    (onlyResource(template, 'AWS::ECS::TaskDefinition')[1].Properties.ContainerDefinitions as { [property: string]: unknown }[])[0];

  test('are in the release, and not in the placeholder, which lacks the application', () => {
    const { taskDefinition, template } = deliver(options);
    expect(taskDefinition.containerDefinitions[0]).toMatchObject(expected);
    ['EntryPoint', 'WorkingDirectory', 'HealthCheck'].forEach((property) => expect(placeholderOf(template)).not.toHaveProperty(property));
  });

  test('are in the application that runs already, too', () => {
    const { taskDefinition, template } = deliver({ ...options, bootstrapImage: released });
    expect(taskDefinition.containerDefinitions[0]).toMatchObject(expected);
    expect(placeholderOf(template)).toMatchObject({ EntryPoint: ['/entry.sh'], WorkingDirectory: '/app', HealthCheck: { Interval: 10 } });
  });

  test.each<[string, ecs.HealthCheck]>([
    ['a shell command alone', { command: ['curl -f localhost || exit 1'] }],
    ['words', { command: ['python', 'health.py'] }],
    ['words with CMD', { command: ['CMD', 'python', 'health.py'] }],
    ['a shell command with CMD-SHELL', { command: ['CMD-SHELL', 'exit 0'] }],
    ['every number', { command: ['true'], interval: Duration.seconds(5), timeout: Duration.seconds(2), retries: 10, startPeriod: Duration.minutes(5) }],
  ])('%s as a check is what CDK itself makes of it', (_what, containerHealthCheck) => {
    const byLibrary = deliver({ containerHealthCheck }).taskDefinition.containerDefinitions[0].healthCheck;
    // what CDK has put into the task definition, in the form of the release
    const byCdk = placeholderOf(deliver({ containerHealthCheck, bootstrapImage: released }).template)
      .HealthCheck as object;
    expect(byLibrary).toEqual(Object.fromEntries(Object.entries(byCdk)
      .map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value])));
  });
});

test('tags stay out: the action may not tag, and ECS would refuse the release', () => {
  const { taskDefinition } = deliver({}, (service) => Tags.of(service).add('team', 'orders'));
  expect(taskDefinition.tags).toBeUndefined();
});

test('names that ECS spells its own way are spelled so', () => {
  const { taskDefinition } = deliver({}, ({ taskDefinition: construct }) => {
    const resource = construct.node.defaultChild as CfnResource;
    resource.addPropertyOverride('Volumes', [
      { Name: 'efs', EFSVolumeConfiguration: { FilesystemId: 'fs-1', AuthorizationConfig: { IAM: 'ENABLED' } } },
      { Name: 'fsx', FSxWindowsFileServerVolumeConfiguration: { FileSystemId: 'fs-2', RootDirectory: 'share' } },
      { Name: 's3', S3FilesVolumeConfiguration: { FileSystemArn: 'arn' } },
      { Name: 'docker', DockerVolumeConfiguration: { DriverOpts: { Type: 'nfs' }, Labels: { Team: 'a' } } },
    ]);
    resource.addPropertyOverride('ProxyConfiguration', { ContainerName: 'envoy', ProxyConfigurationProperties: [{ Name: 'AppPorts', Value: '80' }] });
  });
  expect(taskDefinition).toMatchObject({
    volumes: [
      { name: 'efs', efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } } },
      { name: 'fsx', fsxWindowsFileServerVolumeConfiguration: { fileSystemId: 'fs-2', rootDirectory: 'share' } },
      { name: 's3', s3filesVolumeConfiguration: { fileSystemArn: 'arn' } },
      { name: 'docker', dockerVolumeConfiguration: { driverOpts: { Type: 'nfs' }, labels: { Team: 'a' } } },
    ],
    proxyConfiguration: { containerName: 'envoy', properties: [{ name: 'AppPorts', value: '80' }] },
  });
});

test('the deployment names the container and the port of the service', () => {
  expect(deliver({ containerName: 'web', containerPort: 9000 }).appSpec).toBe([
    'version: 0.0',
    'Resources:',
    '  - TargetService:',
    '      Type: AWS::ECS::Service',
    '      Properties:',
    '        TaskDefinition: "<TASK_DEFINITION>"',
    '        LoadBalancerInfo:',
    '          ContainerName: "web"',
    '          ContainerPort: 9000',
    '',
  ].join('\n'));
});

describe('a container that cannot write to its root file system', () => {
  const { template, taskDefinition } = deliver({ readonlyRootFilesystem: true, user: '10001:10001' });
  const placeholder = onlyResource(template, 'AWS::ECS::TaskDefinition')[1].Properties;

  test('has a volume for /tmp, before the first release and after', () => {
    expect(placeholder.Volumes).toEqual([{ Name: 'tmp' }]);
    expect(placeholder.ContainerDefinitions).toEqual([expect.objectContaining({
      ReadonlyRootFilesystem: true, MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'tmp' }],
    })]);
    expect(taskDefinition.volumes).toEqual([{ name: 'tmp' }]);
    expect(taskDefinition.containerDefinitions).toEqual([expect.objectContaining({
      readonlyRootFilesystem: true, mountPoints: [{ containerPath: '/tmp', readOnly: false, sourceVolume: 'tmp' }],
    })]);
  });

});

test.each<[string, string, Partial<BlueGreenServiceProps>, string | undefined]>([
  ['a number', '10001', {}, '10001'],
  ['a number with a group', '10001:10001', {}, '10001:10001'],
  ['a name, which the image of the placeholder does not know', 'app', {}, undefined],
  ['a number with the name of a group', '10001:app', {}, undefined],
  ['a name in the image of a release', 'app', { bootstrapImage: BootstrapImage.fromRelease(`sha256:${'0'.repeat(64)}`) }, 'app'],
])('a release runs as the user that is %s (%s)', (_name, user, props, first) => {
  const { template, taskDefinition } = deliver({ ...props, user });
  expect((onlyResource(template, 'AWS::ECS::TaskDefinition')[1].Properties.ContainerDefinitions as { User?: string }[])[0].User).toBe(first);
  expect(taskDefinition.containerDefinitions).toEqual([expect.objectContaining({ user })]);
});
