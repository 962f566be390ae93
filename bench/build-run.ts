import { execFileSync } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { availableParallelism } from 'os';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { copyChanged, Project } from './build-projects';
import { Step, Trace } from './build-trace';
import { Rendered } from '../packages/rehearsal/src/assembly/rendered';
import { build, BuildChoices, BuildResult } from '../packages/rehearsal/src/build/code-build';
import { Interpreter } from '../packages/rehearsal/src/build/pythons';
import { Engine, Traffic } from '../packages/rehearsal/src/engine/engine';
import { createDirectory, removeDirectory } from '../packages/rehearsal/src/processes';

/** Of the kernel's clock; Linux has had 100 on every machine for decades. */
const TICKS_PER_SECOND = 100;

/** What one build took. */
export interface Figures {
  /** From the handing over of the source to the end of the last command, with what its cache restores and saves. */
  readonly seconds: number;
  /** What one core would have needed without a pause, the engine's work included. */
  readonly cpu: number;
  readonly steps: readonly Step[];
  /** Bytes between the engine and registries, and between containers of the image's build and the index. */
  readonly registry: Traffic;
  readonly containers: Traffic;
  /** Bytes of what the cache handed on. */
  readonly cache: number;
  /** How many cores the rest of the machine kept busy in the second before. */
  readonly others: number;
}

export interface Surroundings {
  readonly engine: Engine;
  readonly interpreters: readonly [Interpreter, ...Interpreter[]];
}

/** What the builds of one application need. */
export class Builder {
  constructor(private readonly surroundings: Surroundings, private readonly project: Project) {}

  /** Makes the base images, which no build is to wait for. */
  public async prepare(): Promise<void> {
    const { minor, path } = this.project.interpreter;
    await this.surroundings.engine.images.publish(minor, path);
  }

