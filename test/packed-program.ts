import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';

const DIRECTORY = join(__dirname, '..', 'assets', 'build');

export const PACKED_FILE = join(DIRECTORY, 'packed.json');

/** The program of the build by file, without what only its readers need. */
export function readSources(): { [name: string]: string } {
  const read = (name: string) => readFileSync(join(DIRECTORY, name), 'utf8').replace(/^ *#.*\n/gm, '');
  return { 'program.sh': read('program.sh'), 'judge.py': read('judge.py') };
}

/** What the library puts into the buildspec. */
export function packed(): { [name: string]: string | undefined } {
  return existsSync(PACKED_FILE) ? JSON.parse(readFileSync(PACKED_FILE, 'utf8')) as { [name: string]: string } : {};
}

export function unpack(text: string | undefined): string | undefined {
  return text === undefined ? undefined : gunzipSync(Buffer.from(text, 'base64')).toString('utf8');
}
