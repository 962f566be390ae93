import { RemovalPolicy } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { encryptLogs } from '../../private/log-encryption';
import { ResourceNames } from '../../private/names';
import type { BlueGreenServiceOptions } from '../blue-green-service-options';
import { BootstrapImageConfig } from '../bootstrap-image';

const SCRATCH = { name: 'tmp', containerPath: '/tmp' };

/** Props of the log group of the containers. */
export interface ContainerLogGroupProps {
  readonly names: ResourceNames;
  readonly retention?: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** Where the containers' logs go. */
export function createLogGroup(
  scope: Construct, { names, retention, encryptionKey, removalPolicy }: ContainerLogGroupProps,
): logs.LogGroup {
  const logGroupName = names.prefixed('/aws/ecs/', 'web');
  return new logs.LogGroup(scope, 'LogGroup', {
    logGroupName,
    encryptionKey: encryptionKey && encryptLogs(scope, { key: encryptionKey, sid: 'AllowContainerLogs', logGroupName, part: 'BlueGreenService' }),
    retention: retention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy,
  });
}

/** Where the container goes, and what it runs before the first release. */
export interface ContainerPlace {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: { readonly name: string; readonly port: number };
  readonly bootstrap: BootstrapImageConfig;
  readonly logGroup: logs.ILogGroup;
}

/** The application's container, as it is before the first release. */
export function addContainer(
  scope: Construct, options: BlueGreenServiceOptions, place: ContainerPlace,
): ecs.ContainerDefinition {
  const { taskDefinition, container: { name, port }, bootstrap, logGroup } = place;
  const container = taskDefinition.addContainer('App', {
    containerName: name,
    image: bootstrap.image,
    environment: options.environment,
    ...(bootstrap.servesApplication ? ownOptions(options) : { command: bootstrap.command }),
    // an image that is not the application's own need not know the name
    user: bootstrap.servesApplication || isNumeric(options.user) ? options.user : undefined,
    // false and nothing are the same to ECS, and would not be in the template
    readonlyRootFilesystem: options.readonlyRootFilesystem ? true : undefined,
    portMappings: [{ containerPort: port, protocol: ecs.Protocol.TCP }],
    logging: new ecs.AwsLogDriver({ logGroup, streamPrefix: name }),
    // Python as process 1 ignores SIGTERM unless it handles it, and would be killed after the stop timeout
    linuxParameters: new ecs.LinuxParameters(scope, 'LinuxParameters', { initProcessEnabled: true }),
  });
  if (options.readonlyRootFilesystem) {
    taskDefinition.addVolume({ name: SCRATCH.name });
    container.addMountPoints({ sourceVolume: SCRATCH.name, containerPath: SCRATCH.containerPath, readOnly: false });
  }
  return container;
}

/** What a placeholder has not: it has a command of its own, and secrets and tools may not be there yet. */
function ownOptions(options: BlueGreenServiceOptions): Partial<ecs.ContainerDefinitionOptions> {
  const { command, entryPoint, workingDirectory, secrets, containerHealthCheck: healthCheck } = options;
  return { command, entryPoint, workingDirectory, secrets, healthCheck };
}

function isNumeric(user = ''): boolean {
  return /^\d+(:\d+)?$/.test(user);
}
