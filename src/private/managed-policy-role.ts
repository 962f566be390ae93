import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards, isHiddenIn } from './acknowledge';
import { beginsAsGrantOfCdk } from './cdk-internals';

/** Props of a role whose grants are collected in a customer managed policy. */
export interface ManagedPolicyRoleProps extends iam.RoleProps {
  readonly managedPolicyName?: string;
  /** The statements that the library grants. */
  readonly statements?: iam.PolicyStatement[];
  /** Whether these statements replace CDK's own, wider grants for a resource. */
  readonly covers?: (resource: string) => boolean;
}

/**
 * A role that collects its grants in one customer managed policy instead of an inline policy.
 *
 * The policy refers to the role, not the other way round, so a key or an action role can refer to this role without a
 * cycle. A dependency on the role includes the policy.
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
      // set here, because a feature flag of the app decides otherwise; without it, a policy could not contain many
      // secrets
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
   * An acknowledgment applies to a resource in a whole policy. So a grant by the user with the same wildcard goes into
   * a second policy, where it remains a finding.
   */
  private choosePolicy(statement: iam.PolicyStatement): iam.ManagedPolicy {
    if (this.granted.has(this.textOf(statement)) || !isHiddenIn(this.policy, statement)) { return this.policy; }
    return this.ownPolicy ??= new iam.ManagedPolicy(this, 'OwnPolicy', { document: new iam.PolicyDocument({ minimize: true }), roles: [this] });
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
