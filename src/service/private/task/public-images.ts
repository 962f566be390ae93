import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { INetwork } from '../../../network/network';
import { fail, show } from '../../../private/errors';

/** Registries that no endpoint of a VPC leads to. A registry of one's own may be reached by other ways. */
const PUBLIC_REGISTRIES = ['public.ecr.aws', 'docker.io', 'registry-1.docker.io', 'quay.io', 'ghcr.io', 'gcr.io', 'registry.k8s.io', 'mcr.microsoft.com'];

/**
 * Refuses a placeholder that tasks without a way to the internet cannot pull: the stack would wait for it for hours.
 */
export function requirePullableImage(scope: IConstruct, network: INetwork, imageName: string): void {
  if (network.internetAccess || network.forInspectionOnly || Token.isUnresolved(imageName)) { return; }
  if (PUBLIC_REGISTRIES.includes(registryOf(imageName))) {
    fail(scope, `'bootstrapImage' must be an image that the tasks can pull, got ${show(imageName)} in subnets without a way to the internet; `
      + 'copy it to an ECR repository of your own and give BootstrapImage.python with the copy, or BootstrapImage.fromImage with an image that answers by itself');
  }
}

/** An image without a host is one of Docker Hub. */
function registryOf(imageName: string): string {
  const [first, ...rest] = imageName.split('/');
  return rest.length > 0 && /[.:]/.test(first) ? first : 'docker.io';
}
