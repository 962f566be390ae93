import {
  App, Aspects, CfnDeletionPolicy, CfnResource, MissingRemovalPolicies, Mixin, Mixins, RemovalPolicies, RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IConstruct } from 'constructs';
import { BlueGreenPythonPipeline } from '../../../../src';
import { onlyResource, Resource, resourcesOf } from '../../../helpers';

const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
const LOG_GROUP = 'AWS::Logs::LogGroup';

/** Deletes every resource, as a mixin of a user's. */
class Disposable extends Mixin {
  public supports(construct: IConstruct): construct is CfnResource {
    return CfnResource.isCfnResource(construct);
  }

  public applyTo(construct: IConstruct): void {
    (construct as CfnResource).applyRemovalPolicy(RemovalPolicy.DESTROY);
  }
}

const deleteAll = {
  visit: (node: IConstruct) => {
    if (CfnResource.isCfnResource(node)) {
      node.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
      node.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    }
  },
};

type Applied = (stack: Stack, pattern: BlueGreenPythonPipeline) => void;

function synthesizeWith(apply: Applied): Template {
  const stack = new Stack(new App({ treeMetadata: false }), 'Stack');
  apply(stack, new BlueGreenPythonPipeline(stack, 'Orders', { removalPolicy: RemovalPolicy.RETAIN }));
  return Template.fromStack(stack);
}

const taskDefinitionOf = (template: Template): Resource => onlyResource(template, TASK_DEFINITION)[1];

test.each<[what: string, apply: Applied]>([
  ['RemovalPolicies.of(app).destroy()', (stack) => RemovalPolicies.of(stack.node.root).destroy()],
  ['RemovalPolicies.of(stack).destroy() with the last priority', (stack) => RemovalPolicies.of(stack).destroy({ priority: 1000 })],
  ['RemovalPolicies for task definitions only', (stack) => RemovalPolicies.of(stack).destroy({ applyToResourceTypes: [TASK_DEFINITION] })],
  ['MissingRemovalPolicies.of(stack).destroy()', (stack) => MissingRemovalPolicies.of(stack).destroy()],
  ['an aspect on the stack', (stack) => Aspects.of(stack).add(deleteAll)],
  ['a mixin', (stack) => { Mixins.of(stack).apply(new Disposable()); }],
  ['applyRemovalPolicy() of the construct', (_stack, { service }) => service.taskDefinition.applyRemovalPolicy(RemovalPolicy.DESTROY)],
])('old revisions stay active and are deleted with the stack, whatever %s says', (_what, apply) => {
  expect(taskDefinitionOf(synthesizeWith(apply))).toMatchObject({ UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Delete' });
});

test('the removal policy of the other resources follows the aspect', () => {
  const template = synthesizeWith((stack) => RemovalPolicies.of(stack).destroy());
  Object.values(resourcesOf(template, LOG_GROUP)).forEach((logGroup) =>
    expect(logGroup).toMatchObject({ UpdateReplacePolicy: 'Delete', DeletionPolicy: 'Delete' }));
});

test('an aspect may keep the last revision as well', () => {
  const template = synthesizeWith((stack) => RemovalPolicies.of(stack).retain());
  expect(taskDefinitionOf(template)).toMatchObject({ UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Retain' });
});
