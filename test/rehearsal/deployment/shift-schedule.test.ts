import { stateAfter } from '../../../packages/rehearsal/src/deployment/container-events';
import { shiftSchedule, shiftSeconds } from '../../../packages/rehearsal/src/deployment/shift-schedule';
import { matchesCodes } from '../../../packages/rehearsal/src/deployment/smoke-test';
import { describeEnd } from '../../../packages/rehearsal/src/deployment/task';

test('all at once is one step', () => {
  expect(shiftSchedule({ shift: [] })).toEqual([{ percent: 100, seconds: 0 }]);
  expect(shiftSchedule({ shift: [{ percent: 100, seconds: 0 }] })).toEqual([{ percent: 100, seconds: 0 }]);
});

test('a canary waits before the rest follows', () => {
  const canary = { percent: 10, seconds: 300 };
  expect(shiftSchedule({ shift: [canary] })).toEqual([canary, { percent: 100, seconds: 0 }]);
});

test('a linear shift takes as long as all of its steps', () => {
  const shift = Array.from({ length: 10 }, (_, index) => ({ percent: 10 * (index + 1), seconds: 60 }));
  expect(shiftSchedule({ shift })).toHaveLength(10);
  expect(shiftSeconds({ shift })).toBe(540);
});

test.each([
  [[{ percent: 0, seconds: 1 }]],
  [[{ percent: 20, seconds: 1 }, { percent: 10, seconds: 1 }]],
  [[{ percent: 20, seconds: -1 }]],
])('a shift that does not grow fails: %j', (shift) => {
  expect(() => shiftSchedule({ shift })).toThrow('a traffic shift grows from step to step');
});

test.each([
  ['200', '200', true], ['200', '201', false], ['200-299,301', '204', true], ['200-299,301', '301', true], ['200-299,301', '302', false], ['200', 'Error', false],
])('the codes %s match %s: %s', (codes, status, wanted) => {
  expect(matchesCodes(codes, status)).toBe(wanted);
});

test('events of docker change the state of a container', () => {
  const running = stateAfter({ outOfMemory: false, exitCode: 1 }, 'start');
  expect(running).toEqual({ outOfMemory: false });
  expect(stateAfter(running, 'health_status: healthy')).toEqual({ outOfMemory: false, healthy: true });
  expect(stateAfter(running, 'health_status: unhealthy')).toEqual({ outOfMemory: false, healthy: false });
  expect(stateAfter(stateAfter(running, 'oom'), 'die', '137')).toEqual({ outOfMemory: true, exitCode: 137 });
  expect(stateAfter(running, 'exec_start: python3')).toBe(running);
});

test.each([
  [1, false, 'exited with 1'], [137, false, 'exited with 137: killed'], [137, true, 'exited with 137: out of memory'], [143, false, 'exited with 143: ended by SIGTERM'],
])('the reason of the exit code %d, out of memory %s, is known', (exitCode, outOfMemory, wanted) => {
  expect(describeEnd('app', { exitCode, outOfMemory })).toBe(`the essential container app ${wanted}`);
});
