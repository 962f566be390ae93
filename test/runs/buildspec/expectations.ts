import { execFileSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { Expectations } from './expect';
import { expectAnswer, expectNoSecrets, Health, secretsOf } from './images';
import { Rendered } from '../../../packages/rehearsal/src/assembly/rendered';
import { BuildChoices, BuildResult, EXECUTION } from '../../../packages/rehearsal/src/build/code-build';
import { REGISTRY } from '../../../packages/rehearsal/src/build/docker';
import { Credentials, Engine } from '../../../packages/rehearsal/src/engine/engine';

/** The account of Docker Hub that every build here has. */
export const DOCKER_HUB: Credentials = { username: 'a user', password: 'pass word 4d1f9c' };

/** A build that has ended, and what is needed to look at it. */
export interface Run {
  readonly expect: Expectations;
  readonly result: BuildResult;
  readonly rendered: Rendered;
  readonly engine: Engine;
  /**
   * Builds the project again as CodeBuild would: a new machine, the next number, the same cache, buckets and registry.
   */
  readonly again: (changes?: Again) => Promise<Run>;
}

/** What is other than in the build before; `source` as in a case. */
export interface Again extends BuildChoices {
  readonly source?: string | ((directory: string) => void);
}

/** The counts that CodeBuild reads from a report; undefined when there is none or it is no XML. */
export interface ReportFigures {
  readonly root: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly text: string;
}

const READ_REPORT = [
  'import json, sys, xml.etree.ElementTree as tree',
  'root = tree.parse(sys.argv[1]).getroot()',
  'first = root if root.tag == "coverage" else root.find("testsuite")',
  'print(json.dumps([root.tag, first.attrib]))',
].join('\n');

export function readReport(result: BuildResult, format: 'JUNITXML' | 'COBERTURAXML'): ReportFigures | undefined {
  const file = result.reports[format];
  return file ? readFigures(file) : undefined;
}

/** What is in the file of a report. */
export function readFigures(file: string): ReportFigures | undefined {
  try {
    const [root, attributes] = JSON.parse(execFileSync('python3', ['-c', READ_REPORT, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as
      [string, Record<string, string>];
    const figures = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, Number(value)]));
    return { root, figures, text: readFileSync(file, 'utf8') };
  } catch {
    return undefined; // no XML
  }
}

export interface Released {
  readonly gates: readonly string[];
  /** How many tests the report has. */
  readonly minimumTests: number;
  /** Calls of docker for something else than the image. @default - none */
  readonly otherCalls?: readonly string[];
  /** Where the image answers. @default - it is neither run nor searched, which takes as long as the build */
  readonly health?: Health;
}

/** The build ended well, what it hands over is complete, and the image that it names is there, and runs. */
export async function expectRelease(
  run: Run, { gates, minimumTests, otherCalls = [], health }: Released,
): Promise<void> {
  const { expect, result, engine } = run;
  expect.equal(result.failed, [], 'the list of failed phases');
  expect.equal(result.changes, [], "the list of what changed in the source's directory");
  expectTestReport(expect, result, minimumTests);
  expectCalls(run, gates, otherCalls);
  expectFiles(run);
  const image = releasedImage(run);
  if (image === undefined) { return; }
  const [name, digest] = image.slice(`${REGISTRY}/`.length).split('@');
  expect.equal(await engine.registry.digest(name, imageTag(result)), digest, 'the digest of the tag in the registry');
  expect.that(await engine.registry.has(name, digest), `the registry does not hold ${image} whole`);
  if (health) {
    await expectAnswer(expect, engine, image, health);
    await expectNoSecrets(expect, engine, image, secretsOf(engine, DOCKER_HUB));
  }
  expect.equal(result.exported, { IMAGE_DIGEST: digest }, 'the exported variables');
  expectEnd(run, [`the build passed: ${image}`]);
}

/** The tag: a candidate, with the commit, the number of the build, and the end of its UUID. */
function imageTag({ commit, buildNumber, uuid }: BuildResult): string {
  return `build-${commit.replace(/[^a-zA-Z0-9]/g, '').slice(0, 12)}-${buildNumber}-${uuid.slice(-12)}`;
}

/** What imageDetail.json names, when it can be read. */
export function releasedImage({ expect, result, rendered }: Run): string | undefined {
  try {
    const { ImageURI } = JSON.parse(readFileSync(releasePath(result, rendered, 'imageDetail.json'), 'utf8')) as { ImageURI: string };
    const [{ name }] = rendered.repositories;
    const expected = new RegExp(`^${REGISTRY}/${name}@sha256:[0-9a-f]{64}$`.replace(/\./g, '\\.'));
    expect.that(expected.test(ImageURI), `imageDetail.json names ${ImageURI}, not an image of ${name} by its digest`);
    return expected.test(ImageURI) ? ImageURI : undefined;
  } catch {
    return undefined; // a missing file has been said
  }
}

function expectTestReport(expect: Expectations, result: BuildResult, minimumTests: number): void {
  const tests = readReport(result, 'JUNITXML');
  expect.equal(tests?.root, 'testsuites', "the root of the tests' report");
  expect.that((tests?.figures.tests ?? -1) >= minimumTests, `the report has ${tests?.figures.tests} tests, fewer than ${minimumTests}`);
  expect.equal([tests?.figures.failures, tests?.figures.errors], [0, 0], 'the number of failures and errors');
}

function expectCalls(
  { expect, result: { calls, ...result }, engine }: Run, gates: readonly string[], otherCalls: readonly string[],
): void {
  const docker = calls.filter(({ tool, args }) => tool === 'docker' && !otherCalls.includes(args[0])).map(({ args }) => args[0]);
  expect.equal([...new Set(docker)], ['login', 'build', 'push', 'image'], 'the order of the calls of docker');
  expect.equal(calls.filter(isPush).length, 1, 'the number of pushes');
  const push = calls.find(isPush);
  expect.equal(push?.gates.filter((gate) => !gate.startsWith('push=')), gates.map((gate) => `${gate}=passed`).sort(), 'what the gates said before the push');
  expect.equal(push?.args[1].endsWith(`:${imageTag({ calls, ...result })}`), true, "the tag's end in commit, build number and UUID");
  const login = calls.find(({ args }) => args[0] === 'login');
  expect.equal(login?.stdinSize, engine.registry.password.length, "the password's length on standard input");
}

/** What is kept of the build, whether it ended well or not. */
export function expectEvidence(
  { expect, result, rendered }: Run, files: readonly string[], execution: string = EXECUTION,
): void {
  const directory = join(result.buckets, rendered.spec.env?.variables?.ARTIFACT_BUCKET ?? '', 'reports', execution, String(result.buildNumber));
  const kept = existsSync(directory) ? readdirSync(directory).sort() : [];
  const missing = files.filter((file) => !kept.includes(file));
  expect.equal(missing, [], `the list of what is not kept beside ${kept.join(', ')}`);
}

function expectFiles({ expect, result, rendered }: Run): void {
  const files = ['appspec.yaml', 'imageDetail.json', 'taskdef.json'];
  expect.equal([...result.artifacts].sort(), files, 'the list of the artifact');
  expect.equal(result.released, files, "the list of the artifact's directory");
  const read = (file: string) => readFileSync(releasePath(result, rendered, file), 'utf8');
  expectParsed(expect, 'taskdef.json', () => {
    const [container] = readTaskDefinition(result, rendered).containerDefinitions;
    expect.equal([container.name, container.image, container.command], ['app', '<IMAGE1_NAME>', undefined], 'name, image and command of the container');
  });
  expectParsed(expect, 'appspec.yaml', () => {
    const spec = parse(read('appspec.yaml')) as { Resources: { TargetService: { Properties: Record<string, unknown> } }[] };
    expect.equal(spec.Resources[0].TargetService.Properties, {
      TaskDefinition: '<TASK_DEFINITION>', LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 },
    }, 'what CodeDeploy is told');
  });
}

