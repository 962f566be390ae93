import { readFileSync } from 'fs';
import { IncomingMessage } from 'http';
import { createServer as createSecureServer, request } from 'https';
import { AddressInfo, connect, createServer, Server, Socket } from 'net';

/** Bytes by the registry's host name, as the engine sees them. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** A proxy to which the engine sends whatever it wants of a registry, by the registry's real name. */
export class Tunnel {
  private readonly closed = new Map<string, Traffic>();
  private readonly open = new Map<Socket, string>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  /** @param portOf where the registry lies that stands for a host */
  constructor(private readonly portOf: (host: string) => number) {
    this.server = createServer((client) => {
      this.keep(client);
      client.once('data', (head) => this.connect(client, head.toString('latin1')));
    });
  }

  public listen(): Promise<number> {
    return listen(this.server);
  }

  public close(): void {
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
  }

  /** By host, of the connections that are open and those that were. */
  public traffic(): Readonly<Record<string, Traffic>> {
    const all = new Map(this.closed);
    this.open.forEach((host, socket) => count(all, host, socket));
    return Object.fromEntries(all);
  }

  private connect(client: Socket, head: string): void {
    const [, host] = /^CONNECT ([^:\s]+):\d+ /.exec(head) ?? [];
    if (host === undefined) {
      client.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n');
      return;
    }
    const upstream = connect(this.portOf(host), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    this.keep(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => {
      client.destroy();
      this.open.delete(upstream);
      count(this.closed, host, upstream);
    });
    this.open.set(upstream, host);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // the close that follows does what is to do
    socket.on('error', () => socket.destroy());
  }
}

/**
 * Docker Hub's way with credentials in front of a registry that asks nobody: it says that it knows accounts, lets
 * everybody read, and refuses a wrong password.
 */
export class DockerHub {
  private readonly server;

  constructor(private readonly files: Certificate, private readonly port: number, { username, password }: Credentials) {
    const accepted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    this.server = createSecureServer({
      key: readFileSync(files.key),
      cert: readFileSync(files.certificate),
    }, (incoming, response) => {
      const { authorization } = incoming.headers;
      const asks = incoming.url === '/v2/' && authorization === undefined;
      if (asks || (authorization !== undefined && authorization !== accepted)) {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="docker"', 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'incorrect username or password' }] }));
        return;
      }
      this.forward(incoming).then(
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
        () => response.writeHead(502).end(),
      );
    });
  }

  public listen(): Promise<number> {
    return listen(this.server);
  }

  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private forward(incoming: IncomingMessage): Promise<IncomingMessage> {
    const { authorization: _, ...headers } = incoming.headers;
    return new Promise((resolve, reject) => {
      const { method, url } = incoming;
      const outgoing = request({ host: '127.0.0.1', port: this.port, ca: readFileSync(this.files.certificate), method, path: url, headers }, resolve);
      outgoing.on('error', reject);
      incoming.pipe(outgoing);
    });
  }
}

function count(traffic: Map<string, Traffic>, host: string, { bytesWritten, bytesRead }: Socket): void {
  const { sent, received } = traffic.get(host) ?? { sent: 0, received: 0 };
  traffic.set(host, { sent: sent + bytesWritten, received: received + bytesRead });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
