import { Color } from '../assembly/model';

/** All that a rehearsal has seen: the source of every report. Times are in seconds from the start of the scenario. */
export interface RehearsalRecord {
  readonly pipeline: string;
  /** In ISO 8601. */
  readonly startedAt: string;
  /** How much faster than on AWS the waiting times pass. */
  readonly speed: number;
  readonly requestsPerSecond: number;
  readonly facts: {
    readonly machine: string;
    readonly engine: string;
    readonly containers: number;
    /** Besides the containers, such as the commands of builds. */
    readonly processes?: number;
    readonly builds: number;
    readonly deployments: number;
    readonly requests: number;
  };
  readonly scenarios: readonly ScenarioRecord[];
  readonly skipped: readonly { readonly what: string; readonly why: string }[];
}

export type Verdict = 'passed' | 'failed' | 'skipped';

export interface ScenarioRecord {
  /** As on the command line, such as `bad-health-path`. */
  readonly name: string;
  /** What happens in it, in one sentence. */
  readonly description: string;
  /** The outcome that it requires, in one sentence. */
  readonly requirement: string;
  readonly verdict: Verdict;
  /** What happened, in one sentence with the figures that decided. */
  readonly finding: string;
  /** What the user should change; only of a scenario that failed. */
  readonly remedy?: string;
  readonly seconds: number;
  /** Of a part without load, such as a build, there are none. */
  readonly samples: readonly Sample[];
  readonly weights: readonly Weights[];
  readonly events: readonly RehearsalEvent[];
  readonly alarms: readonly AlarmChange[];
  readonly health: readonly HealthChange[];
}

/** The requests that began in one interval. */
export interface Sample {
  readonly time: number;
  readonly seconds: number;
  /** Answers by who gave them; an answer of the load balancer itself counts to nobody. */
  readonly answers: Readonly<Record<Color | 'nobody', number>>;
  readonly failures: Readonly<Record<FailureKind, number>>;
  /** In milliseconds; undefined without an answer. */
  readonly latency?: { readonly median: number; readonly p99: number; readonly most: number };
}

/** An answer of the application with 5xx, one of the load balancer, a connection that broke, or no answer in time. */
export type FailureKind = 'application' | 'loadBalancer' | 'connection' | 'timeout';

/** From this time on, in percent. */
export interface Weights extends Readonly<Record<Color, number>> {
  readonly time: number;
}

export interface RehearsalEvent {
  readonly time: number;
  readonly kind: 'build' | 'deployment' | 'task' | 'traffic' | 'fault' | 'rollback';
  readonly text: string;
}

export interface AlarmChange {
  readonly time: number;
  readonly alarm: string;
  readonly state: 'OK' | 'ALARM';
}

export interface HealthChange {
  readonly time: number;
  readonly task: string;
  readonly color: Color;
  readonly state: 'starting' | 'healthy' | 'unhealthy' | 'draining' | 'stopped';
}
