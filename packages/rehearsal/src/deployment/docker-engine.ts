import { randomBytes } from 'crypto';
import { Output, RunOptions } from '../engine/engine';

/** The Docker engine on which a rehearsal runs: a private one, or the user's own. */
export interface DockerEngine {
  /** The output of a docker command. @throws when it fails */
  docker(...args: readonly string[]): Promise<string>;
  /** Runs any program to its end, with what the docker client needs to find the engine. */
  run(file: string, args: readonly string[], options?: RunOptions): Promise<Output>;
  /** The variables with which the docker client finds the engine. */
  environment(): Readonly<Record<string, string>>;
}

const LABEL = 'cdk-blue-green-rehearsal';

/** The name of one rehearsal. Everything that it starts has its label, so that it can be found after a crash. */
export class RunId {
  constructor(public readonly id: string = randomBytes(4).toString('hex')) {}

  /** Options of `docker run` and `docker volume create`. */
  public get labels(): readonly string[] {
    return ['--label', `${LABEL}=${this.id}`];
  }

  public get filter(): string {
    return `label=${LABEL}=${this.id}`;
  }

  public name(part: string): string {
    return `rehearsal-${this.id}-${part}`;
  }
}

/** Removes the containers, networks, and volumes of one rehearsal, or those of every one. */
export async function removeAll(engine: DockerEngine, run?: RunId): Promise<void> {
  const filter = run?.filter ?? `label=${LABEL}`;
  for (const [list, remove] of [
    [['ps', '--all', '--quiet'], ['rm', '--force', '--volumes']],
    [['volume', 'ls', '--quiet'], ['volume', 'rm', '--force']],
    [['network', 'ls', '--quiet'], ['network', 'rm']],
  ]) {
    const ids = (await engine.docker(...list, '--filter', filter)).split('\n').filter((id) => id !== '');
    if (ids.length > 0) {
      await engine.docker(...remove, ...ids);
    }
  }
}

/** The address of a container in the network of the engine. */
export async function addressOf(engine: DockerEngine, container: string): Promise<string> {
  return engine.docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container);
}
