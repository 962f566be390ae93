import { amount, Outcome, Scenario, World } from './scenario';

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
