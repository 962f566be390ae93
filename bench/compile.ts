import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { makeFolderLazy } from '../scripts/lazy-imports';

export const REPOSITORY = path.join(__dirname, '..');

/**
 * Compiles the library and the measured files to plain JavaScript, file by file and without a look at the types, which
 * takes a second.
 *
 * `lib/` is left alone: it may be older than `src/`, and both variants should come out of one compiler with one set of
 * options.
 */
export function compileInto(folder: string): void {
  // the program of the build and the smoke test are read from there
  fs.cpSync(path.join(REPOSITORY, 'assets'), path.join(folder, 'assets'), { recursive: true });
  for (const directory of ['src', 'bench']) {
    for (const name of fs.readdirSync(path.join(REPOSITORY, directory), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts') && !name.endsWith('.d.ts')) {
        compileFile(path.join(directory, name), folder);
      }
    }
  }
  makeFolderLazy(path.join(folder, 'src'));
}

function compileFile(file: string, folder: string): void {
  const source = fs.readFileSync(path.join(REPOSITORY, file), 'utf8');
  const { outputText } = ts.transpileModule(source, { fileName: file, compilerOptions: compilerOptions() });
  const target = path.join(folder, file.replace(/\.ts$/, '.js'));
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, outputText);
}

let options: ts.CompilerOptions | undefined;

/**
 * The options that the published files are compiled with; they ship their source maps inline, and a user's process
 * reads them too.
 */
function compilerOptions(): ts.CompilerOptions {
  if (!options) {
    const { config } = ts.readConfigFile(path.join(REPOSITORY, 'tsconfig.json'), ts.sys.readFile);
    options = {
      ...ts.convertCompilerOptionsFromJson(config.compilerOptions, REPOSITORY).options,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: undefined,
    };
  }
  return options;
}
