import { Frame, xOf } from './frame';
import { Scale } from './scale';
import { Point } from '../figures';
import { element, Markup, shortNumber } from '../markup';

/** A gap in the samples is a part without load, if it is longer than this part of an interval. */
const GAP = 0.5;

/** One layer of a stack: from and to in values of the scale. */
export interface Layer {
  readonly name: string;
  readonly from: (point: Point) => number;
  readonly to: (point: Point) => number;
}

/** An area in steps: each sample is an interval, and slopes between them would be invented. */
export function areaOf(frame: Frame, scale: Scale, points: readonly Point[], layer: Layer): Markup {
  const path = runsOf(points).filter((run) => run.some((point) => layer.to(point) > layer.from(point))).map((run) => {
    const upper = run.map((point) => `V${shortNumber(scale.y(layer.to(point)))}H${shortNumber(xOf(frame, endOf(point)))}`).join('');
    const lower = [...run].reverse()
      .map((point) => `V${shortNumber(scale.y(layer.from(point)))}H${shortNumber(xOf(frame, point.time))}`).join('');
    return `M${shortNumber(xOf(frame, run[0].time))} ${shortNumber(scale.y(layer.from(run[0])))}${upper}${lower}Z`;
  }).join('');
  return element('path', { d: path === '' ? 'M0 0' : path, class: layer.name });
}

export interface Line {
  readonly name: string;
  readonly value: (point: Point) => number | undefined;
}

/** A line through the middle of each interval, broken where there is no value. */
export function lineOf(frame: Frame, scale: Scale, points: readonly Point[], { name, value }: Line): Markup {
  let pen = 'M';
  let last: Point | undefined;
  const path = points.map((point) => {
    const found = value(point);
    if (last && !follows(last, point)) { pen = 'M'; }
    last = point;
    if (found === undefined) {
      pen = 'M';
      return '';
    }
    const step = `${pen}${shortNumber(xOf(frame, point.time + point.seconds / 2))} ${shortNumber(scale.y(found))}`;
    pen = 'L';
    return step;
  }).join('');
  return element('path', { d: path === '' ? 'M0 0' : path, class: name });
}

function runsOf(points: readonly Point[]): Point[][] {
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && follows(last, point)) { run.push(point); } else { runs.push([point]); }
  }
  return runs;
}

function follows(one: Point, next: Point): boolean {
  return next.time - endOf(one) <= one.seconds * GAP;
}

function endOf(point: Point): number {
  return point.time + point.seconds;
}
