/**
 * Packs the program of the build for the buildspec, which CodeBuild limits in length.
 *
 * What is packed is committed: other versions of zlib pack the same text otherwise, and the template must not depend on
 * who synthesizes it. So it is written anew only when it no longer holds what the sources say.
 */
import { writeFileSync } from 'fs';
import { gzipSync } from 'zlib';
import { packed, PACKED_FILE, readSources, unpack } from '../test/packed-program';

const sources = readSources();
const stale = Object.keys(sources).filter((name) => unpack(packed()[name]) !== sources[name]);
if (stale.length > 0) {
  const content = Object.fromEntries(Object.entries(sources).map(([name, text]) => [name, gzipSync(text, { level: 9 }).toString('base64')]));
  writeFileSync(PACKED_FILE, `${JSON.stringify(content, null, 2)}\n`);
  console.log(`packed ${stale.join(', ')}`);
}
