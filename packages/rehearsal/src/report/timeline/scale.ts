import { Frame, xOf } from './frame';
import { clock } from '../format';
import { element, Markup } from '../markup';

/** The vertical axis of a chart. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Pixels below the top of the plot. */
  readonly y: (value: number) => number;
}

/** From zero to a round number. */
export function linearScale(highest: number, height: number): Scale {
  const step = roundStep(Math.max(highest, 1e-3) / 3);
  const top = step * Math.max(1, Math.ceil(highest / step));
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return { ticks, y: (value) => height - height * Math.min(Math.max(value / top, 0), 1) };
}

/** In powers of ten, where the highest value would flatten all others. */
export function logarithmicScale(lowest: number, highest: number, height: number): Scale {
  const from = Math.floor(Math.log10(Math.max(lowest, 0.1)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(highest, 0.1))));
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  const share = (value: number) => (Math.log10(Math.max(value, 10 ** from)) - from) / (to - from);
  return { ticks, y: (value) => height - height * Math.min(Math.max(share(value), 0), 1) };
}

/** 1, 2 or 5 times a power of ten, not below a value. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? least;
}

export function gridOf(frame: Frame, scale: Scale, label: (value: number) => string): Markup[] {
  return scale.ticks.flatMap((value) => {
    const y = scale.y(value);
    return [
      element('line', { x1: frame.left, x2: frame.right, y1: y, y2: y, class: 'grid' }),
      element('text', { x: frame.left - 6, y: y + 4, class: 'note end' }, label(value)),
    ];
  });
}

const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Times of the axis; the last is at least a step before the end. */
export function timeTicks(frame: Frame): number[] {
  const most = frame.narrow ? 5 : 11;
  const step = TIME_STEPS.find((one) => frame.seconds / one <= most) ?? roundStep(frame.seconds / most);
  return Array.from({ length: Math.floor(frame.seconds / step) + 1 }, (_, index) => index * step);
}

export function timeAxis(frame: Frame): Markup[] {
  return timeTicks(frame).flatMap((time) => {
    const x = xOf(frame, time);
    const anchor = x > frame.right - 16 ? 'note end' : 'note middle';
    return [
      element('line', { x1: x, x2: x, y1: 0, y2: 5, class: 'axis' }),
      element('text', { x: anchor === 'note end' ? frame.right : x, y: 18, class: anchor }, clock(time)),
    ];
  });
}
