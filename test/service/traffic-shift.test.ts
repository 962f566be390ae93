import { Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { TrafficShift } from '../../src';
import { PREDEFINED } from '../../src/private/deployment-configurations';
import { createService, createStack, onlyResource, resourcesOf } from '../helpers';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const CONFIG = 'AWS::CodeDeploy::DeploymentConfig';

function synthesize(
  trafficShift: TrafficShift, names: { applicationName?: string; environmentSuffix?: string } = {},
): Template {
  const stack = createStack();
  createService(stack, { ...names, release: { trafficShift } });
  return Template.fromStack(stack);
}

test.each([
  ['all at once', TrafficShift.allAtOnce(), 'CodeDeployDefault.ECSAllAtOnce'],
  ['canary of 10 percent for 5 minutes', TrafficShift.canary(10, Duration.minutes(5)), 'CodeDeployDefault.ECSCanary10Percent5Minutes'],
  ['canary of 10 percent for 15 minutes', TrafficShift.canary(10, Duration.minutes(15)), 'CodeDeployDefault.ECSCanary10Percent15Minutes'],
  ['linear by 10 percent a minute', TrafficShift.linear(10, Duration.seconds(60)), 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes'],
  ['linear by 10 percent every 3 minutes', TrafficShift.linear(10, Duration.minutes(3)), 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes'],
])('%s is a configuration of AWS\'s', (_name, shift, expected) => {
  const template = synthesize(shift);
  expect(onlyResource(template, GROUP)[1].Properties.DeploymentConfigName).toBe(expected);
  template.resourceCountIs(CONFIG, 0);
});

test.each([
  ['canary', TrafficShift.canary(25, Duration.minutes(10)), { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 25, CanaryInterval: 10 } }],
  ['linear', TrafficShift.linear(20, Duration.hours(1)), { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 20, LinearInterval: 60 } }],
])('another %s is a configuration of its own', (_name, shift, TrafficRoutingConfig) => {
  const template = synthesize(shift);
  const [id, { Properties }] = onlyResource(template, CONFIG);
  expect(Properties).toEqual({ ComputePlatform: 'ECS', TrafficRoutingConfig });
  expect(onlyResource(template, GROUP)[1].Properties.DeploymentConfigName).toEqual({ Ref: id });
});

test('a configuration of its own is named by its values, so that the next one does not collide with it', () => {
  const template = synthesize(TrafficShift.canary(25, Duration.minutes(10)), { applicationName: 'orders', environmentSuffix: 'dev' });
  expect(onlyResource(template, CONFIG)[1].Properties.DeploymentConfigName).toBe('orders-canary-25-10m-dev');
});

test('values that are known at deployment only make a configuration of its own', () => {
  const later = (value: number) => Lazy.number({ produce: () => value });
  const template = synthesize(TrafficShift.linear(later(10), Duration.minutes(later(1))));
  expect(Object.values(resourcesOf(template, CONFIG))[0].Properties.TrafficRoutingConfig).toEqual({
    Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 10, LinearInterval: 1 },
  });
});

test.each([PREDEFINED.allAtOnce, ...PREDEFINED.canary, ...PREDEFINED.linear])('CDK has $name as $constant', ({ name, constant }) => {
  expect(codedeploy.EcsDeploymentConfig[constant].deploymentConfigName).toBe(name);
});
