import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { files, JavaPackage, javaPackage, pythonPackage, sizeOf } from './artifacts';
import { Checks } from './checks';
import { Consumer } from './consumer';
import { assertFinds, assertJavaExamples, assertPythonExamples, generateUntranslated, installedAs } from './examples';
import { assertEqual, assertWhole, Template } from './templates';
import { MAVEN_CACHE, Workspace } from './workspace';

const PACKAGE = 'cdk-blue-green-python-pipeline';
const MODULE = 'cdk_blue_green_python_pipeline';
const MIB = 1024 * 1024;
/** jsii writes each docstring into the Python sources up to five times, so they grow five times as fast as the API. */
const WHEEL_LIMIT = 1.5 * MIB;
// what every CDK library in that language needs: the peers, and jsii's own
const PYTHON_REQUIREMENTS = ['aws-cdk-lib', 'constructs', 'jsii', 'publication', 'typeguard'];
const JAVA_DEPENDENCIES = ['aws-cdk-lib', 'constructs', 'jsii-runtime', 'annotations', 'javax.annotation-api'];

/** The templates of the two programs of a language; one is missing where its synthesis has failed. */
export interface Templates {
  readonly tenLines: Template | undefined;
  readonly production: Template | undefined;
}

const NOTHING: Templates = { tenLines: undefined, production: undefined };

export interface Run {
  readonly checks: Checks;
  readonly workspace: Workspace;
  /** The packed npm package, of which the others are made. */
  readonly tarball: string;
}

// a misspelled option, which TypeScript finds and a program that only runs does not
const TYPO = ["environmentSuffix: 'dev',", "environmentSuffix: 'dev',\n  service: { conainerPort: 8000 },"] as const;

/** The recipe of docs/troubleshooting.md. */
export const BUNDLED = `npx esbuild app.ts --bundle --platform=node --external:${PACKAGE} --external:aws-cdk-lib --external:constructs --outfile=dist/app.js`;

export async function typescript({ checks, workspace, tarball }: Run): Promise<Templates> {
  const app = new Consumer(workspace, 'typescript/orders');
  const installed = join(app.folder, 'node_modules', PACKAGE);

  await checks.run('TypeScript: the tarball installs into an empty app', () => app.run('npm', 'install', '--no-audit', '--no-fund', tarball));
  await checks.run('TypeScript: the package adds no dependency', () => assertNoDependencies(installed));
  await checks.run('TypeScript: the package adds at most 1.25 MiB', () => assertSmall('the installed tarball', sizeOf(installed), 1.25 * MIB));
  await checks.run('TypeScript: a misspelled option ends the synthesis', () => assertTypoFails(app));
  const templates = await synthBoth('TypeScript', checks, app, app.command.replace('app.ts', 'production.ts'));
  await checks.run('TypeScript: the app that esbuild bundles as the documentation says has the same template', async () => {
    assertEqual(templates.tenLines, await synthBundled(app, BUNDLED));
  });
  await checks.run('TypeScript: an app that contains the library without its assets fails with the remedy', async () => {
    const problem = await synthBundled(app, BUNDLED.replace(`--external:${PACKAGE} `, '')).then(() => 'nothing', (error: Error) => error.message);
    if (!problem.includes('if a bundler packs your app, mark this library as external')) {
      throw new Error(`expected a message about the bundler, got ${problem}`);
    }
  });
  return templates;
}

/** Bundles the app with the command, and synthesizes the bundle, which finds its external packages in its folder. */
async function synthBundled(app: Consumer, command: string): Promise<Template> {
  await app.run('sh', '-c', command);
  return app.synth('node dist/app.js');
}

export async function python({ checks, workspace, tarball }: Run): Promise<Templates> {
  const packed = await checks.run('Python: the job of the release makes one wheel of the tarball', () => pythonPackage(tarball, workspace));
  if (!packed) {
    return NOTHING;
  }
  const app = new Consumer(workspace, 'python/orders');
  const binaries = join(app.folder, '.venv/bin');

  await checks.run('Python: the wheel installs into a fresh virtual environment', async () => {
    await app.run('python3', '-m', 'venv', '.venv');
    // the wheel by its path wins over a release of the same name; compiling all of aws-cdk-lib would take longer than
    // the synthesis
    await app.run(join(binaries, 'pip'), 'install', '--no-compile', packed.wheel, '-r', 'requirements.txt');
  });
  await checks.run('Python: the wheel needs what every CDK library needs', () => {
    const required = [...readFileSync(metadataOf(app), 'utf8').matchAll(/^Requires-Dist: ([\w.-]+)/gm)].map(([, name]) => name);
    assertKnown(required, PYTHON_REQUIREMENTS);
  });
  await checks.run('Python: the package adds at most 1.5 MiB', () => {
    const folders = files(join(app.folder, '.venv/lib')).filter((file) => file.includes(`site-packages/${MODULE}`));
    assertSmall('the installed wheel', folders.reduce((sum, file) => sum + statSync(file).size, 0), WHEEL_LIMIT);
  });
  await checkPythonExamples(checks, workspace, join(dirname(metadataOf(app)), '..'), packed.checkout);
  return synthBoth('Python', checks, app, 'python3 production.py', binaries);
}

