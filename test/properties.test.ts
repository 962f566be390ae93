import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as fc from 'fast-check';
import { BlueGreenPythonPipeline, BlueGreenServiceOptions, NetworkEgress, NetworkOptions, TrafficShift } from '../src';
import { createStack, deliveredFile, onlyResource, resourcesOf } from './helpers';

const RUNS = 25;

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const networks: fc.Arbitrary<NetworkOptions> = fc.integer({ min: 2, max: 3 }).chain((maxAzs) => fc.record({
  maxAzs: fc.constant(maxAzs),
  egress: optional(fc.oneof(fc.integer({ min: 1, max: maxAzs }).map((count) => NetworkEgress.natGateways(count)), fc.constant(NetworkEgress.none()))),
  flowLogs: optional(fc.boolean()),
}));

const sizes = fc.constantFrom([256, 512], [512, 1024], [512, 4096], [1024, 3072], [4096, 30720], [16384, 122880]);

const shifts = fc.oneof(
  fc.constant(TrafficShift.allAtOnce()),
  fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 2880 }))
    .map(([percentage, interval]) => TrafficShift.canary(percentage, Duration.minutes(interval))),
  fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 2880 }))
    .map(([percentage, interval]) => TrafficShift.linear(percentage, Duration.minutes(interval))),
);

const healthChecks = fc.integer({ min: 5, max: 300 }).chain((interval) => fc.record({
  path: fc.constantFrom('/', '/health', '/a/b?c=d'),
  interval: fc.constant(Duration.seconds(interval)),
  timeout: fc.integer({ min: 2, max: Math.min(120, interval - 1) }).map((seconds) => Duration.seconds(seconds)),
  healthyThresholdCount: fc.integer({ min: 2, max: 10 }),
}));

const services: fc.Arbitrary<BlueGreenServiceOptions> = fc.record({
  containerName: optional(fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/)),
  containerPort: optional(fc.integer({ min: 1, max: 65535 })),
  size: sizes,
  arm: fc.boolean(),
  environment: optional(fc.dictionary(fc.stringMatching(/^[A-Z_]{1,10}$/), fc.string(), { maxKeys: 4 })),
  command: optional(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 })),
  healthCheck: optional(healthChecks),
  publicLoadBalancer: optional(fc.boolean()),
  trafficShift: optional(shifts),
  terminationWaitTime: optional(fc.integer({ min: 0, max: 2880 }).map((minutes) => Duration.minutes(minutes))),
  rollbackAlarms: optional(fc.constantFrom({ enabled: false }, { latencyThreshold: Duration.millis(500) }, { serverErrorThreshold: 1 })),
  scaling: optional(fc.record({ minCapacity: fc.integer({ min: 1, max: 5 }), maxCapacity: fc.integer({ min: 5, max: 50 }) })),
}).map(({ size: [cpu, memoryLimitMiB], arm, ...rest }) => ({
  ...rest, cpu, memoryLimitMiB, cpuArchitecture: arm ? ecs.CpuArchitecture.ARM64 : ecs.CpuArchitecture.X86_64,
}));

const suffixes = optional(fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/));

/** What AWS would find out of step only after the deployment has begun. */
function expectConsistentWiring(template: Template): void {
  const [, service] = onlyResource(template, 'AWS::ECS::Service');
  const [{ ContainerName, ContainerPort, TargetGroupArn }] = service.Properties.LoadBalancers as
    { ContainerName: string; ContainerPort: number; TargetGroupArn: { Ref: string } }[];
  const [, definition] = onlyResource(template, 'AWS::ECS::TaskDefinition');
  const [container] = definition.Properties.ContainerDefinitions as { Name: string; PortMappings: { ContainerPort: number }[]; Command: string[] }[];
  expect([container.Name, container.PortMappings.map((mapping) => mapping.ContainerPort)]).toEqual([ContainerName, [ContainerPort]]);
  expect(container.Command[2]).toContain(`("", ${ContainerPort})`);
  expect(service.Properties.TaskDefinition).toBe(definition.Properties.Family);

  const released = JSON.parse(deliveredFile(template, 'taskdef.json'));
  expect(released.containerDefinitions).toEqual([expect.objectContaining({
    name: ContainerName, image: '<IMAGE1_NAME>', portMappings: [{ containerPort: ContainerPort, protocol: 'tcp' }],
  })]);
  const appSpec = deliveredFile(template, 'appspec.yaml');
  expect(appSpec).toContain(`ContainerName: "${ContainerName}"\n          ContainerPort: ${ContainerPort}\n`);

  for (const type of ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress']) {
    expect(onlyResource(template, type)[1].Properties).toMatchObject({ FromPort: ContainerPort, ToPort: ContainerPort });
  }
  const groups = Object.keys(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup'));
  expect(groups).toHaveLength(2);
  expect(groups).toContain(TargetGroupArn.Ref);
  const [{ TargetGroups }] = (onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup')[1].Properties.LoadBalancerInfo as
    { TargetGroupPairInfoList: { TargetGroups: { Name: { 'Fn::GetAtt': string[] } }[] }[] }).TargetGroupPairInfoList;
  expect(TargetGroups.map(({ Name }) => Name['Fn::GetAtt'][0]).sort()).toEqual([...groups].sort());
  expect(service.Properties).not.toHaveProperty('DesiredCount');
}

test('any valid combination of options is synthesized with consistent wiring', () => {
  fc.assert(fc.property(networks, services, suffixes, (network, service, environmentSuffix) => {
    const stack = createStack();
    new BlueGreenPythonPipeline(stack, 'Orders', { network, service, environmentSuffix });
    expectConsistentWiring(Template.fromStack(stack));
  }), { numRuns: RUNS });
}, 180_000);

const wrong: fc.Arbitrary<BlueGreenServiceOptions> = fc.oneof(
  fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: 65536 }), fc.double({ noInteger: true, noNaN: true }))
    .map((containerPort) => ({ containerPort })),
  fc.constantFrom('', ' ', 'a b', 'ä', 'a/b').map((containerName) => ({ containerName })),
  fc.tuple(fc.integer({ min: 1, max: 20000 }), fc.integer({ min: 1, max: 511 })).map(([cpu, memoryLimitMiB]) => ({ cpu, memoryLimitMiB })),
  fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: 100 }))
    .map((percentage) => ({ trafficShift: TrafficShift.linear(percentage, Duration.minutes(1)) })),
  fc.integer({ min: 2881, max: 100_000 }).map((minutes) => ({ terminationWaitTime: Duration.minutes(minutes) })),
  fc.integer({ min: 3601, max: 100_000 }).map((seconds) => ({ deregistrationDelay: Duration.seconds(seconds) })),
  fc.integer({ min: 2, max: 100 }).map((maxCapacity) => ({ scaling: { minCapacity: maxCapacity + 1, maxCapacity } })),
  fc.integer({ min: 5, max: 120 }).map(Duration.seconds).map((interval) => ({ healthCheck: { interval, timeout: interval } })),
);

test('any invalid option fails with an error of ours that names the construct', () => {
  fc.assert(fc.property(services, wrong, (valid, invalid) => {
    const stack = createStack();
    expect(() => new BlueGreenPythonPipeline(stack, 'Orders', { service: { ...valid, ...invalid } })).toThrow(/^'[a-zA-Z. ']+' (must|cannot).* \[Stack\/Orders\/Service(\/CodeDeploy)?\]$/s);
  }), { numRuns: 100 });
}, 180_000);
