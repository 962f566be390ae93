import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { PipelineSource, PipelineSourceConfig, PythonCiPipeline, PythonCiPipelineProps } from '../../src';
import { createService, createStack, onlyResource, resourcesOf, textOf } from '../helpers';

interface Action {
  readonly Name: string;
  readonly Namespace?: string;
  readonly RoleArn: { readonly 'Fn::GetAtt': [string, string] };
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string };
  readonly Configuration: { readonly [name: string]: unknown };
}

interface Stage {
  readonly Name: string;
  readonly Actions: Action[];
  readonly OnFailure?: object;
}

function createPipeline(stack: Stack, props: Partial<PythonCiPipelineProps> = {}): PythonCiPipeline {
  return new PythonCiPipeline(stack, 'Pipeline', {
    service: createService(stack), repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), applicationName: 'orders', ...props,
  });
}

function stagesOf(template: Template): Stage[] {
  return onlyResource(template, 'AWS::CodePipeline::Pipeline')[1].Properties.Stages as Stage[];
}

function synthesize(props?: Partial<PythonCiPipelineProps>) {
  const stack = createStack();
  const pipeline = createPipeline(stack, props);
  const template = Template.fromStack(stack);
  return { pipeline, template, stages: stagesOf(template) };
}

const namesOf = (stages: Stage[]) => stages.map(({ Name }) => Name);

describe('an approval', () => {
  const { stages, template } = synthesize({ manualApproval: true, environmentSuffix: 'prod' });
  const [approval] = stages[2].Actions;

  test('stands between build and deployment', () => {
    expect(namesOf(stages)).toEqual(['Source', 'Build', 'Approval', 'Deploy']);
    expect(approval.ActionTypeId).toMatchObject({ Category: 'Approval', Provider: 'Manual' });
  });

  test('tells of application, environment, image and commit, and leads to the commit', () => {
    const page = 'https://${AWS::Region}.console.aws.amazon.com/codesuite/codecommit/repositories/${PipelineSourceRepository.Name}'
      + '/commit/#{Source.CommitId}?region=${AWS::Region}';
    expect(textOf(approval.Configuration.CustomData).replace(/Repository[0-9A-F]{8}/, 'Repository')).toBe([
      'Application: orders',
      'Environment: prod',
      'Image: #{Build.IMAGE_DIGEST}',
      'Revision: #{Source.CommitId}',
      `Changes: ${page}`,
    ].join('\n'));
    expect(textOf(approval.Configuration.ExternalEntityLink).replace(/Repository[0-9A-F]{8}/, 'Repository')).toBe(page);
  });

  test('says nothing of such length that the action could fail for it', () => {
    const { CustomData } = synthesize({
      manualApproval: true, applicationName: 'a'.repeat(40), environmentSuffix: 'a'.repeat(16),
    }).stages[2].Actions[0].Configuration;
    // a repository's name has at most 100 characters, a commit's id 40, an image's digest 71, and a region's name
    // stands in the link twice
    expect(textOf(CustomData).length + 100 + 2 * 40 + 71 + 2 * 20).toBeLessThan(1000);
    expect(textOf(CustomData)).not.toContain('CommitMessage');
  });

  test('has a role of the suffix\'s name that permits nothing', () => {
    const [roleId] = approval.RoleArn['Fn::GetAtt'];
    const { Properties } = resourcesOf(template, 'AWS::IAM::Role')[roleId];
    expect(textOf(Properties.RoleName)).toBe('orders-approval-action-${AWS::Region}-prod');
    expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(Properties).not.toHaveProperty('Policies');
    expect(Object.values(resourcesOf(template, 'AWS::IAM::Policy'))).toEqual([]);
    expect(JSON.stringify(Object.values(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).map(({ Properties: { Roles } }) => Roles))).not.toContain(roleId);
  });

  test('tells of the object\'s version when the source is a bucket', () => {
    const stack = createStack();
    createPipeline(stack, {
      manualApproval: true,
      source: PipelineSource.s3({ bucket: s3.Bucket.fromBucketName(stack, 'Archives', 'archives'), key: 'orders/source.zip' }),
    });
    const { Configuration: { CustomData, ExternalEntityLink } } = stagesOf(Template.fromStack(stack))[2].Actions[0];
    expect(textOf(CustomData)).toContain('Environment: none\n');
    expect(textOf(CustomData)).toContain('Revision: #{Source.VersionId}\n');
    expect(textOf(ExternalEntityLink)).toBe('https://${AWS::Region}.console.aws.amazon.com/s3/object/archives?region=${AWS::Region}'
      + '&prefix=orders%2Fsource.zip&versionId=#{Source.VersionId}');
  });

  test('tells what is known when the source does not say what it releases', () => {
    const { Configuration } = synthesize({ manualApproval: true, source: new SilentSource() }).stages[2].Actions[0];
    expect(Configuration).toEqual({ CustomData: 'Application: orders\nEnvironment: none\nImage: #{Build.IMAGE_DIGEST}' });
  });
});

describe('the build', () => {
  const { stages: [source, build, deploy] } = synthesize();

  test('is tried once more when it fails, and neither are source and deployment', () => {
    expect(build.OnFailure).toEqual({ Result: 'RETRY', RetryConfiguration: { RetryMode: 'FAILED_ACTIONS' } });
    expect(source).not.toHaveProperty('OnFailure');
    expect(deploy).not.toHaveProperty('OnFailure');
  });

  test('is told which execution it runs for, so that it knows a second try', () => {
    expect(JSON.parse(build.Actions[0].Configuration.EnvironmentVariables as string)).toEqual([
      { name: 'PIPELINE_EXECUTION_ID', type: 'PLAINTEXT', value: '#{codepipeline.PipelineExecutionId}' },
    ]);
  });

  test('and the source give their variables names that stages of one\'s own may use', () => {
    expect([source, build].map(({ Actions: [{ Namespace }] }) => Namespace)).toEqual(['Source', 'Build']);
  });
});

describe('a stage of one\'s own', () => {
  const approve = () => new actions.ManualApprovalAction({ actionName: 'Approve' });

  test('comes last when nothing else is said', () => {
    const stack = createStack();
    const stage = createPipeline(stack).addStage({ stageName: 'Inform', actions: [approve()] });
    expect(stage.stageName).toBe('Inform');
    expect(namesOf(stagesOf(Template.fromStack(stack)))).toEqual(['Source', 'Build', 'Deploy', 'Inform']);
  });

  test.each<[string, (pipeline: codepipeline.Pipeline) => codepipeline.StagePlacement]>([
    ['after the build', (pipeline) => ({ justAfter: pipeline.stage('Build') })],
    ['before the deployment', (pipeline) => ({ rightBefore: pipeline.stages[2] })],
  ])('comes between build and deployment when it is placed %s', (_place, placement) => {
    const stack = createStack();
    const pipeline = createPipeline(stack);
    pipeline.addStage({ stageName: 'Migrate', placement: placement(pipeline.codePipeline), actions: [approve()] });
    expect(namesOf(stagesOf(Template.fromStack(stack)))).toEqual(['Source', 'Build', 'Migrate', 'Deploy']);
  });

  test('fails with a name that is taken', () => {
    expect(() => createPipeline(createStack()).addStage({ stageName: 'Build', actions: [approve()] })).toThrow("Stage with duplicate name 'Build'");
  });
});

/** What a user may write: CodeCommit without the members that came later. */
class SilentSource extends PipelineSource {
  public bind(...args: Parameters<PipelineSource['bind']>): PipelineSourceConfig {
    const { action } = PipelineSource.codeCommit().bind(...args);
    return { action };
  }
}