  /** One build of the usual buildspec, which keeps nothing. */
  public async usual(rendered: Rendered): Promise<Figures> {
    return inDirectory(async (place) => {
      const { interpreter, directory } = this.project;
      const tools = join(place, 'python');
      // what CodeBuild's image has: a Python that the build may install into. Nobody waits for it there, so it is not
      // counted
      execFileSync(interpreter.path, ['-m', 'venv', tools]);
      this.surroundings.engine.registry.remove(rendered.repositories[0].name);
      const container = join(place, 'container');
      const path = [join(tools, 'bin'), join(container, 'bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
      const { figures } = await this.measure(rendered, container, directory, { environment: { PATH: path } });
      return figures;
    });
  }

  /** A first build, and the one after it with one line changed: as CodeBuild runs them, on a new machine each. */
  public async coldAndWarm(rendered: Rendered): Promise<{ readonly cold: Figures; readonly warm: Figures }> {
    return inDirectory(async (place) => {
      const [cacheDirectory, bucketDirectory, changed] = ['cache', 'buckets', 'changed'].map((name) => join(place, name));
      this.surroundings.engine.registry.remove(rendered.repositories[0].name);
      const cold = await this.measure(rendered, join(place, 'cold'), this.project.directory, { cacheDirectory, bucketDirectory });
      removeDirectory(join(place, 'cold'));
      copyChanged(this.project, changed);
      const warm = await this.measure(rendered, join(place, 'warm'), changed, {
        cacheDirectory, bucketDirectory, buildNumber: 8, commit: '7b2c'.repeat(10), environment: { PIPELINE_EXECUTION_ID: 'execution-2' },
      });
      requireReuse(cold.result, warm.result);
      return { cold: cold.figures, warm: { ...warm.figures, cache: cold.figures.cache } };
    });
  }

  private async measure(
    rendered: Rendered, directory: string, source: string, choices: BuildChoices,
  ): Promise<{ readonly figures: Figures; readonly result: BuildResult }> {
    const { engine, interpreters } = this.surroundings;
    await engine.prune();
    // what the build before has written goes to the disk on its own account
    execFileSync('sync');
    const others = await busyCores();
    const trace = new Trace(join(directory, 'trace'));
    const [before, beforeContainers, cpu] = [
      sum(await engine.traffic()), engine.containerTraffic(), processorSeconds(),
    ];
    const result = await build({
      ...choices,
      engine,
      directory,
      source,
      rendered,
      mode: 'one script per command',
      interpreters,
      downloads: join(directory, 'downloads'),
      environment: { ...trace.environment, ...choices.environment },
    });
    requireRelease(result);
    const figures = {
      seconds: result.seconds,
      cpu: processorSeconds() - cpu,
      steps: trace.steps(rendered.spec),
      registry: difference(sum(await engine.traffic()), before),
      containers: difference(engine.containerTraffic(), beforeContainers),
      cache: choices.cacheDirectory ? sizeOf(choices.cacheDirectory) : 0,
      others,
    };
    return { figures, result };
  }
}

async function inDirectory<T>(use: (place: string) => Promise<T>): Promise<T> {
  const place = createDirectory();
  try {
    return await use(place);
  } finally {
    removeDirectory(place);
  }
}

function requireRelease({ failed, unexpected, output }: BuildResult): void {
  if (failed.length > 0 || unexpected.length > 0) {
    throw new Error(`a build failed (${[...failed, ...unexpected].join(', ')}), so there is nothing to compare:\n${output.split('\n').slice(-40).join('\n')}`);
  }
}

/** A warm build that took nothing from the one before, or built the same image, would be another measurement. */
function requireReuse(cold: BuildResult, warm: BuildResult): void {
  const layers = warm.calls.some(({ tool, args }) => tool === 'docker' && args.some((word) => word.endsWith(`@${cold.exported.IMAGE_DIGEST}`)));
  if (cold.cache?.restored !== undefined || warm.cache?.restored !== cold.cache?.key || !layers) {
    throw new Error('the second build did not use the cache and the layers of the first');
  }
  if (warm.exported.IMAGE_DIGEST === cold.exported.IMAGE_DIGEST) {
    throw new Error('the second build made the same image as the first');
  }
}

/** How many cores the machine keeps busy while this process does nothing. */
async function busyCores(): Promise<number> {
  const before = processorTimes();
  await sleep(1000);
  const after = processorTimes();
  return (after.busy - before.busy) / (after.all - before.all) * availableParallelism();
}

/** @see https://man7.org/linux/man-pages/man5/proc_stat.5.html */
function processorTimes(): { readonly busy: number; readonly all: number } {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user, nice, system, idle, waiting, ...others] = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const busy = [user, nice, system, ...others].reduce((total, value) => total + value, 0);
  return { busy, all: busy + idle + waiting };
}

/** What the processes below this one have used so far, with those below them that ended; without this one's own. */
function processorSeconds(): number {
  const table = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => ticksOf(pid)));
  const isBelow = (pid: number): boolean => {
    const parent = table.get(pid)?.parent ?? 0;
    return parent === process.pid || (parent > 1 && isBelow(parent));
  };
  const below = [...table].filter(([pid]) => isBelow(pid)).map(([, { own, ended }]) => own + ended);
  return [table.get(process.pid)?.ended ?? 0, ...below].reduce((total, ticks) => total + ticks, 0) / TICKS_PER_SECOND;
}

function ticksOf(pid: string): [number, { readonly parent: number; readonly own: number; readonly ended: number }][] {
  try {
    // the name before the parenthesis may hold anything
    const [, parent, ...values] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').map(Number);
    const [user, system, endedUser, endedSystem] = values.slice(9, 13);
    return [[Number(pid), { parent, own: user + system, ended: endedUser + endedSystem }]];
  } catch {
    return []; // it ended in the meantime
  }
}

function sizeOf(directory: string): number {
  return Number(execFileSync('du', ['--summarize', '--bytes', directory], { encoding: 'utf8' }).split('\t')[0]);
}

function sum(traffic: Readonly<Record<string, Traffic>>): Traffic {
  const all = Object.values(traffic);
  return {
    sent: all.reduce((total, { sent }) => total + sent, 0),
    received: all.reduce((total, { received }) => total + received, 0),
  };
}

function difference(after: Traffic, before: Traffic): Traffic {
  return { sent: after.sent - before.sent, received: after.received - before.received };
}
