import { Token } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { architectureName } from '../../private/cdk-internals';
import { fail, show } from '../../private/errors';
import { NamesOf, requireKnownNames } from '../../private/known-names';
import { MovedOptions, requireCurrentNames } from '../../private/moved-options';
import { requireBoolean, requireDuration, requireInteger, requirePattern, requireText } from '../../private/validation';
import type { BlueGreenServiceOptions } from '../blue-green-service-options';
import { LoadBalancerOptions } from '../load-balancer-options';
import { ReleaseOptions } from '../release-options';
import { RollbackAlarmOptions } from '../rollback-alarms';
import { ScalingOptions } from '../service-scaling';
import { validateContainerHealthCheck } from './container-health-check';
import { validateDomain } from './domain';

/** Memory in MiB for each number of CPU units: from, to, step. 256 units have no step of their own. */
const SMALLEST_SIZES = [512, 1024, 2048];
const FARGATE_SIZES: { [cpu: number]: [number, number, number] } = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
  8192: [16384, 61440, 4096],
  16384: [32768, 122880, 8192],
};

const ARCHITECTURES = ['X86_64', 'ARM64'];

const FIRST_UNPRIVILEGED_PORT = 1024;

const PERCENT = { min: 1, max: 99 };

/** Where the options are that were flat once. */
export const MOVED: MovedOptions = {
  certificate: 'loadBalancer.certificate',
  domainName: 'loadBalancer.domainName',
  hostedZone: 'loadBalancer.hostedZone',
  publicLoadBalancer: 'loadBalancer.internetFacing',
  securityGroups: 'loadBalancer.securityGroups',
  accessLogs: 'loadBalancer.accessLogsBucket',
  deregistrationDelay: 'loadBalancer.deregistrationDelay',
  trafficShift: 'release.trafficShift',
  terminationWaitTime: 'release.terminationWaitTime',
  deploymentApprovalWaitTime: 'release.deploymentApprovalWaitTime',
  testListener: 'release.testListener',
  hooks: 'release.hooks',
  rollbackAlarms: 'release.rollbackAlarms',
};

/** Checks everything that AWS would refuse only after the deployment of the stack has started. */
export function validateServiceOptions(scope: IConstruct, options: BlueGreenServiceOptions): void {
  requireCurrentNames(scope, options, MOVED);
  validateContainer(scope, options);
  validateEnvironment(scope, options);
  if (Token.isUnresolved(options.serviceRevision)) {
    fail(scope, "'serviceRevision' must be known at synth, got a token; it becomes part of the service's id: give a plain number");
  }
  requireInteger(scope, 'serviceRevision', options.serviceRevision, { min: 1, max: 999, remedy: 'raise it by one to replace the service' });
  validateLoadBalancer(scope, options.loadBalancer);
  validateRelease(scope, options.release);
  validateScaling(scope, options.scaling);
}

const LOAD_BALANCER: NamesOf<LoadBalancerOptions> = {
  certificate: true,
  domainName: true,
  hostedZone: true,
  internetFacing: true,
  securityGroups: true,
  accessLogsBucket: true,
  deregistrationDelay: true,
  idleTimeout: true,
  preserveHostHeader: true,
};

const RELEASE: NamesOf<ReleaseOptions> = {
  trafficShift: true,
  terminationWaitTime: true,
  deploymentApprovalWaitTime: true,
  testListener: true,
  hooks: true,
  rollbackAlarms: true,
};

const ROLLBACK_ALARMS: NamesOf<RollbackAlarmOptions> = {
  enabled: true, suspended: true, serverErrorThreshold: true, unhealthyHostThreshold: true, latencyThreshold: true,
};

function validateLoadBalancer(scope: IConstruct, options: LoadBalancerOptions = {}): void {
  requireKnownNames(scope, 'loadBalancer', options, LOAD_BALANCER);
  const { internetFacing = true, preserveHostHeader = false } = options;
  requireBoolean(scope, 'loadBalancer.internetFacing', internetFacing, 'false makes the load balancer internal');
  requireBoolean(scope, 'loadBalancer.preserveHostHeader', preserveHostHeader, 'true passes the header on as the client sent it');
  requireDuration(scope, 'loadBalancer.deregistrationDelay', options.deregistrationDelay, {
    unit: 'seconds', min: 0, max: 3600, remedy: 'it is the time that a task has to finish its open requests',
  });
  requireDuration(scope, 'loadBalancer.idleTimeout', options.idleTimeout, {
    unit: 'seconds', min: 1, max: 4000, remedy: 'the load balancer allows no other value',
  });
  validateDomain(scope, options);
  if (options.securityGroups?.length === 0) {
    fail(scope, "'loadBalancer.securityGroups' must not be empty, got []; leave it out to have a group created");
  }
}

