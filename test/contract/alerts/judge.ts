import { CORPUS, Event } from './corpus';
import { DeployedRule, deployedRules } from './deployed-rules';
import { matches } from './event-bridge';
import { EXPECTED } from './matrix';

/** The corpus is of the environment `prod`, and its other environment is `dev`. */
function inEnvironment(event: Event, suffix: string): Event {
  return JSON.parse(JSON.stringify(event).replaceAll('-dev"', '-other"').replaceAll('-prod', `-${suffix}`));
}

/**
 * What is wrong with the rules of the alerts: an event that reaches whom it must not, or not whom it must.
 *
 * @param template the template as JSON
 * @param stack the row of the matrix
 */
export function eventFailures(template: unknown, stack = 'the sample app', suffix = 'dev'): string[] {
  try {
    return failuresOf(
      deployedRules((template as { Resources: Parameters<typeof deployedRules>[0] }).Resources), stack, suffix,
    );
  } catch (error) {
    return [`the rules are refused: ${error}`];
  }
}

function failuresOf(rules: DeployedRule[], stack: string, suffix: string): string[] {
  return [...CORPUS].flatMap(([name, event]) => {
    const told = rules.filter(({ pattern }) => matches(pattern, inEnvironment(event, suffix))).map(({ role }) => role.replace(`-${suffix}`, '')).sort();
    const expected = EXPECTED[stack](name).sort();
    return JSON.stringify(told) === JSON.stringify(expected) ? [] : [`${name} passes ${told.join(', ') || 'no rule'} instead of ${expected.join(', ') || 'none'}`];
  });
}
