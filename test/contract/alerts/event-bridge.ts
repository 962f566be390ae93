import { Event } from './corpus';
import { Transformer } from './deployed-rules';

type Matcher = string | { readonly [operator: string]: unknown };

/**
 * Whether an event matches a pattern: as much of EventBridge's rules as the patterns here use.
 *
 * A stand-in, since AWS's own matcher is a Java program: `npm run test:events` compares the two on the whole corpus.
 */
export function matches(pattern: object, value: unknown): boolean {
  // all fields must be in the same element of a list
  if (Array.isArray(value) && value.length > 0) { return value.some((one) => matches(pattern, one)); }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return matchesNothing(pattern); }
  const fields = value as { [name: string]: unknown };
  return Object.entries(pattern).every(([name, expected]) => {
    // AWS takes it for the name of a field when it has one member
    if (name === '$or' && (expected as object[]).length > 1) { return (expected as object[]).some((one) => matches(one, value)); }
    return Array.isArray(expected)
      ? matchesField(expected, fields[name])
      : matches(branch(name, expected), fields[name]);
  });
}

/** What is not there matches where the pattern asks for nothing to be there. */
function matchesNothing(pattern: object): boolean {
  return Object.entries(pattern)
    .every(([name, expected]) => (Array.isArray(expected)
      ? matchesField(expected, undefined)
      : matchesNothing(branch(name, expected))));
}

/** AWS refuses a rule with anything but lists and objects in its pattern. */
function branch(name: string, expected: unknown): object {
  if (typeof expected !== 'object' || expected === null) { throw new Error(`the pattern has no list at ${name}`); }
  return expected;
}

function matchesField(matchers: Matcher[], value: unknown): boolean {
  const values = Array.isArray(value) ? value : [value];
  return matchers.some((matcher) => values.some((one) => accepts(matcher, one)));
}

function accepts(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher === 'string') { return value === matcher; }
  const [[operator, operand]] = Object.entries(matcher);
  switch (operator) {
    case 'exists': return operand === (value !== undefined);
    case 'prefix': return typeof value === 'string' && value.startsWith(operand as string);
    case 'numeric': return typeof value === 'number' && value > (operand as [string, number])[1];
    case 'anything-but': return value !== undefined && !(operand as unknown[]).includes(value);
    default: throw new Error(`the operator ${operator} is not known here`);
  }
}

/**
 * What EventBridge makes of a template: a value in a text as it is, one in JSON as JSON; nothing of what the event
 * lacks.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function render({ InputPathsMap, InputTemplate }: Transformer, event: Event): string {
  const valueOf = (key: string) => InputPathsMap[key].replace(/^\$\./, '').replace(/\[(\d+)\]/g, '.$1').split('.')
    .reduce<unknown>((value, name) => (value as { [name: string]: unknown } | undefined)?.[name], event);
  const inText = (text: string) => text.replace(/<([\w-]+)>/g, (_, key: string) => {
    const value = valueOf(key);
    return typeof value === 'string' || value === undefined ? value ?? '' : JSON.stringify(value);
  });
  return InputTemplate.replace(/"(?:\\.|[^"\\])*"|<[\w-]+>/g,
    (token) => (token.startsWith('"') ? inText(token) : JSON.stringify(valueOf(token.slice(1, -1)))));
}
