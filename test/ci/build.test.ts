import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  AdvisoryApi, AdvisorySource, AdvisorySourceConfig,
  DeployStageConfig, DockerHubCredentials, FindingSeverity, PipOptions, PoetryOptions, PythonCiPipeline,
  PythonCiPipelineProps, PythonProject,
  RequirementsInstaller, UnauditedAction, UvOptions,
} from '../../src';
import { joinProgram } from '../../src/ci/private/build-program';
import { settingsWrittenBy } from '../../src/private/delivered-files';
import { buildSpecOf, createService, deliveredFile, createStack, onlyResource, resourcesOf, statementsOf, textOf } from '../helpers';

type Build = Partial<PythonCiPipelineProps>;

class Mirror extends AdvisorySource {
  public bind(): AdvisorySourceConfig {
    return { api: AdvisoryApi.PYPI, url: 'https://pypi.local/pypi', whenUnaudited: UnauditedAction.WARN };
  }
}

const PROJECT = 'AWS::CodeBuild::Project';
const BUILD = path.join(__dirname, '..', '..', 'assets', 'build');
const PROGRAM = joinProgram(new Stack());

/** The interpreter that `python3` starts. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();

function synthesize(props: Build | ((stack: Stack) => Build) = {}) {
  const stack = createStack();
  const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
  new PythonCiPipeline(stack, 'Pipeline', {
    service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), ...typeof props === 'function' ? props(stack) : props,
  });
  const template = Template.fromStack(stack);
  const { spec } = buildSpecOf(template);
  const settings = settingsWrittenBy(spec.phases.build.commands.join('\n'));
  return { template, spec, settings };
}

const plain = synthesize();

function settingsOf(props: Build): string[] {
  return synthesize(props).settings.split('\n');
}

test('the program and its settings are bash that bash accepts', () => {
  for (const text of [PROGRAM, plain.settings]) {
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  }
});

describe('the download of the program', () => {
  const DOWNLOAD = /^program="[^]*?^\[ "\$\(sha256sum .*$/m.exec(plain.spec.phases.build.commands.join('\n'))?.[0] ?? '';
  let home: string;

  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'download-'));
  });

  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });

  /** Runs the download, with a bucket that has this program, and then what `finally` calls. */
  function download(program: string | undefined) {
    const bin = path.join(home, 'bin');
    fs.mkdirSync(bin);
    const [, object = ''] = /^object='[^']*\/([^']+)'/m.exec(DOWNLOAD) ?? [];
    if (program !== undefined) { fs.writeFileSync(path.join(home, object), program); }
    fs.writeFileSync(path.join(bin, 'aws'), `#!/usr/bin/env bash\n[ "$1 $2 $3 $5" = 's3 cp --only-show-errors -' ] && cat "${home}/\${4##*/}"\n`, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}`, DELIVERY_HOME: home };
    const { status } = spawnSync('bash', ['-c', `set -euo pipefail\n${DOWNLOAD}`], { env, encoding: 'utf8' });
    return { status, conclude: () => spawnSync('bash', [path.join(home, 'program.sh'), 'conclude'], { env, encoding: 'utf8' }) };
  }

  test('gives the program of the library', () => {
    expect(download(PROGRAM).status).toBe(0);
    expect(fs.readFileSync(path.join(home, 'program.sh'), 'utf8')).toBe(PROGRAM);
  });

  test.each<[string, string | undefined, RegExp]>([
    ['is not there', undefined, /\.sh could not be read: see the error above$/],
    ['was changed', `${PROGRAM}# \n`, /\.sh was changed: delete it, and deploy the stack again$/],
    ['was cut off', PROGRAM.slice(0, 1000), /\.sh was changed: delete it, and deploy the stack again$/],
  ])('of a program that %s fails, and the last line says so', (_how, program, line) => {
    const { status, conclude } = download(program);
    expect(status).toBe(1);
    const last = conclude();
    expect(last.status).toBe(1);
    expect(last.stdout.trimEnd()).toMatch(/^the build failed and released nothing: program: s3:\/\/\S+ [^\n]+$/);
    expect(last.stdout.trimEnd()).toMatch(line);
  });
});

