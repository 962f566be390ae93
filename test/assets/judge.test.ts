import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const JUDGE = path.join(__dirname, '..', '..', 'assets', 'build', 'judge.py');

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'judge-'));
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

function judge(kind: string, level: string, report: unknown, ...ignored: string[]) {
  const file = path.join(home, 'report.json');
  if (report !== undefined) {
    fs.writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report));
  }
  const { stdout, stderr, status } = spawnSync('python3', [JUDGE, kind, file, level, ...ignored], { encoding: 'utf8' });
  expect(status).toBe(0);
  return { verdict: stdout.trimEnd(), details: stderr };
}

describe('of bandit', () => {
  const scanned = { errors: [], metrics: { _totals: { loc: 10 } } };
  const finding = (severity: string) => ({ issue_severity: severity, test_id: 'B602', filename: './shop/run.py', line_number: 5, issue_text: 'a shell' });
  const severe = (level: string) => `bandit found an issue of severity ${level} or above: fix it, or mark the line with '# nosec' and the reason`;

  test.each([
    ['nothing found', 'HIGH', { ...scanned, results: [] }, 'passed'],
    ['a finding below the severity', 'HIGH', { ...scanned, results: [finding('MEDIUM')] }, 'passed'],
    ['a finding of the severity', 'MEDIUM', { ...scanned, results: [finding('MEDIUM')] }, severe('MEDIUM')],
    ['a finding above it', 'LOW', { ...scanned, results: [finding('HIGH')] }, severe('LOW')],
    ['a finding that nobody has rated', 'LOW', { ...scanned, results: [finding('UNDEFINED')] }, severe('LOW')],
    ['a finding that nobody has rated, where only grave ones count', 'HIGH', { ...scanned, results: [finding('UNDEFINED')] }, 'passed'],
    ['a finding that nobody asks for', 'OFF', { ...scanned, results: [finding('HIGH')] }, 'passed'],
    ['a file that could not be parsed', 'OFF', { errors: [{ filename: './new.py' }], metrics: {}, results: [] }, 'bandit could not read ./new.py'],
    ['no line of code', 'HIGH', { errors: [], metrics: { _totals: { loc: 0 } }, results: [] }, 'bandit found no Python code: set the project\'s directory'],
    ['no report', 'HIGH', undefined, '~bandit wrote no report: see the log'],
    ['a report that is cut off', 'HIGH', '{"errors": [', '~bandit wrote no report: see the log'],
  ])('%s', (_name, level, report, verdict) => {
    expect(judge('bandit', level, report).verdict).toBe(verdict);
  });

  test('tells where something was found', () => {
    expect(judge('bandit', 'HIGH', { ...scanned, results: [finding('HIGH')] }).details).toBe('HIGH B602 ./shop/run.py:5 a shell\n');
  });
});

describe('of the dependencies', () => {
  const clean = { name: 'click', version: '8.1.8', vulns: [] };
  const unknown = { name: 'private', skip_reason: 'private is not known' };
  const vulnerable = { name: 'flask', version: '0.12', vulns: [{ id: 'PYSEC-2018-66', aliases: ['CVE-2018-1000656'], fix_versions: ['0.12.3'] }] };
  const audited = 'a dependency has a known vulnerability: update the dependency, or add the vulnerability to ignoredVulnerabilities';
  const unreachable = '~the advisory source could not be reached: see the log, and gates.advisorySource';
  const unaudited = 'the advisory source knows none of the dependencies: see gates.advisorySource';

  test.each([
    ['no vulnerability', 'FAIL', { dependencies: [clean] }, [], 'passed'],
    ['no dependency', 'FAIL', { dependencies: [] }, [], 'passed'],
    ['a vulnerability', 'FAIL', { dependencies: [clean, vulnerable] }, [], audited],
    ['a vulnerability while a source that is away is forgiven', 'WARN', { dependencies: [vulnerable] }, [], audited],
    ['one that is ignored by its name', 'FAIL', { dependencies: [vulnerable] }, ['PYSEC-2018-66'], 'passed'],
    ['one that is ignored by another name', 'FAIL', { dependencies: [vulnerable] }, ['CVE-2018-1000656'], 'passed'],
    ['some that the source does not know', 'FAIL', { dependencies: [clean, unknown] }, [], 'passed'],
    ['none that the source knows', 'FAIL', { dependencies: [unknown] }, [], unaudited],
    ['none that it knows, forgiven', 'WARN', { dependencies: [unknown] }, [], 'passed'],
    ['a source that is away', 'FAIL', undefined, [], unreachable],
    ['a source that is away, forgiven', 'WARN', undefined, [], 'passed'],
  ])('%s', (_name, level, report, ignored, verdict) => {
    expect(judge('audit', level, report, ...ignored).verdict).toBe(verdict);
  });

  test('tells what is vulnerable, what mends it, and what was not audited', () => {
    expect(judge('audit', 'FAIL', { dependencies: [vulnerable, unknown] }).details)
      .toBe('not audited: private is not known\nLOW PYSEC-2018-66 flask 0.12 is fixed in 0.12.3\n');
  });
});

describe('of the image', () => {
  const complete = { imageScanStatus: { status: 'COMPLETE' } };
  const basic = { ...complete, imageScanFindings: { findings: [{ name: 'CVE-1', severity: 'HIGH', uri: 'https://cve/1' }] } };
  const enhanced = {
    imageScanStatus: { status: 'ACTIVE' },
    imageScanFindings: { enhancedFindings: [{ severity: 'CRITICAL', title: 'openssl', packageVulnerabilityDetails: { vulnerabilityId: 'CVE-2' } }] },
  };
  const bad = (level: string) => `the image has a vulnerability of severity ${level} or above: update the base image, or add the vulnerability to ignoredVulnerabilities`;

  test.each([
    ['nothing found', 'LOW', { ...complete, imageScanFindings: {} }, [], 'passed'],
    ['a finding of the basic scan', 'HIGH', basic, [], bad('HIGH')],
    ['a finding below the severity', 'CRITICAL', basic, [], 'passed'],
    ['a finding that is ignored', 'LOW', basic, ['CVE-1'], 'passed'],
    ['a finding of the enhanced scan', 'CRITICAL', enhanced, [], bad('CRITICAL')],
    ['a finding that Inspector suppresses', 'LOW', {
      ...enhanced, imageScanFindings: { enhancedFindings: [{ ...enhanced.imageScanFindings.enhancedFindings[0], status: 'SUPPRESSED' }] },
    }, [], 'passed'],
    ['a finding that is ignored by another name', 'LOW', {
      ...enhanced,
      imageScanFindings: {
        enhancedFindings: [{ severity: 'HIGH', packageVulnerabilityDetails: { vulnerabilityId: 'GHSA-1', relatedVulnerabilities: ['CVE-3'] } }],
      },
    }, ['CVE-3'], 'passed'],
    ['a scan that failed', 'LOW', { imageScanStatus: { status: 'FAILED' } }, [], '~the registry could not scan the image: see the ECR console'],
    ['no answer', 'LOW', '', [], '~the registry could not scan the image: see the ECR console'],
  ])('%s', (_name, level, report, ignored, verdict) => {
    expect(judge('scan', level, report, ...ignored).verdict).toBe(verdict);
  });
});
