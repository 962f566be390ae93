import { execFileSync } from 'child_process';
import { mkdirSync, readdirSync, readFileSync } from 'fs';
import { createServer, IncomingMessage, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { join } from 'path';

/** The user and the password of the index `secret`. */
export const INDEX_LOGIN = { username: 'builder', password: 'index-token-90ab' };

/** Package indexes of this machine. */
export interface PackageIndexes {
  /** With the packages below, and with every other package of the Python Package Index. */
  readonly public: string;
  /** With the packages below only. */
  readonly private: string;
  /** As `private`, for those who have the password, and with every other package. */
  readonly secret: string;
}

/** The versions of each package, which says in `SOURCE` where it comes from. */
const PACKAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  public: { shop_lib: '1.0', shop_low: '9.0', shop_tie: '1.0' },
  private: { shop_lib: '2.0', shop_low: '1.0', shop_tie: '1.0' },
};

const WHEEL = `
import sys, zipfile
directory, name, version, source = sys.argv[1:]
info = "%s-%s.dist-info" % (name, version)
with zipfile.ZipFile("%s/%s-%s-py3-none-any.whl" % (directory, name, version), "w") as wheel:
    wheel.writestr(name + ".py", 'SOURCE = "%s"\\n' % source)
    wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n" % (name.replace("_", "-"), version))
    wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "/RECORD", "".join("%s,,\\n" % one for one in [name + ".py", info + "/METADATA", info + "/WHEEL", info + "/RECORD"]))
`;

/** Indexes that have packages of the same names. */
export async function startIndexes(directory: string): Promise<PackageIndexes> {
  for (const [source, packages] of Object.entries(PACKAGES)) {
    mkdirSync(join(directory, source), { recursive: true });
    for (const [name, version] of Object.entries(packages)) {
      execFileSync('python3', ['-c', WHEEL, join(directory, source), name, version, source]);
    }
  }
  const server = createServer((request, response) => answer(directory, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // it answers as long as there is something else to do
  server.unref();
  const url = (index: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${index}/simple`;
  return { public: url('public'), private: url('private'), secret: url('secret') };
}

function answer(directory: string, { url = '', headers }: IncomingMessage, response: ServerResponse): void {
  const [, index, , name = '', file = ''] = url.split('/');
  const { username, password } = INDEX_LOGIN;
  if (index === 'secret' && headers.authorization !== `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="packages"' }).end();
    return;
  }
  const wheels = join(directory, index === 'secret' ? 'private' : index);
  if (file !== '') {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(join(wheels, file)));
    return;
  }
  const found = readdirSync(wheels).filter((wheel) => wheel.startsWith(`${name.replace(/-/g, '_')}-`));
  if (found.length > 0) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(found.map((wheel) => `<a href="${wheel}">${wheel}</a>`).join('\n'));
  } else if (index === 'private') {
    response.writeHead(404).end();
  } else {
    response.writeHead(302, { location: `https://pypi.org/simple/${name}/` }).end();
  }
}