/** A file that cannot be read is one failure and leaves the others their turn. */
function expectParsed(expect: Expectations, file: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    expect.that(false, `${file} cannot be read: ${String(error).split('\n')[0]}`);
  }
}

export interface TaskDefinition {
  readonly containerDefinitions: readonly {
    readonly name: string;
    readonly image: string;
    readonly command?: readonly string[];
    readonly environment?: readonly { readonly name: string; readonly value: string }[];
  }[];
}

export function readTaskDefinition(result: BuildResult, rendered: Rendered): TaskDefinition {
  return JSON.parse(readFileSync(releasePath(result, rendered, 'taskdef.json'), 'utf8')) as TaskDefinition;
}

/** The coverage that the report has, in lines. */
export function expectCoverage(expect: Expectations, result: BuildResult): ReportFigures | undefined {
  const coverage = readReport(result, 'COBERTURAXML');
  expect.equal(coverage?.root, 'coverage', 'the root of the coverage report');
  expect.that((coverage?.figures['lines-covered'] ?? 0) > 0, 'the coverage report has no covered line');
  return coverage;
}

/** How a build ends that failed. */
export interface Refusal {
  /** What the last line of the log says to do. */
  readonly verdict: string;
  /** Whether the image was pushed before. @default false */
  readonly pushed?: boolean;
  /** What is kept besides both reports. */
  readonly evidence?: readonly string[];
}

