import { CfnResource } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { overriddenContainers, renderedContainers, RenderedContainer } from './overrides';
import { renderedProperties } from '../../../private/cdk-internals';
import { BlueGreenServiceOptions } from '../../blue-green-service-options';
import { BootstrapImageConfig } from '../../bootstrap-image';

/** The options of the release, by property. */
const OPTIONS = {
  Command: 'command',
  EntryPoint: 'entryPoint',
  WorkingDirectory: 'workingDirectory',
  User: 'user',
  HealthCheck: 'containerHealthCheck',
} as const;

type Property = keyof typeof OPTIONS;

type OverriddenOptions = Pick<BlueGreenServiceOptions, typeof OPTIONS[Property]>;

/** The image before the first release, and the options of the service. */
export interface CheckedService {
  readonly bootstrap: BootstrapImageConfig;
  readonly options: OverriddenOptions;
}

/**
 * Fails for an override of the application's container that would have no clear result.
 *
 * The placeholder of the library could not start with it, so that the first deployment would wait for hours. It could
 * not start either if another container waits for its health check, because it has none. For other images, the override
 * applies to the release as well, unless an option sets the same property.
 */
export function checkOverrides(
  scope: Construct, taskDefinition: ecs.TaskDefinition, containerName: string,
  { bootstrap: { servesApplication, command }, options }: CheckedService,
): void {
  // an image with its own command may need these properties itself
  const ofLibrary = !servesApplication && command !== undefined;
  scope.node.addValidation({
    validate: () => [
      ...problemWithFamily(taskDefinition),
      ...overriddenContainers(taskDefinition, containerName).flatMap(({ overridden }) => overridden as Property[])
        .flatMap((property) => problemWith(property, ofLibrary, options)),
      ...ofLibrary ? renderedContainers(taskDefinition).flatMap((container) => waitsFor(containerName, container)) : [],
    ],
  });
}

/** The service and the release name the family. One that CloudFormation generates is known only at deployment. */
function problemWithFamily(taskDefinition: ecs.TaskDefinition): string[] {
  return renderedProperties(taskDefinition.node.defaultChild as CfnResource).Family === undefined
    ? ['the task definition must have a Family, got none; the service and the release use its name: remove the override or the aspect that deletes it']
    : [];
}

function problemWith(property: Property, ofLibrary: boolean, options: OverriddenOptions): string[] {
  const option = OPTIONS[property];
  if (ofLibrary) {
    return [`'${option}' must be used instead of an override of ${property} in the task definition; `
      + 'the override would apply to the placeholder, which could not start, and not to the release'];
  }
  return options[option] === undefined ? []
    : [`'${option}' cannot be used together with an override of ${property} in the task definition; only one can apply: remove the override`];
}

interface Dependency { readonly ContainerName: string; readonly Condition: string }

function waitsFor(containerName: string, { Name, DependsOn }: RenderedContainer): string[] {
  const dependencies = Array.isArray(DependsOn) ? DependsOn as Dependency[] : [];
  return dependencies.filter((dependency) => dependency.ContainerName === containerName && dependency.Condition === 'HEALTHY').map(() =>
    `the container '${String(Name)}' must not wait for '${containerName}' to be HEALTHY; the placeholder has no health check: use the condition START`);
}
