import { createReadStream, readFileSync, rmSync } from 'fs';
import { IncomingMessage } from 'http';
import { Agent, request } from 'https';
import { join } from 'path';
import { EngineFacts } from './keeper';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const ACCEPTED = [MANIFEST, 'application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'].join(', ');

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

export interface Blob {
  readonly mediaType: string;
  readonly size: number;
  readonly digest: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * The registry by its HTTP interface, as the account that may do everything.
 *
 * @see https://distribution.github.io/distribution/spec/api/
 */
export class Registry {
  private readonly agent: Agent;

  constructor(private readonly facts: EngineFacts) {
    this.agent = new Agent({ ca: readFileSync(facts.certificate), keepAlive: false });
  }

  public get password(): string {
    return this.facts.registryPassword;
  }

  /** The tags of a repository; none when it was never pushed to. */
  public async tags(repository: string): Promise<readonly string[]> {
    const { status, body } = await this.call('GET', `/v2/${repository}/tags/list`);
    const { tags } = status === 200 ? JSON.parse(body.toString()) as { tags: string[] | null } : { tags: null };
    return [...tags ?? []].sort();
  }

  /** What a tag or digest stands for. */
  public async digest(repository: string, reference: string): Promise<string | undefined> {
    const { status, headers } = await this.call('HEAD', `/v2/${repository}/manifests/${reference}`);
    return status === 200 ? String(headers['docker-content-digest']) : undefined;
  }

  public async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const { status, body } = await this.call('GET', `/v2/${repository}/manifests/${reference}`);
    return status === 200 ? JSON.parse(body.toString()) as Manifest : undefined;
  }

  /** Whether the image is there whole: its manifest, its configuration and every layer. */
  public async has(repository: string, reference: string): Promise<boolean> {
    const manifest = await this.manifest(repository, reference);
    if (!manifest) { return false; }
    const blobs = await Promise.all([manifest.config, ...manifest.layers].map(({ digest }) => this.call('HEAD', `/v2/${repository}/blobs/${digest}`)));
    return blobs.every(({ status }) => status === 200);
  }

  public async putManifest(repository: string, tag: string, manifest: Manifest): Promise<void> {
    const body = Buffer.from(JSON.stringify(manifest));
    await this.expect(201, 'PUT', `/v2/${repository}/manifests/${tag}`, body, { 'Content-Type': MANIFEST });
  }

  public async upload(repository: string, digest: string, content: Buffer | { readonly file: string }): Promise<void> {
    const { headers } = await this.expect(202, 'POST', `/v2/${repository}/blobs/uploads/`);
    const location = String(headers.location);
    const body = Buffer.isBuffer(content) ? content : createReadStream(content.file);
    await this.expect(201, 'PUT', `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`, body, { 'Content-Type': 'application/octet-stream' });
  }

  /** Gives a repository a layer of another one, as a push does within a registry. */
  public async mount(repository: string, digest: string, from: string): Promise<void> {
    await this.expect(201, 'POST', `/v2/${repository}/blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`);
  }

  /** Forgets a repository. */
  public remove(repository: string): void {
    rmSync(join(this.facts.storage, 'docker', 'registry', 'v2', 'repositories', repository), { recursive: true, force: true });
  }

  private async expect(status: number, ...args: Parameters<Registry['call']>): Promise<Answer> {
    const answer = await this.call(...args);
    if (answer.status !== status) {
      throw new Error(`the registry answered ${answer.status} to ${args[0]} ${args[1]}: ${answer.body.toString()}`);
    }
    return answer;
  }

  private call(
    method: string, path: string, content?: Buffer | NodeJS.ReadableStream, more: Record<string, string> = {},
  ): Promise<Answer> {
    const headers = { Accept: ACCEPTED, Authorization: `Basic ${Buffer.from(`AWS:${this.password}`).toString('base64')}`, ...more };
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: this.facts.registryPort, agent: this.agent, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
      });
      outgoing.on('error', reject);
      if (content === undefined || Buffer.isBuffer(content)) {
        outgoing.end(content);
      } else {
        content.pipe(outgoing);
      }
    });
  }
}
