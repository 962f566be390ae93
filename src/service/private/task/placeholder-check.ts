import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { REPLACED_BY_PLACEHOLDER } from './container';
import { renderedProperties } from '../../../private/cdk-internals';
import { BootstrapImageConfig } from '../../bootstrap-image';

/** The options of the release, by property. A property override would apply only to the placeholder. */
const OPTIONS = new Map(REPLACED_BY_PLACEHOLDER.map((option) => [`${option[0].toUpperCase()}${option.slice(1)}`, option]));

interface Container {
  readonly Name?: string;
  readonly DependsOn?: { readonly ContainerName: string; readonly Condition: string }[];
  readonly [property: string]: unknown;
}

/**
 * Fails if the placeholder could not start, because the first deployment would then wait for hours. One cause is an
 * override of the application's container, which would not apply to the release either. The other cause is a
 * container that waits for a health check, because the placeholder has none.
 */
export function checkPlaceholder(
  scope: Construct, taskDefinition: ecs.TaskDefinition, containerName: string, bootstrap: BootstrapImageConfig,
): void {
  // an image with its own command may need these properties itself
  if (bootstrap.servesApplication || bootstrap.command === undefined) { return; }
  const resource = taskDefinition.node.defaultChild as ecs.CfnTaskDefinition & CfnResource;
  scope.node.addValidation({
    validate: () => {
      const { ContainerDefinitions: containers } = renderedProperties(resource) as {
        ContainerDefinitions: Container[];
      };
      // an intrinsic function, which the file of the release does not accept
      if (!Array.isArray(containers)) { return []; }
      const declared = Stack.of(scope)
        .resolve(resource.containerDefinitions) as ecs.CfnTaskDefinition.ContainerDefinitionProperty[];
      return [
        ...containers.flatMap(
          (container, index) => container.Name === containerName ? overridesOf(container, declared[index]) : [],
        ),
        ...containers.flatMap((container) => waitsFor(containerName, container)),
      ];
    },
  });
}

function overridesOf(container: Container, declared: ecs.CfnTaskDefinition.ContainerDefinitionProperty): string[] {
  const overridden = [...OPTIONS]
    .filter(([property, option]) => JSON.stringify(container[property]) !== JSON.stringify(declared[option]));
  const checked = container.HealthCheck === undefined ? [] : [['HealthCheck', 'containerHealthCheck']];
  return [...overridden, ...checked].map(([property, option]) =>
    `'${option}' must be used instead of an override of ${property} in the task definition; `
    + 'the override would apply to the placeholder, which could not start, and not to the release');
}

function waitsFor(containerName: string, { Name, DependsOn = [] }: Container): string[] {
  return DependsOn.filter((dependency) => dependency.ContainerName === containerName && dependency.Condition === 'HEALTHY').map(() =>
    `the container '${Name}' must not wait for '${containerName}' to be HEALTHY; the placeholder has no health check: use the condition START`);
}