describe('the end of a build', () => {
  let home: string;

  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'build-'));
  });

  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });

  /** Calls a function of the program, or several with `eval`, with a bucket that is a directory. */
  function call(
    name: string | string[], gates: { [gate: string]: string }, variables: { [name: string]: string } = {},
  ) {
    const bin = path.join(home, 'bin');
    [bin, path.join(home, 'gates'), path.join(home, 'src/.delivery/reports'), path.join(home, 'src/.delivery/release'), path.join(home, 'bucket')]
      .forEach((directory) => fs.mkdirSync(directory, { recursive: true }));
    fs.writeFileSync(path.join(bin, 'aws'), [
      '#!/usr/bin/env bash',
      `place() { printf '${home}/bucket/%s' "\${1#s3://bucket/}"; }`,
      'case "$4" in',
      '--recursive) mkdir -p "$(place "$6")"; cp "$5"/* "$(place "$6")" ;;',
      '-) mkdir -p "$(dirname "$(place "$5")")"; cat > "$(place "$5")" ;;',
      '*) cat "$(place "$4")" ;;',
      'esac',
    ].join('\n'), { mode: 0o755 });
    for (const [gate, result] of Object.entries(gates)) {
      fs.writeFileSync(path.join(home, 'gates', gate), `${result}\n`);
    }
    fs.writeFileSync(path.join(home, 'program.sh'), PROGRAM);
    fs.writeFileSync(path.join(home, 'settings.sh'), plain.settings);
    const { status, stdout } = spawnSync('bash', [path.join(home, 'program.sh'), ...[name].flat()], {
      encoding: 'utf8',
      env: {
        PATH: `${bin}:${process.env.PATH}`,
        DELIVERY_HOME: home,
        CODEBUILD_SRC_DIR: path.join(home, 'src'),
        CODEBUILD_BUILD_NUMBER: '7',
        ARTIFACT_BUCKET: 'bucket',
        IMAGE_REPOSITORY: 'images',
        IMAGE_DIGEST: 'sha256:1',
        ...variables,
      },
    });
    return { status, lines: stdout.trimEnd().split('\n') };
  }

  const passed = { install: 'passed', pytest: 'passed', bandit: 'passed', audit: 'passed', sbom: 'passed', image: 'passed' };
  const execution = { PIPELINE_EXECUTION_ID: 'execution' };
  const read = (file: string) => fs.readFileSync(path.join(home, file), 'utf8');

  test('is a success when every gate passed', () => {
    expect(call('judge_gates', passed)).toMatchObject({ status: 0, lines: Object.keys(passed).map((gate) => `gate ${gate}: passed`) });
  });

  test('is a failure when a gate failed', () => {
    expect(call('judge_gates', { ...passed, bandit: 'a finding' })).toMatchObject({ status: 1, lines: expect.arrayContaining(['gate bandit: a finding']) });
  });

  test('is a failure when a gate did not run', () => {
    const { audit, ...others } = passed;
    expect(call('judge_gates', others)).toMatchObject({ status: 1, lines: expect.arrayContaining(['gate audit: the gate did not run: see the log', `gate image: ${audit}`]) });
  });

  test('is told without the mark of a failure that a retry may fix', () => {
    const { lines } = call('judge_gates', { ...passed, image: '~the image could not be built: see the log' });
    expect(lines).toContain('gate image: the image could not be built: see the log');
    expect(lines.join()).not.toContain('~');
  });

  test('is told without what follows from a failed installation', () => {
    expect(call('judge_gates', { install: 'no lock', bandit: 'passed', image: 'passed' })).toMatchObject({
      status: 1, lines: ['gate install: no lock', 'gate bandit: passed', 'gate image: passed'],
    });
  });

  test('says in its last line what to do about each gate, and keeps the reports', () => {
    const { lines } = call('conclude', { ...passed, pytest: 'a test failed', image: '~no image' }, execution);
    expect(lines).toEqual([
      'reports: s3://bucket/reports/execution/7/',
      'the build failed and released nothing: image: no image; pytest: a test failed',
    ]);
    expect(read('bucket/reports/execution/7/pytest.xml')).toContain('<error message="image: no image; pytest: a test failed"/>');
    expect(read('bucket/reports/execution/7/coverage.xml')).toContain('lines-valid="0"');
  });

  test('names the image when it was released', () => {
    fs.mkdirSync(path.join(home, 'src/.delivery/release'), { recursive: true });
    fs.writeFileSync(path.join(home, 'src/.delivery/release/imageDetail.json'), '{}');
    expect(call('conclude', passed, execution).lines.slice(-1)).toEqual(['the build passed: images@sha256:1']);
    expect(fs.existsSync(path.join(home, 'bucket/reports/execution/verdict'))).toBe(false);
  });

  test('has no report of a passed test that nothing wrote', () => {
    call('conclude', { ...passed, bandit: 'a finding' });
    expect(read('src/.delivery/reports/pytest.xml')).toBe('<testsuites><testsuite name="pytest" tests="1" failures="0" errors="1">'
      + '<testcase classname="build" name="pytest"><error message="bandit: a finding"/></testcase></testsuite></testsuites>\n');
  });

  test('leaves no character in the report that XML does not take', () => {
    call('conclude', { install: '~it said <"no"> & ended' });
    expect(read('src/.delivery/reports/pytest.xml')).toContain('message="install: it said no  ended"');
  });

  test('is a failure when the registry gave no digest', () => {
    expect(call('finish', passed, { IMAGE_DIGEST: '' }).status).toBe(1);
    expect(read('gates/push')).toBe('~the registry returned no digest for the image: see the log\n');
    expect(fs.existsSync(path.join(home, 'src/.delivery/release/imageDetail.json'))).toBe(false);
  });

  test('tells of a command outside the gates', () => {
    expect(call('conclude', {}).lines.slice(-1)).toEqual(['the build failed and released nothing: a command failed: see the log']);
  });

  describe('after an installation that failed', () => {
    const explained = (message: string) => {
      fs.mkdirSync(path.join(home, 'logs'), { recursive: true });
      fs.writeFileSync(path.join(home, 'logs', 'install'), 'Current Python version (3.9.18) is not allowed by the project (^3.12).\n');
      fs.copyFileSync(path.join(BUILD, 'failures.py'), path.join(home, 'failures.py'));
      call(['eval', `newest=${PYTHON} PYTHON_VERSION=3.9; explain_installation`], { install: message }, { PROJECT_DIRECTORY: '.' });
      return read('gates/install').trimEnd();
    };

    test('names what the output of the tools shows', () => {
      expect(explained('~the project could not be installed: see the log')).toBe('the project requires Python ^3.12, and the build runs 3.9: set pythonVersion');
    });

    test('keeps a message that names its cause', () => {
      expect(explained('the requirements file a.txt is missing: add it, or change requirementsFiles'))
        .toBe('the requirements file a.txt is missing: add it, or change requirementsFiles');
    });
  });

  describe('of an image', () => {
    const build = (variables: { [name: string]: string }) => call(
      ['eval', 'aws() { :; }; docker() { cat < /dev/null; echo "docker $*"; }; log_in_to_docker_hub() { :; }; check_image'], {},
      { IMAGE: 'images:1', PROJECT_DIRECTORY: '.', ...variables },
    ).lines.find((line) => line.startsWith('docker build'));

    test.each([
      [{}, 'there is no Dockerfile at Dockerfile: add it, or set dockerfile'],
      [{ 'docker/Dockerfile.web': '', 'node_modules/x/Dockerfile': '' }, 'there is no Dockerfile at Dockerfile: set dockerfile, the repository has docker/Dockerfile.web'],
    ])('names the Dockerfile that is missing beside %j, before Docker starts', (files, text) => {
      fs.mkdirSync(path.join(home, 'image'));
      for (const name of Object.keys(files)) {
        fs.mkdirSync(path.join(home, 'image', path.dirname(name)), { recursive: true });
        fs.writeFileSync(path.join(home, 'image', name), '');
      }
      expect(build({})).toBeUndefined();
      expect(read('gates/image')).toBe(`${text}\n`);
    });

    test('receives the commit, or nothing where CodeBuild has none', () => {
      fs.mkdirSync(path.join(home, 'image'));
      fs.writeFileSync(path.join(home, 'image', 'Dockerfile'), '');
      expect(build({ CODEBUILD_RESOLVED_SOURCE_VERSION: 'abc' })).toContain(' --build-arg SOURCE_VERSION=abc ');
      expect(build({})).toMatch(/^docker build (?!.*SOURCE_VERSION)/);
      expect(build({ CODEBUILD_RESOLVED_SOURCE_VERSION: '' })).toMatch(/^docker build (?!.*SOURCE_VERSION)/);
    });
  });

  describe('by the commands of its image', () => {
    const script = (file: string, ...lines: string[]) => {
      fs.mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
      fs.writeFileSync(path.join(home, file), ['#!/usr/bin/env bash', ...lines].join('\n'), { mode: 0o755 });
    };
    /** An interpreter that says that it is of a version. */
    const interpreter = (file: string, version: string) => script(file,
      `case "$*" in *version_info*sys.executable*) echo "${version} $0" ;; *) exec ${PYTHON} "$@" ;; esac`);

    test('names a python that is missing, not the directory', () => {
      const tools = path.join(home, 'tools');
      [tools, path.join(home, 'checks')].forEach((directory) => fs.mkdirSync(directory));
      fs.symlinkSync('/bin/bash', path.join(tools, 'bash'));
      expect(call('check', {}, { PATH: tools, PROJECT_DIRECTORY: '.' }).status).not.toBe(0);
      expect(read('gates/install')).toBe('~the build image has no command python: see the log\n');
    });

    test('uses the chosen version before another python, and no alias of pyenv', () => {
      interpreter('bin/python', '3.9.18');
      ['3.9.18', '3.12', '3.12.1'].forEach((version) => interpreter(`pyenv/versions/${version}/bin/python`, version));
      script('bin/pyenv', `case "$1" in root) echo '${home}/pyenv' ;; *) ls '${home}/pyenv/versions' ;; esac`);
      fs.mkdirSync(path.join(home, 'checks'));
      fs.writeFileSync(path.join(home, 'checks', 'pyproject.toml'), '[project]\nrequires-python = ">=3.12"\n');
      fs.copyFileSync(path.join(BUILD, 'python_version.py'), path.join(home, 'python_version.py'));
      const chosen = path.join(home, 'pyenv/versions/3.12.1/bin/python');
      expect(call(['eval', 'find_pythons; choose_python; echo "$interpreter $PYTHON_VERSION $PYENV_VERSION"; command -v python'], {}, { PROJECT_DIRECTORY: '.' }))
        .toEqual({ status: 0, lines: [`${chosen} 3.12 3.12.1`, chosen] });
    });
  });

  describe('of a build that CodePipeline starts again', () => {
    const repeat = (gates: { [gate: string]: string }) => {
      call('conclude', gates, execution);
      fs.rmSync(path.join(home, 'gates'), { recursive: true });
      return call('end_repetition', {}, execution);
    };

    test('comes at once after a verdict, and once only', () => {
      expect(repeat({ pytest: 'a test failed' }).status).toBe(1);
      expect(read('gates/repeated')).toBe('the previous attempt failed: pytest: a test failed (reports: s3://bucket/reports/execution/7/) - retry the stage to run the build again\n');
      expect(call('conclude', {}, execution).lines.slice(-1)[0]).toContain('the previous attempt failed: pytest: a test failed');
      fs.rmSync(path.join(home, 'gates'), { recursive: true });
      expect(call('end_repetition', {}, execution).status).toBe(0);
    });

    test('does not come when trying again may help', () => {
      expect(repeat({ pytest: 'a test failed', image: '~the registry let nobody in' }).status).toBe(0);
    });

    test('does not come when something else failed', () => {
      expect(repeat({}).status).toBe(0);
    });

    test('does not come for a build that somebody starts by hand', () => {
      call('conclude', { pytest: 'a test failed' }, execution);
      expect(call('end_repetition', {}).status).toBe(0);
    });
  });
});

