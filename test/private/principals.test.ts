import { CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { serviceOfThisAccount, thePipeline } from '../../src/private/principals';
import { createStack, resourcesOf, textOf } from '../helpers';

interface Trust {
  readonly Principal: { readonly AWS?: unknown; readonly Service?: unknown };
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** The statement of a role that such a principal assumes. */
function trustOf(stack: Stack, assumedBy: iam.IPrincipal): Trust {
  new iam.Role(stack, 'Trusting', { assumedBy });
  const [, { Properties }] = Object.entries(resourcesOf(Template.fromStack(stack), 'AWS::IAM::Role')).find(([id]) => id.startsWith('Trusting'))!;
  return (Properties.AssumeRolePolicyDocument as { Statement: Trust[] }).Statement[0];
}

const createPipelineRole = (stack: Stack, props: Partial<iam.RoleProps> = {}) =>
  new iam.Role(stack, 'Pipeline', { assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'), ...props });

test('a service acts for what is in this account only', () => {
  const stack = createStack();
  expect(trustOf(stack, serviceOfThisAccount(stack, 'events.amazonaws.com'))).toMatchObject({
    Principal: { Service: 'events.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  });
});

describe('the pipeline', () => {
  const pipelineTrustedIn = (stack: Stack, role: iam.IRole | undefined) => trustOf(stack, thePipeline(role));
  const arnIn = ({ Condition }: Trust) => textOf(Condition?.ArnLike['aws:PrincipalArn']);

  test('with a role that has a name is known by the ARN of the role', () => {
    const stack = createStack();
    const trust = pipelineTrustedIn(stack, createPipelineRole(stack, { roleName: 'orders-pipeline' }));
    expect(textOf(trust.Principal.AWS)).toBe('arn:${AWS::Partition}:iam::${AWS::AccountId}:root');
    expect(arnIn(trust)).toBe('arn:${AWS::Partition}:iam::${AWS::AccountId}:role/orders-pipeline');
  });

  test('is known by what an aspect or an override makes of the path and the name', () => {
    const stack = createStack();
    const role = createPipelineRole(stack, { roleName: 'orders-pipeline' });
    (role.node.defaultChild as CfnResource).addPropertyOverride('RoleName', 'other');
    (role.node.defaultChild as CfnResource).addPropertyOverride('Path', '/delivery/');
    expect(arnIn(pipelineTrustedIn(stack, role))).toBe('arn:${AWS::Partition}:iam::${AWS::AccountId}:role/delivery/other');
  });

  test.each<[string, (stack: Stack) => iam.IRole | undefined]>([
    ['a role that CloudFormation names', (stack) => createPipelineRole(stack)],
    ['an imported role', (stack) => iam.Role.fromRoleName(stack, 'Imported', 'imported')],
    ['no role', () => undefined],
  ])('with %s is known by its account alone', (_what, role) => {
    const stack = createStack();
    const trust = pipelineTrustedIn(stack, role(stack));
    expect(textOf(trust.Principal.AWS)).toBe('arn:${AWS::Partition}:iam::${AWS::AccountId}:root');
    expect(trust.Condition).toBeUndefined();
  });
});
