import { spawn } from 'child_process';
import * as fs from 'fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import * as os from 'os';
import * as path from 'path';

const AUDIT = path.join(__dirname, '..', '..', 'assets', 'build', 'audit.py');

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => unknown;

let home: string;
let server: Server;
let answer: Answer;

beforeAll((done) => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const answered = answer(request, Buffer.concat(chunks).toString(), response);
      response.end(typeof answered === 'string' ? answered : JSON.stringify(answered));
    });
  }).listen(0, '127.0.0.1', done);
});

afterAll((done) => {
  server.close(done);
});

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'audit-'));
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

/** Audits these lines, and returns the report, or what was said without one. */
async function audit(api: string, lines: string[], answers: Answer) {
  answer = answers;
  const [requirements, report] = ['packages.txt', 'report.json'].map((name) => path.join(home, name));
  fs.writeFileSync(requirements, `${lines.join('\n')}\n`);
  const { port } = server.address() as AddressInfo;
  const url = `http://user:secret@127.0.0.1:${port}/${api.toLowerCase()}${api === 'OSV' ? '?token=secret' : ''}`;
  const child = spawn('python3', [AUDIT, api, url, requirements, report], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return fs.existsSync(report)
    ? { status, dependencies: (JSON.parse(fs.readFileSync(report, 'utf8')) as { dependencies: unknown[] }).dependencies }
    : { status, said: said.trim().replaceAll(String(port), 'PORT') };
}

describe('the audit', () => {
  test('asks OSV with the normalized name and version, page by page, and counts only fixes of this package', async () => {
    const asked: unknown[] = [];
    const affected = (name: string, ecosystem: string, type: string, fixed: string) => ({ package: { name, ecosystem, purl: 'x' }, ranges: [{ type, events: [{ introduced: '0' }, { fixed }] }] });
    const { dependencies } = await audit('OSV', ['Example_One==1.0'], (_request, body) => {
      asked.push(JSON.parse(body));
      return asked.length > 1 ? { vulns: [{ id: 'CVE-2' }] } : {
        vulns: [{
          id: 'CVE-1',
          summary: 'one',
          affected: [
            affected('other', 'PyPI', 'ECOSYSTEM', '7'), affected('example-one', 'npm', 'ECOSYSTEM', '8'), affected('example-one', 'PyPI', 'GIT', 'abc'),
            affected('example-one', 'PyPI', 'ECOSYSTEM', '1.10'), affected('example-one', 'PyPI', 'ECOSYSTEM', '1.9'),
          ],
        }],
        next_page_token: 'next',
      };
    });
    const query = { package: { name: 'example-one', ecosystem: 'PyPI' }, version: '1.0' };
    expect(asked).toEqual([query, { ...query, page_token: 'next' }]);
    expect(dependencies).toEqual([{
      name: 'example-one',
      version: '1.0',
      vulns: [
        { id: 'CVE-1', aliases: [], fix_versions: ['1.9', '1.10'], description: 'one' },
        { id: 'CVE-2', aliases: [], fix_versions: [], description: '' },
      ],
    }]);
  });

  test('reports a package that the source does not know, and a line without an exact version, as skipped', async () => {
    const { dependencies } = await audit('PYPI', ['unknown==1', 'known==1', 'local @ file:///x', 'loose==any'], ({ url }, _body, response) => {
      response.statusCode = url === '/pypi/known/1/json' ? 200 : 404;
      return {};
    });
    expect(dependencies).toEqual([
      { name: 'unknown', skip_reason: expect.stringMatching(/^unknown 1 is not known to 127\.0\.0\.1:\d+\/pypi$/) },
      { name: 'known', version: '1', vulns: [] },
      { name: expect.any(String), skip_reason: 'local @ file:///x has no exact version that can be looked up' },
      { name: 'loose', skip_reason: 'loose==any has no exact version that can be looked up' },
    ]);
  });

  test('reports one vulnerability of two databases once, and none that was withdrawn', async () => {
    const { dependencies } = await audit('PYPI', ['one==1'], () => ({
      vulnerabilities: [
        { id: 'GHSA-1', aliases: ['CVE-1'], summary: 'of one', fixed_in: ['2'] },
        { id: 'PYSEC-1', aliases: ['CVE-1'], summary: 'of another', fixed_in: ['2'] },
        { id: 'PYSEC-2', aliases: [], summary: 'withdrawn', fixed_in: ['2'], withdrawn: '2026-01-01T00:00:00Z' },
      ],
    }));
    expect(dependencies).toEqual([{
      name: 'one', version: '1', vulns: [{ id: 'PYSEC-1', aliases: ['CVE-1', 'GHSA-1'], fix_versions: ['2'], description: 'of another' }],
    }]);
  });

  test('tries again when the source has a moment of weakness', async () => {
    let calls = 0;
    const { dependencies } = await audit('PYPI', ['one==1'], (_request, _body, response) => {
      calls += 1;
      response.statusCode = calls === 1 ? 503 : 200;
      return { vulnerabilities: [] };
    });
    expect([calls, dependencies]).toEqual([2, [{ name: 'one', version: '1', vulns: [] }]]);
  });

  test.each<[string, string, Answer]>([
    ['refuses', 'HTTPError with status 403', (_request, _body, response) => { response.statusCode = 403; return {}; }],
    ['answers with something else', 'JSONDecodeError with status 200', () => '<html>a proxy</html>'],
    ['names no vulnerability', 'KeyError', () => ({ vulns: [{ summary: 'without an id' }] })],
    ['answers with a list', 'AttributeError', () => []],
    ['lists texts', 'AttributeError', () => ({ vulns: ['CVE-1'] })],
    ['has no list', 'TypeError', () => ({ vulns: 1 })],
  ])('writes no report when the source %s, and says no credentials', async (_what, error, answers) => {
    const { status, said } = await audit('OSV', ['one==1', 'two==2'], answers);
    // which error has a status depends on the version of pip
    expect([status, said?.replace(/(?<=JSONDecodeError).*/, ' with status 200')])
      .toEqual([1, `the source of advisories at 127.0.0.1:PORT/osv did not answer as expected: ${error}`]);
  });

  test('ignores what names no package, and versions of a fix that are none', async () => {
    const affected = (fixed: string, name?: string) => ({ package: name && { name, ecosystem: 'PyPI' }, ranges: [{ type: 'ECOSYSTEM', events: [{ fixed }] }] });
    const { dependencies } = await audit('OSV', ['one==1'], () => ({ vulns: [{ id: 'CVE-1', affected: [affected('2'), affected('soon', 'one'), affected('3', 'one'), { package: { name: 'one' } }] }] }));
    expect(dependencies).toEqual([{ name: 'one', version: '1', vulns: [{ id: 'CVE-1', aliases: [], fix_versions: ['3'], description: '' }] }]);
  });

  test('says no credentials of a source that is away for a moment', async () => {
    const { said } = await audit('OSV', ['one==1'], (request) => { request.socket.destroy(); return {}; });
    expect(said).toMatch(/^the source of advisories at 127\.0\.0\.1:PORT\/osv did not answer as expected: \w+$/);
  }, 30_000);

  test('of nothing reports nothing', async () => {
    expect(await audit('OSV', [], () => ({}))).toEqual({ status: 0, dependencies: [] });
  });
});
