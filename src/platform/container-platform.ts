import { RemovalPolicy, Resource, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { INetwork } from '../network/network';
import { PartProps } from '../part-props';
import { fail } from '../private/errors';
import { ResourceNames } from '../private/names';
import { requireAbsent, requireInteger } from '../private/validation';

const DEFAULT_IMAGE_COUNT = 10;

/**
 * What containers run on, and where their images lie.
 */
export interface IContainerPlatform extends IConstruct {
  /** The network of the cluster. */
  readonly network: INetwork;
  /** The cluster. */
  readonly cluster: ecs.ICluster;
  /** The repository of the application's images. */
  readonly repository: ecr.IRepository;
}

/**
 * What a parent may tune on a platform.
 */
export interface ContainerPlatformOptions {
  /**
   * A cluster that exists, in the network's VPC.
   *
   * Another one replaces the service, and production shows what `bootstrapImage` names: change it together with `serviceRevision` only.
   *
   * @default - a new cluster
   */
  readonly cluster?: ecs.ICluster;

  /**
   * A repository that exists. Its lifecycle rules and encryption are its owner's.
   *
   * Giving one later deletes the one that was made, with its images, unless RETAIN keeps it.
   *
   * @default - a new repository: immutable tags, scanned on push, encrypted
   */
  readonly repository?: ecr.IRepository;

  /**
   * How many images the new repository keeps, from 1 to 1000.
   *
   * @default 10
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   */
  readonly maxImageCount?: number;

  /**
   * What Container Insights collects of the new cluster.
   *
   * @default ecs.ContainerInsights.ENABLED
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-container-insights.html
   */
  readonly containerInsights?: ecs.ContainerInsights;

  /**
   * The key that encrypts the new repository. A repository keeps the key of its creation: another one replaces it.
   *
   * @default - the account's key of ECR
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Props of a platform.
 */
export interface ContainerPlatformProps extends ContainerPlatformOptions, PartProps {
  /** The network of the cluster. */
  readonly network: INetwork;
}

/**
 * A platform that exists.
 */
export interface ContainerPlatformAttributes {
  /** The network of the cluster. */
  readonly network: INetwork;
  /** The cluster. */
  readonly cluster: ecs.ICluster;
  /** The repository of the application's images. */
  readonly repository: ecr.IRepository;
}

/**
 * An ECS cluster and an ECR repository for one application.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html
 * @example
 * declare const network: Network;
 * const platform = new ContainerPlatform(this, 'Platform', { network, maxImageCount: 20 });
 */
export class ContainerPlatform extends Construct implements IContainerPlatform {
  /**
   * A platform that exists, from its parts.
   *
   * @throws when the cluster is in another VPC than the network
   */
  public static fromContainerPlatformAttributes(scope: Construct, id: string, attributes: ContainerPlatformAttributes): IContainerPlatform {
    return new ImportedContainerPlatform(scope, id, attributes);
  }

  /** The network of the cluster. */
  public readonly network: INetwork;
  /** The cluster. */
  public readonly cluster: ecs.ICluster;
  /** The repository of the application's images. */
  public readonly repository: ecr.IRepository;

  /**
   * @throws when the cluster is in another VPC than the network, or when a prop of a new cluster or repository comes with a given one
   */
  constructor(scope: Construct, id: string, props: ContainerPlatformProps) {
    super(scope, id);
    this.validate(props);
    const names = new ResourceNames(this, props);

    this.network = props.network;
    this.cluster = props.cluster ?? this.createCluster(props, names);
    this.repository = props.repository ?? this.createRepository(props, names);
  }

  private validate(props: ContainerPlatformProps): void {
    if (props.cluster) {
      requireAbsent(this, 'cluster', { containerInsights: props.containerInsights },
        'the given cluster has its own setting: remove one of the two');
      requireSameVpc(this, props.cluster, props.network.vpc);
    }
    if (props.repository) {
      requireAbsent(this, 'repository', { maxImageCount: props.maxImageCount, encryptionKey: props.encryptionKey },
        'the given repository has its own settings: remove one of the two');
    }
    requireInteger(this, 'maxImageCount', props.maxImageCount, { min: 1, max: 1000, remedy: 'a rollback needs the images of former releases' });
  }

  private createCluster(props: ContainerPlatformProps, names: ResourceNames): ecs.Cluster {
    return new ecs.Cluster(this, 'Cluster', {
      clusterName: names.of('cluster'),
      vpc: props.network.vpc,
      containerInsightsV2: props.containerInsights ?? ecs.ContainerInsights.ENABLED,
    });
  }

  private createRepository(props: ContainerPlatformProps, names: ResourceNames): ecr.Repository {
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;
    return new ecr.Repository(this, 'Repository', {
      repositoryName: names.of('app'),
      imageScanOnPush: true,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      encryption: ecr.RepositoryEncryption.KMS,
      encryptionKey: props.encryptionKey,
      lifecycleRules: [{ description: 'keep the newest images', maxImageCount: props.maxImageCount ?? DEFAULT_IMAGE_COUNT }],
      removalPolicy,
      emptyOnDelete: removalPolicy === RemovalPolicy.DESTROY,
    });
  }
}

class ImportedContainerPlatform extends Construct implements IContainerPlatform {
  public readonly network: INetwork;
  public readonly cluster: ecs.ICluster;
  public readonly repository: ecr.IRepository;

  constructor(scope: Construct, id: string, attributes: ContainerPlatformAttributes) {
    super(scope, id);
    requireSameVpc(this, attributes.cluster, attributes.network.vpc);
    this.network = attributes.network;
    this.cluster = attributes.cluster;
    this.repository = attributes.repository;
  }
}

/** ECS starts tasks in the cluster's VPC, so security groups and target groups of another one would be refused at deployment. */
function requireSameVpc(scope: IConstruct, cluster: ecs.ICluster, vpc: ec2.IVpc): void {
  if (!areSurelyDifferent(cluster.vpc, vpc)) { return; }
  fail(scope, `'cluster' must be in the network's VPC, got a cluster in ${describe(cluster.vpc)} and a network in ${describe(vpc)}; `
    + 'give both the same VPC, as in network: { vpc: cluster.vpc }');
}

/** A parameter or an import may turn out to be the same VPC; two VPCs of this app, or two plain ids, never do. */
function areSurelyDifferent(one: ec2.IVpc, other: ec2.IVpc): boolean {
  if (one.vpcId === other.vpcId) { return false; }
  const known = ![one, other].some((vpc) => Token.isUnresolved(vpc.vpcId));
  return known || (Resource.isOwnedResource(one) && Resource.isOwnedResource(other));
}

function describe(vpc: ec2.IVpc): string {
  return Token.isUnresolved(vpc.vpcId) ? vpc.node.path : vpc.vpcId;
}
