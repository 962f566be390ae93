import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';

const HANDLER_FILE = join(__dirname, '../../assets/smoke-test/index.js');
const EVENT = { DeploymentId: 'd-ABC123', LifecycleEventHookExecutionId: 'hook-1' };
const HOST_NAME = 'orders.example.com';
const NODES = ['127.0.0.1', '127.0.0.2'];
const REPORT_MILLISECONDS = 15_000;

interface Context { getRemainingTimeInMillis(): number }
type Handler = (event: typeof EVENT, context: Context) => Promise<void>;
type Environment = { [name: string]: string };
/** What a node of the load balancer does with a request: a status, or one of the ways not to answer. */
type Answer = number | 'silence' | 'half a body' | 'broken body' | 'upgrade';
type Application = (path: string, attempt: number) => Answer;
interface Seen { node: string; path: string; headers: http.IncomingHttpHeaders; serverName: unknown }
interface NetworkInterface { address: string; status: string }

const { handler } = jest.requireActual<{ handler: Handler }>(HANDLER_FILE);
const formerEnvironment = { ...process.env };
const certificates = mkdtempSync(join(tmpdir(), 'smoke-test-'));
const certificateFile = join(certificates, 'certificate.pem');
const keyFile = join(certificates, 'key.pem');

let servers: http.Server[] = [];
let logs: string[] = [];
let seen: Seen[] = [];
let ec2Calls: URLSearchParams[] = [];
let reports: { target: unknown; body: unknown }[] = [];
let reportAttempts = 0;

async function listen(server: http.Server, address = '127.0.0.1', port = 0): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function give(answer: Answer, response: http.ServerResponse) {
  if (answer === 'silence') return;
  if (answer === 'upgrade') {
    response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  } else if (typeof answer === 'string') {
    response.writeHead(200, { 'Content-Length': 1000 }).write('half');
    if (answer === 'broken body') setTimeout(() => response.destroy(), 20);
  } else {
    response.writeHead(answer, { Location: '/elsewhere' }).end('x'.repeat(100_000));
  }
}

function application(node: string, answers: Application): http.RequestListener {
  const attempts: { [path: string]: number } = {};
  return (request, response) => {
    const path = request.url ?? '';
    const attempt = attempts[path] ?? 0;
    attempts[path] = attempt + 1;
    seen.push({ node, path, headers: request.headers, serverName: (request.socket as TLSSocket).servername });
    give(answers(path, attempt), response);
  };
}

/** Load balancer nodes: loopback addresses with one port, as the addresses of a listener are. */
async function startNodes(applications: Application[], protocol = 'http'): Promise<string> {
  let port = 0;
  for (const [index, answers] of applications.entries()) {
    const listener = application(NODES[index], answers);
    const server = protocol === 'http' ? http.createServer(listener)
      : https.createServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) }, listener);
    port = await listen(server, NODES[index], port);
  }
  return String(port);
}

