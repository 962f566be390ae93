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

/** The container of the application with its overrides, and the properties that they change. */
export interface OverriddenContainer {
  readonly container: RenderedContainer;
  /** Names of properties in CloudFormation, such as `EntryPoint`. */
  readonly overridden: string[];
}

/** The containers of a task definition; none if an override sets a function for them. */
export function renderedContainers(taskDefinition: ecs.TaskDefinition): RenderedContainer[] {
  const { ContainerDefinitions } = renderedProperties(taskDefinition.node.defaultChild as CfnResource);
  return Array.isArray(ContainerDefinitions) ? ContainerDefinitions as RenderedContainer[] : [];
}

/** The containers of the application, usually one, with those of their properties that an override has changed. */
export function overriddenContainers(
  taskDefinition: ecs.TaskDefinition, containerName: string,
): OverriddenContainer[] {
  const stack = Stack.of(taskDefinition);
  const { containerDefinitions } = taskDefinition.node.defaultChild as ecs.CfnTaskDefinition;
  const declared = stack.resolve(containerDefinitions) as { readonly [property: string]: unknown }[];
  const name = JSON.stringify(stack.resolve(containerName));
  const isOverridden = (container: RenderedContainer, index: number) => (option: typeof OPTIONS[number]) =>
    textOf(container[capitalized(option)]) !== textOf(declared[index]?.[option]);
  return renderedContainers(taskDefinition).flatMap((container, index) => JSON.stringify(container.Name) === name
    ? [{ container, overridden: OPTIONS.filter(isOverridden(container, index)).map(capitalized) }]
    : []);
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
