import { Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { PipelineSource, PythonCiPipeline } from '../../../../src';
import { createService, createStack, onlyResource, resourcesOf, Statement, statementsOf, textOf, triggersOf } from '../../../helpers';

const KEY = 'orders/source.zip';

function createPipeline(stack: Stack, bucket: s3.IBucket, key = KEY): PythonCiPipeline {
  return new PythonCiPipeline(stack, 'Pipeline', {
    source: PipelineSource.s3({ bucket, key }),
    service: createService(stack),
    repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
  });
}

function synthesize(createBucket: (stack: Stack) => s3.IBucket, key?: string) {
  const stack = createStack();
  const pipeline = createPipeline(stack, createBucket(stack), key);
  return { pipeline, template: Template.fromStack(stack) };
}

const imported = (stack: Stack) => s3.Bucket.fromBucketName(stack, 'Archives', 'archives');

/** The statements of the source's action that name the bucket of the archive. */
function statementsAbout(template: Template, bucket: string): Statement[] {
  return statementsOf(template, 'PipelineSourceActionRole').filter(({ Resource }) => JSON.stringify(Resource).includes(bucket));
}

describe('an archive in a bucket', () => {
  const { template } = synthesize(imported);

  test('is the source, and no poll looks for it', () => {
    const { Stages } = onlyResource(template, 'AWS::CodePipeline::Pipeline')[1].Properties as { Stages: { Actions: object[] }[] };
    expect(Stages[0].Actions).toMatchObject([{
      ActionTypeId: { Category: 'Source', Provider: 'S3' },
      Configuration: { S3Bucket: 'archives', S3ObjectKey: KEY, PollForSourceChanges: false },
      OutputArtifacts: [{ Name: 'Source' }],
    }]);
    template.resourceCountIs('AWS::CodeCommit::Repository', 0);
  });

  test('starts the pipeline when there is a new version of it, and of no other object', () => {
    const [rule] = triggersOf(template);
    expect(rule.Properties.EventPattern).toEqual({
      'source': ['aws.s3'],
      'detail-type': ['Object Created'],
      'detail': { bucket: { name: ['archives'] }, object: { key: [KEY] } },
    });
    template.resourceCountIs('AWS::CloudTrail::Trail', 0);
  });

  test('may be read with its tags, and nothing else of its bucket', () => {
    const arn = (path: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::archives${path}`]] });
    expect(statementsAbout(template, ':s3:::archives')).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectVersionTagging'],
        Resource: arn(`/${KEY}`),
      },
      { Effect: 'Allow', Action: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], Resource: arn('') },
    ]);
  });
});

test('an archive that a key encrypts may be decrypted by it', () => {
  const { template } = synthesize((stack) => s3.Bucket.fromBucketAttributes(stack, 'Archives', {
    bucketName: 'archives', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1'),
  }));
  expect(statementsOf(template, 'PipelineSourceActionRole')).toContainEqual({
    Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'arn:aws:kms:eu-west-1:111111111111:key/1',
  });
});

test('the role that reads an archive has a name of the application and the environment', () => {
  const stack = createStack();
  new PythonCiPipeline(stack, 'Pipeline', {
    applicationName: 'orders',
    environmentSuffix: 'dev',
    source: PipelineSource.s3({ bucket: imported(stack), key: KEY }),
    service: createService(stack),
    repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
  });
  const roles = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::IAM::Role')).flatMap(({ Properties: { RoleName } }) => RoleName ?? []);
  expect(roles.map(textOf)).toContain('orders-source-action-${AWS::Region}-dev');
});

describe('a bucket of the app', () => {
  test('passes when it keeps versions and tells EventBridge', () => {
    const { template } = synthesize((stack) => new s3.Bucket(stack, 'Archives', { versioned: true, eventBridgeEnabled: true }));
    expect(Object.keys(resourcesOf(template, 'Custom::S3BucketNotifications'))).toHaveLength(1);
  });

  test('passes when that is set up later, by overrides', () => {
    const stack = createStack();
    const bucket = new s3.Bucket(stack, 'Archives');
    createPipeline(stack, bucket);
    const resource = bucket.node.defaultChild as s3.CfnBucket;
    resource.addPropertyOverride('VersioningConfiguration.Status', 'Enabled');
    resource.addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', true);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('fails the synthesis when it does neither', () => {
    expect(() => synthesize((stack) => new s3.Bucket(stack, 'Archives'))).toThrow(new RegExp([
      "'source.bucket' must be versioned, got Stack/Archives without versioning; CodePipeline requires versioning of an S3 source: add 'versioned: true' to the bucket",
      "[^]*'source.bucket' must send events of new objects to EventBridge, got Stack/Archives without events; nothing would start the pipeline: "
      + "add 'eventBridgeEnabled: true' to the bucket",
    ].join('')));
  });

  test('fails the synthesis when it tells others than EventBridge', () => {
    expect(() => synthesize((stack) => {
      const bucket = new s3.Bucket(stack, 'Archives', { versioned: true });
      (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = { topicConfigurations: [{ event: 's3:ObjectCreated:*', topic: 'arn:aws:sns:x' }] };
      return bucket;
    })).toThrow("'source.bucket' must send events of new objects to EventBridge");
  });
});

test('a key that is known at deployment only passes', () => {
  expect(() => synthesize(imported, Lazy.string({ produce: () => 'any' }))).not.toThrow();
});
