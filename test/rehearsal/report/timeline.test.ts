import { all, parseXml, textOf, withClass } from './parse';
import { errorsAfterShift, killedTask, longTexts, monthOf, outOfMemory, release } from './records';
import { figuresOf, pointsOf, secondsOf } from '../../../packages/rehearsal/src/report/figures';
import { ScenarioRecord } from '../../../packages/rehearsal/src/report/record';
import { Label, labelsOf, markedEvents, marksOf, numberEvents } from '../../../packages/rehearsal/src/report/timeline/events';
import { fitText, narrowFrame, textWidth, wideFrame } from '../../../packages/rehearsal/src/report/timeline/frame';
import { linearScale, logarithmicScale, timeTicks } from '../../../packages/rehearsal/src/report/timeline/scale';
import { hasTimeline, renderTimelines } from '../../../packages/rehearsal/src/report/timeline/timeline';

const drawingsOf = (scenario: ScenarioRecord) => renderTimelines(scenario, 'drawing').map(({ markup }) => parseXml(markup));
const titlesOf = (scenario: ScenarioRecord) => withClass(drawingsOf(scenario)[0], 'text', 'title').map(textOf);

const rangeOf = ({ from, text }: Label) => [from, from + textWidth(text)];

const crowded: ScenarioRecord = {
  ...release,
  events: Array.from({ length: 300 }, (_, index) => ({ time: index * 0.16, kind: index % 50 ? 'task' as const : 'fault' as const, text: `Event ${index}` })),
};

describe('events', () => {
  test.each([['release', release], ['month', monthOf(30)], ['long texts', longTexts], ['a crowd', crowded]])(
    'have marks and labels that do not overlap: %s', (_, scenario) => {
      for (const frame of [wideFrame(secondsOf(scenario)), narrowFrame(secondsOf(scenario))]) {
        const marks = marksOf(frame, markedEvents(numberEvents(scenario.events), frame));
        for (const [index, mark] of marks.slice(1).entries()) {
          expect(mark.x - mark.width / 2).toBeGreaterThan(marks[index].x + marks[index].width / 2);
        }
        const labels = labelsOf(frame, marks);
        for (const one of labels) {
          const [from, to] = rangeOf(one);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(frame.width);
          for (const other of labels.filter((label) => label !== one && label.row === one.row)) {
            expect(to <= rangeOf(other)[0] || rangeOf(other)[1] <= from).toBe(true);
          }
          for (const { mark } of labels.filter((label) => label.row > one.row)) {
            expect(mark.x < from || mark.x > to).toBe(true);
          }
        }
      }
    });

  test('that are close to each other share a mark with their numbers', () => {
    const frame = wideFrame(100);
    const events = [10, 10.2, 10.4, 60].map((time, index) => ({ time, kind: 'task' as const, text: `Event ${index}` }));
    expect(marksOf(frame, numberEvents(events)).map(({ text }) => text)).toEqual(['1–3', '4']);
  });

  test('are numbered in the order of time', () => {
    const events = [{ time: 9, kind: 'task' as const, text: 'second' }, { time: 1, kind: 'task' as const, text: 'first' }];
    expect(numberEvents(events).map(({ number, text }) => [number, text])).toEqual([[1, 'first'], [2, 'second']]);
  });

  test('that are faults and rollbacks are marked, however many events there are', () => {
    const events = numberEvents(monthOf(30).events);
    const important = events.filter(({ kind }) => kind === 'fault' || kind === 'rollback');
    expect(markedEvents(events, narrowFrame(720))).toEqual(important);
    expect(markedEvents(numberEvents(release.events), wideFrame(48))).toHaveLength(release.events.length);
  });

  test('that matter most give a shared mark its label', () => {
    const frame = wideFrame(secondsOf(errorsAfterShift));
    const labels = labelsOf(frame, marksOf(frame, numberEvents(errorsAfterShift.events))).map(({ text }) => text);
    expect(labels).toContainEqual(expect.stringMatching(/^A proxy in front of green answers 40 %.*\(\+2\)$/));
    expect(labels).toContainEqual(expect.stringMatching(/^Orders-Green5xx is in ALARM.*\(\+1\)$/));
  });
});