describe('the Python project', () => {
  const install = (python: PythonProject) => /install_project\(\) \{\n([^]*?)\n\}/.exec(synthesize({ python }).settings)?.[1].split('\n') ?? [];
  const pip = (options: PipOptions) => install(PythonProject.pip(options));
  const uv = (options: UvOptions) => install(PythonProject.uv(options));
  const poetry = (options: PoetryOptions) => install(PythonProject.poetry(options));
  const NOTHING = ['extras=()', 'groups=()', 'extra_test_packages=()'];

  test('is installed by those requirements files that are there', () => {
    expect(pip({})).toEqual([
      ...NOTHING,
      "requirements_files=('requirements.txt')", "test_requirements_files=('requirements-dev.txt' 'requirements-test.txt')",
      'requirements_option=', 'test_requirements_option=', 'INSTALLER=UV', 'install_pip_project',
    ]);
  });

  test('must have the files that are named', () => {
    expect(pip({ requirementsFiles: ['a.txt'], testRequirementsFiles: ["b's.txt"] })).toEqual(expect.arrayContaining([
      "requirements_files=('a.txt')", "test_requirements_files=('b'\\''s.txt')", 'requirements_option=requirementsFiles', 'test_requirements_option=testRequirementsFiles',
    ]));
    expect(pip({ requirementsFiles: ['a.txt'] })).toEqual(expect.arrayContaining(['test_requirements_files=()', 'test_requirements_option=']));
  });

  test('is installed by pip when that is asked for', () => {
    expect(pip({ installer: RequirementsInstaller.PIP })).toContain('INSTALLER=PIP');
  });

  test.each([['pip', pip], ['uv', uv], ['poetry', poetry]])('of %s takes extras, groups and packages for its tests', (_name, commands) => {
    expect(commands({ extras: ['test', 'postgres'], groups: ['dev'], extraTestPackages: ['pytest-django==4.11'] }))
      .toEqual(expect.arrayContaining(["extras=('test' 'postgres')", "groups=('dev')", "extra_test_packages=('pytest-django==4.11')"]));
  });

  test('has no extra and no group for an empty list, and the usual ones without a list', () => {
    expect(pip({ extras: [], groups: [] })).toEqual(expect.arrayContaining(['extras=()', 'groups=()', 'extras_given=yes', 'groups_given=yes']));
    expect(pip({ groups: [] })).not.toContain('extras_given=yes');
  });

  test('may lie in a directory of its own with tests, Dockerfile and context elsewhere', () => {
    const { spec, settings } = synthesize({
      python: PythonProject.pip({
        pythonVersion: '3.13', directory: 'services/api/', testDirectory: "it's tests", dockerfile: 'docker/Dockerfile', imageContext: 'a $b', buildArguments: { A: "b'c" },
      }),
    });
    expect(spec.env.variables).toMatchObject({ PROJECT_DIRECTORY: 'services/api' });
    expect(spec.phases.install['runtime-versions'].python).toBe('3.13');
    expect(settings.split('\n')).toEqual(expect.arrayContaining([
      'PYTHON_VERSION=3.13', "test_target=('it'\\''s tests')", "DOCKERFILE='docker/Dockerfile'", "IMAGE_CONTEXT='a $b'", "build_options=('--build-arg' 'A=b'\\''c')",
    ]));
    expect(spec.cache?.key).toContain("codebuild-hash-files 'services/api/*requirements*.txt'");
  });

  test.each([
    ['./services/api', 'services/api'], ['services//api/', 'services/api'], ['services/./api/.', 'services/api'], ['./', '.'], ['.', '.'],
  ])(
    'is in %s as in %s, for each of its paths', (given, place) => {
      const python = { directory: given, testDirectory: given, dockerfile: given, imageContext: given };
      const files = { requirementsFiles: [given], testRequirementsFiles: [given] };
      const { spec, settings } = synthesize({ python: PythonProject.pip({ ...python, ...files }) });
      expect(spec.env.variables).toMatchObject({ PROJECT_DIRECTORY: place });
      expect(settings.split('\n')).toEqual(expect.arrayContaining([
        `test_target=('${place}')`, `DOCKERFILE='${place}'`, `IMAGE_CONTEXT='${place}'`,
        `requirements_files=('${place}')`, `test_requirements_files=('${place}')`,
      ]));
      expect(spec.cache?.key).toContain(` '${place === '.' ? place : `${place}/${place}`}' `);
      expect(spec.cache?.key).not.toMatch(/'\.\/|\/\/|\/\.\/|\/'/);
    });

  test.each([
    ['./tests//unit/test_a.py::TestA::test[a//b/./c]', 'tests/unit/test_a.py::TestA::test[a//b/./c]'],
    ['tests/test_a.py::test[../b]', 'tests/test_a.py::test[../b]'],
    ['tests/test_a.py::test[a\\n::/]', 'tests/test_a.py::test[a\\n::/]'],
  ])('may have %s as its tests, of which only the path is normalized', (testDirectory, expected) => {
    expect(settingsOf({ python: PythonProject.pip({ testDirectory }) })).toContain(`test_target=('${expected}')`);
  });

  test('must have its tests in the repository', () => {
    expect(() => synthesize({ python: PythonProject.pip({ testDirectory: '../tests/test_a.py::test' }) })).toThrow("'python.testDirectory' must be a relative path");
  });

  test.each(['services/orders', 'services/orders/', './services/orders', 'services//orders'])("that is the user's own may be in %s, and the cache depends on its files", (directory) => {
    class Own extends PythonProject {
      public bind() {
        return { directory, dockerfile: 'Dockerfile', installCommands: [], lockFiles: [] };
      }
    }
    expect(synthesize({ python: new Own() }).spec.cache?.key).toContain("$(codebuild-hash-files 'services/orders/pyproject.toml' 'services/orders/setup.*' "
      + "'.python-version' 'uv.lock' 'services/.python-version' 'services/uv.lock' 'services/orders/.python-version' 'services/orders/uv.lock')");
  });

  test('is the context of the image by default', () => {
    expect(settingsOf({ python: PythonProject.pip({ directory: 'services/api' }) })).toContain("IMAGE_CONTEXT='services/api'");
  });

  test('of uv must fit its lock file unless an outdated one is allowed', () => {
    expect(uv({})).toEqual([...NOTHING, 'allow_outdated_lock=no', 'install_uv_project']);
    expect(uv({ allowOutdatedLock: true })).toContain('allow_outdated_lock=yes');
    expect(settingsOf({ python: PythonProject.uv({ uvVersion: '0.9.1' }) })).toContain('UV_VERSION=0.9.1');
    expect(synthesize({ python: PythonProject.uv({ directory: 'member' }) }).spec.cache?.key)
      .toContain("-uv0.13.9-$(codebuild-hash-files 'member/uv.lock' 'member/pyproject.toml' 'uv.lock' ");
  });

  test('of Pipenv is installed by an exact version, or by the one that is asked for', () => {
    expect(install(PythonProject.pipenv())).toEqual([...NOTHING, "pipenv_version='2026.10.3'", 'install_pipenv_project']);
    expect(install(PythonProject.pipenv({ pipenvVersion: '2025.0.4', groups: ['docs'] })))
      .toEqual(expect.arrayContaining(["pipenv_version='2025.0.4'", "groups=('docs')"]));
  });

  test('of Poetry is installed by the version that wrote its lock file, or by the one that is asked for', () => {
    expect(poetry({})).toEqual([...NOTHING, "poetry_version=''", 'install_root=yes', 'install_poetry_project']);
    expect(poetry({ poetryVersion: '1.8.5', installRoot: false })).toEqual(expect.arrayContaining(["poetry_version='1.8.5'", 'install_root=no']));
  });

  test('comes from another index when one is given, to each tool in its own way', () => {
    const indexUrl = 'https://pypi.example.com/simple';
    const { spec } = synthesize({ python: PythonProject.poetry({ indexUrl }) });
    expect(spec.env.variables)
      .toMatchObject({ PIP_INDEX_URL: indexUrl, UV_DEFAULT_INDEX: indexUrl, POETRY_PYPI_MIRROR_URL: indexUrl });
    expect(plain.spec.env.variables).not.toHaveProperty('PIP_INDEX_URL');
  });

  test('is installed after the commands that a user gives', () => {
    expect(deliveredFile(synthesize({ installCommands: ['dnf install -y libpq-devel', 'cd /tmp'] }).template, 'install-commands.sh'))
      .toBe('dnf install -y libpq-devel\ncd /tmp\n');
    expect(plain.spec.phases.build.commands.join('\n')).not.toContain('install-commands.sh');
  });
});

