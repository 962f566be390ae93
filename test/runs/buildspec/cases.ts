import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { VULNERABLE } from './advisories';
import {
  BOTH, BUILD_SYSTEM, Case, CaseFactory, EVIDENCE, FAILING_TEST, Files, fixture, GATES, light, LIGHT_GATES, ONE,
  PASSING_TEST, Project, SHELL_INJECTION, SMALL_PROJECT,
} from './case-factory';
import {
  DOCKER_HUB, expectCoverage, expectEnd, expectEvidence, expectNothingReleased, expectRefusal, expectRelease,
  readReport, readTaskDefinition, releasedImage, Run,
} from './expectations';
import { Assets, Rendered } from '../../../packages/rehearsal/src/assembly/rendered';
import { BuildChoices } from '../../../packages/rehearsal/src/build/code-build';
import { chooseFor, Interpreter } from '../../../packages/rehearsal/src/build/pythons';
import {
  AdvisorySource, DockerHubCredentials, FindingSeverity, PythonProject, RequirementsInstaller, UnauditedAction,
} from '../../../src';
import { PYTHON_APP } from '../../integ/tap-stack';

const PARAMETERS = { usernameParameterName: '/docker-hub/username', passwordParameterName: '/docker-hub/password' };
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:docker-hub-123456';
const DOCKER_HUB_PARAMETERS = {
  [PARAMETERS.usernameParameterName]: DOCKER_HUB.username,
  [PARAMETERS.passwordParameterName]: DOCKER_HUB.password,
};

/** A project of pip that requires a version. */
function requires(minimum: string): Files {
  return { 'pyproject.toml': `[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=${minimum}"\n` };
}

/** The project of Poetry with another constraint, and the hash of it, by which Poetry knows that its lock file fits. */
function poetryRequires(python: string, { 'pyproject.toml': project, 'poetry.lock': lock }: Files): Files {
  const relevant = `{"dependencies": {"itsdangerous": "*", "python": "${python}"}, "dev-dependencies": null, "extras": null, `
    + '"group": {"dev": {"dependencies": {"pytest": "*"}}}, "source": null}';
  return {
    'pyproject.toml': project?.replace(/^python = .*$/m, `python = "${python}"`),
    'poetry.lock': lock?.replace(/^content-hash = .*$/m, `content-hash = "${createHash('sha256').update(relevant).digest('hex')}"`),
  };
}

/** Everything that a shell, JSON, YAML or a template could take for its own. */
const ODD_ENVIRONMENT = (canary: string): Readonly<Record<string, string>> => ({
  QUOTES: 'it\'s "quoted" \\ and \\n is no line break',
  COMMANDS: `$(touch ${canary}) \`touch ${canary}\` \${HOME} $HOME; touch ${canary} # %s %n`,
  LINES: 'one\ntwo\n\tthree\r\n',
  MARKS: '<IMAGE1_NAME> ${AWS::Region} {{resolve}} «ümlaut» 日本 🐍',
  END_OF_FILE: 'EOF\n)\nexit 0\nEND OF FILE\n',
});

const SCAN = (status: string, ...findings: readonly { readonly name: string; readonly severity: string }[]) => ({
  imageScanStatus: { status }, imageScanFindings: { findings },
});

export class Cases extends CaseFactory {
  /** The slow ones first, so that the last to end is a short one. */
  public all(): readonly Case[] {
    return [
      this.sampleApp(), ...this.installers(), ...this.passing(), this.everyGateFails(), ...this.tests(),
      ...this.findings(), ...this.installations(),
      ...this.images(), ...this.repetitions(), ...this.habits(), ...this.programs(), ...this.versions(),
    ];
  }

  private sampleApp(): Case {
    const { minor } = this.interpreters.find((one) => one.minor === '3.9') ?? this.interpreters[0];
    return {
      name: 'the example app passes every gate, is handed over whole, runs and answers; the next build takes its layers and downloads',
      modes: BOTH,
      cached: true,
      render: () => this.render({ python: PythonProject.pip({ pythonVersion: minor, buildArguments: minor === '3.9' ? undefined : this.pythonImage(minor) }) }),
      source: PYTHON_APP,
      check: async (run) => {
        const { expect, result } = run;
        await expectRelease(run, { gates: GATES, minimumTests: 50, health: { port: 8080, path: '/health' } });
        expectEvidence(run, EVIDENCE);
        expectSampleCoverage(run);
        expect.equal([result.cache?.restored, result.cache?.saved], [undefined, true], 'what the first build did with the cache');
        // an id as those of S3's versions
        const next = await run.again({ commit: `.7_b2c-${'7b2c'.repeat(8)}`, environment: { PIPELINE_EXECUTION_ID: 'execution-2' } });
        await expectRelease(next, { gates: GATES, minimumTests: 50, health: { port: 8080, path: '/health' } });
        expect.equal([next.result.cache?.restored, next.result.cache?.saved], [result.cache?.key, false], 'what the next build did with the cache');
        const build = next.result.calls.find(({ args }) => args[0] === 'build');
        expect.that(build?.args.includes(releasedImage(run) ?? '-') === true, 'the next build does not take the layers of the last image');
      },
    };
  }

