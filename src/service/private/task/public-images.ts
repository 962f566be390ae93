import { CfnResource } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { renderedProperties } from '../../../private/cdk-internals';
import { fail, noteDefault, show } from '../../../private/errors';
import { isUnknown } from '../../../private/unknown-values';
import { BlueGreenServiceProps } from '../../blue-green-service-options';

/**
 * Public registries, which cannot be reached through VPC endpoints. A private registry may be reachable in other ways.
 */
const PUBLIC_REGISTRIES = ['public.ecr.aws', 'docker.io', 'registry-1.docker.io', 'quay.io', 'ghcr.io', 'gcr.io', 'registry.k8s.io', 'mcr.microsoft.com'];

/** The network, and the image of the user. */
type ImageOptions = Pick<BlueGreenServiceProps, 'platform' | 'bootstrapImage'>;

/**
 * Fails if tasks without internet access cannot pull the placeholder, because the stack would wait for hours.
 */
export function requirePullableImage(
  scope: IConstruct, { platform: { network }, bootstrapImage }: ImageOptions, imageName: string,
): void {
  if (network.internetAccess || network.forInspectionOnly || isUnknown(imageName)) { return; }
  if (PUBLIC_REGISTRIES.includes(registryOf(imageName))) {
    fail(scope, `'bootstrapImage' must be an image that the tasks can pull, got ${noteDefault(show(imageName), 'bootstrapImage', bootstrapImage)} in subnets without internet access; `
      + 'copy it to your own ECR repository and use BootstrapImage.python with the copy, or use BootstrapImage.fromImage with an image that answers the health check itself');
  }
}

/**
 * Fails if tasks without internet access cannot pull the image of another container, such as a sidecar or a log router.
 *
 * Runs at the end of the synth, when the task definition contains everything that the user adds to it.
 */
export function validateImagesOfSidecars(
  taskDefinition: ecs.TaskDefinition, { platform: { network } }: ImageOptions, containerName: string,
): void {
  if (network.internetAccess || network.forInspectionOnly) { return; }
  taskDefinition.node.addValidation({
    validate: () => {
      const { ContainerDefinitions } = renderedProperties(taskDefinition.node.defaultChild as CfnResource);
      return [ContainerDefinitions as Container | Container[]].flat()
        // the image of the application comes from the repository of the platform
        .filter(({ Name, Image }) => Name !== containerName && typeof Image === 'string' && !isUnknown(Image) && PUBLIC_REGISTRIES.includes(registryOf(Image)))
        .map(({ Name, Image }) => `the image of the container ${show(Name)} must be one that the tasks can pull, got ${show(Image)} in subnets without internet access; `
          + 'copy it to your own ECR repository, or use a pull-through cache of ECR');
    },
  });
}

interface Container {
  readonly Name?: unknown;
  /** A text, or a function, such as the one with the URI of an ECR repository. */
  readonly Image?: unknown;
}

/** The registry of an image. An image name without a host refers to Docker Hub. */
function registryOf(imageName: string): string {
  const [first, ...rest] = imageName.split('/');
  return rest.length > 0 && /[.:]/.test(first) ? first : 'docker.io';
}
