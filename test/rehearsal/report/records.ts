import {
  AlarmChange, HealthChange, RehearsalEvent, RehearsalRecord, Sample, ScenarioRecord, Weights,
} from '../../../packages/rehearsal/src/report/record';

/** The same numbers in each run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

interface Load {
  readonly seconds: number;
  readonly rate: number;
  readonly green: (time: number) => number;
  readonly failing?: (time: number) => number;
  readonly lost?: (time: number) => number;
  readonly slow?: (time: number) => number;
  readonly step?: number;
}

/** What a load generator would record. */
export function samplesOf(load: Load): Sample[] {
  const { seconds, rate, green, failing = () => 0, lost = () => 0, slow = () => 1, step = 0.5 } = load;
  const next = random(7);
  return Array.from({ length: Math.floor(seconds / step) }, (_, index): Sample => {
    const time = index * step;
    const requests = rate * step;
    const broken = Math.round(requests * lost(time));
    const noise = green(time) % 1 ? (next() - 0.5) * 0.06 : 0;
    const toGreen = Math.round((requests - broken) * (green(time) + noise));
    const median = (6 + next() * 2) * slow(time);
    return {
      time,
      seconds: step,
      answers: { blue: requests - broken - toGreen, green: toGreen, nobody: 0 },
      failures: { application: Math.round(toGreen * failing(time)), loadBalancer: 0, connection: broken, timeout: 0 },
      latency: { median, p99: median * (2.2 + next() * 1.5), most: median * (5 + next() * 4) },
    };
  });
}

export const release: ScenarioRecord = {
  name: 'release',
  description: 'Two tasks with a new image replace the old ones: 10 % of the requests for 15 s, then all.',
  requirement: 'No request is lost, and the new tasks have all the traffic at the end.',
  verdict: 'passed',
  finding: 'All 9,600 requests were answered; green had all the traffic after 31 s.',
  seconds: 48,
  samples: samplesOf({ seconds: 48, rate: 200, green: (time) => time < 14 ? 0 : time < 29 ? 0.1 : 1 }),
  weights: [{ time: 0, blue: 100, green: 0 }, { time: 14, blue: 90, green: 10 }, { time: 29, blue: 0, green: 100 }],
  events: [
    { time: 0.4, kind: 'build', text: 'Build 2 starts' },
    { time: 6.2, kind: 'build', text: 'Build 2 succeeded and pushed the image' },
    { time: 6.5, kind: 'deployment', text: 'Deployment 2 starts' },
    { time: 7, kind: 'task', text: 'Two green tasks start' },
    { time: 11.3, kind: 'task', text: 'All green tasks are healthy' },
    { time: 12.1, kind: 'deployment', text: 'The smoke test passed on the test listener' },
    { time: 14, kind: 'traffic', text: '10 % to green' },
    { time: 29, kind: 'traffic', text: '100 % to green' },
    { time: 39, kind: 'task', text: 'Blue tasks are draining' },
    { time: 42.5, kind: 'task', text: 'Blue tasks stopped' },
    { time: 43, kind: 'deployment', text: 'Deployment 2 succeeded' },
  ],
  alarms: [{ time: 0, alarm: 'Orders-Blue5xx', state: 'OK' }, { time: 0, alarm: 'Orders-Green5xx', state: 'OK' }],
  health: [
    { time: 0, task: 'blue 1', color: 'blue', state: 'healthy' }, { time: 0, task: 'blue 2', color: 'blue', state: 'healthy' },
    { time: 7, task: 'green 1', color: 'green', state: 'starting' }, { time: 7.2, task: 'green 2', color: 'green', state: 'starting' },
    { time: 10.4, task: 'green 1', color: 'green', state: 'healthy' }, { time: 11.3, task: 'green 2', color: 'green', state: 'healthy' },
    { time: 39, task: 'blue 1', color: 'blue', state: 'draining' }, { time: 39, task: 'blue 2', color: 'blue', state: 'draining' },
    { time: 42.4, task: 'blue 1', color: 'blue', state: 'stopped' }, { time: 42.5, task: 'blue 2', color: 'blue', state: 'stopped' },
  ],
};

