import { Expectations } from './expect';
import { Credentials, DOCKER, Engine } from '../../../packages/rehearsal/src/engine/engine';
import { waitForAnswer } from '../../../packages/rehearsal/src/engine/http';

const START_SECONDS = 30;

/** How to ask the container of an image whether it works. */
export interface Health {
  readonly port: number;
  readonly path: string;
}

/** Runs an image as a task would, with a file system that nobody can write to, and asks it. */
export async function expectAnswer(
  expect: Expectations, engine: Engine, image: string, { port, path }: Health,
): Promise<void> {
  const user = await engine.docker('image', 'inspect', '--format', '{{.Config.User}}', image);
  const container = await engine.docker(
    'run', '--detach', '--read-only', '--tmpfs', '/tmp', '--init', '--cap-drop', 'ALL', ...(user ? ['--user', user] : []), image,
  );
  try {
    const host = await engine.docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container);
    const { status } = await waitForAnswer({ host, port }, path, START_SECONDS);
    expect.equal(status, 200, `the answer of the image to ${path}`);
  } catch (error) {
    expect.that(false, `the image does not run: ${String(error)}: ${(await engine.run(DOCKER, ['logs', container])).errors.trim()}`);
  } finally {
    await engine.docker('rm', '--force', container);
  }
}

/** What must not be found anywhere, in every form in which a tool writes it down. */
export function secretsOf(engine: Engine, dockerHub: Credentials): Readonly<Record<string, string>> {
  const encoded = ({ username, password }: Credentials) => Buffer.from(`${username}:${password}`).toString('base64');
  const registry = { username: 'AWS', password: engine.registry.password };
  return {
    "the registry's password": registry.password,
    "the registry's login": encoded(registry),
    "Docker Hub's password": dockerHub.password,
    "Docker Hub's login": encoded(dockerHub),
  };
}

/** Looks through the history, the configuration and every layer. */
export async function expectNoSecrets(
  expect: Expectations, engine: Engine, image: string, secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const search = 'secrets="$(cat)"; "$0" save "$1" | grep --text --only-matching --fixed-strings --regexp="$secrets" | sort --unique';
  const { text } = await engine.run('bash', ['-c', search, DOCKER, image], { input: Object.values(secrets).join('\n') });
  for (const [name, secret] of Object.entries(secrets)) {
    expect.that(!text.includes(secret), `${name} is in the image`);
  }
}
