import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PipelineSource, PythonCiPipeline } from '../../src';
import { actionsOf, createService, onlyResource, resourcesOf, statementsOf, textOf, triggersOf } from '../helpers';

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'source-'));
});

afterEach(() => {
  fs.rmSync(directory, { recursive: true });
});

function synthesize(createSource: (stack: Stack) => PipelineSource) {
  const app = new App({ outdir: path.join(directory, 'cdk.out') });
  const stack = new Stack(app, 'Stack');
  const source = createSource(stack);
  const pipeline = new PythonCiPipeline(stack, 'Pipeline', {
    source, service: createService(stack), repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), removalPolicy: RemovalPolicy.RETAIN,
  });
  return { app, stack, pipeline, template: Template.fromStack(stack) };
}

describe('a new repository', () => {
  test('has a name of its own without a suffix, since CloudFormation names no repository', () => {
    const { template } = synthesize(() => PipelineSource.codeCommit());
    expect(onlyResource(template, 'AWS::CodeCommit::Repository')[1].Properties.RepositoryName).toMatch(/^StackPipelineSource[0-9A-F]{8}$/);
  });

  test('is released from the branch that is asked for', () => {
    const { template } = synthesize(() => PipelineSource.codeCommit({ branch: 'release' }));
    expect(JSON.stringify(onlyResource(template, 'AWS::CodePipeline::Pipeline')[1])).toContain('"BranchName":"release"');
    expect(JSON.stringify(resourcesOf(template, 'AWS::Events::Rule'))).toContain('"referenceName":["release"]');
  });

  test('begins with the files of the seed directory, where no file is empty and no secret and nothing of a run is', () => {
    const seed = path.join(directory, 'venv');
    for (const name of ['.git/config', '.venv/bin/python', 'app/__pycache__/x.pyc', 'app/y.pyc', '.coverage', '.env', '.env.local', 'app.egg-info/PKG-INFO']) {
      write(seed, name, 'left over');
    }
    write(seed, 'app/__init__.py', '');
    write(seed, 'app/main.py', 'print()\n');
    write(seed, '.dockerignore', '.venv\n');
    write(seed, '.env.example', 'TOKEN=\n');

    const { app, template } = synthesize(() => PipelineSource.codeCommit({ seedDirectory: seed }));

    const { Code } = onlyResource(template, 'AWS::CodeCommit::Repository')[1].Properties as { Code: { BranchName: string; S3: { Key: string } } };
    expect(Code.BranchName).toBe('main');
    const asset = path.join(app.outdir, `asset.${path.basename(textOf(Code.S3.Key), '.zip')}`);
    const files = fs.readdirSync(asset, { recursive: true, encoding: 'utf8' }).filter((name) => fs.statSync(path.join(asset, name)).isFile());
    expect(files.sort()).toEqual(['.dockerignore', '.env.example', 'app/__init__.py', 'app/main.py']);
    expect(fs.readFileSync(path.join(asset, 'app/__init__.py'), 'utf8')).toBe('\n');
    expect(fs.readFileSync(path.join(asset, 'app/main.py'), 'utf8')).toBe('print()\n');
    expect(fs.readFileSync(path.join(seed, 'app/__init__.py'), 'utf8')).toBe('');
  });

  test('has links of the seed directory as they are', () => {
    const seed = path.join(directory, 'seed');
    write(seed, 'app/main.py', 'print()\n');
    fs.symlinkSync('app/main.py', path.join(seed, 'main.py'));
    const { app, template } = synthesize(() => PipelineSource.codeCommit({ seedDirectory: seed }));
    const { Code } = onlyResource(template, 'AWS::CodeCommit::Repository')[1].Properties as { Code: { S3: { Key: string } } };
    const asset = path.join(app.outdir, `asset.${path.basename(textOf(Code.S3.Key), '.zip')}`);
    expect(fs.readlinkSync(path.join(asset, 'main.py'))).toBe('app/main.py');
  });

  test('leaves no copy of the seed behind', () => {
    write(directory, 'app.py', 'print()\n');
    const copies = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('seed-'));
    const before = copies();
    synthesize(() => PipelineSource.codeCommit({ seedDirectory: directory }));
    expect(copies()).toEqual(before);
  });
});

