import * as ecs from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { describeType, fail, show } from '../../../private/errors';
import { confidential, DURATION, KindsOf, list, NUMBER, required, requireKinds, STRING } from '../../../private/kinds';
import { requireDuration, requireForwardSlashes, requireInteger, requireText } from '../../../private/validation';

/** Keywords of ECS that are not a command by themselves. */
const KEYWORDS = ['NONE', 'CMD', 'CMD-SHELL'];

const CHECK: KindsOf<ecs.HealthCheck> = {
  command: required(confidential(list(STRING))),
  interval: DURATION,
  timeout: DURATION,
  startPeriod: DURATION,
  retries: NUMBER,
};

const LIMITS_OF_ECS = 'ECS allows no other value';

/** A container health check in the form of RegisterTaskDefinition. */
export interface RenderedHealthCheck {
  readonly [name: string]: string[] | number;
}

/** Fails if the check is outside the limits of ECS, which would reject the revision in the middle of a release. */
export function validateContainerHealthCheck(scope: IConstruct, check: ecs.HealthCheck | undefined): void {
  if (!check) { return; }
  requireKinds(scope, check, CHECK, 'containerHealthCheck.');
  const prop = (name: string) => `containerHealthCheck.${name}`;
  if (check.command.length === 0) {
    fail(scope, `'${prop('command')}' must not be empty, got []; set a command such as ['curl -f http://localhost:8080/health || exit 1']`);
  }
  if (check.command.length === 1 && KEYWORDS.includes(check.command[0])) {
    fail(scope, `'${prop('command')}' must contain a command, got ${show(check.command)}; add the command after the keyword, or remove 'containerHealthCheck'`);
  }
  check.command.forEach((word) => requireText(scope, prop('command'), word, 'remove the empty string'));
  requireForwardSlashes(scope, prop('command'), programOf(check.command), describeType);
  requireDuration(scope, prop('interval'), check.interval, { unit: 'seconds', min: 5, max: 300, remedy: LIMITS_OF_ECS });
  requireDuration(scope, prop('timeout'), check.timeout, { unit: 'seconds', min: 2, max: 120, remedy: LIMITS_OF_ECS });
  requireDuration(scope, prop('startPeriod'), check.startPeriod, { unit: 'seconds', min: 0, max: 300, remedy: LIMITS_OF_ECS });
  requireInteger(scope, prop('retries'), check.retries, { min: 1, max: 10, remedy: LIMITS_OF_ECS });
}

/** The program that the check runs. Other words may contain backslashes, such as the pattern of a search. */
function programOf(command: string[]): string {
  return command[KEYWORDS.includes(command[0]) ? 1 : 0].trim().split(/\s/)[0];
}

/**
 * The check in the form that CDK writes into a task definition. The placeholder must not have the check, but the
 * release must.
 */
export function renderContainerHealthCheck(
  { command, interval, timeout, retries = 3, startPeriod }: ecs.HealthCheck,
): RenderedHealthCheck {
  return {
    command: withShell(command),
    interval: interval?.toSeconds() ?? 30,
    timeout: timeout?.toSeconds() ?? 5,
    retries,
    ...(startPeriod && { startPeriod: startPeriod.toSeconds() }),
  };
}

function withShell(command: string[]): string[] {
  if (command.length === 1) { return ['CMD-SHELL', ...command]; }
  return ['CMD', 'CMD-SHELL'].includes(command[0]) ? command : ['CMD', ...command];
}
