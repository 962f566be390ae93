import { request } from 'http';
import { setTimeout as sleep } from 'timers/promises';

export interface HttpAnswer {
  readonly status?: number;
  readonly body: string;
  readonly milliseconds: number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One request on a connection of its own. */
export function ask({ host, port }: Address, method: string, path: string): Promise<HttpAnswer> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, method, path, timeout: 2000, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({
        status: response.statusCode, body: Buffer.concat(chunks).toString(), milliseconds: Date.now() - started,
      }));
    });
    // a connection that is left open would keep this process alive when the container is gone
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path} got no answer`)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** The first answer of a server that is starting. @throws when none comes in time */
export async function waitForAnswer(address: Address, path: string, seconds: number): Promise<HttpAnswer> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline;) {
    try {
      return await ask(address, 'GET', path);
    } catch {
      await sleep(100); // it is not up yet
    }
  }
  throw new Error(`nothing answered within ${seconds} seconds`);
}
