import * as fs from 'fs';
import * as path from 'path';
import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Change, classify, Effect, isRefusal, LISTENER, SERVICE, TemplateJson, TemplateResource } from './classify';
import { labelOf } from './labels';
import { changesOf, gaps, Outcome, outcomeOf, templateOf } from './matrix';
import { publicOptions } from './options';
import { describe as describeChanges, renderMatrix } from './render';
import { allows, deniedIn, isFrozen, policyOf } from './stack-policies';
import { BlueGreenPythonPipeline } from '../../../src';
import { createStack } from '../../helpers';
import { Given, PLAIN, service } from '../options/places';
import { DEFAULTS, EFFECTS, ROWS } from '../options/table';

const COMMITTED = path.join(__dirname, '..', '..', '..', 'docs', 'update-matrix.md');

const outcomes = ROWS.map(outcomeOf);

/** `in place: target group` for each change, what is alike only once. */
function effects(changes: Change[]): string[] {
  return [...new Set(changes.map((change) => `${change.effect}: ${labelOf(change)}`))].sort();
}

function outcomesOf(option: string): Outcome[] {
  const found = outcomes.filter((outcome) => outcome.option === option);
  expect(found).not.toEqual([]);
  return found;
}

function outcomeFor(option: string, change: string): Change[] {
  const [found] = outcomesOf(option).filter((outcome) => outcome.change.includes(change));
  expect(found).toBeDefined();
  return found.changes;
}

describe('the table', () => {
  test('has a row for every public option and every choice', () => {
    expect(gaps()).toEqual([]);
  });

  test('tells which row a new option needs', () => {
    expect(gaps(['NetworkOptions.ipv6'], ['NetworkEgress.transitGateway'], [], {})).toEqual([
      "NetworkOptions.ipv6 has no row: add { option: 'NetworkOptions.ipv6', default: '<as documented>', other: <another value>, effect: '<what changes>' } "
      + 'to the table of its part in test/contract/options',
      'NetworkEgress.transitGateway has no row: add one to the table of its part in test/contract/options whose change names `NetworkEgress.transitGateway(...)`',
    ]);
  });

  test('tells which rows and exemptions have lost their option', () => {
    expect(gaps(['A.b', 'A.c'], [], [['A.b', '', PLAIN, PLAIN], ['A.x', '', PLAIN, PLAIN]], { 'A.c': '', 'A.b': '', 'B': '' })).toEqual([
      'A.x is no option of src any more: remove its rows',
      'B is nothing of src any more: remove it from NO_ROW in test/contract/options/no-row.ts',
      'A.b has rows and is in NO_ROW: remove it from one',
    ]);
  });

  test('changes something in every row but those of the outputs and of the file beside the template', () => {
    const idle = outcomes.filter(({ changes }) => changes.length === 0).map(({ option }) => option);
    expect(idle).toEqual(['BlueGreenPythonPipelineProps.outputs', 'BlueGreenServiceOptions.stackPolicy']);
  });

  test('is the one that is committed, else: UPDATE_MATRIX=write npx jest test/contract/updates --coverage=false', () => {
    const rendered = renderMatrix(outcomes);
    if (process.env.UPDATE_MATRIX === 'write') {
      fs.writeFileSync(COMMITTED, rendered);
    }
    expect(fs.readFileSync(COMMITTED, 'utf8').split('\n')).toEqual(rendered.split('\n'));
  });
});

// here, and not beside the other defaults: the templates are those of the changes
describe('left out', () => {
  test.each(DEFAULTS.map((each) => [each.option, each.literal ?? 'as described', each] as const))('%s is %s', (_option, _documented, { given, left, other }) => {
    expect(templateOf(given)).toEqual(templateOf(left));
    expect(templateOf(other)).not.toEqual(templateOf(left));
  });
});