  private installers(): Case[] {
    const without: Files = { 'requirements.txt': undefined, 'requirements-dev.txt': undefined };
    const source: Files = { ...without, 'shop/__init__.py': undefined, 'src/shop/__init__.py': SMALL_PROJECT['shop/__init__.py'], 'Dockerfile': this.dockerfile('src') };
    const pythonVersion = this.interpreters[0].minor;
    // the index that is reached here has no JSON API, which Poetry asks its own default index for
    const poetry = PythonProject.poetry({ pythonVersion, indexUrl: 'https://pypi.org/simple' });
    const outdated = (files: Files) => ({ ...files, 'pyproject.toml': files['pyproject.toml']?.replace(/itsdangerous/, 'blinker') });
    const member = 'services/shop';
    return [
      this.released('a src-layout project of uv is installed as its lock file says, with the extra for its tests', {
        modes: BOTH, files: { ...source, ...fixture('uv') }, pipeline: { python: PythonProject.uv({ pythonVersion }) },
      }, ({ expect, result }) => {
        expect.that(/ \+ pytest==8\.4\.2/.test(result.output) || result.output.includes('pytest==9'), 'the extra `test` was not installed');
        expect.that(result.output.includes('+ iniconfig'), 'the default group was not installed');
        expect.equal(this.audited(result.sourceDirectory), ['itsdangerous'], 'what was audited');
      }),
      this.released('a flat project of Poetry is installed by the version that wrote its lock file', {
        modes: BOTH, files: { ...without, ...fixture('poetry') }, pipeline: { python: poetry },
      }, ({ expect, result }) => {
        expect.equal(this.audited(result.sourceDirectory), ['itsdangerous'], 'what was audited');
      }),
      this.released('a member of a workspace of uv is installed from the lock file above it', {
        files: {
          ...without,
          'shop/__init__.py': undefined,
          'tests/test_shop.py': undefined,
          'Dockerfile': undefined,
          ...this.inside(member, { ...source, ...fixture('uv'), 'uv.lock': undefined, 'tests/test_shop.py': PASSING_TEST }),
          'pyproject.toml': '[tool.uv.workspace]\nmembers = ["services/*"]\n',
          'uv.lock': fixture('uv')['uv.lock']?.replace('source = { editable = "." }', `source = { editable = "${member}" }`)
            .replace(/^(\[\[package\]\])/m, '[manifest]\nmembers = [\n    "shop",\n]\n\n$1'),
        },
        pipeline: { python: PythonProject.uv({ pythonVersion, directory: member }) },
      }),
      this.refused('a lock file of uv that does not fit fails the build', {
        files: outdated({ ...source, ...fixture('uv') }), pipeline: { python: PythonProject.uv({ pythonVersion }) },
      }, { verdict: 'install: uv.lock does not match pyproject.toml: run uv lock and commit it, or set allowOutdatedLock' }),
      this.released('a lock file of uv that does not fit is used as it is when that is allowed', {
        files: outdated({ ...source, ...fixture('uv') }), pipeline: { python: PythonProject.uv({ pythonVersion, allowOutdatedLock: true }) },
      }, ({ expect, result }) => expect.that(result.output.includes('warning: uv.lock does not match'), 'nobody is warned')),
      this.refused('a lock file of Poetry that does not fit fails the build', {
        files: outdated({ ...without, ...fixture('poetry') }), pipeline: { python: poetry },
      }, { verdict: 'install: poetry.lock is out of date: run poetry lock and commit it' }),
      ...(['uv', 'poetry'] as const).map((kind) => this.refused(`a project without a lock file of ${kind} fails the build`, {
        files: { ...without, 'pyproject.toml': fixture(kind)['pyproject.toml'] },
        pipeline: { python: kind === 'uv' ? PythonProject.uv({ pythonVersion }) : poetry },
      }, { verdict: `install: ${kind}.lock is missing: run ${kind} lock and commit it, or use PythonProject.pip()` })),
      this.released('a project that only names its dependencies has them installed, and the extra for its tests', {
        files: { ...without, 'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\ndependencies = ["itsdangerous"]\n[project.optional-dependencies]\ntest = ["pytest"]\n' },
      }, ({ expect, result }) => expect.equal(this.audited(result.sourceDirectory), ['itsdangerous'], 'what was audited')),
      this.released('requirements with hashes are installed by pip as well, and the project beside them', {
        files: { ...this.hashed(), 'pyproject.toml': `${BUILD_SYSTEM}[project]\nname = "shop"\nversion = "1"\n[tool.setuptools]\npackages = ["shop"]\n` },
        python: { installer: RequirementsInstaller.PIP },
      }),
    ];
  }

