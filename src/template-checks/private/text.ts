import { intrinsicOf, referenceOf, Template, Value } from './template';
import { markContent } from '../../private/delivered-files';
import { LONGEST_VALUES } from '../../private/names';

/** The assumed values of the pseudo parameters, in characters that every name allows. */
export const LONGEST: { readonly [name: string]: string } = LONGEST_VALUES;

/** A placeholder for the dollar sign of a reference, which a shell uses for its own variables. */
export const REFERENCE = '\u{E000}';

/** A string, and the contents that it contains as Base64. */
export interface Rendered {
  /**
   * References as `${Id}` or `${Id.Attribute}`, with a placeholder for the dollar sign, and Base64 as
   * `«index of its content»`.
   */
  readonly text: string;
  readonly contents: string[];
}

/** Renders a string with readable references. */
export function render(raw: unknown): Rendered {
  const contents: string[] = [];
  const visit = (value: unknown): string => {
    if (typeof value !== 'object') { return plain(value); }
    const [name, argument] = intrinsicOf(value) ?? [];
    const parts = joined(name, argument);
    if (parts) { return parts.items.map(visit).join(parts.separator); }
    switch (name) {
      case 'Fn::Base64': return markContent(contents.push(visit(argument)) - 1);
      case 'Fn::Sub': return plain(Array.isArray(argument) ? argument[0] : argument).replaceAll('${', `${REFERENCE}{`);
      default: return `${REFERENCE}{${referenceOf(value)?.filter(Boolean).join('.') ?? partOf(argument) ?? name}}`;
    }
  };
  return { text: visit(raw), contents };
}

/** A part of a split reference, which CDK uses for the account and the region in an ARN. */
function partOf(argument: unknown): string | undefined {
  const [index, list] = Array.isArray(argument) ? argument : [];
  const [name, cut] = intrinsicOf(list) ?? [];
  const whole = name === 'Fn::Split' && Array.isArray(cut) ? referenceOf(cut[1]) : undefined;
  return whole && `${whole.join('.')}[${index}]`;
}

/** The rendered string without the contents, to be shown or compared. */
export function textOf({ raw }: Value): string {
  return render(raw).text;
}

/** Whether a string contains only literals and references to resources of the template. */
export function isDecided(text: string, template: Template): boolean {
  return [...text.matchAll(new RegExp(`${REFERENCE}\\{([^}.]*)`, 'g'))].every(([, id]) => id.startsWith('AWS::') || template.get(id));
}

/** Whether two strings certainly differ, whatever the unknown values are. */
export function differ(one: string, other: string, template: Template): boolean {
  return one !== other && isDecided(one, template) && isDecided(other, template);
}

/** A string as a finding shows it. */
export function quoted(text: string): string {
  return JSON.stringify(readable(text));
}

export function readable(text: string): string {
  return text.replaceAll(REFERENCE, '$');
}

/** A value as a finding shows it. */
export function shown(value: Value): string {
  return value.missing ? 'nothing' : quoted(textOf(value));
}

/** Names as a finding lists them. */
export function listed(names: string[]): string {
  return names.join(', ') || 'none';
}

/** The longest string that a value can become; undefined if it is unknown. */
export function longest(raw: unknown): string | undefined {
  if (typeof raw === 'string' || typeof raw === 'number') { return String(raw); }
  const [name, argument] = intrinsicOf(raw) ?? [];
  if (name === 'Ref') { return LONGEST[plain(argument)]; }
  const parts = joined(name, argument);
  const texts = parts?.items.map(longest);
  return texts?.every((text) => text !== undefined) ? texts.join(parts?.separator) : undefined;
}

/** The shortest value that a value can become; undefined if it can be omitted. */
export function shortest(raw: unknown): unknown {
  if (Array.isArray(raw)) { return raw.map(shortest).filter((item) => item !== undefined); }
  const [name, argument] = intrinsicOf(raw) ?? [];
  const parts = joined(name, argument);
  if (parts) { return parts.items.map((item) => plain(shortest(item) ?? '')).join(parts.separator); }
  if (name !== undefined) { return name === 'Fn::If' || argument === 'AWS::NoValue' ? undefined : 0; }
  return typeof raw === 'object' && raw !== null ? Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, shortest(value)])) : raw;
}

/** An object of a template can have a toString that is no function. */
function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function joined(
  name: string | undefined, argument: unknown,
): { readonly separator: string; readonly items: unknown[] } | undefined {
  if (name !== 'Fn::Join' || !Array.isArray(argument)) { return undefined; }
  const [separator, items] = argument;
  return typeof separator === 'string' && Array.isArray(items) ? { separator, items } : undefined;
}

/** The content of a JSON string; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
