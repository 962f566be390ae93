import { execFile } from 'child_process';
import { copyFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { promisify } from 'util';
import { DOCKER, Engine } from './engine';
import { REGISTRY } from '../build/docker';
import { Interpreter } from '../build/pythons';
import { createDirectory } from '../processes';

/** What stands for the official images, of this machine's distribution: its version is not that of the tag. */
const TAGS = { redis: ['7'], postgres: ['16', '17'], haproxy: ['lts'] } as const;

export type ServiceName = keyof typeof TAGS;

const made = new Map<ServiceName, Promise<void>>();

/** Puts the image of a service where `public.ecr.aws/docker/library/<name>` is found, once. */
export function publishService(engine: Engine, name: ServiceName, interpreter: Interpreter): Promise<void> {
  const making = made.get(name) ?? make(engine, name, interpreter);
  made.set(name, making);
  return making;
}

async function make(engine: Engine, name: ServiceName, { minor, path }: Interpreter): Promise<void> {
  await engine.images.publish(minor, path);
  const context = createDirectory();
  await promisify(execFile)('bash', [join(__dirname, 'service-image.sh'), name, context]);
  copyFileSync(join(__dirname, 'service-entrypoint.py'), join(context, 'entrypoint.py'));
  writeFileSync(join(context, 'Dockerfile'), [
    `FROM public.ecr.aws/docker/library/python:${minor}-slim`,
    'COPY files /',
    'COPY entrypoint.py /entrypoint.py',
    `RUN echo '${name}:x:999:999::/tmp:/bin/sh' >> /etc/passwd && mkdir -p /data /var/run/postgresql && chown 999:999 /data /var/run/postgresql `
    + '&& for program in /usr/lib/postgresql/*/bin/*; do ln -sf "$program" /usr/local/bin/; done; ldconfig',
    `ENTRYPOINT ["python3", "/entrypoint.py", "${name}"]`,
    '',
  ].join('\n'));
  const images = TAGS[name].map((tag) => `${REGISTRY}/docker/library/${name}:${tag}`);
  await engine.docker('build', ...images.flatMap((image) => ['--tag', image]), context);
  await engine.run(DOCKER, ['login', '--username', 'AWS', '--password-stdin', REGISTRY], { input: engine.registry.password });
  for (const image of images) {
    await engine.docker('push', image);
  }
  // so that a build has to pull it
  await engine.docker('image', 'rm', ...images);
  rmSync(context, { recursive: true, force: true });
}
