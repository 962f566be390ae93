import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { createServer, IncomingMessage } from 'http';
import { AddressInfo } from 'net';
import { join } from 'path';
import { Expectations } from './expect';
import { Interpreter } from '../../../packages/rehearsal/src/build/pythons';
import { run } from '../../../packages/rehearsal/src/processes';

const BUILD = join(__dirname, '..', '..', '..', 'assets', 'build');

/** What the audit and the bill of materials are compared with. The versions are those that the program names. */
const REFERENCES = ['pip-audit==2.10.1', 'cyclonedx-python-lib[json-validation]==11.12.0'];

const SECONDS = 120;

const VALIDATE = [
  'import sys',
  'from cyclonedx.schema import SchemaVersion',
  'from cyclonedx.validation.json import JsonStrictValidator',
  'print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read()) or "valid")',
].join('\n');

/** `example-3` is not known to the source; the others have what sources of advisories have been seen to say. */
const PACKAGES = ['blinker==1.9.0', 'Example_One==1.0', 'example.two==2.0.0', 'example-3==3.0'];

interface Report {
  readonly dependencies: readonly {
    readonly name: string;
    readonly version?: string;
    readonly skip_reason?: string;
    readonly vulns?: readonly Vulnerability[];
  }[];
}

interface Vulnerability {
  readonly id: string;
  readonly aliases: string[];
  readonly fix_versions: string[];
  readonly description: string;
}

const ADVISORIES = [
  { id: 'GHSA-aaaa', aliases: ['CVE-2099-1'], summary: 'of one database', fixes: ['1.10', '1.9'] },
  { id: 'PYSEC-2099-1', aliases: ['CVE-2099-1', 'GHSA-aaaa'], summary: 'of another', fixes: ['1.10', '1.9'] },
  { id: 'CVE-2099-2', aliases: [], details: 'in\nlines', fixes: [] },
  { id: 'PYSEC-2099-3', aliases: [], details: 'withdrawn', withdrawn: '2099-01-01T00:00:00Z', fixes: ['9'] },
];

/** Compares the report of the audit with that of pip-audit, for both APIs, and validates the bill of materials. */
export async function checkReports(expect: Expectations, { path }: Interpreter, directory: string): Promise<void> {
  const place = join(directory, 'reports');
  mkdirSync(place, { recursive: true });
  const python = join(place, 'venv', 'bin', 'python');
  await call(path, ['-m', 'venv', join(place, 'venv')]);
  await call(python, ['-m', 'pip', 'install', '--quiet', ...REFERENCES]);
  const packages = join(place, 'packages.txt');
  writeFileSync(packages, `${PACKAGES.join('\n')}\n`);
  const source = await startSource();
  for (const [api, url] of [['OSV', `${source}/v1/query`], ['PYPI', `${source}/pypi`]]) {
    const report = join(place, `${api}.json`);
    await call(path, [join(BUILD, 'audit.py'), api, url, packages, report]);
    const reference = await call(python, [join(__dirname, 'audit_reference.py'), api, url, packages]);
    const audited = sorted(readFileSync(report, 'utf8'));
    expect.equal(audited, sorted(reference), `the report with ${api}`);
    expect.that(audited.some((one) => one.includes('PYSEC-2099-1')) && audited.some((one) => one.includes('skipped')) === (api === 'PYPI'), `the source of ${api} was not asked`);
  }
  const bill = join(place, 'sbom.json');
  // an empty line names no component
  writeFileSync(packages, `\n${PACKAGES.join('\n')}\n`);
  await call(python, [join(BUILD, 'sbom.py'), packages, bill]);
  expect.equal((await call(python, ['-c', VALIDATE, bill])).trim(), 'valid', 'the bill of materials');
  const { components } = JSON.parse(readFileSync(bill, 'utf8')) as { components: { name: string; version: string; purl: string }[] };
  expect.equal(components.map(({ name, version }) => `${name}==${version}`).sort(), [...PACKAGES].sort(), 'the list of components');
  expect.that(components.some(({ purl }) => purl === 'pkg:pypi/example-one@1.0'), 'the names are not normalized');
  writeFileSync(bill, readFileSync(bill, 'utf8').replace('"type": "library"', '"type": "book"'));
  expect.that((await call(python, ['-c', VALIDATE, bill])).trim() !== 'valid', 'the validation accepts everything');
}

async function call(file: string, args: string[]): Promise<string> {
  const { output, code } = await run({ file, args, cwd: '/', env: { ...process.env, TOOL_PACKAGES: 'what the environment has' } }, SECONDS);
  if (code !== 0) { throw new Error(`${file} ${args.join(' ')}:\n${output}`); }
  return output;
}

/** What both say, in one order. The texts about what was skipped are each tool's own. */
function sorted(report: string): string[] {
  const { dependencies } = JSON.parse(report) as Report;
  return dependencies.map(({ name, version, skip_reason: skipped, vulns = [] }) => (
    JSON.stringify(skipped ? [name, 'skipped'] : [name, version, vulns.map(sortedVulnerability).sort()]))).sort();
}

function sortedVulnerability({ id, aliases, fix_versions: fixes, description }: Vulnerability): unknown[] {
  return [id, [...aliases].sort(), fixes, description];
}

async function startSource(): Promise<string> {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const answer = request.method === 'POST' ? answerOsv(body) : answerPypi(request.url ?? '');
      response.statusCode = answer ? 200 : 404;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) { chunks.push(chunk as Buffer); }
  return Buffer.concat(chunks).toString();
}

function advisoriesOf(name: string): typeof ADVISORIES {
  return { 'example-one': ADVISORIES, 'example-two': ADVISORIES.slice(3) }[name] ?? [];
}

function answerOsv(body: string): object {
  const { package: { name } } = JSON.parse(body) as { package: { name: string } };
  const vulns = advisoriesOf(name).map(({ fixes, ...advisory }) => ({
    ...advisory,
    affected: [{ package: { name, ecosystem: 'PyPI' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...fixes.map((fixed) => ({ fixed }))] }] }],
  }));
  return vulns.length === 0 ? {} : { vulns };
}

function answerPypi(url: string): object | undefined {
  const [, name] = /^\/pypi\/([^/]+)\/[^/]+\/json$/.exec(url) ?? [];
  return name === 'example-3' ? undefined : { vulnerabilities: advisoriesOf(name).map(({ fixes, ...advisory }) => ({ ...advisory, fixed_in: fixes })) };
}
