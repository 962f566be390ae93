import { CfnResource, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { renderedProperties } from './cdk-internals';

/**
 * A service that acts for something of this account. Without the condition it could be led to act for somebody else's.
 *
 * Only for services whose docs say that they tell IAM so: with another one, the role could not be assumed at all.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
export function serviceOfThisAccount(scope: IConstruct, service: string): iam.IPrincipal {
  return new iam.ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } });
}

/**
 * The pipeline, which assumes the roles of its actions by its own role.
 *
 * That role names these in its policy: if they named it in turn, it would be a cycle. So they trust its account, for
 * what has its ARN. A role that CloudFormation names has none that is known here, and nothing but the account is
 * trusted then.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
 */
export function thePipeline(role: iam.IRole | undefined): iam.IPrincipal {
  const account = new iam.AccountRootPrincipal();
  const resource = role?.node.defaultChild;
  // not cached, like every text that is rendered from a resource: CDK also resolves it before references to other
  // stacks have become imports
  return resource instanceof iam.CfnRole && Stack.of(resource).resolve(resource.roleName) !== undefined
    ? account.withConditions({ ArnLike: { 'aws:PrincipalArn': Lazy.uncachedString({ produce: () => arnOf(resource) }) } })
    : account;
}

/** By the template, not by the construct: what an aspect makes of the name or the path would lock the pipeline out. */
function arnOf(role: CfnResource): string {
  const { RoleName: name = '*', Path: path = '/' } = renderedProperties(role) as { RoleName?: string; Path?: string };
  const { partition, account } = Stack.of(role);
  // joined, since both may be a function of the template by now
  return Fn.join('', [`arn:${partition}:iam::${account}:role`, path, name]);
}
