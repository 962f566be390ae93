import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { Construct } from 'constructs';
import { allow } from '../../private/allow';
import { PolicyRole, PolicyRoleProps } from '../../private/policy-role';

/** Creates an action that runs a project, and the role with which the pipeline starts it. */
export function createBuildAction(
  scope: Construct, roleId: string, parts: Pick<PolicyRoleProps, 'names' | 'purpose' | 'assumedBy'>,
  props: Omit<actions.CodeBuildActionProps, 'role'>,
): actions.CodeBuildAction {
  const { role } = new PolicyRole(scope, roleId, {
    ...parts,
    statements: [allow(['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'], [props.project.projectArn])],
  });
  return new actions.CodeBuildAction({ ...props, role });
}
