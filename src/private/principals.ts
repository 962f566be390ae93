import { CfnResource, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { renderedProperties } from './cdk-internals';

/**
 * A service principal that can assume a role only for resources of this account. The condition prevents the confused
 * deputy problem.
 *
 * It works only for services that pass the account to IAM according to their documentation. Another service could not
 * assume the role at all.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
export function serviceOfThisAccount(scope: IConstruct, service: string): iam.IPrincipal {
  return new iam.ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } });
}

/**
 * The principal of a pipeline, which assumes the roles of its actions with its own role.
 *
 * The policy of the pipeline's role refers to the action roles, so a reference back would be a cycle. Instead, they
 * trust the account, with a condition on the ARN of the pipeline's role. If CloudFormation generates the name of that
 * role, its ARN is unknown, and the action roles trust the account without a condition.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
 */
export function thePipeline(role: iam.IRole | undefined): iam.IPrincipal {
  const account = new iam.AccountRootPrincipal();
  const resource = role?.node.defaultChild;
  // not cached, like every string that is rendered from a resource: CDK also resolves it before references to other
  // stacks have become imports
  return resource instanceof iam.CfnRole && Stack.of(resource).resolve(resource.roleName) !== undefined
    ? account.withConditions({ ArnLike: { 'aws:PrincipalArn': Lazy.uncachedString({ produce: () => arnOf(resource) }) } })
    : account;
}

/**
 * The ARN of a role, from the rendered template: an aspect may change the name or the path, and a wrong ARN would lock
 * the pipeline out.
 */
function arnOf(role: CfnResource): string {
  const { RoleName: name = '*', Path: path = '/' } = renderedProperties(role) as { RoleName?: string; Path?: string };
  const { partition, account } = Stack.of(role);
  // joined with a function, because both may be intrinsic functions
  return Fn.join('', [`arn:${partition}:iam::${account}:role`, path, name]);
}
