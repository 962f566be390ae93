import { spawnSync } from 'child_process';
import * as fs from 'fs';
import { Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { BuildSecret, PythonCiPipeline, PythonProject, PythonProjectConfig } from '../../src';
import { settingsWrittenBy } from '../../src/private/delivered-files';
import { buildSpecOf, createService, createStack, statementsOf, textOf } from '../helpers';

const TOKEN = BuildSecret.fromParameterStore({ parameterName: '/orders/token' });

type Secrets = { [name: string]: BuildSecret };

function synthesize(buildSecrets: Secrets | ((stack: Stack) => Secrets) | undefined) {
  const stack = createStack();
  const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
  const secrets = typeof buildSecrets === 'function' ? buildSecrets(stack) : buildSecrets;
  new PythonCiPipeline(stack, 'Pipeline', {
    service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), python: PythonProject.pip({ buildSecrets: secrets }),
  });
  const template = Template.fromStack(stack);
  return {
    settings: settingsWrittenBy(buildSpecOf(template).spec.phases.build.commands.join('\n')),
    statements: statementsOf(template, 'PipelineBuildRole'),
  };
}

const named = (stack: Stack, name: string) => secretsmanager.Secret.fromSecretNameV2(stack, name, name);

test('the build reads its secrets by their ids, and nothing else', () => {
  const { settings, statements } = synthesize({ 'token': TOKEN, 'pip.conf-1': BuildSecret.fromParameterStore({ parameterName: 'conf' }) });
  expect(settings).toContain("read_build_secrets() {\nread_build_secret 'token' print_build_secret_0\nread_build_secret 'pip.conf-1' print_build_secret_1\n}\n");
  expect(settings).toContain([
    'print_build_secret_0() {',
    "explain '~the parameter /orders/token of the build secret token could not be read: create it with aws ssm put-parameter --type SecureString'",
    "aws ssm get-parameter --name '/orders/token' --with-decryption --query Parameter.Value --output text",
    '}\n',
  ].join('\n'));
  expect(spawnSync('bash', ['-n'], { input: settings, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  const read = statements.filter(({ Action }) => Action === 'ssm:GetParameter').flatMap(({ Resource }) => [Resource].flat());
  expect(read.map(textOf).sort()).toEqual(['conf', 'orders/token'].map((name) => `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/${name}`));
});

test('a key of a parameter may be used through Parameter Store for this parameter', () => {
  const { statements } = synthesize((stack) => ({
    token: BuildSecret.fromParameterStore({ parameterName: '/token', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') }),
  }));
  expect(statements.find(({ Resource }) => Resource === 'arn:aws:kms:eu-west-1:111111111111:key/1')).toMatchObject({
    Action: 'kms:Decrypt', Condition: { StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': [expect.anything()] } },
  });
});

test('a secret is read as a whole, or by a field', () => {
  const { settings, statements } = synthesize((stack) => ({
    all: BuildSecret.fromSecret(named(stack, 'all')), part: BuildSecret.fromSecret(named(stack, 'part'), { field: "it's" }),
  }));
  expect(settings).toMatch(/explain '~the secret of the build secret all could not be read: store a text in it'\nsecret="\$\(aws secretsmanager get-secret-value --secret-id '\S+' --output json\)"\nprintf .*\n\}/);
  expect(settings).toMatch(/store a JSON object with the field it'\\''s'\nsecret=.*\nprintf .* \| "\$interpreter" -c ".*" 'it'\\''s'\n\}/);
  expect(statements.filter(({ Action }) => Action === 'secretsmanager:GetSecretValue').flatMap(({ Resource }) => [Resource].flat()).map(textOf).sort())
    .toEqual([expect.stringMatching(/:secret:all-\?{6}$/), expect.stringMatching(/:secret:part-\?{6}$/)]);
});

describe('the command of a secret', () => {
  const print = (answer: object, field?: string) => {
    const { settings } = synthesize((stack) => ({ token: BuildSecret.fromSecret(named(stack, 'all'), { field }) }));
    const program = `set -euo pipefail; interpreter=python3; explain() { :; }; aws() { printf '%s\\n' "$ANSWER"; }\n${settings}\nprint_build_secret_0`;
    return spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8', env: { ...process.env, ANSWER: JSON.stringify(answer) } });
  };

  test.each([
    [{ SecretString: 'None' }, undefined, 'None\n'],
    [{ SecretString: 'two\nlines\n' }, undefined, 'two\nlines\n\n'],
    [{ SecretString: '{"a": "it\\u00e4", "b": null}' }, 'a', 'it\u00e4\n'],
  ])('prints the text of %j, field %s', (answer, field, printed) => {
    expect(print(answer, field)).toMatchObject({ status: 0, stdout: printed });
  });

  test.each([
    [{ SecretBinary: 'AAAA' }, undefined, 'KeyError'],
    [{ SecretString: null }, undefined, 'TypeError'],
    [{ SecretString: 'plain' }, 'a', 'JSONDecodeError'],
    [{ SecretString: '["a"]' }, 'a', 'TypeError'],
    ...['null', '{"b": 1}', '["b"]', '12'].map((value): [object, string, string] => [{ SecretString: `{"a": ${value}}` }, 'a', 'TypeError']),
  ])('fails for %j, field %s, which a retry does not fix', (answer, field, error) => {
    const { status, stdout, stderr } = print(answer, field);
    expect({ failed: status !== 0, stdout }).toEqual({ failed: true, stdout: '' });
    const [, pattern] = /grep -Eq '([^']*TypeError[^']*)'/.exec(fs.readFileSync('assets/build/gates.sh', 'utf8')) ?? [];
    expect(pattern.split('|')).toContain(error);
    expect(stderr).toContain(error);
  });
});

test('a name of a parameter has no characters with a meaning in an ARN', () => {
  ['/orders/*', 'a b', '/orders/?', 'token:3'].forEach((parameterName) => {
    expect(() => synthesize({ token: BuildSecret.fromParameterStore({ parameterName }) })).toThrow("'python.buildSecrets.token.parameterName' must be the name of a parameter, ");
  });
});

test('a project of your own cannot have an id or a stage that Docker would misread', () => {
  class Own extends PythonProject {
    constructor(private readonly config: Partial<PythonProjectConfig>) {
      super();
    }

    public bind(): PythonProjectConfig {
      return { directory: '.', dockerfile: 'Dockerfile', installCommands: [], lockFiles: [], ...this.config };
    }
  }
  const create = (config: Partial<PythonProjectConfig>) => {
    const stack = createStack();
    const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
    return new PythonCiPipeline(stack, 'Pipeline', { service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), python: new Own(config) });
  };
  expect(() => create({ buildSecrets: { '../x': { commands: [], statements: [] } } })).toThrow("'python.buildSecrets' must have ids of at most 100 letters");
  expect(() => create({ imageTarget: '--push' })).toThrow("'python.imageTarget' must be the name of a stage of the Dockerfile");
  expect(() => create({ buildSecrets: { x: { commands: [], statements: [] } }, imageTarget: 'app' })).not.toThrow();
});

test.each([[undefined], [{}]])('nothing changes without secrets: %j', (secrets) => {
  expect(synthesize(secrets).settings).not.toContain('secret');
});

test.each(['', '.x', '-x', 'a/b', 'a b', 'a'.repeat(101), '../x'])('a secret cannot have the id "%s"', (id) => {
  expect(() => synthesize({ [id]: TOKEN })).toThrow("'python.buildSecrets' must have ids of at most 100 letters, digits, underscores, hyphens, and dots, got ");
});

test.each(['a', '_x', 'pip.conf', 'A-1', 'a'.repeat(100)])('a secret can have the id "%s"', (id) => {
  expect(() => synthesize({ [id]: TOKEN })).not.toThrow();
});

test('a parameter has a name that is known at synth', () => {
  const parameterName = Token.asString({ Ref: 'Name' });
  expect(() => synthesize({ token: BuildSecret.fromParameterStore({ parameterName }) }))
    .toThrow("'python.buildSecrets.token.parameterName' must be known at synth, got a token; ");
});

test('a secret receives its id, and the application and the environment', () => {
  const bind = jest.spyOn(TOKEN, 'bind');
  PythonProject.uv({ buildSecrets: { token: TOKEN } }).bind(createStack(), { applicationName: 'orders', environmentSuffix: 'dev' });
  expect(bind.mock.calls[0][1]).toEqual({ applicationName: 'orders', environmentSuffix: 'dev', secretId: 'token' });
});

test('a stage of the Dockerfile is a setting only if one is chosen', () => {
  const settingsOf = (imageTarget?: string) => {
    const stack = createStack();
    const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
    new PythonCiPipeline(stack, 'Pipeline', { service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), python: PythonProject.pip({ imageTarget }) });
    return settingsWrittenBy(buildSpecOf(Template.fromStack(stack)).spec.phases.build.commands.join('\n'));
  };
  expect(settingsOf('production')).toContain("\nimage_target='production'\n");
  expect(settingsOf()).not.toContain('image_target');
});