function ec2Page(interfaces: NetworkInterface[] | undefined, nextToken: string): string {
  const items = interfaces?.map(({ address, status }) => `<item><networkInterfaceId>eni-1</networkInterfaceId><status>${status}</status>
    <privateIpAddress>${address}</privateIpAddress>
    <privateIpAddressesSet><item><primary>true</primary><privateIpAddress>${address}</privateIpAddress></item>
      <item><primary>false</primary><privateIpAddress>192.0.2.1</privateIpAddress></item></privateIpAddressesSet></item>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
    <DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>
    ${items ? `<networkInterfaceSet>${items.join('')}</networkInterfaceSet>` : ''}
    ${nextToken ? `<nextToken>${nextToken}</nextToken>` : ''}</DescribeNetworkInterfacesResponse>`;
}

/** EC2's query protocol: the pages follow each other by their tokens, which are numbers here. */
async function startEc2(pages: (NetworkInterface[] | undefined)[]) {
  const port = await listen(http.createServer(async (request, response) => {
    const call = new URLSearchParams(await bodyOf(request));
    ec2Calls.push(call);
    const page = Number(call.get('NextToken') ?? '0');
    response.writeHead(200, { 'Content-Type': 'text/xml' }).end(ec2Page(pages[page], page + 1 < pages.length ? `${page + 1}` : ''));
  }));
  process.env.AWS_ENDPOINT_URL_EC2 = `http://127.0.0.1:${port}`;
}

/** Takes the place of the EC2 that the test has started. */
async function replaceEc2(listener: http.RequestListener) {
  process.env.AWS_ENDPOINT_URL_EC2 = `http://127.0.0.1:${await listen(http.createServer(listener))}`;
}

type ReportAnswer = 'accept' | 'break' | 'refuse' | 'silence';

/** CodeDeploy's JSON 1.1 protocol: answers as it is told to, and accepts all further reports. */
async function startCodeDeploy(...answers: ReportAnswer[]) {
  const port = await listen(http.createServer(async (request, response) => {
    const answer = answers[reportAttempts++] ?? 'accept';
    const body = JSON.parse(await bodyOf(request));
    response.setHeader('Content-Type', 'application/x-amz-json-1.1');
    if (answer === 'accept') {
      reports.push({ target: request.headers['x-amz-target'], body });
      response.end(JSON.stringify({ lifecycleEventHookExecutionId: body.lifecycleEventHookExecutionId }));
    } else if (answer === 'break') {
      response.writeHead(500).end(JSON.stringify({ __type: 'InternalFailure' }));
    } else if (answer === 'refuse') {
      response.writeHead(400).end(JSON.stringify({ __type: 'LifecycleEventAlreadyCompletedException', message: 'too late' }));
    }
  }));
  process.env.AWS_ENDPOINT_URL_CODEDEPLOY = `http://127.0.0.1:${port}`;
}

const inUse = (address: string): NetworkInterface => ({ address, status: 'in-use' });
const always = (answer: Answer): Application => () => answer;
/** The last one repeats. */
const oneByOne = (...answers: Answer[]): Application => (_, attempt) => answers[Math.min(attempt, answers.length - 1)];

/** A function whose own time leaves the test so many milliseconds. */
function contextWith(milliseconds: number): Context {
  const end = Date.now() + milliseconds + REPORT_MILLISECONDS;
  return { getRemainingTimeInMillis: () => end - Date.now() };
}

const run = (milliseconds = 60_000) => handler(EVENT, contextWith(milliseconds));

/** EC2, CodeDeploy, the nodes, and the environment that the construct gives the function. */
async function prepare(applications: Application[], environment: Environment = {}) {
  const port = await startNodes(applications, environment.PROTOCOL);
  await startEc2([applications.map((_, index) => inUse(NODES[index]))]);
  await startCodeDeploy();
  Object.assign(process.env, {
    LOAD_BALANCER_FULL_NAME: 'app/orders/0123456789abcdef',
    PROTOCOL: 'http',
    PORT: port,
    HOST_NAME,
    VERIFY_CERTIFICATE: 'false',
    PATHS: '["/health"]',
    EXPECT_STATUS: '200',
    TIMEOUT_SECONDS: '120',
    INTERVAL_MILLISECONDS: '20',
    ...environment,
  });
  return port;
}

const statuses = () => reports.map(({ body }) => (body as { status: string }).status);
const summary = () => logs[logs.length - 1];

beforeAll(() => {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-keyout', keyFile, '-out', certificateFile, '-subj', `/CN=${HOST_NAME}`, '-addext', `subjectAltName=DNS:${HOST_NAME}`], { stdio: 'pipe' });
});

afterAll(() => rmSync(certificates, { recursive: true }));

beforeEach(() => {
  logs = [];
  seen = [];
  ec2Calls = [];
  reports = [];
  reportAttempts = 0;
  jest.spyOn(console, 'log').mockImplementation((line) => logs.push(line));
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_CONFIG_FILE: join(certificates, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(certificates, 'none'),
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...formerEnvironment };
  const closing = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  servers.forEach((server) => server.closeAllConnections());
  servers = [];
  await Promise.all(closing);
});

test.each<[string, Application[], Environment]>([
  ['every path answers as expected at every node', [always(200), always(200)], { PATHS: '["/health", "/ready?deep=1"]' }],
  ['the first deployment finds an empty target group that fills', [oneByOne(503, 503, 200)], {}],
  ['one node follows the listener later than the other', [always(200), oneByOne(404, 404, 404, 404, 200)], {}],
  ['the first answer breaks off', [oneByOne('broken body', 200)], {}],
  ['a redirect is what is expected', [always(302)], { EXPECT_STATUS: '302' }],
  ['an error is what is expected', [always(401)], { EXPECT_STATUS: '401' }],
  ['the status is in a range', [always(204)], { EXPECT_STATUS: '301,200-299' }],
  ['the status is the end of a range', [always(299)], { EXPECT_STATUS: '200-299' }],
])('a release passes when %s', async (_, applications, environment) => {
  await prepare(applications, environment);
  await run();
  expect(statuses()).toEqual(['Succeeded']);
  expect(summary()).toMatch(/^Smoke test of deployment d-ABC123 succeeded: \d path\(s\) at \d address\(es\) returned the expected status 3 times in a row\.$/);
  expect(seen.map(({ path }) => path)).not.toContain('/elsewhere');
});

test.each<[string, Application[], Environment, string]>([
  ['the status is beside the range', [always(300)], { EXPECT_STATUS: '200-299,301' }, 'expected 200-299,301, got 300'],
  ['the status is another', [always(500)], {}, '127.0.0.1:PORT/health (Host orders.example.com): expected 200, got 500'],
  ['a redirect leads to the expected status', [(path) => path === '/elsewhere' ? 200 : 302], {}, 'expected 200, got 302'],
  ['only the former release answers well, once', [oneByOne(200, 500)], {}, 'expected 200, got 500'],
  ['two good rounds are followed by bad ones', [oneByOne(200, 200, 500)], {}, 'expected 200, got 500'],
  ['good rounds never come three in a row', [(_, attempt) => attempt % 3 === 2 ? 500 : 200], {}, 'fewer than 3 rounds in a row succeeded'],
  ['one of two nodes is bad', [always(200), always(502)], {}, 'http://127.0.0.2:PORT/health (Host orders.example.com): expected 200, got 502'],
  ['one of two paths is bad', [(path) => path === '/ready' ? 404 : 200], { PATHS: '["/health","/ready"]' }, '/ready (Host orders.example.com): expected 200, got 404'],
  ['nothing listens', [always(200)], { PORT: '9' }, 'got no answer (connect ECONNREFUSED 127.0.0.1:9). The load balancer must allow this function on port 9'],
  ['a request gets no answer', [always('silence')], {}, 'got no answer (not complete when the test timed out)'],
  ['an answer does not end', [always('half a body')], {}, 'got no answer (not complete when the test timed out)'],
  ['an answer breaks off', [always('broken body')], {}, 'got no answer (aborted)'],
  ['an answer upgrades the connection', [always('upgrade')], {}, 'got no answer (not complete when the test timed out)'],
  ['the certificate is verified and nobody trusts it', [always(200)], { PROTOCOL: 'https', VERIFY_CERTIFICATE: 'true' }, 'got no answer (self-signed certificate)'],
])('a release fails when %s', async (_, applications, environment, reason) => {
  const port = await prepare(applications, environment);
  await run(500);
  expect(statuses()).toEqual(['Failed']);
  expect(logs.join('\n')).toContain(reason.replace('PORT', port));
  expect(summary()).toContain('Smoke test of deployment d-ABC123 failed: fewer than 3 rounds in a row succeeded before the test timed out.');
  expect(seen.map(({ path }) => path)).not.toContain('/elsewhere');
});

test('the report names the deployment and the execution of the hook', async () => {
  await prepare([always(200)]);
  await run();
  expect(reports).toEqual([{
    target: 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus',
    body: { deploymentId: 'd-ABC123', lifecycleEventHookExecutionId: 'hook-1', status: 'Succeeded' },
  }]);
});

test('three rounds call every path at every node, with the host name of the application, over new connections', async () => {
  await prepare([always(200), always(200)], { PATHS: '["/health","/ready"]' });
  await run();
  const calls = NODES.flatMap((node) => ['/health', '/ready'].map((path) => `${node}${path}`));
  expect(seen.map(({ node, path }) => `${node}${path}`).sort()).toEqual([...calls, ...calls, ...calls].sort());
  for (const { headers } of seen) {
    expect(headers).toMatchObject({ 'host': HOST_NAME, 'user-agent': 'cdk-blue-green-python-pipeline smoke test', 'connection': 'close' });
  }
});

test('an outcome is logged when it changes, not in every round', async () => {
  const port = await prepare([oneByOne(503, 503, 503, 200)]);
  await run();
  const call = `GET http://127.0.0.1:${port}/health (Host orders.example.com): expected 200`;
  expect(seen).toHaveLength(6);
  expect(logs).toEqual([`${call}, got 503`, `${call}, got 200`, expect.stringContaining('succeeded')]);
});

test('a request without an answer is given up after 5 s and repeated', async () => {
  const { setTimeout: realTimeout } = global;
  await prepare([oneByOne('silence', 200)]);
  jest.spyOn(global, 'setTimeout').mockImplementation((callback, milliseconds = 0) => realTimeout(callback, milliseconds / 20));
  await run();
  expect(logs[0]).toContain('got no answer (not complete after 5000 ms)');
  expect(statuses()).toEqual(['Succeeded']);
});

test('a call without a deployment, which keeps the function active, does nothing', async () => {
  await prepare([always(200)]);
  await handler({} as typeof EVENT, contextWith(60_000));
  expect(seen).toEqual([]);
  expect(statuses()).toEqual([]);
  expect(logs).toEqual([]);
});

test('the time of the test ends it, with 5 s between two rounds unless told otherwise', async () => {
  await prepare([always(200)], { TIMEOUT_SECONDS: '1' });
  delete process.env.INTERVAL_MILLISECONDS;
  const start = Date.now();
  await run();
  expect(Date.now() - start).toBeGreaterThanOrEqual(990);
  expect(seen).toHaveLength(1);
  expect(statuses()).toEqual(['Failed']);
  expect(summary()).toContain('The last round succeeded: set a longer timeout for the test.');
});

test.each<[string, number, string]>([
  ['is near', 300, 'expected 200, got 503'],
  ['is nearer than the time for the report', -5000, 'the timeout of the function must be longer than the 15 s that are reserved for the report'],
])('the report goes out in time when the end of the function %s', async (_, milliseconds, reason) => {
  // the second round has no time to end: it must not hide what the first one found
  await prepare([oneByOne(503, 'silence')], { TIMEOUT_SECONDS: '120' });
  const context = contextWith(milliseconds);
  await handler(EVENT, context);
  expect(context.getRemainingTimeInMillis()).toBeGreaterThan(Math.min(milliseconds, 0) + REPORT_MILLISECONDS - 1000);
  expect(statuses()).toEqual(['Failed']);
  expect(summary()).toContain(reason);
  expect(logs.join('\n')).not.toContain('no answer');
});

test('https asks for the host name and takes any certificate when it is not verified', async () => {
  const port = await prepare([always(200)], { PROTOCOL: 'https' });
  await run();
  expect(statuses()).toEqual(['Succeeded']);
  expect(logs[0]).toBe(`GET https://127.0.0.1:${port}/health (Host orders.example.com): expected 200, got 200`);
  expect(seen.map(({ serverName }) => serverName)).toEqual([HOST_NAME, HOST_NAME, HOST_NAME]);
});

test.each([
  ['passes when it fits the host name', HOST_NAME, 'Succeeded'],
  ['fails when it belongs to another host name', 'shop.example.com', 'Failed'],
])('a verified and trusted certificate %s', async (_, hostName, status) => {
  await prepare([always(200)], { PROTOCOL: 'https', VERIFY_CERTIFICATE: 'true', HOST_NAME: hostName });
  // Node.js reads the authorities that it trusts when a process starts
  const script = `require(${JSON.stringify(HANDLER_FILE)}).handler(${JSON.stringify(EVENT)}, { getRemainingTimeInMillis: () => 15500 })`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: { ...process.env, NODE_EXTRA_CA_CERTS: certificateFile } });
  expect(statuses()).toEqual([status]);
  expect(stdout.includes("Hostname/IP does not match certificate's altnames")).toBe(status === 'Failed');
});

