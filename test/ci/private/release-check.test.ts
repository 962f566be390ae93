import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import { BlueGreenPythonPipeline } from '../../../src';
import { createStack, resourcesOf } from '../../helpers';

/*
 * The command with which the build exports the digest of a release, and the one that compares it after the approval, as
 * the template contains them, run by bash.
 */

interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly InputArtifacts?: { readonly Name: string }[];
  readonly Configuration: { readonly EnvironmentVariables?: string };
}

const FILES = { 'appspec.yaml': 'version: 0.0\n', 'taskdef.json': '{"image":"<IMAGE1_NAME>"}', 'imageDetail.json': '{"ImageURI":"a@sha256:1"}' };

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'release-'));
});

afterEach(() => {
  fs.rmSync(directory, { recursive: true });
});

function synthesize(manualApproval?: boolean) {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'prod', pipeline: { manualApproval } });
  const template = Template.fromStack(stack);
  const projects = Object.values(resourcesOf(template, 'AWS::CodeBuild::Project'));
  const specOf = (name: string) => {
    const { Properties: found } = projects.find(({ Properties }) => Properties.Name === name)!;
    const { Source } = found as { Source: { BuildSpec: unknown } };
    const text = typeof Source.BuildSpec === 'string' ? Source.BuildSpec
      : (Source.BuildSpec as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].map((part) => typeof part === 'string' ? part : 'x').join('');
    return JSON.parse(text) as { env?: { 'exported-variables': string[] }; phases: { build: { commands: string[] } } };
  };
  const [{ Properties: { Stages } }] = Object.values(resourcesOf(template, 'AWS::CodePipeline::Pipeline')) as unknown as { Properties: { Stages: { Name: string; Actions: Action[] }[] } }[];
  return { template, stages: Stages, specOf, projects: projects.map(({ Properties }) => Properties.Name) };
}

describe('with an approval', () => {
  const { stages, specOf } = synthesize(true);
  const exporting = specOf('orders-build-prod').phases.build.commands.find((command) => command.startsWith('RELEASE_SHA256='))!;
  const [comparing] = specOf('orders-release-check-prod').phases.build.commands;

  function write(place: string, files: { [name: string]: string }): void {
    fs.mkdirSync(place, { recursive: true });
    Object.entries(files).forEach(([name, content]) => fs.writeFileSync(path.join(place, name), content));
  }

  function digestOfBuild(): string {
    write(path.join(directory, '.delivery/release'), FILES);
    return execFileSync('bash', ['-c', `${exporting}\nprintf %s "$RELEASE_SHA256"`], { env: { ...process.env, CODEBUILD_SRC_DIR: directory }, encoding: 'utf8' });
  }

  function checked(files: { [name: string]: string }) {
    const place = path.join(directory, 'artifact');
    write(place, files);
    const { status, stdout } = spawnSync('sh', ['-c', comparing], { cwd: place, env: { ...process.env, RELEASE_SHA256: digestOfBuild() }, encoding: 'utf8' });
    return { status, stdout };
  }

  test('the check is the first action of the deployment, and receives the artifact and the digest of the build', () => {
    expect(stages.map(({ Name, Actions }) => [Name, ...Actions.map((action) => `${action.Name} ${action.RunOrder}`)]))
      .toEqual([['Source', 'Source 1'], ['Build', 'Build 1'], ['Approval', 'Approve 1'], ['Deploy', 'Check 1', 'Deploy 2']]);
    const [check] = stages[3].Actions;
    expect(check.InputArtifacts).toEqual([{ Name: 'Build' }]);
    expect(JSON.parse(check.Configuration.EnvironmentVariables!)).toEqual([
      { name: 'RELEASE_SHA256', type: 'PLAINTEXT', value: '#{Build.RELEASE_SHA256}' },
    ]);
    expect(specOf('orders-build-prod').env!['exported-variables']).toEqual(['IMAGE_DIGEST', 'RELEASE_SHA256']);
  });

  test('a release that is as its build wrote it passes', () => {
    expect(checked(FILES)).toEqual({ status: 0, stdout: 'the files of the release are those that its build wrote\n' });
  });

  test.each<[string, { [name: string]: string }]>([
    ['names another image', { ...FILES, 'imageDetail.json': '{"ImageURI":"a@sha256:2"}' }],
    ['has another task definition', { ...FILES, 'taskdef.json': '{"image":"attacker/image"}' }],
    ['has another hook', { ...FILES, 'appspec.yaml': 'version: 0.0\nHooks: []\n' }],
    ['has contents that moved between files', { ...FILES, 'appspec.yaml': 'version: 0.0', 'taskdef.json': `\n${FILES['taskdef.json']}` }],
    ['lacks a file', { 'appspec.yaml': FILES['appspec.yaml'], 'taskdef.json': FILES['taskdef.json'] }],
  ])('a release that %s fails with what to do', (_change, files) => {
    const { status, stdout } = checked(files);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^the files of the release are not those that its build wrote \(SHA-256 \w{64}, not \w{64}\): do not release them, find out who wrote/);
  });

  test('a release whose build exported no digest fails, and says so', () => {
    write(directory, FILES);
    const { status, stdout } = spawnSync('sh', ['-c', comparing], { cwd: directory, env: { ...process.env, RELEASE_SHA256: '' }, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'the build exported no RELEASE_SHA256: start a new execution\n' });
  });

  test('a build that cannot read its files fails, and exports no digest', () => {
    expect(spawnSync('bash', ['-c', `${exporting}`], { env: { ...process.env, CODEBUILD_SRC_DIR: directory } }).status).not.toBe(0);
  });
});

test('without an approval, there is neither a check nor a digest', () => {
  const { projects, specOf, template } = synthesize();
  expect(projects).toEqual(['orders-build-prod']);
  expect(specOf('orders-build-prod').env!['exported-variables']).toEqual(['IMAGE_DIGEST']);
  expect(JSON.stringify(template.toJSON())).not.toContain('RELEASE_SHA256');
});