export async function java({ checks, workspace, tarball }: Run): Promise<Templates> {
  const packed = await checks.run('Java: the job of the release makes one jar of the tarball', () => javaPackage(tarball, workspace));
  if (!packed) {
    return NOTHING;
  }
  const app = new Consumer(workspace, 'java/orders');
  configureMaven(app.folder, workspace, packed);

  await checks.run('Java: the jar needs what every CDK library needs', () => {
    const pom = readFileSync(packed.jar.replace(/\.jar$/, '.pom'), 'utf8');
    const section = pom.slice(pom.indexOf('<dependencies>'), pom.indexOf('</dependencies>'));
    assertKnown([...section.matchAll(/<artifactId>([^<]+)/g)].map(([, name]) => name), JAVA_DEPENDENCIES);
  });
  await checks.run('Java: the package adds at most 1 MiB', () => assertSmall('the jar', statSync(packed.jar).size));
  await checks.run('Java: the jar resolves in a fresh Maven project and the examples compile', () => app.run('mvn', '-q', 'compile'));
  await checkJavaExamples(checks, workspace, packed);
  return synthBoth('Java', checks, app, `${app.command} -Dapp=ProductionApp`);
}

function metadataOf(app: Consumer): string {
  return files(join(app.folder, '.venv/lib')).find((file) => new RegExp(`/${MODULE}-[^/]*/METADATA$`).test(file)) ?? '';
}

async function checkPythonExamples(
  checks: Checks, workspace: Workspace, sitePackages: string, checkout: string,
): Promise<void> {
  await checks.run('Python: the examples of the description and the docstrings are Python, with names that exist',
    () => assertPythonExamples(sitePackages, checkout));
  await checks.run('Python: without a translation the same check finds TypeScript', async () => {
    const untranslated = installedAs(await generateUntranslated('python', checkout, workspace), sitePackages, workspace);
    assertFinds(() => assertPythonExamples(untranslated, checkout), /an example is not Python/);
  });
}

async function checkJavaExamples(checks: Checks, workspace: Workspace, packed: JavaPackage): Promise<void> {
  const { jar, sources, checkout } = packed;
  const classPath = [jar, ...files(join(MAVEN_CACHE, 'software')).filter((file) => file.endsWith('.jar'))];
  await checks.run('Java: the examples of the javadoc are Java, with names that exist', async () => {
    const unpacked = workspace.folder('java-sources');
    await workspace.run('jar', ['xf', sources], { cwd: unpacked });
    assertJavaExamples(unpacked, classPath, checkout, workspace);
  });
  await checks.run('Java: without a translation the same check finds TypeScript', async () => {
    const untranslated = await generateUntranslated('java', checkout, workspace);
    assertFinds(() => assertJavaExamples(untranslated, classPath, checkout, workspace), /unclosed character literal/);
  });
}

async function synthBoth(
  language: string, checks: Checks, app: Consumer, production: string, binaries?: string,
): Promise<Templates> {
  return {
    tenLines: await checks.run(`${language}: the ten lines synthesize`, () => synthWhole(app, app.command, binaries)),
    production: await checks.run(`${language}: the production program synthesizes`, () => synthWhole(app, production, binaries)),
  };
}

async function synthWhole(app: Consumer, command: string, binaries?: string): Promise<Template> {
  const template = await app.synth(command, binaries);
  assertWhole(template);
  console.log(`      ${Object.keys(template.Resources ?? {}).length} resources`);
  return template;
}

/** Maven reads `.mvn` in the project, so the command in `cdk.json` stays the user's. */
function configureMaven(folder: string, workspace: Workspace, packed: JavaPackage): void {
  // packaging installs the jar into the cache as well: only what the job made may answer for it
  rmSync(join(MAVEN_CACHE, 'io/github/cdkbluegreen'), { recursive: true, force: true });
  const settings = join(workspace.root, 'maven-settings.xml');
  writeFileSync(settings, mavenSettings(pathToFileURL(packed.repository).href));
  mkdirSync(join(folder, '.mvn'), { recursive: true });
  writeFileSync(join(folder, '.mvn/maven.config'), [
    '-B', '-gs', settings, `-Dmaven.repo.local=${MAVEN_CACHE}`, `-Dpipeline.version=${packed.version}`, '',
  ].join('\n'));
  // jsii leaves a folder in the temporary folder of Java, which does not read TMPDIR
  writeFileSync(join(folder, '.mvn/jvm.config'), `-Djava.io.tmpdir=${workspace.temporaryFolder}\n`);
}

function mavenSettings(repository: string): string {
  return `<settings>
  <profiles>
    <profile>
      <id>built</id>
      <repositories><repository><id>built</id><url>${repository}</url></repository></repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>built</activeProfile></activeProfiles>
</settings>
`;
}

async function assertTypoFails(app: Consumer): Promise<void> {
  const program = join(app.folder, 'app.ts');
  const text = readFileSync(program, 'utf8');
  writeFileSync(program, text.replace(...TYPO));
  try {
    const problem = await app.synth(app.command).then(() => 'nothing', (error: Error) => error.message);
    if (!problem.includes("'conainerPort' does not exist")) {
      throw new Error(`expected a message about 'conainerPort', got ${problem}`);
    }
  } finally {
    writeFileSync(program, text);
  }
}

function assertNoDependencies(installed: string): void {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { [key: string]: object | undefined };
  for (const key of ['dependencies', 'bundledDependencies', 'bundleDependencies', 'optionalDependencies']) {
    assertKnown(Object.keys(manifest[key] ?? {}), []);
  }
}

function assertKnown(names: string[], known: string[]): void {
  const added = names.filter((name) => !known.includes(name));
  if (added.length > 0) {
    throw new Error(`the package adds dependencies: ${added.join(', ')}`);
  }
}

function assertSmall(what: string, bytes: number, limit = MIB): void {
  console.log(`      ${what}: ${(bytes / 1024).toFixed(0)} KiB`);
  if (bytes === 0 || bytes > limit) {
    throw new Error(`${what} takes ${bytes} bytes, allowed are 1 to ${limit}`);
  }
}
