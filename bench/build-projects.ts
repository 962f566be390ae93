import { cpSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Interpreter } from '../packages/rehearsal/src/build/pythons';
import { PYTHON_APP } from '../test/integ/tap-stack';

/** An application whose build is measured. */
export interface Project {
  readonly name: string;
  readonly directory: string;
  readonly interpreter: Interpreter;
  /** What the Dockerfile is told, where its own base is another Python than this machine has. */
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** A line that a developer changes between two builds. */
  readonly change: Change;
}

interface Change {
  readonly file: string;
  readonly line: string;
  readonly changed: string;
}

type Interpreters = readonly [Interpreter, ...Interpreter[]];

/** What the pinned dependencies of the heavier application have wheels for. */
const DATA_APP_VERSIONS = ['3.11', '3.12', '3.13'];

export function findProjects(interpreters: Interpreters): Project[] {
  const [fits] = interpreters.filter(({ minor }) => DATA_APP_VERSIONS.includes(minor));
  if (!fits) {
    throw new Error(`the application with heavier dependencies needs Python ${DATA_APP_VERSIONS.join(', ')}, and this machine has none of them`);
  }
  return [
    create('the example application', PYTHON_APP, { own: '3.9', interpreter: interpreters.find(({ minor }) => minor === '3.9') ?? interpreters[0] }, {
      file: 'orders/__init__.py', line: 'A small order service', changed: 'A small service for orders',
    }),
    create('an application with heavier dependencies', join(__dirname, 'data-app'), { own: '3.11', interpreter: fits }, {
      file: 'sales/reports.py', line: 'What the sales add up to.', changed: 'What all sales add up to.',
    }),
  ];
}

/** @param python the version in the Dockerfile, and the interpreter that stands for it or for another one */
function create(
  name: string, directory: string, python: { readonly own: string; readonly interpreter: Interpreter }, change: Change,
): Project {
  const { own, interpreter } = python;
  const buildArguments = interpreter.minor === own ? undefined : { PYTHON_IMAGE: `public.ecr.aws/docker/library/python:${interpreter.minor}-slim` };
  return { name, directory, interpreter, buildArguments, change };
}

/** Copies the application with its one line changed. */
export function copyChanged({ directory, change: { file, line, changed } }: Project, to: string): void {
  cpSync(directory, to, { recursive: true });
  const path = join(to, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(line)) {
    throw new Error(`${file} has no '${line}' any more, which this benchmark changes`);
  }
  writeFileSync(path, text.replace(line, changed));
}
