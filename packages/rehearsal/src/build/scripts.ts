import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { BuildSpec, Phase } from '../assembly/rendered';

/**
 * How commands share a shell: all run in one, as the documentation of version 0.2 says, or each is a script of its own
 * that hands on directory and exported variables only, as AWS's own runner of the format does.
 */
export type Mode = 'one shell' | 'one script per command';

const PHASES = ['install', 'pre_build', 'build', 'post_build'];

/** How often CodeBuild tries again when it is not told. */
const RETRIES = 3;

/** The commands as files, and the script that runs them. */
export class Scripts {
  private readonly results: string;
  private readonly exported: string;
  private readonly carried: string;

  constructor(private readonly directory: string, private readonly mode: Mode) {
    this.results = join(directory, 'results');
    this.exported = join(directory, 'exported');
    this.carried = join(directory, 'carried');
    mkdirSync(this.exported, { recursive: true });
  }

  /** Writes everything and returns the script to run. */
  public write(spec: BuildSpec): string {
    const phases = PHASES.flatMap((name) => {
      const phase = spec.phases[name];
      return phase?.commands ? [this.phase(name, phase)] : [];
    });
    const entry = join(this.directory, 'build.sh');
    writeFileSync(entry, ['__blocked=no', ...phases, ...this.exports(spec), `echo end >> '${this.results}'`, ''].join('\n'));
    return entry;
  }

  /** Without the last line something has ended the shell that was to write it. */
  public failedPhases(): string[] {
    const lines = this.lines();
    const ended = lines.includes('end') ? [] : ['BUILD'];
    return [...lines.filter((line) => line.startsWith('failed ')).map((line) => line.slice('failed '.length).toUpperCase()), ...ended];
  }

  /** Whether a phase ended the build before the upload. */
  public aborted(): boolean {
    return this.lines().includes('aborted');
  }

  /** The exported variables that have a value. */
  public exportedVariables(): Readonly<Record<string, string>> {
    return Object.fromEntries(readdirSync(this.exported).map((name) => [name, readFileSync(join(this.exported, name), 'utf8').replace(/\n$/, '')]));
  }

  private lines(): string[] {
    return existsSync(this.results) ? readFileSync(this.results, 'utf8').trim().split('\n') : [];
  }

  private exports(spec: BuildSpec): string[] {
    const names = spec.env?.['exported-variables'] ?? [];
    const values = names.map((name) => `printenv '${name}' > '${join(this.exported, name)}' || rm -f '${join(this.exported, name)}'`);
    return [`[ ! -f '${this.carried}' ] || source '${this.carried}'`, ...values];
  }

  /**
   * A command that fails ends the commands of its phase, and `finally` follows in any case; after a failed `build`
   * comes `post_build`.
   */
  private phase(name: string, phase: Phase): string {
    const list = (part: string, commands: readonly string[]) => commands.map((command, index) => this.command(`${name}-${part}-${index}`, command));
    const { retries, goesOn } = onFailure(name, phase['on-failure']);
    return [
      'if [ "$__blocked" = no ]; then',
      `for __attempt in ${Array.from({ length: retries + 1 }, (_, attempt) => attempt).join(' ')}; do`,
      '__status=0',
      ...list('command', phase.commands ?? []).map((step) => `[ "$__status" != 0 ] || { ${step}; __status=$?; }`),
      '__phase=$__status',
      ...list('finally', phase.finally ?? []).map((step) => `${step}; [ $? = 0 ] || __phase=1`),
      '[ "$__phase" != 0 ] || break',
      'done',
      'if [ "$__phase" != 0 ]; then',
      `echo 'failed ${name}' >> '${this.results}'`,
      ...(goesOn ? [] : [`echo aborted >> '${this.results}'`, '__blocked=yes']),
      'fi',
      'fi',
    ].join('\n');
  }

  private command(name: string, command: string): string {
    const file = join(this.directory, `${name}.sh`);
    if (this.mode === 'one shell') {
      writeFileSync(file, `${command}\n`);
      return `source '${file}'`;
    }
    writeFileSync(file, [
      `[ ! -f '${this.carried}' ] || source '${this.carried}'`,
      command,
      '__code=$?',
      `{ export -p; printf 'cd %q\\n' "$PWD"; } > '${this.carried}'`,
      'exit "$__code"',
      '',
    ].join('\n'));
    return `bash '${file}'`;
  }
}

/** Unless it is told otherwise CodeBuild goes on after `build` and `post_build`, to the upload in the end. */
function onFailure(name: string, choice = ''): { readonly retries: number; readonly goesOn: boolean } {
  const byDefault = name === 'build' || name === 'post_build';
  const [, known, count] = /^(|ABORT|CONTINUE|RETRY)(?:-(\d+))?$/.exec(choice) ?? [];
  switch (known) {
    case '': return { retries: 0, goesOn: byDefault };
    case 'ABORT': return { retries: 0, goesOn: false };
    case 'CONTINUE': return { retries: 0, goesOn: true };
    case 'RETRY': return { retries: Number(count ?? RETRIES), goesOn: byDefault };
    default: throw new Error(`the script does not know the on-failure of ${name}: ${choice}`);
  }
}
