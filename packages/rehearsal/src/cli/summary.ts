import { conclusionOf, figuresOf, verdictOf } from '../report/figures';
import { count, duration } from '../report/format';
import { removeControls } from '../report/markup';
import { RehearsalRecord, ScenarioRecord, Verdict } from '../report/record';

export interface SummaryOptions {
  /** The path of the HTML file. */
  readonly report: string;
  /** Whether the terminal shows colors. */
  readonly colors: boolean;
}

const COLORS: Readonly<Record<Verdict, string>> = { passed: '32', failed: '31', skipped: '2' };
const SIGNS: Readonly<Record<Verdict, string>> = { passed: '✓', failed: '✗', skipped: '–' };

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the terminal of the user shows colors, and the user did not turn them off. */
export function showsColors(output: { readonly isTTY?: boolean }, environment: Environment): boolean {
  return output.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
}

/** A line per scenario, how to fix those that failed, and where the report is. */
export function renderSummary(record: RehearsalRecord, options: SummaryOptions): string {
  const rows = record.scenarios.map(cellsOf);
  const widths = [0, 1, 2, 3, 4].map((column) => rows.reduce((most, row) => Math.max(most, row[column].length), 0));
  const lines = record.scenarios.flatMap((scenario, index) => [
    `${colored(SIGNS[scenario.verdict], scenario.verdict, options)} ${rowText(rows[index], widths)}`,
    ...detailsOf(scenario),
  ]);
  return [...lines, ...lines.length > 0 ? [''] : [], colored(conclusionOf(record), verdictOf(record), options), `Report: ${options.report}`, ''].join('\n');
}

function cellsOf(scenario: ScenarioRecord): string[] {
  const { requests, failed } = figuresOf(scenario);
  const figures = requests > 0 ? [`${count(requests)} requests`, `${count(failed)} failed`] : ['', ''];
  return [plain(scenario.name), scenario.verdict, scenario.verdict === 'skipped' ? '' : duration(scenario.seconds), ...figures];
}

function rowText(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, column) => column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])).join('  ').trimEnd();
}

/** Of a scenario that passed, its line says enough. */
function detailsOf({ verdict, finding, remedy }: ScenarioRecord): string[] {
  if (verdict === 'passed') { return []; }
  return [`    ${plain(finding)}`, ...verdict === 'failed' && remedy ? [`    How to fix it: ${plain(remedy)}`] : []];
}

function colored(text: string, verdict: Verdict, { colors }: SummaryOptions): string {
  return colors ? `\u001b[${COLORS[verdict]}m${text}\u001b[0m` : text;
}

function plain(text: string): string {
  return removeControls(text).replace(/\s+/g, ' ');
}
