import { App, AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { BlueGreenPythonPipeline } from '../../src';
import { wildcard } from '../../src/private/acknowledge';
import { allow } from '../../src/private/allow';
import { isAcknowledged } from '../../src/private/cdk-internals';
import { ManagedPolicyRole } from '../../src/private/managed-policy-role';
import { ResourceNames } from '../../src/private/names';
import { PolicyRole } from '../../src/private/policy-role';
import { actionsOf, createService, createStack, resourcesOf, Statement } from '../helpers';
import { Deployed } from '../judges/iam/deployed';

const range = (count: number) => [...Array(count).keys()];
const assumedBy = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
const arn = (index: number) => `arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders/prod/payment-service/token-${index}-AbCdEf`;

interface Policy {
  readonly ManagedPolicyName?: string;
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

function policiesOf(stack: Stack, id: string): [string, Policy][] {
  const template = Template.fromStack(stack);
  const deployed = new Deployed(template.toJSON());
  return Object.entries(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).filter(([logicalId]) => logicalId.startsWith(id))
    .map(([logicalId, { Properties }]) => [logicalId, deployed.resolve(Properties) as Policy]);
}

const withoutHash = (id: string) => id.replace(/[0-9A-F]{8}$/, '');
const sizeOf = ({ PolicyDocument }: Policy) => JSON.stringify(PolicyDocument).replace(/\s/g, '').length;
const resourcesIn = (policies: [string, Policy][]) => policies
  .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement)
  .flatMap(({ Resource }) => Resource as string | string[]);

describe('a role with more secrets than a policy has space for', () => {
  const createRole = (count: number, grant: (stack: Stack, role: iam.Role, index: number) => void) => {
    const stack = createStack();
    const role = new ManagedPolicyRole(stack, 'Role', { assumedBy, managedPolicyName: (number) => `orders${number}-dev`, statements: [allow(['ecr:BatchGetImage'], ['arn:aws:ecr:::images'])] });
    range(count).forEach((index) => grant(stack, role, index));
    return { stack, role };
  };
  const imported = (_: Stack, role: iam.Role, index: number) => role.addToPrincipalPolicy(allow(['secretsmanager:GetSecretValue'], [arn(index)]));

  test.each<[string, (stack: Stack, role: iam.Role, index: number) => void]>([
    ['imported', imported],
    ['of the stack', (stack, role, index) => new secretsmanager.Secret(stack, `PaymentServiceApiToken${index}`).grantRead(role)],
    ['with long names', (stack, role, index) => new secretsmanager.Secret(stack, `Token${index}`, { secretName: `${'orders/'.repeat(40)}${index}` }).grantRead(role)],
  ])('has several policies, and each secret in one of them (%s)', (_name, grant) => {
    const policies = policiesOf(createRole(100, grant).stack, 'Role');
    expect(policies.length).toBeGreaterThan(1);
    policies.forEach(([, policy]) => expect(sizeOf(policy)).toBeLessThanOrEqual(6_144));
    const resources = resourcesIn(policies);
    expect(new Set(resources).size).toBe(101);
    expect(resources).toHaveLength(101);
  });

  test('keeps the id and the name of its first policy', () => {
    const [one] = policiesOf(createRole(1, imported).stack, 'Role');
    const policies = policiesOf(createRole(100, imported).stack, 'Role');
    expect(policies.map(([id, { ManagedPolicyName }]) => [withoutHash(id), ManagedPolicyName]))
      .toEqual([['RolePolicy', 'orders-dev'], ['RolePolicy2', 'orders-2-dev']]);
    expect(policies[0][0]).toBe(one[0]);
  });

  test('has one policy up to the limit', () => {
    expect(policiesOf(createRole(50, imported).stack, 'Role')).toHaveLength(1);
  });

  test('has names only if it has one', () => {
    const stack = createStack();
    const role = new ManagedPolicyRole(stack, 'Role', { assumedBy });
    range(100).forEach((index) => imported(stack, role, index));
    expect(policiesOf(stack, 'Role').map(([, { ManagedPolicyName }]) => ManagedPolicyName)).toEqual([undefined, undefined]);
  });

  test('keeps the reason for a wildcard with the statement', () => {
    const { stack, role } = createRole(60, imported);
    range(10).forEach((index) => role.addToPrincipalPolicy(wildcard('The keys are not known.', allow(['s3:GetObject'], [`arn:aws:s3:::orders-${index}/*`]))));
    Template.fromStack(stack);
    const further = role.node.findChild('Policy2') as iam.ManagedPolicy;
    expect(actionsOf(stack.resolve(further.document).Statement)).toContain('s3:GetObject');
    expect(range(10).some((index) => isAcknowledged(further, `AwsSolutions-IAM5[Resource::arn:aws:s3:::orders-${index}/*]`))).toBe(true);
  });

  test('splits what others grant on a wildcard of its own, too', () => {
    const stack = createStack();
    const role = new ManagedPolicyRole(stack, 'Role', { assumedBy, statements: [wildcard('Any.', allow(['s3:GetObject'], ['*']))] });
    range(100).forEach((index) => role.addToPrincipalPolicy(allow(['s3:PutObject', `s3:Other${index}`], ['*', arn(index)])));
    expect(policiesOf(stack, 'Role').map(([id]) => withoutHash(id))).toEqual(['RolePolicy', 'RoleOwnPolicy', 'RoleOwnPolicy2', 'RoleOwnPolicy3']);
  });

  test('numbers the policies of each source, and updates each one before the policy whose statements may move to it', () => {
    const stack = createStack();
    const role = new ManagedPolicyRole(stack, 'Role', {
      assumedBy, managedPolicyName: (number) => `orders${number}-dev`, statements: [wildcard('Any.', allow(['s3:GetObject'], ['*']))],
    });
    range(100).forEach((index) => {
      imported(stack, role, index);
      role.addToPrincipalPolicy(allow(['s3:PutObject', `s3:Other${index}`], ['*', arn(index)]));
    });
    const policies = resourcesOf(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy');
    expect(Object.entries(policies).map(([id, { Properties, DependsOn = [] }]) => (
      [withoutHash(id), Properties.ManagedPolicyName, DependsOn.map(withoutHash)]))).toEqual([
      ['RolePolicy', 'orders-dev', ['RolePolicy2']],
      ['RoleOwnPolicy', undefined, ['RoleOwnPolicy2']],
      ['RolePolicy2', 'orders-2-dev', []],
      ['RoleOwnPolicy2', undefined, ['RoleOwnPolicy3']],
      ['RoleOwnPolicy3', undefined, []],
    ]);
  });

  test('has the same policies when the app synthesizes again', () => {
    const { stack } = createRole(100, imported);
    const app = stack.node.root as App;
    const [once, again] = [{}, { force: true }]
      .map((options) => app.synth(options).getStackByName(stack.stackName).template as object);
    expect(again).toEqual(once);
    expect(Object.keys(Template.fromJSON(again).findResources('AWS::IAM::ManagedPolicy'))).toHaveLength(2);
  });

  test('lets a dependent wait for each policy', () => {
    const stack = createStack();
    const role = new ManagedPolicyRole(stack, 'Role', { assumedBy });
    const topic = new secretsmanager.Secret(stack, 'Dependent');
    range(100).forEach((index) => {
      const { policyDependable } = role.addToPrincipalPolicy(allow(['secretsmanager:GetSecretValue'], [arn(index)]));
      if (policyDependable) { topic.node.addDependency(policyDependable); }
    });
    const [secret] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::SecretsManager::Secret'));
    expect(secret.DependsOn?.map(withoutHash)).toEqual(['RolePolicy', 'RolePolicy2']);
  });

  test('grants what an aspect adds after the split', () => {
    const { stack, role } = createRole(100, imported);
    const aspect = { visit: (node: unknown) => { if (node === stack) { role.addToPrincipalPolicy(allow(['s3:GetObject'], ['arn:aws:s3:::late/key'])); } } };
    Aspects.of(stack).add(aspect, { priority: AspectPriority.READONLY - 1 });
    expect(resourcesIn(policiesOf(stack, 'Role'))).toContain('arn:aws:s3:::late/key');
  });

  test('warns of more than ten policies, with those that are attached in other ways', () => {
    const few = createRole(300, imported).stack;
    Annotations.fromStack(few).hasNoWarning('*', Match.anyValue());
    const { stack, role } = createRole(300, imported);
    range(9).forEach((index) => role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName(`Policy${index}`)));
    const count = policiesOf(stack, 'Role').length + 9;
    Annotations.fromStack(stack).hasWarning('/Stack/Role', `the role has ${count} managed policies, and IAM attaches at most 10 by default, so the deployment may fail: `
      + 'grant on fewer resources, or ask AWS to raise the quota [ack: cdk-blue-green-python-pipeline:Role.manyPolicies]');
  });
});

test('a statement that is too long by itself fails, with the size', () => {
  const stack = createStack();
  new ManagedPolicyRole(stack, 'Role', { assumedBy, statements: [allow(['secretsmanager:GetSecretValue'], range(100).map(arn))] });
  expect(() => Template.fromStack(stack)).toThrow(/\[Stack\/Role] the policy 'Stack\/Role\/Policy' must have at most 6144 characters, got about 10001; grant on fewer resources/);
});

test('a role whose policy must exist before it fails, because it is not split', () => {
  const stack = createStack();
  const names = new ResourceNames(stack, {});
  new PolicyRole(stack, 'Role', { names, purpose: 'deploy', assumedBy, statements: range(100).map((index) => allow(['lambda:InvokeFunction'], [arn(index)])) });
  expect(() => Template.fromStack(stack)).toThrow(/the policy 'Stack\/Role\/Policy' must have at most 6144 characters/);
});

const secretsOf = (stack: Stack) => Object.fromEntries(range(100).map((index) => [`TOKEN_${index}`,
  ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretCompleteArn(stack, `Token${index}`, arn(index)))]));

test('a service with 100 secrets has them all in the policies of its execution role', () => {
  const stack = createStack();
  const service = createService(stack, {
    secrets: secretsOf(stack),
  });
  const resources = resourcesIn(policiesOf(stack, 'ServiceExecutionRole'));
  expect(resources).toEqual(expect.arrayContaining(range(100).map(arn)));
  expect(service.fargateService.node.dependencies.length).toBeGreaterThan(0);
});

test('the second policy of a suffix does not have the name of a policy of another suffix', () => {
  const namesWith = (environmentSuffix: string) => {
    const stack = createStack();
    new BlueGreenPythonPipeline(stack, 'Orders', { applicationName: 'orders', environmentSuffix, service: { secrets: secretsOf(stack) } });
    return policiesOf(stack, '').map(([, { ManagedPolicyName }]) => ManagedPolicyName);
  };
  const [dev, other] = ['dev', 'dev-2'].map(namesWith);
  expect(dev).toContain('orders-execution-policy-2-eu-west-1-dev');
  expect(dev.filter((name) => other.includes(name))).toEqual([]);
});
