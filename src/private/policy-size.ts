import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { renderStandIns } from './stand-ins';

/**
 * The maximum length of a managed policy, without white space.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_CHARACTERS = 6_144;

/** The maximum number of managed policies of a role, unless AWS has raised the quota of the account. */
const MAX_POLICIES = 10;

/** Returns the length of a policy document at deployment, with the longest values that references usually have. */
type Measure = (document: unknown) => number;

function measureIn(scope: IConstruct): Measure {
  const stack = Stack.of(scope);
  const render = renderStandIns(stack);
  return (document) => String(JSON.stringify(render(stack.resolve(document)))).replace(/\s/g, '').length;
}

/**
 * Divides statements into as many parts as IAM needs policies for them. There is one part, unless the statements are
 * too long for a policy.
 */
export function divide(scope: IConstruct, statements: iam.PolicyStatement[]): iam.PolicyStatement[][] {
  const measure = measureIn(scope);
  const fits = (part: iam.PolicyStatement[]) => measure(documentOf(part)) <= MAX_CHARACTERS;
  if (fits(statements)) { return [statements]; }
  const [first, ...others] = statements;
  return others.reduce((parts, statement) => {
    const last = [...parts[parts.length - 1], statement];
    return fits(last) ? [...parts.slice(0, -1), last] : [...parts, [statement]];
  }, [[first]]);
}

/** A document of copies, because CDK merges the statements of a document when it resolves it. */
export function documentOf(statements: iam.PolicyStatement[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ minimize: true, statements: statements.map((statement) => statement.copy()) });
}

/** Returns the errors for policies that IAM would reject in the middle of the deployment. */
export function validatePolicySizes(scope: IConstruct, policies: iam.ManagedPolicy[]): string[] {
  const measure = measureIn(scope);
  const sizes = policies.map((policy) => ({
    path: policy.node.path, characters: measure((policy.node.defaultChild as iam.CfnManagedPolicy).policyDocument),
  }));
  return sizes.filter(({ characters }) => characters > MAX_CHARACTERS).map(({ path, characters }) =>
    `the policy '${path}' must have at most ${MAX_CHARACTERS} characters, got about ${characters}; grant on fewer resources`);
}

/** Warns of more policies than a role can have by default. It is no error, because AWS can raise the quota. */
export function warnOfManyPolicies(scope: IConstruct, attached: number): void {
  if (attached <= MAX_POLICIES) { return; }
  Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:Role.manyPolicies',
    `the role has ${attached} managed policies, and IAM attaches at most ${MAX_POLICIES} by default, so the deployment may fail: `
    + 'grant on fewer resources, or ask AWS to raise the quota');
}