describe('charts', () => {
  test('are the same for wide screens and phones', () => {
    const [wide, narrow] = drawingsOf(killedTask).map((drawing) => withClass(drawing, 'text', 'title').length);
    expect(narrow).toBe(wide);
  });

  test('show weights, answers, failures, latency, tasks, and alarms', () => {
    expect(titlesOf(errorsAfterShift)).toEqual([
      'Traffic weights of blue and green', 'Answers per second, by the color that answered', 'Failed requests per second', 'Latency', 'Tasks', 'Alarms',
    ]);
  });

  test('say that no request failed', () => {
    expect(titlesOf(release)).toContain('Failed requests: none');
  });

  test('say that there was no load, where the samples have no request', () => {
    const answers = { blue: 0, green: 0, nobody: 0 };
    const samples = release.samples.map((sample) => ({ ...sample, answers, latency: undefined }));
    expect(titlesOf({ ...release, samples })).toContain('Failed requests: there was no load');
    expect(titlesOf({ ...release, samples })).not.toContain('Latency');
  });

  test('change to a logarithmic axis where slow requests would flatten the median', () => {
    expect(titlesOf(killedTask)).toContain('Latency (logarithmic)');
  });

  test('show each state of each task', () => {
    const titles = all(drawingsOf(release)[0], 'rect').flatMap((bar) => all(bar, 'title').map(textOf));
    expect(titles).toEqual(expect.arrayContaining(['green 1 (green): starting', 'green 1 (green): healthy', 'blue 1 (blue): draining']));
    expect(titles).not.toContainEqual(expect.stringContaining('stopped'));
  });

  test('let many tasks share rows', () => {
    const [drawing] = drawingsOf(monthOf(30));
    expect(textOf(drawing)).toContain('release 30 b');
    expect(Number(all(drawing, 'svg')[0].getAttribute('viewBox')?.split(' ')[3])).toBeLessThan(800);
  });

  test('count the rows of tasks that have no room', () => {
    const health = Array.from({ length: 40 }, (_, index) => ({
      time: index / 10, task: `task ${index}`, color: 'blue' as const, state: 'healthy' as const,
    }));
    expect(textOf(drawingsOf({ ...release, health })[0])).toContain('and 28 more rows');
  });

  test('are interrupted where no request was sent', () => {
    const samples = release.samples.filter(({ time }) => time < 5 || time >= 9);
    const paths = withClass(drawingsOf({ ...release, samples })[0], 'path', 'blue').map((path) => path.getAttribute('d') ?? '');
    expect(paths.map((path) => path.match(/M/g)?.length)).toEqual([2]);
  });

  test('name the alarms that rang first, and count those that have no room', () => {
    const quiet = Array.from({ length: 12 }, (_, index) => ({ time: 0, alarm: `Quiet${index}`, state: 'OK' as const }));
    const [drawing] = drawingsOf({ ...errorsAfterShift, alarms: [...quiet, { time: 5, alarm: 'Loud', state: 'ALARM' }] });
    const names = withClass(drawing, 'text', 'end').map(textOf);
    expect(names.indexOf('Loud')).toBeLessThan(names.indexOf('Quiet0'));
    expect(names).toContain('and 5 more');
  });

  test('are left out of a scenario that has none', () => {
    expect([release, outOfMemory].map(hasTimeline)).toEqual([true, false]);
  });
});

describe('points', () => {
  test('of many samples keep all requests and failures', () => {
    const month = monthOf(30, 0.1);
    const points = pointsOf(month.samples);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(points.length).toBeLessThanOrEqual(240);
    expect(sum(points.map(({ failed }) => failed))).toBe(figuresOf(month).failed);
    expect(sum(points.map(({ answers }) => answers.green))).toBe(figuresOf(month).answers.green);
  });

  test('of several samples have the highest p99, and the median of the medians', () => {
    const samples = [5, 7, 30].map((median, index) => ({
      ...release.samples[0], time: index, seconds: 1, latency: { median, p99: 100 - median, most: 200 + median },
    }));
    expect(pointsOf(samples, 1)).toMatchObject([{ time: 0, seconds: 3, latency: { median: 7, p99: 95, most: 230 } }]);
  });
});

describe('axes', () => {
  test.each([[200, [0, 100, 200]], [106, [0, 50, 100, 150]], [9, [0, 5, 10]], [0.4, [0, 0.2, 0.4]]])(
    'up to %d have round numbers', (highest, ticks) => {
      expect(linearScale(highest, 100).ticks).toEqual(ticks);
    });

  test('of nothing still have a height', () => {
    const { y } = linearScale(0, 100);
    expect([y(0), y(5)]).toEqual([100, 0]);
  });

  test('in powers of ten cover the lowest and the highest value', () => {
    expect(logarithmicScale(6, 1650, 100).ticks).toEqual([1, 10, 100, 1000, 10_000]);
  });

  test.each([1, 14, 48, 720, 86_400])('of time over %d s have at most 11 steps', (seconds) => {
    expect(timeTicks(wideFrame(seconds)).length).toBeLessThanOrEqual(12);
    expect(timeTicks(narrowFrame(seconds)).length).toBeLessThanOrEqual(6);
  });
});

test('text that does not fit ends with an ellipsis', () => {
  expect(fitText('short', 100)).toBe('short');
  const cut = fitText('a text that is much too long for its place', 100);
  expect(cut).toMatch(/^a text that.*…$/);
  expect(textWidth(cut)).toBeLessThanOrEqual(100);
});
