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
  const url = `http://127.0.0.1:${port}/${api.toLowerCase()}`;
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
      { name: 'unknown', skip_reason: expect.stringMatching(/^unknown 1 is not known to http/) },
      { name: 'known', version: '1', vulns: [] },
      { name: expect.any(String), skip_reason: 'local @ file:///x has no exact version that can be looked up' },
      { name: 'loose', skip_reason: 'loose==any has no exact version that can be looked up' },
    ]);
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
    ['refuses', 'HTTPError', (_request, _body, response) => { response.statusCode = 403; return {}; }],
    ['answers with something else', 'JSONDecodeError', () => '<html>a proxy</html>'],
  ])('writes no report when the source %s', async (_what, _error, answers) => {
    expect(await audit('OSV', ['one==1', 'two==2'], answers)).toEqual({ status: 1, said: expect.stringMatching(/^the source of advisories did not answer: [^\n]+$/) });
  });

  test('writes no report when the answer has another form', async () => {
    expect(await audit('OSV', ['one==1'], () => ({ vulns: [{ summary: 'without an id' }] }))).toMatchObject({ status: 1, said: expect.any(String) });
  });

  test('of nothing reports nothing', async () => {
    expect(await audit('OSV', [], () => ({}))).toEqual({ status: 0, dependencies: [] });
  });
});