  private passing(): Case[] {
    const root = 'services/my api';
    const environment = ODD_ENVIRONMENT(this.canary);
    const other = this.interpreters[1]?.version ?? '3.99.0';
    const { minor } = this.interpreters[0];
    return [
      this.released('a src-layout project in a sub-directory, with a Dockerfile elsewhere, another context, and a login at Docker Hub', {
        files: {
          'shop/__init__.py': undefined,
          'tests/test_shop.py': undefined,
          'requirements.txt': undefined,
          'requirements-dev.txt': undefined,
          'Dockerfile': undefined,
          ...this.inside(root, {
            'docker/Dockerfile.web': this.dockerfile(`["${root}/src", "/app/src"]`),
            'pyproject.toml': `${BUILD_SYSTEM}[project]\nname = "shop"\nversion = "1"\n`,
            'src/shop/__init__.py': SMALL_PROJECT['shop/__init__.py'],
            'unit tests/test_shop.py': PASSING_TEST,
          }),
          'broken/test_other.py': 'import not_there\n',
        },
        python: { directory: root, testDirectory: 'unit tests', dockerfile: 'docker/Dockerfile.web', imageContext: '.' },
        pipeline: { gates: { minimumCoverage: 50 }, dockerHub: DockerHubCredentials.fromParameterStore(PARAMETERS) },
        choices: { aws: { parameters: DOCKER_HUB_PARAMETERS } },
      }, ({ expect, result, engine }) => {
        const coverage = expectCoverage(expect, result);
        expect.equal(coverage?.figures['lines-valid'], 4, 'the number of lines in the coverage report');
        expect.that(coverage?.text.includes(`<source>${root}/src</source>`) === true, 'the coverage report does not name src');
        const logins = result.calls.filter(({ args }) => args[0] === 'login').map(({ args, stdinSize }) => [args[2], stdinSize]);
        expect.equal(logins, [['AWS', engine.registry.password.length], [DOCKER_HUB.username, DOCKER_HUB.password.length]], 'the list of logins');
      }, [...GATES, 'coverage']),
      this.released('requireTests: false lets a project without tests pass, and its odd environment is in taskdef.json unchanged', {
        files: { 'tests/test_shop.py': undefined }, pipeline: { gates: { requireTests: false } }, others: { service: { environment } },
      }, ({ expect, result, rendered }) => {
        expect.equal(readReport(result, 'COBERTURAXML')?.root, 'coverage', 'the root of the coverage report');
        expect.that(!existsSync(this.canary), 'a command in the environment was run');
        const [container] = readTaskDefinition(result, rendered).containerDefinitions;
        expect.equal(Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name, value])), environment, 'the environment');
      }, GATES, 0),
      this.released(`a .python-version of the repository (${other}) does not change what the tests run on when pythonVersion is set`, light({
        files: {
          '.python-version': `${other}\n`,
          'tests/test_version.py': `import sys\n\n\ndef test_version():\n    assert "%d.%d" % sys.version_info[:2] == "${minor}"\n`,
        },
      }), ({ expect, result }) => expect.that(result.output.includes(`because pythonVersion is ${minor}, which overrides .python-version with ${other}`), 'the log does not name the conflict'), LIGHT_GATES),
      this.released('the project\'s own configuration of pytest, coverage and bandit is respected', {
        files: {
          'pytest.ini': '[pytest]\naddopts = --strict-markers --cov --cov-report=html --junitxml=own.xml\ntestpaths = checks\n',
          '.coveragerc': '[run]\nsource = shop\nbranch = True\n[report]\nfail_under = 10\n',
          'pyproject.toml': '[tool.bandit]\nskips = ["B602"]\nexclude_dirs = ["generated"]\n',
          '.bandit': '[other]\r\nexclude = ./shop\r\n[bandit]\r\nexclude: */vendored/*,./old code\r\n',
          'tests/test_shop.py': undefined,
          'checks/test_shop.py': PASSING_TEST,
          'shop/run.py': SHELL_INJECTION,
          'vendored/run.py': 'import hashlib\n\nhashlib.md5(b"x")\n',
          'old code/run.py': 'import hashlib\n\nhashlib.md5(b"x")\n',
          'generated/run.py': 'import hashlib\n\nhashlib.md5(b"x")\n',
        },
      }, ({ expect, result }) => {
        expect.equal(expectCoverage(expect, result)?.figures['branches-valid'], 0, 'the number of branches in the coverage report');
        expect.that(result.changes.length === 0, `the source was changed: ${result.changes.join(', ')}`);
      }),
      this.released('a test command of the user\'s own writes the reports by the variables that it is given', {
        pipeline: { testCommand: 'python -m pytest -q && test -s "$JUNIT_REPORT"' },
      }, ({ expect, result }) => void expectCoverage(expect, result)),
      this.released('a test command keeps the options of pytest that the environment has', light({
        pipeline: { testCommand: 'python -m pytest -q', environmentVariables: { PYTEST_ADDOPTS: { value: '-k "not odd"' } } },
        files: { 'tests/test_odd.py': 'def test_odd():\n    assert False\n' },
      }), undefined, LIGHT_GATES),
      this.released('a test command without a report passes by its exit code', {
        pipeline: { testCommand: 'python -c "from shop import double; assert double(2) == 4"' },
      }, ({ expect, result }) => {
        const { figures = {}, text = '' } = readReport(result, 'JUNITXML') ?? {};
        expect.equal([figures.errors, figures.skipped], [0, 1], 'the number of errors and skipped tests in the report');
        expect.that(text.includes('<skipped message="testCommand wrote no report"/>'), 'the report claims that a test passed');
        expect.that(result.output.includes('testCommand wrote no report: nothing is known about its tests'), 'the log does not warn');
        expect.that(result.output.includes('the tests passed without coverage data, so the coverage report is empty'), 'the log does not say that there is no coverage');
      }, GATES, 1),
      this.released('a version that is read from git is a default one, since the bundle has no git', light({
        files: {
          'requirements.txt': undefined,
          'pyproject.toml': '[build-system]\nrequires = ["setuptools>=61", "setuptools-scm"]\nbuild-backend = "setuptools.build_meta"\n\n'
            + '[project]\nname = "shop"\ndynamic = ["version"]\n[tool.setuptools]\npackages = ["shop"]\n[tool.setuptools_scm]\n',
        },
      }), undefined, LIGHT_GATES),
      this.released('an audit that is allowed to fail warns when its source is away', {
        pipeline: { gates: { advisorySource: AdvisorySource.osv({ url: 'http://127.0.0.1:9/v1/query', whenUnaudited: UnauditedAction.WARN }) } },
      }),
      this.released('a vulnerability that is ignored by one of its names does not fail the build', {
        files: { 'requirements.txt': `${VULNERABLE.name}==${VULNERABLE.version}\n` }, pipeline: { gates: { ignoredVulnerabilities: [VULNERABLE.alias] } },
      }),
      this.released('a scan that takes a while and finds little lets the release pass', {
        pipeline: { gates: { imageScan: true, imageScanSeverity: FindingSeverity.HIGH } },
        choices: { aws: { scans: ['ScanNotFoundException', SCAN('IN_PROGRESS'), SCAN('COMPLETE', { name: 'CVE-1', severity: 'MEDIUM' })] } },
      }, (run) => expectEvidence(run, [...EVIDENCE, 'image-scan.json'])),
      this.released('a bucket that takes no reports does not fail the build', { choices: { aws: { failing: { 's3 cp *reports/*': 'upload failed' } } } },
        ({ expect, result }) => expect.that(result.output.includes('the reports could not be uploaded: see the error above'), 'nobody is told')),
    ];
  }

  private everyGateFails(): Case {
    return this.refused('every gate runs before the build fails, and each says what is wrong', {
      modes: BOTH,
      files: {
        'tests/test_shop.py': FAILING_TEST,
        'shop/run.py': SHELL_INJECTION,
        'requirements.txt': `${VULNERABLE.name}==${VULNERABLE.version}\n`,
        'Dockerfile': 'FROM scratch\nCOPY not-there /\n',
      },
      pipeline: { gates: { minimumCoverage: 95 } },
    }, {
      verdict: [
        'audit: a dependency has a known vulnerability: update the dependency, or add the vulnerability to ignoredVulnerabilities',
        "bandit: bandit found an issue of severity HIGH or above: fix it, or mark the line with '# nosec' and the reason",
        'coverage: the coverage is below 95 percent: add tests for the files in the report',
        'image: the image could not be built: see the log, and fix the Dockerfile',
        "pytest: a test failed, or the coverage is below the project's own threshold: see the report",
      ].join('; '),
      evidence: EVIDENCE,
    }, ({ expect, result }) => {
      expect.equal(readReport(result, 'JUNITXML')?.figures.failures, 1, 'the number of failures in the report');
      expectCoverage(expect, result);
      expect.that(result.output.includes('HIGH B602 ./shop/run.py:5'), 'the log does not say where bandit found something');
      expect.that(result.output.includes(`${VULNERABLE.id} ${VULNERABLE.name} ${VULNERABLE.version} is fixed in ${VULNERABLE.fixed}`), 'the log does not name the vulnerability');
    });
  }

  private tests(): Case[] {
    const failing = (name: string, verdict: string, project: Project, also?: (run: Run) => void) => (
      this.refused(name, light(project), { verdict: `pytest: ${verdict}`, evidence: ['bandit.json', 'bandit.sarif'] }, also));
    return [
      failing('tests that hang fail the build, and leave the report of those that ended', 'the tests took more than 2400 seconds: make them faster, or split them', {
        files: { 'tests/test_shop.py': `${PASSING_TEST}\n\ndef test_hang():\n    import time\n    time.sleep(600)\n` }, choices: { testSeconds: 10 },
      }, ({ expect, result }) => expect.equal(readReport(result, 'JUNITXML')?.figures.tests, 1, 'the number of tests in the report')),
      failing('a failing test fails the build', "a test failed, or the coverage is below the project's own threshold: see the report", {
        files: { 'tests/test_shop.py': FAILING_TEST },
      }),
      failing('the project\'s own threshold of coverage counts', "a test failed, or the coverage is below the project's own threshold: see the report", {
        files: { '.coveragerc': '[run]\nsource = shop\n[report]\nfail_under = 99\n' },
      }),
      failing('a test that cannot be imported fails the build', 'pytest could not collect the tests, or was interrupted: see the log', {
        files: { 'tests/test_shop.py': 'import not_there\n' },
      }),
      failing('a project without tests fails the build', 'no test was found: set testDirectory, or requireTests: false', { files: { 'tests/test_shop.py': undefined } }),
      failing('a plugin that is not installed fails the build', 'pytest rejected its options: if addopts needs a plugin, add it to extraTestPackages', {
        files: { 'pytest.ini': '[pytest]\naddopts = -n 2\n' },
      }, expectPlaceholderReport('pytest: pytest rejected its options: if addopts needs a plugin, add it to extraTestPackages')),
      this.released('a plugin that is named by extraTestPackages is installed, and nothing of the project moves', light({
        files: { 'pytest.ini': '[pytest]\naddopts = -n 2\n' }, python: { extraTestPackages: ['pytest-xdist'] },
      }), ({ expect, result }) => void expectCoverage(expect, result), LIGHT_GATES),
      ...this.uncovered(),
      this.refused('a coverage below minimumCoverage fails the build', light({ pipeline: { gates: { minimumCoverage: 90 } } }), {
        verdict: 'coverage: the coverage is below 90 percent: add tests for the files in the report',
      }, ({ expect, result }) => void expectCoverage(expect, result)),
      failing('tests that end the interpreter fail the build', 'pytest exited with code 3: see the log', {
        files: { 'tests/conftest.py': 'import os\n\nos._exit(3)\n' },
      }, expectPlaceholderReport('pytest: pytest exited with code 3: see the log')),
      failing('tests that end the interpreter as if all were well fail the build', 'pytest exited without a report: see the log', {
        // a report of an earlier build, which the repository holds by mistake, is not one of this build
        files: { 'tests/conftest.py': 'import os\n\nos._exit(0)\n', '.delivery/reports/pytest.xml': '<testsuites><testsuite tests="9"/></testsuites>\n' },
      }, expectPlaceholderReport('pytest: pytest exited without a report: see the log')),
      failing('a test command that fails does so with its exit code', 'testCommand exited with code 7: see the log', { pipeline: { testCommand: 'exit 7' } }),
    ];
  }

  /** Layouts whose tests would be counted, or whose code would not. */
  private uncovered(): Case[] {
    const half = (name: string, files: Files) => this.refused(name, light({
      files: { 'shop/__init__.py': undefined, 'Dockerfile': this.dockerfile('tests'), 'tests/test_shop.py': undefined, ...files },
      pipeline: { gates: { minimumCoverage: 90 } },
    }), { verdict: 'coverage: the coverage is below 90 percent: add tests for the files in the report' });
    const code = SMALL_PROJECT['shop/__init__.py'];
    const tests = `${PASSING_TEST}${Array.from({ length: 30 }, (_, index) => `\n\ndef test_${index}():\n    assert double(${index}) == ${2 * index}\n`).join('')}`;
    return [
      half('a single module is measured without its tests', { 'shop.py': code, 'tests/test_shop.py': tests, 'pytest.ini': '[pytest]\npythonpath = .\n' }),
      half('a module that no test imports is measured beside a package', {
        'helpers/__init__.py': '',
        'helpers/double.py': 'def double(number):\n    return 2 * number\n',
        'app.py': `${code}\n\n${code}`,
        'tests/test_shop.py': PASSING_TEST.replace('from shop', 'from helpers.double'),
      }),
      half('a folder without __init__.py is measured, and an old .coverage is not', {
        'shop/main.py': code,
        'shop/deep/more.py': `${code}\n\n${code}`,
        'tests/test_shop.py': PASSING_TEST.replace('from shop', 'from shop.main'),
        'pytest.ini': '[pytest]\npythonpath = .\n',
      }),
    ];
  }

  private findings(): Case[] {
    const scanGate = { gates: { imageScan: true, imageScanSeverity: FindingSeverity.HIGH } };
    return [
      this.refused('a finding of high severity fails the build', { files: { 'shop/run.py': SHELL_INJECTION } }, {
        verdict: "bandit: bandit found an issue of severity HIGH or above: fix it, or mark the line with '# nosec' and the reason", evidence: EVIDENCE,
      }),
      this.released('a finding is only reported when that is asked for', {
        files: { 'shop/run.py': SHELL_INJECTION }, pipeline: { gates: { bandit: false } },
      }, ({ expect, result }) => {
        const sarif = JSON.parse(readFileSync(join(result.sourceDirectory, '.delivery/reports/bandit.sarif'), 'utf8')) as { runs: { results: unknown[] }[] };
        expect.that(sarif.runs[0].results.length > 0, 'the SARIF report has no finding');
      }),
      this.refused('code that bandit cannot parse fails the build', { files: { 'shop/broken.py': 'def broken(:\n', 'pytest.ini': '[pytest]\naddopts = --cov=tests\n' } }, {
        verdict: 'bandit: bandit could not read ./shop/broken.py',
      }),
      this.refused('a vulnerable dependency fails the build', { files: { 'requirements.txt': `${VULNERABLE.name}==${VULNERABLE.version}\n` } }, {
        verdict: 'audit: a dependency has a known vulnerability: update the dependency, or add the vulnerability to ignoredVulnerabilities', evidence: EVIDENCE,
      }),
      this.released('a vulnerability of what only the tests need does not fail the build', {
        files: { 'requirements.txt': 'blinker==1.9.0\n', 'requirements-dev.txt': `${SMALL_PROJECT['requirements-dev.txt']}${VULNERABLE.name}==${VULNERABLE.version}\n` },
      }),
      this.refused('a source of advisories that is away fails the build', {
        pipeline: { gates: { advisorySource: AdvisorySource.osv({ url: 'http://127.0.0.1:9/v1/query' }) } },
      }, { verdict: 'audit: the advisory source could not be reached: see the log, and gates.advisorySource' }),
      this.refused('a scan that finds something stops the release after the push', {
        pipeline: scanGate, choices: { aws: { scans: [SCAN('COMPLETE', { name: 'CVE-1', severity: 'HIGH' })] } },
      }, {
        verdict: 'scan: the image has a vulnerability of severity HIGH or above: update the base image, or add the vulnerability to ignoredVulnerabilities',
        pushed: true,
        evidence: ['image-scan.json'],
      }),
      this.refused('a scan that the build may not read stops the release at once', {
        pipeline: scanGate, choices: { aws: { failing: { 'ecr describe-image-scan-findings *': 'An error occurred (AccessDeniedException)' } } },
      }, { verdict: 'scan: the findings of the image scan could not be read: see the log', pushed: true }),
      this.refused('a scan that failed stops the release after the push', { pipeline: scanGate, choices: { aws: { scans: [SCAN('FAILED')] } } }, {
        verdict: 'scan: the registry could not scan the image: see the ECR console', pushed: true,
      }),
    ];
  }

  private installations(): Case[] {
    const { minor } = this.interpreters[0];
    const missing = ['3.14', '3.13', '3.12', '3.11', '3.10', '3.9'].find((version) => this.interpreters.every((other) => other.minor !== version)) ?? '3.99';
    const failing = (name: string, verdict: string, project: Project) => (
      this.refused(name, light(project), { verdict: `install: ${verdict}`, evidence: ['bandit.json'] }, expectPlaceholderReport(`install: ${verdict}`)));
    return [
      failing('a requirements file that is not there fails the build', 'the requirements file requirements-ci.txt is missing: add it, or change requirementsFiles', {
        python: { requirementsFiles: ['requirements-ci.txt'] }, modes: BOTH,
      }),
      failing('a project with nothing to install fails the build',
        'nothing to install: no requirements file, and no [project] table in pyproject.toml; set requirementsFiles of PythonProject.pip()',
        { files: { 'requirements.txt': undefined, 'requirements-dev.txt': undefined } }),
      failing('a build image with another Python fails the build', `the build image provides Python ${minor}, not ${missing}: change buildImage or pythonVersion`, {
        python: { pythonVersion: missing },
      }),
      failing('hashes that do not fit fail the build',
        'the hashes of the requirements are for another Python version or platform: set requirementsFiles to a file for the build', { files: this.hashed('none') }),
      failing('a package that does not exist fails the build', 'no index has itsdangerous==99.9.9: change the requirement, or name the index that has it', {
        files: { 'requirements.txt': 'itsdangerous==99.9.9\n' },
      }),
      failing('a command of installCommands that fails ends the build', 'a command of installCommands failed: see the log', {
        pipeline: { installCommands: ['python -c "import not_there"', 'echo "this is not reached"'] },
      }),
      failing('installCommands that are no bash fail the build', 'a command of installCommands failed: see the log', {
        pipeline: { installCommands: ['echo "it\'s broken'] },
      }),
      this.refused('a directory that is not there fails the build', { python: { directory: 'services/none' } }, {
        verdict: 'install: the repository has no directory services/none: set the project\'s directory',
      }),
      failing('extras that nothing declares fail the build', 'there are no extras to install: pyproject.toml has no [project] table', { python: { extras: ['web'] } }),
      this.released('installCommands use tools of the names of the program, and the tests see what they export', light({
        files: { 'tests/test_shop.py': `${PASSING_TEST}\n\ndef test_export():\n    import os, shutil\n    assert os.environ["OWN"] == "it's \\"own\\""\n    assert shutil.which("own-tool")\n` },
        pipeline: {
          installCommands: [
            'mkdir -p "$HOME/own"', 'printf "#!/bin/sh\\n" > "$HOME/tool"', 'install -m 0755 "$HOME/tool" "$HOME/own/own-tool"',
            'export PATH="$HOME/own:$PATH" OWN="it\'s \\"own\\""',
            // a line that ends a document of the buildspec
            ': <<"END OF FILE"', 'END OF FILE',
          ],
        },
      }), undefined, LIGHT_GATES, 2),
    ];
  }

  private images(): Case[] {
    const dockerHub = DockerHubCredentials.fromParameterStore(PARAMETERS);
    const withoutParameter = `image: the parameters ${PARAMETERS.usernameParameterName} and ${PARAMETERS.passwordParameterName} could not be read: `
      + 'create them with aws ssm put-parameter --type SecureString';
    return [
      {
        ...this.released('a login at Docker Hub with a secret'),
        render: () => this.renderWithSecret(),
        choices: {
          aws: { secrets: { [SECRET]: JSON.stringify({ username: DOCKER_HUB.username, token: DOCKER_HUB.password }) } },
        },
        check: async (run) => {
          await expectRelease(run, { gates: LIGHT_GATES, minimumTests: 1 });
          run.expect.equal(run.result.calls.filter(({ args }) => args[0] === 'login').map(({ args }) => args[2]), ['AWS', DOCKER_HUB.username], 'the list of logins');
        },
      },
      this.refused('a secret of Docker Hub that is missing fails the build', light({
        pipeline: { dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretCompleteArn(new Stack(), 'Secret', SECRET)) },
      }), { verdict: 'image: the Docker Hub secret could not be read: store a JSON object with the fields username and password' }),
      this.refused('a Dockerfile that does not build fails the build', light({ files: { Dockerfile: 'FROM scratch\nCOPY not-there /\n' } }), {
        verdict: 'image: the image could not be built: see the log, and fix the Dockerfile', evidence: ['bandit.json'],
      }),
      this.refused('parameters of Docker Hub that are missing fail the build after the tests', light({
        pipeline: { dockerHub },
        choices: {
          aws: { parameters: { [PARAMETERS.usernameParameterName]: DOCKER_HUB.username } },
        },
      }), { verdict: withoutParameter, evidence: ['bandit.json'] }, ({ expect, result }) => {
        expect.equal(readReport(result, 'JUNITXML')?.figures.tests, 1, 'the number of tests in the report');
      }),
      this.refused('a password that Docker Hub does not take fails the build', light({
        pipeline: { dockerHub }, choices: { aws: { parameters: { ...DOCKER_HUB_PARAMETERS, [PARAMETERS.passwordParameterName]: 'another' } } },
      }), { verdict: 'image: Docker Hub rejected the credentials: store a valid user name and access token' }),
      this.refused('a registry that lets nobody in fails the build', light({ choices: { aws: { failing: { 'ecr get-login-password': 'AccessDenied' } } } }), {
        verdict: 'image: the login to the registry failed: see the log',
      }),
      {
        ...this.released('a registry that refuses the image fails the build, and a build that is tried again has a tag of its own', light({})),
        check: async (run) => {
          await expectRelease(run, { gates: LIGHT_GATES, minimumTests: 1 });
          const refused = await run.again({ buildNumber: run.result.buildNumber, uuid: run.result.uuid });
          await expectRefusal(refused, { verdict: 'push: the registry rejected the image: see the log', pushed: true });
          run.expect.that(refused.result.output.includes('cannot be overwritten because the tag is immutable'), 'the log does not say why');
          await expectRelease(await run.again(), { gates: LIGHT_GATES, minimumTests: 1 });
        },
      },
      ...this.sourceVersions(),
      {
        ...this.released('a build of another pipeline with the same repository, commit and number has a tag of its own', light({})),
        check: async (run) => {
          await expectRelease(run, { gates: LIGHT_GATES, minimumTests: 1 });
          const other = await run.again({ buildNumber: run.result.buildNumber });
          await expectRelease(other, { gates: LIGHT_GATES, minimumTests: 1 });
        },
      },
    ];
  }

  private sourceVersions(): Case[] {
    const dockerfile = this.dockerfile('shop').replace('USER', 'ARG SOURCE_VERSION\nARG SHA\nENV COMMIT=$SOURCE_VERSION SHA=$SHA\nUSER');
    const built = (
      name: string, buildArguments: { [name: string]: string }, variables: (commit: string) => readonly string[],
    ) => this.released(
      name, light({ files: { Dockerfile: dockerfile }, python: { buildArguments } }), async (run) => {
        const text = await run.engine.docker('image', 'inspect', '--format', '{{json .Config.Env}}', releasedImage(run) ?? '-');
        const found = (JSON.parse(text) as string[]).filter((one) => /^(COMMIT|SHA)=/.test(one));
        run.expect.equal(found.sort(), variables(run.result.commit), 'the environment of the image');
      }, LIGHT_GATES);
    return [
      built('the Dockerfile gets the commit as an argument, and other arguments as they are', { SHA: '$CODEBUILD_RESOLVED_SOURCE_VERSION' },
        (commit) => [`COMMIT=${commit}`, 'SHA=$CODEBUILD_RESOLVED_SOURCE_VERSION']),
      built('an argument of the user wins over the commit', { SOURCE_VERSION: 'their own' }, () => ['COMMIT=their own', 'SHA=']),
      {
        ...this.released('a Dockerfile that does not use the commit keeps its layers, and no warning comes', light({
          files: { Dockerfile: this.dockerfile('shop').replace('USER', 'RUN echo of the commit > /app/layer\nUSER') },
        })),
        check: async (run) => {
          await expectRelease(run, { gates: LIGHT_GATES, minimumTests: 1 });
          const { expect, result } = await run.again({ commit: '7b2c'.repeat(10) });
          const lines = result.output.split('\n');
          const step = /^(#\d+) \[.*RUN echo of the commit/.exec(lines.find((line) => line.includes('RUN echo of the commit')) ?? '')?.[1];
          expect.that(lines.includes(`${step} CACHED`), 'the layer was built again');
          expect.equal(lines.filter((line) => /not consumed|warnings? found|SOURCE_VERSION/i.test(line)), [], 'the list of warnings');
        },
      },
    ];
  }

  /** What real projects do. */
  private habits(): Case[] {
    const { version, minor } = this.interpreters[0];
    const other = this.interpreters[1]?.version ?? '3.99.0';
    const without: Files = { 'requirements.txt': undefined, 'requirements-dev.txt': undefined };
    const uv: Files = {
      ...without, ...fixture('uv'), 'shop/__init__.py': undefined, 'src/shop/__init__.py': SMALL_PROJECT['shop/__init__.py'], 'Dockerfile': this.dockerfile('src'),
    };
    const poetry: Files = { ...without, ...fixture('poetry') };
    const poetryOptions = { pythonVersion: minor, indexUrl: 'https://pypi.org/simple' };
    const asserting = (...lines: string[]) => [
      'import os', 'import sys', 'from importlib.metadata import version', '', '', 'def test_it():', ...lines.map((line) => `    ${line}`), '',
    ].join('\n');
    const released = (
      name: string, project: Project, also?: (run: Run) => void,
    ) => this.released(name, light(project), also, LIGHT_GATES);
    const refused = (
      name: string, verdict: string, project: Project,
    ) => this.refused(name, light(project), { verdict });
    return [
      released('bandit looks at neither tests nor environments that the repository holds', {
        files: { 'tests/helpers.py': SHELL_INJECTION, 'venv/lib/run.py': SHELL_INJECTION, 'node_modules/x/run.py': SHELL_INJECTION },
      }, ({ expect, result }) => {
        const { metrics } = JSON.parse(readFileSync(join(result.sourceDirectory, '.delivery/reports/bandit.json'), 'utf8')) as { metrics: object };
        expect.equal(Object.keys(metrics).sort(), ['./shop/__init__.py', '_totals'], 'what bandit looked at');
      }),
      released('a .python-version does not change what a project of uv is tested on when pythonVersion is set', {
        files: { ...uv, '.python-version': `${other}\n`, 'tests/test_it.py': asserting(`assert "%d.%d.%d" % sys.version_info[:3] == "${version}"`) },
        pipeline: { python: PythonProject.uv({ pythonVersion: minor }) },
      }),
      released('a project that switches Poetry\'s environments off is installed into that of the build', {
        files: {
          ...poetry,
          'poetry.toml': '[virtualenvs]\ncreate = false\n',
          'tests/test_it.py': asserting('import itsdangerous', 'assert sys.prefix != sys.base_prefix and itsdangerous.__file__.startswith(sys.prefix)'),
        },
        pipeline: { python: PythonProject.poetry(poetryOptions) },
      }),
      released('an application of Poetry without a package has its dependencies installed', {
        files: { ...poetry, 'pyproject.toml': poetry['pyproject.toml']?.replace('name = "shop"', 'name = "warehouse"') },
        pipeline: { python: PythonProject.poetry({ ...poetryOptions, installRoot: false }) },
      }),
      released('what the project pins stays when tools of its tests are added', {
        files: {
          'requirements.txt': 'itsdangerous==2.2.0\nexecnet==2.0.2\npytest==7.4.4\n',
          'requirements-dev.txt': undefined,
          'pytest.ini': '[pytest]\naddopts = -n 2\n',
          'tests/test_it.py': asserting('assert (version("execnet"), version("pytest")) == ("2.0.2", "7.4.4")'),
        },
        python: { extraTestPackages: ['pytest-xdist'] },
      }),
      refused('a package for the tests that contradicts what the project pins fails the build', 'install: the requirements contradict each other: you require itsdangerous==2.1.2 and itsdangerous==2.2.0: change one of them', {
        python: { extraTestPackages: ['itsdangerous==2.1.2'] },
      }),
      released('the environment of a project of uv has pip, for scripts that want it', {
        files: uv, pipeline: { python: PythonProject.uv({ pythonVersion: minor }), testCommand: 'python -m pip --version && python -m pytest' },
      }, ({ expect, result }) => void expectCoverage(expect, result)),
      refused('folders that setuptools takes for several packages fail the build',
        'install: setuptools found several top-level packages: list them in pyproject.toml, or remove its [build-system] table', {
          files: { ...without, 'pyproject.toml': `${BUILD_SYSTEM}[project]\nname = "shop"\nversion = "1"\n`, 'alembic/__init__.py': '' },
        }),
      released('a dependency group is installed beside requirements files', {
        files: { 'pyproject.toml': '[dependency-groups]\nchecks = ["colorama"]\n', 'tests/test_it.py': asserting('assert version("colorama")') },
        python: { groups: ['checks'] },
      }),
      refused('a project that wants another uv fails the build', 'install: the project requires another version of uv: set uvVersion of PythonProject.uv()', {
        files: { ...uv, 'pyproject.toml': `${uv['pyproject.toml']}\n[tool.uv]\nrequired-version = "==0.4.0"\n` },
        pipeline: { python: PythonProject.uv({ pythonVersion: minor }) },
      }),
      released('a project of Django is tested by its own command, with its coverage', {
        files: {
          'requirements.txt': 'Django==4.2.16\n',
          'manage.py': 'import sys\n\nimport django\nfrom django.conf import settings\nfrom django.core.management import execute_from_command_line\n\n'
            + 'settings.configure(INSTALLED_APPS=["shop"], DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})\n'
            + 'django.setup()\nexecute_from_command_line(sys.argv)\n',
          'shop/tests.py': 'from django.test import SimpleTestCase\n\nfrom shop import double\n\n\nclass ShopTest(SimpleTestCase):\n    def test_double(self):\n        self.assertEqual(double(2), 4)\n',
          'tests/test_shop.py': undefined,
        },
        pipeline: { testCommand: 'python -m coverage run --source=shop manage.py test' },
      }, ({ expect, result }) => void expectCoverage(expect, result)),
      released('tox runs the tests and hands on the options of the reports', {
        files: { 'tox.ini': '[tox]\nno_package = true\n[testenv]\ndeps =\n  pytest\n  pytest-cov\ncommands = python -m pytest\n' },
        python: { extraTestPackages: ['tox', 'tox-uv'] },
        pipeline: { testCommand: 'tox -x testenv.pass_env+=PYTEST_ADDOPTS,PYTHONPATH' },
      }, ({ expect, result }) => {
        expectCoverage(expect, result);
        expect.that(readReport(result, 'JUNITXML')?.text.includes('test_double') === true, 'the report does not name the test');
      }),
      released('nox runs the tests and hands on the options of the reports', {
        files: {
          'noxfile.py': 'import nox\n\n\n@nox.session(venv_backend="none")\ndef tests(session):\n    session.run("python", "-m", "pytest")\n',
        },
        python: { extraTestPackages: ['nox'] },
        pipeline: { testCommand: 'nox' },
      }, ({ expect, result }) => {
        expectCoverage(expect, result);
        expect.that(readReport(result, 'JUNITXML')?.text.includes('test_double') === true, 'the report does not name the test');
      }),
      released('tests are told of no Docker engine, and those that the project deselects do not run', {
        files: {
          'pytest.ini': '[pytest]\naddopts = -m "not browser"\nmarkers = browser: needs one\n',
          'tests/test_it.py': `${asserting('assert "DOCKER_HOST" not in os.environ')}\n\nimport pytest\n\n\n@pytest.mark.browser\ndef test_page():\n    raise AssertionError\n`,
        },
      }),
      released('a Dockerfile that mounts is built', {
        files: { Dockerfile: this.dockerfile('shop').replace('USER', 'RUN --mount=type=bind,target=/mnt cp /mnt/requirements.txt /app/shop/\nUSER') },
      }),
      released('a dependency that is built from source keeps the version that it has', {
        files: { 'requirements.txt': '--no-binary pluggy\npluggy==1.5.0\n' },
      }),
      refused('a coverage that nothing measured fails the build', 'coverage: the coverage could not be measured: see the log', {
        pipeline: { testCommand: 'python -c "import shop"', gates: { minimumCoverage: 50 } },
      }),
      refused('a test command that hangs fails the build', 'pytest: testCommand took more than 2400 seconds: make the tests faster, or split them', {
        pipeline: { testCommand: 'sleep 600' }, choices: { testSeconds: 10 },
      }),
      refused('a configuration of bandit that bandit refuses fails the build', 'bandit: bandit rejects the configuration in pyproject.toml: fix it as the log says', {
        files: { 'pyproject.toml': '[tool.bandit]\ntests = ["B999"]\n' },
      }),
      {
        ...refused('an index that is away fails the build, and trying again may help', 'install: uv could not be installed: see the log', {
          pipeline: { environmentVariables: { PIP_INDEX_URL: { value: 'http://127.0.0.1:9/simple' }, PIP_NO_INDEX: { value: '0' }, PIP_FIND_LINKS: { value: '/var/empty' } } },
        }),
        cached: true,
      },
      released('extras that are asked for are installed beside requirements files', {
        files: { 'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\n[project.optional-dependencies]\npostgres = ["colorama"]\n', 'tests/test_it.py': asserting('assert version("colorama")') },
        python: { extras: ['postgres'] },
      }),
    ];
  }

  /** The version of Python that a build without `pythonVersion` chooses. */
  private versions(): Case[] {
    const byVersion = (one: Interpreter, other: Interpreter) => (
      Number(one.minor.slice(2)) - Number(other.minor.slice(2)));
    const sorted = [...this.interpreters].sort(byVersion);
    const preset = chooseFor('3.9', this.interpreters);
    const newest = sorted[sorted.length - 1];
    // a machine with one version only cannot show that another one is chosen
    const next = sorted.find((one) => byVersion(preset, one) < 0);
    const without: Files = { 'requirements.txt': undefined, 'requirements-dev.txt': undefined };
    const uv: Files = {
      ...without, ...fixture('uv'), 'shop/__init__.py': undefined, 'src/shop/__init__.py': SMALL_PROJECT['shop/__init__.py'], 'Dockerfile': this.dockerfile('src'),
    };
    const poetry: Files = { ...without, ...fixture('poetry') };
    const projects: readonly (readonly [string, Files, PythonProject, (minimum: string) => Files])[] = [
      ['pip', {}, PythonProject.pip(), requires],
      // uv would resolve again for another version
      ['uv', uv, PythonProject.uv({ allowOutdatedLock: true }), (minimum) => Object.fromEntries(['pyproject.toml', 'uv.lock']
        .map((name) => [name, uv[name]?.replace('requires-python = ">=3.9"', `requires-python = ">=${minimum}"`)]))],
      ['Poetry', poetry, PythonProject.poetry({ indexUrl: 'https://pypi.org/simple' }), (minimum) => poetryRequires(`^${minimum}`, poetry)],
    ];
    const runsOn = ({ version }: Interpreter): Files => ({
      'tests/test_version.py': 'import os\nimport sys\n\n\ndef test_version():\n'
        + `    assert "%d.%d.%d" % sys.version_info[:3] == "${version}" == os.environ["INSTALLED_WITH"]\n`
        + `    assert os.environ["PYTHON_VERSION"] == "${version.replace(/\.\d+$/, '')}"\n`,
    });
    const installCommands = ['export INSTALLED_WITH="$(python -c \'import platform; print(platform.python_version())\')"'];
    const released = (
      name: string, chosen: Interpreter, reason: string, files: Files, python: PythonProject, modes = ONE,
    ) => this.released(name, light({
      files: { ...files, ...runsOn(chosen) }, pipeline: { python, installCommands }, modes,
    }), ({ expect, result }) => {
      const line = `Python ${chosen.version}, ${reason}`;
      const lines = result.output.trimEnd().split('\n');
      expect.that(lines.findIndex((each) => each.startsWith(line)) in lines.slice(0, 10), `the beginning of the log does not say '${line}'`);
    }, LIGHT_GATES, 2);
    const failed = (name: string, files: Files, lacking: string) => this.refused(name, light({
      files, pipeline: { python: PythonProject.pip(), installCommands },
    }), { verdict: `install: the build image has no ${lacking}: change that file, set pythonVersion, or change buildImage`, evidence: ['bandit.json'] });
    // no version of this machine satisfies what the package requires
    const unfit = (installer: RequirementsInstaller) => light({
      files: {
        'requirements.txt': './package\n',
        'package/pyproject.toml': `${BUILD_SYSTEM}[project]\nname = "unfit"\nversion = "1"\nrequires-python = ">=3.99"\n`,
        'package/unfit.py': '',
      },
      pipeline: { python: PythonProject.pip({ installer }) },
    });
    const doesNotRun = (name: string) => ({
      verdict: `install: ${name} requires Python >=3.99, and the build runs ${preset.minor}: set pythonVersion, or choose another version of it`,
      evidence: ['bandit.json'],
    });
    const contradicted = (name: string, files: Files, python: PythonProject, named: string) => (
      this.refused(name, light({ files: { ...requires('3.99'), ...files }, pipeline: { python } }), {
        verdict: `install: the Python versions contradict each other: ${named}, which requires-python of pyproject.toml (>=3.99) excludes: change one of them`,
        evidence: ['bandit.json'],
      }));
    return [
      contradicted('a .python-version that the project excludes fails the build', { '.python-version': `${newest.minor}\n` }, PythonProject.pip(), `.python-version names ${newest.minor}`),
      contradicted('a pythonVersion that the project excludes fails the build', {}, PythonProject.pip({ pythonVersion: preset.minor }), `pythonVersion is ${preset.minor}`),
      this.refused('a dependency that does not run on the Python of the build fails it, with uv and then pip', unfit(RequirementsInstaller.UV), doesNotRun('unfit==1')),
      this.refused('a dependency that does not run on the Python of the build fails it, with pip', unfit(RequirementsInstaller.PIP), doesNotRun('unfit')),
      ...projects.flatMap(([kind, files, python, requiring], index) => [
        released(`a project of ${kind} with a .python-version is built with that version`, newest, `because .python-version names ${newest.minor}`,
          { ...files, '.python-version': `${newest.minor}\n` }, python, index === 0 ? BOTH : ONE),
        ...next ? [released(`a project of ${kind} that excludes the default is built with the lowest version that it allows`, next, 'the lowest version of the build image that ',
          { ...files, ...requiring(next.minor) }, python)] : [],
        released(`a project of ${kind} that allows the default is built with it`, preset, 'the default, ', files, python),
      ]),
      released('a .python-version wins over requires-python', newest, `because .python-version names ${newest.version}`,
        { ...requires(preset.minor), '.python-version': `# of the app\n${newest.version}\n` }, PythonProject.pip()),
      failed('a .python-version with a version that the image lacks fails the build', { '.python-version': '3.99\n' }, 'Python 3.99, which .python-version names'),
      failed('a project that excludes every version of the image fails the build', requires('3.99'), 'Python that requires-python of pyproject.toml (>=3.99) allows'),
    ];
  }

  private repetitions(): Case[] {
    return [{
      ...this.refused('a build that failed by its own verdict ends at once when it is started again, and runs when somebody starts it once more', light({
        files: { 'tests/test_shop.py': FAILING_TEST },
      }), { verdict: '' }),
      check: async (run) => {
        const verdict = "pytest: a test failed, or the coverage is below the project's own threshold: see the report";
        await expectRefusal(run, { verdict });
        const repeated = await run.again();
        await expectRepetition(repeated, `${verdict} (reports: s3://${run.rendered.spec.env?.variables?.ARTIFACT_BUCKET}/reports/execution-1/7/)`);
        run.expect.that(!repeated.result.calls.some(({ tool }) => tool === 'docker'), 'the repeated build called docker');
        await expectRefusal(await run.again({ buildNumber: 9 }), { verdict });
      },
    }];
  }

  /** The build without its program: it ends before it calls anything else, and says why. */
  private programs(): Case[] {
    const stopped = (name: string, choices: BuildChoices, why: string): Case => ({
      ...this.case(name, light({ modes: BOTH, choices })),
      check: async (run) => {
        const { expect, result, rendered } = run;
        const [, object] = /^object='([^']+)'/m.exec(rendered.spec.phases.build?.commands?.join('\n') ?? '') ?? [];
        expect.equal(result.failed, ['BUILD', 'UPLOAD_ARTIFACTS'], 'the list of failed phases');
        await expectNothingReleased(run);
        expect.that(result.calls.every(({ args }) => args[0] === 's3' && args[1] === 'cp'), 'the build called more than its download');
        expectEnd(run, [`the build failed and released nothing: program: s3://${object} ${why}`]);
      },
    });
    const changed = (uploaded: Assets): Assets => Object.fromEntries(Object.entries(uploaded)
      .map(([object, content]) => [object, Buffer.concat([content, Buffer.from('echo changed\n')])]));
    const unread = 'could not be read: see the error above';
    return [
      stopped('a program that is not in the asset bucket ends the build', { assets: () => ({}) }, unread),
      stopped('a program that the build may not read ends the build',
        { aws: { failing: { 's3 cp *.sh -': 'An error occurred (AccessDenied) when calling the GetObject operation: Access Denied' } } }, unread),
      stopped('a program that somebody changed in the asset bucket does not run', { assets: changed }, 'was changed: delete it, and deploy the stack again'),
    ];
  }

  private renderWithSecret(): Rendered {
    const secret = secretsmanager.Secret.fromSecretCompleteArn(new Stack(), 'Secret', SECRET);
    const { pipeline } = light({ pipeline: { dockerHub: DockerHubCredentials.fromSecret(secret, { passwordField: 'token' }) } });
    return this.render(pipeline);
  }
}

