import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

/** A block of TypeScript in a page. */
export interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

const ROOT = path.join(__dirname, '..', '..');
const FIXTURE = path.join(ROOT, 'rosetta', 'default.ts-fixture');
/** `declare const` in a constructor, which jsii-rosetta accepts. */
const MODIFIERS_CANNOT_APPEAR_HERE = 1184;

/** Both names of the language, with or without a note behind it. */
export function snippetsOf(page: string, text: string): Snippet[] {
  return [...text.matchAll(/^( *)```(?:ts|typescript)\b[^\n]*\n([^]*?)^\1```/gmi)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length + 1,
    code: match[2],
  }));
}

/**
 * Compiles the snippets in the fixture that jsii-rosetta uses for the README, and returns what the compiler reports.
 *
 * jsii-rosetta itself compiles the README and the docstrings only, because only those are in the packages.
 */
export function compileSnippets(snippets: Snippet[]): string[] {
  const [before, after] = fs.readFileSync(FIXTURE, 'utf8').split('/// here');
  const files = new Map(snippets.map((snippet, index) => [path.join(ROOT, 'scripts', `snippet-${index}.ts`), snippet]));
  const program = programOf(new Map([...files].map(([file, { code }]) => [file, `${before}${code}${after}`])));
  const firstLine = before.split('\n').length - 1;
  return [...files].flatMap(([file, { page, line }]) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => code !== MODIFIERS_CANNOT_APPEAR_HERE)
      .map((problem) => {
        const position = source!.getLineAndCharacterOfPosition(problem.start ?? 0);
        return `${page}:${line + position.line - firstLine}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
      });
  });
}

function programOf(sources: Map<string, string>): ts.Program {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.dev.json'), (file) => fs.readFileSync(file, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // the fixture imports more than a snippet uses
  const settings = { ...options, incremental: false, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(settings);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) => {
    const text = sources.get(path.normalize(file));
    return text === undefined ? readSource(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  };
  return ts.createProgram([...sources.keys()], settings, host);
}
