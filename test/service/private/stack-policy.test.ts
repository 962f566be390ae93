import * as fs from 'fs';
import * as path from 'path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { BlueGreenPythonPipeline, BlueGreenServiceOptions, DeploymentTestListener } from '../../../src';
import { createService, idOf, onlyResource, resourcesOf } from '../../helpers';

const SERVICE = 'AWS::ECS::Service';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/1';

interface Policy {
  readonly Statement: { readonly Resource: string | string[] }[];
}

/** The stack policies in an assembly, by the names of their files. */
function policiesIn(app: App): { [file: string]: Policy } {
  const { directory } = app.synth();
  return Object.fromEntries(fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('stack-policy'))
    .map((file) => [file, JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'))]));
}

function deniedBy({ Statement: [, deny] }: Policy): string[] {
  return [deny.Resource].flat();
}

const createStack = (): Stack => new Stack(new App({ treeMetadata: false }), 'Stack');
const appOf = ({ node }: Stack): App => node.root as App;
const idsOf = (...ids: string[]): string[] => ids.map((id) => `LogicalResourceId/${id}`).sort();

/** The policy of a stack with one service, and its template. */
function synthesize(options: BlueGreenServiceOptions = {}): { readonly policy: Policy; readonly template: Template } {
  const stack = createStack();
  createService(stack, { ...options, stackPolicy: true });
  return { policy: policiesIn(appOf(stack))['Stack.stack-policy.json'], template: Template.fromStack(stack) };
}

test('no policy is written by default', () => {
  const stack = createStack();
  createService(stack);
  expect(policiesIn(appOf(stack))).toEqual({});
});

test('the policy allows all updates but those of the service and its listener', () => {
  const { policy, template } = synthesize();
  const [service] = onlyResource(template, SERVICE);
  const [listener] = onlyResource(template, LISTENER);
  expect(policy).toEqual({
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', Action: 'Update:*', Resource: idsOf(service, listener) },
    ],
  });
});

test('it adds nothing to the template', () => {
  const stack = createStack();
  createService(stack);
  expect(synthesize().template.toJSON()).toEqual(Template.fromStack(stack).toJSON());
});

test('it protects the test listener, but not the redirect, which CodeDeploy leaves alone', () => {
  const stack = createStack();
  createService(stack, {
    stackPolicy: true,
    loadBalancer: { certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE) },
    release: { testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/8']) },
  });
  const denied = deniedBy(policiesIn(appOf(stack))['Stack.stack-policy.json']);
  const template = Template.fromStack(stack);
  expect(denied).toEqual(idsOf(
    onlyResource(template, SERVICE)[0], idOf(template, LISTENER, /LoadBalancerListener/), idOf(template, LISTENER, /TestListener/),
  ));
  expect(Object.keys(resourcesOf(template, LISTENER))).toHaveLength(3);
});

test('it protects rules of a listener that forward to a target group of the service, and no others', () => {
  const stack = createStack();
  const { listener, greenTargetGroup } = createService(stack, { stackPolicy: true });
  const condition = (name: string) => elbv2.ListenerCondition.httpHeader(name, ['1']);
  listener.addAction('Green', { priority: 1, conditions: [condition('green')], action: elbv2.ListenerAction.forward([greenTargetGroup]) });
  listener.addAction('Fixed', { priority: 2, conditions: [condition('fixed')], action: elbv2.ListenerAction.fixedResponse(404) });
  const denied = deniedBy(policiesIn(appOf(stack))['Stack.stack-policy.json']);
  const template = Template.fromStack(stack);
  expect(denied).toContain(`LogicalResourceId/${idOf(template, RULE, /Green/)}`);
  expect(denied).not.toContain(`LogicalResourceId/${idOf(template, RULE, /Fixed/)}`);
});

test('an override of the logical id is followed', () => {
  const stack = createStack();
  const { listener } = createService(stack, { stackPolicy: true });
  (listener.node.defaultChild as elbv2.CfnListener).overrideLogicalId('Production');
  expect(deniedBy(policiesIn(appOf(stack))['Stack.stack-policy.json'])).toContain('LogicalResourceId/Production');
});

test('two services of a stack share one policy, and one without the option is not in it', () => {
  const stack = createStack();
  const names = ['orders', 'bills', 'plain'];
  names.forEach((name) => new BlueGreenPythonPipeline(stack, name, { applicationName: name, service: { stackPolicy: name !== 'plain' } }));
  const denied = deniedBy(policiesIn(appOf(stack))['Stack.stack-policy.json']);
  expect(names.map((name) => denied.filter((id) => id.startsWith(`LogicalResourceId/${name}`)).length)).toEqual([2, 2, 0]);
});

test('a stack in a stage and a nested stack have policies of their own, beside their templates', () => {
  const app = new App({ treeMetadata: false });
  createService(new Stack(new Stage(app, 'Prod'), 'Stack'), { stackPolicy: true });
  createService(new NestedStack(new Stack(app, 'Outer'), 'Inner'), { stackPolicy: true });
  const policies = policiesIn(app);
  expect(Object.keys(policies).sort()).toEqual([
    expect.stringMatching(/^OuterInner\w+\.nested\.stack-policy\.json$/),
    expect.stringMatching(/^assembly-Prod\/ProdStack\w+\.stack-policy\.json$/),
  ]);
  Object.values(policies).forEach((policy) => expect(deniedBy(policy)).toHaveLength(2));
});

test('a second synthesis writes the same policy', () => {
  const stack = createStack();
  createService(stack, { stackPolicy: true });
  expect(policiesIn(appOf(stack))).toEqual(policiesIn(appOf(stack)));
});
