import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { REPLACED_BY_PLACEHOLDER } from './container';
import { renderedProperties } from '../../../private/cdk-internals';

/** A container in the form of CloudFormation. */
export interface RenderedContainer {
  readonly Name?: unknown;
  readonly [property: string]: unknown;
}

/** The options of the release, by property. */
const OPTIONS = [...REPLACED_BY_PLACEHOLDER, 'healthCheck'] as const;

/** The container of the application in the template, and the properties that differ from the construct. */
export interface OverriddenContainer {
  readonly container: RenderedContainer;
  /** Names of the options' properties that an override or an aspect has changed, such as `EntryPoint`. */
  readonly overridden: string[];
}

/** The containers of a task definition; none if an override sets a function for them. */
export function renderedContainers(taskDefinition: ecs.TaskDefinition): RenderedContainer[] {
  const { ContainerDefinitions } = renderedProperties(taskDefinition.node.defaultChild as CfnResource);
  return Array.isArray(ContainerDefinitions) ? ContainerDefinitions as RenderedContainer[] : [];
}

/**
 * The containers of the application, usually one, with those of their properties that an override or an aspect has
 * changed. The construct has the properties that the library set, because an aspect changes only the resource.
 */
export function overriddenContainers(
  taskDefinition: ecs.TaskDefinition, containerName: string,
): OverriddenContainer[] {
  const stack = Stack.of(taskDefinition);
  const declared = taskDefinition.findContainer(containerName)!.renderContainerDefinition();
  const name = JSON.stringify(stack.resolve(containerName));
  const isOverridden = (container: RenderedContainer) => (option: typeof OPTIONS[number]) =>
    textOf(container[capitalized(option)]) !== textOf(stack.resolve(declared[option]));
  return renderedContainers(taskDefinition).filter((container) => JSON.stringify(container.Name) === name)
    .map((container) => ({ container, overridden: OPTIONS.filter(isOverridden(container)).map(capitalized) }));
}

/** The text of a value. CDK has capitalized the names of properties in only one of the two. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? JSON.stringify(Object.entries(value).filter(([, child]) => child !== undefined)
      .map(([key, child]) => JSON.stringify([capitalized(key), child])).sort())
    : JSON.stringify(value);
}

function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
