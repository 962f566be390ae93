import { AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, DependencyGroup } from 'constructs';
import { acknowledgeWildcards, isHiddenIn } from './acknowledge';
import { beginsAsGrantOfCdk } from './cdk-internals';
import { divide, documentOf, validatePolicySizes, warnOfManyPolicies } from './policy-size';

/** Props of a role whose grants are collected in a customer managed policy. */
export interface ManagedPolicyRoleProps extends iam.RoleProps {
  /**
   * Returns the name of a policy. The number is empty for the first policy, and `-2` for the second one. It follows the
   * purpose in the name, because at the end, it could be a part of another suffix, such as `dev-2`.
   */
  readonly managedPolicyName?: (number: string) => string | undefined;
  /** The statements that the library grants. */
  readonly statements?: iam.PolicyStatement[];
  /** Whether these statements replace CDK's own, wider grants for a resource. */
  readonly covers?: (resource: string) => boolean;
}

/**
 * A role that collects its grants in one customer managed policy instead of an inline policy. What is too long for one
 * policy goes into further ones.
 *
 * The policy refers to the role, not the other way round, so a key or an action role can refer to this role without a
 * cycle. A dependency on the role includes the policy.
 */
export class ManagedPolicyRole extends iam.Role {
  private readonly managedPolicyName: (number: string) => string | undefined;
  private readonly policy: iam.ManagedPolicy;
  private readonly covers: (resource: string) => boolean;
  private readonly granted: Set<string>;
  /** The statements of each policy, as they were granted. */
  private readonly statements = new Map<iam.ManagedPolicy, iam.PolicyStatement[]>();
  private readonly further: iam.ManagedPolicy[] = [];
  /** What waits for a grant also waits for the policies that a grant is split into. */
  private readonly dependable = new DependencyGroup();
  private ownPolicy?: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: ManagedPolicyRoleProps) {
    super(scope, id, props);
    this.managedPolicyName = props.managedPolicyName ?? (() => undefined);
    this.covers = props.covers ?? (() => false);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: this.managedPolicyName(''),
      // set here, because a feature flag of the app decides otherwise; without it, a policy could not contain many
      // secrets
      document: new iam.PolicyDocument({ minimize: true, statements: props.statements }),
      roles: [this],
    });
    acknowledgeWildcards(this.policy, props.statements ?? []);
    this.statements.set(this.policy, [...props.statements ?? []]);
    this.granted = new Set(props.statements?.map((statement) => this.textOf(statement)));
    // not in a grant, because further statements can be merged into shorter ones
    Aspects.of(this).add({
      visit: (construct) => { if (construct === this) { this.split(); } },
    }, { priority: AspectPriority.MUTATING });
    Aspects.of(this).add({
      visit: (construct) => { if (construct === this) { warnOfManyPolicies(this, this.attached); } },
    }, { priority: AspectPriority.READONLY });
    this.node.addValidation({ validate: () => validatePolicySizes(this, this.policies) });
  }

  private get policies(): iam.ManagedPolicy[] {
    return [...this.statements.keys(), ...this.further];
  }

  private get attached(): number {
    const { managedPolicyArns } = this.node.defaultChild as iam.CfnRole;
    return this.policies.length + ((Stack.of(this).resolve(managedPolicyArns) ?? []) as unknown[]).length;
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (this.isGrantOfCdk(statement)) {
      return { statementAdded: true, policyDependable: this.dependableOf(this.policy) };
    }
    // after the split, the first policy accepts no more
    const policy = this.further.at(-1) ?? this.choosePolicy(statement);
    policy.addStatements(statement);
    this.statements.get(policy)?.push(statement);
    acknowledgeWildcards(policy, [statement]);
    this.granted.add(this.textOf(statement));
    return { statementAdded: true, policyDependable: this.dependableOf(policy) };
  }

  private dependableOf(policy: iam.ManagedPolicy): DependencyGroup {
    return new DependencyGroup(policy, this.dependable);
  }

  /** Moves the statements that are too long for a policy into further ones. */
  private split(): void {
    for (const [policy, statements] of this.statements) {
      const [first, ...others] = divide(this, statements);
      if (others.length === 0) { continue; }
      // the document of the policy cannot lose statements
      (policy.node.defaultChild as iam.CfnManagedPolicy).policyDocument = documentOf(first);
      // an app can synthesize more than once, and runs its aspects each time
      this.statements.set(policy, first);
      others.reduce((previous, part, index) => {
        const further = this.addFurther(policy, index + 2, part);
        // in an update, a policy must not lose statements before the next one has them
        previous.node.addDependency(further);
        return further;
      }, policy);
    }
  }

  private addFurther(source: iam.ManagedPolicy, number: number, statements: iam.PolicyStatement[]): iam.ManagedPolicy {
    const policy = new iam.ManagedPolicy(this, `${source.node.id}${number}`, {
      managedPolicyName: source === this.policy ? this.managedPolicyName(`-${number}`) : undefined,
      document: documentOf(statements),
      roles: [this],
    });
    acknowledgeWildcards(policy, statements);
    this.further.push(policy);
    this.dependable.add(policy);
    return policy;
  }

  /**
   * An acknowledgment applies to a resource in a whole policy. So a grant by the user with the same wildcard goes into
   * a second policy, where it remains a finding.
   */
  private choosePolicy(statement: iam.PolicyStatement): iam.ManagedPolicy {
    if (this.granted.has(this.textOf(statement)) || !isHiddenIn(this.policy, statement)) { return this.policy; }
    if (!this.ownPolicy) {
      this.ownPolicy = new iam.ManagedPolicy(this, 'OwnPolicy', { document: documentOf([]), roles: [this] });
      this.statements.set(this.ownPolicy, []);
    }
    return this.ownPolicy;
  }

  private textOf(statement: iam.PolicyStatement): string {
    return JSON.stringify(Stack.of(this).resolve(statement.toStatementJson()));
  }

  /**
   * Whether CDK grants the statement automatically to the role of a pipeline or a project. The user's own grants and
   * denials are kept.
   */
  private isGrantOfCdk(statement: iam.PolicyStatement): boolean {
    return beginsAsGrantOfCdk(statement) && statement.resources.every(this.covers);
  }
}
