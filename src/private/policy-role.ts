import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge';
import { ResourceNames } from './names';

/** Props of a role with one policy. */
export interface PolicyRoleProps {
  readonly names: ResourceNames;
  /** What the role is for, a word of its name. */
  readonly purpose: string;
  readonly assumedBy: iam.IPrincipal;
  readonly statements: iam.PolicyStatement[];
}

/**
 * A role whose whole permission is one customer-managed policy.
 *
 * The role names its policy, so it never exists without it: a pipeline that starts as soon as it is created cannot run
 * ahead of its permissions. No statement may name a resource that depends on the role, which would be a cycle.
 */
export class PolicyRole extends Construct {
  /** The role as CDK's constructs see it: their own, wider grants do not reach it. */
  public readonly role: iam.IRole;
  public readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: PolicyRoleProps) {
    super(scope, id);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: props.names.accountWide(`${props.purpose}-policy`),
      // set here, since a feature flag of the app decides otherwise
      document: new iam.PolicyDocument({ minimize: false, statements: props.statements }),
    });
    acknowledgeWildcards(this.policy, props.statements);
    const role = new iam.Role(this, 'Resource', {
      roleName: props.names.accountWide(props.purpose),
      assumedBy: props.assumedBy,
      managedPolicies: [this.policy],
    });
    this.role = role.withoutPolicyUpdates();
  }
}
