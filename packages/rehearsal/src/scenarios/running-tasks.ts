import { amount, Outcome, requestsOf, Scenario, World } from './scenario';
import { waitForSteady } from '../deployment/service';
import { Stage } from '../rehearsal/stage';

/** How long the service may take to be whole again, in seconds on AWS, besides the health checks. */
const RECOVERY_SECONDS = 120;

export const killedTask: Scenario = {
  name: 'killed-task',
  description: 'A task that answers requests is killed.',
  requirement: 'ECS starts another task, and the service answers every request again.',
  remedy: 'Run at least two tasks (desiredCount), so that one of them answers while the other one starts. Make the start of a task shorter.',
  async run(world: World): Promise<Outcome> {
    const { task } = await world.release();
    const stage = await world.stage(task);
    await stage.wait(60);
    await stage.killTask();
    const killed = stage.recorder.clock.now;
    const { interval, healthyThreshold } = stage.pipeline.service.targetGroups[stage.service.live].healthCheck;
    await stage.wait(RECOVERY_SECONDS + interval * healthyThreshold);
    const recovered = stage.recorder.clock.now;
    await stage.wait(60);
    const last = stage.failed.at(-1)?.time;
    const whole = stage.service.primary?.isSteady === true && stage.failed.every(({ time }) => time < recovered);
    const outage = last === undefined ? 'no request failed' : `${amount(stage.failed.length)} of ${amount(stage.requests.length)} requests failed, `
      + `over ${Math.round((last - killed) * stage.recorder.clock.speed)} seconds of AWS`;
    return { passed: whole, finding: `${whole ? 'The service is whole again' : 'The service did not recover'}: ${outage}, with ${stage.pipeline.service.desiredCount} desired task(s).` };
  },
};

/** The share of the requests that are slow. */
const SLOW_SHARE = 0.2;
/** How long a new task may take until it is healthy, in seconds on AWS. */
const START_SECONDS = 900;

/** Requests that still run when their task is drained. */
export const slowRequests: Scenario = {
  name: 'slow-requests',
  description: 'Automatic scaling removes a task, while some requests take half as long as the deregistration delay.',
  requirement: 'The task finishes its requests before it stops, and no request fails.',
  remedy: 'Raise deregistrationDelay of the load balancer, and stopTimeout of the container. Let the application handle SIGTERM.',
  async run(world: World): Promise<Outcome> {
    const { task } = await world.release();
    const stage = await world.stage(task, injectDelay);
    const { service, recorder, pipeline: { service: { desiredCount, targetGroups } } } = stage;
    service.scaleTo(desiredCount + 1);
    recorder.event('task', 'automatic scaling adds a task');
    if (service.primary) { await waitForSteady(service.primary, { recorder }, START_SECONDS); }
    await stage.wait(60);
    recorder.event('task', 'automatic scaling removes a task');
    service.scaleTo(desiredCount);
    await stage.wait(targetGroups[service.live].deregistrationDelay + 60);
    return { passed: stage.failed.length === 0, finding: `A task was removed: ${requestsOf(stage)}.` };
  },
};

function injectDelay(stage: Stage): void {
  const { deregistrationDelay } = stage.pipeline.service.targetGroups.blue;
  stage.inject({ share: SLOW_SHARE, delay: stage.recorder.clock.milliseconds(deregistrationDelay / 2) });
}
