import { readFileSync } from 'fs';
import { TaskModel } from '../assembly/model';

/** The values of secrets, from a file of the user: a rehearsal reads none from AWS. */
export class Secrets {
  public static fromFile(file: string): Secrets {
    return new Secrets(parseEnvironmentFile(readFileSync(file, 'utf8')), file);
  }

  constructor(private readonly values: Readonly<Record<string, string>> = {}, private readonly source = '.env') {}

  /** The values of some names. @throws if the file does not have all of them */
  public of(names: readonly string[]): Readonly<Record<string, string>> {
    const missing = names.filter((name) => this.values[name] === undefined);
    if (missing.length > 0) {
      throw new Error(`${this.source} has no value for ${missing.join(', ')}: add a line such as ${missing[0]}=value`);
    }
    return Object.fromEntries(names.map((name) => [name, this.values[name]]));
  }

  /** The secrets of a task that have no value. */
  public missing({ containers }: TaskModel): readonly string[] {
    const names = containers.flatMap(({ secrets }) => Object.keys(secrets));
    return [...new Set(names)].filter((name) => this.values[name] === undefined);
  }
}

/** Reads lines such as `NAME=value`, `export NAME="value"`, and `NAME='value' # comment`. */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      values[name] = unquote(value);
    }
  }
  return values;
}

function unquote(value: string): string {
  const [, single] = /^'([^']*)'\s*(?:#.*)?$/.exec(value) ?? [];
  if (single !== undefined) { return single; }
  const [, double] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(value) ?? [];
  if (double !== undefined) {
    return double.replace(/\\(.)/g, (_, sign: string) => ({ n: '\n', t: '\t', r: '\r' })[sign] ?? sign);
  }
  return value.replace(/\s+#.*$/, '').replace(/^#.*$/, '');
}
