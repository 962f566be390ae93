import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LEDGER, ROWS } from './inventory-ledger';
import { createTapStack, PROFILE_NAMES, TapStack } from './tap-stack';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/1';

function createApp(profile: string, environmentSuffix: string, context: { [key: string]: unknown } = {}): App {
  return new App({ context: { profile, environmentSuffix, certificateArn: CERTIFICATE, ...context } });
}

/** Hashes of assets change with the files in them, which have tests of their own. */
function withoutAssetHashes(template: Template): object {
  return JSON.parse(JSON.stringify(template.toJSON()).replace(/[0-9a-f]{64}/g, 'asset-hash'));
}

const SUFFIXES: { [profile: string]: string } = { default: 'dev', prod: 'prod', inventory: 'dev' };

describe.each(PROFILE_NAMES)('the profile %s', (profile) => {
  const stack = createTapStack(createApp(profile, SUFFIXES[profile]));
  const template = Template.fromStack(stack);

  test('makes the template that is committed', () => {
    expect(withoutAssetHashes(template)).toMatchSnapshot();
  });

  test('names its stack by the suffix', () => {
    expect(stack.stackName).toBe(`TapStack${SUFFIXES[profile]}`);
  });
});

describe('validation of the templates', () => {
  let outdir: string;

  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
    outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'validated-'));
  });

  afterAll(() => {
    process.env.CDK_VALIDATION = 'false';
    fs.rmSync(outdir, { recursive: true });
  });

  function createValidatedApp(): App {
    return new App({
      outdir: fs.mkdtempSync(path.join(outdir, 'cdk.out-')),
      context: { '@aws-cdk/core:validateAgainstDefaultRules': true, 'certificateArn': CERTIFICATE },
    });
  }

  test('finds no error in any profile', () => {
    const app = createValidatedApp();
    PROFILE_NAMES.forEach((profile) => new TapStack(app, { profile, environmentSuffix: profile }));
    expect(() => app.synth()).not.toThrow();
  }, 120_000);

  test('finds one in a template that is wrong', () => {
    const printed = [jest.spyOn(console, 'error').mockReturnValue(), jest.spyOn(process.stderr, 'write').mockReturnValue(true)];
    const app = createValidatedApp();
    new CfnResource(new Stack(app, 'Wrong'), 'Bucket', { type: 'AWS::S3::Bucket', properties: { Nonsense: true } });
    expect(() => app.synth()).toThrow('Additional properties are not allowed');
    printed.forEach((spy) => spy.mockRestore());
  });
});

describe('the profile inventory', () => {
  const stack = createTapStack(createApp('inventory', 'dev'));
  const template = Template.fromStack(stack);
  const resources: { [id: string]: { Type: string } } = template.toJSON().Resources;

  test('has exactly 69 resources, each of which the ledger names', () => {
    expect(Object.keys(resources)).toHaveLength(69);
    const types: { [type: string]: number } = {};
    for (const { Type } of Object.values(resources)) {
      types[Type] = (types[Type] ?? 0) + 1;
    }
    expect(types).toEqual(Object.fromEntries(Object.entries(LEDGER)
      .map(([type, purposes]) => [type, purposes.length])));
  });

  test.each(ROWS)('has %s', (_row, type, count) => {
    expect(Object.values(resources).filter(({ Type }) => Type === type).length).toBeGreaterThanOrEqual(count);
  });

  test('warns that its tasks cannot run', () => {
    Annotations.fromStack(stack).hasWarning('/TapStackdev/Orders/Network', Match.stringLikeRegexp('no egress'));
  });

  test('keeps the names of the credentials in its parameters, and no credential', () => {
    const values = Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Value);
    expect(values).toEqual(['/orders/dev/docker-hub/username', '/orders/dev/docker-hub/password']);
  });
});

test('the suffix and the profile come from the context, with defaults', () => {
  expect(createTapStack(new App()).stackName).toBe('TapStackdev');
});

test('an unknown profile lists the known ones', () => {
  expect(() => createTapStack(createApp('nonsense', 'dev'))).toThrow('\'profile\' must be one of default, prod, inventory, got "nonsense"');
});

test('the profile prod wants a certificate', () => {
  expect(() => createTapStack(createApp('prod', 'prod', { certificateArn: undefined }))).toThrow(/set the ARN of the certificate in the context/);
});
