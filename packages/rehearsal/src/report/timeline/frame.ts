import { element, Markup } from '../markup';

/** Where the time axis is in the charts of one timeline. Lengths are in pixels of the drawing. */
export interface Frame {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  /** For a phone: names are above their rows, and events have numbers only. */
  readonly narrow: boolean;
  /** From the start to the end of the scenario. */
  readonly seconds: number;
}

/** One of the charts that a timeline has below each other. */
export interface Panel {
  readonly height: number;
  readonly content: readonly Markup[];
}

export const TITLE_HEIGHT = 26;

export function wideFrame(seconds: number): Frame {
  return { width: 1040, left: 150, right: 1024, narrow: false, seconds };
}

export function narrowFrame(seconds: number): Frame {
  return { width: 352, left: 48, right: 344, narrow: true, seconds };
}

export function xOf(frame: Frame, time: number): number {
  const share = Number.isFinite(time) ? Math.min(Math.max(time / frame.seconds, 0), 1) : 0;
  return frame.left + share * (frame.right - frame.left);
}

export interface LegendEntry {
  readonly text: string;
  /** The class of its swatch. */
  readonly swatch: string;
}

/** The name of a chart, and what its colors mean; on a phone, the colors have no words where there is no room. */
export function titleOf(frame: Frame, text: string, legend: readonly LegendEntry[] = []): Markup[] {
  const from = frame.narrow ? 0 : frame.left;
  let x = from + textWidth(text) * 1.2 + 18;
  const entries = legend.flatMap((entry) => {
    const end = x + 16 + textWidth(entry.text);
    if (end > frame.width) { return []; }
    const markup = [
      element('rect', { x, y: 7, width: 11, height: 11, rx: 2, class: entry.swatch }),
      element('text', { x: x + 16, y: 16.5, class: 'note' }, entry.text),
    ];
    x = end + 14;
    return markup;
  });
  return [element('text', { x: from, y: 16.5, class: 'title' }, text), ...entries];
}

/** An estimate on the safe side, for 12 pixels of the usual sans-serif fonts. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + characterWidth(character), 0);
}

function characterWidth(character: string): number {
  if (character > '\u02ff') { return character === '…' || character === '–' ? 10 : 13; }
  if (/[ijl.,:;'|!() ]/.test(character)) { return 4; }
  return /[A-Zmw%@]/.test(character) ? 9.5 : 6.9;
}

/** Cut off, so that it is not wider. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) { return text; }
  let used = 10;
  let fitting = '';
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) { break; }
    fitting += character;
  }
  return `${fitting.trimEnd()}…`;
}
