import { appendFileSync } from 'fs';
import { join } from 'path';
import { Outcome, requestsOf, requireRelease, Scenario, World } from './scenario';

/** Two releases, one after the other. */
export const release: Scenario = {
  name: 'release',
  description: 'Two releases replace what runs, under load.',
  requirement: 'Both deployments succeed, and no request fails.',
  remedy: 'See the events at the time of the failures. Requests fail at the end of a deployment if tasks stop before they have answered: raise deregistrationDelay, '
    + 'and let the application handle SIGTERM.',
  async run(world: World): Promise<Outcome> {
    const first = await world.release();
    // a file that no application reads, so that the second image may differ
    const second = requireRelease(await world.builds.build((source) => appendFileSync(join(source, '.rehearsal'), 'second release\n')));
    const stage = await world.stage();
    for (const one of [first, second]) {
      const { status, reason } = await stage.deploy(one.task);
      if (status !== 'succeeded') { return { passed: false, finding: `A deployment ${status}: ${reason}.`, remedy: 'See why the new tasks are not healthy.' }; }
    }
    await stage.wait(60);
    return { passed: stage.failed.length === 0, finding: `Two releases went live: ${requestsOf(stage)}.` };
  },
};

/** The new tasks take long until they answer, but not as long as makes them unhealthy. */
export const slowStart: Scenario = {
  name: 'slow-start',
  description: 'The new tasks do not answer at first, for a bit less time than makes a task unhealthy.',
  requirement: 'Neither ECS nor an alarm stops the deployment, and no request fails.',
  remedy: 'Raise healthCheck.gracePeriod and healthCheck.unhealthyThresholdCount, so that they are longer than the start of a task.',
  async run(world: World): Promise<Outcome> {
    const { task } = await world.release();
    const stage = await world.stage(task);
    const { path, interval, unhealthyThreshold } = stage.pipeline.service.targetGroups.green.healthCheck;
    stage.inject({ share: 1, breaks: true, path });
    const deploying = stage.deploy(task);
    const start = interval * (unhealthyThreshold - 0.5);
    await stage.wait(start);
    stage.inject();
    const { status, reason } = await deploying;
    return {
      passed: status === 'succeeded' && stage.failed.length === 0,
      finding: `The deployment ${status}${reason ? `: ${reason}` : ` after a start of ${Math.round(start)} seconds`}. ${requestsOf(stage)}.`,
    };
  },
};
