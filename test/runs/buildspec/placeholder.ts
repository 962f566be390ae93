import { createServer } from 'net';
import { setTimeout as sleep } from 'timers/promises';
import { Expectations } from './expect';
import { renderPattern } from './template';
import { Interpreter } from '../../../packages/rehearsal/src/build/pythons';
import { ask, waitForAnswer } from '../../../packages/rehearsal/src/engine/http';
import { endSession, start } from '../../../packages/rehearsal/src/processes';

const START_SECONDS = 20;

/** Runs what the service's container runs before the first release, and asks it as a load balancer does. */
export async function checkPlaceholder(
  expect: Expectations, interpreter: Interpreter, directory: string,
): Promise<void> {
  await checkAnswers(expect, interpreter, directory, { expected: 200, text: 'waiting for the first release\n' });
  await checkAnswers(expect, interpreter, directory, { healthyHttpCodes: '204', expected: 204, text: '' });
}

interface Expected {
  readonly healthyHttpCodes?: string;
  readonly expected: number;
  readonly text: string;
}

async function checkAnswers(
  expect: Expectations, interpreter: Interpreter, directory: string, { healthyHttpCodes, expected, text }: Expected,
): Promise<void> {
  const port = await freePort();
  const address = { host: '127.0.0.1', port };
  const [program, ...args] = renderPattern({ service: { containerPort: port, healthCheck: { healthyHttpCodes } } })
    .placeholder;
  expect.equal(program, 'python', 'the program');
  const child = start({ file: interpreter.path, args, cwd: directory, env: { PATH: '/usr/bin:/bin' } });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => child.on('exit', (code, signal) => resolve([code, signal])));
  try {
    await waitForAnswer(address, '/', START_SECONDS);
    for (const [method, path] of [['GET', '/'], ['GET', '/any/health/path?full=1'], ['HEAD', '/']]) {
      const { status, body, milliseconds } = await ask(address, method, path);
      expect.equal(status, expected, `the answer to ${method} ${path}`);
      expect.equal(body, method === 'HEAD' ? '' : text, `the text of ${method} ${path}`);
      expect.that(milliseconds < 1000, `${method} ${path} took ${milliseconds} ms`);
    }
    // the task has an init process, so the signal does what it does to any process
    child.kill('SIGTERM');
    const end = await Promise.race([ended, sleep(5000, 'nothing within 5 seconds')]);
    expect.equal(end, [null, 'SIGTERM'], 'what SIGTERM does');
  } catch (error) {
    expect.that(false, String(error));
  } finally {
    endSession(child);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')));
    });
  });
}
