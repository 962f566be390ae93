import {
  App, Aspects, CfnResource, Duration, Mixin, Mixins, PropertyInjectors, RemovalPolicies,
  RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { BlueGreenPythonPipeline } from '../../src';

// what users have to change a resource of the pattern: overrides, property injectors, aspects, and mixins

type Change = (stack: Stack, pattern: () => BlueGreenPythonPipeline) => void;

const SERVICE = 'AWS::ECS::Service';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const SPOT = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];

/** What `cdk synth` reports: the ids of the findings of a change, each once. */
function findingsAfter(change: Change): string[] {
  const app = new App({ treeMetadata: false });
  const stack = new Stack(app, 'Stack');
  let created: BlueGreenPythonPipeline | undefined;
  const pattern = () => created ??= new BlueGreenPythonPipeline(stack, 'Orders', { removalPolicy: RemovalPolicy.RETAIN });
  change(stack, pattern);
  pattern();
  try {
    app.synth();
    return [];
  } catch (error) {
    const ids = [...(error as Error).message.matchAll(/TemplateChecks::([\w-]+)/g)].map(([, id]) => id);
    if (ids.length === 0) { throw error; }
    return [...new Set(ids)];
  }
}

const resourceOf = ({ node }: IConstruct) => node.defaultChild as CfnResource;

const override = (path: string, value: unknown): Change => (_stack, pattern) => {
  resourceOf(pattern().service.fargateService).addPropertyOverride(path, value);
};

const aspect = (type: string, path: string, value: unknown, id = ''): Change => (stack) => Aspects.of(stack).add({
  visit: (node) => {
    if (CfnResource.isCfnResource(node) && node.cfnResourceType === type && node.node.path.includes(id)) {
      node.addPropertyOverride(path, value);
    }
  },
});

/** An injector of props into a class of CDK, for constructs whose id has this part. */
const injector = (constructUniqueId: string, props: object, part = ''): Change => ({ node }) => {
  PropertyInjectors.of(node.root).add({
    constructUniqueId,
    inject: (original, { id }) => id.includes(part) ? { ...original, ...props } : original,
  });
};

class WithVolumes extends Mixin {
  public supports(construct: IConstruct): boolean {
    return CfnResource.isCfnResource(construct) && construct.cfnResourceType === SERVICE;
  }

  public applyTo(construct: IConstruct): void {
    (construct as ecs.CfnService).volumeConfigurations = [{ name: 'data' }];
  }
}

const STICKY = { stickinessCookieDuration: Duration.hours(1) };

test('the pattern as it is has no finding', () => {
  expect(findingsAfter(() => {})).toEqual([]);
});

test.each<[what: string, rule: string, change: Change]>([
  ['an override adds a circuit breaker', 'service-controller', override('DeploymentConfiguration.DeploymentCircuitBreaker', { Enable: true, Rollback: true })],
  ['an override adds a second load balancer', 'service-controller', override('LoadBalancers.1', { TargetGroupArn: 'arn:other', ContainerName: 'app', ContainerPort: 8080 })],
  ['an override adds lifecycle hooks', 'service-controller', override('DeploymentConfiguration.LifecycleHooks', [{ HookTargetArn: 'arn:hook', RoleArn: 'arn:role', LifecycleStages: ['BAKE_TIME'] }])],
  ['an injector adds Service Connect', 'service-controller', injector(ecs.FargateService.PROPERTY_INJECTION_ID, { serviceConnectConfiguration: { namespace: 'local' } })],
  ['an aspect adds deployment alarms', 'service-controller', aspect(SERVICE, 'DeploymentConfiguration.Alarms', { AlarmNames: [], Enable: false, Rollback: false })],
  ['a mixin adds EBS volumes', 'service-controller', (stack, pattern) => { pattern(); Mixins.of(stack).apply(new WithVolumes()); }],
  ['an override adds a registry', 'service-discovery', override('ServiceRegistries', [{ RegistryArn: 'arn:registry' }])],
  ['an aspect adds a registry', 'service-discovery', aspect(SERVICE, 'ServiceRegistries', [{ RegistryArn: 'arn:registry' }])],
  ['an override adds capacity providers', 'service-capacity', override('CapacityProviderStrategy', [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }])],
  ['an injector adds capacity providers', 'release-capacity', injector(ecs.FargateService.PROPERTY_INJECTION_ID, { capacityProviderStrategies: SPOT })],
  ['an override makes green sticky', 'deployment-attributes', (_stack, pattern) => pattern().service.greenTargetGroup.enableCookieStickiness(Duration.hours(1))],
  ['an injector makes green sticky', 'deployment-attributes', injector(elbv2.ApplicationTargetGroup.PROPERTY_INJECTION_ID, STICKY, 'Green')],
  ['an aspect slows the start of blue', 'deployment-attributes', aspect(TARGET_GROUP, 'TargetGroupAttributes.2', { Key: 'slow_start.duration_seconds', Value: '60' }, 'Blue')],
  ['an override deletes replaced revisions', 'task-revisions', (_stack, pattern) => resourceOf(pattern().service.taskDefinition).addOverride('UpdateReplacePolicy', 'Delete')],
])('%s: %s', (_what, rule, change) => {
  expect(findingsAfter(change)).toContain(rule);
});

test.each<[what: string, change: Change]>([
  ['an injector makes both target groups sticky', injector(elbv2.ApplicationTargetGroup.PROPERTY_INJECTION_ID, STICKY)],
  ['an aspect slows the start of both', aspect(TARGET_GROUP, 'TargetGroupAttributes.2', { Key: 'slow_start.duration_seconds', Value: '60' })],
  ['an aspect deletes everything', (stack) => RemovalPolicies.of(stack).destroy()],
  ['an aspect retains everything', (stack) => RemovalPolicies.of(stack).retain()],
])('%s: no finding', (_what, change) => {
  expect(findingsAfter(change)).toEqual([]);
});