function validateRelease(scope: IConstruct, options: ReleaseOptions = {}): void {
  requireKnownNames(scope, 'release', options, RELEASE);
  requireDuration(scope, 'release.terminationWaitTime', options.terminationWaitTime, {
    unit: 'minutes', min: 0, max: 2880, remedy: 'CodeDeploy keeps the old tasks for at most 2 days',
  });
  requireDuration(scope, 'release.deploymentApprovalWaitTime', options.deploymentApprovalWaitTime, {
    unit: 'minutes', min: 1, max: 2880, remedy: 'CodeDeploy waits for at most 2 days; leave it out for a release without approval',
  });
  validateRollbackAlarms(scope, options.rollbackAlarms);
}

function validateContainer(scope: IConstruct, options: BlueGreenServiceOptions): void {
  requireText(scope, 'containerName', options.containerName, "give a name such as 'app' or leave it out");
  requirePattern(scope, 'containerName', options.containerName, /^[a-zA-Z0-9_-]{1,255}$/, 'be 1 to 255 letters, digits, hyphens and underscores');
  requireInteger(scope, 'containerPort', options.containerPort, { min: 1, max: 65535, remedy: 'give the port that the application listens on' });
  requireFargateSize(scope, options.cpu ?? 512, options.memoryLimitMiB ?? 1024);
  requireArchitecture(scope, options.cpuArchitecture);
  requireWords(scope, 'command', options.command, "leave it out to run the image's own command");
  requireWords(scope, 'entryPoint', options.entryPoint, "leave it out to use the image's own entry point");
  requirePattern(scope, 'workingDirectory', options.workingDirectory, /^\/\S*$/, "be an absolute path without white space, such as '/app'");
  requireDuration(scope, 'healthCheckGracePeriod', options.healthCheckGracePeriod, {
    unit: 'seconds', min: 0, max: 2_147_483_647, remedy: 'it is the time that a task has to become healthy',
  });
  validateContainerHealthCheck(scope, options.containerHealthCheck);
  requirePattern(scope, 'user', options.user, /^[\w.-]+(:[\w.-]+)?$/, "be a user such as '10001' or '10001:10001'");
  requireUnprivilegedPort(scope, options);
  if (options.readonlyRootFilesystem && options.enableExecuteCommand) {
    fail(scope, "'readonlyRootFilesystem' cannot be used together with 'enableExecuteCommand'; the agent of ECS Exec writes to the root file system: "
      + 'remove one of the two');
  }
}

function requireWords(scope: IConstruct, prop: string, words: string[] | undefined, remedy: string): void {
  if (Token.isUnresolved(words)) {
    fail(scope, `'${prop}' must be a list that is known at synth, got a token; give a list, whose words may be tokens`);
  }
  words?.forEach((word) => requireText(scope, prop, word, 'remove the empty word'));
  if (words?.length === 0) {
    fail(scope, `'${prop}' must not be empty, got []; ${remedy}`);
  }
}

function requireUnprivilegedPort(scope: IConstruct, { user, containerPort }: BlueGreenServiceOptions): void {
  if (user === undefined || Token.isUnresolved(user) || /^(0+|root)(:|$)/.test(user)) { return; }
  if (containerPort === undefined || Token.isUnresolved(containerPort)
    || containerPort >= FIRST_UNPRIVILEGED_PORT) { return; }
  fail(scope, `'containerPort' must be ${FIRST_UNPRIVILEGED_PORT} or more with a 'user' other than root, got ${show(containerPort)} with ${show(user)}; `
    + 'on Fargate only root listens on a lower one: let the application listen on 8080, the load balancer listens on 80 or 443 all the same');
}

function requireArchitecture(scope: IConstruct, architecture?: ecs.CpuArchitecture): void {
  if (architecture === undefined || ARCHITECTURES.includes(architectureName(architecture))) { return; }
  fail(scope, `'cpuArchitecture' must be ecs.CpuArchitecture.X86_64 or ecs.CpuArchitecture.ARM64, got ${show(architectureName(architecture))}; Fargate has no other`);
}

