import { CfnOutput } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PythonCiPipeline } from './ci/python-ci-pipeline';
import { IContainerPlatform } from './platform/container-platform';
import { PLATFORM } from './private/common-kinds';
import { KindsOf, object, required, requireKinds } from './private/kinds';
import { BlueGreenService } from './service/blue-green-service';

/**
 * The parts that supply the values of the outputs.
 */
export interface DeliveryOutputsOptions {
  /** The service, for its URL and the DNS name of the load balancer. */
  readonly service: BlueGreenService;
  /** The platform, for the ARN of the cluster and the URI of the repository. */
  readonly platform: IContainerPlatform;
  /** The pipeline, for its name and the clone URL of a CodeCommit repository. */
  readonly pipeline: PythonCiPipeline;
}

const KINDS: KindsOf<DeliveryOutputsOptions> = {
  service: required(object('a BlueGreenService', 'loadBalancer', 'url')),
  platform: required(PLATFORM),
  pipeline: required(object('a PythonCiPipeline', 'codePipeline', 'buildProject')),
};

/**
 * Stack outputs with the values that a user needs after the deployment.
 */
export abstract class DeliveryOutputs {
  /**
   * Adds the outputs `Url`, `LoadBalancerDnsName`, `ClusterArn`, `CloneUrl`, `RepositoryUri`, and `PipelineName` to the
   * scope.
   *
   * A source other than CodeCommit has no `CloneUrl`. A service with `loadBalancer.certificate` and without
   * `loadBalancer.domainName` has no `Url`, because the name that the certificate covers is not known. A scope can have
   * these outputs only once: use a separate scope for each service.
   *
   * @example
   * declare const service: BlueGreenService;
   * declare const platform: ContainerPlatform;
   * declare const pipeline: PythonCiPipeline;
   * DeliveryOutputs.addTo(this, { service, platform, pipeline });
   */
  public static addTo(scope: Construct, options: DeliveryOutputsOptions): void {
    requireKinds(scope, options, KINDS);
    const { service, platform, pipeline } = options;
    const { _applicationUrl: url } = service;
    const outputs: { [id: string]: [string | undefined, string] } = {
      Url: [url, 'The URL of the application'],
      LoadBalancerDnsName: [
        service.loadBalancer.loadBalancerDnsName,
        `The DNS name of the load balancer${url === undefined ? '; point the record of your domain name to it' : ''}`,
      ],
      ClusterArn: [platform.cluster.clusterArn, 'The ARN of the ECS cluster'],
      CloneUrl: [pipeline.sourceRepository?.repositoryCloneUrlHttp, 'The clone URL of the source repository; a push starts a release'],
      RepositoryUri: [platform.repository.repositoryUri, 'The URI of the ECR repository that contains the images'],
      PipelineName: [pipeline.codePipeline.pipelineName, 'The name of the pipeline'],
    };
    for (const [id, [value, description]] of Object.entries(outputs)) {
      if (value !== undefined) {
        new CfnOutput(scope, id, { value, description });
      }
    }
  }
}
