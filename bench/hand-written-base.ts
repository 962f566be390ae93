import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface HandWrittenStackProps {
  readonly environmentSuffix: string;
  readonly email: string;
  readonly removalPolicy: RemovalPolicy;
}

/** Names, roles, log groups and keys of the hand-written stack. */
export abstract class BaseStack extends Stack {
  protected readonly suffix: string;
  protected readonly removalPolicy: RemovalPolicy;
  protected readonly destroys: boolean;

  constructor(scope: Construct, id: string, props: HandWrittenStackProps) {
    super(scope, id);
    this.suffix = props.environmentSuffix;
    this.removalPolicy = props.removalPolicy;
    this.destroys = props.removalPolicy === RemovalPolicy.DESTROY;
  }

  protected named(role: string): string {
    return `orders-${role}-${this.suffix}`;
  }

  /** IAM knows no region, so two stacks in two regions must not share a name. */
  protected iamNamed(role: string): string {
    return `orders-${role}-${this.region}-${this.suffix}`;
  }

  /** A role with one customer-managed policy, to which CDK's own grants add nothing. */
  protected createRole(
    id: string, role: string, assumedBy: iam.IPrincipal, statements: iam.PolicyStatement[],
  ): iam.IRole {
    const policy = new iam.ManagedPolicy(this, `${id}Policy`, { managedPolicyName: this.iamNamed(`${role}-policy`), statements });
    return new iam.Role(this, id, {
      roleName: this.iamNamed(role), assumedBy, managedPolicies: [policy],
    }).withoutPolicyUpdates();
  }

  protected createLogGroup(
    id: string, logGroupName: string, retention: logs.RetentionDays, encryptionKey?: kms.IKey,
  ): logs.LogGroup {
    return new logs.LogGroup(this, id, { logGroupName, retention, encryptionKey, removalPolicy: this.removalPolicy });
  }

  protected createKey(id: string, role: string): kms.Key {
    return new kms.Key(this, id, {
      alias: `alias/${this.named(role)}`, description: `${id} of orders`, enableKeyRotation: true, removalPolicy: this.removalPolicy,
    });
  }
}

export function allow(actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources });
}
