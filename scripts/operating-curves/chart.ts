import type { TopLevelSpec } from 'vega-lite' with { 'resolution-mode': 'import' };
import { OperatingCurves } from './curves';
import { FONT, LINE, MUTED } from '../dashboard/svg';

const COLORS = ['#9e9e9e', '#ff7f0e', '#2ca02c', '#1f77b4', '#9467bd'];
const TRAFFIC_FORMAT = new Intl.NumberFormat('en-US');

/** The share of releases that the comparison stops, by the error rate of the new release. */
export async function drawChart({ curves }: OperatingCurves): Promise<string> {
  // Vega waits at its top level, so a script that becomes CommonJS can import it in a function only
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const values = curves.map(({ interval, requestsPerMinute, newRate, within5, runs }) => ({
    shift: interval <= 15 ? 'Shift of 15 minutes or less' : 'Shift of more than an hour',
    traffic: `${TRAFFIC_FORMAT.format(requestsPerMinute)} per minute`,
    rate: 100 * newRate,
    stopped: 100 * within5 / runs,
  }));
  const traffic = [...new Set(values.map((value) => value.traffic))];
  const spec: TopLevelSpec = {
    title: {
      text: 'Releases that the alarm canary-errors stops within five data points', subtitle: '10 % canary, old release with 0.5 % errors, simulated', anchor: 'start',
    },
    background: '#ffffff',
    padding: 12,
    config: {
      font: FONT,
      view: { stroke: null },
      title: { subtitleColor: MUTED },
      axis: { labelColor: MUTED, titleColor: MUTED, titleFontWeight: 'normal', gridColor: LINE, domainColor: LINE, tickColor: LINE },
      header: { titleFontSize: 0, labelFontWeight: 'bold' },
    },
    data: { values },
    facet: { column: { field: 'shift', title: null } },
    spec: {
      width: 380,
      height: 240,
      mark: { type: 'line', point: true, strokeWidth: 1.5 },
      encoding: {
        x: { field: 'rate', type: 'quantitative', scale: { type: 'log', domain: [0.5, 20] }, axis: { title: 'errors of the new release, percent', values: [0.5, 1, 2, 5, 10, 20], format: '~g', grid: false } },
        y: { field: 'stopped', type: 'quantitative', scale: { domain: [0, 100] }, axis: { title: 'stopped, percent', tickCount: 5 } },
        color: { field: 'traffic', type: 'nominal', scale: { domain: traffic, range: COLORS }, legend: { title: 'requests', orient: 'right' } },
      },
    },
  };
  const svg = await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
  return `${svg.replace(/-?\d+\.\d{2,}(e-\d+)?/g, (digits) => String(Number(Number(digits).toFixed(1))))}\n`;
}
