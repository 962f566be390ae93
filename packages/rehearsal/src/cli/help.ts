import { DEFAULTS, ScenarioChoice } from './arguments';

const PROGRAM = 'cdk-blue-green-rehearsal';

const OPTION_LINES: readonly (readonly [string, string])[] = [
  ['--app CMD', 'command that synthesizes the app, such as "npx tsx app.ts"'],
  ['--assembly DIR', 'cloud assembly that is synthesized already, such as cdk.out; instead of --app'],
  ['--source DIR', 'folder of the Python application'],
  ['--pipeline NAME', 'construct path or id of the pipeline; required if the app has several'],
  ['--scenario A,B', 'scenarios to run; by default all that are not marked in --list'],
  ['--all', 'run every scenario'],
  ['--speed N', `how many times as fast as on AWS waiting times pass (default ${DEFAULTS.speed})`],
  ['--requests-per-second N', `constant load during releases (default ${DEFAULTS.requestsPerSecond})`],
  ['--report DIR', `folder of the reports (default ${DEFAULTS.report})`],
  ['--build-on-host', 'run the build on this machine (default)'],
  ['--build-image IMAGE', 'run the build in a container of this image (not available yet)'],
  ['--env-file FILE', 'values for the secrets of the tasks, one NAME=value a line'],
  ['--clean', 'has no effect yet: a rehearsal leaves nothing behind'],
  ['--list', 'show the scenarios'],
  ['--help', 'show this text'],
  ['--version', 'show the version'],
];

export function helpText(): string {
  return [
    `Usage: ${PROGRAM} (--app CMD | --assembly DIR) --source DIR [options]`,
    '',
    'Runs the build, the first deployment, releases under load, and failures of your own pipeline with your own',
    'application on this machine, and reports what happened to every request.',
    '',
    'Options:',
    ...columns(OPTION_LINES),
    '',
    'The exit code is 0 only if every scenario ended as required.',
    '',
  ].join('\n');
}

/** A scenario that does not run by default is marked. */
export function listText(scenarios: readonly ScenarioChoice[]): string {
  const rows = scenarios.map(({ name, description, onDemand }) => [onDemand ? `${name} *` : name, description] as const);
  const note = scenarios.some(({ onDemand }) => onDemand) ? ['', '* runs only with --all, or if --scenario names it'] : [];
  return ['Scenarios:', ...columns(rows), ...note, ''].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = rows.reduce((most, [name]) => Math.max(most, name.length), 0);
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
