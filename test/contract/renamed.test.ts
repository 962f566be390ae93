import { Aspects, CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { AlertChannel, BlueGreenPythonPipeline, DeploymentHooks } from '../../src';
import { NAMES } from '../../src/template-checks/private/name-table';
import { createStack, resourcesOf, textOf } from '../helpers';

/** Properties with a name, beside those that the template checks know. */
const OTHERS: { readonly [type: string]: string } = {
  'AWS::SSM::Parameter': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

type Rename = (resource: CfnResource, property: string, name: string) => void;

const assign: Rename = (resource, property, name) => Reflect.set(resource, camelCase(property), name);
const override: Rename = (resource, property, name) => resource.addPropertyOverride(property, name);

/** Adds an aspect that renames every resource with a name. Returns the old names at the end of the synth. */
function rename(stack: Stack, change: Rename): Set<string> {
  const old = new Set<string>();
  Aspects.of(stack).add({
    visit: (node) => {
      const property = CfnResource.isCfnResource(node) ? propertyOf(node.cfnResourceType) : undefined;
      if (property === undefined) { return; }
      const name: unknown = stack.resolve(Reflect.get(node, camelCase(property)));
      if (typeof name !== 'string') { return; }
      old.add(name);
      change(node as CfnResource, property, `${name}-renamed`);
    },
  });
  return old;
}

function propertyOf(type: string): string | undefined {
  return OTHERS[type] ?? NAMES[type]?.property;
}

function camelCase(property: string): string {
  return property.charAt(0).toLowerCase() + property.slice(1);
}

/** The strings of a template with their paths. */
function stringsIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') { return [[path, value]]; }
  return Object.entries(value ?? {}).flatMap(([key, child]) => stringsIn(child, `${path}/${key}`));
}

/** A stack with every named resource. */
function createNamed(): Stack {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', {
    applicationName: 'orders',
    environmentSuffix: 'prod',
    removalPolicy: RemovalPolicy.DESTROY,
    service: {
      encryptionKey: new kms.Key(stack, 'Key'),
      scaling: { minCapacity: 1, maxCapacity: 2 },
      enableExecuteCommand: true,
      release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'] }) },
    },
    alerts: { channels: [AlertChannel.email('a@example.com')] },
    pipeline: { manualApproval: true },
  });
  return stack;
}

test.each<[string, Rename]>([
  ['a property', assign], ['an override', override],
])('an aspect can rename every resource with %s, and the template has its old name nowhere else', (_with, change) => {
  const stack = createNamed();
  const old = rename(stack, change);
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: object } };
  const pattern = new RegExp(`(${[...old].map((name) => name.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')).join('|')})(?![\\w-])`);
  const found = stringsIn(Resources).filter(([, text]) => pattern.test(text)).map(([path, text]) => `${path}: ${text}`);
  expect(old.size).toBeGreaterThan(20);
  expect(found).toEqual([]);
});

test.each<[string, (logGroup: logs.CfnLogGroup) => void]>([
  ['sets no name', (logGroup) => { logGroup.logGroupName = undefined; }],
  ['deletes the name', (logGroup) => logGroup.addPropertyDeletionOverride('LogGroupName')],
])('if an aspect %s for the log groups, the policies allow every log group, and the rule has the generated name', (_what, change) => {
  const stack = createNamed();
  Aspects.of(stack).add({ visit: (node) => { if (node instanceof logs.CfnLogGroup) { change(node); } } });
  const template = Template.fromStack(stack);
  const ends = (type: string) => stringsIn(template.findResources(type))
    .map(([, text]) => text).filter((text) => text.includes(':log-group:')).map((text) => text.split(':log-group:')[1]);
  expect(new Set(ends('AWS::KMS::Key'))).toEqual(new Set(['*']));
  expect(ends('AWS::Logs::LogGroup')).toEqual(['*:*']);
  const [id] = Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { ResourcePolicyDocument: Match.anyValue() } }));
  const targets = Object.values(resourcesOf(template, 'AWS::Events::Rule')).flatMap(({ Properties }) => Properties.Targets as { Arn: unknown }[]);
  expect(targets.map(({ Arn }) => textOf(Arn))).toContain(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${${id}}`);
});

test('an override of the family also changes the family of the service', () => {
  const stack = createStack();
  const { service } = new BlueGreenPythonPipeline(stack, 'Orders');
  (service.taskDefinition.node.defaultChild as CfnResource).addPropertyOverride('Family', 'renamed');
  Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', { TaskDefinition: 'renamed' });
});

test.each<[string, (taskDefinition: ecs.CfnTaskDefinition) => void]>([
  ['an override', (taskDefinition) => taskDefinition.addPropertyDeletionOverride('Family')],
  ['a property', (taskDefinition) => { taskDefinition.family = undefined; }],
])('the family cannot be deleted with %s', (_with, remove) => {
  const stack = createStack();
  const { service } = new BlueGreenPythonPipeline(stack, 'Orders');
  remove(service.taskDefinition.node.defaultChild as ecs.CfnTaskDefinition);
  expect(() => Template.fromStack(stack)).toThrow('[Stack/Orders/Service] the task definition must have a Family, got none; '
    + 'the service and the release use its name: remove the override or the aspect that deletes it');
});
