import { execFileSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { BuildResult } from './code-build';
import { DIGEST, REGISTRY } from './stand-ins';
import { Rendered } from './template';

/** What a case expected and did not get. */
export class Expectations {
  public readonly failures: string[] = [];

  public that(fulfilled: boolean, text: string): void {
    if (!fulfilled) {
      this.failures.push(text);
    }
  }

  public equal(actual: unknown, expected: unknown, what: string): void {
    const [got, wanted] = [actual, expected].map((value) => JSON.stringify(value));
    this.that(got === wanted, `${what} is ${got}, not ${wanted}`);
  }
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
  if (!file) { return undefined; }
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
}

/** The build ended well, and what it hands over is complete. */
export function expectRelease(expect: Expectations, result: BuildResult, rendered: Rendered, { gates, minimumTests }: Released): void {
  expect.equal(result.failed, [], 'the list of failed phases');
  expect.equal(result.changes, [], "the list of what changed in the source's directory");
  expectTestReport(expect, result, minimumTests);
  expectCalls(expect, result, gates);
  expectFiles(expect, result, rendered);
}

function expectTestReport(expect: Expectations, result: BuildResult, minimumTests: number): void {
  const tests = readReport(result, 'JUNITXML');
  expect.equal(tests?.root, 'testsuites', "the root of the tests' report");
  expect.that((tests?.figures.tests ?? -1) >= minimumTests, `the report has ${tests?.figures.tests} tests, fewer than ${minimumTests}`);
  expect.equal([tests?.figures.failures, tests?.figures.errors], [0, 0], 'the number of failures and errors');
}

function expectCalls(expect: Expectations, { calls }: BuildResult, gates: readonly string[]): void {
  const words = calls.map(({ tool, args }) => `${tool} ${args[0]}`).filter((call) => call !== 'aws ssm');
  expect.equal([...new Set(words)], ['aws ecr', 'docker login', 'docker build', 'docker push', 'docker image'], 'the order of the calls');
  expect.equal(calls.filter(isPush).length, 1, 'the number of pushes');
  const push = calls.find(isPush);
  expect.equal(push?.gates, gates.map((gate) => `${gate}=passed`).sort(), 'what the gates said before the push');
  expect.equal(push?.args[1].endsWith(':6f3a6f3a6f3a-7'), true, "the tag's end in commit and build number");
  expect.equal(calls.find(({ args }) => args[0] === 'login')?.stdinSize, 'registry password'.length, "the password's length on standard input");
}

function expectFiles(expect: Expectations, result: BuildResult, rendered: Rendered): void {
  const files = ['appspec.yaml', 'imageDetail.json', 'taskdef.json'];
  expect.equal([...result.artifacts].sort(), files, 'the list of the artifact');
  expect.equal(result.released, files, "the list of the artifact's directory");
  const read = (file: string) => readFileSync(releasePath(result, rendered, file), 'utf8');
  expectParsed(expect, 'imageDetail.json', () => {
    const { ImageURI } = JSON.parse(read('imageDetail.json')) as { ImageURI: string };
    expect.equal(ImageURI, `${rendered.spec.env?.variables?.IMAGE_REPOSITORY}@${DIGEST}`, 'the image');
    expect.that(ImageURI.startsWith(`${REGISTRY}/`), `${ImageURI} is not in the registry of the account`);
  });
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

/** The build failed with both reports, nothing left the machine, and the log ends with what to do. */
export function expectRefusal(expect: Expectations, result: BuildResult, rendered: Rendered, advice: readonly string[]): void {
  expect.that(result.failed.includes('BUILD'), `the build phase did not fail: ${JSON.stringify(result.failed)}`);
  expect.that(!result.failed.includes('TIMEOUT'), 'the build took too long');
  expect.that(!result.calls.some(isPush), 'an image was pushed');
  expect.that(!existsSync(releasePath(result, rendered, 'imageDetail.json')), 'imageDetail.json names an image that is not there');
  for (const format of ['JUNITXML', 'COBERTURAXML'] as const) {
    expect.that(readReport(result, format) !== undefined, `the ${format} report is missing or no XML`);
  }
  const lines = result.output.trimEnd().split('\n').slice(-advice.length);
  expect.equal(lines, advice, "the log's end");
}

export function isPush({ args }: { readonly args: readonly string[] }): boolean {
  return args[0] === 'push';
}

function releasePath({ sourceDirectory }: BuildResult, { spec }: Rendered, file: string): string {
  return join(sourceDirectory, spec.artifacts['base-directory'], file);
}
