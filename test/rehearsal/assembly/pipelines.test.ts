import {
  App,
  CfnCondition,
  CfnParameter,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  Duration,
  Fn,
  IStackSynthesizer,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { assemblyOf, assemblyOfPattern, changed, modelOf, removeAssemblies, withRenamedIds } from './assemblies';
import { PipelineModel } from '../../../packages/rehearsal/src/assembly/model';
import { loadPipeline } from '../../../packages/rehearsal/src/assembly/pipeline-model';
import { findPipelines } from '../../../packages/rehearsal/src/assembly/pipelines';
import { readAssembly } from '../../../packages/rehearsal/src/assembly/read-assembly';
import { deliveredFile } from '../../../packages/rehearsal/src/assembly/release-model';
import { parseTaskDefinition } from '../../../packages/rehearsal/src/assembly/task-definition';
import {
  BlueGreenPythonPipeline,
  BlueGreenService,
  ContainerPlatform,
  DeploymentHooks,
  DeploymentTestListener,
  Network,
  PythonCiPipeline,
  TrafficShift,
} from '../../../src';
import { createTapStack } from '../../integ/tap-stack';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

/** What a rehearsal does not depend on: names of files, and ids that stand for names. */
function withoutIds({ build: { repositories, placeholder }, service, ...model }: PipelineModel) {
  const { targetGroups: { blue: { logicalId: _, ...blue }, green: { logicalId: __, ...green } }, ...others } = service;
  return { ...model, service: { ...others, targetGroups: { blue, green } }, build: { repositories, placeholder } };
}

afterAll(removeAssemblies);

describe('the sample app', () => {
  const assemblies: { [profile: string]: string } = {};

  beforeAll(() => {
    for (const profile of ['default', 'prod', 'inventory']) {
      assemblies[profile] = assemblyOf((app) => createTapStack(app), { profile, certificateArn: CERTIFICATE });
    }
  });

  const EVERYWHERE = {
    path: 'TapStackdev/Orders',
    stack: 'TapStackdev',
    service: {
      target: { container: 'app', port: 8080 },
      loadBalancer: 'orders-web-dev',
      targetGroups: { blue: { name: 'orders-blue-dev' }, green: { name: 'orders-green-dev' } },
    },
    release: { readyWait: 0, rollbackOnFailure: true, rollbackOnStop: true },
    build: { privileged: true, repositories: [{ name: 'orders-app-dev', immutable: true, exceptions: [] }] },
  };

  test.each([
    ['default', {
      release: {
        shift: [{ percent: 10, seconds: 300 }], terminationWait: 300, productionPort: 80, rollbackOnAlarm: true,
      },
      service: { desiredCount: 1, task: { cpu: 512, memoryMiB: 1024 } },
      skipped: [],
    }],
    ['prod', {
      release: {
        shift: [{ percent: 10, seconds: 900 }],
        terminationWait: 900,
        productionPort: 443,
        testPort: 9000,
        rollbackOnAlarm: true,
        smokeTest: { path: '/health', paths: ['/health'], codes: '200', timeout: 120 },
      },
      service: {
        desiredCount: 2,
        gracePeriod: 300,
        task: { cpu: 1024, memoryMiB: 2048, containers: [{ user: '10001', readonlyRootFilesystem: true, initProcess: true }] },
      },
      skipped: [{ what: 'HTTPS of the listener on port 443' }, { what: 'HTTPS of the listener on port 9000' }, { what: 'the scaling policies of the service' }],
    }],
    ['inventory', {
      release: { shift: [{ percent: 10, seconds: 300 }], rollbackAlarms: [], rollbackOnAlarm: false },
      alarms: [],
    }],
  ])('is read in its profile %s', (profile, expected) => {
    const model = loadPipeline(assemblies[profile]);
    expect(model).toMatchObject(EVERYWHERE);
    expect(model).toMatchObject(expected);
    expect(JSON.parse(model.lifecyclePolicy ?? '')).toHaveProperty('rules');
    expect(Object.keys(model.build.assets)).toContainEqual(expect.stringMatching(/\.sh$/));
  });

  test('has its health check and its delay in both target groups', () => {
    const { service: { targetGroups } } = loadPipeline(assemblies.prod);
    for (const group of Object.values(targetGroups)) {
      expect(group).toMatchObject({
        protocol: 'HTTP',
        deregistrationDelay: 30,
        healthCheck: { path: '/health', codes: '200', interval: 15, timeout: 5, healthyThreshold: 5, unhealthyThreshold: 2 },
      });
    }
  });

  test('has alarms with the names of target groups and load balancer, and with a period', () => {
    const { alarms, release } = loadPipeline(assemblies.prod);
    expect(alarms.map(({ name }) => name)).toEqual(release.rollbackAlarms);
    expect(alarms).toHaveLength(6);
    expect(alarms.map(({ period }) => period)).toEqual(alarms.map(() => 60));
    expect(alarms.find(({ name }) => name === 'orders-green-latency-dev')?.properties.Dimensions).toEqual([
      { Name: 'LoadBalancer', Value: 'orders-web-dev' }, { Name: 'TargetGroup', Value: 'orders-green-dev' },
    ]);
  });

  test.each(['default', 'prod', 'inventory'])('is found in its profile %s with other logical ids', (profile) => {
    const renamed = changed(assemblies[profile], withRenamedIds);
    expect(withoutIds(loadPipeline(renamed))).toEqual(withoutIds(loadPipeline(assemblies[profile])));
  });

  test('is found without the paths of constructs in its template', () => {
    const bare = changed(assemblies.default, (text) => {
      const template = JSON.parse(text) as { Resources: { [id: string]: { Metadata?: unknown } } };
      Object.values(template.Resources).forEach((resource) => { delete resource.Metadata; });
      return JSON.stringify(template);
    });
    expect(loadPipeline(bare, 'Orders').path).toBe('TapStackdev/Orders');
  });
});

describe('a release', () => {
  test.each<[what: string, shift: TrafficShift, steps: PipelineModel['release']['shift']]>([
    ['all at once', TrafficShift.allAtOnce(), []],
    ['a predefined canary', TrafficShift.canary(10, Duration.minutes(15)), [{ percent: 10, seconds: 900 }]],
    ['another canary', TrafficShift.canary(25, Duration.minutes(7)), [{ percent: 25, seconds: 420 }]],
    ['a predefined linear shift', TrafficShift.linear(10, Duration.minutes(3)), [10, 20, 30, 40, 50, 60, 70, 80, 90].map((percent) => ({ percent, seconds: 180 }))],
    ['another linear shift', TrafficShift.linear(30, Duration.minutes(2)), [30, 60, 90].map((percent) => ({ percent, seconds: 120 }))],
  ])('with %s has its steps before 100 percent', (_, trafficShift, steps) => {
    const { release, skipped } = modelOf({ service: { release: { trafficShift } } });
    expect(release.shift).toEqual(steps);
    expect(skipped).toEqual([]);
  });

  test('with an unknown deployment configuration shifts all at once, and says so', () => {
    const directory = changed(assemblyOfPattern({}), (text) => text.replace('"CodeDeployDefault.ECSCanary10Percent5Minutes"', '"of-another-team"'));
    const { release, skipped } = loadPipeline(directory);
    expect(release.shift).toEqual([]);
    expect(skipped).toContainEqual(expect.objectContaining({ what: 'the deployment configuration of-another-team' }));
  });

  test('with an approval continues at once, and says so', () => {
    const deploymentApprovalWaitTime = Duration.minutes(30);
    const { release, skipped } = modelOf({ service: { release: { deploymentApprovalWaitTime } } });
    expect(release.readyWait).toBe(0);
    expect(skipped).toContainEqual({ what: 'the approval before the traffic shifts', why: 'a rehearsal continues at once' });
  });

  test('with suspended alarms has none', () => {
    const { release, alarms } = modelOf({ service: { release: { rollbackAlarms: { suspended: true } } } });
    expect(release).toMatchObject({ rollbackAlarms: [], rollbackOnAlarm: false });
    expect(alarms).toEqual([]);
  });

  test('has the port of its test listener', () => {
    const { release, skipped } = modelOf({ service: { release: { testListener: DeploymentTestListener.fromCidrs(9001, ['10.0.0.0/16']) } } });
    expect(release).toMatchObject({ productionPort: 80, testPort: 9001 });
    expect(release).not.toHaveProperty('smokeTest');
    expect(skipped).toEqual([]);
  });

  test('has the smoke test of the library, and lists the functions of the user', () => {
    const directory = assemblyOf((app) => {
      const stack = new Stack(app, 'Stack');
      const migrate = new lambda.Function(stack, 'Migrate', {
        functionName: 'orders-migrate', runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('x'),
      });
      new BlueGreenPythonPipeline(stack, 'Orders', {
        service: {
          release: {
            testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']),
            hooks: DeploymentHooks.all(
              DeploymentHooks.smokeTest({ paths: ['/ready', '/'], healthyHttpCodes: '200-299', hostName: 'orders.example.com' }),
              DeploymentHooks.fromFunctions({ beforeAllowTraffic: migrate }),
            ),
          },
        },
      });
    });
    const { release, skipped } = loadPipeline(directory);
    expect(release.smokeTest).toEqual({ path: '/ready', paths: ['/ready', '/'], codes: '200-299', hostName: 'orders.example.com', timeout: 120 });
    expect(skipped).toContainEqual({ what: 'the hook function orders-migrate of BeforeAllowTraffic', why: 'a rehearsal has no Lambda, so the hook passes' });
    expect(skipped.filter(({ what }) => what.startsWith('the hook'))).toHaveLength(1);
  });
});

describe('what a rehearsal cannot run is listed:', () => {
  const skippedOf = (...given: Parameters<typeof modelOf>) => modelOf(...given).skipped.map(({ what }) => what);

  test('a web ACL, authentication, and rules of the listener', () => {
    const skipped = skippedOf({ service: { loadBalancer: { certificate: certificate() } } }, ({ service }, stack) => {
      new wafv2.CfnWebACLAssociation(stack, 'Firewall', { resourceArn: service.loadBalancer.loadBalancerArn, webAclArn: 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b' });
      new elbv2.CfnListenerRule(stack, 'Rule', {
        listenerArn: service.listener.listenerArn,
        priority: 1,
        conditions: [{ field: 'path-pattern', values: ['/admin'] }],
        actions: [
          { type: 'authenticate-cognito', order: 1, authenticateCognitoConfig: { userPoolArn: 'a', userPoolClientId: 'b', userPoolDomain: 'c' } },
          { type: 'fixed-response', order: 2, fixedResponseConfig: { statusCode: '403' } },
        ],
      });
    });
    expect(skipped).toEqual(expect.arrayContaining([
      'the web ACL of AWS WAF', 'the action authenticate-cognito of the listener on port 443', 'the rule of the listener on port 443',
    ]));
  });

  test('other actions of the pipeline', () => {
    expect(skippedOf({ pipeline: { manualApproval: true } })).toContainEqual(expect.stringMatching(/^the action \w+ of the stage \w+ \(Manual\)$/));
  });

  test('alarms on other metrics, of other apps, and of other kinds', () => {
    const metric = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Refused' });
    const { skipped, release } = modelOf({}, (pattern, stack) => {
      const own = metric.createAlarm(stack, 'Own', { alarmName: 'own', threshold: 1, evaluationPeriods: 1 });
      pattern.addRollbackAlarm(own);
      pattern.addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'Other', 'of-another-stack'));
      pattern.addRollbackAlarm(new cloudwatch.CompositeAlarm(stack, 'Composite', { compositeAlarmName: 'composite', alarmRule: cloudwatch.AlarmRule.fromAlarm(own, cloudwatch.AlarmState.ALARM) }));
    });
    expect(skipped).toEqual(expect.arrayContaining([
      { what: 'the rollback alarm own', why: 'a rehearsal has no values of Orders Refused for its dimensions' },
      { what: 'the rollback alarm of-another-stack', why: 'it is no metric alarm of the cloud assembly' },
      { what: 'the rollback alarm composite', why: 'it is no metric alarm of the cloud assembly' },
    ]));
    expect(release.rollbackAlarms).not.toContain('own');
    expect(release.rollbackAlarms.length).toBeGreaterThan(0);
  });

  test('another architecture of the processor', () => {
    const other = process.arch === 'arm64' ? ecs.CpuArchitecture.X86_64 : ecs.CpuArchitecture.ARM64;
    const { skipped, service } = modelOf({ service: { cpuArchitecture: other } });
    expect(service.task.architecture).toBe(process.arch === 'arm64' ? 'X86_64' : 'ARM64');
    expect(skipped.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^the processor architecture /));
  });
});

