import { ArgumentError, Arguments, OPTIONS, parseArguments, ScenarioChoice } from '../../../packages/rehearsal/src/cli/arguments';
import { helpText, listText } from '../../../packages/rehearsal/src/cli/help';

const TABLE: readonly ScenarioChoice[] = [
  { name: 'release', description: 'Two releases.' },
  { name: 'bad-health-path', description: 'The health path answers 404.' },
  { name: 'killed-task', description: 'A task dies.' },
  { name: 'month', description: 'A history of 30 releases.', onDemand: true },
];

const MINIMUM = ['--assembly', 'cdk.out', '--source', './orders'];

const parse = (...argv: string[]): Arguments => parseArguments(argv, TABLE);

function messageOf(argv: readonly string[]): string {
  try {
    parseArguments(argv, TABLE);
  } catch (error) {
    expect(error).toBeInstanceOf(ArgumentError);
    return (error as ArgumentError).message;
  }
  return 'no error';
}

test('the shortest command line has the defaults', () => {
  expect(parse(...MINIMUM)).toEqual({
    kind: 'run',
    from: { assembly: 'cdk.out' },
    source: './orders',
    pipeline: undefined,
    scenarios: ['release', 'bad-health-path', 'killed-task'],
    speed: 20,
    requestsPerSecond: 200,
    report: 'rehearsal/',
    build: 'host',
    envFile: undefined,
    clean: false,
  });
});

test('every option has an effect', () => {
  expect(parse(
    '--app', 'npx tsx app.ts', '--source=./orders', '--pipeline', 'Orders', '--scenario', 'release', '--speed', '12.5', '--requests-per-second', '50',
    '--report', 'out', '--build-image', 'python:3.13', '--env-file', '.env', '--clean',
  )).toEqual({
    kind: 'run',
    from: { app: 'npx tsx app.ts' },
    source: './orders',
    pipeline: 'Orders',
    scenarios: ['release'],
    speed: 12.5,
    requestsPerSecond: 50,
    report: 'out',
    build: { image: 'python:3.13' },
    envFile: '.env',
    clean: true,
  });
});

test.each([
  [['--scenario', 'killed-task,release'], ['release', 'killed-task']],
  [['--scenario', 'month'], ['month']],
  [['--scenario', 'killed-task', '--scenario', 'release'], ['release', 'killed-task']],
  [['--scenario', 'release, release'], ['release']],
  [['--all'], ['release', 'bad-health-path', 'killed-task', 'month']],
])('%j chooses scenarios in the order of the table', (argv, scenarios) => {
  expect(parse(...MINIMUM, ...argv)).toMatchObject({ scenarios });
});

test.each([
  [['--help'], 'help'], [['-h'], 'help'], [['--version'], 'version'], [['--list'], 'list'], [['--clean'], 'clean'],
  [['--all', '--speed', '5', '--help'], 'help'],
])('%j requires nothing else', (argv, kind) => {
  expect(parse(...argv)).toEqual({ kind });
});

test('a value may begin with a hyphen, if it is joined to its option', () => {
  expect(parse('--app=-x', '--source', '.')).toMatchObject({ from: { app: '-x' } });
});

test('the build runs on the host by default, and when it is requested', () => {
  expect(parse(...MINIMUM, '--build-on-host')).toMatchObject({ build: 'host' });
});

