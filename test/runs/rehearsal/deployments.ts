/**
 * Runs deployments of a small application for real, with requests on them: `npx tsx test/runs/rehearsal/deployments.ts
 * [words]`. The harness must also be able to lose requests: some of the checks demand that.
 */
import { setTimeout as sleep } from 'timers/promises';
import { Bench, BenchOptions, IMAGE, provideImages } from './bench';
import { container, RELEASE, task } from './sample-service';
import { TaskModel } from '../../../packages/rehearsal/src/assembly/model';
import { REGION } from '../../../packages/rehearsal/src/assembly/template';
import { Secrets } from '../../../packages/rehearsal/src/deployment/secrets';
import { Engine, startEngine, stopEngines } from '../../../packages/rehearsal/src/engine/engine';
import { ask } from '../../../packages/rehearsal/src/engine/http';
import { cleanUpOnSignals } from '../../../packages/rehearsal/src/processes';

const GOOD = version('1');
/** Faster where only the order matters, with a grace period in which a container can start for real. */
const FAST = { speed: 60, service: { gracePeriod: 240 } };

function version(name: string, environment: Readonly<Record<string, string>> = {}): TaskModel {
  return task([container(IMAGE, { environment: { VERSION: name, ...environment } })]);
}

/** With requests that run while a task stops. */
const SLOW: Partial<BenchOptions> = { paths: ['/', '/slow'] };
const AT_ONCE: Partial<BenchOptions> = { ...SLOW, release: { ...RELEASE, shift: [], terminationWait: 0 } };

type Expect = (condition: boolean, what: string) => void;

interface Check {
  readonly name: string;
  readonly options?: Partial<BenchOptions>;
  readonly run: (bench: Bench, expect: Expect) => Promise<void>;
}

