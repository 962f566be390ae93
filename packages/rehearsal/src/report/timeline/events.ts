import { fitText, Frame, Panel, textWidth, xOf } from './frame';
import { inOrder, timeOf } from '../figures';
import { clock } from '../format';
import { element, Markup } from '../markup';
import { RehearsalEvent } from '../record';

/** Which event of a group gives the label: what a reader looks for first. */
const IMPORTANCE: readonly RehearsalEvent['kind'][] = ['rollback', 'fault', 'traffic', 'deployment', 'task', 'build'];

/** Faults and rollbacks. */
const ALWAYS_MARKED = 2;
const MOST_MARKS = 40;
const MOST_NARROW_MARKS = 24;

const LABEL_ROWS = 5;
const ROW_HEIGHT = 19;
const WIDEST_LABEL = 290;

export interface NumberedEvent extends RehearsalEvent {
  /** From 1, in the order of time. */
  readonly number: number;
}

/** Events that are too close to each other for a mark of their own. */
export interface Mark {
  readonly x: number;
  readonly text: string;
  readonly width: number;
  readonly events: readonly NumberedEvent[];
}

interface Box {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export interface Label {
  readonly mark: Mark;
  readonly row: number;
  readonly from: number;
  readonly text: string;
}

export function numberEvents(events: readonly RehearsalEvent[]): NumberedEvent[] {
  return inOrder(events).map((event, index) => ({ ...event, number: index + 1 }));
}

/** As many events as have room, of whole kinds, the important ones first; faults and rollbacks always. */
export function markedEvents(events: readonly NumberedEvent[], frame: Frame): NumberedEvent[] {
  let kinds = IMPORTANCE;
  const most = frame.narrow ? MOST_NARROW_MARKS : MOST_MARKS;
  const marked = () => events.filter(({ kind }) => kinds.includes(kind));
  while (kinds.length > ALWAYS_MARKED && marked().length > most) { kinds = kinds.slice(0, -1); }
  return marked();
}

/** Marks in the order of time, none of which overlaps another. */
export function marksOf(frame: Frame, events: readonly NumberedEvent[]): Mark[] {
  const marks: Mark[] = [];
  for (const event of events) {
    let mark = markOf(frame, [event]);
    for (let last = marks.at(-1); last && overlap(last, mark); last = marks.at(-1)) {
      mark = markOf(frame, [...last.events, ...mark.events]);
      marks.pop();
    }
    marks.push(mark);
  }
  return marks;
}

function markOf(frame: Frame, events: readonly NumberedEvent[]): Mark {
  const [first, last] = [events[0], events[events.length - 1]];
  const gapless = last.number - first.number === events.length - 1;
  const text = first === last ? `${first.number}` : gapless ? `${first.number}–${last.number}` : `${first.number} +${events.length - 1}`;
  const width = Math.max(18, textWidth(text) + 10);
  const middle = (xOf(frame, timeOf(first.time)) + xOf(frame, timeOf(last.time))) / 2;
  return { x: Math.min(Math.max(middle, frame.left + width / 2 - 10), frame.width - width / 2), text, width, events };
}

function overlap(one: Mark, other: Mark): boolean {
  return other.x - one.x < (one.width + other.width) / 2 + 3;
}

function rankOf({ kind }: NumberedEvent): number {
  return IMPORTANCE.indexOf(kind);
}

function mainEvent({ events }: Mark): NumberedEvent {
  return events.reduce((main, event) => rankOf(event) < rankOf(main) ? event : main);
}

/** The labels that have room above their marks, the important ones first; all others are in the list only. */
export function labelsOf(frame: Frame, marks: readonly Mark[]): Label[] {
  const order = [...marks].sort((one, other) => rankOf(mainEvent(one)) - rankOf(mainEvent(other)));
  let labels: Label[] = [];
  for (const mark of order) {
    labels = packLabels(frame, [...labels.map((label) => label.mark), mark]) ?? labels;
  }
  return labels;
}

/** From right to left, each in the lowest free row: a label to the right of its line is in the way of no line. */
function packLabels(frame: Frame, marks: readonly Mark[]): Label[] | undefined {
  const taken: Box[] = [];
  const labels: Label[] = [];
  for (const mark of [...marks].sort((one, other) => other.x - one.x)) {
    const label = freePlace(frame, mark, taken);
    if (label === undefined) { return undefined; }
    taken.push(...boxesOf(label));
    labels.push(label);
  }
  return labels;
}

function labelText(mark: Mark): string {
  const more = mark.events.length > 1 ? ` (+${mark.events.length - 1})` : '';
  return `${fitText(mainEvent(mark).text, WIDEST_LABEL - textWidth(more))}${more}`;
}

/** Faults and rollbacks are bold. */
function labelWidth({ mark, text }: Pick<Label, 'mark' | 'text'>): number {
  return textWidth(text) * (toneOf(mark) === 'plain' ? 1 : 1.15);
}

function freePlace(frame: Frame, mark: Mark, taken: readonly Box[]): Label | undefined {
  const text = labelText(mark);
  const width = labelWidth({ mark, text });
  const starts = [mark.x - 8, mark.x - width + 8].filter((from) => from >= 0 && from + width <= frame.width);
  const rows = Array.from({ length: LABEL_ROWS }, (_, row) => row);
  const places = starts.flatMap((from) => rows.map((row): Label => ({ mark, row, from, text })));
  return places.find((label) => !boxesOf(label).some((box) => taken.some((other) => meet(box, other))));
}

/** The label itself, and its line down to the mark. */
function boxesOf(label: Label): Box[] {
  const { mark, row, from } = label;
  const line = Array.from({ length: row }, (_, below) => ({ row: below, from: mark.x - 3, to: mark.x + 3 }));
  return [{ row, from: from - 4, to: from + labelWidth(label) + 4 }, ...line];
}

function meet(one: Box, other: Box): boolean {
  return one.row === other.row && one.from < other.to && other.from < one.to;
}

/** Numbered marks, with labels above them where there is room. */
export function eventPanel(frame: Frame, marks: readonly Mark[]): Panel {
  const labels = frame.narrow ? [] : labelsOf(frame, marks);
  const rows = labels.reduce((most, { row }) => Math.max(most, row + 1), 0);
  const bottom = rows * ROW_HEIGHT + 12;
  const lineOf = ({ mark, row }: Label) => element('line', {
    x1: mark.x, x2: mark.x, y1: bottom - row * ROW_HEIGHT - 14, y2: bottom - 8, class: 'leader',
  });
  const textOf = ({ mark, row, from, text }: Label) => element('text', {
    x: from, y: bottom - row * ROW_HEIGHT - 17, class: `label ${toneOf(mark)}-text`,
  }, text);
  const content = [...labels.map(lineOf), ...labels.map(textOf), ...marks.map((mark) => pillOf(mark, bottom))];
  return { height: bottom + 16, content };
}

function pillOf(mark: Mark, y: number): Markup {
  const { x, width, text, events } = mark;
  return element('g', { class: `pill ${toneOf(mark)}` },
    element('title', {}, events.slice(0, 12).map((event) => `${event.number}. ${clock(event.time)} ${event.text}`).join('\n')),
    element('rect', { x: x - width / 2, y: y - 9, width, height: 18, rx: 9 }),
    element('text', { x, y: y + 4, class: 'middle' }, text));
}

function toneOf(mark: Mark): string {
  return toneOfKind(mainEvent(mark).kind);
}

/** Faults and rollbacks stand out. */
export function toneOfKind(kind: RehearsalEvent['kind']): string {
  return kind === 'fault' || kind === 'rollback' ? kind : 'plain';
}

/** Thin lines through all charts, where the events are. */
export function eventLines(frame: Frame, events: readonly NumberedEvent[], height: number): Markup {
  const places = [...new Set(events.map(({ time }) => Math.round(xOf(frame, timeOf(time)) * 2) / 2))];
  return element('path', { d: places.map((x) => `M${x} 0V${Math.round(height)}`).join('') || 'M0 0', class: 'event-line' });
}