/** It adds nothing to what was kept before, and says where that is. */
async function expectRepetition(run: Run, judged: string): Promise<void> {
  const { expect, result } = run;
  expect.equal(result.failed, ['BUILD', 'UPLOAD_ARTIFACTS'], 'the list of failed phases');
  await expectNothingReleased(run);
  expectEnd(run, [`the build failed and released nothing: repeated: the previous attempt failed: ${judged} - retry the stage to run the build again`]);
}

function expectSampleCoverage({ expect, result }: Run): void {
  const { figures = {}, text = '' } = expectCoverage(expect, result) ?? {};
  expect.that(figures['line-rate'] > 0.9, `the line rate is ${figures['line-rate']}`);
  expect.that(text.includes('filename="routes.py"'), 'the coverage report does not name the app\'s files');
  expect.that(!text.includes('test_api.py'), 'the coverage report counts the tests');
  expect.that(text.includes('<source>orders</source>'), 'the sources of the coverage report are not those of the repository');
}

/** The report that stands in for a missing one says why. */
function expectPlaceholderReport(reason: string): (run: Run) => void {
  return ({ expect, result }) => {
    const report = readReport(result, 'JUNITXML');
    expect.equal([report?.figures.tests, report?.figures.errors], [1, 1], 'the number of tests and errors in the report');
    expect.that(report?.text.includes(`message="${reason}"`) === true, `the report does not say '${reason}'`);
  };
}
