import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { acknowledgeRule, isAcknowledged } from './cdk-internals';
import { mark, markOf } from './marks';

/** The packs that share the names of their rules. */
const SHARED_NAMES = ['NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security'];

/** The findings that one reason answers. */
export interface Findings {
  /** Rules of cdk-nag's AwsSolutions. */
  readonly solutions?: string[];
  /** Rules of its packs for NIST 800-53, PCI DSS and HIPAA. */
  readonly compliance?: string[];
  /** Checks of checkov, which reads them in the template: the construct must be the resource itself. */
  readonly checkov?: string[];
  /** Rules of Control Tower, as CloudFormation Guard knows them. */
  readonly guard?: string[];
}

/**
 * Says why findings of a resource are left as they are: what AWS gives no choice about. What a user decides is the
 * user's to acknowledge.
 *
 * cdk-nag reads it from the construct, checkov from the resource in the template. Guard's rules read nothing:
 * `npm run verify` does it for them.
 */
export function acknowledge(construct: IConstruct, reason: string, findings: Findings): void {
  const { solutions = [], compliance = [], checkov = [], guard = [] } = findings;
  const rules = [
    ...solutions.map((rule) => `AwsSolutions-${rule}`),
    ...SHARED_NAMES.flatMap((pack) => compliance.map((rule) => `${pack}-${rule}`)),
  ];
  record(construct, reason, [...rules, ...checkov, ...guard]);
  if (checkov.length > 0) {
    addCheckovSkips(construct as CfnResource, checkov.map((id) => ({ id, comment: reason })));
  }
}

/** On a statement, whose class is CDK's and has no field for a reason. */
const REASON = Symbol.for('cdk-blue-green-python-pipeline.reason');

/** Why the statement names more than one resource. The policy that takes the statement acknowledges it. */
export function wildcard(reason: string, statement: iam.PolicyStatement): iam.PolicyStatement {
  mark(statement, REASON, reason);
  return statement;
}

/** Acknowledges the wildcards of a policy's statements, each with its own reason and no others. */
export function acknowledgeWildcards(policy: iam.ManagedPolicy, statements: iam.PolicyStatement[]): void {
  for (const statement of statements) {
    const reason = markOf<string>(statement, REASON);
    if (reason === undefined) { continue; }
    record(policy, reason, wildcardRules(policy, statement));
  }
}

/**
 * Whether a wildcard of the statement would be taken for one of the library's, which is acknowledged in this policy.
 */
export function isHiddenIn(policy: iam.ManagedPolicy, statement: iam.PolicyStatement): boolean {
  return wildcardRules(policy, statement).some((rule) => isAcknowledged(policy, rule));
}

/** What cdk-nag calls the wildcards of the statement. */
function wildcardRules(policy: iam.ManagedPolicy, statement: iam.PolicyStatement): string[] {
  const resources: unknown[] = Stack.of(policy).resolve(statement.resources);
  return resources.map(flatten).filter((text) => text.includes('*')).map((text) => `AwsSolutions-IAM5[Resource::${text}]`);
}

function record(construct: IConstruct, reason: string, rules: string[]): void {
  rules.forEach((rule) => acknowledgeRule(construct, rule, reason));
}

function addCheckovSkips(resource: CfnResource, entries: { readonly id: string; readonly comment: string }[]): void {
  const { skip = [] }: { skip?: typeof entries } = resource.getMetadata('checkov') ?? {};
  // CDK's functions are shared: another part may have acknowledged the finding already
  resource.addMetadata('checkov', { skip: [...skip, ...entries.filter(({ id }) => !skip.some((known) => known.id === id))] });
}

/** A value with intrinsic functions as cdk-nag names it in a finding. */
function flatten(value: unknown): string {
  if (typeof value === 'string') { return value; }
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Ref': ref } = value as { 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: string[]; 'Ref'?: string };
  if (join) { return join[1].map(flatten).join(join[0]); }
  if (attribute) { return `<${attribute.join('.')}>`; }
  return ref === undefined ? JSON.stringify(value) : `<${ref}>`;
}
