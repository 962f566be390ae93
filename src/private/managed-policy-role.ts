import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards, isHiddenIn } from './acknowledge';
import { beginsAsGrantOfCdk } from './cdk-internals';

/** Props of a role whose grants gather in a customer-managed policy. */
export interface ManagedPolicyRoleProps extends iam.RoleProps {
  readonly managedPolicyName?: string;
  /** What the library grants. */
  readonly statements?: iam.PolicyStatement[];
  /** The resources for which these statements stand in the place of CDK's own, wider grants. */
  readonly covers?: (resource: string) => boolean;
}

/**
 * A role that gathers what is granted to it in one customer-managed policy instead of an inline one.
 *
 * The policy names the role, not the other way round, so a key or an action role may name this role without a cycle.
 * Depend on the role, and the policy comes with it.
 */
export class ManagedPolicyRole extends iam.Role {
  private readonly policy: iam.ManagedPolicy;
  private readonly covers: (resource: string) => boolean;
  private readonly granted: Set<string>;
  private ownPolicy?: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: ManagedPolicyRoleProps) {
    super(scope, id, props);
    this.covers = props.covers ?? (() => false);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: props.managedPolicyName,
      // set here, since a feature flag of the app decides otherwise; many secrets would not fit into a policy one by
      // one
      document: new iam.PolicyDocument({ minimize: true, statements: props.statements }),
      roles: [this],
    });
    acknowledgeWildcards(this.policy, props.statements ?? []);
    this.granted = new Set(props.statements?.map((statement) => this.textOf(statement)));
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (this.isGrantOfCdk(statement)) { return { statementAdded: true, policyDependable: this.policy }; }
    const policy = this.choosePolicy(statement);
    policy.addStatements(statement);
    acknowledgeWildcards(policy, [statement]);
    this.granted.add(this.textOf(statement));
    return { statementAdded: true, policyDependable: policy };
  }

  /**
   * What is acknowledged counts for a resource in a whole policy: what a user grants on the same wildcard goes into
   * another, and stays a finding.
   */
  private choosePolicy(statement: iam.PolicyStatement): iam.ManagedPolicy {
    if (this.granted.has(this.textOf(statement)) || !isHiddenIn(this.policy, statement)) { return this.policy; }
    return this.ownPolicy ??= new iam.ManagedPolicy(this, 'OwnPolicy', { document: new iam.PolicyDocument({ minimize: true }), roles: [this] });
  }

  private textOf(statement: iam.PolicyStatement): string {
    return JSON.stringify(Stack.of(this).resolve(statement.toStatementJson()));
  }

  /**
   * What CDK grants by itself to the role of a pipeline or a project; what a user denies or grants otherwise is kept.
   */
  private isGrantOfCdk(statement: iam.PolicyStatement): boolean {
    return beginsAsGrantOfCdk(statement) && statement.resources.every(this.covers);
  }
}
