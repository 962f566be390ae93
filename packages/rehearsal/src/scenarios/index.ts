import { badHealthPath, crashAtStart, errorsAfterShift, outOfMemory, rollbackOnStop } from './bad-releases';
import { failingTest } from './builds';
import { release, slowStart } from './good-releases';
import { killedTask, slowRequests } from './running-tasks';
import { Scenario } from './scenario';

/** All scenarios, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  release,
  failingTest,
  crashAtStart,
  badHealthPath,
  slowStart,
  errorsAfterShift,
  slowRequests,
  killedTask,
  outOfMemory,
  rollbackOnStop,
];
