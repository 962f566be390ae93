import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as sns from 'aws-cdk-lib/aws-sns';
import { assemblyOf, assemblyOfPattern, changed, removeAssemblies, scratchDirectory } from './assemblies';
import {
  AssemblyError, IncompleteStackError, NoPipelineError, NotAnAssemblyError, TaskDefinitionError,
} from '../../../packages/rehearsal/src/assembly/errors';
import { loadPipeline } from '../../../packages/rehearsal/src/assembly/pipeline-model';

afterAll(removeAssemblies);

/** What fails and how, with `DIR` for the directory. */
function failureOf(directory: string): { readonly error: unknown; readonly message: string } {
  try {
    loadPipeline(directory);
  } catch (error) {
    return { error, message: (error as Error).message.replaceAll(directory, 'DIR') };
  }
  return { error: undefined, message: 'nothing failed' };
}

const REMEDY = "run 'cdk synth', and pass its output directory, such as --assembly cdk.out";

test.each<[what: string, create: () => string, reason: string]>([
  ['does not exist', () => join(scratchDirectory(), 'nowhere'), 'it does not exist'],
  ['is empty', scratchDirectory, 'it has no file manifest.json'],
  ['has another manifest', () => withManifest('{}'), 'its manifest.json has no artifacts'],
  ['has a broken manifest', () => withManifest('{'), 'its file manifest.json is no JSON'],
  ['has no template', () => withManifest(JSON.stringify({ artifacts: { Stack: { type: 'aws:cloudformation:stack' } } })), 'it has no file Stack.template.json'],
])('a directory that %s is no cloud assembly', (_, create, reason) => {
  const directory = create();
  const { error, message } = failureOf(directory);
  expect(error).toBeInstanceOf(NotAnAssemblyError);
  expect(message).toBe(`DIR is no cloud assembly: ${reason}; ${REMEDY}`);
});

test.each<[what: string, create: (app: App) => void, found: string]>([
  ['no stack', () => {}, 'it has no stacks'],
  ['other stacks', (app) => ['Web', 'Data'].forEach((id) => new sns.Topic(new Stack(app, id), 'Topic')), 'the stacks Data and Web have none'],
  ['a pipeline of the user', (app) => {
    const stack = new Stack(app, 'Stack');
    new codepipeline.CfnPipeline(stack, 'Pipeline', {
      roleArn: 'role',
      stages: [{
        name: 'Deploy',
        actions: [{
          name: 'Deploy',
          actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CodeDeployToECS', version: '1' },
          configuration: { ApplicationName: 'a', DeploymentGroupName: 'b', TaskDefinitionTemplateArtifact: 'Source' },
        }],
      }],
    });
  }, 'the stack Stack has none'],
])('an app with %s has no pipeline of the library', (_, create, found) => {
  const { error, message } = failureOf(assemblyOf(create));
  expect(error).toBeInstanceOf(NoPipelineError);
  expect(message).toBe(`DIR has no pipeline of cdk-blue-green-python-pipeline: ${found}`);
});

describe('a stack without what a rehearsal requires', () => {
  let complete: string;

  beforeAll(() => { complete = assemblyOfPattern({}); });

  const withoutType = (type: string) => changed(complete, (text) => without(text, type));

  test('is named after its pipeline if nothing else is known of it', () => {
    expect(failureOf(withoutType('AWS::CodeDeploy::DeploymentGroup')).message)
      .toBe('the pipeline Stack/Orders/Pipeline cannot be rehearsed: the cloud assembly has no deployment group of its deploy action');
  });

  test.each([
    ['AWS::ECS::Service', 'ECS service of its deployment group'],
    ['AWS::ECS::TaskDefinition', 'task definition of its service'],
    ['AWS::ElasticLoadBalancingV2::Listener', 'production listener of its deployment group'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'two target groups of its deployment group'],
  ])('fails without an %s', (type, what) => {
    const { error, message } = failureOf(withoutType(type));
    expect(error).toBeInstanceOf(IncompleteStackError);
    expect(message).toBe(`the pipeline Stack/Orders cannot be rehearsed: the cloud assembly has no ${what}`);
  });

  test.each(['AWS::ECR::Repository', 'AWS::CloudWatch::Alarm', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup'])(
    'is rehearsed without an %s', (type) => {
      expect(failureOf(withoutType(type)).message).toBe('nothing failed');
    });

  test('fails with a task definition without containers', () => {
    const { error, message } = failureOf(changed(complete, (text) => text.replace('"ContainerDefinitions"', '"Containers"')));
    expect(error).toBeInstanceOf(TaskDefinitionError);
    expect(message).toBe('the task definition cannot be rehearsed: it has no containers');
  });
});

test('each failure is of one kind, and its name says which', () => {
  const error = new NoPipelineError('cdk.out', []);
  expect(error).toBeInstanceOf(AssemblyError);
  expect(error.name).toBe('NoPipelineError');
});

function withManifest(text: string): string {
  const directory = scratchDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'manifest.json'), text);
  return directory;
}

/** The template without the resources of a type. */
function without(text: string, type: string): string {
  const template = JSON.parse(text) as { Resources: { [id: string]: { Type: string } } };
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => Type !== type);
  return JSON.stringify({ ...template, Resources: Object.fromEntries(kept) });
}
