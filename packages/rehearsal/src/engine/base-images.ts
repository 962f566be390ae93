import { execFile } from 'child_process';
import { createHash } from 'crypto';
import { readFileSync, rmSync, statSync } from 'fs';
import { join } from 'path';
import { promisify } from 'util';
import { Blob, Manifest, Registry } from './registry';

/** Where Dockerfiles look for Python: the public gallery of ECR, and Docker Hub. */
const REPOSITORIES = ['docker/library/python', 'library/python'] as const;
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Python images in the registry, each made once and only when it is asked for. */
export class BaseImages {
  private readonly made = new Map<string, Promise<Blob>>();

  /** @param directory where they are made */
  constructor(private readonly registry: Registry, private readonly directory: string) {}

  /**
   * Puts `python:<version>-slim` and `python:<version>` where a Dockerfile's FROM finds it.
   *
   * @param version such as `3.12`
   * @param interpreter the Python of this machine to make it of, which is of that version where the machine has one
   * @param tag another tag, such as `3.12-alpine`
   * @returns the layer of which it is made
   */
  public async publish(version: string, interpreter: string, tag?: string): Promise<Blob> {
    const making = this.made.get(version) ?? this.make(version, interpreter);
    this.made.set(version, making);
    const layer = await making;
    const manifest = tag === undefined ? undefined : await this.registry.manifest(REPOSITORIES[0], version);
    if (tag !== undefined && manifest) { await this.registry.putManifest(REPOSITORIES[0], tag, manifest); }
    return layer;
  }

  /** Lets a repository have the layers of all images made so far: its first push is then as any other. */
  public async share(repository: string): Promise<void> {
    const layers = await Promise.all(this.made.values());
    await Promise.all(layers.map(({ digest }) => this.registry.mount(repository, digest, REPOSITORIES[0])));
  }

  private async make(version: string, interpreter: string): Promise<Blob> {
    const work = join(this.directory, `python-${version}`);
    await promisify(execFile)('bash', [join(__dirname, 'base-image.sh'), interpreter, work]);
    const file = join(work, 'layer.tar.gz');
    const layer = { mediaType: LAYER, size: statSync(file).size, digest: `sha256:${read(work, 'digest')}` };
    const text = Buffer.from(JSON.stringify(configuration(version, `sha256:${read(work, 'diff-id')}`)));
    const config = { mediaType: CONFIG, size: text.length, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
    const manifest: Manifest = { schemaVersion: 2, mediaType: 'application/vnd.docker.distribution.manifest.v2+json', config, layers: [layer] };
    const [first, ...others] = REPOSITORIES;
    await this.registry.upload(first, layer.digest, { file });
    for (const repository of others) {
      await this.registry.mount(repository, layer.digest, first);
    }
    for (const repository of REPOSITORIES) {
      await this.registry.upload(repository, config.digest, text);
      await this.registry.putManifest(repository, `${version}-slim`, manifest);
      await this.registry.putManifest(repository, version, manifest);
    }
    rmSync(work, { recursive: true });
    return layer;
  }
}

function configuration(version: string, diffId: string): Readonly<Record<string, unknown>> {
  const created = '2024-01-01T00:00:00Z';
  return {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    created,
    config: {
      Env: [
        'PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin',
        'LANG=C.UTF-8',
        // what this machine trusts may be more than what pip brings along
        `SSL_CERT_FILE=${CERTIFICATES}`,
        `PIP_CERT=${CERTIFICATES}`,
        ...(process.env.PIP_INDEX_URL ? [`PIP_INDEX_URL=${process.env.PIP_INDEX_URL}`] : []),
      ],
      Cmd: ['python3'],
    },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created, created_by: `python ${version} of this machine` }],
  };
}

function read(directory: string, name: string): string {
  return readFileSync(join(directory, name), 'utf8').trim();
}
