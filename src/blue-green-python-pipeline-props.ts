import * as kms from 'aws-cdk-lib/aws-kms';
import { PipelineAlertsOptions } from './alerts/pipeline-alerts-options';
import { PythonCiPipelineOptions } from './ci/python-ci-pipeline-options';
import { NetworkOptions } from './network/network-options';
import { PartProps } from './part-props';
import { ContainerPlatformOptions } from './platform/container-platform';
import { BlueGreenServiceOptions } from './service/blue-green-service-options';

/**
 * Properties of `BlueGreenPythonPipeline`: the options of each part, and the properties that all parts share.
 */
export interface BlueGreenPythonPipelineProps extends PartProps {
  /**
   * The VPC and subnets of the load balancer and the tasks.
   *
   * @default - a new VPC in two availability zones, with one NAT gateway
   */
  readonly network?: NetworkOptions;

  /**
   * The ECS cluster and the ECR repository.
   *
   * @default - a new cluster and a new repository
   */
  readonly platform?: ContainerPlatformOptions;

  /**
   * The ECS service, its load balancer, and its releases.
   *
   * @default - 512 CPU units, 1024 MiB, port 8080
   */
  readonly service?: BlueGreenServiceOptions;

  /**
   * The source, the build, and the quality gates.
   *
   * @default - a new CodeCommit repository, pip, Python 3.9 unless the project requires another version
   */
  readonly pipeline?: PythonCiPipelineOptions;

  /**
   * The recipients of notifications about failures, rollback alarms, and vulnerabilities.
   *
   * @default - none, and synth emits a warning
   */
  readonly alerts?: PipelineAlertsOptions;

  /**
   * A customer managed key that all parts use for logs, images, artifacts, and alerts.
   *
   * A key in the options of a part takes precedence. A change replaces the repository. With an environment suffix, the
   * update fails and is rolled back, because the old repository still uses the name. Without one, CloudFormation
   * deletes the old repository with its images. Existing log data remains encrypted with the old key.
   *
   * @default - each part's own default; see `encryptionKey` in its options
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether to add stack outputs. They contain the URL, the DNS name of the load balancer, the cluster ARN, the clone
   * URL, the repository URI, and the pipeline name.
   *
   * With `loadBalancer.certificate` and without `loadBalancer.domainName`, they contain no URL, because the name that
   * the certificate covers is not known.
   *
   * @default true
   */
  readonly outputs?: boolean;

  /**
   * Whether to create a CloudWatch dashboard for the on-call engineer. It shows the rollback alarms, CPU and memory,
   * the pipeline, and the build. For both target groups, it shows requests, 5xx responses, response time, and tasks.
   *
   * CloudWatch charges for each dashboard beyond the free tier. The number of running tasks comes from Container
   * Insights.
   *
   * @default false
   */
  readonly dashboard?: boolean;
}