test('a task has its sidecars, environment, secrets and limits', () => {
  const { service } = modelOf({ service: { environment: { LEVEL: 'info' }, containerPort: 5000, containerName: 'web' } }, (pattern, stack) => {
    const { taskDefinition } = pattern.service.fargateService;
    taskDefinition.addContainer('agent', { image: ecs.ContainerImage.fromRegistry('agent:1'), essential: false, stopTimeout: Duration.seconds(5) });
    taskDefinition.defaultContainer?.addSecret('TOKEN', ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token')));
    taskDefinition.defaultContainer?.addUlimits({ name: ecs.UlimitName.NOFILE, softLimit: 10, hardLimit: 20 });
  });
  expect(service.target).toEqual({ container: 'web', port: 5000 });
  expect(service.task.containers).toMatchObject([
    { name: 'web', environment: { LEVEL: 'info' }, secrets: { TOKEN: expect.stringContaining('token') as string }, ulimits: [{ name: 'nofile', soft: 10, hard: 20 }] },
    { name: 'agent', image: 'agent:1', essential: false, stopTimeout: 5 },
  ]);
});

test('the task definition that the build delivers has the container and the port of the service', () => {
  const { build, service: { target, task } } = modelOf({ service: { containerName: 'web', containerPort: 5000 } }, (pattern) => {
    pattern.service.fargateService.taskDefinition.addContainer('agent', { image: ecs.ContainerImage.fromRegistry('agent:1') });
  });
  const delivered = parseTaskDefinition(deliveredFile(build.spec, 'taskdef.json'));
  expect(delivered.containers.map(({ name }) => name)).toEqual(task.containers.map(({ name }) => name));
  expect(delivered.containers[0]).toMatchObject({ name: target.container, ports: [target.port], image: '<IMAGE1_NAME>' });
  expect({ ...delivered, containers: [] }).toEqual({ ...task, containers: [] });
});

test.each<[what: string, create: () => IStackSynthesizer]>([
  ['old', () => new LegacyStackSynthesizer()],
  ['with credentials of the command line', () => new CliCredentialsStackSynthesizer()],
  ['with a qualifier', () => new DefaultStackSynthesizer({ qualifier: 'team' })],
])('a stack with a synthesizer that is %s has its build program', (_, create) => {
  const directory = assemblyOf((app) => {
    new BlueGreenPythonPipeline(new Stack(app, 'Stack', { synthesizer: create() }), 'Orders');
  });
  const { build } = loadPipeline(directory);
  const [, object = ''] = /object='([^']+)'/.exec(JSON.stringify(build.spec)) ?? [];
  expect(Object.keys(build.assets)).toContain(object);
});

