import { Clock } from './clock';
import { ContainerModel, TaskModel } from '../assembly/model';

/** A command in a container costs as much time at any speed: starting Python takes a good part of a second. */
const LEAST_CHECK_INTERVAL = 1000;
const LEAST_CHECK_TIMEOUT = 3000;
const CPU_UNITS = 1024;

export interface ContainerPlace {
  readonly name: string;
  readonly labels: readonly string[];
  /** The container whose network it shares, as all containers of a task do on AWS. */
  readonly networkOf: string;
  /** The Docker volumes of the task, by the name in the task definition. A volume that is not in it is a tmpfs. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, 'milliseconds'>;
  /** The processors of this machine, which are the most that Docker accepts. */
  readonly processors: number;
}

/**
 * The arguments of docker that start a container as Fargate would.
 *
 * The values of secrets are not in them: docker reads them from its own environment.
 */
export function runArguments(task: TaskModel, container: ContainerModel, place: ContainerPlace): string[] {
  const [entryPoint, ...parameters] = container.entryPoint ?? [];
  return [
    'run', '--detach', '--name', place.name, ...place.labels,
    '--network', `container:${place.networkOf}`,
    ...limits(task, container, place.processors),
    ...security(container),
    ...mounts(container, place.volumes),
    ...Object.entries(container.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...Object.keys(container.secrets).flatMap((name) => ['--env', name]),
    ...healthCheck(container, place.clock),
    ...(container.workingDirectory === undefined ? [] : ['--workdir', container.workingDirectory]),
    ...(entryPoint === undefined ? [] : ['--entrypoint', entryPoint]),
    container.image, ...parameters, ...container.command ?? [],
  ];
}

function limits(task: TaskModel, container: ContainerModel, processors: number): string[] {
  const memory = `${Math.min(container.memoryMiB ?? task.memoryMiB, task.memoryMiB)}m`;
  return [
    // the same limit for memory and swap leaves no swap
    '--memory', memory, '--memory-swap', memory,
    '--cpus', String(Math.min(task.cpu / CPU_UNITS, processors)),
    ...(container.cpu === undefined ? [] : ['--cpu-shares', String(Math.max(container.cpu, 2))]),
    ...container.ulimits.flatMap(({ name, soft, hard }) => ['--ulimit', `${name}=${soft}:${hard}`]),
  ];
}

function security(container: ContainerModel): string[] {
  return [
    ...(container.user === undefined ? [] : ['--user', container.user]),
    ...(container.readonlyRootFilesystem ? ['--read-only'] : []),
    ...(container.initProcess ? ['--init'] : []),
    ...container.droppedCapabilities.flatMap((name) => ['--cap-drop', name]),
  ];
}

function mounts(container: ContainerModel, volumes: Readonly<Record<string, string>>): string[] {
  return container.mounts.flatMap(({ volume, path, readonly }) => {
    const name = volumes[volume];
    // a volume of Fargate can hold programs
    return name === undefined ? ['--tmpfs', `${path}:exec,mode=1777${readonly ? ',ro' : ''}`] : ['--volume', `${name}:${path}${readonly ? ':ro' : ''}`];
  });
}

function healthCheck({ healthCheck: check }: ContainerModel, clock: Pick<Clock, 'milliseconds'>): string[] {
  const [kind, ...words] = check?.command ?? [];
  if (check === undefined || kind === 'NONE') { return ['--no-healthcheck']; }
  // docker runs the text by a shell, also where the task definition has a list of words
  const shell = kind === 'CMD-SHELL' ? words.join(' ') : (kind === 'CMD' ? words : check.command).map(quote).join(' ');
  const time = (seconds: number, least: number) => `${Math.max(Math.round(clock.milliseconds(seconds)), least)}ms`;
  return [
    '--health-cmd', shell,
    '--health-interval', time(check.interval, LEAST_CHECK_INTERVAL),
    '--health-timeout', time(check.timeout, LEAST_CHECK_TIMEOUT),
    '--health-retries', String(check.retries),
    ...(check.startPeriod > 0 ? ['--health-start-period', time(check.startPeriod, 1)] : []),
  ];
}

function quote(word: string): string {
  return `'${word.replace(/'/g, "'\\''")}'`;
}

/** The volumes that several containers of a task share. */
export function sharedVolumes({ containers }: TaskModel): string[] {
  const uses = containers.flatMap((container) => [...new Set(container.mounts.map(({ volume }) => volume))]);
  return [...new Set(uses.filter((volume, index) => uses.indexOf(volume) !== index))];
}

/** The containers in an order in which each comes after those that it depends on. @throws for a circle */
export function startOrder({ containers }: TaskModel): ContainerModel[] {
  const ordered: ContainerModel[] = [];
  let rest = [...containers];
  while (rest.length > 0) {
    const names = new Set(rest.map(({ name }) => name));
    const waits = ({ dependsOn }: ContainerModel) => dependsOn.some(({ container }) => names.has(container));
    const ready = rest.filter((container) => !waits(container));
    if (ready.length === 0) {
      throw new Error(`the containers ${[...names].join(', ')} wait for each other`);
    }
    ordered.push(...ready);
    rest = rest.filter((container) => !ready.includes(container));
  }
  return ordered;
}
