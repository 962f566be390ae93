import { FAILURES, Figures, inOrder, Point, pointsOf } from './figures';
import { clock, count, decimal, milliseconds } from './format';
import { Content, element, Markup } from './markup';
import { FailureKind, ScenarioRecord } from './record';

interface Column {
  readonly name: string;
  readonly value: (point: Point) => string;
}

/** The figures of the charts as tables, for screen readers, and for copying. */
export function renderTables(scenario: ScenarioRecord, figures: Figures): Markup[] {
  const points = pointsOf(scenario.samples);
  const changes = changesOf(scenario);
  return [
    ...points.length > 0 ? [details(`Figures of the charts as a table (${rowsText(points.length)})`,
      mergeNote(scenario, points), pointTable(points, figures))] : [],
    ...changes.length > 0 ? [details(`Traffic weights, tasks, and alarms as a table (${rowsText(changes.length)})`, changeTable(changes))] : [],
  ];
}

/** How several samples became one row. */
function mergeNote({ samples }: ScenarioRecord, points: readonly Point[]): Markup | undefined {
  return samples.length === points.length ? undefined : element('p', { class: 'quiet' },
    `Each row combines up to ${Math.ceil(samples.length / points.length)} samples: the sum of their requests, the median of their medians, `,
    'and the highest of their other latencies.');
}

/** Reachable with the keyboard, which is how some readers scroll. */
function scrolling(name: string, table: Markup): Markup {
  return element('div', { 'class': 'scroll', 'tabindex': '0', 'role': 'region', 'aria-label': name }, table);
}

export function details(summary: string, ...content: Content[]): Markup {
  return element('details', {}, element('summary', {}, summary), ...content);
}

function rowsText(rows: number): string {
  return rows === 1 ? '1 row' : `${count(rows)} rows`;
}

function pointTable(points: readonly Point[], figures: Figures): Markup {
  const columns = columnsOf(figures);
  const head = element('tr', {}, columns.map(({ name }) => element('th', { class: 'number', scope: 'col' }, name)));
  const body = points.map((point) => element('tr', { 'data-time': point.time.toFixed(3) },
    columns.map(({ value }) => element('td', { class: 'number' }, value(point)))));
  return scrolling('Figures of the charts', element('table', { class: 'points' }, element('thead', {}, head), element('tbody', {}, body)));
}

const answeredByNobody: Column = { name: 'Load balancer itself', value: ({ answers }) => count(answers.nobody) };

/** The kinds of failures that did not occur get no column, and neither does the only kind if it is the usual one. */
function columnsOf({ failures, answers }: Figures): Column[] {
  const kinds = (Object.keys(FAILURES) as FailureKind[]).filter((kind) => failures[kind] > 0);
  const columnOf = (kind: FailureKind): Column => ({
    name: upperFirst(FAILURES[kind]), value: (point) => count(point.failures[kind]),
  });
  return [
    { name: 'Time', value: ({ time }) => `${decimal(Math.round(time * 10) / 10)} s` },
    { name: 'Blue answers', value: (point) => count(point.answers.blue) },
    { name: 'Green answers', value: (point) => count(point.answers.green) },
    ...answers.nobody > 0 ? [answeredByNobody] : [],
    { name: 'Failed', value: ({ failed }) => count(failed) },
    ...kinds.length === 1 && kinds[0] === 'application' ? [] : kinds.map(columnOf),
    { name: 'Median', value: ({ latency }) => milliseconds(latency?.median) },
    { name: 'p99', value: ({ latency }) => milliseconds(latency?.p99) },
    { name: 'Slowest', value: ({ latency }) => milliseconds(latency?.most) },
  ];
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

interface Change {
  readonly time: number;
  readonly what: string;
  readonly state: string;
}

function changesOf({ weights, health, alarms }: ScenarioRecord): Change[] {
  return inOrder([
    ...weights.map(({ time, blue, green }) => ({ time, what: 'Traffic weights', state: `blue ${decimal(blue)} %, green ${decimal(green)} %` })),
    ...health.map(({ time, task, color, state }) => ({ time, what: `Task ${task} (${color})`, state: `${state}` })),
    ...alarms.map(({ time, alarm, state }) => ({ time, what: `Alarm ${alarm}`, state })),
  ]);
}

function changeTable(changes: readonly Change[]): Markup {
  const head = element('tr', {}, ['Time', 'What', 'New state'].map((name) => element('th', { scope: 'col' }, name)));
  const body = changes.map(({ time, what, state }) =>
    element('tr', {}, [clock(time), what, state].map((text) => element('td', {}, text))));
  return scrolling('Changes', element('table', {}, element('thead', {}, head), element('tbody', {}, body)));
}