test.each([
  ['an unknown account', {}],
  ['another account and region', { env: { account: '222222222222', region: 'us-east-1' } }],
])('an existing repository of %s keeps its name, in the registry of the rehearsal, and has no lifecycle policy', (_, props) => {
  const directory = assemblyOf((app) => {
    const stack = new Stack(app, 'Stack', props);
    const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'team/images');
    new BlueGreenPythonPipeline(stack, 'Orders', { platform: { repository } });
  });
  const { build, lifecyclePolicy } = loadPipeline(directory);
  expect(build.repositories).toEqual([{ name: 'team/images', immutable: false, exceptions: [] }]);
  expect(build.spec.env?.variables?.IMAGE_REPOSITORY).toBe('111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/images');
  expect(lifecyclePolicy).toBeUndefined();
});

test('parameters and conditions of the user do not disturb', () => {
  const directory = assemblyOf((app) => {
    const stack = new Stack(app, 'Stack');
    const size = new CfnParameter(stack, 'Size', { default: 'large' });
    const isLarge = new CfnCondition(stack, 'IsLarge', { expression: Fn.conditionEquals(size, 'large') });
    const { service } = new BlueGreenPythonPipeline(stack, 'Orders', {
      service: { environment: { SIZE: size.valueAsString, OTHER: Fn.importValue('of-another-stack') } },
    });
    const task = service.fargateService.taskDefinition.node.defaultChild as ecs.CfnTaskDefinition;
    task.addPropertyOverride('Cpu', Fn.conditionIf(isLarge.logicalId, '2048', '512'));
    task.addPropertyOverride('Memory', '4096');
  });
  const { service: { task } } = loadPipeline(directory);
  expect(task).toMatchObject({ cpu: 2048, memoryMiB: 4096, containers: [{ environment: { SIZE: 'large', OTHER: 'import-of-another-stack' } }] });
});

