import { CfnResource, Lazy, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { validateContainerHealthCheck } from './container-health-check';
import { propertyOverrideOf } from '../../../private/cdk-internals';
import { isDynamicReference } from '../../../private/dynamic-references';
import { describeName, fail, show } from '../../../private/errors';
import { encryptLogs, textOfName } from '../../../private/log-encryption';
import { ResourceNames } from '../../../private/names';
import { LOG_RETENTION } from '../../../private/part-defaults';
import { isUnknown } from '../../../private/unknown-values';
import { requireForwardSlashes, requireInteger, requirePattern, requireText } from '../../../private/validation';
import { BlueGreenServiceOptions } from '../../blue-green-service-options';
import { BootstrapImageConfig } from '../../bootstrap-image';

const SCRATCH = { name: 'tmp', containerPath: '/tmp' };

/** The options of the container. */
export type ContainerOptions = Pick<BlueGreenServiceOptions,
  | 'containerName' | 'containerPort' | 'command' | 'entryPoint' | 'workingDirectory' | 'environment' | 'secrets'
  | 'user' | 'containerHealthCheck' | 'readonlyRootFilesystem' | 'enableExecuteCommand'>;

type ReleaseProperties = Pick<ecs.ContainerDefinitionOptions,
  'command' | 'entryPoint' | 'workingDirectory' | 'secrets' | 'healthCheck'>;

/** Options of the container that a placeholder replaces with its own. */
export const REPLACED_BY_PLACEHOLDER = ['command', 'entryPoint', 'workingDirectory', 'user'] as const;

const FIRST_UNPRIVILEGED_PORT = 1024;

/** Fails if an option is invalid. ECS or Docker would reject it only when a task starts. */
export function validateContainer(scope: IConstruct, options: ContainerOptions): void {
  requireText(scope, 'containerName', options.containerName, "use a name such as 'app', or remove the option");
  requirePattern(scope, 'containerName', options.containerName, /^[a-zA-Z0-9_-]{1,255}$/, 'be 1 to 255 letters, digits, hyphens, and underscores');
  requireInteger(scope, 'containerPort', options.containerPort, { min: 1, max: 65535, remedy: 'use the port that the application listens on' });
  requireWords(scope, 'command', options.command, 'remove the option to run the command of the image');
  requireWords(scope, 'entryPoint', options.entryPoint, 'remove the option to use the entry point of the image');
  requireForwardSlashes(scope, 'workingDirectory', options.workingDirectory);
  requirePattern(scope, 'workingDirectory', options.workingDirectory, /^\/\S*$/, "be an absolute path without white space, such as '/app'");
  validateContainerHealthCheck(scope, options.containerHealthCheck);
  requirePattern(scope, 'user', options.user, /^[\w.-]+(:[\w.-]+)?$/,
    "be a user, or a user and a group, such as '10001' or '10001:10001': letters, digits, underscores, dots, and hyphens");
  requireUnprivilegedPort(scope, options);
  if (options.readonlyRootFilesystem && options.enableExecuteCommand) {
    fail(scope, "'readonlyRootFilesystem' cannot be used together with 'enableExecuteCommand'; the agent of ECS Exec writes to the root file system: "
      + 'remove one of the two');
  }
}

function requireWords(scope: IConstruct, prop: string, words: string[] | undefined, remedy: string): void {
  if (Token.isUnresolved(words)) {
    fail(scope, `'${prop}' must be a list that is known at synth, got a token; set a list, whose items may be tokens`);
  }
  words?.forEach((word) => requireText(scope, prop, word, 'remove the empty string'));
  if (words?.length === 0) {
    fail(scope, `'${prop}' must not be empty, got []; ${remedy}`);
  }
}

function requireUnprivilegedPort(scope: IConstruct, { user, containerPort }: ContainerOptions): void {
  if (user === undefined || isUnknown(user) || /^(0+|root)(:|$)/.test(user)) { return; }
  if (containerPort === undefined || Token.isUnresolved(containerPort)
    || containerPort >= FIRST_UNPRIVILEGED_PORT) { return; }
  fail(scope, `'containerPort' must be ${FIRST_UNPRIVILEGED_PORT} or more with a 'user' other than root, got ${show(containerPort)} with ${show(user)}; `
    + 'on Fargate, only root can listen on a lower port: let the application listen on 8080. The load balancer listens on 80 or 443 in any case');
}

/** Checks the names of environment variables and secrets. */
export function validateEnvironment(
  scope: IConstruct, options: Pick<ContainerOptions, 'environment' | 'secrets'>,
): void {
  const { environment: values = {} } = options;
  const environment = Object.keys(values);
  const secrets = Object.keys(options.secrets ?? {});
  for (const [prop, keys] of [['environment', environment], ['secrets', secrets]] as const) {
    for (const key of keys) {
      requirePattern(scope, prop, key, /^[^\s=]+$/, "name variables without '=' or white space", describeName);
    }
  }
  const dynamic = environment.filter((key) => isDynamicReference(values[key]));
  if (dynamic.length > 0) {
    fail(scope, `'environment' must not contain dynamic references ({{resolve:...}}), got one for ${dynamic.map(describeName).join(', ')}; `
      + "CloudFormation does not resolve them in the files of a release, and a secret would be readable in the task definition: use 'secrets'");
  }
  const both = environment.filter((key) => secrets.includes(key));
  if (both.length > 0) {
    fail(scope, `'environment' and 'secrets' must not name the same variable, got ${show(both)} in both; ECS rejects this: remove one of the two`);
  }
}

/** Props of the log group of the containers. */
export interface ContainerLogGroupProps {
  readonly names: ResourceNames;
  readonly removalPolicy: RemovalPolicy;
}

/** Creates the log group of the containers. */
export function createLogGroup(
  scope: Construct, options: Pick<BlueGreenServiceOptions, 'logRetention' | 'encryptionKey'>,
  { names, removalPolicy }: ContainerLogGroupProps,
): logs.LogGroup {
  const { logRetention, encryptionKey } = options;
  const logGroupName = names.prefixed('/aws/ecs/', 'web');
  return new logs.LogGroup(scope, 'LogGroup', {
    logGroupName,
    encryptionKey: encryptionKey && encryptLogs(scope, {
      key: encryptionKey, sid: 'AllowContainerLogs', logGroupName: textOfName(scope, 'LogGroup', logGroupName), part: 'BlueGreenService',
    }),
    retention: logRetention ?? LOG_RETENTION,
    removalPolicy,
  });
}

/** The task definition of the container, and the image that it runs before the first release. */
export interface ContainerPlace {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: { readonly name: string; readonly port: number };
  readonly bootstrap: BootstrapImageConfig;
  readonly logGroup: logs.ILogGroup;
}

/** Adds the container of the application, in its state before the first release. */
export function addContainer(
  scope: Construct, options: ContainerOptions, place: ContainerPlace,
): ecs.ContainerDefinition {
  const { taskDefinition, container: { name, port }, bootstrap, logGroup } = place;
  const container = taskDefinition.addContainer('App', {
    containerName: name,
    image: bootstrap.image,
    environment: options.environment,
    ...(bootstrap.servesApplication ? ownOptions(options) : { command: bootstrap.command }),
    // the image of a placeholder may not know the user name
    user: bootstrap.servesApplication || isNumeric(options.user) ? options.user : undefined,
    // for ECS, false and undefined are equal, but only undefined keeps the property out of the template
    readonlyRootFilesystem: options.readonlyRootFilesystem ? true : undefined,
    portMappings: [{ containerPort: port, protocol: ecs.Protocol.TCP }],
    logging: new ContainerLog({ logGroup, streamPrefix: name }),
    // as process 1, Python ignores SIGTERM unless it handles it, so ECS would kill it after the stop timeout
    linuxParameters: new ecs.LinuxParameters(scope, 'LinuxParameters', { initProcessEnabled: true }),
  });
  if (options.readonlyRootFilesystem) {
    taskDefinition.addVolume({ name: SCRATCH.name });
    container.addMountPoints({ sourceVolume: SCRATCH.name, containerPath: SCRATCH.containerPath, readOnly: false });
  }
  return container;
}

/**
 * The log of the container in CloudWatch Logs. If an override sets another log driver, such as FireLens, the options of
 * this driver are omitted, because ECS rejects them.
 */
class ContainerLog extends ecs.LogDriver {
  constructor(private readonly props: ecs.AwsLogDriverProps) {
    super();
  }

  public bind(scope: Construct, container: ecs.ContainerDefinition): ecs.LogDriverConfig {
    const { options, ...config } = new ecs.AwsLogDriver(this.props).bind(scope, container);
    const resource = container.taskDefinition.node.defaultChild as CfnResource;
    // the application's container is the first one
    const isReplaced = () => ![undefined, config.logDriver].includes(
      propertyOverrideOf(resource, 'ContainerDefinitions.0.LogConfiguration.LogDriver') as string | undefined);
    return {
      ...config,
      options: Object.fromEntries(Object.entries(options!).map(([name, value]) => [
        name, Lazy.uncachedString({ produce: () => isReplaced() ? undefined : value }),
      ])),
    };
  }
}

/** The options that a placeholder lacks: it has its own command, and secrets and tools may not exist yet. */
function ownOptions(options: ContainerOptions): ReleaseProperties {
  const { command, entryPoint, workingDirectory, secrets, containerHealthCheck: healthCheck } = options;
  return { command, entryPoint, workingDirectory, secrets, healthCheck };
}

function isNumeric(user = ''): boolean {
  return /^\d+(:\d+)?$/.test(user);
}