test('the addresses are those of the network interfaces in use on all pages of EC2', async () => {
  await prepare([always(200), always(200)]);
  await startEc2([[inUse('127.0.0.1'), { address: '192.0.2.9', status: 'available' }], [], [inUse('127.0.0.2')]]);
  await run();
  expect(statuses()).toEqual(['Succeeded']);
  expect(new Set(seen.map(({ node }) => node))).toEqual(new Set(NODES));
  expect(ec2Calls.map((call) => call.get('NextToken'))).toEqual([null, '1', '2']);
  expect(Object.fromEntries(ec2Calls[0])).toMatchObject({
    'Action': 'DescribeNetworkInterfaces',
    'Filter.1.Name': 'description',
    'Filter.1.Value.1': 'ELB app/orders/0123456789abcdef',
  });
});

test.each<[string, NetworkInterface[] | undefined]>([
  ['has no network interface', []],
  ['has nothing in the answer', undefined],
  ['has no network interface in use', [{ address: '127.0.0.1', status: 'available' }]],
])('a load balancer that %s is a failure that says so', async (_, interfaces) => {
  await prepare([always(200)]);
  await startEc2([interfaces]);
  await run();
  expect(statuses()).toEqual(['Failed']);
  expect(summary()).toContain('no network interface with the description "ELB app/orders/0123456789abcdef" is in use in this region and account');
  expect(seen).toEqual([]);
});

