import { CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, wildcard } from '../../private/acknowledge';
import { allow } from '../../private/allow';
import { ManagedPolicyRole } from '../../private/managed-policy-role';
import { ResourceNames } from '../../private/names';
import { serviceOfThisAccount } from '../../private/principals';
import type { BlueGreenServiceProps } from '../blue-green-service-options';

const ECS_TASKS = 'ecs-tasks.amazonaws.com';

/** The roles of the tasks, and the permissions to read their secrets. */
export interface TaskRoles {
  readonly executionRole: iam.Role;
  readonly taskRole: iam.Role;
  readonly secretGrants: iam.Grant[];
}

/** Creates the roles in the service itself, whose ids are pinned. */
export function createTaskRoles(
  scope: Construct, { platform, secrets = {} }: BlueGreenServiceProps, names: ResourceNames,
): TaskRoles {
  const executionRole = new ManagedPolicyRole(scope, 'ExecutionRole', {
    roleName: names.accountWide('execution'),
    managedPolicyName: names.accountWide('execution-policy'),
    // without a condition on the account: ECS documents one for the role of the tasks only
    assumedBy: new iam.ServicePrincipal(ECS_TASKS),
  });
  const taskRole = new iam.Role(scope, 'TaskRole', { roleName: names.accountWide('task'), assumedBy: serviceOfThisAccount(scope, ECS_TASKS) });
  // from the start: the placeholder comes from another registry, but the first release from here
  platform.repository.grantPull(executionRole);
  executionRole.addToPrincipalPolicy(wildcard('ECR hands out its authorization token for the whole registry: the call knows no resource.',
    allow(['ecr:GetAuthorizationToken'], ['*'])));
  const secretGrants = Object.values(secrets).map((secret) => secret.grantRead(executionRole));
  return { executionRole, taskRole, secretGrants };
}

/** The names, the processor, and the roles of the task definition. */
export interface TaskDefinitionParts extends Pick<TaskRoles, 'executionRole' | 'taskRole'> {
  readonly names: ResourceNames;
  readonly cpuArchitecture: ecs.CpuArchitecture;
}

/** Creates the task definition in the service itself, whose ids are pinned. */
export function createTaskDefinition(
  scope: Construct, props: BlueGreenServiceProps, {
    names, cpuArchitecture, executionRole, taskRole,
  }: TaskDefinitionParts,
): ecs.FargateTaskDefinition {
  const { cpu = 512, memoryLimitMiB = 1024 } = props;
  const taskDefinition = new ecs.FargateTaskDefinition(scope, 'TaskDefinition', {
    family: names.of('web'),
    cpu,
    memoryLimitMiB,
    runtimePlatform: { cpuArchitecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    taskRole,
    executionRole,
  });
  // a revision that is replaced must stay active: CodeDeploy rolls back to it, and a service scales it out until the
  // next release
  const { cfnOptions } = taskDefinition.node.defaultChild as CfnResource;
  cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  acknowledge(taskDefinition, 'Fargate limits the memory of the task, which its one container may use.', {
    guard: ['ecs_task_definition_memory_hard_limit_check'],
  });
  return taskDefinition;
}
