import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Props of a role whose grants gather in a customer-managed policy. */
export interface ManagedPolicyRoleProps extends iam.RoleProps {
  readonly managedPolicyName?: string;
  /** What the library grants. */
  readonly statements?: iam.PolicyStatement[];
  /** Which of CDK's own, wider grants these statements stand for. */
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

  constructor(scope: Construct, id: string, props: ManagedPolicyRoleProps) {
    super(scope, id, props);
    this.covers = props.covers ?? (() => false);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: props.managedPolicyName,
      // set here, since a feature flag of the app decides otherwise
      document: new iam.PolicyDocument({ minimize: false, statements: props.statements }),
      roles: [this],
    });
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    const { resources } = statement;
    if (resources.length === 0 || !resources.every(this.covers)) {
      this.policy.addStatements(statement);
    }
    return { statementAdded: true, policyDependable: this.policy };
  }
}
