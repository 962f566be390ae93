import { CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { renderedProperties } from '../../../private/cdk-internals';
import { BlueGreenServiceOptions } from '../../blue-green-service-options';
import { REPLACED_BY_PLACEHOLDER } from '../task/container';
import { renderContainerHealthCheck } from '../task/container-health-check';

/** The properties that a release has in addition to the revision of the placeholder. */
export interface TaskDefinitionTemplateOptions {
  readonly containerName: string;
  /** The placeholder of the image, without angle brackets. */
  readonly imageUriPlaceholder: string;
  /** The options that apply to the release, and not to the placeholder. */
  readonly options: Pick<BlueGreenServiceOptions, 'command' | 'entryPoint' | 'workingDirectory' | 'user' | 'containerHealthCheck'>;
  readonly secrets: { [name: string]: ecs.Secret };
}

type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Names whose spelling differs between CloudFormation and the ECS API by more than the case of the first letter. */
const IRREGULAR_NAMES: { [name: string]: string } = {
  ProxyConfigurationProperties: 'properties',
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
};

/** Maps whose keys the user chooses. */
const FREE_FORM_MAPS = new Set(['Options', 'DockerLabels', 'DriverOpts', 'Labels']);

/** Omitted properties. The role of the action must not tag, so ECS would reject a request with tags. */
const LEFT_OUT = new Set(['Tags']);

const OF_PLACEHOLDER: readonly string[] = REPLACED_BY_PLACEHOLDER;

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
  // not cached: CDK resolves it before and after references to other stacks have become imports
  return Lazy.uncachedString({
    produce: () => stack.toJsonString(withRelease(registerRequest(taskDefinition), options)),
  });
}

function registerRequest(taskDefinition: ecs.TaskDefinition): JsonObject {
  return toApiShape(renderedProperties(taskDefinition.node.defaultChild as CfnResource) as JsonObject) as JsonObject;
}

function withRelease(request: JsonObject, options: TaskDefinitionTemplateOptions): JsonObject {
  const containers = request.containerDefinitions as JsonObject[];
  return {
    ...request,
    containerDefinitions: containers.map(
      (container) => container.name === options.containerName ? release(container, options) : container,
    ),
  };
}

function release(
  container: JsonObject, { options, imageUriPlaceholder, secrets: ownSecrets }: TaskDefinitionTemplateOptions,
): JsonObject {
  const { containerHealthCheck } = options;
  const kept = Object.fromEntries(Object.entries(container).filter(([key]) => !OF_PLACEHOLDER.includes(key)));
  const secrets = [
    ...(container.secrets as Json[] | undefined ?? []),
    ...Object.entries(ownSecrets).map(([name, secret]) => ({ name, valueFrom: secret.arn })),
  ];
  return {
    ...kept,
    image: `<${imageUriPlaceholder}>`,
    ...Object.fromEntries(REPLACED_BY_PLACEHOLDER.filter((name) => options[name]).map((name) => [name, options[name]])),
    ...(containerHealthCheck && { healthCheck: renderContainerHealthCheck(containerHealthCheck) }),
    ...(secrets.length > 0 && { secrets }),
  };
}

function toApiShape(value: Json): Json {
  if (Array.isArray(value)) { return value.map(toApiShape); }
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) { return value; }
  return Object.fromEntries(Object.entries(value)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, child]) => [apiName(key), FREE_FORM_MAPS.has(key) ? child : toApiShape(child)]));
}

function apiName(name: string): string {
  return IRREGULAR_NAMES[name] ?? name.charAt(0).toLowerCase() + name.slice(1);
}

function isIntrinsic(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}
