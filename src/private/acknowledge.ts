import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { acknowledgeRule, isAcknowledged } from './cdk-internals';
import { mark, markOf } from './marks';

/** The packs of cdk-nag whose rules have the same names. */
const SHARED_NAMES = ['NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security'];

/** The findings that one reason acknowledges. */
export interface Findings {
  /** Rules of cdk-nag's AwsSolutions. */
  readonly solutions?: string[];
  /** Rules of its packs for NIST 800-53, PCI DSS and HIPAA. */
  readonly compliance?: string[];
  /** Checks of checkov. The construct must be the resource itself, because checkov reads them from the template. */
  readonly checkov?: string[];
  /** Rules of Control Tower, by their names in CloudFormation Guard. */
  readonly guard?: string[];
}

/**
 * Acknowledges findings of a resource, with the reason: AWS leaves no choice there. A finding that depends on an option
 * is not acknowledged, because that is up to the user.
 *
 * cdk-nag reads the reason from the construct, and checkov from the resource in the template. CloudFormation Guard has
 * no such mechanism: `npm run verify` applies the reasons to its findings.
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

/** Set on a policy statement, because CDK's class has no field for a reason. */
const REASON = Symbol.for('cdk-blue-green-python-pipeline.reason');

/**
 * Records the reason for a statement that names more than one resource. The policy that contains the statement
 * acknowledges the finding.
 */
export function wildcard(reason: string, statement: iam.PolicyStatement): iam.PolicyStatement {
  mark(statement, REASON, reason);
  return statement;
}

/** Acknowledges the wildcards of a policy's statements, each with its own reason. Other wildcards remain findings. */
export function acknowledgeWildcards(policy: iam.ManagedPolicy, statements: iam.PolicyStatement[]): void {
  for (const statement of statements) {
    const reason = markOf<string>(statement, REASON);
    if (reason === undefined) { continue; }
    record(policy, reason, wildcardRules(policy, statement));
  }
}

/**
 * Whether the policy already acknowledges a wildcard of the library that is equal to a wildcard of this statement. A
 * finding for the statement would not be reported then.
 */
export function isHiddenIn(policy: iam.ManagedPolicy, statement: iam.PolicyStatement): boolean {
  return wildcardRules(policy, statement).some((rule) => isAcknowledged(policy, rule));
}

/** The names that cdk-nag gives to the wildcards of the statement. */
function wildcardRules(policy: iam.ManagedPolicy, statement: iam.PolicyStatement): string[] {
  const resources: unknown[] = Stack.of(policy).resolve(statement.resources);
  return resources.map(flatten).filter((text) => text.includes('*')).map((text) => `AwsSolutions-IAM5[Resource::${text}]`);
}

function record(construct: IConstruct, reason: string, rules: string[]): void {
  rules.forEach((rule) => acknowledgeRule(construct, rule, reason));
}

function addCheckovSkips(resource: CfnResource, entries: { readonly id: string; readonly comment: string }[]): void {
  const { skip = [] }: { skip?: typeof entries } = resource.getMetadata('checkov') ?? {};
  // CDK's functions are shared, so another part may have acknowledged the finding already
  resource.addMetadata('checkov', { skip: [...skip, ...entries.filter(({ id }) => !skip.some((known) => known.id === id))] });
}

/** A value with intrinsic functions, in the notation of cdk-nag's findings. */
function flatten(value: unknown): string {
  if (typeof value === 'string') { return value; }
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Ref': ref } = value as { 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: string[]; 'Ref'?: string };
  if (join) { return join[1].map(flatten).join(join[0]); }
  if (attribute) { return `<${attribute.join('.')}>`; }
  return ref === undefined ? JSON.stringify(value) : `<${ref}>`;
}