describe('the gates', () => {
  test('are these by default', () => {
    expect(plain.settings.split('\n')).toEqual(expect.arrayContaining([
      "GATES='install pytest bandit audit sbom image'", 'UV_VERSION=0.13.9', 'test_target=()', 'MINIMUM_COVERAGE=', 'ALLOW_NO_TESTS=no', 'BANDIT_SEVERITY=HIGH',
      "audit_source=('PYPI' 'https://pypi.org/pypi')", 'WHEN_UNAUDITED=FAIL', 'ignored_vulnerabilities=()', 'IMAGE_SCAN_SEVERITY=', 'CACHED=yes',
    ]));
  });

  test.each<[string, Build, string[]]>([
    ['a coverage', { gates: { minimumCoverage: 85 } }, ['MINIMUM_COVERAGE=85', "GATES='install pytest coverage bandit audit sbom image'"]],
    ['no tests', { gates: { requireTests: false } }, ['ALLOW_NO_TESTS=yes']],
    ['a severity of bandit', { gates: { banditSeverity: FindingSeverity.LOW } }, ['BANDIT_SEVERITY=LOW']],
    ['a silent bandit', { gates: { bandit: false } }, ['BANDIT_SEVERITY=OFF']],
    ['a source of advisories that may be away', { gates: { advisorySource: AdvisorySource.pypi({ whenUnaudited: UnauditedAction.WARN }) } }, ['WHEN_UNAUDITED=WARN']],
    ['OSV', { gates: { advisorySource: AdvisorySource.osv() } }, ["audit_source=('OSV' 'https://api.osv.dev/v1/query')"]],
    ['a mirror of OSV', { gates: { advisorySource: AdvisorySource.osv({ url: 'http://osv.local/v1/query' }) } },
      ["audit_source=('OSV' 'http://osv.local/v1/query')"]],
    ['a mirror of the API of PyPI, by a source of your own', { gates: { advisorySource: new Mirror() } }, ["audit_source=('PYPI' 'https://pypi.local/pypi')", 'WHEN_UNAUDITED=WARN']],
    ['neither audit nor bill of materials', { gates: { dependencyAudit: false, sbom: false } },
      ["GATES='install pytest bandit image'", 'audit_source=()']],
    ['what is ignored in a scan alone', { gates: { dependencyAudit: false, imageScan: true, ignoredVulnerabilities: ['CVE-1'] } },
      ["ignored_vulnerabilities=('CVE-1')", 'WHEN_UNAUDITED=FAIL']],
    ['what is ignored', { gates: { ignoredVulnerabilities: ['CVE-1', "it's"] } }, ["ignored_vulnerabilities=('CVE-1' 'it'\\''s')"]],
  ])('take %s', (_name, props, lines) => {
    expect(settingsOf(props)).toEqual(expect.arrayContaining(lines));
  });

  test('run the tests by a command of the user\'s own', () => {
    expect(deliveredFile(synthesize({ testCommand: "tox -e 'py312'" }).template, 'test-command.sh')).toBe("tox -e 'py312'\n");
    expect(plain.spec.phases.build.commands.join('\n')).not.toContain('test-command.sh');
  });

  test('wait for the scan of the registry when one is asked for, which the build may read', () => {
    const { settings, template } = synthesize({ gates: { imageScan: true } });
    expect(settings).toContain('\nIMAGE_SCAN_SEVERITY=HIGH\n');
    expect(settingsOf({ gates: { imageScan: true, imageScanSeverity: FindingSeverity.CRITICAL } })).toContain('IMAGE_SCAN_SEVERITY=CRITICAL');
    const scanning = /ecr:DescribeImageScanFindings|inspector2/;
    expect(JSON.stringify(statementsOf(template, 'PipelineBuildRole'))).toMatch(scanning);
    expect(statementsOf(template, 'PipelineBuildRole').find(({ Resource }) => Resource === '*')?.Action)
      .toEqual(['ecr:GetAuthorizationToken', 'inspector2:ListCoverage', 'inspector2:ListFindings']);
    expect(JSON.stringify(statementsOf(plain.template, 'PipelineBuildRole'))).not.toMatch(scanning);
  });
});

