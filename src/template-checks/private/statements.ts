import { Value } from './template';
import { REFERENCE, textOf } from './text';

/** The statements of a policy document. */
export function statementsOf(document: Value): Value[] {
  return document.at('Statement').oneOrMore;
}

/** Whether a statement allows an action. Wildcards are evaluated, and unknown values count as allowed. */
export function allows(statement: Value, action: string): boolean {
  const [effect, actions] = [statement.at('Effect'), statement.at('Action')];
  return (effect.unknown || effect.text === 'Allow') && actions.oneOrMore.some(({ text, unknown }) => unknown || (text !== undefined && matches(text, action)));
}

function matches(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

/** The principals of a statement, as strings: `Service:events.amazonaws.com`, `AWS:...`, or `*`. */
export function principalsOf(statement: Value): string[] {
  const principal = statement.at('Principal');
  if (principal.text !== undefined) { return [principal.text]; }
  return principal.entries.flatMap(([kind, names]) => names.oneOrMore.map((name) => `${kind}:${textOf(name)}`));
}

/** Whether an AWS service is among the principals. Unknown principals count as the service. */
export function isFor(statement: Value, service: string): boolean {
  return statement.at('Principal').unknown
    || principalsOf(statement).some((name) => ['*', 'AWS:*'].includes(name) || name.startsWith(`Service:${REFERENCE}`) || name.startsWith(`Service:${service}.`));
}
