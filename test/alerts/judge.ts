import { CORPUS, Event } from './corpus';
import { DeployedRule, deployedRules } from './deployed-rules';
import { matches } from './event-bridge';
import { EXPECTED } from './matrix';

/** The corpus is of the environment `prod`, and its other environment is `dev`. */
function inEnvironment(event: Event, suffix: string): Event {
  return JSON.parse(JSON.stringify(event).replaceAll('-dev"', '-other"').replaceAll('-prod', `-${suffix}`));
}

/**
 * What is wrong with the rules of the sample app's default profile: an event that reaches whom it must not, or not whom it must.
 *
 * @param template the template as JSON
 */
export function eventFailures(template: unknown, suffix = 'dev'): string[] {
  let rules: DeployedRule[];
  try {
    rules = deployedRules((template as { Resources: Parameters<typeof deployedRules>[0] }).Resources);
  } catch (error) {
    return [`the rules cannot be read: ${error}`];
  }
  return [...CORPUS].flatMap(([name, event]) => {
    const told = rules.filter(({ pattern }) => matches(pattern, inEnvironment(event, suffix))).map(({ role }) => role.replace(`-${suffix}`, '')).sort();
    const expected = EXPECTED['the sample app'](name).sort();
    return JSON.stringify(told) === JSON.stringify(expected) ? [] : [`${name} passes ${told.join(', ') || 'no rule'} instead of ${expected.join(', ') || 'none'}`];
  });
}
