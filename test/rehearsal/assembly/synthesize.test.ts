import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { removeAssemblies, scratchDirectory } from './assemblies';
import { SynthesisError } from '../../../packages/rehearsal/src/assembly/errors';
import { synthesize, SynthesizeOptions } from '../../../packages/rehearsal/src/assembly/synthesize';

/** Stands for an app: writes what it was given where a cloud assembly belongs. */
const APP = `
const { mkdirSync, writeFileSync } = require('fs');
const { CDK_OUTDIR, CDK_CONTEXT_JSON, CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION, EXTRA } = process.env;
mkdirSync(CDK_OUTDIR, { recursive: true });
writeFileSync(CDK_OUTDIR + '/manifest.json', JSON.stringify({
  context: JSON.parse(CDK_CONTEXT_JSON), account: CDK_DEFAULT_ACCOUNT, region: CDK_DEFAULT_REGION, extra: EXTRA, args: process.argv.slice(2),
}));
`;

interface Given {
  readonly account: string;
  readonly region: string;
  readonly extra?: string;
  readonly args: string[];
  readonly context: { readonly [key: string]: unknown };
}

/** A directory with the app and these files. */
function project(files: { readonly [name: string]: unknown } = {}): string {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'app.js'), APP);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}

/** What the app was given. */
async function given(directory: string, options: Partial<SynthesizeOptions> = {}): Promise<Given> {
  const output = await synthesize({ directory, output: join(scratchDirectory(), 'out'), env: { PATH: process.env.PATH }, ...options });
  return JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as Given;
}

afterAll(removeAssemblies);

test('an app gets stand-ins for account and region, and the paths of constructs', async () => {
  expect(await given(project(), { app: 'node app.js' })).toMatchObject({
    account: '111111111111', region: 'eu-west-1', context: { 'aws:cdk:enable-path-metadata': true },
  });
});

test.each<[what: string, app: string | undefined, args: string[]]>([
  ['a command', 'node app.js one "two words"', ['one', 'two words']],
  ['a command of the shell', 'test -f app.js && node app.js', []],
  ['a JavaScript file', 'app.js', []],
  ['nothing, and cdk.json has it', undefined, ['from-file']],
])('an app can be %s', async (_, app, args) => {
  expect(await given(project({ 'cdk.json': { app: 'node app.js from-file' } }), { app })).toMatchObject({ args });
});

test('the context of cdk.json replaces that of cdk.context.json, and the command line replaces both', async () => {
  const files = { 'cdk.json': { context: { a: 'file', b: 'file' } }, 'cdk.context.json': { b: 'lookup', c: 'lookup' } };
  const { context } = await given(project(files), { app: 'node app.js', context: { a: 'line' } });
  expect(context).toMatchObject({ a: 'line', b: 'file', c: 'lookup' });
});

test('an app gets the variables of the user, those for account and region included', async () => {
  const env = { PATH: process.env.PATH, EXTRA: 'x', CDK_DEFAULT_ACCOUNT: '222222222222', CDK_DEFAULT_REGION: 'us-east-1' };
  expect(await given(project(), { app: 'node app.js', env })).toMatchObject({ extra: 'x', account: '222222222222', region: 'us-east-1' });
});

test('an app can be the directory of a cloud assembly, which nothing runs for', async () => {
  const directory = project();
  const assembly = scratchDirectory();
  const output = join(directory, 'out');
  expect(await synthesize({ directory, output, app: assembly })).toBe(assembly);
  expect(existsSync(output)).toBe(false);
});

test.each<[what: string, app: string | undefined, files: { [name: string]: unknown }, message: string]>([
  ['fails', 'echo out; echo err >&2; exit 3', {}, "the app failed at synth: 'echo out; echo err >&2; exit 3' ended with exit code 3, with this output:\nout\nerr"],
  ['fails without output', 'exit 1', {}, "the app failed at synth: 'exit 1' ended with exit code 1 without output"],
  ['is killed', 'kill -KILL $$', {}, "the app failed at synth: 'kill -KILL $$' was stopped by SIGKILL without output"],
  ['does not call synth', 'true', {}, "the app failed at synth: 'true' wrote no cloud assembly to CDK_OUTDIR; does it call app.synth()? without output"],
  ['is not set', undefined, {}, 'the rehearsal has no app: pass --app or --assembly, or add "app" to DIR/cdk.json'],
  ['is in a broken cdk.json', undefined, { 'cdk.json': '{' }, 'DIR/cdk.json is no JSON: '],
])('an app that %s is an error with one sentence and the output', async (_, app, files, message) => {
  const directory = project(files);
  const failure: unknown = await synthesize({ directory, output: join(directory, 'out'), app }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SynthesisError);
  expect((failure as Error).message.replaceAll(directory, 'DIR').slice(0, message.length)).toBe(message);
});
