import { Resource, Template, Value } from './template';
import { isDecided, parseJson, REFERENCE, render, Rendered } from './text';
import { contentWrittenTo, holdsContent } from '../../private/delivered-files';

export const PROJECT = 'AWS::CodeBuild::Project';

/** An inline buildspec in the template. */
export interface BuildSpec {
  readonly rendered: Rendered;
  /** Its content, if it is JSON. */
  readonly json?: unknown;
}

/** The buildspec of a project; undefined if it is a file of the source, or unknown. */
export function buildSpecOf(project: Resource): BuildSpec | undefined {
  const source = project.at('Source', 'BuildSpec');
  if (source.missing) { return undefined; }
  const rendered = render(source.raw);
  // a single line that is not JSON is the path of a file
  return /^\s*\{|\n/.test(rendered.text) ? { rendered, json: parseJson(rendered.text) } : undefined;
}

/**
 * The structure of a buildspec, without quoted strings; undefined if a reference can contain more of the structure.
 */
export function structureOf({ rendered: { text } }: BuildSpec, template: Template): string | undefined {
  const structure = text.replace(/"(?:\\.|[^"\\])*"/g, '""');
  return !isDecided(text, template) || holdsContent(structure) || structure.includes(REFERENCE) ? undefined : structure;
}

/**
 * Whether the brackets do not match, so that the content is neither JSON nor YAML. YAML can have unmatched brackets in
 * comments and in single quotes.
 */
export function isBroken(structure: string): boolean {
  const count = (sign: string) => structure.split(sign).length;
  return !/['#]/.test(structure) && ['{}', '[]'].some(([opening, closing]) => count(opening) !== count(closing));
}

/** The shell syntax that can precede a command. */
const BEFORE = /^(?:[({!]\s*|(?:sudo(?:\s+-\S+)*|if|then|else|do|while|until|time|exec|\w+=\S*)\s+)*/;

/** The commands of a buildspec, without preceding shell syntax. */
export function commandsOf(project: Resource, { json, rendered: { text } }: BuildSpec): string[] {
  const scripts = json === undefined
    ? text.split('\n').map((line) => line.replace(/^\s*-\s+["']?/, ''))
    : new Value(project, json, '').at('phases').entries
      .flatMap(([, phase]) => ['commands', 'finally'].flatMap((list) => phase.at(list).oneOrMore))
      .map((command) => String(command.text));
  return scripts.flatMap((script) => withoutTexts(script).split(/&&|\|\|?|[;&\n`]|\$\(/)).map((command) => command.trim().replace(BEFORE, ''));
}

/**
 * A script without here-documents, comments and quoted strings, but with the commands that a shell substitutes in
 * strings.
 */
function withoutTexts(script: string): string {
  return script
    .replace(/<<-?\s*(["']?)(\w+)\1(.*)\n[^]*?\n\s*\2$/gm, '$3')
    .replace(/'[^']*'|"(?:\\.|[^"\\])*"|(?<!\S)#.*$/gm, (part) => [...part.matchAll(/\$\(([^)&|;]*)/g)]
      .map(([, command]) => part.startsWith('"') ? `\n${command}\n` : '').join(''));
}

/** A file in the build's output, with its content. */
export interface DeliveredFile {
  readonly content: string;
  /** The property that contains it. */
  readonly place: Value;
}

/** A file that the build writes from Base64 in its buildspec. */
export function deliveredFile(project: Resource, path: string): DeliveredFile | undefined {
  const { rendered } = buildSpecOf(project) ?? {};
  const content = rendered?.contents[Number(contentWrittenTo(path, rendered.text))];
  return content === undefined ? undefined : { content, place: project.at('Source', 'BuildSpec') };
}
