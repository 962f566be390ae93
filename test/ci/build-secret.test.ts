import { spawnSync } from 'child_process';
import { Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { BuildSecret, PythonCiPipeline, PythonProject } from '../../src';
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
  expect(settings).toMatch(/explain '~the secret of the build secret all could not be read: store a text in it'\naws secretsmanager get-secret-value --secret-id '\S+' --query SecretString --output text\n\}/);
  expect(settings).toMatch(/store a JSON object with the field it'\\''s'\naws secretsmanager get-secret-value .* --output text \| "\$interpreter" -c ".*" 'it'\\''s'\n\}/);
  expect(statements.filter(({ Action }) => Action === 'secretsmanager:GetSecretValue').flatMap(({ Resource }) => [Resource].flat()).map(textOf).sort())
    .toEqual([expect.stringMatching(/:secret:all-\?{6}$/), expect.stringMatching(/:secret:part-\?{6}$/)]);
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
