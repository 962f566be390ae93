import { CfnResource } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { renderedProperties } from '../../private/rendered-properties';
import { BootstrapImageConfig } from '../bootstrap-image';

/** Properties that only an override gives to the placeholder, each with the option for the release. */
const OPTIONS: { [property: string]: string } = {
  EntryPoint: 'entryPoint',
  WorkingDirectory: 'workingDirectory',
  HealthCheck: 'containerHealthCheck',
};

interface Container {
  readonly Name?: string;
  readonly [property: string]: unknown;
}

/**
 * Refuses overrides of the application's container that would reach the placeholder and not the release: the placeholder could not start or would
 * never be healthy, and the first deployment would wait for hours.
 */
export function checkPlaceholder(scope: Construct, taskDefinition: ecs.TaskDefinition, containerName: string, bootstrap: BootstrapImageConfig): void {
  // an image with its own command may need these properties itself
  if (bootstrap.servesApplication || bootstrap.command === undefined) { return; }
  scope.node.addValidation({
    validate: () => {
      const { ContainerDefinitions } = renderedProperties(taskDefinition.node.defaultChild as CfnResource) as { ContainerDefinitions: Container[] };
      return ContainerDefinitions.filter(({ Name }) => Name === containerName)
        .flatMap((container) => Object.keys(OPTIONS).filter((property) => container[property] !== undefined))
        .map((property) => `'${OPTIONS[property]}' must be used in place of an override of ${property} in the task definition; `
          + 'the override would reach the placeholder, which could not start, and not the release');
    },
  });
}