describe('the effect of another value is as its row says', () => {
  const expected = EFFECTS.map((each) => [each.row[0], each.row[1], each] as const);

  test.each(expected)('%s, %s', (_option, _change, { row, effect }) => {
    expect(describeChanges(outcomes[ROWS.indexOf(row)].changes)).toBe(effect);
  });

  test.each(expected.filter(([, , { shows }]) => shows !== undefined))('%s, %s, in the template', (_option, _change, { row: [, , before, after], shows }) => {
    expect(JSON.stringify(templateOf(after))).toContain(JSON.stringify(shows));
    expect(JSON.stringify(templateOf(before))).not.toContain(JSON.stringify(shows));
  });
});

describe('a change of', () => {
  test.each(['environment', 'cpu', 'memoryLimitMiB'])('%s touches the task definition and the build project only', (option) => {
    outcomesOf(`BlueGreenServiceOptions.${option}`).forEach(({ changes }) =>
      expect(effects(changes)).toEqual(['in place: build project', 'replaced: task definition']));
  });

  test('the secrets touches the build project and the execution role\'s policy only, since the placeholder runs without them', () => {
    expect(effects(outcomeFor('BlueGreenServiceOptions.secrets', 'none to a secret')))
      .toEqual(['in place: build project', 'in place: execution role\'s policy']);
  });

  test.each(['secret', 'parameter'])('the secrets adds the endpoint of the store of a %s where there are endpoints', (kind) => {
    expect(effects(outcomeFor('BlueGreenServiceOptions.secrets', `${kind}, behind`)))
      .toEqual(['created: endpoint', 'in place: build project', 'in place: execution role\'s policy']);
  });

  test.each(['linear', 'allAtOnce'])('the traffic shift to TrafficShift.%s of AWS touches the deployment group, and deletes the alarm that compares releases', (shift) => {
    expect(effects(outcomeFor('ReleaseOptions.trafficShift', `TrafficShift.${shift}`)))
      .toEqual(['deleted: alarm', 'in place: alerts\' rule', 'in place: deployment group']);
  });

  test('the traffic shift to one of your own adds its configuration, lets the deploy action read it, and adjusts the alarm', () => {
    expect(effects(outcomeFor('ReleaseOptions.trafficShift', 'to one that AWS has not')))
      .toEqual(['created: deployment configuration', 'in place: alarm', 'in place: deploy action\'s role\'s policy', 'in place: deployment group']);
  });

  test.each([
    'HealthCheckOptions.path', 'HealthCheckOptions.healthyHttpCodes', 'HealthCheckOptions.interval', 'HealthCheckOptions.timeout',
    'HealthCheckOptions.healthyThresholdCount', 'HealthCheckOptions.unhealthyThresholdCount', 'LoadBalancerOptions.deregistrationDelay',
  ])('%s touches both target groups only, in place', (option) => {
    outcomesOf(option).filter(({ change }) => !change.includes('raises the default grace period')).forEach(({ changes }) => {
      expect(effects(changes)).toEqual(['in place: target group']);
      expect(changes).toHaveLength(2);
    });
  });

  test('release.rollbackAlarms.suspended touches the deployment group only', () => {
    outcomesOf('RollbackAlarmOptions.suspended').forEach(({ changes }) => expect(effects(changes)).toEqual(['in place: deployment group']));
  });

  test.each(['minCapacity', 'maxCapacity', 'targetCpuUtilizationPercent', 'targetMemoryUtilizationPercent', 'targetRequestsPerMinute',
    'scaleOutCooldown', 'scaleInCooldown'])('scaling.%s touches scaling only', (option) => {
    outcomesOf(`ScalingOptions.${option}`).forEach(({ changes }) =>
      changes.forEach((change) => expect(labelOf(change)).toMatch(/^scaling (target|policy)$/)));
  });

  test.each<[option: string, change: string]>([
    ['testListener', 'fromCidrs'],
    ['testListener', 'fromSecurityGroup'],
    ['testListener', '9000 to 9001'],
    ['testListener', 'one to none'],
    ['hooks', 'none to `DeploymentHooks.fromFunctions'],
    ['hooks', 'none to `DeploymentHooks.smokeTest'],
    ['hooks', 'DeploymentHooks.all'],
  ])('%s, %s, leaves the production listener, the target groups and the service alone', (option, change) => {
    const touched = outcomeFor(`ReleaseOptions.${option}`, change).map(labelOf);
    expect(touched).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(production listener|target group|ECS service)$/)]));
  });
});

