import { randomBytes } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import type * as zlib from 'zlib';
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { withSeedDirectory } from '../../../src/ci/private/seed-directory';
import { createStack } from '../../helpers';

const MEBIBYTE = 1024 * 1024;

let directory: string;
let stack: Stack;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'project-'));
  stack = createStack();
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.chmodSync(directory, 0o700);
  fs.rmSync(directory, { recursive: true });
});

function write(name: string, content: string | Buffer, mode = 0o644): void {
  fs.writeFileSync(path.join(directory, name), content, { mode });
}

/** Writes random bytes, which cannot be compressed, as 700 files. */
function writeParts(bytes: number): void {
  const content = randomBytes(bytes);
  const size = Math.ceil(bytes / 700);
  Array.from({ length: 700 }, (_, number) => write(`${number}`, content.subarray(number * size, (number + 1) * size)));
}

describe('a seed', () => {
  test('above 20 MB when it is compressed fails with its largest file', () => {
    write('small.bin', randomBytes(9 * MEBIBYTE));
    write('model.bin', randomBytes(12 * MEBIBYTE));
    const use = jest.fn();
    expect(() => withSeedDirectory(stack, directory, use)).toThrow(`'source.seedDirectory' must have at most 20 MB when it is compressed, got more than 20 MB in ${JSON.stringify(directory)}; `
      + 'CodeCommit rejects a larger first commit: move large files such as model.bin out of the directory, or push the code yourself [Stack]');
    expect(use).not.toHaveBeenCalled();
  });

  test('above 20 MB is compressed only until that is certain', () => {
    Array.from({ length: 4 }, (_, number) => write(`${number}.bin`, randomBytes((9 + number) * MEBIBYTE)));
    const compress = jest.spyOn(jest.requireActual<typeof zlib>('zlib'), 'deflateRawSync');
    expect(() => withSeedDirectory(stack, directory, () => undefined)).toThrow(/such as 3\.bin /);
    expect(compress.mock.calls.map(([content]) => (content as Buffer).length)).toEqual([12 * MEBIBYTE, 11 * MEBIBYTE]);
  });

  test('with a file that Node.js cannot read at once fails before it is copied', () => {
    write('dump.sql', '');
    fs.truncateSync(path.join(directory, 'dump.sql'), 2 ** 31);
    const copy = jest.spyOn(jest.requireActual<typeof fs>('fs'), 'cpSync');
    expect(() => withSeedDirectory(stack, directory, () => undefined)).toThrow("'source.seedDirectory' must have at most 20 MB when it is compressed, got a file of 2 GB or more in "
      + `${JSON.stringify(directory)}; CodeCommit rejects a larger first commit: move large files such as dump.sql out of the directory, or push the code yourself [Stack]`);
    expect(copy).not.toHaveBeenCalled();
  });

  test('of less than 20 MB whose archive is larger, because of its entries, fails', () => {
    writeParts(20 * MEBIBYTE - 50_000);
    expect(() => withSeedDirectory(stack, directory, () => undefined)).toThrow(/got more than 20 MB/);
  });

  test('is accepted whatever the length of the path to it', () => {
    writeParts(20 * MEBIBYTE - 95_000);
    // without this file, nothing would be compressed
    write('rows.csv', Buffer.alloc(MEBIBYTE, 'a,b\n'));
    expect(withSeedDirectory(stack, directory, () => 'used')).toBe('used');
  });

  test('above 20 MB whose archive is smaller is accepted', () => {
    write('rows.csv', Buffer.alloc(21 * MEBIBYTE, 'a,b\n'));
    expect(withSeedDirectory(stack, directory, () => 'used')).toBe('used');
  });

  test('with read-only files and directories is filled, used, and deleted', () => {
    fs.mkdirSync(path.join(directory, 'app'));
    write('app/__init__.py', '', 0o444);
    fs.chmodSync(path.join(directory, 'app'), 0o555);
    fs.chmodSync(directory, 0o555);
    const { place, modes, content } = withSeedDirectory(stack, directory, (copy) => ({
      place: copy,
      modes: ['.', 'app', 'app/__init__.py'].map((name) => (fs.statSync(path.join(copy, name)).mode % 0o1000).toString(8)),
      content: fs.readFileSync(path.join(copy, 'app/__init__.py'), 'utf8'),
    }));
    // root may write everywhere, so the test looks at the modes
    expect({ modes, content, remains: fs.existsSync(place) }).toEqual({ modes: ['755', '755', '644'], content: '\n', remains: false });
    fs.chmodSync(path.join(directory, 'app'), 0o755);
  });

  test.each<[string, string, string]>([
    ['to an absolute place', 'link', path.join(os.tmpdir(), 'outside')],
    ['to an absolute place in it', 'link', 'DIRECTORY/app.py'],
    ['to a place outside of it', 'app/link', '../../id_ed25519'],
    ['to itself, in a circle', 'link', '.'],
    ['to a directory above the link', 'app/link', '..'],
    ['to itself', 'link', 'link'],
    ['to another directory, which can be part of a circle', 'link', 'app'],
  ])('with a link %s fails, and changes no file behind it', (_place, name, target) => {
    fs.mkdirSync(path.join(directory, 'app'));
    write('app.py', '', 0o600);
    fs.symlinkSync(target.replace('DIRECTORY', directory), path.join(directory, name));
    const use = jest.fn();
    expect(() => withSeedDirectory(stack, directory, use)).toThrow(`'source.seedDirectory' must have only relative links to other files in it, got "${name}"; `
      + 'the first commit would contain the files behind the link: copy them, or remove the link [Stack]');
    expect(use).not.toHaveBeenCalled();
    const file = path.join(directory, 'app.py');
    expect([(fs.statSync(file).mode % 0o1000).toString(8), fs.readFileSync(file, 'utf8')]).toEqual(['600', '']);
  });

  test('with a link to a file that is left out has a link to nothing', () => {
    write('.env', 'TOKEN=1\n');
    fs.symlinkSync('.env', path.join(directory, 'settings'));
    expect(withSeedDirectory(stack, directory, (copy) => [fs.readlinkSync(path.join(copy, 'settings')), fs.existsSync(path.join(copy, 'settings'))]))
      .toEqual(['.env', false]);
  });

  test('with a link between its files keeps it', () => {
    fs.mkdirSync(path.join(directory, 'app'));
    write('app/..main.py', 'x\n');
    fs.symlinkSync('../app/..main.py', path.join(directory, 'app', 'link.py'));
    expect(withSeedDirectory(stack, directory, (copy) => fs.readlinkSync(path.join(copy, 'app/link.py')))).toBe('../app/..main.py');
  });

  test('with executable files brings a warning that names them', () => {
    ['manage.py', 'a.sh', 'b.sh', 'c.sh', 'd.sh'].forEach((name) => write(name, 'x\n', 0o755));
    write('app.py', 'x\n');
    withSeedDirectory(stack, directory, () => undefined);
    Annotations.fromStack(stack).hasWarning('/Stack', 'the first commit does not keep the executable mode of a.sh, b.sh, c.sh, and 2 more: call them with their interpreter, '
      + 'as in python manage.py, or commit the mode with git update-index --chmod=+x [ack: cdk-blue-green-python-pipeline:PipelineSource.executableSeed]');
  });

  test('with one executable file brings a warning about this one', () => {
    write('manage.py', 'x\n', 0o755);
    withSeedDirectory(stack, directory, () => undefined);
    Annotations.fromStack(stack).hasWarning('/Stack', Match.stringLikeRegexp('does not keep the executable mode of manage.py: call them'));
  });

  test('without executable files brings no warning', () => {
    write('app.py', 'x\n');
    withSeedDirectory(stack, directory, () => undefined);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});