/**
 * The build failed with both reports, nothing reached the deploy stage, and the last line of the log says what to do.
 */
export async function expectRefusal(run: Run, { verdict, pushed = false, evidence = [] }: Refusal): Promise<void> {
  const { expect, result, rendered } = run;
  expect.that(result.failed.includes('BUILD'), `the build phase did not fail: ${JSON.stringify(result.failed)}`);
  expect.that(result.failed.includes('UPLOAD_ARTIFACTS'), 'the artifact was handed over');
  expect.that(!result.failed.includes('TIMEOUT'), 'the build took too long');
  if (pushed) {
    expect.that(!existsSync(releasePath(result, rendered, 'imageDetail.json')), 'imageDetail.json names an image that must not be released');
  } else {
    await expectNothingReleased(run);
  }
  for (const format of ['JUNITXML', 'COBERTURAXML'] as const) {
    expect.that(readReport(result, format) !== undefined, `the ${format} report is missing or no XML`);
  }
  expectEvidence(run, ['coverage.xml', 'pytest.xml', ...evidence]);
  expectEnd(run, [`the build failed and released nothing: ${verdict}`]);
}

/** No file names an image, and the registry has none of this build. */
export async function expectNothingReleased({ expect, result, rendered, engine }: Run): Promise<void> {
  expect.that(!existsSync(releasePath(result, rendered, 'imageDetail.json')), 'imageDetail.json names an image that is not there');
  for (const { name } of rendered.repositories) {
    const tags = (await engine.registry.tags(name)).filter((tag) => tag.endsWith(imageTag(result)));
    expect.equal(tags, [], `the list of this build's tags in ${name}`);
  }
}

/** The last lines of the log. */
export function expectEnd({ expect, result }: Run, lines: readonly string[]): void {
  expect.equal(result.output.trimEnd().split('\n').slice(-lines.length), lines, "the log's end");
}

/** What holds for every build, good or bad. */
export function expectDiscretion({ expect, result, engine }: Run): void {
  expect.equal(result.unexpected, [], 'the list of calls that no build may make');
  for (const [name, secret] of Object.entries(secretsOf(engine, DOCKER_HUB))) {
    expect.that(!result.output.includes(secret), `${name} is in the log`);
  }
}

function isPush({ args }: { readonly args: readonly string[] }): boolean {
  return args[0] === 'push';
}

function releasePath({ sourceDirectory }: BuildResult, { spec }: Rendered, file: string): string {
  return join(sourceDirectory, spec.artifacts['base-directory'] ?? '.', file);
}
