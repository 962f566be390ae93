import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import {
  App, BootstraplessSynthesizer, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, Environment,
  IStackSynthesizer, LegacyStackSynthesizer, Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { BlueGreenPythonPipeline } from '../../../src';
import { addProgram, joinProgram } from '../../../src/ci/private/build-program';
import { createStack, textOf } from '../../helpers';

const DIRECTORY = path.join(__dirname, '..', '..', '..', 'assets', 'build');
const NAMES = fs.readdirSync(DIRECTORY);

let temporary: string;

beforeEach(() => {
  temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'program-'));
});

afterEach(() => {
  fs.rmSync(temporary, { recursive: true });
});

function objectIn(stack: Stack, directory?: string): string {
  return textOf(stack.resolve(addProgram(stack, directory).object));
}

function stackWith(synthesizer?: IStackSynthesizer, env?: Environment): Stack {
  return new Stack(new App({ treeMetadata: false, outdir: temporary }), 'Stack', { synthesizer, env });
}

function filesUploadedBy(app: App): Buffer[] {
  const { directory } = app.synth();
  const { files } = JSON.parse(fs.readFileSync(path.join(directory, 'Stack.assets.json'), 'utf8')) as { files: { [hash: string]: { source: { path: string } } } };
  return Object.values(files).map(({ source }) => source.path).filter((file) => file.endsWith('.sh')).map((file) => fs.readFileSync(path.resolve(directory, file)));
}

test.each([
  ['is copied', {}],
  ['is not copied, for tools that use it in its place', { 'aws:cdk:disable-asset-staging': true }],
])('is one file of all parts, with the SHA-256 of the file that CDK uploads, also when it %s', (_how, context) => {
  const app = new App({ treeMetadata: false, outdir: temporary, context });
  const stack = new Stack(app, 'Stack');
  const { sha256 } = addProgram(stack);
  const [uploaded, ...others] = filesUploadedBy(app);
  expect(others).toEqual([]);
  expect(uploaded.toString()).toBe(joinProgram(stack));
  expect(sha256).toBe(createHash('sha256').update(uploaded).digest('hex'));
});

test('has every part, and writes the parts that are Python as they are', () => {
  const program = joinProgram(createStack());
  for (const name of NAMES) {
    expect(program).toContain(fs.readFileSync(path.join(DIRECTORY, name), 'utf8').replace(/^#!.*\n/, ''));
  }
  fs.writeFileSync(path.join(temporary, 'settings.sh'), '');
  fs.writeFileSync(path.join(temporary, 'program.sh'), program);
  const env = { PATH: process.env.PATH, DELIVERY_HOME: temporary, CODEBUILD_SRC_DIR: temporary, ARTIFACT_BUCKET: 'bucket', UV_VERSION: '1' };
  const before = Date.now() - 1000;
  expect(spawnSync('bash', [path.join(temporary, 'program.sh'), 'unpack'], { env, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  for (const name of NAMES.filter((each) => each.endsWith('.py'))) {
    expect(fs.readFileSync(path.join(temporary, name))).toEqual(fs.readFileSync(path.join(DIRECTORY, name)));
    expect(fs.statSync(path.join(temporary, name)).mtimeMs).toBeGreaterThan(before);
  }
});

test('has a key that depends on the content only: not on the path, the time or the mode of the files', () => {
  const copy = fs.mkdtempSync(path.join(temporary, 'elsewhere-'));
  for (const name of NAMES) {
    fs.copyFileSync(path.join(DIRECTORY, name), path.join(copy, name));
    fs.chmodSync(path.join(copy, name), 0o700);
    fs.utimesSync(path.join(copy, name), 0, 0);
  }
  expect(objectIn(createStack(), copy)).toBe(objectIn(createStack()));
  fs.appendFileSync(path.join(copy, 'judge.py'), '\n');
  expect(objectIn(createStack(), copy)).not.toBe(objectIn(createStack()));
});

test.each<[string, IStackSynthesizer | undefined, Environment | undefined, RegExp]>([
  ['of CDK', undefined, undefined, /^\$\{Fn::Sub\}\/\w{64}\.sh$/],
  ['of CDK, in a known account and region', undefined, { account: '111111111111', region: 'eu-west-1' }, /^cdk-hnb659fds-assets-111111111111-eu-west-1\/\w{64}\.sh$/],
  ['with a qualifier of its own', new DefaultStackSynthesizer({ qualifier: 'orders' }), { account: '111111111111', region: 'eu-west-1' },
    /^cdk-orders-assets-111111111111-eu-west-1\/\w{64}\.sh$/],
  ['with a bucket and a prefix of its own', new DefaultStackSynthesizer({ fileAssetsBucketName: 'own-assets', bucketPrefix: 'orders/' }), undefined, /^own-assets\/orders\/\w{64}\.sh$/],
  ['for the credentials of the CLI', new CliCredentialsStackSynthesizer({ fileAssetsBucketName: 'own-assets' }), undefined, /^own-assets\/\w{64}\.sh$/],
  ['of old stacks, by parameters', new LegacyStackSynthesizer(), undefined, /^\$\{AssetParameters\w+S3Bucket\w+\}\//],
])('is where the synthesizer %s uploads it', (_name, synthesizer, env, expected) => {
  expect(objectIn(stackWith(synthesizer, env))).toMatch(expected);
});

test('needs a synthesizer that uploads files', () => {
  expect(() => addProgram(stackWith(new BootstraplessSynthesizer()))).toThrow('Cannot add assets to a Stack that uses the BootstraplessSynthesizer');
});

test('adds no resource', () => {
  const stack = createStack();
  addProgram(stack);
  expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
});

test.each([['is empty', ''], ['is not there', 'absent']])('is missed at synth when a bundler leaves it out, and the directory %s', (_how, name) => {
  const stack = createStack();
  const directory = path.join(temporary, name);
  expect(() => addProgram(stack, directory)).toThrow(
    `the library must be installed with its 'assets' directory, which contains the program of the build, got no file ${path.join(directory, 'program.sh')}; `
    + 'if a bundler packs your app, mark this library as external [Stack]',
  );
});

test('must be in an app', () => {
  const scope = new Construct(undefined as unknown as Construct, 'Alone');
  expect(() => addProgram(scope)).toThrow('the pipeline must be in an app, which contains the program of its build [Alone]');
});

test('may be in several pipelines of a stack', () => {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders');
  expect(() => new BlueGreenPythonPipeline(stack, 'Bills')).not.toThrow();
});
