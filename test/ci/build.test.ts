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
  DependencyAudit, DockerHubCredentials, FindingSeverity, PipOptions, PoetryOptions, PythonCiPipeline, PythonCiPipelineProps, PythonProject,
  QualityGateOptions, RequirementsInstaller, UnauditedAction, UvOptions,
} from '../../src';
import { buildSpecOf, createService, createStack, onlyResource, resourcesOf, statementsOf, textOf } from '../helpers';

type Build = Partial<PythonCiPipelineProps>;

const PROJECT = 'AWS::CodeBuild::Project';

function synthesize(props: Build | ((stack: Stack) => Build) = {}) {
  const stack = createStack();
  const service = createService(stack, { rollbackAlarms: { enabled: false } });
  new PythonCiPipeline(stack, 'Pipeline', {
    service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), ...typeof props === 'function' ? props(stack) : props,
  });
  const template = Template.fromStack(stack);
  const { spec } = buildSpecOf(template);
  const [, program = ''] = /cat > "\$DELIVERY_HOME\/program.sh" <<'END OF FILE'\n([^]*?)\nEND OF FILE\n/.exec(spec.phases.build.commands.join('\n')) ?? [];
  return { template, spec, program };
}

const plain = synthesize();

/** The lines of one function of the program. */
function functionOf(program: string, name: string): string {
  return new RegExp(`^${name}\\(\\) \\{\n([^]*?)\n\\}$`, 'm').exec(program)?.[1] ?? '';
}

function programOf(props: Build): string {
  return synthesize(props).program;
}

