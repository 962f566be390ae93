import { randomBytes } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
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
  fs.chmodSync(directory, 0o700);
  fs.rmSync(directory, { recursive: true });
});

function write(name: string, content: string | Buffer, mode = 0o644): void {
  fs.writeFileSync(path.join(directory, name), content, { mode });
}

describe('a seed', () => {
  test('above 20 MB when it is compressed fails with its size and its largest file', () => {
    write('small.bin', randomBytes(9 * MEBIBYTE));
    write('model.bin', randomBytes(12 * MEBIBYTE));
    const use = jest.fn();
    expect(() => withSeedDirectory(stack, directory, use)).toThrow(`'source.seedDirectory' must have at most 20 MB when it is compressed, got about 22 MB in ${JSON.stringify(directory)}; `
      + 'CodeCommit rejects a larger first commit: move large files such as model.bin out of the directory, or push the code yourself [Stack]');
    expect(use).not.toHaveBeenCalled();
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

  test('with executable files brings a warning that names them', () => {
    ['manage.py', 'a.sh', 'b.sh', 'c.sh', 'd.sh'].forEach((name) => write(name, 'x\n', 0o755));
    write('app.py', 'x\n');
    withSeedDirectory(stack, directory, () => undefined);
    Annotations.fromStack(stack).hasWarning('/Stack', 'the first commit does not keep the executable mode of a.sh, b.sh, c.sh, and 2 more: call them with their interpreter, '
      + 'as in python manage.py, or commit the mode with git update-index --chmod=+x [ack: cdk-blue-green-python-pipeline:PipelineSource.executableSeed]');
  });

  test('without executable files brings no warning', () => {
    write('app.py', 'x\n');
    withSeedDirectory(stack, directory, () => undefined);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});