export const errorsAfterShift: ScenarioRecord = {
  name: 'errors-after-shift',
  description: 'The new image answers 40 % of the requests with 500 as soon as it has traffic.',
  requirement: 'An alarm rolls the release back before more than 10 % × 21 s of the requests can fail.',
  verdict: 'passed',
  finding: 'The alarm stopped the canary after 9 s; 76 of 8,000 requests failed (0.95 %).',
  seconds: 40,
  samples: samplesOf({
    seconds: 40, rate: 200, green: (time) => time < 12 || time >= 21.5 ? 0 : 0.1, failing: () => 0.4,
  }),
  weights: [{ time: 0, blue: 100, green: 0 }, { time: 12, blue: 90, green: 10 }, { time: 21.5, blue: 100, green: 0 }],
  events: [
    { time: 1, kind: 'deployment', text: 'Deployment 3 starts' },
    { time: 1.5, kind: 'fault', text: 'A proxy in front of green answers 40 % with 500' },
    { time: 2, kind: 'task', text: 'Two green tasks start' },
    { time: 8, kind: 'task', text: 'All green tasks are healthy' },
    { time: 12, kind: 'traffic', text: '10 % to green' },
    { time: 21, kind: 'rollback', text: 'Orders-Green5xx is in ALARM: CodeDeploy stops the deployment' },
    { time: 21.5, kind: 'traffic', text: '100 % to blue' },
    { time: 24, kind: 'task', text: 'Green tasks are draining' },
    { time: 28, kind: 'rollback', text: 'Rolled back to blue' },
  ],
  alarms: [
    { time: 0, alarm: 'Orders-Green5xx', state: 'OK' }, { time: 0, alarm: 'Orders-Blue5xx', state: 'OK' }, { time: 0, alarm: 'Orders-SlowRequests', state: 'OK' },
    { time: 21, alarm: 'Orders-Green5xx', state: 'ALARM' }, { time: 33, alarm: 'Orders-Green5xx', state: 'OK' },
  ],
  health: [
    { time: 0, task: 'blue 1', color: 'blue', state: 'healthy' }, { time: 0, task: 'blue 2', color: 'blue', state: 'healthy' },
    { time: 2, task: 'green 1', color: 'green', state: 'starting' }, { time: 2.1, task: 'green 2', color: 'green', state: 'starting' },
    { time: 7.2, task: 'green 1', color: 'green', state: 'healthy' }, { time: 8, task: 'green 2', color: 'green', state: 'healthy' },
    { time: 24, task: 'green 1', color: 'green', state: 'draining' }, { time: 24, task: 'green 2', color: 'green', state: 'draining' },
    { time: 27.5, task: 'green 1', color: 'green', state: 'stopped' }, { time: 28, task: 'green 2', color: 'green', state: 'stopped' },
  ],
};

export const badHealthPath: ScenarioRecord = {
  name: 'bad-health-path',
  description: 'The new image answers its health path with 404.',
  requirement: 'The release fails before it gets traffic, and no request is lost.',
  verdict: 'failed',
  finding: 'The green tasks counted as healthy, because the health check accepts 404; all requests went to them after 16 s.',
  remedy: 'Let the health check accept only 200: set service.healthCheck.codes to \'200\'.',
  seconds: 30,
  samples: samplesOf({
    seconds: 30, rate: 200, green: (time) => time < 16 ? 0 : 1, failing: () => 1, slow: (time) => time > 16 ? 0.4 : 1,
  }),
  weights: [{ time: 0, blue: 100, green: 0 }, { time: 16, blue: 0, green: 100 }],
  events: [
    { time: 1, kind: 'fault', text: 'The health path of green answers 404' },
    { time: 2, kind: 'task', text: 'Two green tasks start' },
    { time: 9, kind: 'task', text: 'All green tasks are healthy' },
    { time: 16, kind: 'traffic', text: '100 % to green' },
  ],
  alarms: [],
  health: [
    { time: 0, task: 'blue 1', color: 'blue', state: 'healthy' },
    { time: 2, task: 'green 1', color: 'green', state: 'starting' }, { time: 5, task: 'green 1', color: 'green', state: 'unhealthy' },
    { time: 9, task: 'green 1', color: 'green', state: 'healthy' },
  ],
};

const isDown = (time: number) => time >= 10 && time < 13;

