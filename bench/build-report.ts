import { Figures } from './build-run';
import { median } from './statistics';

/** What was measured of one application, by variant. */
export type Runs = ReadonlyMap<string, readonly Figures[]>;

/** The variants that the aims are about. */
export const USUAL = 'usual';
export const COLD = 'ours, cold';
export const WARM = 'ours, warm';

/** What a build may take of the usual one. */
interface Aims {
  readonly seconds: number;
  readonly cpu: number;
}

const AIMS: Readonly<Record<string, Aims>> = { [COLD]: { seconds: 1, cpu: 1.1 }, [WARM]: { seconds: 0.5, cpu: 0.6 } };

/** Parts that take less are not worth a line. */
const SHORTEST_STEP = 0.1;

const WIDTHS = [44, 26, 8, 26, 8];
const MEGABYTE = 1e6;

/** Lines of a report, and the aims that were missed. */
export interface Report {
  readonly lines: string[];
  readonly missed: string[];
}

/**
 * Medians with the range of the runs, the ratio to the usual build, and what went through the network. The seconds
 * depend on what else the machine does; the seconds of the processor hardly do.
 */
export function reportProject(name: string, runs: Runs): Report {
  const missed: string[] = [];
  const usual = runs.get(USUAL) ?? [];
  const rows = [...runs].map(([variant, figures]) => {
    const seconds = secondsOf(figures);
    const ratios = {
      seconds: median(seconds) / median(secondsOf(usual)),
      cpu: median(cpuOf(figures)) / median(cpuOf(usual)),
    };
    return columns([
      variant,
      range(seconds),
      ratios.seconds.toFixed(2),
      range(cpuOf(figures)),
      ratios.cpu.toFixed(2),
      network(figures),
      judge(`${name}: ${variant}`, ratios, AIMS[variant], missed),
    ]);
  });
  const title = `${name}, ${usual.length} ${usual.length === 1 ? 'run' : 'runs'} each: median (least to most), and the ratio to the usual build`;
  const others = median([...runs.values()].flat().map((figures) => figures.others)).toFixed(1);
  return { lines: [title, `other work kept ${others} cores busy before a build (median)`, columns(['', 'seconds', 'ratio', 'seconds of the processor', 'ratio', 'MB: pulled, pushed, pip in containers, cache']), ...rows], missed };
}

/** When the parts of a build begin and end; those that are indented run beside each other. */
export function reportSteps(runs: Runs): string[] {
  return [...runs].flatMap(([variant, figures]) => {
    const ends = median(figures.map(({ steps }) => Math.max(...steps.map(({ to }) => to))));
    const rows = figures[0].steps.flatMap(({ name }) => {
      const all = figures.flatMap(({ steps }) => steps.filter((step) => step.name === name));
      const [from, to] = [median(all.map((step) => step.from)), median(all.map((step) => step.to))];
      return to - from < SHORTEST_STEP ? [] : [columns([`  ${name}`, `${from.toFixed(1)} to ${to.toFixed(1)}`, (to - from).toFixed(1)])];
    });
    const around = median(secondsOf(figures)) - ends;
    return ['', columns([variant, 'from, to', 'seconds']), ...rows, columns(['  around the commands: source, cache', '', around.toFixed(1)])];
  });
}

function secondsOf(figures: readonly Figures[]): number[] {
  return figures.map(({ seconds }) => seconds);
}

function cpuOf(figures: readonly Figures[]): number[] {
  return figures.map(({ cpu }) => cpu);
}

function range(values: number[]): string {
  return `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
}

function network(figures: readonly Figures[]): string {
  const parts = [
    figures.map(({ registry }) => registry.received),
    figures.map(({ registry }) => registry.sent),
    figures.map(({ containers }) => containers.received),
    figures.map(({ cache }) => cache),
  ];
  return parts.map((bytes) => (median(bytes) / MEGABYTE).toFixed(1)).join(', ');
}

function judge(name: string, ratios: Aims, aims: Aims | undefined, missed: string[]): string {
  if (!aims) { return ''; }
  const over = ([['seconds', ratios.seconds, aims.seconds], ['seconds of the processor', ratios.cpu, aims.cpu]] as const)
    .filter(([, ratio, limit]) => ratio > limit);
  missed.push(...over.map(([unit, ratio, limit]) => `${name} takes ${ratio.toFixed(2)} of the usual build's ${unit}, at most ${limit} is the aim`));
  return `${over.length === 0 ? 'ok' : 'OVER'} (at most ${aims.seconds} and ${aims.cpu})`;
}

function columns(cells: string[]): string {
  return `  ${cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 44)).join('')}`.trimEnd();
}