const CHECKS: readonly Check[] = [
  {
    name: 'two releases lose no request',
    run: async (bench, expect) => {
      for (const name of ['2', '3']) {
        const { status, reason } = await bench.deployment().run(version(name));
        expect(status === 'succeeded', `release ${name}: ${reason}`);
      }
      await bench.load.stop();
      const { body } = await ask({ host: bench.service.surroundings.loadBalancer.address, port: RELEASE.productionPort }, 'GET', '/');
      expect(body === '3', `the last release answers, got ${body}`);
      expect(bench.load.failed.length === 0, 'no request is lost');
    },
  },
  {
    name: 'a killed task loses requests, and is replaced',
    run: async (bench, expect) => {
      await loseTask(bench);
      expect(bench.load.failed.length > 5, 'requests are lost');
      expect(bench.service.primary?.isSteady === true, 'the task is replaced');
    },
  },
  {
    name: 'retries hide most of what a killed task loses',
    options: { mutation: 'retries' },
    run: async (bench, expect) => {
      await loseTask(bench);
      expect(bench.load.failed.length <= 5, 'few requests are lost');
    },
  },
  {
    name: 'a scale-in loses no request',
    options: SLOW,
    run: async (bench, expect) => {
      await scaleIn(bench);
      expect(bench.load.failed.length === 0, 'no request is lost');
    },
  },
  {
    name: 'a scale-in without drain loses requests',
    options: { ...SLOW, mutation: 'no-drain' },
    run: async (bench, expect) => {
      await scaleIn(bench);
      expect(bench.load.failed.length > 5, 'requests are lost');
    },
  },
  {
    name: 'a release without a termination wait loses no request',
    options: AT_ONCE,
    run: async (bench, expect) => {
      const { status } = await bench.deployment().run(version('2'));
      await bench.load.stop();
      expect(status === 'succeeded' && bench.load.failed.length === 0, 'no request is lost');
    },
  },
  {
    name: 'a release without a termination wait and without drain loses requests',
    options: { ...AT_ONCE, mutation: 'no-drain' },
    run: async (bench, expect) => {
      const { status } = await bench.deployment().run(version('2'));
      await bench.load.stop();
      expect(status === 'succeeded' && bench.load.failed.length > 5, 'requests are lost');
    },
  },
  {
    name: 'a task that stops on SIGTERM is not killed',
    options: FAST,
    run: async (bench, expect) => expect((await killedIn(bench)).length === 0, 'none is killed'),
  },
  {
    name: 'a task that ignores SIGTERM is killed after its stop timeout',
    options: { ...FAST, task: version('1', { IGNORES_SIGTERM: 'yes' }) },
    run: async (bench, expect) => expect((await killedIn(bench)).length === 1, 'it is killed'),
  },
  {
    name: 'a task that gets no stop signal is killed',
    options: { ...FAST, mutation: 'no-stop-signal' },
    run: async (bench, expect) => expect((await killedIn(bench)).length === 1, 'it is killed'),
  },
  {
    name: 'weights of the wrong group send requests to nobody or to the old tasks',
    options: { mutation: 'wrong-weights', ...FAST },
    run: async (bench, expect) => {
      await bench.deployment().run(version('2'));
      await bench.load.stop();
      expect(bench.load.failed.length > 0, 'requests are lost');
    },
  },
  {
    name: 'errors after the shift roll the release back by the alarm',
    run: async (bench, expect) => {
      const release = { ...version('bad', { FAILS: 'yes' }) };
      const { status, cause, rolledBack, phases } = await bench.deployment().run(release);
      await sleep(1000);
      const after = bench.recorder.clock.now;
      await sleep(1000);
      await bench.load.stop();
      const failed = bench.load.failed.filter(({ failure }) => failure === 'application');
      const seconds = (phases.rollback ?? NaN) - (phases.shift ?? NaN);
      console.log(`  found after ${seconds.toFixed(1)} s; ${failed.length} failed, at most ${(seconds * 20).toFixed(0)} were expected of a tenth`);
      expect(status === 'stopped' && cause === 'alarm' && rolledBack, 'the alarm rolls it back');
      expect(failed.length > 0 && failed.length < seconds * 20 * 1.3 + 20, 'about a tenth of the requests fail');
      expect(failed.length === bench.load.failed.length, 'no other request is lost');
      expect(!bench.load.failed.some(({ time }) => time > after), 'none fails after the rollback');
    },
    options: { release: { ...RELEASE, smokeTest: { path: '/health', codes: '200' } } },
  },
  {
    name: 'a release that fails its smoke test gets no traffic',
    options: FAST,
    run: async (bench, expect) => expectFailure(bench, expect, version('bad', { FAILS: 'yes' }), /smoke test/),
  },
  {
    name: 'a release that crashes at its start gets no traffic',
    options: FAST,
    run: async (bench, expect) => expectFailure(bench, expect, version('bad', { CRASHES: 'yes' }), /exited with 1/),
  },
  {
    name: 'a release that is stopped by hand is rolled back',
    options: FAST,
    run: async (bench, expect) => {
      const deployment = bench.deployment();
      const running = deployment.run(version('2'));
      while (!bench.recorder.weights.some(({ green }) => green > 0)) { await sleep(50); }
      await sleep(500);
      deployment.stop();
      const { status, cause, rolledBack } = await running;
      await bench.load.stop();
      expect(status === 'stopped' && cause === 'stop' && rolledBack, `it is rolled back, got ${status} ${cause}`);
      expect(bench.load.failed.length === 0, 'no request is lost');
    },
  },
  {
    name: 'a task that takes too much memory is killed and replaced',
    options: FAST,
    run: async (bench, expect) => {
      const host = bench.service.primary?.running[0].address ?? '';
      await ask({ host, port: 8000 }, 'GET', '/hoard').catch(() => undefined);
      await sleep(8000);
      await bench.load.stop();
      const reason = bench.service.primary?.failures[0]?.reason ?? '';
      expect(/137: out of memory/.test(reason), `the reason says so, got '${reason}'`);
    },
  },
  {
    name: 'a task of two containers has one network, a secret, and a shared volume',
    options: {
      ...FAST,
      secrets: new Secrets({ TOKEN: 'x y' }),
      task: task([
        container(IMAGE, {
          environment: { VERSION: 'two', SECRET_NEEDED: 'yes' },
          secrets: { TOKEN: 'arn' },
          mounts: [{ volume: 'shared', path: '/shared', readonly: true }],
          dependsOn: [{ container: 'first', condition: 'SUCCESS' }, { container: 'second', condition: 'HEALTHY' }],
        }),
        container(IMAGE, { name: 'first', essential: false, command: ['sh', '-c', 'echo 1 > /shared/file'], mounts: [{ volume: 'shared', path: '/shared', readonly: false }] }),
        container(IMAGE, {
          name: 'second',
          command: ['python3', '-c', 'import http.server; http.server.HTTPServer(("127.0.0.1", 8001), http.server.SimpleHTTPRequestHandler).serve_forever()'],
          workingDirectory: '/tmp',
          healthCheck: { command: ['CMD', 'python3', '-c', 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:8001")'], interval: 5, timeout: 5, retries: 3, startPeriod: 10 },
        }),
      ]),
    },
    run: async (bench, expect) => {
      await sleep(1000);
      await bench.load.stop();
      expect(bench.load.failed.length === 0 && bench.load.records.length > 0, 'it answers');
    },
  },
];

async function scaleIn(bench: Bench): Promise<void> {
  bench.service.scaleTo(1);
  bench.recorder.event('task', 'automatic scaling stops a task');
  await sleep(5000);
  await bench.load.stop();
}

async function killedIn(bench: Bench): Promise<readonly string[]> {
  await scaleIn(bench);
  return bench.service.primary?.killed ?? [];
}

async function loseTask(bench: Bench): Promise<void> {
  const { tasks } = bench.service.surroundings;
  await sleep(1000);
  const [first] = bench.service.primary?.running ?? [];
  bench.recorder.event('fault', `the task ${first.name} is killed`);
  await tasks.kill(first);
  await sleep(6000);
  await bench.load.stop();
}

async function expectFailure(bench: Bench, expect: Expect, release: TaskModel, reason: RegExp): Promise<void> {
  const result = await bench.deployment(600).run(release);
  await bench.load.stop();
  expect(result.status === 'failed' && result.rolledBack, `it fails and is rolled back, got ${result.status}`);
  expect(reason.test(result.reason ?? ''), `the reason is known, got '${result.reason}'`);
  expect(bench.load.failed.length === 0, 'no request is lost');
  expect(!bench.load.records.some(({ color }) => color === 'green'), 'none goes to the new tasks');
}

async function runCheck(engine: Engine, { name, options, run }: Check): Promise<boolean> {
  console.log(name);
  const failures: string[] = [];
  const bench = await Bench.start({ engine, task: GOOD, speed: 20, ...options });
  try {
    await bench.begin();
    await run(bench, (condition, what) => { if (!condition) { failures.push(what); } });
  } catch (error) {
    failures.push(String(error));
  }
  const { primary } = bench.service;
  primary?.failures.slice(0, 2).forEach(({ reason, output }) => console.log(`  task: ${reason}: ${output}`));
  const left = await bench.end();
  if (left !== '') { failures.push(`something is left: ${left}`); }
  report(bench);
  failures.forEach((failure) => console.log(`  FAILED: ${failure}`));
  return failures.length === 0;
}

function report({ load, service: { surroundings: { tasks } } }: Bench): void {
  const [{ answers, failures, latency }] = load.samples({ from: 0, to: 10_000, seconds: 10_000 });
  const errors = [...new Set(load.failed.map(({ error, status }) => error ?? status))];
  const times = latency ? `median ${latency.median.toFixed(0)}, p99 ${latency.p99.toFixed(0)}, most ${latency.most.toFixed(0)} ms` : 'no answer';
  console.log(`  ${load.records.length} requests: ${JSON.stringify(answers)}, failed ${JSON.stringify(failures)} ${errors.join(', ')}; ${times}; ${tasks.started} containers`);
}

async function main(): Promise<void> {
  cleanUpOnSignals(stopEngines);
  const started = Date.now();
  const engine = await startEngine({ region: REGION, dockerHub: { username: 'rehearsal', password: 'rehearsal' } });
  try {
    await provideImages(engine);
    console.log(`ready after ${((Date.now() - started) / 1000).toFixed(0)} s`);
    const [word = ''] = process.argv.slice(2);
    let failed = 0;
    for (const check of CHECKS.filter(({ name }) => name.includes(word))) {
      failed += await runCheck(engine, check) ? 0 : 1;
    }
    console.log(`${failed} failed, after ${((Date.now() - started) / 1000).toFixed(0)} s`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    await stopEngines();
  }
}

void main();