describe('frozen is', () => {
  test.each<[what: string, option: string, change: string, effect: Effect]>([
    ['the container\'s name', 'BlueGreenServiceOptions.containerName', '', 'refused by ECS'],
    ['the container\'s port', 'BlueGreenServiceOptions.containerPort', '', 'refused by ECS'],
    ['ECS Exec', 'BlueGreenServiceOptions.enableExecuteCommand', '', 'refused by ECS'],
    ['the grace period', 'BlueGreenServiceOptions.healthCheckGracePeriod', '', 'refused by ECS'],
    ['a grace period by default, when a check becomes much slower', 'HealthCheckOptions.interval', 'raises', 'refused by ECS'],
    ['a new VPC that becomes one of yours', 'NetworkOptions.vpc', 'a new VPC', 'refused by ECS'],
    ['a VPC of yours', 'NetworkOptions.vpc', 'an existing VPC to another', 'refused by ECS'],
    ['the VPC\'s address range', 'NetworkOptions.ipAddresses', '', 'refused by ECS'],
    ['the number of zones', 'NetworkOptions.maxAzs', '', 'refused by ECS'],
    ['the choice of zones', 'NetworkOptions.availabilityZones', 'the first two zones', 'refused by ECS'],
    ['the number of zones by their names', 'NetworkOptions.availabilityZones', 'two zones to three', 'refused by ECS'],
    ['public tasks', 'NetworkOptions.egress', 'to `NetworkEgress.publicTasks()`', 'refused by ECS'],
    ['tasks that become private', 'NetworkOptions.egress', '`NetworkEgress.publicTasks()` to', 'refused by ECS'],
    ['tasks that become public in a VPC of yours', 'NetworkOptions.egress', 'with a `vpc`', 'refused by ECS'],
    ['the tasks\' subnets', 'NetworkOptions.taskSubnets', '', 'refused by ECS'],
    ['where the load balancer is reached from', 'LoadBalancerOptions.internetFacing', '', 'refused by target group'],
    ['HTTPS, once there', 'LoadBalancerOptions.certificate', 'one to none', 'refused by port'],
    ['HTTPS by a name, once there', 'LoadBalancerOptions.domainName', 'a name to none', 'refused by port'],
    ['the repository\'s key', 'ContainerPlatformOptions.encryptionKey', '', 'refused by name'],
    ['the key of everything', 'BlueGreenPythonPipelineProps.encryptionKey', '', 'refused by name'],
  ])('%s (%s)', (_what, option, change, effect) => {
    expect(outcomeFor(option, change).map((each) => each.effect)).toContain(effect);
  });

  test('nothing else: what is refused has a row above', () => {
    const refused = new Set(outcomes.filter(({ changes, unnamed = [] }) => [...changes, ...unnamed].some(isRefusal))
      .map(({ option }) => option));
    expect([...refused]).toEqual([
      'BlueGreenPythonPipelineProps.encryptionKey',
      'NetworkOptions.vpc', 'NetworkOptions.ipAddresses', 'NetworkOptions.maxAzs', 'NetworkOptions.availabilityZones', 'NetworkOptions.egress',
      'NetworkOptions.taskSubnets', 'ContainerPlatformOptions.encryptionKey',
      'BlueGreenServiceOptions.containerName', 'BlueGreenServiceOptions.containerPort', 'BlueGreenServiceOptions.healthCheckGracePeriod',
      'HealthCheckOptions.interval', 'LoadBalancerOptions.certificate',
      'LoadBalancerOptions.domainName', 'LoadBalancerOptions.internetFacing', 'BlueGreenServiceOptions.enableExecuteCommand',
    ]);
  });
});

