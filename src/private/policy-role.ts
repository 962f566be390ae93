import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge';
import { ResourceNames } from './names';
import { validatePolicySizes } from './policy-size';

/** Props of a role with one policy. */
export interface PolicyRoleProps {
  readonly names: ResourceNames;
  /** The purpose of the role, a part of its name. */
  readonly purpose: string;
  readonly assumedBy: iam.IPrincipal;
  readonly statements: iam.PolicyStatement[];
}

/**
 * A role whose only permissions are in one customer managed policy.
 *
 * The role refers to its policy, so it never exists without it: a pipeline that starts as soon as it is created has its
 * permissions. A statement must not refer to a resource that depends on the role, because that would be a cycle.
 */
export class PolicyRole extends Construct {
  /** The role for CDK's constructs, whose own, wider grants have no effect on it. */
  public readonly role: iam.IRole;
  public readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: PolicyRoleProps) {
    super(scope, id);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: props.names.accountWide(`${props.purpose}-policy`),
      // set here, because a feature flag of the app decides otherwise
      document: new iam.PolicyDocument({ minimize: false, statements: props.statements }),
    });
    acknowledgeWildcards(this.policy, props.statements);
    const role = new iam.Role(this, 'Resource', {
      roleName: props.names.accountWide(props.purpose),
      assumedBy: props.assumedBy,
      managedPolicies: [this.policy],
    });
    this.role = role.withoutPolicyUpdates();
    this.node.addValidation({ validate: () => validatePolicySizes(this, [this.policy]) });
  }
}