describe('the cache', () => {
  test('holds what was downloaded, by the lock files, beside the artifacts', () => {
    const [bucket] = onlyResource(plain.template, 'AWS::S3::Bucket');
    const { Cache } = onlyResource(plain.template, PROJECT)[1].Properties;
    expect(Cache).toMatchObject({ Type: 'S3' });
    expect(textOf((Cache as { Location: unknown }).Location)).toBe(`\${${bucket}}/cache`);
    expect(plain.spec.cache).toEqual({
      'key': expect.stringMatching(/^python3\.9-default-uv[0-9.]+-\$\(codebuild-hash-files '\*requirements\*\.txt' 'pyproject\.toml' 'setup\.\*' '\.python-version' 'uv\.lock'\)$/),
      'fallback-keys': [expect.stringMatching(/^python3\.9-default-uv[0-9.]+-$/)],
      'paths': ['.delivery/cache/downloads.tar'],
    });
  });

  test('depends on every file that the Python version can come from, unless an option names it', () => {
    const keyOf = (options: UvOptions) => synthesize({ python: PythonProject.uv(options) }).spec.cache?.key ?? '';
    expect(keyOf({ directory: 'services/api' }).split(/ (?=')/).slice(1).map((file) => file.replace(/[')]/g, ''))).toEqual([
      'services/api/uv.lock', 'services/api/pyproject.toml', 'uv.lock', 'services/api/setup.*', '.python-version', 'services/.python-version', 'services/uv.lock',
      'services/api/.python-version',
    ]);
    expect(keyOf({ pythonVersion: '3.12' })).toBe("python3.12-uv0.13.9-$(codebuild-hash-files 'uv.lock' 'pyproject.toml')");
  });

  test('can be left out', () => {
    const { template, spec, settings } = synthesize({ cache: false });
    expect(onlyResource(template, PROJECT)[1].Properties.Cache).toEqual({ Type: 'NO_CACHE' });
    expect(spec.cache).toBeUndefined();
    expect(settings).toContain('\nCACHED=no\n');
  });
});

