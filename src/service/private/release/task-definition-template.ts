import { CfnResource, IResolveContext, Lazy, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { intrinsicOf, isNoValue, Json, JsonObject, toToken } from './json-text';
import { TaskDefinitionJson, taskDefinitionJson } from './task-definition-json';
import { renderedProperties } from '../../../private/cdk-internals';
import { BlueGreenServiceOptions } from '../../blue-green-service-options';
import { REPLACED_BY_PLACEHOLDER } from '../task/container';
import { renderContainerHealthCheck } from '../task/container-health-check';
import { overriddenContainers } from '../task/overrides';

/** The properties that a release has in addition to the revision of the placeholder. */
export interface TaskDefinitionTemplateOptions {
  readonly containerName: string;
  /** The placeholder of the image, without angle brackets. */
  readonly imageUriPlaceholder: string;
  /** The options that apply to the release, and not to the placeholder. */
  readonly options: Pick<BlueGreenServiceOptions, 'command' | 'entryPoint' | 'workingDirectory' | 'user' | 'containerHealthCheck'>;
  readonly secrets: { [name: string]: ecs.Secret };
}

const OF_PLACEHOLDER: readonly string[] = REPLACED_BY_PLACEHOLDER.map(propertyName);

/**
 * The request of RegisterTaskDefinition for the next release. It is rendered from the construct, so that each change of
 * the construct applies to the release.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function renderTaskDefinitionTemplate(
  taskDefinition: ecs.TaskDefinition, options: TaskDefinitionTemplateOptions,
): string {
  const stack = Stack.of(taskDefinition);
  const render = (resolve: Resolve) => renderRelease(taskDefinition, options, resolve);
  taskDefinition.node.addValidation({ validate: () => render((value) => stack.resolve(value) as Json).problems });
  // not cached: CDK resolves it before and after references to other stacks have become imports
  return Lazy.uncachedString({
    produce: (context: IResolveContext) => toToken(render((value) => context.resolve(value) as Json).text),
  });
}

/** Resolves the tokens of a value. CDK finds references to other stacks only in what its own context resolves. */
type Resolve = (value: unknown) => Json;

function renderRelease(
  taskDefinition: ecs.TaskDefinition, options: TaskDefinitionTemplateOptions, resolve: Resolve,
): TaskDefinitionJson {
  const request = renderedProperties(taskDefinition.node.defaultChild as CfnResource) as JsonObject;
  const containers = [request.ContainerDefinitions].flat();
  const name = JSON.stringify(resolve(options.containerName));
  const isApplication = (container: Json) => JSON.stringify((container as JsonObject).Name) === name;
  const [{ overridden } = { overridden: [] }] = overriddenContainers(taskDefinition, options.containerName);
  const { text, problems } = taskDefinitionJson({
    ...request,
    ContainerDefinitions: containers.map((container) => isApplication(container)
      ? releaseOf(container as JsonObject, overridden, { ...options, resolve }) : container),
  });
  return { text, problems: containers.some(isApplication) ? problems : [...problems, noContainer(name)] };
}

function noContainer(name: string): string {
  return `the task definition must have a container with the name ${name}, got none; `
    + "the release would run the placeholder: use 'containerName' instead of an override of Name, and 'command' and similar options instead of Fn::If for the container";
}

/** What an override sets remains. Everything else of the placeholder is replaced by the options. */
function releaseOf(
  container: JsonObject, overridden: string[], given: TaskDefinitionTemplateOptions & { readonly resolve: Resolve },
): JsonObject {
  const { options, imageUriPlaceholder, secrets: ownSecrets, resolve } = given;
  const { containerHealthCheck } = options;
  const kept = Object.fromEntries(Object.entries(container)
    .filter(([key]) => overridden.includes(key) || !OF_PLACEHOLDER.includes(key)));
  const secrets = Object.entries(ownSecrets).map(([name, secret]) => ({ Name: name, ValueFrom: resolve(secret.arn) }));
  return {
    ...kept,
    Image: `<${imageUriPlaceholder}>`,
    ...Object.fromEntries(REPLACED_BY_PLACEHOLDER.filter((name) => options[name])
      .map((name) => [propertyName(name), resolve(options[name])])),
    ...(containerHealthCheck && { HealthCheck: resolve(renderContainerHealthCheck(containerHealthCheck)) }),
    ...(secrets.length > 0 && { Secrets: withMore(container.Secrets, secrets) }),
  };
}

/** A list with more items, in each case that a condition decides about. */
function withMore(list: Json, more: Json[]): Json {
  if (list === undefined || isNoValue(list)) { return more; }
  if (Array.isArray(list)) { return [...list, ...more]; }
  if (intrinsicOf(list) !== 'Fn::If') { return list; }
  const [condition, ...branches] = (list as { 'Fn::If': Json[] })['Fn::If'];
  return { 'Fn::If': [condition, ...branches.map((branch) => withMore(branch, more))] };
}

/** The name of an option as a property of CloudFormation. */
function propertyName(option: string): string {
  return option.charAt(0).toUpperCase() + option.slice(1);
}
