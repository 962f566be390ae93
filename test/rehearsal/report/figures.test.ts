import { release } from './records';
import { figuresOf, pointsOf, secondsOf } from '../../../packages/rehearsal/src/report/figures';

const [sample] = release.samples;

test.each([Number.NaN, Number.POSITIVE_INFINITY, -5])('a sample with %d requests counts as none', (blue) => {
  const broken = { ...sample, answers: { ...sample.answers, blue } };
  expect(figuresOf({ samples: [broken, sample] }).requests).toBe(100);
});

test('a request without an answer is a request, too', () => {
  const failures = { application: 4, loadBalancer: 3, connection: 2, timeout: 1 };
  const answers = { blue: 90, green: 0, nobody: 3 };
  expect(figuresOf({ samples: [{ ...sample, answers, failures }] })).toMatchObject({ requests: 96, failed: 10 });
});

test('samples are read in the order of time', () => {
  const samples = [5, 1, 3].map((time) => ({ ...sample, time }));
  expect(pointsOf(samples).map(({ time }) => time)).toEqual([1, 3, 5]);
});

test('a scenario lasts until the last thing that was recorded', () => {
  expect(secondsOf(release)).toBe(48);
  expect(secondsOf({ ...release, seconds: 10, samples: [], events: [{ time: 55, kind: 'task', text: 'A task stops' }] })).toBe(55);
  const nothing = { samples: [], events: [], weights: [], alarms: [], health: [] };
  expect(secondsOf({ ...release, ...nothing, seconds: Number.NaN })).toBe(1);
});
