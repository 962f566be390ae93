import { Duration, RemovalPolicy, Resource, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { INetwork } from '../network/network';
import { PartProps } from '../part-props';
import { CLUSTER, IMAGE_REPOSITORY, KEY, NETWORK, PART } from '../private/common-kinds';
import { fail } from '../private/errors';
import { DEFAULT_RETENTION, rulesOfMarkedImages } from '../private/image-tags';
import { DURATION, KindsOf, memberOf, NUMBER, required, requireKinds } from '../private/kinds';
import { ResourceNames } from '../private/names';
import { removalPolicyOf } from '../private/part-defaults';
import { isUnknown } from '../private/unknown-values';
import { requireAbsent, requireDuration, requireInteger } from '../private/validation';

/**
 * An ECS cluster with its network, and the ECR repository of the application's images.
 */
export interface IContainerPlatform extends IConstruct {
  /** The network of the cluster. */
  readonly network: INetwork;
  /** The ECS cluster. */
  readonly cluster: ecs.ICluster;
  /** The ECR repository of the application's images. */
  readonly repository: ecr.IRepository;
}

/**
 * Options of a platform, without its network and the properties that all parts share.
 */
export interface ContainerPlatformOptions {
  /**
   * An existing cluster in the VPC of the network.
   *
   * A change replaces the service, whose tasks then run the image that `bootstrapImage` names. Change it only together
   * with `serviceRevision`.
   *
   * @default - a new cluster
   */
  readonly cluster?: ecs.ICluster;

  /**
   * An existing repository. Its lifecycle rules and encryption are managed by its owner.
   *
   * If you set it later, CloudFormation deletes the repository that the platform created, with its images, unless
   * RETAIN keeps it.
   *
   * @default - a new repository with immutable tags, scan on push, and encryption
   */
  readonly repository?: ecr.IRepository;

  /**
   * The number of released images that the new repository keeps, from 1 to 1000. Amazon ECR deletes older ones, but
   * never the image of the live release, or of the release before it.
   *
   * An image that does not come from the pipeline is deleted when the repository has this number of newer images of any
   * kind. The same applies to all images if `release.protectImages` of the service is false.
   *
   * @default 10
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   */
  readonly maxImageCount?: number;

  /**
   * The time that the new repository keeps an image that was built but not released, whole days from 14 to 3650. It
   * starts with the push.
   *
   * A release can wait 7 days for a manual approval. Its deployment can wait 2 days for an approval, and 2 days until
   * the old tasks end. So the shortest value leaves a margin of 3 days.
   *
   * @default Duration.days(30)
   */
  readonly candidateRetention?: Duration;

  /**
   * The Container Insights setting of the new cluster.
   *
   * @default ecs.ContainerInsights.ENABLED
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-container-insights.html
   */
  readonly containerInsights?: ecs.ContainerInsights;

  /**
   * The key that encrypts the new repository. Amazon ECR cannot change the key of a repository, so a change replaces
   * the repository.
   *
   * @default - the AWS managed key for Amazon ECR
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Properties of `ContainerPlatform`.
 */
export interface ContainerPlatformProps extends ContainerPlatformOptions, PartProps {
  /** The network of the cluster. */
  readonly network: INetwork;
}

/**
 * Attributes of an existing platform.
 */
export interface ContainerPlatformAttributes {
  /** The network of the cluster. */
  readonly network: INetwork;
  /** The ECS cluster. */
  readonly cluster: ecs.ICluster;
  /** The ECR repository of the application's images. */
  readonly repository: ecr.IRepository;
}

const KINDS: KindsOf<ContainerPlatformProps> = {
  ...PART,
  cluster: CLUSTER,
  repository: IMAGE_REPOSITORY,
  maxImageCount: NUMBER,
  candidateRetention: DURATION,
  containerInsights: memberOf('a member of ecs.ContainerInsights, such as ecs.ContainerInsights.ENABLED', () => ecs.ContainerInsights),
  encryptionKey: KEY,
  network: required(NETWORK),
};

const ATTRIBUTE_KINDS: KindsOf<ContainerPlatformAttributes> = {
  network: required(NETWORK), cluster: required(CLUSTER), repository: required(IMAGE_REPOSITORY),
};

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
   * Imports an existing platform.
   *
   * @throws if the cluster is in another VPC than the network
   */
  public static fromContainerPlatformAttributes(
    scope: Construct, id: string, attributes: ContainerPlatformAttributes,
  ): IContainerPlatform {
    return new ImportedContainerPlatform(scope, id, attributes);
  }

  /** The network of the cluster. */
  public readonly network: INetwork;
  /** The ECS cluster. */
  public readonly cluster: ecs.ICluster;
  /** The ECR repository of the application's images. */
  public readonly repository: ecr.IRepository;
  private marksImages = false;

  /**
   * @throws if the cluster is in another VPC than the network. It also throws if an option of a new cluster or
   * repository is used together with an existing one.
   */
  constructor(scope: Construct, id: string, private readonly props: ContainerPlatformProps) {
    super(scope, id);
    this.validate(props);
    const names = new ResourceNames(this, props);

    this.network = props.network;
    this.cluster = props.cluster ?? this.createCluster(props, names);
    this.repository = props.repository ?? this.createRepository(props, names);
    this.node.addValidation({ validate: () => this.findUnusedRetention() });
  }

  /**
   * Adds the lifecycle rules for images with marks, once. A service whose releases mark their images calls it.
   *
   * @returns whether the repository has these rules; it does not if it is an existing one
   * @internal
   */
  public _keepMarkedImages(): boolean {
    if (this.props.repository) { return false; }
    if (!this.marksImages) {
      this.marksImages = true;
      const {
        maxImageCount = DEFAULT_RETENTION.maxImageCount, candidateRetention = DEFAULT_RETENTION.candidateRetention,
      } = this.props;
      const repository = this.repository as ecr.Repository;
      rulesOfMarkedImages({ maxImageCount, candidateRetention }).forEach((rule) => repository.addLifecycleRule(rule));
    }
    return true;
  }

  private findUnusedRetention(): string[] {
    if (this.props.candidateRetention === undefined || this.marksImages) { return []; }
    return ["'candidateRetention' has no effect, because no service of this platform marks its images; remove it, or remove 'release.protectImages: false' of the service"];
  }

  private validate(props: ContainerPlatformProps): void {
    requireKinds(this, props, KINDS);
    if (props.cluster) {
      requireAbsent(this, 'cluster', { containerInsights: props.containerInsights },
        'an existing cluster keeps its own setting: remove one of the two');
      requireSameVpc(this, props.cluster, props.network.vpc);
    }
    if (props.repository) {
      const { maxImageCount, candidateRetention, encryptionKey } = props;
      requireAbsent(this, 'repository', { maxImageCount, candidateRetention, encryptionKey },
        'an existing repository keeps its own settings: remove one of the two');
    }
    requireInteger(this, 'maxImageCount', props.maxImageCount, { min: 1, max: 1000, remedy: 'a rollback requires the images of previous releases' });
    requireDuration(this, 'candidateRetention', props.candidateRetention, {
      unit: 'days', min: 14, max: 3650, remedy: 'a release can wait 11 days for approvals and the end of the old tasks, and needs its image until then',
    });
  }

  private createCluster(props: ContainerPlatformProps, names: ResourceNames): ecs.Cluster {
    return new ecs.Cluster(this, 'Cluster', {
      clusterName: names.of('cluster'),
      vpc: props.network.vpc,
      containerInsightsV2: props.containerInsights ?? ecs.ContainerInsights.ENABLED,
    });
  }

  private createRepository(props: ContainerPlatformProps, names: ResourceNames): ecr.Repository {
    const removalPolicy = removalPolicyOf(props);
    return new ecr.Repository(this, 'Repository', {
      repositoryName: names.of('app'),
      imageScanOnPush: true,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      encryption: ecr.RepositoryEncryption.KMS,
      encryptionKey: props.encryptionKey,
      lifecycleRules: [{
        description: 'keep the newest images', maxImageCount: props.maxImageCount ?? DEFAULT_RETENTION.maxImageCount,
      }],
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
    requireKinds(this, attributes, ATTRIBUTE_KINDS);
    requireSameVpc(this, attributes.cluster, attributes.network.vpc);
    this.network = attributes.network;
    this.cluster = attributes.cluster;
    this.repository = attributes.repository;
  }
}

/**
 * Fails if the VPCs differ: ECS starts tasks in the cluster's VPC, so AWS would reject security groups and target
 * groups of another one at deployment.
 */
function requireSameVpc(scope: IConstruct, cluster: ecs.ICluster, vpc: ec2.IVpc): void {
  if (!areSurelyDifferent(cluster.vpc, vpc)) { return; }
  fail(scope, `'cluster' must be in the network's VPC, got a cluster in ${describe(cluster.vpc)} and a network in ${describe(vpc)}; `
    + 'use the same VPC for both, as in network: { vpc: cluster.vpc }');
}

/** A parameter or an import may resolve to the same VPC. Two VPCs of this app, or two literal ids, never do. */
function areSurelyDifferent(one: ec2.IVpc, other: ec2.IVpc): boolean {
  if (one.vpcId === other.vpcId) { return false; }
  const known = ![one, other].some((vpc) => isUnknown(vpc.vpcId));
  return known || (Resource.isOwnedResource(one) && Resource.isOwnedResource(other));
}

function describe(vpc: ec2.IVpc): string {
  return Token.isUnresolved(vpc.vpcId) ? vpc.node.path : vpc.vpcId;
}
