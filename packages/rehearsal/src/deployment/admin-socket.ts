import { connect } from 'net';

const TIMEOUT = 5000;
/** The column of `show servers state` that says that a server is up. */
const UP = '2';
/** The column that says that its last health check failed. */
const FAILED = '2';

/** The state of a server of HAProxy. */
export interface ServerState {
  readonly backend: string;
  readonly server: string;
  readonly up: boolean;
  readonly failing: boolean;
}

/** The interface through which HAProxy is changed while it runs. */
export class AdminSocket {
  constructor(private readonly host: string, private readonly port: number) {}

  /** Sends a command and returns the answer. */
  public ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect({ host: this.host, port: this.port }, () => socket.write(`${command}\n`));
      socket.setTimeout(TIMEOUT, () => socket.destroy(new Error(`the load balancer did not answer to '${command}'`)));
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(Buffer.concat(chunks).toString().trim()));
    });
  }

  /** Sends commands of which each must succeed. */
  public async tell(...commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      const answer = await this.ask(command);
      // HAProxy answers to a change of address only
      if (answer.split('\n').some((line) => line !== '' && !/^(IP changed|no need to change|port changed)/.test(line))) {
        throw new Error(`the load balancer refused '${command}': ${answer}`);
      }
    }
  }

  public async servers(): Promise<readonly ServerState[]> {
    return serversIn(await this.ask('show servers state'));
  }
}

/** Reads the answer to `show servers state`. */
export function serversIn(text: string): ServerState[] {
  const [, header = '', ...rows] = text.split('\n');
  const names = header.replace(/^# /, '').split(' ');
  const [backend, server, state, result] = ['be_name', 'srv_name', 'srv_op_state', 'srv_check_result'].map((name) => names.indexOf(name));
  return rows.map((row) => row.split(' ')).filter((row) => row.length >= names.length)
    .map((row) => ({
      backend: row[backend], server: row[server], up: row[state] === UP, failing: row[result] === FAILED,
    }));
}