test.each([
  [[], "either '--app' or '--assembly' is required, such as '--app \"npx tsx app.ts\"' or '--assembly cdk.out'"],
  [['--source', '.'], "either '--app' or '--assembly' is required, such as '--app \"npx tsx app.ts\"' or '--assembly cdk.out'"],
  [['--app', 'x', ...MINIMUM], "'--app' and '--assembly' exclude each other; give one of them"],
  [['--app', 'x'], "'--source' is missing; name the folder of the Python application, such as '--source ./orders'"],
  [[...MINIMUM, '--clean', '--source', 'b'], "'--source' is given 2 times; give it once"],
  [[...MINIMUM, '--sceanrio', 'release'], "unknown option '--sceanrio'; did you mean '--scenario'?"],
  [[...MINIMUM, '--scenarios', 'release'], "unknown option '--scenarios'; did you mean '--scenario'?"],
  [[...MINIMUM, '--request-per-second=5'], "unknown option '--request-per-second'; did you mean '--requests-per-second'?"],
  [[...MINIMUM, '--requests', '5'], "unknown option '--requests'; did you mean '--requests-per-second'?"],
  [[...MINIMUM, '--build', 'x'], "unknown option '--build'; did you mean '--build-image'?"],
  [[...MINIMUM, '--Speed', '5'], "unknown option '--Speed'; did you mean '--speed'?"],
  [[...MINIMUM, '--frobnicate'], "unknown option '--frobnicate'; '--help' shows all options"],
  [[...MINIMUM, '--no-clean'], "unknown option '--no-clean'; '--help' shows all options"],
  [[...MINIMUM, '-x'], "unknown option '-x'; '--help' shows all options"],
  [[...MINIMUM, '--h'], "unknown option '--h'; '--help' shows all options"],
  [['list'], "unexpected argument 'list'; did you mean '--list'?"],
  [['--app', 'npx', 'tsx', 'app.ts'], "unexpected argument 'tsx'; put a value that contains spaces in quotation marks"],
  [[...MINIMUM, '--', 'release'], "unexpected argument 'release'; put a value that contains spaces in quotation marks"],
  [['--app'], "'--app' requires a value"],
  [['--app', ''], "'--app' requires a value"],
  [['--app='], "'--app' requires a value"],
  [['--app', '--source', '.'], "'--app' requires a value, got the option '--source'; write '--app=--source' if this is the value"],
  [[...MINIMUM, '--all=yes'], "'--all' accepts no value, got 'yes'"],
  [[...MINIMUM, '--scenario', 'bad-heath-path'], "unknown scenario 'bad-heath-path'; did you mean 'bad-health-path'?"],
  [[...MINIMUM, '--scenario', 'earthquake'], "unknown scenario 'earthquake'; '--list' shows all scenarios"],
  [[...MINIMUM, '--scenario', 'release,,month'], "'--scenario' has an empty name; separate the names with one comma, such as 'release,killed-task'"],
  [[...MINIMUM, '--scenario', 'release', '--all'], "'--scenario' and '--all' exclude each other; give one of them"],
  [[...MINIMUM, '--build-on-host', '--build-image', 'x'], "'--build-on-host' and '--build-image' exclude each other; give one of them"],
  [[...MINIMUM, '--speed', 'fast'], "'--speed' must be a number from 1 to 100, got 'fast'"],
  [[...MINIMUM, '--speed', '0'], "'--speed' must be a number from 1 to 100, got '0'"],
  [[...MINIMUM, '--speed', '1e2'], "'--speed' must be a number from 1 to 100, got '1e2'"],
  [[...MINIMUM, '--speed=-5'], "'--speed' must be a number from 1 to 100, got '-5'"],
  [[...MINIMUM, '--requests-per-second', '100000'], "'--requests-per-second' must be a number from 1 to 5000, got '100000'"],
])('%j gets one clear line', (argv, message) => {
  expect(messageOf(argv)).toBe(message);
});

test('a mistake with line breaks or colors still gets one line', () => {
  expect(messageOf(['--pipe\nline\u001b[31m', 'x'])).toBe("unknown option '--pipe line'; '--help' shows all options");
});

test('the help names every option, and fits a terminal', () => {
  for (const option of OPTIONS) { expect(helpText()).toContain(`  --${option}`); }
  expect(Math.max(...helpText().split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
});

test('the list marks the scenarios that do not run by default', () => {
  expect(listText(TABLE)).toBe([
    'Scenarios:',
    '  release          Two releases.',
    '  bad-health-path  The health path answers 404.',
    '  killed-task      A task dies.',
    '  month *          A history of 30 releases.',
    '',
    '* runs only with --all, or if --scenario names it',
    '',
  ].join('\n'));
  expect(listText([])).toBe('Scenarios:\n');
});
