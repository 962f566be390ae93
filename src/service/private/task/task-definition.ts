import { CfnDeletionPolicy, CfnResource, Token } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { acknowledge, wildcard } from '../../../private/acknowledge';
import { allow } from '../../../private/allow';
import { architectureName } from '../../../private/cdk-internals';
import { describeValue, fail, noteDefault, show } from '../../../private/errors';
import { FARGATE_SIZES, isInRange, MemoryRange } from '../../../private/fargate-sizes';
import { ManagedPolicyRole } from '../../../private/managed-policy-role';
import { ResourceNames } from '../../../private/names';
import { serviceOfThisAccount } from '../../../private/principals';
import { BlueGreenServiceOptions, BlueGreenServiceProps } from '../../blue-green-service-options';

const ECS_TASKS = 'ecs-tasks.amazonaws.com';

const DEFAULT_CPU = 512;
const DEFAULT_MEMORY = 1024;

const ARCHITECTURES = ['X86_64', 'ARM64'];

/** Fails if Fargate does not support the size or the architecture. */
export function validateTaskSize(
  scope: IConstruct, options: Pick<BlueGreenServiceOptions, 'cpu' | 'memoryLimitMiB' | 'cpuArchitecture'>,
): void {
  requireFargateSize(scope, options);
  requireArchitecture(scope, options.cpuArchitecture);
}

function requireFargateSize(
  scope: IConstruct, options: Pick<BlueGreenServiceOptions, 'cpu' | 'memoryLimitMiB'>,
): void {
  const { cpu = DEFAULT_CPU, memoryLimitMiB: memory = DEFAULT_MEMORY } = options;
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memory)) { return; }
  const range = FARGATE_SIZES[cpu];
  if (range && isInRange(memory, range)) { return; }
  const got = `${noteDefault(describeValue(cpu), 'cpu', options.cpu)} with ${noteDefault(describeValue(memory), 'memoryLimitMiB', options.memoryLimitMiB)}`;
  fail(scope, `'cpu' and 'memoryLimitMiB' must be a combination that Fargate supports, got ${got}; ${sizeRemedy(range, cpu, memory)}`);
}

/** The memory for the CPU units, and the CPU units for the memory. */
function sizeRemedy(range: MemoryRange | undefined, cpu: number, memory: number): string {
  if (!range) { return `set 'cpu' to ${orList(Object.keys(FARGATE_SIZES))}`; }
  const fitting = Object.keys(FARGATE_SIZES).filter((units) => isInRange(memory, FARGATE_SIZES[Number(units)]));
  const other = fitting.length === 0 ? '' : `, or 'cpu' to ${orList(fitting)}`;
  return `with ${cpu} CPU units, set 'memoryLimitMiB' to ${describeRange(range)}${other}`;
}

function orList(values: string[]): string {
  return values.length === 1 ? values[0] : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

/** Describes a range. The smallest size starts with half a step, so its values are listed. */
function describeRange({ min, max, step }: MemoryRange): string {
  if (min % step === 0) { return `${min} to ${max} in steps of ${step}`; }
  return orList([min, ...Array.from({ length: max / step }, (_, index) => (index + 1) * step)].map(String));
}

function requireArchitecture(scope: IConstruct, architecture?: ecs.CpuArchitecture): void {
  if (architecture === undefined || ARCHITECTURES.includes(architectureName(architecture))) { return; }
  fail(scope, `'cpuArchitecture' must be ecs.CpuArchitecture.X86_64 or ecs.CpuArchitecture.ARM64, got ${show(architectureName(architecture))}; Fargate supports no other`);
}

/** The roles of the tasks, and the permissions to read their secrets. */
export interface TaskRoles {
  readonly executionRole: iam.Role;
  readonly taskRole: iam.Role;
  readonly secretGrants: iam.Grant[];
}

/** Creates the roles with the service as their scope, because their logical ids are pinned. */
export function createTaskRoles(
  scope: Construct, { platform, secrets = {} }: Pick<BlueGreenServiceProps, 'platform' | 'secrets'>,
  names: ResourceNames,
): TaskRoles {
  const executionRole = new ManagedPolicyRole(scope, 'ExecutionRole', {
    roleName: names.accountWide('execution'),
    managedPolicyName: (number) => names.accountWide(`execution-policy${number}`),
    // without a condition on the account, because ECS documents one only for the task role
    assumedBy: new iam.ServicePrincipal(ECS_TASKS),
  });
  const taskRole = new iam.Role(scope, 'TaskRole', { roleName: names.accountWide('task'), assumedBy: serviceOfThisAccount(scope, ECS_TASKS) });
  // from the start: the placeholder comes from another registry, but the first release comes from this one
  platform.repository.grantPull(executionRole);
  executionRole.addToPrincipalPolicy(wildcard('The action ecr:GetAuthorizationToken does not support resource-level permissions. ECR issues the token for the whole registry.',
    allow(['ecr:GetAuthorizationToken'], ['*'])));
  const secretGrants = Object.values(secrets).map((secret) => secret.grantRead(executionRole));
  return { executionRole, taskRole, secretGrants };
}

/** The names, the processor, and the roles of the task definition. */
export interface TaskDefinitionParts extends Pick<TaskRoles, 'executionRole' | 'taskRole'> {
  readonly names: ResourceNames;
  readonly cpuArchitecture: ecs.CpuArchitecture;
}

/** Creates the task definition with the service as its scope, because its logical id is pinned. */
export function createTaskDefinition(
  scope: Construct, options: Pick<BlueGreenServiceOptions, 'cpu' | 'memoryLimitMiB'>, {
    names, cpuArchitecture, executionRole, taskRole,
  }: TaskDefinitionParts,
): ecs.FargateTaskDefinition {
  const { cpu = DEFAULT_CPU, memoryLimitMiB = DEFAULT_MEMORY } = options;
  const taskDefinition = new ecs.FargateTaskDefinition(scope, 'TaskDefinition', {
    family: names.of('web'),
    cpu,
    memoryLimitMiB,
    runtimePlatform: { cpuArchitecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    taskRole,
    executionRole,
  });
  keepReplacedRevisions(taskDefinition.node.defaultChild as CfnResource);
  acknowledge(taskDefinition, 'Fargate limits the memory of the task, and its container may use all of it.', {
    guard: ['ecs_task_definition_memory_hard_limit_check'],
  });
  return taskDefinition;
}

/**
 * Keeps a replaced revision active: CodeDeploy rolls back to it, and the service starts more of its tasks when it
 * scales out before the next release.
 *
 * The policy for a replacement is an override, which remains if an aspect sets the removal policy of all resources
 * (`RemovalPolicies.of(stack).destroy()`). The policy for a deletion follows the aspect.
 */
function keepReplacedRevisions(resource: CfnResource): void {
  resource.addOverride('UpdateReplacePolicy', CfnDeletionPolicy.RETAIN);
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
}
