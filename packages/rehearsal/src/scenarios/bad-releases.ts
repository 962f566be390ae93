import { amount, Outcome, PATIENCE_SECONDS, requestsOf, Scenario, withContainer, World } from './scenario';
import { Color, TaskModel } from '../assembly/model';
import { DeploymentResult } from '../deployment/deployment';
import { Stage } from '../rehearsal/stage';

/** A release whose tasks never become healthy. */
function neverHealthy(
  name: string, description: string, change: (stage: Stage, task: TaskModel) => TaskModel,
): Scenario {
  return {
    name,
    description,
    requirement: 'The deployment fails, or an alarm stops it. It is rolled back before the new tasks get a request, and no request fails.',
    remedy: 'Keep autoRollback, and see why the old tasks did not answer.',
    async run(world: World): Promise<Outcome> {
      const { task } = await world.release();
      const stage = await world.stage(task);
      const old = stage.service.live;
      const result = await stage.deploy(change(stage, task), PATIENCE_SECONDS);
      await stage.wait(30);
      const strangers = requestsToOthers(stage, old);
      return {
        passed: result.status !== 'succeeded' && result.rolledBack && strangers === 0 && stage.failed.length === 0,
        finding: `${endOf(result)} The new tasks got ${strangers === 0 ? 'no request' : `${amount(strangers)} requests`}. ${requestsOf(stage)}.`,
      };
    },
  };
}

/** How many requests since a time were answered by other tasks than those of a color. */
function requestsToOthers(stage: Stage, color: Color, since = 0): number {
  const others = stage.requests.filter((request) => request.color !== undefined && request.color !== color);
  return others.filter(({ time }) => time > since).length;
}

function endOf({ status, rolledBack, reason }: DeploymentResult): string {
  return `The deployment ${status}${rolledBack ? ' and was rolled back' : ''}${reason ? `: ${reason}` : ''}.`;
}

export const crashAtStart = neverHealthy('crash-at-start', 'The new tasks exit when they start.', ({ pipeline }, task) => (
  withContainer(task, pipeline.service.target.container, { entryPoint: ['sh', '-c'], command: ['echo "the rehearsal ends this task" >&2; exit 1'] })));

export const badHealthPath = neverHealthy('bad-health-path', 'The new tasks answer every health check with 404.', (stage, task) => {
  stage.inject({ share: 1, status: 404, path: stage.pipeline.service.targetGroups.green.healthCheck.path });
  return task;
});

/** What no Python application starts with. */
const LITTLE_MEMORY_MIB = 8;

export const outOfMemory = neverHealthy('out-of-memory', `The new tasks have ${LITTLE_MEMORY_MIB} MiB of memory.`, ({ pipeline }, task) => (
  {
    ...withContainer(task, pipeline.service.target.container, { memoryMiB: LITTLE_MEMORY_MIB }),
    memoryMiB: LITTLE_MEMORY_MIB,
  }));

/** The share of the requests of a bad release that fail. */
const ERROR_SHARE = 0.5;

export const errorsAfterShift: Scenario = {
  name: 'errors-after-shift',
  description: 'Half of the answers of the new tasks are errors, which their health checks do not show.',
  requirement: 'An alarm stops the deployment, the traffic goes back to the old tasks, and at most the share of the traffic that shifted fails.',
  remedy: 'Use a canary or linear traffic shift, and keep the rollback alarms. A service with few requests needs a lower minimum of the alarm.',
  async run(world: World): Promise<Outcome> {
    const { task } = await world.release();
    const stage = await world.stage(task);
    stage.inject({ share: ERROR_SHARE, status: 500 });
    const result = await stage.deploy(task);
    const { shift = 0, end = stage.recorder.clock.now } = result.phases;
    await stage.wait(60);
    const during = stage.requests.filter(({ time }) => time >= shift && time <= end).length;
    const { percent } = stage.pipeline.release.shift[0] ?? { percent: 100 };
    const share = stage.failed.length / Math.max(during, 1);
    return {
      passed: result.cause === 'alarm' && result.rolledBack && share <= percent / 100,
      finding: `${endOf(result)} ${amount(stage.failed.length)} of ${amount(during)} requests failed from the shift to the end of the rollback (${(share * 100).toFixed(1)} %). `
        + `The first shift was ${percent} %.`,
    };
  },
};

export const rollbackOnStop: Scenario = {
  name: 'rollback-on-stop',
  description: 'Someone stops the deployment after the first shift.',
  requirement: 'The traffic goes back to the old tasks, and no request fails.',
  remedy: 'Let the deployment group roll back stopped deployments.',
  async run(world: World): Promise<Outcome> {
    const { task } = await world.release();
    const stage = await world.stage(task);
    const old = stage.service.live;
    const deployment = stage.deployment();
    const running = deployment.run(task);
    while (!stage.recorder.events.some(({ kind }) => kind === 'traffic')) { await stage.wait(1); }
    await stage.wait(20);
    deployment.stop();
    const result = await running;
    const back = stage.recorder.clock.now;
    await stage.wait(60);
    const strangers = requestsToOthers(stage, old, back);
    return {
      passed: result.status === 'stopped' && result.rolledBack && strangers === 0 && stage.failed.length === 0,
      finding: `${endOf(result)} ${requestsOf(stage)}.`,
    };
  },
};
