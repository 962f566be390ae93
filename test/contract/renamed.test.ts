import { Aspects, CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AlertChannel, BlueGreenPythonPipeline, DeploymentHooks } from '../../src';
import { NAMES } from '../../src/template-checks/private/name-table';
import { createStack } from '../helpers';

/** Properties with a name, beside those that the template checks know. */
const OTHERS: { readonly [type: string]: string } = {
  'AWS::SSM::Parameter': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

/** Adds an aspect that renames every resource with a name. Returns the old names at the end of the synth. */
function rename(stack: Stack): Set<string> {
  const old = new Set<string>();
  Aspects.of(stack).add({
    visit: (node) => {
      const property = CfnResource.isCfnResource(node) ? propertyOf(node.cfnResourceType) : undefined;
      if (property === undefined) { return; }
      const name: unknown = stack.resolve(Reflect.get(node, property));
      if (typeof name !== 'string') { return; }
      old.add(name);
      Reflect.set(node, property, `${name}-renamed`);
    },
  });
  return old;
}

function propertyOf(type: string): string | undefined {
  const property = OTHERS[type] ?? NAMES[type]?.property;
  return property && property.charAt(0).toLowerCase() + property.slice(1);
}

/** The strings of a template with their paths. */
function stringsIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') { return [[path, value]]; }
  return Object.entries(value ?? {}).flatMap(([key, child]) => stringsIn(child, `${path}/${key}`));
}

test('an aspect can rename every resource, and the template has its old name nowhere else', () => {
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
  const old = rename(stack);
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: object } };
  const pattern = new RegExp(`(${[...old].map((name) => name.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')).join('|')})(?![\\w-])`);
  const found = stringsIn(Resources).filter(([, text]) => pattern.test(text)).map(([path, text]) => `${path}: ${text}`);
  expect(old.size).toBeGreaterThan(20);
  expect(found).toEqual([]);
});

test('an override of the family also changes the family of the service', () => {
  const stack = createStack();
  const { service } = new BlueGreenPythonPipeline(stack, 'Orders');
  (service.taskDefinition.node.defaultChild as CfnResource).addPropertyOverride('Family', 'renamed');
  Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', { TaskDefinition: 'renamed' });
});
