import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTemplate, Template } from './templates';
import { REPOSITORY, Workspace } from './workspace';

/** A user's project: a copy of an example outside the repository, which knows the package only by its packed form. */
export class Consumer {
  public readonly folder: string;

  constructor(private readonly workspace: Workspace, example: string) {
    this.folder = workspace.folder(example);
    // a developer's own installation must not come along
    cpSync(join(REPOSITORY, 'examples', example), this.folder, {
      recursive: true,
      filter: (source) => !/\/(node_modules|cdk\.out|target|\.venv|__pycache__)$/.test(source),
    });
  }

  public run(command: string, ...args: string[]): Promise<string> {
    return this.workspace.run(command, args, { cwd: this.folder });
  }

  /** The command of the ten lines, in the example's `cdk.json`. */
  public get command(): string {
    return (JSON.parse(readFileSync(join(this.folder, 'cdk.json'), 'utf8')) as { app: string }).app;
  }

  /** Synthesizes with the command, as the CDK CLI does, with `binaries` first on the path. */
  public async synth(app: string, binaries?: string): Promise<Template> {
    const assembly = mkdtempSync(join(this.folder, 'cdk.out-'));
    const env = this.workspace.env({ CDK_OUTDIR: assembly });
    const path = binaries ? `${binaries}:${env.PATH}` : env.PATH;
    await this.workspace.run('sh', ['-c', app], { cwd: this.folder, env: { ...env, PATH: path } });
    return readTemplate(assembly);
  }
}