function requireFargateSize(scope: IConstruct, cpu: number, memory: number): void {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memory)) { return; }
  if (cpu === 256 && SMALLEST_SIZES.includes(memory)) { return; }
  const size = FARGATE_SIZES[cpu];
  if (size && memory >= size[0] && memory <= size[1] && (memory - size[0]) % size[2] === 0) { return; }
  const pairs = Object.entries(FARGATE_SIZES).map(([units, [from, to, step]]) => `${units} with ${from} to ${to} in steps of ${step}`);
  fail(scope, `'cpu' and 'memoryLimitMiB' must be a size that Fargate has, got ${show(cpu)} with ${show(memory)}; `
    + `choose one of 256 with ${SMALLEST_SIZES.join(' or ')}, ${pairs.join(', ')}`);
}

function validateEnvironment(scope: IConstruct, options: BlueGreenServiceOptions): void {
  const unset = Object.entries(options.environment ?? {}).filter(([, value]) => value === undefined)
    .map(([name]) => name);
  if (unset.length > 0) {
    fail(scope, `${unset.map((name) => `'environment.${name}'`).join(', ')} must have a value, got none; is the variable that you read from process.env set?`);
  }
  const environment = Object.keys(options.environment ?? {});
  const secrets = Object.keys(options.secrets ?? {});
  for (const [prop, keys] of [['environment', environment], ['secrets', secrets]] as const) {
    for (const key of keys) {
      requirePattern(scope, prop, key, /^[^\s=]+$/, "name variables without '=' and white space");
    }
  }
  const both = environment.filter((key) => secrets.includes(key));
  if (both.length > 0) {
    fail(scope, `'environment' and 'secrets' must not name the same variable, got ${show(both)} in both; ECS refuses it: remove one of the two`);
  }
}

function validateRollbackAlarms(scope: IConstruct, options: RollbackAlarmOptions = {}): void {
  requireKnownNames(scope, 'release.rollbackAlarms', options, ROLLBACK_ALARMS);
  const { enabled = true, suspended = false, ...thresholds } = options;
  requireBoolean(scope, 'release.rollbackAlarms.enabled', enabled, 'false leaves out the alarms of the library');
  requireBoolean(scope, 'release.rollbackAlarms.suspended', suspended, 'true releases without regard to any alarm');
  const given = Object.entries(thresholds).filter(([, value]) => value !== undefined).map(([key]) => `'release.rollbackAlarms.${key}'`);
  if (!enabled && given.length > 0) {
    fail(scope, `${given.join(', ')} cannot be used together with 'release.rollbackAlarms.enabled: false'; remove one of the two`);
  }
  const positive = { min: 1, max: Number.MAX_SAFE_INTEGER, remedy: 'the alarm enters ALARM at this number' };
  requireInteger(scope, 'release.rollbackAlarms.serverErrorThreshold', options.serverErrorThreshold, positive);
  requireInteger(scope, 'release.rollbackAlarms.unhealthyHostThreshold', options.unhealthyHostThreshold, positive);
  requireDuration(scope, 'release.rollbackAlarms.latencyThreshold', options.latencyThreshold, {
    unit: 'milliseconds', min: 1, max: 3_600_000, remedy: 'the alarm enters ALARM at this response time',
  });
}

function validateScaling(scope: IConstruct, scaling?: ScalingOptions): void {
  if (!scaling) { return; }
  const tasks = { min: 1, max: 5000, remedy: 'an ECS service has no more than 5000 tasks' };
  requireInteger(scope, 'scaling.minCapacity', scaling.minCapacity, tasks);
  requireInteger(scope, 'scaling.maxCapacity', scaling.maxCapacity, tasks);
  const min = scaling.minCapacity ?? 1;
  if (!Token.isUnresolved(min) && !Token.isUnresolved(scaling.maxCapacity) && min > scaling.maxCapacity) {
    fail(scope, `'scaling.minCapacity' must not be above 'scaling.maxCapacity', got ${min} and ${scaling.maxCapacity}; raise the latter`);
  }
  const remedy = 'it is the average use that scaling keeps';
  requireInteger(scope, 'scaling.targetCpuUtilizationPercent', scaling.targetCpuUtilizationPercent, { ...PERCENT, remedy });
  requireInteger(scope, 'scaling.targetMemoryUtilizationPercent', scaling.targetMemoryUtilizationPercent, { ...PERCENT, remedy });
  requireInteger(scope, 'scaling.targetRequestsPerMinute', scaling.targetRequestsPerMinute, {
    min: 1, max: Number.MAX_SAFE_INTEGER, remedy: 'it is what one task should answer in a minute',
  });
  const seconds = { unit: 'seconds', min: 0, max: 86400, remedy: 'it is the pause after a change' } as const;
  requireDuration(scope, 'scaling.scaleOutCooldown', scaling.scaleOutCooldown, seconds);
  requireDuration(scope, 'scaling.scaleInCooldown', scaling.scaleInCooldown, seconds);
}
