import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ContainerPlatform, ContainerPlatformOptions, Network } from '../../src';
import { createStack, importedVpc, onlyResource } from '../helpers';

function synthesize(props: ContainerPlatformOptions & { removalPolicy?: RemovalPolicy } = {}) {
  const stack = createStack();
  const network = new Network(stack, 'Network', { vpc: importedVpc(stack) });
  const platform = new ContainerPlatform(stack, 'Platform', { network, ...props });
  return { stack, network, platform, template: Template.fromStack(stack) };
}

describe('a platform of its own', () => {
  const { template, platform, network } = synthesize();

  test('has a Fargate cluster with Container Insights', () => {
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] });
    expect(platform.network).toBe(network);
  });

  test('keeps the last 10 images of an encrypted repository with immutable tags, scanned on push', () => {
    const [, repository] = onlyResource(template, 'AWS::ECR::Repository');
    expect(repository.Properties).toMatchObject({
      ImageScanningConfiguration: { ScanOnPush: true },
      ImageTagMutability: 'IMMUTABLE',
      EncryptionConfiguration: { EncryptionType: 'KMS' },
      EmptyOnDelete: true,
    });
    const { LifecyclePolicyText } = repository.Properties.LifecyclePolicy as { LifecyclePolicyText: string };
    expect(JSON.parse(LifecyclePolicyText).rules).toEqual([expect.objectContaining({
      description: 'keep the newest images',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
      action: { type: 'expire' },
    })]);
  });

  test('goes with its stack', () => {
    template.hasResource('AWS::ECR::Repository', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

test('RETAIN keeps the repository and its images', () => {
  const { template } = synthesize({ removalPolicy: RemovalPolicy.RETAIN });
  template.hasResource('AWS::ECR::Repository', { DeletionPolicy: 'Retain', Properties: { EmptyOnDelete: false } });
});

test('follows the number of images, the key and the insights that are asked for', () => {
  const stack = createStack();
  const key = new kms.Key(stack, 'Key');
  const network = new Network(stack, 'Network', { vpc: importedVpc(stack) });
  new ContainerPlatform(stack, 'Platform', { network, maxImageCount: 25, encryptionKey: key, containerInsights: ecs.ContainerInsights.ENHANCED });
  const template = Template.fromStack(stack);
  const [keyId] = onlyResource(template, 'AWS::KMS::Key');
  template.hasResourceProperties('AWS::ECR::Repository', {
    EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: { 'Fn::GetAtt': [keyId, 'Arn'] } },
    LifecyclePolicy: { LifecyclePolicyText: Match.stringLikeRegexp('"countNumber":25') },
  });
  template.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }] });
});

describe('what exists', () => {
  test('is used as it is', () => {
    const stack = createStack();
    const vpc = importedVpc(stack);
    const cluster = ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc });
    const repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'shared');
    const network = new Network(stack, 'Network', { vpc });
    const platform = new ContainerPlatform(stack, 'Platform', { network, cluster, repository });
    expect(platform.cluster).toBe(cluster);
    expect(platform.repository).toBe(repository);
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('makes a platform without props', () => {
    const stack = createStack();
    const vpc = importedVpc(stack);
    const attributes = {
      network: Network.fromNetworkAttributes(stack, 'Network', { vpc }),
      cluster: ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc }),
      repository: ecr.Repository.fromRepositoryName(stack, 'Repository', 'shared'),
    };
    expect(ContainerPlatform.fromContainerPlatformAttributes(stack, 'Platform', attributes)).toMatchObject(attributes);
  });
});

describe('a cluster and a network of which one may turn out to be the other\'s', () => {
  test.each([
    ['the VPC of another import with the same id', 'vpc-11111111'],
    ['a VPC whose id comes with the deployment', Aws.STACK_ID],
  ])('pass: %s', (_name, vpcId) => {
    const stack = createStack();
    const cluster = ecs.Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterName: 'shared', vpc: importedVpc(stack, 'Other', vpcId),
    });
    const network = new Network(stack, 'Network', { vpc: importedVpc(stack) });
    expect(() => new ContainerPlatform(stack, 'Platform', { network, cluster })).not.toThrow();
  });
  test('pass: an import beside a VPC of the app, which an output of the app may have named', () => {
    const stack = createStack();
    const cluster = ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc: importedVpc(stack) });
    expect(() => new ContainerPlatform(stack, 'Platform', { network: new Network(stack, 'Network'), cluster })).not.toThrow();
  });
});