export const killedTask: ScenarioRecord = {
  name: 'killed-task',
  description: 'One of two tasks dies while both have traffic.',
  requirement: 'Less than 5 % of the requests are lost, and the task is replaced.',
  verdict: 'passed',
  finding: '318 of 8,000 requests were lost in 3 s (3.98 %); a new task was healthy after 11 s.',
  seconds: 40,
  samples: samplesOf({
    seconds: 40,
    rate: 200,
    green: () => 0,
    lost: (time) => isDown(time) ? 0.45 : 0,
    slow: (time) => isDown(time) ? 60 : 1,
  }).map((sample) => isDown(sample.time) ? {
    ...sample,
    answers: { ...sample.answers, blue: sample.answers.blue - 8, nobody: 8 },
    failures: { ...sample.failures, loadBalancer: 8 },
  } : sample),
  weights: [{ time: 0, blue: 100, green: 0 }],
  events: [
    { time: 10, kind: 'fault', text: 'Task blue 2 is killed' },
    { time: 13, kind: 'task', text: 'Task blue 2 is unhealthy' },
    { time: 14, kind: 'task', text: 'Task blue 3 starts' },
    { time: 21, kind: 'task', text: 'Task blue 3 is healthy' },
  ],
  alarms: [{ time: 0, alarm: 'Orders-Blue5xx', state: 'OK' }],
  health: [
    { time: 0, task: 'blue 1', color: 'blue', state: 'healthy' }, { time: 0, task: 'blue 2', color: 'blue', state: 'healthy' },
    { time: 10, task: 'blue 2', color: 'blue', state: 'unhealthy' }, { time: 13, task: 'blue 2', color: 'blue', state: 'stopped' },
    { time: 14, task: 'blue 3', color: 'blue', state: 'starting' }, { time: 21, task: 'blue 3', color: 'blue', state: 'healthy' },
  ],
};

export const failingTest: ScenarioRecord = {
  name: 'failing-test',
  description: 'A test of the application fails in the build.',
  requirement: 'The build fails, nothing is pushed, and the reports are kept.',
  verdict: 'passed',
  finding: 'The build failed at pytest; the registry has no new image, and 2 reports were uploaded.',
  seconds: 14,
  samples: [],
  weights: [],
  events: [
    { time: 0.5, kind: 'fault', text: 'A test that fails is added' },
    { time: 1, kind: 'build', text: 'Build 4 starts' },
    { time: 13, kind: 'build', text: 'Build 4 failed: 1 test failed' },
  ],
  alarms: [],
  health: [],
};

export const outOfMemory: ScenarioRecord = {
  name: 'out-of-memory',
  description: 'A task uses more memory than its task definition allows.',
  requirement: 'The task stops with exit code 137 and is replaced.',
  verdict: 'skipped',
  finding: 'The engine has no memory limits: the control group "memory" is not mounted.',
  seconds: 0,
  samples: [],
  weights: [],
  events: [],
  alarms: [],
  health: [],
};

const LONG = 'OrdersProductionEuropeWestServiceTargetGroupGreenHTTPCodeTargetServerErrorsOfTheLastFiveMinutes';

/** Texts as long as an application can make them, with markup and with controls. */
export const longTexts: ScenarioRecord = {
  ...errorsAfterShift,
  name: `slow-requests-${LONG}`,
  description: `${'The application answers its slowest path later than the deregistration delay allows. '.repeat(6)}`,
  requirement: `${'No request that began before the drain is cut off. '.repeat(5)}`,
  verdict: 'failed',
  finding: `<script>alert("1")</script> & 'quotes' \u0000\u001b[31m${'312 of 8,000 requests were cut off when their task stopped, the longest of which had taken 27 s. '.repeat(3)}`,
  remedy: `${'Set service.deregistrationDelay to at least Duration.seconds(45). '.repeat(4)}${LONG}${LONG}`,
  events: errorsAfterShift.events.map((event) => ({ ...event, text: `${event.text} <b>${LONG}</b> 訂單服務的綠色任務已經停止` })),
  alarms: errorsAfterShift.alarms.map((change) => ({ ...change, alarm: `${change.alarm}-${LONG}` })),
  health: errorsAfterShift.health.map((change) => ({ ...change, task: `${change.task} arn:aws:ecs:eu-west-1:111111111111:task/orders/${LONG}` })),
};

