import { Choice, fold, intrinsicOf, isNoValue, Json, joinIntrinsic, JsonObject, mapText, quote, quoteIntrinsic, separated, Text } from './json-text';

/** The types of the properties in the request of RegisterTaskDefinition. */
type Type = 'string' | 'number' | 'boolean' | 'strings' | 'numbers' | 'objects' | 'object' | 'map';

const NAMES: { readonly [type in Type]: readonly string[] } = {
  string: [
    'accessPointArn', 'accessPointId', 'appProtocol', 'condition', 'containerName', 'containerPath', 'containerPortRange', 'cpuArchitecture', 'credentialsParameter',
    'deviceName', 'deviceType', 'domain', 'driver', 'executionRoleArn', 'expression', 'family', 'fileSystemArn', 'fileSystemId', 'hostname',
    'hostPath', 'iam', 'image', 'ipAddress', 'ipcMode', 'logDriver', 'name', 'namespace', 'networkMode', 'operatingSystemFamily', 'pidMode', 'protocol',
    'rootDirectory', 'scope', 'sourceContainer', 'sourcePath', 'sourceVolume', 'taskRoleArn', 'transitEncryption', 'type', 'user', 'value', 'valueFrom',
    'versionConsistency', 'workingDirectory',
  ],
  number: [
    'containerPort', 'cpu', 'hardLimit', 'hostPort', 'interval', 'maxSwap', 'memory', 'memoryReservation', 'restartAttemptPeriod', 'retries',
    'sharedMemorySize', 'size', 'sizeInGiB', 'softLimit', 'startPeriod', 'startTimeout', 'stopTimeout', 'swappiness', 'timeout', 'transitEncryptionPort',
  ],
  boolean: [
    'autoprovision', 'configuredAtLaunch', 'disableNetworking', 'enableFaultInjection', 'enabled', 'essential', 'initProcessEnabled',
    'interactive', 'privileged', 'pseudoTerminal', 'readOnly', 'readonlyRootFilesystem',
  ],
  strings: [
    'add', 'command', 'credentialSpecs', 'dnsSearchDomains', 'dnsServers', 'dockerSecurityOptions', 'drop', 'entryPoint', 'links',
    'mountOptions', 'permissions', 'requiresCompatibilities',
  ],
  numbers: ['ignoredExitCodes'],
  objects: [
    'containerDefinitions', 'dependsOn', 'devices', 'environment', 'environmentFiles', 'extraHosts', 'inferenceAccelerators', 'mountPoints', 'placementConstraints',
    'portMappings', 'properties', 'resourceRequirements', 'secretOptions', 'secrets', 'systemControls', 'tmpfs', 'ulimits', 'volumes', 'volumesFrom',
  ],
  object: [
    'authorizationConfig', 'capabilities', 'dockerVolumeConfiguration', 'efsVolumeConfiguration', 'ephemeralStorage', 'firelensConfiguration',
    'fsxWindowsFileServerVolumeConfiguration', 'healthCheck', 'host', 'linuxParameters', 'logConfiguration', 'proxyConfiguration', 'repositoryCredentials',
    'restartPolicy', 'runtimePlatform', 's3filesVolumeConfiguration',
  ],
  // the user chooses the keys
  map: ['options', 'dockerLabels', 'driverOpts', 'labels'],
};

const TYPES = new Map(Object.entries(NAMES)
  .flatMap(([type, names]) => names.map((name) => [name, type as Type] as const)));

/** Properties of the task definition whose type differs from that of a container's property with the same name. */
const STRINGS_OF_TASK = ['Cpu', 'Memory'];

/** Types of the items of lists. */
const ITEMS: { readonly [list: string]: Type } = { strings: 'string', numbers: 'number', objects: 'object' };

/** Names whose spelling differs between CloudFormation and the ECS API by more than the case of the first letter. */
const IRREGULAR_NAMES: { readonly [name: string]: string } = {
  ProxyConfigurationProperties: 'properties',
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
};

/** Omitted properties. The role of the action must not tag, so ECS would reject a request with tags. */
const LEFT_OUT = ['Tags'];

