import { existsSync, readFileSync, statSync } from 'fs';
import { homedir } from 'os';
import { join, resolve } from 'path';
import { SynthesisError } from './errors';
import { run } from '../processes';
import { ACCOUNT, isObject, Properties, REGION } from './template';

/** What the CDK CLI sets for each app. Resources get the paths of their constructs, and all stacks their bundles. */
const CONTEXT: Properties = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:bundling-stacks': ['**'],
};

/** An app can build bundles in containers. */
const MAX_SECONDS = 30 * 60;

/** The app of the user. */
export interface SynthesizeOptions {
  /**
   * The command, or the directory of a cloud assembly, as for `cdk --app`.
   *
   * @default - `app` in cdk.json
   */
  readonly app?: string;
  /** The directory that the command runs in, which has cdk.json. */
  readonly directory: string;
  /** The directory for the cloud assembly. */
  readonly output: string;
  /** Context as for `cdk --context`, which replaces that of the files. */
  readonly context?: Properties;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs the app as the CDK CLI does, without an AWS account, and returns the directory of the cloud assembly.
 *
 * @throws SynthesisError if the command fails, with its output
 */
export async function synthesize(options: SynthesizeOptions): Promise<string> {
  const { directory, output, context, env = process.env } = options;
  const file = readJson(join(directory, 'cdk.json'));
  const app = options.app ?? file.app;
  if (typeof app !== 'string') {
    throw new SynthesisError(`the rehearsal has no app: pass --app or --assembly, or add "app" to ${join(directory, 'cdk.json')}`);
  }
  const given = resolve(directory, app);
  if (existsSync(given) && statSync(given).isDirectory()) { return given; }
  const all = {
    ...contextOf(readJson(join(homedir(), '.cdk.json'))),
    ...readJson(join(directory, 'cdk.context.json')),
    ...contextOf(file),
    ...CONTEXT,
    ...context,
  };
  await runApp(app, directory, { ...env, ...variables(resolve(directory, output), all, env) });
  return resolve(directory, output);
}

/** The stand-ins for account and region give way to what the user has set. */
function variables(output: string, context: Properties, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_DEFAULT_ACCOUNT: env.CDK_DEFAULT_ACCOUNT ?? ACCOUNT,
    CDK_DEFAULT_REGION: env.CDK_DEFAULT_REGION ?? REGION,
  };
}

async function runApp(app: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  // the CDK CLI runs a JavaScript file with Node.js
  const command = /^\S+\.js$/.test(app) && existsSync(join(cwd, app)) ? `"${process.execPath}" ${app}` : app;
  const { code, signal, timedOut, output } = await run({ file: '/bin/sh', args: ['-c', command], cwd, env }, MAX_SECONDS);
  if (timedOut) { throw SynthesisError.failed(app, `did not end within ${MAX_SECONDS / 60} minutes`, output); }
  if (code !== 0) {
    throw SynthesisError.failed(app, signal === null ? `ended with exit code ${code}` : `was stopped by ${signal}`, output);
  }
  if (!existsSync(join(env.CDK_OUTDIR ?? '', 'manifest.json'))) {
    throw SynthesisError.failed(app, 'wrote no cloud assembly to CDK_OUTDIR; does it call app.synth()?', output);
  }
}

function contextOf({ context }: Properties): Properties {
  return isObject(context) ? context : {};
}

/** The file, or nothing if there is none. */
function readJson(path: string): Properties {
  if (!existsSync(path)) { return {}; }
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(value) ? value : {};
  } catch (error) {
    throw new SynthesisError(`${path} is no JSON: ${(error as Error).message}`);
  }
}