describe('several pipelines', () => {
  let two: string;
  let stages: string;

  beforeAll(() => {
    two = assemblyOf((app) => {
      const shop = new Stack(app, 'Shop');
      new BlueGreenPythonPipeline(shop, 'Orders', { environmentSuffix: 'a' });
      new BlueGreenPythonPipeline(shop, 'Invoices', { environmentSuffix: 'b' });
      new BlueGreenPythonPipeline(new Stack(app, 'Depot', { stackName: 'depot-stack' }), 'Orders', { environmentSuffix: 'c' });
    });
    stages = assemblyOf((app) => {
      for (const id of ['Dev', 'Prod']) {
        const stack = new Stack(new Stage(app, id), 'Shop');
        new BlueGreenPythonPipeline(stack, 'Orders', {
          environmentSuffix: id.toLowerCase(),
          service: { release: { trafficShift: id === 'Dev' ? TrafficShift.allAtOnce() : TrafficShift.canary(20, Duration.minutes(2)) } },
        });
      }
    });
  });

  test('are all found, in stacks and stages', () => {
    expect(findPipelines(readAssembly(two)).map(({ path }) => path)).toEqual(['Shop/Orders', 'Shop/Invoices', 'Depot/Orders']);
    expect(findPipelines(readAssembly(stages)).map(({ path }) => path)).toEqual(['Dev/Shop/Orders', 'Prod/Shop/Orders']);
  });

  test.each([
    ['Invoices', 'Shop/Invoices', 'Shop', /invoices.*-b$/],
    ['Shop/Orders', 'Shop/Orders', 'Shop', /orders.*-a$/],
    ['Depot/Orders', 'Depot/Orders', 'depot-stack', /orders.*-c$/],
  ])('are chosen by --pipeline %s', (name, path, stack, targetGroup) => {
    const model = loadPipeline(two, name);
    expect(model).toMatchObject({ path, stack });
    expect(model.service.targetGroups.blue.name).toMatch(targetGroup);
  });

  test('of stages with the same ids are not mixed', () => {
    expect(loadPipeline(stages, 'Dev/Shop/Orders').release.shift).toEqual([]);
    expect(loadPipeline(stages, 'Prod/Shop/Orders')).toMatchObject({ release: { shift: [{ percent: 20, seconds: 120 }] } });
  });

  test('require a choice', () => {
    expect(() => loadPipeline(two)).toThrow('the cloud assembly has 3 pipelines: choose one of Depot/Orders, Shop/Invoices and Shop/Orders with --pipeline');
    expect(() => loadPipeline(two, 'Orders')).toThrow('--pipeline Orders fits 2 pipelines: choose one of Depot/Orders and Shop/Orders by its whole path');
    expect(() => loadPipeline(stages, 'Shop/Orders')).toThrow('--pipeline Shop/Orders fits 2 pipelines: choose one of Dev/Shop/Orders and Prod/Shop/Orders by its whole path');
    expect(() => loadPipeline(two, 'Order')).toThrow('--pipeline Order fits no pipeline of the cloud assembly, which has Depot/Orders, Shop/Invoices and Shop/Orders');
  });
});

