import { ARCHITECTURE_NAME } from '../../private/cdk-internals';
import { KEY, RETENTION_DAYS, PART, PLATFORM } from '../../private/common-kinds';
import {
  confidential, DURATION, flag, GROUP, KindsOf, list, map, NUMBER, object, required, STRING, strategy,
} from '../../private/kinds';
import { BlueGreenServiceProps } from '../blue-green-service-options';

/** The kinds of the props of a service. The files that use the groups have the kinds of their options. */
export const SERVICE_KINDS: KindsOf<BlueGreenServiceProps> = {
  ...PART,
  platform: required(PLATFORM),
  containerName: STRING,
  containerPort: NUMBER,
  cpu: NUMBER,
  memoryLimitMiB: NUMBER,
  cpuArchitecture: object('an ecs.CpuArchitecture, such as ecs.CpuArchitecture.ARM64', ARCHITECTURE_NAME),
  command: confidential(list(STRING)),
  entryPoint: confidential(list(STRING)),
  workingDirectory: STRING,
  environment: confidential(map(STRING)),
  secrets: confidential(map(object('an ecs.Secret, such as ecs.Secret.fromSecretsManager()', 'arn', 'grantRead'))),
  user: STRING,
  readonlyRootFilesystem: flag(),
  bootstrapImage: strategy('BootstrapImage', 'BootstrapImage.publicPython()'),
  healthCheck: GROUP,
  healthCheckGracePeriod: DURATION,
  containerHealthCheck: confidential(GROUP),
  scaling: GROUP,
  loadBalancer: GROUP,
  release: GROUP,
  logRetention: RETENTION_DAYS,
  encryptionKey: KEY,
  enableExecuteCommand: flag(),
  serviceRevision: NUMBER,
  stackPolicy: flag('set true to write the policy'),
};
