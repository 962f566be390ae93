import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Artifacts, files, sizeOf } from './artifacts';
import { Checks } from './checks';
import { Consumer } from './consumer';
import { assertWhole, Template } from './templates';
import { REPOSITORY, Workspace } from './workspace';

const PACKAGE = 'cdk-blue-green-python-pipeline';
const MODULE = 'cdk_blue_green_python_pipeline';
const MIB = 1024 * 1024;
/** jsii writes each docstring into the Python sources up to five times, so they grow five times as fast as the API. */
const WHEEL_LIMIT = 1.5 * MIB;
// what every CDK library in that language needs: the peers, and jsii's own
const PYTHON_REQUIREMENTS = ['aws-cdk-lib', 'constructs', 'jsii', 'publication', 'typeguard'];
const JAVA_DEPENDENCIES = ['aws-cdk-lib', 'constructs', 'jsii-runtime', 'annotations', 'javax.annotation-api'];
// `npm run package` fills it too
const MAVEN_CACHE = join(REPOSITORY, '.cache/maven');

/** The templates of the two programs of a language; one is missing where its synthesis has failed. */
export interface Templates {
  readonly tenLines: Template | undefined;
  readonly production: Template | undefined;
}

export interface Run {
  readonly checks: Checks;
  readonly workspace: Workspace;
  readonly artifacts: Artifacts;
}

export async function typescript({ checks, workspace, artifacts }: Run): Promise<Templates> {
  const app = new Consumer(workspace, 'typescript/orders');
  const installed = join(app.folder, 'node_modules', PACKAGE);

  await checks.run('TypeScript: the tarball installs into an empty app', () => app.run('npm', 'install', '--no-audit', '--no-fund', artifacts.tarball));
  await checks.run('TypeScript: the package adds no dependency', () => assertNoDependencies(installed));
  await checks.run('TypeScript: the package adds at most 1 MiB', () => assertSmall('the installed tarball', sizeOf(installed)));
  await checks.run('TypeScript: the examples compile against the declarations', () => app.run(
    join(REPOSITORY, 'node_modules/.bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--module', 'node16', '--target', 'es2022', 'app.ts', 'production.ts',
  ));
  return synthBoth('TypeScript', checks, app, 'npx tsx production.ts');
}

export async function python({ checks, workspace, artifacts }: Run): Promise<Templates> {
  const app = new Consumer(workspace, 'python/orders');
  const binaries = join(app.folder, '.venv/bin');

  await checks.run('Python: the wheel installs into a fresh virtual environment', async () => {
    await app.run('python3', '-m', 'venv', '.venv');
    // the wheel by its path wins over a release of the same name; compiling all of aws-cdk-lib would take longer than
    // the synthesis
    await app.run(join(binaries, 'pip'), 'install', '--no-compile', artifacts.wheel, '-r', 'requirements.txt');
  });
  await checks.run('Python: the wheel needs what every CDK library needs', () => {
    const metadata = files(join(app.folder, '.venv/lib')).find((file) => new RegExp(`/${MODULE}-[^/]*/METADATA$`).test(file)) ?? '';
    const required = [...readFileSync(metadata, 'utf8').matchAll(/^Requires-Dist: ([\w.-]+)/gm)].map(([, name]) => name);
    assertKnown(required, PYTHON_REQUIREMENTS);
  });
  await checks.run('Python: the package adds at most 1.5 MiB', () => {
    const folders = files(join(app.folder, '.venv/lib')).filter((file) => file.includes(`site-packages/${MODULE}`));
    assertSmall('the installed wheel', folders.reduce((sum, file) => sum + statSync(file).size, 0), WHEEL_LIMIT);
  });
  return synthBoth('Python', checks, app, 'python3 production.py', binaries);
}

export async function java({ checks, workspace, artifacts }: Run): Promise<Templates> {
  const app = new Consumer(workspace, 'java/orders');
  configureMaven(app.folder, workspace, artifacts);

  await checks.run('Java: the jar needs what every CDK library needs', () => {
    const pom = readFileSync(artifacts.jar.replace(/\.jar$/, '.pom'), 'utf8');
    const section = pom.slice(pom.indexOf('<dependencies>'), pom.indexOf('</dependencies>'));
    assertKnown([...section.matchAll(/<artifactId>([^<]+)/g)].map(([, name]) => name), JAVA_DEPENDENCIES);
  });
  await checks.run('Java: the package adds at most 1 MiB', () => assertSmall('the jar', statSync(artifacts.jar).size));
  await checks.run('Java: the jar resolves in a fresh Maven project and the examples compile', () => app.run('mvn', '-q', 'compile'));
  return synthBoth('Java', checks, app, `${app.command} -Dapp=ProductionApp`);
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
function configureMaven(folder: string, workspace: Workspace, artifacts: Artifacts): void {
  // packaging installs the jar into the cache as well: only dist/java may answer for it
  rmSync(join(MAVEN_CACHE, 'io/github/cdkbluegreen'), { recursive: true, force: true });
  const settings = join(workspace.root, 'maven-settings.xml');
  writeFileSync(settings, mavenSettings(pathToFileURL(artifacts.mavenRepository).href));
  mkdirSync(join(folder, '.mvn'), { recursive: true });
  writeFileSync(join(folder, '.mvn/maven.config'), [
    '-B', '-gs', settings, `-Dmaven.repo.local=${MAVEN_CACHE}`, `-Dpipeline.version=${artifacts.mavenVersion}`, '',
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
