import { Resource, Value } from './template';
import { parseJson, render, Rendered } from './text';

export const PROJECT = 'AWS::CodeBuild::Project';

/** A buildspec that stands in the template. */
export interface BuildSpec {
  readonly rendered: Rendered;
  /** What it says, if it is JSON. */
  readonly json?: unknown;
}

/** The buildspec of a project; undefined if it is a file of the source, or not known. */
export function buildSpecOf(project: Resource): BuildSpec | undefined {
  const source = project.at('Source', 'BuildSpec');
  if (source.missing) { return undefined; }
  const rendered = render(source.raw);
  // a text of one line that is no JSON is the path of a file
  return /^\s*\{|\n/.test(rendered.text) ? { rendered, json: parseJson(rendered.text) } : undefined;
}

/** Where a file is in the build's output, and what is in it. */
export interface DeliveredFile {
  readonly content: string;
  /** The property that holds it. */
  readonly place: Value;
}

/** A file that the build writes from Base64 in its buildspec. */
export function deliveredFile(project: Resource, path: string): DeliveredFile | undefined {
  const { rendered } = buildSpecOf(project) ?? {};
  const name = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const [, index] = new RegExp(`«(\\d+)»'? *\\| *base64 (?:-d|--decode) *> *[^ ]*/${name}\\b`).exec(rendered?.text ?? '') ?? [];
  const content = rendered?.contents[Number(index)];
  return content === undefined ? undefined : { content, place: project.at('Source', 'BuildSpec') };
}
