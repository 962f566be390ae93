import * as fc from 'fast-check';
import { BeforeCall, ServiceError, World } from './world';
import { RepositoryImage } from '../../../../packages/rehearsal/src/image-lifecycle/policy';

/** What disturbs an execution: at some of its calls, an error, or a delay of some days. */
export interface Disturbances {
  readonly [call: number]: 'error' | { readonly days: number };
}

/** One step of a history. */
export type Step =
  | { readonly kind: 'build' }
  | { readonly kind: 'pass'; readonly days: number }
  | {
    readonly kind: 'release';
    /** Chooses one of the images that can be released, as a fraction. */
    readonly choice: number;
    /** The days until the release ends: approvals, the shift, and the end of the old tasks. */
    readonly days: number;
    readonly succeeds: boolean;
    readonly disturbances: Disturbances;
  };

/** An image that waits for its release behind another one is at most this old. */
const OLDEST_CANDIDATE = 5;
/** The approval takes 7 days at most, the approval of the deployment 2, and the end of the old tasks 2. */
const LONGEST_RELEASE = 11;
/** An execution that failed is redriven, and succeeds, within this time after its release. */
const LONGEST_DELAY = 10;

/** Steps that use what is live at once are repeated after a fresh look, so they are never late. */
const CAN_BE_LATE = ['ecs:describeServices', 'ecs:describeTaskDefinition', 'ecr:describeImages', 'ecr:batchGetImage', 'ecr:putImage'];

const disturbances: fc.Arbitrary<Disturbances> = fc.dictionary(
  // most executions have nine calls, and the first six can be late
  fc.integer({ min: 1, max: 9 }).map(String),
  fc.oneof(fc.constant('error' as const), fc.record({ days: fc.integer({ min: 1, max: LONGEST_DELAY }) })),
  { maxKeys: 4 },
);

const release = fc.record({
  kind: fc.constant('release' as const),
  // `fc.double` draws very small numbers most of the time
  choice: fc.integer({ min: 0, max: 999 }).map((part) => part / 1000),
  days: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: LONGEST_RELEASE })),
  succeeds: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  disturbances,
});

/** Some months of builds and releases. */
export const histories: fc.Arbitrary<Step[]> = fc.array(fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'build' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), days: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 4, arbitrary: release },
), { minLength: 10, maxLength: 50, size: 'max' });

interface Pending {
  readonly due: number;
  readonly action: string;
  /** Whether the image was released before. */
  readonly again: boolean;
  readonly resume: () => void;
}

/**
 * Plays a history, and reports the first image that is missing though it is live, or was live before.
 *
 * The lifecycle policy applies after every step and on every day.
 */
export class Player {
  private readonly pending = new Set<Pending>();
  private readonly running = new Set<Promise<unknown>>();
  private builds = 0;
  private missing?: string;

  /** @param marks whether the state machine runs after a release */
  constructor(private readonly world: World, private readonly maxImageCount: number, private readonly marks: boolean) {}

  public async play(steps: readonly Step[]): Promise<string | undefined> {
    for (const step of steps) {
      await this.take(step);
      this.look();
      if (this.missing !== undefined) { break; }
    }
    await this.resumeAll(() => true);
    return this.missing;
  }

  private async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'build': {
        this.builds += 1;
        this.world.push(`sha256:${this.builds}`, `build-${this.builds}`);
        break;
      }
      case 'pass': await this.pass(step.days); break;
      case 'release': await this.release(step); break;
    }
  }

  private async release({ choice, days, succeeds, disturbances: planned }: Step & { kind: 'release' }): Promise<void> {
    const eligible = this.releasable();
    if (eligible.length === 0) { return; }
    const digest = eligible[Math.floor(choice * eligible.length)];
    await this.pass(days);
    if (!succeeds) { return; }
    // An execution that has not yet read what is live would miss its own release. One for an image that was released
    // before has an older mark, which the next release can remove. Both are given time until the next release.
    await this.resumeAll(({ action, again }) => again || action.startsWith('ecs:describe'));
    const again = this.world.released.includes(digest);
    this.world.release(digest);
    if (this.marks) { await this.start(planned, again); }
  }

  /** New images, and released ones that no mark that comes late can push out. */
  private releasable(): string[] {
    const { repository, released, now } = this.world;
    const images = repository.digests.map((digest) => repository.find(digest)!);
    const known = images.filter(({ tags }) => tags.some((tag) => tag.startsWith('released-')))
      .sort((one, other) => other.pushedAt - one.pushedAt)
      .slice(0, Math.max(0, this.maxImageCount - this.pending.size)).map(({ digest }) => digest);
    const isNew = ({ digest, pushedAt }: RepositoryImage) =>
      !released.includes(digest) && now - pushedAt <= OLDEST_CANDIDATE;
    return images.filter((image) => [...known, ...this.lastTwo()].includes(image.digest) || isNew(image))
      .map(({ digest }) => digest);
  }

  /** The live digest, and the one before it. */
  private lastTwo(): string[] {
    return [...new Set([...this.world.released].reverse())].slice(0, 2);
  }

  private async pass(days: number): Promise<void> {
    for (let day = 0; day < days; day += 1) {
      this.world.now += 1;
      await this.resumeAll(({ due }) => due <= this.world.now);
      this.look();
    }
  }

  private look(): void {
    this.world.repository.expire(this.world.now);
    this.missing ??= this.lastTwo().find((digest) => !this.world.repository.find(digest));
  }

  /** Starts an execution, and returns when it has ended or is delayed. */
  private async start(planned: Disturbances, again: boolean): Promise<void> {
    const latest = this.world.now + LONGEST_DELAY;
    const before: BeforeCall = async (action, call) => {
      const disturbance = planned[call];
      if (disturbance === 'error') { throw new ServiceError('Ecr.ServerException'); }
      if (disturbance && CAN_BE_LATE.includes(action)) {
        await this.delay(action, again, Math.min(latest, this.world.now + disturbance.days));
      }
    };
    // an image that expired before its late execution fails that execution, and `look` tells whether it was needed
    const execution = this.world.execute(before).catch(ignoreMissing).finally(() => this.running.delete(execution));
    this.running.add(execution);
    await this.settle();
  }

  private delay(action: string, again: boolean, due: number): Promise<void> {
    return new Promise((resolve) => {
      const pending: Pending = {
        due,
        action,
        again,
        resume: () => {
          this.pending.delete(pending);
          resolve();
        },
      };
      this.pending.add(pending);
    });
  }

  private async resumeAll(chosen: (pending: Pending) => boolean): Promise<void> {
    for (let next = [...this.pending].find(chosen); next; next = [...this.pending].find(chosen)) {
      next.resume();
      await this.settle();
    }
  }

  /** Waits until each execution that runs is delayed or has ended. */
  private async settle(): Promise<void> {
    while (this.running.size > this.pending.size) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function ignoreMissing(error: Error): void {
  if (!error.message.includes('Ecr.ImageNotFoundException')) { throw error; }
}
