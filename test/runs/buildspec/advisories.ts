import { createServer } from 'http';
import { AddressInfo } from 'net';

/** A dependency that has a vulnerability here. */
export const VULNERABLE = { name: 'itsdangerous', version: '2.1.1', id: 'PYSEC-2099-1', alias: 'CVE-2099-1', fixed: '2.1.2' };

/** Answers as OSV does. */
export interface Advisories {
  readonly url: string;
}

/**
 * A source of advisories that knows of one vulnerability.
 *
 * A mock: the index that is reached here has no advisories, and OSV is not reached at all.
 */
export async function startAdvisories(): Promise<Advisories> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer(JSON.parse(Buffer.concat(chunks).toString()) as Query)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // it answers as long as there is something else to do
  server.unref();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/query` };
}

interface Query {
  readonly package: { readonly name: string };
  readonly version: string;
}

function answer(query: Query): object {
  const { name, version, id, alias, fixed } = VULNERABLE;
  return query.package.name !== name || query.version !== version ? {} : {
    vulns: [{
      id,
      aliases: [alias],
      details: 'a vulnerability of the tests',
      published: '2099-01-01T00:00:00Z',
      affected: [{ package: { name, ecosystem: 'PyPI' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }], versions: [version] }],
    }],
  };
}
