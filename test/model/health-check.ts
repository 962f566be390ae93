/** The health check of a target group, in seconds. */
export interface HealthCheckModel {
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** A task under the health check of a load balancer. */
export interface TaskModel {
  /** The time from the start of the task to its first answer. */
  readonly startup: number;
  /** The time from the start of the task to the first check, less than an interval. */
  readonly phase: number;
  /** Whether an unanswered check is refused at once. Otherwise, it fails after the timeout. */
  readonly refuses: boolean;
  /** The time that a good answer takes, at most the timeout. */
  readonly latency: number;
}

type State = 'initial' | 'healthy' | 'unhealthy';

/**
 * The time at which a starting task is healthy for good, and when ECS sees it as unhealthy before that.
 *
 * As documented: one success makes a new target healthy; after the unhealthy threshold of consecutive failures it is
 * unhealthy, and then needs the healthy threshold of consecutive successes.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function healthOf(
  check: HealthCheckModel, task: TaskModel,
): { readonly unhealthyFrom?: number; readonly healthyFrom: number } {
  let state: State = 'initial';
  let [failures, successes] = [0, 0];
  const failure = task.refuses ? 0 : check.timeout;
  let unhealthyFrom: number | undefined;
  for (let begun = task.phase; ; begun += check.interval) {
    const answered = begun >= task.startup;
    const known = begun + (answered ? task.latency : failure);
    [failures, successes] = answered ? [0, successes + 1] : [failures + 1, 0];
    if (answered && (state === 'initial' || successes >= check.healthyThreshold)) { return { unhealthyFrom, healthyFrom: known }; }
    if (state === 'initial' && failures >= check.unhealthyThreshold) {
      state = 'unhealthy';
      unhealthyFrom = known;
    }
  }
}

/** Whether ECS keeps the task: it replaces one that is unhealthy after the grace period. */
export function survives(check: HealthCheckModel, task: TaskModel, gracePeriod: number): boolean {
  const { unhealthyFrom, healthyFrom } = healthOf(check, task);
  return unhealthyFrom === undefined || healthyFrom <= gracePeriod;
}

/** The longest startup, in whole seconds, that ECS survives in every phase and with both kinds of failure. */
export function longestStartup(check: HealthCheckModel, gracePeriod: number): number {
  const phases = Array.from({ length: check.interval }, (_, phase) => phase);
  for (let startup = 0; ; startup += 1) {
    const lost = phases.some((phase) => [true, false].some(
      (refuses) => !survives(check, { startup, phase, refuses, latency: 0 }, gracePeriod),
    ));
    if (lost) { return startup - 1; }
  }
}
