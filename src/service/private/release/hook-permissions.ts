import { Annotations } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { allow } from '../../../private/allow';
import { ResourceNames } from '../../../private/names';

/** Props of the hook permissions. */
export interface HookPermissionsProps {
  readonly names: ResourceNames;
  readonly hooks: lambda.IFunction[];
  readonly deploymentGroup: codedeploy.IEcsDeploymentGroup;
}

/**
 * The permission of hooks to report their results to CodeDeploy.
 *
 * It is a separate policy to avoid a cycle. A function depends on the policy of its own role. With this permission,
 * that policy would depend on the deployment group, which depends on the policy that names the function.
 */
export class HookPermissions extends Construct {
  constructor(scope: Construct, id: string, props: HookPermissionsProps) {
    super(scope, id);
    const roles = new Set<iam.IRole>();
    for (const hook of props.hooks) {
      if (hook.role) {
        roles.add(hook.role);
      } else {
        Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:BlueGreenService.importedHook',
          `CDK does not know the role of the imported function ${hook.node.path}: the owner of the function must allow codedeploy:PutLifecycleEventHookExecutionStatus `
          + 'on the deployment group. Otherwise, every release waits an hour for the result of the function, and then fails');
      }
    }
    if (roles.size > 0) {
      new iam.ManagedPolicy(this, 'Policy', {
        managedPolicyName: props.names.accountWide('hooks-policy'),
        statements: [allow(['codedeploy:PutLifecycleEventHookExecutionStatus'], [props.deploymentGroup.deploymentGroupArn])],
        roles: [...roles],
      });
    }
  }
}
