import { fitText, Frame, Panel, textWidth, TITLE_HEIGHT, titleOf, xOf } from './frame';
import { inOrder, timeOf } from '../figures';
import { decimal } from '../format';
import { element, Markup } from '../markup';
import { AlarmChange, HealthChange, ScenarioRecord, Weights } from '../record';

/** Rows with names; beyond these, tasks share rows, and quiet alarms are counted only. */
const MOST_NAMED_TASKS = 10;
const MOST_SHARED_ROWS = 12;
const MOST_ALARMS = 8;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly title: string;
}

interface Row {
  readonly name: string;
  readonly spans: readonly Span[];
}

/** The weights of the listener, as a band that green fills from the top. */
export function weightsPanel(frame: Frame, weights: readonly Weights[]): Panel | undefined {
  const sorted = inOrder(weights);
  if (sorted.length === 0) { return undefined; }
  const [top, height] = [TITLE_HEIGHT + 16, 18];
  const content = sorted.flatMap((weight, index) => {
    const [from, to] = [xOf(frame, timeOf(weight.time)), xOf(frame, timeOf(sorted[index + 1]?.time ?? frame.seconds))];
    const share = Math.min(Math.max(Number.isFinite(weight.green) ? weight.green / 100 : 0, 0), 1);
    const text = fittingLabel(weight, to - from - 4);
    return [
      element('rect', { x: from, y: top + height * share, width: to - from, height: height * (1 - share), class: 'blue' }),
      element('rect', { x: from, y: top, width: to - from, height: height * share, class: 'green' }),
      ...text === '' ? [] : [element('line', { x1: from, x2: from, y1: top - 14, y2: top + height, class: 'axis' }), element('text', { x: from + 4, y: top - 4, class: 'note' }, text)],
    ];
  });
  return { height: top + height + 12, content: [...titleOf(frame, 'Traffic weights of blue and green'), ...content] };
}

function fittingLabel({ blue, green }: Weights, width: number): string {
  const whole = green > 0 && blue > 0 ? `green ${decimal(green)} %` : green > 0 ? 'all to green' : 'all to blue';
  return [whole, `${decimal(green)} %`].find((text) => textWidth(text) <= width) ?? '';
}

/** One row per task, or rows that tasks share where there are many. */
export function healthPanel(frame: Frame, health: readonly HealthChange[]): Panel | undefined {
  const tasks = new Map<string, HealthChange[]>();
  for (const change of inOrder(health)) { tasks.set(change.task, [...tasks.get(change.task) ?? [], change]); }
  if (tasks.size === 0) { return undefined; }
  const rows = [...tasks].map(([name, changes]): Row => ({ name, spans: spansOfTask(frame, name, changes) }));
  const shared = rows.length > MOST_NAMED_TASKS;
  const legend = [
    { text: 'starting', swatch: 'state starting blue-line' },
    { text: 'healthy', swatch: 'blue' },
    { text: 'unhealthy', swatch: 'unhealthy' },
    { text: 'draining', swatch: 'state draining blue-line' },
  ];
  const title = titleOf(frame, 'Tasks', legend);
  return rowsPanel(frame, title, shared ? shareRows(rows) : rows);
}

function spansOfTask(frame: Frame, task: string, changes: readonly HealthChange[]): Span[] {
  return changes.flatMap((change, index) => {
    if (change.state === 'stopped') { return []; }
    const [from, to] = [timeOf(change.time), timeOf(changes[index + 1]?.time ?? frame.seconds)];
    const name = change.state === 'unhealthy' ? 'unhealthy'
      : change.state === 'healthy' ? change.color : `state ${change.state} ${change.color}-line`;
    return [{ from, to, name, title: `${task} (${change.color}): ${change.state}` }];
  });
}

/** A task takes the first row that is free again. */
function shareRows(rows: readonly Row[]): Row[] {
  const shared: Span[][] = [];
  for (const { spans } of rows) {
    const start = spans[0]?.from ?? 0;
    const free = shared.find((row) => (row.at(-1)?.to ?? 0) <= start);
    if (free) { free.push(...spans); } else { shared.push([...spans]); }
  }
  const shown = shared.slice(0, MOST_SHARED_ROWS).map((spans) => ({ name: '', spans }));
  return shared.length > MOST_SHARED_ROWS ? [...shown, { name: `and ${shared.length - MOST_SHARED_ROWS} more rows`, spans: [] }] : shown;
}

/** The alarms that changed first; how many stayed as they were. */
export function alarmPanel(frame: Frame, alarms: readonly AlarmChange[]): Panel | undefined {
  const names = new Map<string, AlarmChange[]>();
  for (const change of inOrder(alarms)) { names.set(change.alarm, [...names.get(change.alarm) ?? [], change]); }
  if (names.size === 0) { return undefined; }
  const rows = [...names].map(([name, changes]): Row & { rang: boolean } => ({
    name, spans: spansOfAlarm(frame, name, changes), rang: changes.some(({ state }) => state === 'ALARM'),
  })).sort((one, other) => Number(other.rang) - Number(one.rang));
  const hidden = rows.length - MOST_ALARMS;
  const more = hidden > 0 ? [{ name: `and ${hidden} more`, spans: [] }] : [];
  const legend = [{ text: 'OK', swatch: 'ok' }, { text: 'ALARM', swatch: 'alarm' }];
  return rowsPanel(frame, titleOf(frame, 'Alarms', legend), [...rows.slice(0, MOST_ALARMS), ...more]);
}

function spansOfAlarm(frame: Frame, alarm: string, changes: readonly AlarmChange[]): Span[] {
  const before = changes[0].state === 'ALARM' ? [{ time: 0, state: 'OK' as const }] : [];
  const all = [...before, ...changes];
  return all.map(({ time, state }, index) => ({
    from: timeOf(time), to: timeOf(all[index + 1]?.time ?? frame.seconds), name: state === 'ALARM' ? 'alarm' : 'ok', title: `${alarm}: ${state}`,
  }));
}

function rowsPanel(frame: Frame, title: readonly Markup[], rows: readonly Row[]): Panel {
  const heightOf = (row: Row) => frame.narrow && row.name !== '' ? 30 : row.name === '' ? 14 : 20;
  let y = TITLE_HEIGHT;
  const content = rows.flatMap((row) => {
    const bar = y + heightOf(row) - 14;
    const label = row.name === '' ? [] : [frame.narrow
      ? element('text', { x: 0, y: bar - 4, class: 'note' }, fitText(row.name, frame.width))
      : element('text', { x: frame.left - 8, y: bar + 9.5, class: 'note end' }, fitText(row.name, frame.left - 22))];
    y += heightOf(row);
    return [...label, ...row.spans.map((span) => barOf(frame, span, bar))];
  });
  return { height: y + 10, content: [...title, ...content] };
}

function barOf(frame: Frame, { from, to, name, title }: Span, y: number): Markup {
  const [start, end] = [xOf(frame, from), xOf(frame, to)];
  const quiet = name === 'ok';
  return element('rect', {
    x: start, y: quiet ? y + 4 : y, width: Math.max(end - start, 1), height: quiet ? 3 : 11, class: name,
  }, element('title', {}, title));
}

/** The alarms that were in ALARM at some time. */
export function alarmsThatRang({ alarms }: Pick<ScenarioRecord, 'alarms'>): string[] {
  return [...new Set(alarms.filter(({ state }) => state === 'ALARM').map(({ alarm }) => alarm))];
}