/** A month: 30 releases one after the other, of which some roll back. */
export function monthOf(releases: number, step = 0.25): ScenarioRecord {
  const next = random(42);
  const each = 24;
  const parts = Array.from({ length: releases }, (_, index) => ({
    start: index * each, bad: next() < 0.25, ordinal: index + 1,
  }));
  const partAt = (time: number) => parts[Math.min(parts.length - 1, Math.floor(time / each))];
  const green = (time: number) => {
    const { start, bad, ordinal } = partAt(time);
    const [from, into] = [ordinal % 2 ? 0 : 1, time - start];
    const share = into < 8 ? 0 : into < 13 ? 0.1 : bad ? 0 : 1;
    return from === 0 ? share : 1 - share;
  };
  const inCanary = (time: number) => {
    const { start, bad } = partAt(time);
    return bad && time - start >= 8 && time - start < 13;
  };
  return {
    name: 'month',
    description: `A random history of ${releases} releases, failures, rollbacks, and scale-outs, with the lifecycle policy applied (seed 42).`,
    requirement: 'The running image can always be pulled, and each bad release rolls back.',
    verdict: 'passed',
    finding: `${parts.filter(({ bad }) => bad).length} of ${releases} releases were bad, and all of them rolled back; the running image could always be pulled.`,
    seconds: releases * each,
    samples: samplesOf({
      seconds: releases * each, rate: 200, step, green, failing: (time) => inCanary(time) ? 0.5 : 0,
    }),
    weights: parts.flatMap(({ start, bad, ordinal }): Weights[] => {
      const shares = (share: number) => {
        return ordinal % 2 ? { blue: 100 - share, green: share } : { blue: share, green: 100 - share };
      };
      return [
        { time: start, ...shares(0) },
        { time: start + 8, ...shares(10) },
        { time: start + 13, ...shares(bad ? 0 : 100) },
      ];
    }),
    events: parts.flatMap(({ start, bad, ordinal }): RehearsalEvent[] => [
      { time: start, kind: 'build', text: `Build ${ordinal} succeeded` },
      { time: start + 1, kind: 'deployment', text: `Deployment ${ordinal} starts` },
      { time: start + 2, kind: 'task', text: 'Two new tasks start' },
      ...bad ? [{ time: start + 2.5, kind: 'fault' as const, text: 'The new tasks answer half of the requests with 500' }] : [],
      { time: start + 8, kind: 'traffic', text: '10 % to the new tasks' },
      bad ? { time: start + 13, kind: 'rollback', text: `Release ${ordinal} rolled back` } : { time: start + 13, kind: 'traffic', text: '100 % to the new tasks' },
      { time: start + 18, kind: 'task', text: 'The other tasks are draining' },
      { time: start + 21, kind: 'deployment', text: `Deployment ${ordinal} ended` },
    ]),
    alarms: parts.flatMap(({ start, bad, ordinal }): AlarmChange[] => bad
      ? [{ time: start + 12.5, alarm: ordinal % 2 ? 'Orders-Green5xx' : 'Orders-Blue5xx', state: 'ALARM' },
        { time: start + 17, alarm: ordinal % 2 ? 'Orders-Green5xx' : 'Orders-Blue5xx', state: 'OK' }] : []),
    health: parts.flatMap(({ start, ordinal }): HealthChange[] => ['a', 'b'].flatMap((letter): HealthChange[] => {
      const task = { task: `release ${ordinal} ${letter}`, color: ordinal % 2 ? 'green' as const : 'blue' as const };
      return [
        { ...task, time: start + 2, state: 'starting' }, { ...task, time: start + 6, state: 'healthy' },
        { ...task, time: start + 18, state: 'draining' }, { ...task, time: start + 21, state: 'stopped' },
      ];
    })),
  };
}

export function recordOf(...scenarios: ScenarioRecord[]): RehearsalRecord {
  return {
    pipeline: 'Shop/Orders',
    startedAt: '2026-11-30T14:02:11.348Z',
    speed: 20,
    requestsPerSecond: 200,
    facts: { machine: '2 CPUs, 8 GiB, Debian 12', engine: 'Docker Engine 20.10.24', containers: 31, builds: 6, deployments: 5, requests: 28_412, processes: 214 },
    scenarios,
    skipped: [
      { what: 'The hook function OrdersMigrate of BeforeAllowTraffic', why: 'The code of hooks is not run.' },
      { what: 'The web ACL OrdersFirewall', why: 'WAF has no stand-in.' },
    ],
  };
}

/** Nothing but what the types require. */
export const empty: RehearsalRecord = {
  pipeline: '',
  startedAt: '',
  speed: 20,
  requestsPerSecond: 0,
  facts: { machine: '', engine: '', containers: 0, builds: 0, deployments: 0, requests: 0 },
  scenarios: [],
  skipped: [],
};

export const typical = recordOf(release, failingTest, errorsAfterShift, badHealthPath, killedTask, outOfMemory);
