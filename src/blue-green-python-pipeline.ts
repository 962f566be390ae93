import { CfnOutput, Stage, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { PipelineAlerts } from './alerts/pipeline-alerts';
import { BlueGreenPythonPipelineProps } from './blue-green-python-pipeline-props';
import { PythonCiPipeline } from './ci/python-ci-pipeline';
import { DeliveryDashboard } from './dashboard/private/delivery-dashboard';
import { Network } from './network/network';
import { PartProps } from './part-props';
import { ContainerPlatform } from './platform/container-platform';
import { ResourceNames } from './private/names';
import { requireAbsent } from './private/validation';
import { BlueGreenService } from './service/blue-green-service';
import { WiringChecks } from './wiring/wiring-checks';

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
  /** What whoever is on call looks at; undefined unless it is asked for. */
  public readonly dashboard?: cloudwatch.Dashboard;

  /**
   * @throws when a part does
   */
  constructor(scope: Construct, id: string, props: BlueGreenPythonPipelineProps = {}) {
    super(scope, id);
    if (props.service?.publicLoadBalancer === false) {
      requireAbsent(this, 'service.publicLoadBalancer: false', { 'network.loadBalancerSubnets': props.network?.loadBalancerSubnets },
        'an internal load balancer stands in the subnets of the tasks: remove one of the two');
    }
    const environmentSuffix = props.environmentSuffix ?? this.node.tryGetContext('environmentSuffix');
    const names = new ResourceNames(this, { ...props, environmentSuffix });
    const common = { ...names.parts, removalPolicy: props.removalPolicy };

    this.network = new Network(this, 'Network', { ...props.network, ...common });
    this.platform = new ContainerPlatform(this, 'Platform', { ...props.platform, ...common, network: this.network });
    this.service = new BlueGreenService(this, 'Service', { ...props.service, ...common, platform: this.platform });
    this.pipeline = new PythonCiPipeline(this, 'Pipeline', {
      ...props.pipeline, ...common, service: this.service, repository: this.platform.repository,
    });
    this.alerts = this.createAlerts(props, common);
    if (props.dashboard) {
      this.dashboard = this.createDashboard(names);
    }
    if (props.outputs ?? true) {
      this.createOutputs();
    }
    // without a stage there is no synthesis that could judge
    if (Stage.of(this)) {
      Validations.of(this).addPlugins(new WiringChecks({ scope: this }));
    }
  }

  private createAlerts({ alerts, pipeline: { manualApproval } = {} }: BlueGreenPythonPipelineProps, common: PartProps): PipelineAlerts {
    const { service, platform: { repository }, pipeline: { codePipeline, buildProject, firstExecutionMayFail } } = this;
    return new PipelineAlerts(this, 'Alerts', {
      notifyOnApproval: manualApproval,
      ...alerts,
      ...common,
      alarms: [...service.rollbackAlarms, ...alerts?.alarms ?? []],
      pipeline: codePipeline,
      service,
      buildProject,
      repository,
      ignoreFirstExecution: firstExecutionMayFail,
    });
  }

  private createDashboard(names: ResourceNames): cloudwatch.Dashboard {
    const { service, pipeline: { codePipeline, buildProject } } = this;
    return new DeliveryDashboard(this, 'Dashboard', {
      names, service, pipeline: codePipeline, buildProject, alarms: service.rollbackAlarms,
    }).dashboard;
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