describe('serviceRevision', () => {
  const revisions = outcomesOf('BlueGreenServiceOptions.serviceRevision');

  test.each(revisions.map(({ change, changes }) => [change, changes] as const))('%s is refused nowhere', (_change, changes) => {
    expect(changes.filter(isRefusal)).toEqual([]);
  });

  test.each(revisions.map(({ change, changes }) => [change, changes] as const))('%s creates a service and deletes the old one', (_change, changes) => {
    expect(effects(changes.filter(({ type }) => type === SERVICE))).toEqual(['created: ECS service', 'deleted: ECS service']);
  });

  test.each(revisions.map(({ change, changes }) => [change, changes] as const))(
    '%s leaves target groups, listeners, load balancer, VPC, repository, bucket and pipeline alone', (_change, changes) => {
      const touched = changes.map(labelOf);
      ['target group', 'production listener', 'load balancer', 'VPC', 'image repository', 'artifact bucket', 'pipeline', 'CodeDeploy application']
        .forEach((label) => expect(touched).not.toContain(label));
    });

  test('alone updates what names the service, and nothing else beside the services', () => {
    expect(effects(outcomeFor('BlueGreenServiceOptions.serviceRevision', '1 to 2'))).toEqual([
      'created: ECS service', 'deleted: ECS service',
      ...['CodeDeploy\'s role\'s policy', 'deployment group', 'image marks\' role\'s policy', 'image marks\' state machine'].map((name) => `in place: ${name}`),
    ]);
  });

  test('keeps the family of the task definition', () => {
    outcomesOf('BlueGreenServiceOptions.serviceRevision').forEach(({ changes }) =>
      changes.filter((change) => labelOf(change) === 'task definition').forEach(({ properties }) => expect(properties).not.toContain('Family')));
  });
});

describe('the stack policy', () => {
  type Judged = [option: string, change: string, before: Given, changes: Change[]];

  const frozen = outcomes
    .map(({ option, change, changes }, index): Judged => [option, change, ROWS[index][2], changes])
    .filter(([, , , changes]) => changes.some(isFrozen));

  test('is judged by many changes', () => {
    expect(frozen.length).toBeGreaterThan(20);
  });

  test.each(frozen)('denies of %s (%s) what changes the service or a listener, and nothing else', (_option, _change, before, changes) => {
    const statements = policyOf(before);
    expect(deniedIn(statements, changes)).toEqual(deniedIn(statements, changes.filter(isFrozen)));
    expect(deniedIn(statements, changes)).toHaveLength(changes.filter(isFrozen).length);
  });

  test('allows a change of the environment, the CPU, and the alarms', () => {
    const changes = [
      service({ environment: { LEVEL: 'debug' } }), service({ cpu: 1024, memoryLimitMiB: 2048 }), service({ release: { rollbackAlarms: { enabled: false } } }),
    ].map((after) => changesOf(PLAIN, after));
    changes.forEach((each) => expect(each).not.toEqual([]));
    expect(changes.flatMap((each) => deniedIn(policyOf(PLAIN), each))).toEqual([]);
  });

  test('is read as CloudFormation reads it: what is not allowed is denied, and a denial wins', () => {
    const all = { Effect: 'Allow', Action: 'Update:*', Resource: '*' } as const;
    expect(allows([], 'Update:Modify', 'Service')).toBe(false);
    expect(allows([all], 'Update:Modify', 'Service')).toBe(true);
    expect(allows([all, { ...all, Effect: 'Deny', Resource: ['LogicalResourceId/Service'] }], 'Update:Modify', 'Service')).toBe(false);
  });
});

describe('tags', () => {
  const onAll = (stack: Stack) => {
    Tags.of(stack.node.root).add('team', 'orders');
    return PLAIN;
  };
  const tagged = changesOf(PLAIN, onAll);

  test('on the app change neither the ECS service nor the listeners', () => {
    expect(tagged.filter(({ type }) => type === SERVICE || type === LISTENER)).toEqual([]);
  });

  const warningsOf = (tag: (stack: Stack) => void, context: { [key: string]: unknown } = {}): unknown[] => {
    const stack = createStack(context);
    new BlueGreenPythonPipeline(stack, 'Orders', { removalPolicy: RemovalPolicy.RETAIN });
    tag(stack);
    return Annotations.fromStack(stack).findWarning('/Stack/Orders/Service', Match.stringLikeRegexp('the stack has tags'));
  };

  test('on the stack are warned of, since CloudFormation puts them on the service and the listeners by itself', () => {
    expect(warningsOf((stack) => stack.tags.setTag('build', '1'))).toHaveLength(1);
    expect(warningsOf(() => {})).toHaveLength(0);
  });

  test('on the app are the stack\'s as well, unless a feature flag says otherwise', () => {
    expect(warningsOf(onAll)).toHaveLength(1);
    expect(warningsOf(onAll, { '@aws-cdk/core:explicitStackTags': true })).toHaveLength(0);
  });

  test('on the app reach what takes them, in place', () => {
    expect(tagged.map(labelOf)).toEqual(expect.arrayContaining(['target group', 'load balancer', 'image repository', 'VPC']));
    expect(effects(tagged).filter((effect) => !effect.startsWith('in place: '))).toEqual([]);
  });
});

