import type { TopLevelSpec } from 'vega-lite' with { 'resolution-mode': 'import' };
import { Annotation } from './body';
import { Point, Series } from './series';
import { FONT, LINE, MUTED } from './svg';

/** What one chart shows. */
export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  readonly series: Series[];
  readonly annotations: Annotation[];
  readonly min?: number;
  readonly max?: number;
}

/** Draws a chart as an SVG element, axes included, title and legend not. */
export type DrawChart = (options: ChartOptions) => Promise<string>;

/** Room above the highest line for its label. */
const HEADROOM = 1.15;

const FEW = 10;
const TWO_DAYS = 2 * 24 * 60 * 60 * 1000;

/** Vega waits at its top level, so a script that becomes CommonJS can import it in a function only. */
export async function loadCharts(): Promise<DrawChart> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  return async (options) => {
    const svg = await new View(parse(compile(specOf(options)).spec), { renderer: 'none' }).toSVG();
    return svg.replace(/-?\d+\.\d{2,}(e-\d+)?/g, (number) => String(Number(Number(number).toFixed(1))));
  };
}

function specOf({ width, height, series, annotations, min = 0, max }: ChartOptions): TopLevelSpec {
  const values = [...series.flatMap(
    ({ points }) => points.flatMap(({ value }) => value ?? []),
  ), ...annotations.map(({ value }) => value)];
  const highest = Math.max(...values);
  const isCount = highest <= FEW && values.every(Number.isInteger);
  const times = series[0].points.map(({ time }) => time);
  const format = times[times.length - 1] - times[0] > TWO_DAYS ? '%-d %b' : '%H:%M';
  const x = { field: 'time', type: 'temporal', scale: { type: 'utc' }, axis: { title: null, format, tickCount: 5, grid: false } } as const;
  const y = {
    field: 'value',
    type: 'quantitative',
    scale: { domainMin: min, domainMax: max ?? HEADROOM * highest, nice: max === undefined },
    axis: { title: null, tickCount: 4, ...isCount ? { tickMinStep: 1, format: 'd' } : {} },
  } as const;
  const color = { field: 'label', type: 'nominal', scale: { domain: labelsOf(series), range: series.map((one) => one.color) }, legend: null } as const;
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 0,
    background: 'transparent',
    config: {
      font: FONT,
      view: { stroke: null },
      axis: { labelColor: MUTED, labelFontSize: 10, gridColor: LINE, domainColor: LINE, tickColor: LINE },
    },
    layer: [
      {
        data: { values: rowsOf(series, () => true) },
        mark: { type: 'line', strokeWidth: 1.5, strokeJoin: 'round', invalid: 'break-paths-filter-domains' },
        encoding: { x, y, color },
      },
      { data: { values: rowsOf(series, isAlone) }, mark: { type: 'circle', size: 12, opacity: 1 }, encoding: { x, y, color } },
      ...annotations.flatMap(({ value, color: stroke, label }) => {
        const data = { values: [{ value }] };
        return [
          { data, mark: { type: 'rule', color: stroke, strokeWidth: 1.2 }, encoding: { y } },
          {
            data,
            mark: { type: 'text', color: stroke, text: label, fontSize: 10, align: 'right', baseline: 'bottom', dy: -2 },
            encoding: { y, x: { value: 'width' } },
          },
        ] as const;
      }),
    ],
  };
}

function labelsOf(series: Series[]): string[] {
  return series.map(({ label }) => label);
}

function rowsOf(series: Series[], isShown: (point: Point, index: number, points: Point[]) => boolean): object[] {
  return series.flatMap(({ label, points }) => points.filter(isShown)
    .map(({ time, value = null }) => ({ label, time, value })));
}

/** A value between two gaps makes no line. */
function isAlone({ value }: Point, index: number, points: Point[]): boolean {
  return value !== undefined && points[index - 1]?.value === undefined && points[index + 1]?.value === undefined;
}
