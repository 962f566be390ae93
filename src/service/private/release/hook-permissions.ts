import { Annotations } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { allow } from '../../../private/allow';
import { ResourceNames } from '../../../private/names';

/** Props of the hooks' permission. */
export interface HookPermissionsProps {
  readonly names: ResourceNames;
  readonly hooks: lambda.IFunction[];
  readonly deploymentGroup: codedeploy.IEcsDeploymentGroup;
}

/**
 * Lets hooks report to CodeDeploy.
 *
 * The policy is on neither side of a role: a function waits for its own role's policy, and the deployment group for the
 * policy that names the function, so this permission in the function's role would be a cycle.
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
          `the role of the imported function ${hook.node.path} is not known here: let its owner allow codedeploy:PutLifecycleEventHookExecutionStatus `
          + 'on the deployment group, else every release waits an hour for its report and fails');
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
