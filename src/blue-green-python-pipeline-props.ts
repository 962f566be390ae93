import { RemovalPolicy } from 'aws-cdk-lib';
import { PipelineAlertsOptions } from './alerts/pipeline-alerts-options';
import { PythonCiPipelineOptions } from './ci/python-ci-pipeline';
import { NetworkOptions } from './network/network';
import { ContainerPlatformOptions } from './platform/container-platform';
import { BlueGreenServiceOptions } from './service/blue-green-service-options';

/**
 * Props of the pattern: one for each part, and what all parts have in common.
 */
export interface BlueGreenPythonPipelineProps {
  /**
   * The application's name, the first word of every physical name.
   *
   * Lower-case letters, digits and single hyphens, at most 40 characters. Another name replaces nearly everything that has one, with its data.
   *
   * @default - the construct id in kebab case
   */
  readonly applicationName?: string;

  /**
   * The environment's name, such as `dev`: the last word of every physical name.
   *
   * Lower-case letters, digits and single hyphens, at most 16 characters. Another one replaces nearly everything, with its data.
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
   * Who hears of failures, of the rollback alarms and of vulnerabilities.
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

  /**
   * Whether the stack has a CloudWatch dashboard for whoever is on call: the rollback alarms, requests, 5xx answers, response time and tasks
   * of both target groups, CPU and memory, the pipeline and the build.
   *
   * CloudWatch charges for a dashboard by the month beyond the free ones. The running tasks come from Container Insights.
   *
   * @default false
   */
  readonly dashboard?: boolean;
}
