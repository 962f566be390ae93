import { Rendered } from './rendered';
import { AlarmProperties } from '../metric-math';

/** A pipeline of a cloud assembly: all that a rehearsal runs of it. Durations are in seconds, as AWS would wait. */
export interface PipelineModel {
  /** The path of the construct, such as `Stack/Orders`. */
  readonly path: string;
  /** The name of the stack. */
  readonly stack: string;
  readonly build: Rendered;
  readonly service: ServiceModel;
  readonly release: ReleaseModel;
  readonly alarms: readonly AlarmDescription[];
  /** The text of the lifecycle policy of the repository. */
  readonly lifecyclePolicy?: string;
  /** What the template has and a rehearsal does not run. */
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  /** Such as `the hook function OrdersMigrate of BeforeAllowTraffic`. */
  readonly what: string;
  readonly why: string;
}

export interface ServiceModel {
  readonly desiredCount: number;
  readonly gracePeriod: number;
  /** What runs before the first release. */
  readonly task: TaskModel;
  /** The container and the port that the load balancer sends requests to. */
  readonly target: { readonly container: string; readonly port: number };
  /** The name of the load balancer, as in the dimensions of alarms. */
  readonly loadBalancer?: string;
  readonly targetGroups: Readonly<Record<Color, TargetGroupModel>>;
}

/** The target group that has the traffic after a deployment of the stack is blue. */
export type Color = 'blue' | 'green';

export interface TargetGroupModel {
  readonly logicalId: string;
  readonly name: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly deregistrationDelay: number;
  readonly healthCheck: {
    readonly path: string;
    /** A port, or that of the target. */
    readonly port?: number;
    /** Such as `200` or `200-299,301`. */
    readonly codes: string;
    readonly interval: number;
    readonly timeout: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
}

/** A task definition, from a template or from taskdef.json. */
export interface TaskModel {
  /** A thousandth of this is what Docker calls CPUs, times 1.024. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly containers: readonly ContainerModel[];
  /** Those that are `elsewhere`, such as on EFS, are empty in a rehearsal. */
  readonly volumes?: readonly { readonly name: string; readonly kind: 'task' | 'elsewhere' }[];
  /** Such as `ARM64`. */
  readonly architecture?: string;
}

export interface ContainerModel {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly command?: readonly string[];
  readonly entryPoint?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The names of variables, and where their values come from. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly readonlyRootFilesystem: boolean;
  readonly initProcess: boolean;
  readonly memoryMiB?: number;
  readonly cpu?: number;
  readonly stopTimeout: number;
  readonly droppedCapabilities: readonly string[];
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  /** Paths in the container that are volumes of the task. */
  readonly mounts: readonly { readonly volume: string; readonly path: string; readonly readonly: boolean }[];
  readonly healthCheck?: {
    readonly command: readonly string[];
    readonly interval: number;
    readonly timeout: number;
    readonly retries: number;
    readonly startPeriod: number;
  };
  /** The ports that the container listens on. */
  readonly ports?: readonly number[];
  /** Containers that must have reached a condition first. */
  readonly dependsOn: readonly { readonly container: string; readonly condition: string }[];
}

/** How CodeDeploy replaces the tasks. */
export interface ReleaseModel {
  /**
   * The share of the requests that goes to the new tasks, and how long it stays so, until it is 100. The step to 100 is
   * not in the list, so it is empty if all traffic shifts at once.
   */
  readonly shift: readonly { readonly percent: number; readonly seconds: number }[];
  /** Between the start of the new tasks and the first shift. */
  readonly readyWait: number;
  /** How long the old tasks stay after the last shift. */
  readonly terminationWait: number;
  readonly productionPort: number;
  readonly testPort?: number;
  /** The names of the alarms that stop and roll back a deployment. */
  readonly rollbackAlarms: readonly string[];
  readonly rollbackOnFailure: boolean;
  readonly rollbackOnStop: boolean;
  readonly rollbackOnAlarm: boolean;
  /** The library's smoke test. */
  readonly smokeTest?: SmokeTestModel;
}

/** The library's smoke test, which calls the test listener until all paths answer as expected three times in a row. */
export interface SmokeTestModel {
  /** The first path. */
  readonly path: string;
  readonly codes: string;
  readonly paths?: readonly string[];
  /** Seconds until it fails. */
  readonly timeout?: number;
  /** What the `Host` header says. */
  readonly hostName?: string;
}

export interface AlarmDescription {
  readonly name: string;
  /** With the names of target groups and load balancer in the dimensions. */
  readonly properties: AlarmProperties;
  /** Seconds between two data points. */
  readonly period: number;
}
