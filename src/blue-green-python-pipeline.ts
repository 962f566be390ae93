import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PipelineAlerts } from './alerts/pipeline-alerts';
import { BlueGreenPythonPipelineProps } from './blue-green-python-pipeline-props';
import { PythonCiPipeline } from './ci/python-ci-pipeline';
import { DeliveryDashboard } from './dashboard/delivery-dashboard';
import { DeliveryOutputs } from './delivery-outputs';
import { Network } from './network/network';
import { wantsFlowLogs } from './network/private/flow-logs';
import { PartProps } from './part-props';
import { ContainerPlatform } from './platform/container-platform';
import { KEY, PART } from './private/common-kinds';
import { flag, GROUP, KindsOf, requireKinds } from './private/kinds';
import { ResourceNames, suffixOfContext } from './private/names';
import { requireAbsent } from './private/validation';
import { BlueGreenService } from './service/blue-green-service';
import { TemplateChecks } from './template-checks/template-checks';

const KINDS: KindsOf<BlueGreenPythonPipelineProps> = {
  ...PART,
  network: GROUP,
  platform: GROUP,
  service: GROUP,
  pipeline: GROUP,
  alerts: GROUP,
  encryptionKey: KEY,
  outputs: flag(),
  dashboard: flag(),
};

/**
 * A Python web application with its delivery pipeline: network, platform, service, pipeline, and alerts.
 *
 * It deploys in one step into an empty account, and serves a placeholder until the first release.
 *
 * @example
 * new BlueGreenPythonPipeline(this, 'Orders', {
 *   environmentSuffix: 'dev',
 *   alerts: { channels: [AlertChannel.email('devops@example.com')] },
 * });
 */
export class BlueGreenPythonPipeline extends Construct {
  /** The VPC and subnets of the load balancer and the tasks. */
  public readonly network: Network;
  /** The ECS cluster and the ECR repository. */
  public readonly platform: ContainerPlatform;
  /** The ECS service, its load balancer, and its releases. */
  public readonly service: BlueGreenService;
  /** The pipeline from a push to a release. */
  public readonly pipeline: PythonCiPipeline;
  /** The notifications about failures. */
  public readonly alerts: PipelineAlerts;
  /** The dashboard for the on-call engineer, undefined unless `dashboard` is true. */
  public readonly dashboard?: cloudwatch.Dashboard;

  /**
   * @throws if a part throws
   */
  constructor(scope: Construct, id: string, givenProps: BlueGreenPythonPipelineProps = {}) {
    super(scope, id);
    requireKinds(this, givenProps, KINDS);
    const props = withSharedKey(givenProps);
    if (props.service?.loadBalancer?.internetFacing === false) {
      requireAbsent(this, 'service.loadBalancer.internetFacing: false', { 'network.loadBalancerSubnets': props.network?.loadBalancerSubnets },
        'an internal load balancer is in the subnets of the tasks: remove one of the two');
    }
    const environmentSuffix = props.environmentSuffix ?? suffixOfContext(this);
    const common = {
      ...new ResourceNames(this, { ...props, environmentSuffix }).parts,
      removalPolicy: props.removalPolicy,
    };

    this.network = new Network(this, 'Network', { ...props.network, ...common });
    this.platform = new ContainerPlatform(this, 'Platform', { ...props.platform, ...common, network: this.network });
    this.service = new BlueGreenService(this, 'Service', { ...props.service, ...common, platform: this.platform });
    this.pipeline = new PythonCiPipeline(this, 'Pipeline', {
      ...props.pipeline, ...common, service: this.service, repository: this.platform.repository,
    });
    this.alerts = this.createAlerts(props, common);
    if (props.dashboard) {
      const { service, pipeline: { codePipeline, buildProject } } = this;
      this.dashboard = new DeliveryDashboard(this, 'Dashboard', { ...common, service, codePipeline, buildProject }).dashboard;
    }
    if (props.outputs ?? true) {
      DeliveryOutputs.addTo(this, this);
    }
    TemplateChecks.addTo(this);
  }

  /**
   * Adds an alarm that stops a release and rolls it back. The alarm also sends notifications, and appears in the
   * dashboard.
   *
   * @throws if the service already has ten rollback alarms, or if the name of the alarm contains a quotation mark or a
   * backslash
   */
  public addRollbackAlarm(alarm: cloudwatch.IAlarm): void {
    this.service.addRollbackAlarm(alarm);
  }

  private createAlerts(
    { alerts, pipeline: { manualApproval } = {} }: BlueGreenPythonPipelineProps, common: PartProps,
  ): PipelineAlerts {
    const { service, platform: { repository }, pipeline: { codePipeline, buildProject, trigger } } = this;
    return new PipelineAlerts(this, 'Alerts', {
      notifyOnApproval: manualApproval,
      ...alerts,
      ...common,
      codePipeline,
      service,
      buildProject,
      trigger,
      repository,
    });
  }
}

/**
 * Passes the key of the pattern to each part that uses it and has no key of its own. A part rejects a key that it does
 * not use.
 */
function withSharedKey(props: BlueGreenPythonPipelineProps): BlueGreenPythonPipelineProps {
  const { encryptionKey, network, platform, service, pipeline, alerts } = props;
  if (!encryptionKey) { return props; }
  const shared = <T extends { readonly encryptionKey?: kms.IKey }>(options: T | undefined) =>
    ({ ...options, encryptionKey: options?.encryptionKey ?? encryptionKey });
  return {
    ...props,
    network: wantsFlowLogs(network ?? {}) ? shared(network) : network,
    platform: platform?.repository ? platform : shared(platform),
    service: shared(service),
    pipeline: shared(pipeline),
    alerts: shared(alerts),
  };
}
