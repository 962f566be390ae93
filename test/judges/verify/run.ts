import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Finding, Subject } from './findings';
import { formatGolden, Golden, GOLDEN_FILE, TOOLS, verdictsOf, writeGolden } from './golden';
import { knownBadSubject } from './known-bad';
import { judgeByNag } from './nag';
import { judgeByPlugins } from './plugins';
import { CFN_LINT, CHECKOV, CLOUDSPLAINING, judgeByPython, PARLIAMENT } from './python-tools';
import { spreadSubjects } from './spread';
import { profileSubjects } from './subjects';

void main(process.argv.slice(2));

async function main(options: string[]): Promise<void> {
  // a plugin judges below; at synthesis CDK would judge once more
  process.env.CDK_VALIDATION = 'false';
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'verify-'));
  try {
    const profiles = profileSubjects(directory);
    const subjects = [...profiles, ...spreadSubjects(directory)];
    const bad = knownBadSubject(directory);
    const found = await judge([...subjects, bad]);
    const silent = TOOLS.filter((tool) => !found.get(bad)!.some((finding) => finding.tool === tool));
    print(silent.map((tool) => `${tool} finds nothing in a stack that is wrong: it judges nothing`));
    print(table(subjects, found));
    const open = subjects.flatMap((subject) => found.get(subject)!
      .filter(({ reason }) => reason === undefined)
      .map((finding) => ({ subject, finding })));
    print(open.map(({ subject, finding: { tool, rule, path: place } }) => `not acknowledged: ${subject.name}, ${tool}: ${rule} at ${place}`));
    const agrees = compare(goldenOf(profiles, found), options.includes('--update'));
    finish(subjects, [...silent, ...open.map(({ subject, finding: { tool } }) => `${subject.name} ${tool}`)], agrees);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/** Two at a time: the tools of Python in processes of their own, and meanwhile those of CDK here. */
async function judge(subjects: Subject[]): Promise<Map<Subject, Finding[]>> {
  const started = [CFN_LINT, CHECKOV, CLOUDSPLAINING, PARLIAMENT].reduce(
    async (before, tool) => [...await before, await judgeByPython(tool, subjects)],
    Promise.resolve<Awaited<ReturnType<typeof judgeByPython>>[]>([]),
  );
  const nag = new Map(subjects.map((subject) => [subject, judgeByNag(subject)]));
  const judged = [nag, judgeByPlugins(subjects), ...await started];
  return new Map(subjects.map((subject) => [subject, judged.flatMap((each) => each.get(subject)!)]));
}

function goldenOf(profiles: Subject[], found: Map<Subject, Finding[]>): Golden {
  return Object.fromEntries(profiles.map((subject) => [subject.name, verdictsOf(found.get(subject)!, TOOLS)]));
}

/** Findings, what is acknowledged of them, and what is not. */
function table(subjects: Subject[], found: Map<Subject, Finding[]>): string[] {
  const width = Math.max(...TOOLS.map((tool) => tool.length));
  const cells = subjects.map((subject) => ({ name: subject.name.padStart(11), findings: found.get(subject)! }));
  return [
    'findings / acknowledged / not acknowledged',
    ['template'.padEnd(width), ...TOOLS.map((tool) => tool.padStart(15))].join(' '),
    ...cells.map(({ name, findings }) => [name.trim().padEnd(width), ...TOOLS.map((tool) => {
      const own = findings.filter((finding) => finding.tool === tool);
      const acknowledged = own.filter(({ reason }) => reason !== undefined).length;
      return `${own.length} / ${acknowledged} / ${own.length - acknowledged}`.padStart(15);
    })].join(' ')),
    '',
  ];
}

function compare(golden: Golden, update: boolean): boolean {
  const name = path.relative(process.cwd(), GOLDEN_FILE);
  if (update) {
    writeGolden(golden);
    print([`${name} and the table of docs/findings.md are written`]);
    return true;
  }
  const agrees = fs.existsSync(GOLDEN_FILE) && fs.readFileSync(GOLDEN_FILE, 'utf8') === formatGolden(golden);
  if (!agrees) {
    print([`${name} says something else: see what changed by npm run verify -- --update and git diff`]);
  }
  return agrees;
}

/** One check for each template and tool, one that the tool is not silent, and one for the golden file. */
function finish(subjects: Subject[], open: string[], agrees: boolean): void {
  const failed = new Set(open).size + (agrees ? 0 : 1);
  print([`${(subjects.length + 1) * TOOLS.length + 1 - failed} passed, ${failed} failed`]);
  process.exitCode = failed === 0 ? 0 : 1;
}

function print(lines: string[]): void {
  if (lines.length > 0) { console.log(lines.join('\n')); }
}
