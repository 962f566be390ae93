import { CHECKS, VALIDATOR } from './checks';
import { Fault } from './faults';

export const COMMAND = 'MUTATIONS=write npx jest test/judges/mutations --coverage=false';

const CAUGHT = '●';

/** A fault, and the names of the checks that say something of it. */
export interface Caught {
  readonly fault: Fault;
  readonly by: readonly string[];
}

/** The names of the checks in a row of the report, by fault. */
export function readReport(report: string): Map<string, string[]> {
  const rows = report.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  return new Map(rows.map(([part, name, ...cells]) => [`${part}: ${name}`, CHECKS.map(({ name: check }) => check).filter((_, index) => cells[index] === CAUGHT)]));
}

export function nameOf({ part, name }: Fault): string {
  return `${part}: ${name}`;
}

/** Fault by fault, which checks catch it, and how many each catches. */
export function renderReport(caught: Caught[]): string {
  const names = CHECKS.map(({ name }) => name);
  const totals = names.map((name) => caught.filter(({ by }) => by.includes(name)).length);
  const alone = names.map((name) => caught.filter(({ by }) => by.length === 1 && by[0] === name).length);
  return [
    '# What catches which fault',
    '',
    `${caught.length} faults, one at a time, in the template of the profile \`prod\` of the sample app. Each is caught by one check at least.`,
    `Made by \`${COMMAND}\`; a test compares it with what the checks say beyond their verdict on the good template.`,
    `Not compared: where another check catches a fault, the cell of **${VALIDATOR.name}** is that of the last full run (\`MUTATIONS=write\`), since its answers take long.`,
    '',
    ...CHECKS.map(({ name, what }, index) => `- **${name}**: ${what}; catches ${totals[index]}, ${alone[index]} of them alone.`),
    '',
    `| Part | Fault | ${names.join(' | ')} |`,
    `| --- | --- | ${names.map(() => ':-:').join(' | ')} |`,
    ...caught.map(({ fault: { part, name }, by }) => `| ${part} | ${name} | ${names.map((check) => by.includes(check) ? CAUGHT : '').join(' | ')} |`),
    '',
  ].join('\n');
}
