import { ChildProcess, execFileSync, spawn } from 'child_process';
import * as fs from 'fs';
import * as net from 'net';
import * as path from 'path';
import { ACCOUNT, REGION } from '../../contract/alerts/deployed-rules';

const VENV = path.join(__dirname, '..', '..', '..', '.cache', 'events', 'ministack');
const PACKAGE = 'ministack==1.5.33';
const PATIENCE = 30_000;

interface Answer { readonly [name: string]: unknown }

/** EventBridge, SNS and SQS on this machine. */
export class Emulator {
  public static async start(): Promise<Emulator> {
    const bin = path.join(VENV, 'bin');
    if (!fs.existsSync(path.join(bin, 'ministack'))) {
      execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
      execFileSync(path.join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE], { stdio: 'inherit' });
    }
    const port = await freePort();
    const process = spawn(path.join(bin, 'ministack'), [], {
      env: { ...globalThis.process.env, BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0', GATEWAY_PORT: String(port), LOG_LEVEL: 'WARNING' }, stdio: 'ignore',
    });
    const emulator = new Emulator(process, port);
    await emulator.ready();
    return emulator;
  }

  private constructor(private readonly process: ChildProcess, private readonly port: number) {}

  public async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await ended;
  }

  /** EventBridge and SQS speak JSON. */
  public async json(service: 'events' | 'sqs', action: string, input: object): Promise<Answer> {
    const target = service === 'events' ? 'AWSEvents' : 'AmazonSQS';
    const type = `application/x-amz-json-1.${service === 'events' ? 1 : 0}`;
    return JSON.parse(await this.post(service, { 'X-Amz-Target': `${target}.${action}`, 'Content-Type': type }, JSON.stringify(input)));
  }

  /** SNS speaks forms and XML. */
  public async sns(action: string, input: { [name: string]: string }): Promise<string> {
    const form = new URLSearchParams({ Action: action, Version: '2010-03-31', ...input });
    return this.post('sns', { 'Content-Type': 'application/x-www-form-urlencoded' }, form.toString());
  }

  private async post(service: string, headers: { [name: string]: string }, body: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}/`, {
      method: 'POST',
      // the account is the one of the access key, the region the one of its scope; the signature is not looked at
      headers: { ...headers, Authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20261129/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none` },
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    if (!response.ok) { throw new Error(`${service} ${headers['X-Amz-Target'] ?? body}: ${response.status} ${text}`); }
    return text;
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      try {
        await this.json('events', 'ListRules', {});
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          await this.stop();
          throw new Error(`the emulator does not answer: ${error}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