test('a repository that exists is used as it is', () => {
  const { template, pipeline } = synthesize((stack) => PipelineSource.codeCommit({
    repository: codecommit.Repository.fromRepositoryName(stack, 'Existing', 'existing'),
  }));
  template.resourceCountIs('AWS::CodeCommit::Repository', 0);
  expect(pipeline.sourceRepository?.repositoryName).toBe('existing');
  expect(JSON.stringify(onlyResource(template, 'AWS::CodePipeline::Pipeline')[1])).toContain('"RepositoryName":"existing"');
});

describe('the history', () => {
  const formatOf = (template: Template) => actionOf(template).Configuration.OutputArtifactFormat;

  test('stays out of the build, which may not pull', () => {
    const { template } = synthesize(() => PipelineSource.codeCommit());
    expect(formatOf(template)).toBeUndefined();
    expect(actionsOf(statementsOf(template, 'PipelineBuildRole'))).not.toContain('codecommit:GitPull');
    expect(actionsOf(statementsOf(template, 'PipelineSourceActionRole'))).not.toContain('codecommit:GetRepository');
  });

  test('comes by a clone, which the build may pull from this repository only', () => {
    const { template } = synthesize(() => PipelineSource.codeCommit({ fullClone: true }));
    const [repository] = onlyResource(template, 'AWS::CodeCommit::Repository');
    expect(formatOf(template)).toBe('CODEBUILD_CLONE_REF');
    expect(statementsOf(template, 'PipelineBuildRole').filter(({ Action }) => Action === 'codecommit:GitPull')).toEqual([
      { Action: 'codecommit:GitPull', Effect: 'Allow', Resource: { 'Fn::GetAtt': [repository, 'Arn'] } },
    ]);
    expect(actionsOf(statementsOf(template, 'PipelineSourceActionRole'))).toContain('codecommit:GetRepository');
  });
});

test('a repository of the pipeline\'s account and region passes, and so does one whose place is known at deployment only', () => {
  const app = new App({ outdir: path.join(directory, 'cdk.out') });
  const here = new Stack(app, 'Here', { env: { account: '111111111111', region: 'eu-west-1' } });
  const anywhere = new Stack(app, 'Anywhere');
  for (const [stack, arn] of [[here, 'arn:aws:codecommit:eu-west-1:111111111111:shared'], [anywhere, 'arn:aws:codecommit:us-east-1:222222222222:shared']] as const) {
    const source = PipelineSource.codeCommit({ repository: codecommit.Repository.fromRepositoryArn(stack, 'Shared', arn) });
    expect(() => source.bind(new Construct(stack, 'Source'), {
      output: new codepipeline.Artifact(), artifactBucket: new s3.Bucket(stack, 'Artifacts'), applicationName: 'orders', removalPolicy: RemovalPolicy.RETAIN,
    })).not.toThrow();
  }
});

test('a source that starts the pipeline itself gets no rule', () => {
  const { template, pipeline } = synthesize(() => new SelfStartingSource());
  expect(triggersOf(template)).toEqual([]);
  expect(pipeline.trigger).toBeUndefined();
  template.resourceCountIs('AWS::CodeCommit::Repository', 1);
});

/** What a user may write: CodeCommit without the trigger. */
class SelfStartingSource extends PipelineSource {
  public bind(...args: Parameters<PipelineSource['bind']>): ReturnType<PipelineSource['bind']> {
    const { action } = PipelineSource.codeCommit().bind(...args);
    return { action };
  }
}

function actionOf(template: Template): { Configuration: { [name: string]: unknown } } {
  const { Stages } = onlyResource(template, 'AWS::CodePipeline::Pipeline')[1].Properties as { Stages: { Actions: { Configuration: { [name: string]: unknown } }[] }[] };
  return Stages[0].Actions[0];
}

function write(root: string, name: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), content);
}
