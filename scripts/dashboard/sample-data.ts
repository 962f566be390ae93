/** A metric as the dashboard names it, at one moment. */
export interface Moment {
  /** Minutes from now, negative. */
  readonly minute: number;
  /** Days from today, negative. */
  readonly day: number;
  readonly isGreen: boolean;
  /** Between -1 and 1, the same in each run. */
  readonly noise: number;
}

type Sample = (moment: Moment) => number | undefined;

/**
 * One release in the minutes of the picture: 10 % of the traffic goes to green, then all of it, then the blue tasks
 * end.
 */
const RELEASE = { greenStarts: -75, canary: -65, all: -50, blueEnds: -35 };

const CANARY_SHARE = 0.1;
const TASKS = 3;
/** The 5xx answers of the first minutes after all traffic has moved. */
const ERROR_BUMP = [2, 5, 7, 6, 3, 1];

/** What became of the changes of each of fourteen days. */
const RELEASED = [2, 3, 2, 0, 0, 1, 2, 2, 3, 2, 0, 0, 2, 3];
const STOPPED_BY_BUILD = [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0];
const ROLLED_BACK = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];

/** By namespace, name and statistic. One that the dashboard shows and that is missing here stops the script. */
const SAMPLES: { readonly [metric: string]: Sample } = {
  'AWS/ApplicationELB RequestCount Sum': (moment) => ifAny(Math.round(requests(moment) * shareOf(moment))),
  'AWS/ApplicationELB HTTPCode_Target_5XX_Count Sum': serverErrors,
  'AWS/ApplicationELB HTTPCode_ELB_5XX_Count Sum': ({ noise }) => noise > 0.98 ? 1 : undefined,
  'AWS/ApplicationELB TargetConnectionErrorCount Sum': () => undefined,
  'AWS/ApplicationELB TargetResponseTime p95': responseTime,
  'AWS/ApplicationELB HealthyHostCount Minimum': healthyTasks,
  'AWS/ApplicationELB UnHealthyHostCount Maximum': (moment) => hasTasks(moment) ? 0 : undefined,
  'AWS/ECS CPUUtilization Average': (moment) => load(moment) * TASKS / tasks(moment) + moment.noise,
  'AWS/ECS CPUUtilization Maximum': (moment) => load(moment) * Math.max(shareOf({ ...moment, isGreen: false }), shareOf({ ...moment, isGreen: true })) * 1.15 + 2 * moment.noise + 2,
  'AWS/ECS MemoryUtilization Average': (moment) => 46 - 1.5 * (tasks(moment) - TASKS) + 0.2 * moment.noise,
  'AWS/ECS MemoryUtilization Maximum': ({ noise }) => 50 + 0.3 * noise,
  'ECS/ContainerInsights RunningTaskCount Average': tasks,
  'AWS/CodePipeline PipelineDuration SampleCount': ({ day }) => ifAny(of(RELEASED, day)),
  'AWS/CodePipeline FailedPipelineExecutions Sum': ({ day }) => ifAny(of(STOPPED_BY_BUILD, day) + of(ROLLED_BACK, day)),
  'AWS/CodePipeline PipelineDuration Average': (moment) => ifReleased(moment, 60 * (42 + 3 * moment.noise)),
  'AWS/CodeBuild SucceededBuilds Sum': ({ day }) => ifAny(of(RELEASED, day) + of(ROLLED_BACK, day)),
  'AWS/CodeBuild FailedBuilds Sum': ({ day }) => ifAny(of(STOPPED_BY_BUILD, day)),
  'AWS/CodeBuild Duration Average': (moment) => ifReleased(moment, 60 * (5 + 0.6 * moment.noise)),
};

export function sampleOf(metric: string): Sample {
  const sample = SAMPLES[metric];
  if (!sample) {
    throw new Error(`no sample data for the metric '${metric}': add it in scripts/dashboard/sample-data.ts`);
  }
  return sample;
}

/** Numbers between -1 and 1 that look like chance and are the same for the same name. */
export function createNoise(name: string): () => number {
  const modulus = 2 ** 31 - 1;
  let state = [...name].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) % modulus, 7);
  return () => {
    state = state * 48271 % modulus;
    return 2 * state / modulus - 1;
  };
}

function shareOf({ minute, isGreen }: Moment): number {
  const green = minute < RELEASE.canary ? 0 : minute < RELEASE.all ? CANARY_SHARE : 1;
  return isGreen ? green : 1 - green;
}

function hasTasks({ minute, isGreen }: Moment): boolean {
  return isGreen ? minute >= RELEASE.greenStarts : minute < RELEASE.blueEnds;
}

function tasks({ minute }: Moment): number {
  return minute >= RELEASE.greenStarts && minute < RELEASE.blueEnds ? 2 * TASKS : TASKS;
}

function requests({ minute, noise }: Moment): number {
  return 900 + 120 * Math.sin(minute / 40) + 30 * noise;
}

function load(moment: Moment): number {
  return 42 * requests({ ...moment, noise: 0 }) / 900;
}

function serverErrors(moment: Moment): number | undefined {
  const bump = moment.isGreen ? ERROR_BUMP[moment.minute - RELEASE.all] : undefined;
  return bump ?? ifAny(moment.noise > 0.8 ? Math.round(shareOf(moment)) : 0);
}

function responseTime(moment: Moment): number | undefined {
  if (shareOf(moment) === 0) { return undefined; }
  // the first requests of new tasks fill caches and connection pools
  const warmUp = moment.isGreen ? 0.35 * Math.exp((RELEASE.canary - moment.minute) / 4)
    + 0.15 * bumpAfter(moment.minute, RELEASE.all) : 0;
  return 0.24 + 0.015 * moment.noise + warmUp;
}

function bumpAfter(minute: number, start: number): number {
  return minute < start ? 0 : Math.exp((start - minute) / 4);
}

/** The new tasks start one after the other. */
function healthyTasks(moment: Moment): number | undefined {
  if (!hasTasks(moment)) { return undefined; }
  return moment.isGreen ? Math.min(TASKS, moment.minute - RELEASE.greenStarts) : TASKS;
}

function of(days: number[], day: number): number {
  return days[days.length + day];
}

function ifReleased({ day }: Moment, value: number): number | undefined {
  return of(RELEASED, day) > 0 ? value : undefined;
}

/** AWS reports no zeros here. */
function ifAny(count: number): number | undefined {
  return count > 0 ? count : undefined;
}