describe('parts without the pattern', () => {
  function createPlatform(scope: Construct): ContainerPlatform {
    return new ContainerPlatform(scope, 'Platform', { network: new Network(scope, 'Network') });
  }

  function createDelivery(scope: Construct, platform: ContainerPlatform): void {
    const service = new BlueGreenService(scope, 'Web', { platform, healthCheck: { path: '/up' } });
    new PythonCiPipeline(scope, 'Delivery', { service, repository: platform.repository });
  }

  const EXPECTED = { service: { target: { container: 'app', port: 8080 }, targetGroups: { green: { healthCheck: { path: '/up' } } } }, release: { shift: [{ percent: 10, seconds: 300 }] } };

  test.each<[where: string, path: string, create: (app: App) => void]>([
    ['one stack', 'Stack/Delivery', (app) => {
      const stack = new Stack(app, 'Stack');
      createDelivery(stack, createPlatform(stack));
    }],
    ['a construct of the user', 'Stack/Team', (app) => {
      const team = new Construct(new Stack(app, 'Stack'), 'Team');
      createDelivery(team, createPlatform(team));
    }],
    ['a stack beside that of the platform', 'Web/Delivery', (app) => {
      const platform = createPlatform(new Stack(app, 'Platform'));
      createDelivery(new Stack(app, 'Web'), platform);
    }],
    ['a stack beside that of the platform, in a stage', 'Prod/Web/Delivery', (app) => {
      const stage = new Stage(app, 'Prod');
      const platform = createPlatform(new Stack(stage, 'Platform'));
      createDelivery(new Stack(stage, 'Web'), platform);
    }],
    ['a nested stack', 'Stack/Nested/Delivery', (app) => {
      const nested = new NestedStack(new Stack(app, 'Stack'), 'Nested');
      createDelivery(nested, createPlatform(nested));
    }],
    ['a stack, with the platform in a nested stack', 'Stack/Delivery', (app) => {
      const stack = new Stack(app, 'Stack');
      createDelivery(stack, createPlatform(new NestedStack(stack, 'Nested')));
    }],
    ['a nested stack, with the platform in its parent', 'Stack/Nested/Delivery', (app) => {
      const stack = new Stack(app, 'Stack');
      createDelivery(new NestedStack(stack, 'Nested'), createPlatform(stack));
    }],
    ['a nested stack, with the platform in another', 'Stack/Nested/Delivery', (app) => {
      const stack = new Stack(app, 'Stack');
      const platform = createPlatform(new NestedStack(stack, 'Other'));
      createDelivery(new NestedStack(stack, 'Nested'), platform);
    }],
  ])('are found in %s', (_, path, create) => {
    const model = loadPipeline(assemblyOf(create));
    expect(model).toMatchObject({ path, ...EXPECTED });
    expect(model.build.repositories).toEqual([expect.objectContaining({ immutable: true })]);
    expect(model.lifecyclePolicy).toContain('rules');
    expect(model.alarms).not.toHaveLength(0);
  });
});

function certificate(): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(new Stack(), 'Certificate', CERTIFICATE);
}