describe('the service, the listeners, the target groups, VPC, subnets, repositories and buckets never change unless the option\'s documentation says that they do', () => {
  const GUARDED = [
    SERVICE, LISTENER, 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::EC2::VPC', 'AWS::EC2::Subnet',
    'AWS::ECR::Repository', 'AWS::CodeCommit::Repository', 'AWS::S3::Bucket',
  ];

  /** Properties that change in place what the option is for, and nothing that runs or is stored. */
  const HARMLESS: { [type: string]: RegExp } = {
    'AWS::ElasticLoadBalancingV2::TargetGroup': /^(HealthCheck\w*|HealthyThresholdCount|UnhealthyThresholdCount|Matcher|TargetGroupAttributes)$/,
    'AWS::ElasticLoadBalancingV2::LoadBalancer': /^(Subnets|SecurityGroups|LoadBalancerAttributes)$/,
    'AWS::EC2::Subnet': /^Tags$/,
    'AWS::ECR::Repository': /^(LifecyclePolicy|EmptyOnDelete)$/,
    'AWS::CodeCommit::Repository': /^(Code|RepositoryDescription)$/,
    'AWS::S3::Bucket': /^(LifecycleConfiguration|BucketEncryption|LoggingConfiguration|Tags)$/,
  };

  /** The options that may, and the words by which their documentation warns. */
  const WARNED: [option: string, words: RegExp][] = [
    ['NamingProps.applicationName', /replaces/],
    ['NamingProps.environmentSuffix', /replaces/],
    ['BlueGreenPythonPipelineProps.encryptionKey', /replaces the repository/],
    ['NetworkOptions.vpc', /cannot be changed/],
    ['NetworkOptions.ipAddresses', /cannot be changed/],
    ['NetworkOptions.maxAzs', /cannot be changed/],
    ['NetworkOptions.availabilityZones', /cannot be changed/],
    ['NetworkOptions.egress', /publicTasks\(\)` moves the tasks to other subnets.*cannot be made/],
    ['NetworkOptions.taskSubnets', /cannot be changed/],
    ['ContainerPlatformOptions.cluster', /replaces the service/],
    ['ContainerPlatformOptions.repository', /deletes|deleted/],
    ['ContainerPlatformOptions.encryptionKey', /replaces/],
    ['BlueGreenServiceOptions.containerName', /cannot be changed/],
    ['BlueGreenServiceOptions.containerPort', /cannot be changed/],
    ['BlueGreenServiceOptions.healthCheckGracePeriod', /cannot be changed/],
    ['HealthCheckOptions.interval', /healthCheckGracePeriod/],
    ['LoadBalancerOptions.certificate', /resets the listener to the blue.*outage.*fails at deploy/],
    ['LoadBalancerOptions.domainName', /resets the listener to the blue/],
    ['LoadBalancerOptions.hostedZone', /resets the listener to the blue/],
    ['LoadBalancerOptions.internetFacing', /cannot be changed/],
    ['BlueGreenServiceOptions.serviceRevision', /replace the service/],
    ['BlueGreenServiceOptions.enableExecuteCommand', /cannot be changed/],
    ['ReleaseOptions.testListener', /second listener/],
    ['PythonCiPipelineOptions.source', /deletes|deleted/],
    ['CodeCommitSourceOptions.repository', /deletes|deleted/],
  ];

  const isHarmless = ({ type, effect, properties }: Change): boolean => effect === 'created' && type !== SERVICE || effect === 'deletion policy'
    || effect === 'in place' && properties.every((property) => HARMLESS[type]?.test(property));

  test('and these are the options that may', () => {
    const may = outcomes.filter(({ changes, unnamed = [] }) =>
      [...changes, ...unnamed].some((change) => GUARDED.includes(change.type) && !isHarmless(change)));
    expect([...new Set(may.map(({ option }) => option))]).toEqual(WARNED.map(([option]) => option));
  });

  test.each(WARNED)('%s warns: %s', (option, words) => {
    expect(publicOptions().find(({ name }) => name === option)?.documentation).toMatch(words);
  });
});

describe('the classification', () => {
  const listener: TemplateResource = {
    Type: LISTENER,
    Properties: { Port: 80, LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [{ TargetGroupArn: { Ref: 'Blue' } }] },
    Metadata: { 'aws:cdk:path': 'Stack/LoadBalancer/Listener/Resource' },
  };
  const before: TemplateJson = {
    Resources: {
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } },
      Blue: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Name: 'blue', Port: 80 } },
      Listener: listener,
      Service: { Type: SERVICE, Properties: { ServiceName: 'web', PropagateTags: 'NONE', LoadBalancers: [{ TargetGroupArn: { Ref: 'Blue' } }] } },
      Rule: { Type: 'AWS::Events::Rule', Properties: { Description: { 'Fn::Join': ['', ['on ', { 'Fn::GetAtt': ['Service', 'Name'] }]] } } },
      Role: { Type: 'AWS::IAM::Role', Properties: { Description: 'a' }, DependsOn: ['Blue'] },
    },
  };
  const changed = (id: string, resource?: Partial<TemplateResource>, properties?: object): Change[] => {
    const { [id]: former, ...others } = before.Resources;
    const next = {
      ...former,
      ...resource,
      Properties: { ...former?.Properties, ...resource?.Properties, ...properties },
    } as TemplateResource;
    return classify(before, { Resources: resource || properties ? { ...others, [id]: next } : others });
  };

  test.each<[what: string, changes: Change[], expected: { [id: string]: Effect }]>([
    ['a dependency is nothing', changed('Role', { DependsOn: [] }), {}],
    ['metadata is nothing', changed('Role', { Metadata: { 'aws:cdk:path': 'elsewhere' } }), {}],
    ['a description is in place', changed('Role', {}, { Description: 'b' }), { Role: 'in place' }],
    ['a missing resource is deleted', changed('Role'), { Role: 'deleted' }],
    ['a new resource is created', changed('Other', { Type: 'AWS::SNS::Topic' }), { Other: 'created' }],
    ['a new resource with a name that is there is refused', changed('Other', { Type: before.Resources.Blue.Type }, { Name: 'blue' }), { Other: 'refused by name' }],
    ['what ECS takes is in place', changed('Service', {}, { PropagateTags: 'SERVICE' }), { Service: 'in place' }],
    ['what ECS does not take is refused', changed('Service', {}, { PropagateTags: 'SERVICE', PlatformVersion: 'LATEST' }), { Service: 'refused by ECS' }],
    ['another name replaces, and what names it within a function is updated', changed('Service', {}, { ServiceName: 'other' }),
      { Service: 'replaced', Rule: 'in place' }],
    ['a target group that keeps its name is refused, its listener sends traffic to blue and its service is refused',
      changed('Blue', {}, { Port: 8080 }), { Blue: 'refused by name', Listener: 'in place, sends traffic to blue', Service: 'refused by ECS' }],
    ['a load balancer is replaced, but its listener cannot lead to the same target group', changed('Balancer', {}, { Scheme: 'internet-facing' }),
      { Balancer: 'replaced', Listener: 'refused by target group' }],
    ['a second listener on a port that has one is refused', changed('Second', listener), { Second: 'refused by port' }],
  ])('%s', (_what, changes, expected) => {
    expect(Object.fromEntries(changes.map(({ logicalId, effect }) => [logicalId, effect]))).toEqual(expected);
  });
});
