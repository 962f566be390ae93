import { createServer, get, IncomingMessage, Server } from 'http';
import { AddressInfo } from 'net';
import { Fault, FaultProxy } from '../../../packages/rehearsal/src/faults/fault-proxy';

let application: Server;
let proxy: FaultProxy;

beforeEach(async () => {
  application = createServer((incoming, outgoing) => outgoing.writeHead(201, { Path: incoming.url }).end('from the application'));
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
  proxy = await FaultProxy.start({ host: '127.0.0.1', port: (application.address() as AddressInfo).port }, '127.0.0.1');
});

afterEach(async () => {
  await proxy.close();
  application.closeAllConnections();
  await new Promise((resolve) => application.close(resolve));
});

function ask(path = '/orders?x=1', headers: Record<string, string> = {}): Promise<{ status?: number; text: string; headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    get({ port: proxy.port, path, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => { text += String(chunk); });
      answer.on('end', () => resolve({ status: answer.statusCode, text, headers: answer.headers }));
    }).on('error', reject);
  });
}

test('a proxy without a fault hands on the request and the answer', async () => {
  expect(await ask()).toMatchObject({ status: 201, text: 'from the application', headers: { path: '/orders?x=1' } });
});

test.each<[string, Fault, number]>([
  ['answers instead of the application', { share: 1, status: 500 }, 500],
  ['happens to no request with the share 0', { share: 0, status: 500 }, 201],
  ['of one path leaves the others alone', { share: 1, status: 404, path: '/health' }, 201],
  ['of one path ignores the query', { share: 1, status: 404, path: '/orders' }, 404],
])('a fault %s', async (_what, fault, status) => {
  proxy.inject(fault);
  expect((await ask()).status).toBe(status);
});

test('a fault of all requests is hidden from health checks, unless it names their path', async () => {
  const headers = { 'User-Agent': 'ELB-HealthChecker/2.0' };
  proxy.inject({ share: 1, status: 500 });
  expect((await ask('/health', headers)).status).toBe(201);
  proxy.inject({ share: 1, status: 404, path: '/health' });
  expect((await ask('/health', headers)).status).toBe(404);
});

test('a request waits before the application answers it', async () => {
  proxy.inject({ share: 1, delay: 120 });
  const started = Date.now();
  expect((await ask()).status).toBe(201);
  expect(Date.now() - started).toBeGreaterThanOrEqual(115);
});

test('a connection breaks, and so it does when the application is gone', async () => {
  proxy.inject({ share: 1, breaks: true });
  await expect(ask()).rejects.toThrow('socket hang up');
  proxy.inject();
  application.closeAllConnections();
  await new Promise((resolve) => application.close(resolve));
  await expect(ask()).rejects.toThrow('socket hang up');
  application = createServer();
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
});