describe('Docker Hub credentials', () => {
  const names = { usernameParameterName: '/orders/docker-hub/username', passwordParameterName: 'docker-hub-password' };
  const parameters = DockerHubCredentials.fromParameterStore(names);
  const login = (settings: string) => /log_in_to_docker_hub\(\) \{\n([^]*?)\n\}/.exec(settings)?.[1] ?? '';
  const image = (dockerHub: DockerHubCredentials) => synthesize({ dockerHub }).settings;

  test('are fetched in the build and reach docker by standard input only', () => {
    const { template, settings } = synthesize({ dockerHub: parameters });
    const lines = login(settings);
    expect(lines).toContain("password=\"$(aws ssm get-parameter --name 'docker-hub-password' --with-decryption --query Parameter.Value --output text)\"\n");
    expect(lines).toContain('printf %s "$password" | docker login --username "$username" --password-stdin');
    expect(JSON.stringify(onlyResource(template, PROJECT)[1].Properties.Environment)).not.toContain('docker-hub');
  });

  test('are told how to be created when they are missing', () => {
    expect(image(parameters)).toContain('~the parameters /orders/docker-hub/username and docker-hub-password could not be read: '
      + 'create them with aws ssm put-parameter --type SecureString');
  });

  test('may be read by the build, these two parameters only', () => {
    const read = statementsOf(synthesize({ dockerHub: parameters }).template, 'PipelineBuildRole').filter(({ Action }) => Action === 'ssm:GetParameter');
    expect(read.flatMap(({ Resource }) => (Resource as unknown[]).map(textOf))).toEqual([
      'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/docker-hub-password',
      'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/orders/docker-hub/username',
    ]);
  });

  test('with a key of their own may be decrypted through Parameter Store only', () => {
    const { template } = synthesize((stack) => {
      const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1');
      return { dockerHub: DockerHubCredentials.fromParameterStore({ ...names, encryptionKey }) };
    });
    expect(statementsOf(template, 'PipelineBuildRole')).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: 'arn:aws:kms:eu-west-1:111111111111:key/1',
      Condition: {
        StringEquals: {
          'kms:ViaService': { 'Fn::Join': ['', ['ssm.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] },
          'kms:EncryptionContext:PARAMETER_ARN': [expect.anything(), expect.anything()],
        },
      },
    });
  });

  test('may come from a secret, which the build may read and decrypt through Secrets Manager only', () => {
    const { template, settings } = synthesize((stack) => ({
      dockerHub: DockerHubCredentials.fromSecret(new secretsmanager.Secret(stack, 'Secret', {
        encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1'),
      }), { passwordField: "the user's" }),
    }));
    const [secret] = onlyResource(template, 'AWS::SecretsManager::Secret');
    const statements = statementsOf(template, 'PipelineBuildRole');
    expect(statements).toContainEqual({ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: secret } });
    expect(statements.find(({ Resource }) => Resource === 'arn:aws:kms:eu-west-1:111111111111:key/1')).toMatchObject({
      Action: 'kms:Decrypt',
      Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } } },
    });
    expect(login(settings)).toContain(`aws secretsmanager get-secret-value --secret-id '\${${secret}}' --output json`);
    expect(login(settings)).toContain(" 'the user'\\''s')\"");
  });

  test('may come from a secret that is known by its name, whose ARN ends in something unknown', () => {
    const { template } = synthesize((stack) => ({
      dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'docker-hub')),
    }));
    const [read] = statementsOf(template, 'PipelineBuildRole').filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(textOf(read.Resource)).toMatch(/:secret:docker-hub-\?\?\?\?\?\?$/);
    expect(JSON.stringify(statementsOf(template, 'PipelineBuildRole'))).not.toContain('kms:ViaService');
  });

  test('are not needed with a pull-through cache, whose repositories the build may fill and read', () => {
    const { template, settings } = synthesize({ dockerHub: DockerHubCredentials.pullThroughCache() });
    expect(settings).toContain("build_options=('--build-arg' 'DOCKER_HUB=${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/docker-hub/')");
    expect(login(settings)).toBe(':');
    const [statement] = statementsOf(template, 'PipelineBuildRole').filter(({ Action }) => Action.includes('ecr:BatchImportUpstreamImage'));
    expect(textOf(statement.Resource)).toBe('arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/docker-hub/*');
    expect(image(DockerHubCredentials.pullThroughCache({ repositoryPrefix: 'hub', buildArgument: 'HUB' }))).toContain("'--build-arg' 'HUB=");
  });

  test('stand in no log and no argument of the build', () => {
    expect(image(parameters)).not.toMatch(/set -x|echo .*password|--password |-p /);
  });

  test('need no permission and no variable when there are none', () => {
    expect(login(plain.settings)).toBe(':');
    expect(resourcesOf(plain.template, 'AWS::SecretsManager::Secret')).toEqual({});
  });
});

