import * as fs from 'fs';
import * as path from 'path';
import { Finding } from './findings';

export const GOLDEN_FILE = path.join(__dirname, 'acknowledged.json');

const PAGE = path.join(__dirname, '..', '..', '..', 'docs', 'findings.md');

/** The tools in the order of the table. */
export const TOOLS = ['AwsSolutions', 'NIST 800-53 r5', 'PCI DSS 3.2.1', 'HIPAA', 'Control Tower', 'checkov', 'cfn-lint', 'cloudsplaining', 'parliament', 'CDK validation', 'template checks'];

/** What a tool finds in a profile before anything is acknowledged, and what is. */
export interface Verdict {
  readonly findings: number;
  readonly acknowledged: { readonly rule: string; readonly path: string; readonly reason: string }[];
}

/** By profile and tool. */
export interface Golden {
  readonly [profile: string]: { readonly [tool: string]: Verdict };
}

function verdictOf(findings: Finding[]): Verdict {
  return {
    findings: findings.length,
    acknowledged: findings.flatMap(
      ({ rule, path: place, reason }) => reason === undefined ? [] : [{ rule, path: place, reason }],
    ),
  };
}

export function verdictsOf(findings: Finding[], tools: string[]): { [tool: string]: Verdict } {
  return Object.fromEntries(
    tools.map((tool) => [tool, verdictOf(findings.filter((finding) => finding.tool === tool))]),
  );
}

export function readGolden(): Golden {
  return JSON.parse(fs.readFileSync(GOLDEN_FILE, 'utf8')) as Golden;
}

/** One line for each acknowledgement, so that a difference is read easily. */
export function formatGolden(golden: Golden): string {
  const verdict = ({ findings, acknowledged }: Verdict): string => acknowledged.length === 0
    ? `{ "findings": ${findings}, "acknowledged": [] }`
    : `{ "findings": ${findings}, "acknowledged": [\n${acknowledged.map((each) => `      ${JSON.stringify(each)}`).join(',\n')}\n    ] }`;
  const profile = (verdicts: Golden[string]): string =>
    Object.entries(verdicts).map(([tool, each]) => `    ${JSON.stringify(tool)}: ${verdict(each)}`).join(',\n');
  return `{\n${Object.entries(golden).map(([name, verdicts]) => `  ${JSON.stringify(name)}: {\n${profile(verdicts)}\n  }`).join(',\n')}\n}\n`;
}

/** Writes the file, and the table of docs/findings.md. */
export function writeGolden(golden: Golden): void {
  fs.writeFileSync(GOLDEN_FILE, formatGolden(golden));
  const table = pageTable(golden);
  const [header] = table.split('\n');
  const lines = fs.readFileSync(PAGE, 'utf8').split('\n');
  const first = lines.indexOf(header);
  if (first < 0) {
    throw new Error(`docs/findings.md has no table that begins with ${header}`);
  }
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  lines.splice(first, length, table);
  fs.writeFileSync(PAGE, lines.join('\n'));
}

/** The table of docs/findings.md: what each tool finds in each profile, all of which is acknowledged. */
export function pageTable(golden: Golden): string {
  const profiles = Object.keys(golden);
  return [
    `| | ${profiles.join(' | ')} |`,
    `|---|${profiles.map(() => '---').join('|')}|`,
    ...TOOLS.map((tool) => `| ${tool} | ${profiles.map((profile) => golden[profile][tool].findings).join(' | ')} |`),
  ].join('\n');
}
