import { createHash } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import {
  App, BootstraplessSynthesizer, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, Environment,
  IStackSynthesizer, LegacyStackSynthesizer, Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BlueGreenPythonPipeline } from '../../../src';
import { addProgram } from '../../../src/ci/private/build-program';
import { createStack, textOf } from '../../helpers';

const DIRECTORY = path.join(__dirname, '..', '..', '..', 'assets', 'build');
const NAMES = ['program.sh', 'judge.py', 'python_version.py'];

let temporary: string;

beforeEach(() => {
  temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'program-'));
});

afterEach(() => {
  fs.rmSync(temporary, { recursive: true });
});

function objectsIn(stack: Stack, directory?: string): string[] {
  return addProgram(stack, directory).map(({ object }) => textOf(stack.resolve(object)));
}

function stackWith(synthesizer?: IStackSynthesizer, env?: Environment): Stack {
  return new Stack(new App({ treeMetadata: false, outdir: temporary }), 'Stack', { synthesizer, env });
}

test('is the files of the library, each with the SHA-256 of the file that CDK uploads', () => {
  const app = new App({ treeMetadata: false, outdir: temporary });
  const stack = new Stack(app, 'Stack');
  const program = addProgram(stack);
  expect(program.map(({ name }) => name)).toEqual(NAMES);
  const { directory } = app.synth();
  const { files } = JSON.parse(fs.readFileSync(path.join(directory, 'Stack.assets.json'), 'utf8')) as { files: { [hash: string]: { source: { path: string } } } };
  for (const { name, object, sha256 } of program) {
    const [, hash] = /\/(\w+)\.(sh|py)$/.exec(String(stack.resolve(object)['Fn::Join'][1].join('/'))) ?? [];
    const uploaded = fs.readFileSync(path.join(directory, files[hash].source.path));
    expect(uploaded).toEqual(fs.readFileSync(path.join(DIRECTORY, name)));
    expect(sha256).toBe(createHash('sha256').update(uploaded).digest('hex'));
  }
});

test('has keys that depend on the content only: not on the path, the time or the mode of the files', () => {
  const copy = fs.mkdtempSync(path.join(temporary, 'elsewhere-'));
  for (const name of NAMES) {
    fs.copyFileSync(path.join(DIRECTORY, name), path.join(copy, name));
    fs.chmodSync(path.join(copy, name), 0o700);
    fs.utimesSync(path.join(copy, name), 0, 0);
  }
  expect(objectsIn(createStack(), copy)).toEqual(objectsIn(createStack()));
  fs.appendFileSync(path.join(copy, 'judge.py'), '\n');
  const [program, judge, ...others] = objectsIn(createStack());
  expect(objectsIn(createStack(), copy)).toEqual([program, expect.not.stringContaining(judge), ...others]);
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
  const [program] = objectsIn(stackWith(synthesizer, env));
  expect(program).toMatch(expected);
});

test('needs a synthesizer that uploads files', () => {
  expect(() => addProgram(stackWith(new BootstraplessSynthesizer()))).toThrow('Cannot add assets to a Stack that uses the BootstraplessSynthesizer');
});

test('adds no resource', () => {
  const stack = createStack();
  addProgram(stack);
  expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
});

test('is missed at synth when a bundler leaves it out', () => {
  const stack = createStack();
  expect(() => addProgram(stack, temporary)).toThrow(
    `the library must be installed with its 'assets' directory, which contains the program of the build, got no file ${path.join(temporary, 'program.sh')}; `
    + 'if a bundler packs your app, mark this library as external [Stack]',
  );
});

test('may be in several pipelines of a stack', () => {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders');
  expect(() => new BlueGreenPythonPipeline(stack, 'Bills')).not.toThrow();
});
