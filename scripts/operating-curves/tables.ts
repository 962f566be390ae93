import { OperatingCurves, Result } from './curves';

/** The upper limits of a one-sided confidence interval of 95 percent, for the numbers of rare events from 0 on. */
const UPPER_LIMITS = [3, 4.74, 6.3, 7.75, 9.15, 10.51, 11.84, 13.15, 14.43, 15.71, 16.96];

/** For more events: the normal approximation of the square root. */
function upperLimit(events: number): number {
  return UPPER_LIMITS[events] ?? (Math.sqrt(events + 1) + 0.82) ** 2;
}

const TRAFFIC_FORMAT = new Intl.NumberFormat('en-US');

const number = (value: number) => TRAFFIC_FORMAT.format(value);
const percent = (rate: number) => `${Number((100 * rate).toFixed(2))} %`;

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Of 100 releases, without the claim that all or none are stopped. */
function hundred(found: number, runs: number): string {
  const share = 100 * found / runs;
  if (found === 0 || found === runs) { return found === 0 ? '0' : '100'; }
  return share < 1 ? '<1' : share > 99 ? '>99' : String(Math.floor(share));
}

function traffic(results: Result[]): number[] {
  return [...new Set(results.map(({ requestsPerMinute }) => requestsPerMinute))];
}

function falseAlarms({ falseAlarms: { judge, ceiling } }: OperatingCurves): string {
  const row = (alarm: string, result: Result): string[] => [
    alarm,
    `${number(result.interval)} min`,
    `${number(result.requestsPerMinute)} per minute, ${percent(result.oldRate)} errors${result.percentage === 100 ? '' : `, ${result.percentage} % canary`}`,
    number(result.runs),
    String(result.stopped),
    (1000 * upperLimit(result.stopped) / result.runs).toFixed(2),
  ];
  return table(['Alarm', 'Shift', 'Traffic', 'Releases', 'False alarms', 'Per 1,000, at most'], [
    ...judge.map((result) => row('`canary-errors`', result)), ...ceiling.map((result) => row('`errors`', result)),
  ]);
}

function judgeDetection({ detection: { judge } }: OperatingCurves): string {
  const rowOf = ({ interval, oldRate, newRate }: Result) =>
    [`${number(interval)} min`, `${percent(oldRate)} to ${percent(newRate)}`];
  const rows = new Map(judge.map((result) => [rowOf(result).join(), rowOf(result)]));
  return table(['Shift', 'Errors', ...traffic(judge).map(number)], [...rows].map(([key, row]) =>
    [...row, ...judge.filter((result) => rowOf(result).join() === key).map(withinBoth)]));
}

function ceilingDetection({ detection: { ceiling } }: OperatingCurves): string {
  const rates = [...new Set(ceiling.map(({ newRate }) => newRate))];
  return table(['Errors', ...traffic(ceiling).map(number)], rates.map((rate) => [
    percent(rate), ...ceiling.filter(({ newRate }) => newRate === rate).map(withinBoth),
  ]));
}

function withinBoth({ within3, within5, runs }: Result): string {
  return `${hundred(within3, runs)} / ${hundred(within5, runs)}`;
}

const TABLES = { 'false-alarms': falseAlarms, 'judge': judgeDetection, 'ceiling': ceilingDetection };

/** A page with the tables of the simulation between its markers. */
export function fillIn(page: string, curves: OperatingCurves): string {
  return Object.entries(TABLES).reduce((text, [name, render]) => {
    const block = new RegExp(`(<!-- operating-curves: ${name} -->\n\n)[^]*?(?=<!-- end -->)`);
    if (!block.test(text)) { throw new Error(`the page has no place for the table '${name}'`); }
    return text.replace(block, (_, start: string) => `${start}${render(curves)}\n\n`);
  }, page);
}
