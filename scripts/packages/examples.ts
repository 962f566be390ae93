import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Assembly, loadAssemblyFromPath } from '@jsii/spec';
import { JavaVisitor, PythonVisitor, translateTypeScript } from 'jsii-rosetta';
import { files } from './artifacts';
import { REPOSITORY, Workspace } from './workspace';
import { fixJava, fixPython } from '../fix-translations';

const MODULE = 'cdk_blue_green_python_pipeline';
const JAVA_PACKAGE = 'io.github.cdkbluegreen.pythonpipeline';
const FIXTURE = readFileSync(join(REPOSITORY, 'rosetta/default.ts-fixture'), 'utf8');
/** The CDK modules that the examples may use. */
const CDK_MODULES = [...FIXTURE.matchAll(/'aws-cdk-lib\/([\w-]+)'/g)].map(([, name]) => name);

/** Throws unless the examples in an installed wheel are Python, with names that exist, as all names of the API do. */
export function assertPythonExamples(sitePackages: string, checkout: string): void {
  const typescript = everyName(loadAssemblyFromPath(checkout));
  const names = fixPython(translate(typescript, new PythonVisitor()), typescript);
  assertNothing('python3', [
    join(__dirname, 'check_examples.py'), sitePackages, MODULE, ...CDK_MODULES.map((name) => name.replace(/-/g, '_')),
  ], names);
}

/** Throws unless the examples in Java sources are Java, with names that exist, as all names of the API do. */
export function assertJavaExamples(sources: string, classPath: string[], checkout: string, workspace: Workspace): void {
  const assembly = loadAssemblyFromPath(checkout);
  const examples = [...javaExamples(sources, assembly.readme?.markdown ?? ''), fixJava(translate(everyName(assembly), new JavaVisitor())), everyOption(assembly)];
  const folder = workspace.folder(`java-examples/${basename(sources)}`);
  const paths = examples.map((example, index) => {
    const path = join(folder, `${index}.java`);
    writeFileSync(path, example);
    return path;
  });
  const services = CDK_MODULES.map((name) => `software.amazon.awscdk.services.${name.replace(/^aws-/, '').replace(/-/g, '.')}`);
  const imports = ['java.util', 'software.amazon.awscdk', JAVA_PACKAGE, ...services];
  assertNothing('java', [join(__dirname, 'CheckExamples.java'), classPath.join(':'), imports.join(','), ...paths]);
}

/** What the checks have to find: the sources that pacmak generates where no example was translated. */
export async function generateUntranslated(language: 'python' | 'java', checkout: string, workspace: Workspace): Promise<string> {
  const copy = workspace.folder(`untranslated-${language}`);
  cpSync(checkout, copy, { recursive: true, filter: (path) => !/\/(node_modules|dist|\.jsii\.tabl\.json)$/.test(path) });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
  await workspace.run('npx', ['jsii-pacmak', '--code-only', '--target', language, '--outdir', 'dist'], { cwd: copy });
  return join(copy, 'dist', language);
}

/** Generated Python as if it were installed beside the packages of another environment. */
export function installedAs(generated: string, sitePackages: string, workspace: Workspace): string {
  const folder = workspace.folder('untranslated-site-packages');
  const metadata = join(folder, `${MODULE}-0.dist-info/METADATA`);
  mkdirSync(dirname(metadata), { recursive: true });
  cpSync(join(generated, 'README.md'), metadata);
  cpSync(join(generated, 'src', MODULE), join(folder, MODULE), { recursive: true });
  ['aws_cdk', 'constructs'].forEach((name) => symlinkSync(join(sitePackages, name), join(folder, name)));
  return folder;
}

/** Throws unless the check does. */
export function assertFinds(check: () => void, problem: RegExp): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Error && problem.test(error.message)) {
      return;
    }
    throw error;
  }
  throw new Error(`the check does not find ${problem}`);
}

/** TypeScript that reads each property, calls each method and names each value of the API. */
function everyName(assembly: Assembly): string {
  return Object.values(assembly.types ?? {}).flatMap((type, index) => {
    const variable = `x${index}`;
    const properties = 'properties' in type ? type.properties ?? [] : [];
    const methods = 'methods' in type ? type.methods ?? [] : [];
    return [
      `declare const ${variable}: ${type.name};`,
      ...properties.filter((property) => !property.static).map((property) => `console.log(${variable}.${property.name});`),
      ...methods.filter((method) => !method.static).map((method) => `${variable}.${method.name}();`),
      ...methods.filter((method) => method.static).map((method) => `${type.name}.${method.name}();`),
    ];
  }).join('\n');
}

/** Java that sets each option by its name, as rosetta has it. */
function everyOption(assembly: Assembly): string {
  return Object.values(assembly.types ?? {}).flatMap((type) => 'datatype' in type && 'properties' in type
    ? (type.properties ?? []).map((property) => `${type.name}.builder().${property.name}(null);`)
    : []).join('\n');
}

function translate(typescript: string, visitor: JavaVisitor | PythonVisitor): string {
  return translateTypeScript({ contents: typescript, fileName: 'names.ts' }, visitor).translation;
}

/** The translated examples of the README and all of the docstrings. */
function javaExamples(sources: string, readme: string): string[] {
  const javadoc = files(sources).filter((file) => file.endsWith('.java'));
  const [overview] = javadoc.filter((file) => basename(file) === 'package-info.java');
  const languages = [...readme.matchAll(/^( *)```(\w*)[^\n]*\n[^]*?^\1```$/gm)].map(([,, language]) => language);
  const blocks = blocksOf(overview, /<blockquote><pre>\n([^]*?)\n<\/pre>/g);
  // javadoc has no languages
  const inReadme = blocks.filter((_, index) => ['ts', 'typescript'].includes(languages[index]));
  const inDocstrings = javadoc.flatMap((file) => blocksOf(file, /Example:\n<p>\n<blockquote><pre>\n([^]*?)\n<\/pre>/g));
  if (blocks.length !== languages.length || inReadme.length === 0 || inDocstrings.length === 0) {
    throw new Error(`of ${languages.length} examples of the README, ${blocks.length} are in the javadoc, and ${inDocstrings.length} of the docstrings`);
  }
  return [...new Set([...inReadme, ...inDocstrings])];
}

function blocksOf(file: string, pattern: RegExp): string[] {
  const comments = readFileSync(file, 'utf8').replace(/^ *\* ?/gm, '');
  return [...comments.matchAll(pattern)].map(([, block]) => block
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&'));
}

/** Runs a program that prints what it finds. */
function assertNothing(command: string, args: string[], input = ''): void {
  const { error, status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (error || status !== 0 || stdout !== '') {
    throw error ?? new Error(`${stdout.slice(0, 4000)}${stderr.slice(-4000)}`);
  }
}
