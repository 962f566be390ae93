import { TaskDefinitionError } from './errors';
import { ContainerModel, TaskModel } from './model';
import { isObject, Properties } from './template';

/** What ECS does on Fargate if a container does not say. */
const STOP_TIMEOUT = 30;
const HEALTH_CHECK = { interval: 30, timeout: 5, retries: 3, startPeriod: 0 };

/** The smallest task of Fargate. */
const SMALLEST_TASK = { cpu: 256, memoryMiB: 512 };

/**
 * Reads a task definition: the properties of a template, or the content of taskdef.json.
 *
 * @throws TaskDefinitionError if it is no task definition
 */
export function parseTaskDefinition(given: unknown): TaskModel {
  const task = new Fields(typeof given === 'string' ? parseJson(given) : given);
  const containers = task.objects('containerDefinitions');
  if (containers.length === 0) { throw new TaskDefinitionError('it has no containers'); }
  const nameless = containers.findIndex((container) => container.text('name') === undefined);
  if (nameless >= 0) { throw new TaskDefinitionError(`its container ${nameless + 1} has no name`); }
  const architecture = task.object('runtimePlatform').text('cpuArchitecture');
  return {
    cpu: sizeOf(task.text('cpu'), 'vCPU') ?? SMALLEST_TASK.cpu,
    memoryMiB: sizeOf(task.text('memory'), 'GB') ?? SMALLEST_TASK.memoryMiB,
    containers: containers.map(containerOf),
    volumes: task.objects('volumes').map(volumeOf),
    ...architecture !== undefined && { architecture },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new TaskDefinitionError(`it is no JSON, ${(error as Error).message}`);
  }
}

/** Fargate accepts `1024` and `1 vCPU`, or `2048` and `2 GB`. */
function sizeOf(text: string | undefined, unit: string): number | undefined {
  const [, number, given] = /^\s*(\d+(?:\.\d+)?)\s*(\w*)\s*$/.exec(text ?? '') ?? [];
  if (number === undefined) { return undefined; }
  return given?.toLowerCase() === unit.toLowerCase() ? Number(number) * 1024 : Number(number);
}

function containerOf(container: Fields): ContainerModel {
  const linux = container.object('linuxParameters');
  return {
    name: container.text('name') ?? '',
    image: container.text('image') ?? '',
    essential: container.flag('essential') ?? true,
    environment: pairsOf(container, 'environment', 'value'),
    secrets: pairsOf(container, 'secrets', 'valueFrom'),
    readonlyRootFilesystem: container.flag('readonlyRootFilesystem') ?? false,
    initProcess: linux.flag('initProcessEnabled') ?? false,
    stopTimeout: container.number('stopTimeout') ?? STOP_TIMEOUT,
    droppedCapabilities: linux.object('capabilities').texts('drop') ?? [],
    ulimits: container.objects('ulimits').map(ulimitOf),
    mounts: container.objects('mountPoints').map(mountOf),
    dependsOn: container.objects('dependsOn').map((dependency) => ({
      container: dependency.text('containerName') ?? '', condition: dependency.text('condition') ?? 'START',
    })),
    ports: container.objects('portMappings').flatMap((mapping) => mapping.number('containerPort') ?? []),
    ...present({
      command: container.texts('command'),
      entryPoint: container.texts('entryPoint'),
      user: container.text('user'),
      workingDirectory: container.text('workingDirectory'),
      memoryMiB: container.number('memory'),
      cpu: container.number('cpu'),
      healthCheck: healthCheckOf(container),
    }),
  };
}

function ulimitOf(limit: Fields): ContainerModel['ulimits'][number] {
  return { name: limit.text('name') ?? '', soft: limit.number('softLimit') ?? 0, hard: limit.number('hardLimit') ?? 0 };
}

function mountOf(mount: Fields): ContainerModel['mounts'][number] {
  return {
    volume: mount.text('sourceVolume') ?? '', path: mount.text('containerPath') ?? '', readonly: mount.flag('readOnly') ?? false,
  };
}

function volumeOf(volume: Fields): { readonly name: string; readonly kind: 'task' | 'elsewhere' } {
  const elsewhere = volume.names().filter((name) => !['name', 'host', 'configuredAtLaunch', 'dockerVolumeConfiguration'].includes(name));
  return { name: volume.text('name') ?? '', kind: elsewhere.length > 0 ? 'elsewhere' : 'task' };
}

function healthCheckOf(container: Fields): ContainerModel['healthCheck'] {
  const check = container.object('healthCheck');
  const command = check.texts('command');
  if (command === undefined || command[0] === 'NONE') { return undefined; }
  return {
    command,
    interval: check.number('interval') ?? HEALTH_CHECK.interval,
    timeout: check.number('timeout') ?? HEALTH_CHECK.timeout,
    retries: check.number('retries') ?? HEALTH_CHECK.retries,
    startPeriod: check.number('startPeriod') ?? HEALTH_CHECK.startPeriod,
  };
}

function pairsOf(container: Fields, name: string, value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(container.objects(name).map((pair) => [pair.text('name') ?? '', pair.text(value) ?? '']));
}

function present<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** An object whose keys are in the spelling of a template or of the ECS API. Numbers can be texts, as in a template. */
class Fields {
  private readonly values: Properties;

  constructor(value: unknown) {
    this.values = isObject(value) ? value : {};
  }

  public names(): string[] {
    return Object.keys(this.values).map((name) => name.charAt(0).toLowerCase() + name.slice(1));
  }

  public text(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
  }

  public number(name: string): number | undefined {
    const number = Number(this.text(name) ?? NaN);
    return Number.isNaN(number) ? undefined : number;
  }

  public flag(name: string): boolean | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : text === 'true';
  }

  public texts(name: string): string[] | undefined {
    const value = this.value(name);
    return Array.isArray(value) ? value.map(String) : undefined;
  }

  public object(name: string): Fields {
    return new Fields(this.value(name));
  }

  public objects(name: string): Fields[] {
    const value = this.value(name);
    return Array.isArray(value) ? value.map((item) => new Fields(item)) : [];
  }

  private value(name: string): unknown {
    return this.values[name] ?? this.values[name.charAt(0).toUpperCase() + name.slice(1)];
  }
}