describe('the end of a build', () => {
  let home: string;

  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'build-'));
  });

  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });

  /** Calls a function of the program, with a bucket that is a directory. */
  function call(name: string, gates: { [gate: string]: string }, variables: { [name: string]: string } = {}) {
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
    fs.writeFileSync(path.join(home, 'program.sh'), plain.program);
    const { status, stdout } = spawnSync('bash', ['-c', `set -euo pipefail\n. "$DELIVERY_HOME/program.sh"\n${name}`], {
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
    expect(call('judge_gates', others)).toMatchObject({ status: 1, lines: expect.arrayContaining(['gate audit: ~it did not run: see the log', `gate image: ${audit}`]) });
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

  test('has a report that passed when a test command of the user\'s own passed without one', () => {
    call('conclude', { ...passed, bandit: 'a finding' });
    expect(read('src/.delivery/reports/pytest.xml')).toBe('<testsuites><testsuite name="pytest" tests="1" errors="0"><testcase name="pytest"/></testsuite></testsuites>\n');
  });

  test('leaves no character in the report that XML does not take', () => {
    call('conclude', { install: '~it said <"no"> & ended' });
    expect(read('src/.delivery/reports/pytest.xml')).toContain('message="install: it said no  ended"');
  });

  test('tells of a command outside the gates', () => {
    expect(call('conclude', {}).lines.slice(-1)).toEqual(['the build failed and released nothing: a command failed, see the log above']);
  });

  describe('of a build that CodePipeline starts again', () => {
    const repeat = (gates: { [gate: string]: string }) => {
      call('conclude', gates, execution);
      fs.rmSync(path.join(home, 'gates'), { recursive: true });
      return call('end_repetition', {}, execution);
    };

    test('comes at once after a verdict, and once only', () => {
      expect(repeat({ pytest: 'a test failed' }).status).toBe(1);
      expect(read('gates/repeated')).toBe('the build before has judged: pytest: a test failed (retry the stage, and it runs again)\n');
      expect(call('conclude', {}, execution).lines.slice(-1)[0]).toContain('the build before has judged: pytest: a test failed');
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
  const install = (python: PythonProject) => functionOf(programOf({ python }), 'install');
  const pip = (options: PipOptions) => install(PythonProject.pip(options));
  const uv = (options: UvOptions) => install(PythonProject.uv(options));
  const poetry = (options: PoetryOptions) => install(PythonProject.poetry(options));

  test('is installed by those requirements files that are there', () => {
    const lines = pip({});
    for (const file of ['requirements.txt', 'requirements-dev.txt', 'requirements-test.txt']) {
      expect(lines).toContain(`if [ -f '${file}' ]; then pip_install --requirement '${file}'; installed=yes; fi`);
    }
    expect(lines).toContain('--no-deps --editable .');
  });

  test('fails the build when a file that was named is missing', () => {
    const named = pip({ requirementsFiles: ['requirements/ci.txt'], testRequirementsFiles: ['requirements/tests.txt'] });
    expect(named).toContain("else explain 'the requirements file requirements/ci.txt is missing: add it, or name others by requirementsFiles'; exit 1; fi");
    expect(named).toContain("else explain 'the requirements file requirements/tests.txt is missing: add it, or name others by testRequirementsFiles'; exit 1; fi");
    expect(pip({ requirementsFiles: ['requirements/ci.txt'] })).not.toContain('requirements-dev.txt');
  });

  test.each([
    [undefined, 'pip_install() { "$uv" pip install --python "$python" "$@" || {'],
    [RequirementsInstaller.PIP, 'pip_install() { "$python" -m pip install "$@"; }'],
  ])('is installed by uv with pip behind it, or by pip: %s', (installer, expected) => {
    expect(pip({ installer })).toContain(expected);
  });

  test('takes extras, groups and packages for its tests', () => {
    const lines = pip({ extras: ['test', 'postgres'], groups: ['dev'], extraTestPackages: ['pytest-django==4.11', 'freezegun'] });
    expect(lines).toContain("extras=('test' 'postgres')");
    expect(lines).toContain("--group 'dev'");
    expect(lines).toContain("--constraint \"$DELIVERY_HOME/constraints.txt\" 'pytest-django==4.11' 'freezegun'");
  });

  test('may lie in a directory of its own with tests, Dockerfile and context elsewhere', () => {
    const { spec, program } = synthesize({
      python: PythonProject.pip({
        version: '3.13', directory: 'services/api/', testDirectory: "it's tests", dockerfile: 'docker/Dockerfile', imageContext: 'a $b', buildArguments: { A: "b'c" },
      }),
    });
    expect(spec.env.variables).toMatchObject({ PROJECT_DIRECTORY: 'services/api/', PYTHON_VERSION: '3.13' });
    expect(spec.phases.install['runtime-versions'].python).toBe('3.13');
    expect(program).toContain("-m pytest 'it'\\''s tests' --junitxml");
    expect(program).toContain('--file "$PROJECT_DIRECTORY/"\'docker/Dockerfile\' --build-arg \'A=b\'\\\'\'c\' "${options[@]}" "a \\$b"');
    expect(spec.cache?.key).toContain("codebuild-hash-files 'services/api/*requirements*.txt'");
  });

  test('of uv is installed as its lock file says, which must fit', () => {
    expect(uv({})).toContain('"$uv" lock --check --quiet --python "$interpreter"\n');
    expect(uv({ groups: ['ci'], extras: ['web'] })).toContain('"$uv" sync --frozen --python "$interpreter" --group \'ci\' "${options[@]}"');
    expect(uv({ allowOutdatedLock: true })).toContain('--python "$interpreter" || echo \'warning: uv.lock does not fit pyproject.toml');
  });

  test('of Poetry is installed by the version that wrote its lock file, or by the one that is asked for', () => {
    expect(poetry({})).toContain('version="$(sed -n "1s/.*by Poetry');
    expect(poetry({ poetryVersion: '1.8.5' })).toContain('\nversion=1.8.5\n');
    expect(poetry({})).toContain('\npoetry install --no-interaction\n');
    expect(poetry({ extras: ['web', 'db'], groups: ['ci', 'docs'], installRoot: false }))
      .toContain("\npoetry install --no-interaction --no-root --extras 'web db' --with 'ci,docs'\n");
  });

  test('comes from another index when one is given, to each tool in its own way', () => {
    const indexUrl = 'https://pypi.example.com/simple';
    const { spec, program } = synthesize({ python: PythonProject.poetry({ indexUrl }) });
    expect(spec.env.variables).toMatchObject({ PIP_INDEX_URL: indexUrl, UV_DEFAULT_INDEX: indexUrl, POETRY_PYPI_MIRROR_URL: indexUrl });
    expect(program).toContain('--with poetry-plugin-pypi-mirror');
    expect(plain.spec.env.variables).not.toHaveProperty('PIP_INDEX_URL');
    expect(poetry({})).not.toContain('poetry-plugin-pypi-mirror');
  });

  test('is installed after the commands that a user gives', () => {
    const lines = functionOf(programOf({ installCommands: ['dnf install -y libpq-devel', 'cd /tmp'] }), 'install');
    expect(lines).toContain('explain "a command of installCommands failed: see the log"\n(\ndnf install -y libpq-devel\ncd /tmp\n)\n');
    expect(lines.indexOf('dnf install')).toBeLessThan(lines.indexOf('pip_install'));
  });
});

describe('the tests', () => {
  test('are run by pytest, which leaves the project\'s own threshold in force', () => {
    expect(functionOf(plain.program, 'check_pytest')).toContain('"$python" -m pytest --junitxml="$reports/pytest.xml" "${scope[@]}" --cov-report=term --cov-report=');
    expect(plain.program).not.toContain('--cov-fail-under');
    expect(plain.program).not.toContain('check_coverage');
  });

  test('may be run by a command of the user\'s own, which is told where the reports go', () => {
    const lines = functionOf(programOf({ testCommand: "tox -e 'py312'" }), 'check_pytest');
    expect(lines).toContain("timeout -s INT -k 30 2400 bash -euo pipefail -c 'tox -e '\\''py312'\\''' || code=$?");
    expect(lines).toContain('export PYTEST_ADDOPTS=');
    expect(lines).toContain('result="testCommand ended with exit code $code: see the log"');
    expect(lines).not.toContain('-m pytest');
  });

  test('must reach a coverage when one is given', () => {
    const program = programOf({ gates: { minimumCoverage: 85 } });
    expect(program).toContain('--cov-fail-under=0');
    expect(functionOf(program, 'check_coverage')).toContain('coverage report --skip-covered --fail-under=85');
    expect(program).toContain('for gate in install pytest coverage bandit audit sbom image; do');
  });

  test.each([
    [undefined, '5) result="no test was found'],
    [true, '5) result=passed'],
  ])('may be none when that is allowed: %s', (allowNoTests, expected) => {
    expect(programOf({ gates: { allowNoTests } })).toContain(expected);
  });
});

describe('the gates', () => {
  const gate = (name: string, gates: QualityGateOptions) => functionOf(programOf({ gates }), name);

  test.each([
    [undefined, 'HIGH'],
    [FindingSeverity.MEDIUM, 'MEDIUM'],
    [FindingSeverity.LOW, 'LOW'],
    [FindingSeverity.OFF, 'OFF'],
  ])('stop at findings of bandit by severity: %s', (banditSeverity, level) => {
    expect(gate('check_bandit', { banditSeverity })).toContain(`judge bandit "$reports/bandit.json" ${level}`);
  });

  test.each([
    ['PyPI by default', undefined, "'--vulnerability-service' 'pypi' --format", 'FAIL'],
    ['PyPI, which may be away', DependencyAudit.pypi({ whenUnaudited: UnauditedAction.WARN }), "'pypi' --format", 'WARN'],
    ['OSV', DependencyAudit.osv(), "'--vulnerability-service' 'osv' '--osv-url' 'https://api.osv.dev/v1/query' --format", 'FAIL'],
    ['a mirror of OSV', DependencyAudit.osv({ url: 'http://osv.local/v1/query' }), "'osv' '--osv-url' 'http://osv.local/v1/query' --format", 'FAIL'],
  ])('audit the dependencies by %s', (_name, dependencyAudit, source, action) => {
    const lines = gate('check_audit', { dependencyAudit });
    expect(lines).toContain(source);
    expect(lines).toContain(`judge audit "$reports/audit.json" ${action}`);
  });

  test('audit nothing when nobody wants it', () => {
    const program = programOf({ gates: { dependencyAudit: DependencyAudit.none(), sbom: false } });
    expect(program).not.toContain('check_audit');
    expect(program).not.toContain('check_sbom');
    expect(program).toContain('for gate in install pytest bandit image; do');
  });

  test('pass over what is ignored', () => {
    const program = programOf({ gates: { ignoredVulnerabilities: ['CVE-1', "it's"], imageScanSeverity: FindingSeverity.CRITICAL } });
    expect(program).toContain("judge audit \"$reports/audit.json\" FAIL 'CVE-1' 'it'\\''s'");
    expect(program).toContain("judge scan \"$reports/image-scan.json\" CRITICAL 'CVE-1' 'it'\\''s'");
  });

  test('wait for the scan of the registry when one is asked for, between the push and the release', () => {
    const { spec, template } = synthesize({ gates: { imageScanSeverity: FindingSeverity.HIGH } });
    const calls = spec.phases.build.commands.map((command) => /\n(push|scan|release)\n\)$/.exec(command)?.[1]).filter((name) => name !== undefined);
    expect(calls).toEqual(['push', 'scan', 'release']);
    expect(JSON.stringify(statementsOf(template, 'PipelineBuildRole'))).toContain('ecr:DescribeImageScanFindings');
    expect(JSON.stringify(statementsOf(plain.template, 'PipelineBuildRole'))).not.toContain('ecr:DescribeImageScanFindings');
  });
});

describe('the cache', () => {
  test('holds what was downloaded, by the lock files, beside the artifacts', () => {
    const [bucket] = onlyResource(plain.template, 'AWS::S3::Bucket');
    const { Cache } = onlyResource(plain.template, PROJECT)[1].Properties;
    expect(Cache).toMatchObject({ Type: 'S3' });
    expect(textOf((Cache as { Location: unknown }).Location)).toBe(`\${${bucket}}/cache`);
    expect(plain.spec.cache).toEqual({
      'key': expect.stringMatching(/^python3\.9-uv[0-9.]+-\$\(codebuild-hash-files '\*requirements\*\.txt' 'pyproject\.toml' 'setup\.\*'\)$/),
      'fallback-keys': [expect.stringMatching(/^python3\.9-uv[0-9.]+-$/)],
      'paths': ['.delivery/cache/**/*'],
    });
  });

  test('takes the layers of the image that was released last', () => {
    expect(plain.program).toContain('[ -z "$last" ] || options+=(--cache-from "$last")');
    expect(functionOf(plain.program, 'release')).toContain('keep - "s3://$ARTIFACT_BUCKET/cache/image"');
  });

  test('can be left out', () => {
    const { template, spec, program } = synthesize({ cache: false });
    expect(onlyResource(template, PROJECT)[1].Properties.Cache).toEqual({ Type: 'NO_CACHE' });
    expect(spec.cache).toBeUndefined();
    expect(program).not.toContain('cache/image');
    expect(program).toContain('options=()\ndocker build');
  });
});

describe('Docker Hub credentials', () => {
  const names = { usernameParameterName: '/orders/docker-hub/username', passwordParameterName: 'docker-hub-password' };
  const parameters = DockerHubCredentials.fromParameterStore(names);
  const image = (dockerHub: DockerHubCredentials) => functionOf(programOf({ dockerHub }), 'check_image');

  test('are fetched in the build and reach docker by standard input only', () => {
    const { template, program } = synthesize({ dockerHub: parameters });
    const lines = functionOf(program, 'check_image');
    expect(lines).toContain("password=\"$(aws ssm get-parameter --name 'docker-hub-password' --with-decryption --query Parameter.Value --output text)\"\n");
    expect(lines).toContain('printf %s "$password" | docker login --username "$username" --password-stdin');
    expect(lines.indexOf('docker login --username "$username"')).toBeLessThan(lines.indexOf('docker build'));
    expect(JSON.stringify(onlyResource(template, PROJECT)[1].Properties.Environment)).not.toContain('docker-hub');
  });

  test('are told how to be created when they are missing', () => {
    expect(image(parameters)).toContain('the parameters /orders/docker-hub/username and docker-hub-password could not be read: '
      + 'create them by aws ssm put-parameter --type SecureString');
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
    const { template, program } = synthesize((stack) => ({
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
    expect(functionOf(program, 'check_image')).toContain(`aws secretsmanager get-secret-value --secret-id '\${${secret}}' --query SecretString --output text`);
    expect(functionOf(program, 'check_image')).toContain(" 'the user'\\''s')\"");
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
    const { template, program } = synthesize({ dockerHub: DockerHubCredentials.pullThroughCache() });
    expect(functionOf(program, 'check_image')).toContain("--build-arg 'DOCKER_HUB=${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/docker-hub/'");
    expect(functionOf(program, 'check_image').match(/docker login/g)).toHaveLength(1);
    const [statement] = statementsOf(template, 'PipelineBuildRole').filter(({ Action }) => Action.includes('ecr:BatchImportUpstreamImage'));
    expect(textOf(statement.Resource)).toBe('arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/docker-hub/*');
    expect(image(DockerHubCredentials.pullThroughCache({ repositoryPrefix: 'hub', buildArgument: 'HUB' }))).toContain("--build-arg 'HUB=");
  });

  test('stand in no log and no argument of the build', () => {
    expect(image(parameters)).not.toMatch(/set -x|echo .*password|--password |-p /);
  });

  test('need no permission and no variable when there are none', () => {
    expect(plain.program).not.toMatch(/ssm get-parameter|secretsmanager/);
    expect(resourcesOf(plain.template, 'AWS::SecretsManager::Secret')).toEqual({});
  });
});