describe('the tag of an image', () => {
  const ID = 'orders-build-prod:56be3e40-853a-4797-9455-f88ce291fdad';

  function tagOf(deploy: Partial<DeployStageConfig>, buildId = ID): string {
    const stack = createStack();
    const service = createService(stack);
    const bind = service.bindDeployStage.bind(service);
    service.bindDeployStage = (scope, options) => ({ ...bind(scope, options), ...deploy });
    const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
    new PythonCiPipeline(stack, 'Pipeline', { service, repository });
    const command = buildSpecOf(Template.fromStack(stack)).spec.phases.build.commands.find((each) => each.startsWith('export IMAGE=')) ?? '';
    const script = `${command}; echo "$IMAGE"`;
    const env = { PATH: process.env.PATH, IMAGE_REPOSITORY: 'images', CODEBUILD_RESOLVED_SOURCE_VERSION: '0123456789abcdef', CODEBUILD_BUILD_NUMBER: '7', CODEBUILD_BUILD_ID: buildId };
    return spawnSync('bash', ['-c', script], { encoding: 'utf8', env }).stdout.trim();
  }

  test('starts as the lifecycle rules of a candidate want it', () => {
    expect(tagOf({})).toBe('images:build-0123456789ab-7-f88ce291fdad');
  });

  test.each([['a prefix of a service of its own', 'x.y_', 'images:x.y_0123456789ab-7-f88ce291fdad'], ['no prefix', undefined, 'images:0123456789ab-7-f88ce291fdad']])(
    'can have %s', (_, imageTagPrefix, tag) => {
      expect(tagOf({ imageTagPrefix })).toBe(tag);
    });

  test('differs between two builds of one commit with the same number, as those of two pipelines', () => {
    expect(tagOf({}, 'orders-build-test:0a1b2c3d-1111-2222-3333-0123456789ab')).toBe('images:build-0123456789ab-7-0123456789ab');
  });

  test.each(['-a', 'a b', '$(id)', 'a'.repeat(41)])('cannot start with %s', (imageTagPrefix) => {
    expect(() => tagOf({ imageTagPrefix })).toThrow("'imageTagPrefix' must start with a letter, a digit, or an underscore, and have at most 40 of them, hyphens, and dots, got ");
  });
});
