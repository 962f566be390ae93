import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PipelineAlerts, PipelineAlertsOptions } from './alerts/pipeline-alerts';
import { PythonCiPipeline, PythonCiPipelineOptions } from './ci/python-ci-pipeline';
import { Network, NetworkOptions } from './network/network';
import { ContainerPlatform, ContainerPlatformOptions } from './platform/container-platform';
import { ResourceNames } from './private/names';
import { BlueGreenService } from './service/blue-green-service';
import { BlueGreenServiceOptions } from './service/blue-green-service-options';

/**
 * Props of the pattern: one for each part, and what all parts have in common.
 */
export interface BlueGreenPythonPipelineProps {
  /**
   * The application's name, the first word of every physical name.
   *
   * Lower-case letters, digits and single hyphens, at most 40 characters.
   *
   * @default - the construct id in kebab case
   */
  readonly applicationName?: string;

  /**
   * The environment's name, such as `dev`: the last word of every physical name.
   *
   * Lower-case letters, digits and single hyphens, at most 16 characters.
   *
   * @default - the context value `environmentSuffix`, else none: CloudFormation names things
   */
  readonly environmentSuffix?: string;

  /**
   * What happens to the things that hold data when the stack goes.
   *
   * DESTROY empties and deletes them, RETAIN keeps them and protects the load balancer from deletion.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Where the load balancer and the tasks live.
   *
   * @default - a new VPC over two zones with one NAT gateway
   */
  readonly network?: NetworkOptions;

  /**
   * What the containers run on.
   *
   * @default - a new cluster and a new repository
   */
  readonly platform?: ContainerPlatformOptions;

  /**
   * The application.
   *
   * @default - 512 CPU units, 1024 MiB, port 8080
   */
  readonly service?: BlueGreenServiceOptions;

  /**
   * How a change becomes a release.
   *
   * @default - a new CodeCommit repository, Python 3.9, pip
   */
  readonly pipeline?: PythonCiPipelineOptions;

  /**
   * Who hears of failures.
   *
   * @default - nobody, and the synthesis warns
   */
  readonly alerts?: PipelineAlertsOptions;

  /**
   * Whether the stack puts out what a user needs next: the URL, the DNS name of the load balancer, the cluster's ARN, the clone URL,
   * the repository's URI and the pipeline's name.
   *
   * @default true
   */
  readonly outputs?: boolean;
}

/**
 * A Python web application with its delivery pipeline: network, platform, service, pipeline and alerts, wired.
 *
 * It deploys in one step into an empty account and serves a placeholder until the first push.
 *
 * @example
 * new BlueGreenPythonPipeline(this, 'Orders', {
 *   environmentSuffix: 'dev',
 *   alerts: { channels: [AlertChannel.email('devops@example.com')] },
 * });
 */
export class BlueGreenPythonPipeline extends Construct {
  /** Where the load balancer and the tasks live. */
  public readonly network: Network;
  /** What the containers run on. */
  public readonly platform: ContainerPlatform;
  /** The application. */
  public readonly service: BlueGreenService;
  /** How a change becomes a release. */
  public readonly pipeline: PythonCiPipeline;
  /** Who hears of failures. */
  public readonly alerts: PipelineAlerts;

  /**
   * @throws when a part does
   */
  constructor(scope: Construct, id: string, props: BlueGreenPythonPipelineProps = {}) {
    super(scope, id);
    const environmentSuffix = props.environmentSuffix ?? this.node.tryGetContext('environmentSuffix');
    const { parts } = new ResourceNames(this, { ...props, environmentSuffix });
    const common = { ...parts, removalPolicy: props.removalPolicy };

    this.network = new Network(this, 'Network', { ...props.network, ...common });
    this.platform = new ContainerPlatform(this, 'Platform', { ...props.platform, ...common, network: this.network });
    this.service = new BlueGreenService(this, 'Service', { ...props.service, ...common, platform: this.platform });
    this.pipeline = new PythonCiPipeline(this, 'Pipeline', {
      ...props.pipeline, ...common, service: this.service, repository: this.platform.repository,
    });
    this.alerts = new PipelineAlerts(this, 'Alerts', { ...props.alerts, ...common, pipeline: this.pipeline.codePipeline });
    if (props.outputs ?? true) {
      this.createOutputs();
    }
  }

  private createOutputs(): void {
    const { service, platform, pipeline } = this;
    const outputs: { [id: string]: [string | undefined, string] } = {
      Url: [service.url, 'Where the application answers'],
      LoadBalancerDnsName: [service.loadBalancer.loadBalancerDnsName, 'The DNS name of the load balancer'],
      ClusterArn: [platform.cluster.clusterArn, 'The ECS cluster'],
      CloneUrl: [pipeline.sourceRepository?.repositoryCloneUrlHttp, 'Push to this repository to release'],
      RepositoryUri: [platform.repository.repositoryUri, 'Where the images are'],
      PipelineName: [pipeline.codePipeline.pipelineName, 'The pipeline'],
    };
    for (const [id, [value, description]] of Object.entries(outputs)) {
      if (value !== undefined) {
        new CfnOutput(this, id, { value, description });
      }
    }
  }
}
