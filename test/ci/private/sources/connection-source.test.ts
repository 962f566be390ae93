import { Fn, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { ConnectionSourceOptions, GitHost, PipelineSource, PythonCiPipeline } from '../../../../src';
import { actionsOf, createService, createStack, onlyResource, statementsOf, triggersOf } from '../../../helpers';

const CONNECTION = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1a2b3c4d-5678-90ab-cdef-111111111111';
const FORMER_CONNECTION = CONNECTION.replace('codeconnections', 'codestar-connections');
const ORDERS: ConnectionSourceOptions = { connectionArn: CONNECTION, owner: 'acme', repo: 'orders' };

interface PipelineProperties {
  readonly Triggers?: unknown;
  readonly ExecutionMode: string;
  readonly Stages: { readonly Name: string; readonly Actions: Action[] }[];
}

interface Action {
  readonly ActionTypeId: object;
  readonly Configuration: { readonly [name: string]: unknown };
}

function synthesize(options: Partial<ConnectionSourceOptions> = {}, manualApproval = false) {
  const stack = createStack();
  const pipeline = new PythonCiPipeline(stack, 'Pipeline', {
    source: PipelineSource.connection({ ...ORDERS, ...options }),
    service: createService(stack),
    repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
    manualApproval,
  });
  const template = Template.fromStack(stack);
  return { pipeline, template, properties: onlyResource(template, 'AWS::CodePipeline::Pipeline')[1].Properties as unknown as PipelineProperties };
}

describe('a repository behind a connection', () => {
  const { template, properties, pipeline } = synthesize();
  const [{ Actions: [source] }] = properties.Stages;

  test('is the source, by its main branch, and a push to it starts the pipeline', () => {
    expect(source).toMatchObject({
      ActionTypeId: { Category: 'Source', Provider: 'CodeStarSourceConnection' },
      Configuration: { ConnectionArn: CONNECTION, FullRepositoryId: 'acme/orders', BranchName: 'main' },
    });
    expect(source.Configuration).not.toHaveProperty('DetectChanges');
    expect(source.Configuration).not.toHaveProperty('OutputArtifactFormat');
    expect(properties).not.toHaveProperty('Triggers');
    expect(properties.ExecutionMode).toBe('SUPERSEDED');
    expect(triggersOf(template)).toEqual([]);
    template.resourceCountIs('AWS::CodeCommit::Repository', 0);
    expect(pipeline.sourceRepository).toBeUndefined();
  });

  test('stays out of the build\'s reach', () => {
    expect(JSON.stringify(statementsOf(template, 'PipelineBuildRole'))).not.toContain('UseConnection');
  });
});

const useOf = (prefix: string) => ({
  StringEqualsIfExists: { [`${prefix}:FullRepositoryId`]: 'acme/orders' },
  StringNotEqualsIfExists: { [`${prefix}:ProviderAction`]: 'GitPush' },
});

test.each([['new', CONNECTION], ['former', FORMER_CONNECTION]])('the connection may be used by its %s name, for this repository only', (_generation, connectionArn) => {
  const { template } = synthesize({ connectionArn });
  const statements = statementsOf(template, 'PipelineSourceActionRole').filter(({ Action }) => JSON.stringify(Action).includes('UseConnection'));
  expect(statements).toEqual(['codestar-connections', 'codeconnections'].map((prefix) => ({
    Effect: 'Allow',
    Action: `${prefix}:UseConnection`,
    Resource: connectionArn,
    Condition: useOf(prefix),
  })));
  expect(actionsOf(statementsOf(template, 'PipelineSourceActionRole'))).toContain('s3:PutObjectAcl');
});

test('a push that touches none of the paths starts nothing', () => {
  const { properties } = synthesize({ branch: 'release', filePaths: ['services/orders/**', 'pyproject.toml'] });
  expect(properties.Stages[0].Actions[0].Configuration).toMatchObject({ BranchName: 'release', DetectChanges: false });
  expect(properties.Triggers).toEqual([{
    ProviderType: 'CodeStarSourceConnection',
    GitConfiguration: {
      SourceActionName: 'Source',
      Push: [{ Branches: { Includes: ['release'] }, FilePaths: { Includes: ['services/orders/**', 'pyproject.toml'] } }],
    },
  }]);
});

test.each(['app/\\[id\\]/**', 'a\\*b', 'a\\?', '\\{a\\}', 'a\\\\b'])('the pattern %s may escape a character', (pattern) => {
  const { properties } = synthesize({ filePaths: [pattern] });
  expect(properties.Triggers).toMatchObject([{ GitConfiguration: { Push: [{ FilePaths: { Includes: [pattern] } }] } }]);
});

test.each(['services\\orders', 'a\\', 'a\\\\\\b', 'a\\/b'])('the pattern %s, whose backslash escapes nothing, is an error', (pattern) => {
  expect(() => synthesize({ filePaths: [pattern] })).toThrow("'source.filePaths' must not contain a backslash");
});

test('a clone comes by the build, which may use the connection for this repository and no other', () => {
  const { template, properties } = synthesize({ fullClone: true });
  expect(properties.Stages[0].Actions[0].Configuration).toMatchObject({ OutputArtifactFormat: 'CODEBUILD_CLONE_REF', FullRepositoryId: 'acme/orders' });
  const statements = statementsOf(template, 'PipelineBuildRole').filter(({ Action }) => JSON.stringify(Action).includes('UseConnection'));
  expect(statements).toEqual(['codestar-connections', 'codeconnections'].map((prefix) => ({
    Effect: 'Allow',
    Action: `${prefix}:UseConnection`,
    Resource: CONNECTION,
    Condition: useOf(prefix),
  })));
});

test.each<[string, Partial<ConnectionSourceOptions>, string]>([
  ['GitHub when nothing is said', {}, 'https://github.com/acme/orders/commit/#{Source.CommitId}'],
  ['GitLab, in a subgroup', { host: GitHost.GITLAB, owner: 'acme/web' }, 'https://gitlab.com/acme/web/orders/-/commit/#{Source.CommitId}'],
  ['Bitbucket', { host: GitHost.BITBUCKET }, 'https://bitbucket.org/acme/orders/commits/#{Source.CommitId}'],
  ['a host of one\'s own', { host: GitHost.of('https://git.example.com/projects/{owner}/repos/{repo}/commits/{commit}') },
    'https://git.example.com/projects/acme/repos/orders/commits/#{Source.CommitId}'],
])('the approval leads to the commit at %s', (_host, options, expected) => {
  const { properties } = synthesize(options, true);
  const approval = properties.Stages.find(({ Name }) => Name === 'Approval');
  expect(approval?.Actions[0].Configuration.ExternalEntityLink).toBe(expected);
});

test('what is known at deployment only passes', () => {
  const token = (value: string) => Lazy.string({ produce: () => value });
  expect(() => synthesize({
    connectionArn: Fn.importValue('Connection'), owner: token('a b'), repo: token('a/b'), branch: token('a*'), filePaths: [`${token('a')}${'a'.repeat(256)}`],
  })).not.toThrow();
});
