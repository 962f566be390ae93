import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge';

/** How CDK's grants begin: reading or writing a bucket, using its key, writing a log. */
const GRANTS_OF_CDK = ['s3:GetObject*', 'kms:Decrypt', 'logs:CreateLogGroup', 'logs:CreateLogStream'];

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

  constructor(scope: Construct, id: string, props: ManagedPolicyRoleProps) {
    super(scope, id, props);
    this.covers = props.covers ?? (() => false);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: props.managedPolicyName,
      // set here, since a feature flag of the app decides otherwise; many secrets would not fit into a policy one by one
      document: new iam.PolicyDocument({ minimize: true, statements: props.statements }),
      roles: [this],
    });
    acknowledgeWildcards(this.policy, props.statements ?? []);
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (!this.isGrantOfCdk(statement)) {
      this.policy.addStatements(statement);
      acknowledgeWildcards(this.policy, [statement]);
    }
    return { statementAdded: true, policyDependable: this.policy };
  }

  /** What CDK grants by itself to the role of a pipeline or a project; what a user denies or grants otherwise is kept. */
  private isGrantOfCdk({ effect, resources, actions }: iam.PolicyStatement): boolean {
    return effect === iam.Effect.ALLOW
      && GRANTS_OF_CDK.includes(actions[0])
      && resources.every(this.covers);
  }
}