test('an EC2 that denies the question is a failure that names the missing permission', async () => {
  await prepare([always(200)]);
  await replaceEc2((_, response) => response.writeHead(403, { 'Content-Type': 'text/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>
    <Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized.</Message></Error></Errors><RequestID>r-1</RequestID></Response>`));
  await run();
  expect(statuses()).toEqual(['Failed']);
  expect(summary()).toContain("EC2 did not return the load balancer's addresses (UnauthorizedOperation: You are not authorized.).");
  expect(summary()).toContain("The function's role needs ec2:DescribeNetworkInterfaces, and its subnets need network access to the EC2 API");
});

test('an EC2 that does not answer, as without a way to its API, does not hold the report up', async () => {
  await prepare([always(200)]);
  await replaceEc2(() => {});
  await run(300);
  expect(statuses()).toEqual(['Failed']);
  expect(summary()).toContain('a NAT gateway or an interface endpoint');
});

test.each<[string, string, string]>([
  ['LOAD_BALANCER_FULL_NAME', '', 'app/<name>/<id>'],
  ['LOAD_BALANCER_FULL_NAME', 'net/orders/0123', 'app/<name>/<id>'],
  ['PROTOCOL', 'ftp', 'http or https'],
  ['PORT', '0', 'a port number'],
  ['HOST_NAME', '', 'a host name'],
  ['VERIFY_CERTIFICATE', 'yes', 'true or false'],
  ['PATHS', '["/health"', 'a JSON array of at least one URL-encoded path'],
  ['PATHS', '"/health"', 'a JSON array of at least one URL-encoded path'],
  ['PATHS', '[]', 'a JSON array of at least one URL-encoded path'],
  ['PATHS', '["/health",1]', 'a JSON array of at least one URL-encoded path'],
  ['PATHS', '["health"]', 'a JSON array of at least one URL-encoded path'],
  ['PATHS', '["/a b"]', 'a JSON array of at least one URL-encoded path'],
  ['EXPECT_STATUS', 'OK', 'HTTP status codes'],
  ['TIMEOUT_SECONDS', '-1', 'a number of seconds above 0'],
  ['INTERVAL_MILLISECONDS', '1.5', 'a number of milliseconds above 0'],
])('the environment variable %s with the value "%s" is a failure that says what it must be', async (name, value, meaning) => {
  await prepare([always(200)], { [name]: value });
  await run();
  expect(statuses()).toEqual(['Failed']);
  expect(summary()).toContain(`failed: the environment variable ${name} must be ${meaning}`);
  expect(summary()).toContain(`got "${value}". Redeploy the stack that contains DeploymentHooks.smokeTest.`);
  expect(ec2Calls).toEqual([]);
});

test('an environment variable that is missing is a failure that names it', async () => {
  await prepare([always(200)]);
  delete process.env.EXPECT_STATUS;
  await run();
  expect(statuses()).toEqual(['Failed']);
  expect(summary()).toContain('the environment variable EXPECT_STATUS must be HTTP status codes such as 200-299 or 200,301, got ""');
});

test.each<[string, ReportAnswer]>([
  ['has an error of its own', 'break'],
  ['does not answer', 'silence'],
])('a report is repeated when CodeDeploy %s', async (_, answer) => {
  await prepare([always(200)]);
  await startCodeDeploy(answer, 'accept');
  await run();
  expect(reportAttempts).toBe(2);
  expect(statuses()).toEqual(['Succeeded']);
});

test('the function fails when CodeDeploy refuses the report', async () => {
  await prepare([always(200)]);
  await startCodeDeploy('refuse');
  await expect(run()).rejects.toMatchObject({ name: 'LifecycleEventAlreadyCompletedException' });
  expect(reportAttempts).toBe(1);
  expect(summary()).toContain('CodeDeploy did not accept the result Succeeded (LifecycleEventAlreadyCompletedException: too late).');
  expect(summary()).toContain("The function's role needs codedeploy:PutLifecycleEventHookExecutionStatus");
});

test('the function fails when CodeDeploy has errors five times', async () => {
  await prepare([always(200)]);
  await startCodeDeploy('break', 'break', 'break', 'break', 'break');
  await expect(run()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(reportAttempts).toBe(5);
  expect(reports).toEqual([]);
});
