import { Stage } from './stage';
import { Progress } from '../cli';

const MILLISECONDS = 500;

/** Shows the traffic and the errors of a stage while it has load. */
export function watchStage(stage: Stage, progress: Progress): void {
  let before = 0;
  const timer = setInterval(() => {
    if (stage.isOver) { clearInterval(timer); return; }
    const { length } = stage.requests;
    progress.update({
      weights: stage.recorder.weights.at(-1),
      requestsPerSecond: Math.round((length - before) * 1000 / MILLISECONDS),
      errors: stage.failed.length,
    });
    before = length;
  }, MILLISECONDS);
  timer.unref();
}