/** The JSON of a request, and the properties that cannot be in it. */
export interface TaskDefinitionJson {
  readonly text: Text;
  readonly problems: string[];
}

/**
 * The request of RegisterTaskDefinition as JSON, from the resolved properties of the CloudFormation resource.
 *
 * A property override keeps no type of a reference, so the property decides whether the JSON has quotation marks around
 * it. `Fn::If` becomes a choice between two texts, because JSON has nothing like `AWS::NoValue`.
 */
export function taskDefinitionJson(properties: JsonObject): TaskDefinitionJson {
  const writer = new Writer();
  const text = fold(writer.write(properties, 'object', []), (all) => all);
  return { text, problems: writer.problems };
}

/** The name of a property in the ECS API. */
export function apiName(name: string): string {
  return IRREGULAR_NAMES[name] ?? name.charAt(0).toLowerCase() + name.slice(1);
}

/** The type of a property. The types of properties that AWS adds later are not known. */
export function typeOf(name: string, path: readonly string[] = ['']): Type | undefined {
  return path.length === 0 && STRINGS_OF_TASK.includes(name) ? 'string' : TYPES.get(apiName(name));
}

class Writer {
  public readonly problems: string[] = [];

  public write(value: Json, type: Type | undefined, path: string[]): Choice {
    if (value === undefined || isNoValue(value)) { return undefined; }
    const name = intrinsicOf(value);
    if (name === 'Fn::If') {
      const [condition, then, otherwise] = (value as { 'Fn::If': [string, Json, Json] })['Fn::If'];
      return { condition, then: this.write(then, type, path), otherwise: this.write(otherwise, type, path) };
    }
    if (name !== undefined) { return this.intrinsic(value as JsonObject, name, type, path); }
    if (Array.isArray(value)) { return this.list(value, type, path); }
    if (typeof value === 'object' && value !== null) { return this.object(value, type, path); }
    return literal(value, type);
  }

  private list(items: Json[], type: Type | undefined, path: string[]): Text {
    const choices = items.map((item, index) => this.write(item, ITEMS[type ?? ''], [...path, String(index)]));
    return ['[', ...separated(choices), ']'];
  }

  private object(value: JsonObject, type: Type | undefined, path: string[]): Text {
    if (type !== undefined && type in ITEMS) {
      this.report(path, 'a list', 'an object', 'override the whole list, because an override of one item creates no list');
    }
    const members = Object.entries(value).filter(([key]) => !LEFT_OUT.includes(key)).map(([key, child]) => {
      if (key.startsWith('Fn::')) { this.report(path, 'an object', `one with ${key}`, 'set its properties'); }
      const [name, of] = type === 'map' ? [key, 'string' as const] : [apiName(key), typeOf(key, path)];
      return mapText(this.write(child, of, [...path, key]), (text) => [...quote(name), ':', ...text]);
    });
    return ['{', ...separated(members), '}'];
  }

  private intrinsic(value: JsonObject, name: string, type: Type | undefined, path: string[]): Text {
    switch (type) {
      case 'number':
      case 'boolean': return [value];
      case 'strings': return joinIntrinsic(value, '"');
      case 'numbers': return joinIntrinsic(value, '');
      case 'objects':
      case 'object':
      case 'map':
        this.report(path, type === 'objects' ? 'a list' : 'an object', `the result of ${name}`, 'set references as the values in it, or choose between two with Fn::If');
        return [];
      default: return quoteIntrinsic(value);
    }
  }

  private report(path: string[], expected: string, got: string, remedy: string): void {
    this.problems.push(`'${path.join('.')}' of the task definition must be ${expected} that is known at synth, got ${got}; `
      + `the release registers the task definition as JSON: ${remedy}`);
  }
}

/** CloudFormation converts literals to the type of the property. The deploy action does not. */
function literal(value: string | number | boolean | null, type: Type | undefined): Text {
  if (type === 'string' && value !== null) { return quote(String(value)); }
  const converted = type === 'number' && isNumeric(value) || type === 'boolean' && isBoolean(value);
  return [converted ? String(value) : JSON.stringify(value)];
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'string' && /^-?\d+$/.test(value);
}

function isBoolean(value: unknown): boolean {
  return value === 'true' || value === 'false';
}
