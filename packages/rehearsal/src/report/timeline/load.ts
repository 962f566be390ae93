import { areaOf, lineOf } from './areas';
import { Frame, LegendEntry, Panel, TITLE_HEIGHT, titleOf } from './frame';
import { gridOf, linearScale, logarithmicScale, Scale } from './scale';
import { amount, Figures, Point } from '../figures';
import { count, decimal, milliseconds } from '../format';
import { element, Markup } from '../markup';

/** From this ratio of the slowest to the median on, a linear axis would show the median as zero. */
const LOGARITHMIC_FROM = 30;

/** Answers per second by color. */
export function trafficPanel(frame: Frame, points: readonly Point[], figures: Figures): Panel {
  const height = frame.narrow ? 110 : 150;
  const rate = (point: Point) => ({
    blue: point.answers.blue / point.seconds,
    both: (point.answers.blue + point.answers.green) / point.seconds,
    all: (point.answers.blue + point.answers.green + point.answers.nobody) / point.seconds,
  });
  const scale = linearScale(highest(points.map((point) => rate(point).all)), height);
  const legend: LegendEntry[] = [
    { text: 'blue', swatch: 'blue' },
    { text: 'green', swatch: 'green' },
    ...figures.answers.nobody > 0 ? [{ text: 'load balancer itself', swatch: 'nobody' }] : [],
  ];
  const title = frame.narrow ? 'Answers per second' : 'Answers per second, by the color that answered';
  return panel(titleOf(frame, title, legend), height, [
    ...gridOf(frame, scale, decimal),
    areaOf(frame, scale, points, { name: 'blue', from: () => 0, to: (point) => rate(point).blue }),
    areaOf(frame, scale, points, { name: 'green', from: (point) => rate(point).blue, to: (point) => rate(point).both }),
    areaOf(frame, scale, points, { name: 'nobody', from: (point) => rate(point).both, to: (point) => rate(point).all }),
  ]);
}

/** Failures per second of all kinds; one line of text if there is none. */
export function failurePanel(frame: Frame, points: readonly Point[], figures: Figures): Panel {
  if (figures.failed === 0) {
    const text = figures.requests > 0 ? 'Failed requests: none' : 'Failed requests: there was no load';
    return { height: TITLE_HEIGHT, content: titleOf(frame, text) };
  }
  const height = frame.narrow ? 56 : 70;
  const rate = (point: Point) => point.failed / point.seconds;
  const scale = linearScale(highest(points.map(rate)), height);
  const legend = [{ text: `${count(figures.failed)} in all`, swatch: 'failure' }];
  return panel(titleOf(frame, 'Failed requests per second', legend), height, [
    ...gridOf(frame, scale, decimal),
    areaOf(frame, scale, points, { name: 'failure', from: () => 0, to: rate }),
  ]);
}

export function latencyPanel(frame: Frame, points: readonly Point[]): Panel | undefined {
  const found = points.flatMap(({ latency }) => latency ? [latency] : []);
  if (found.length === 0) { return undefined; }
  const height = frame.narrow ? 80 : 100;
  const medians = found.map(({ median }) => Math.max(median, 0.1)).sort((one, other) => one - other);
  const [slowest, typical] = [highest(found.map(({ p99 }) => p99)), medians[Math.floor(medians.length / 2)]];
  const logarithmic = slowest / typical > LOGARITHMIC_FROM;
  const scale: Scale = logarithmic ? logarithmicScale(medians[0], slowest, height) : linearScale(slowest, height);
  const legend = [
    { text: 'median', swatch: 'median-swatch' },
    { text: frame.narrow ? 'p99' : '99 of 100 are faster (p99)', swatch: 'p99-swatch' },
  ];
  const title = logarithmic ? 'Latency (logarithmic)' : 'Latency';
  return panel(titleOf(frame, title, legend), height, [
    ...gridOf(frame, scale, milliseconds),
    lineOf(frame, scale, points, { name: 'p99', value: ({ latency }) => latency?.p99 }),
    lineOf(frame, scale, points, { name: 'median', value: ({ latency }) => latency?.median }),
  ]);
}

/** A title above a plot of this height. */
function panel(title: readonly Markup[], height: number, plot: readonly Markup[]): Panel {
  return {
    height: TITLE_HEIGHT + height + 12,
    content: [...title, element('g', { transform: `translate(0 ${TITLE_HEIGHT + 2})` }, plot)],
  };
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, amount(value)), 0);
}
