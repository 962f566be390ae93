import { parseArgs } from 'util';
import { nearest } from './nearest';
import { removeControls } from '../report/markup';

/** A scenario that a user can choose. */
export interface ScenarioChoice {
  readonly name: string;
  /** What happens in it, in one sentence. */
  readonly description: string;
  /** Whether it runs only with `--all`, or by its name. */
  readonly onDemand?: boolean;
}

/** Where the cloud assembly comes from. */
export type AssemblySource = { readonly app: string } | { readonly assembly: string };

/** Where the build runs. */
export type BuildPlace = 'host' | { readonly image: string };

export interface RunArguments {
  readonly kind: 'run';
  readonly from: AssemblySource;
  readonly source: string;
  /** Without it, the assembly has exactly one. */
  readonly pipeline?: string;
  /** In the order of the table, each once. */
  readonly scenarios: readonly string[];
  readonly speed: number;
  readonly requestsPerSecond: number;
  readonly report: string;
  readonly build: BuildPlace;
  readonly envFile?: string;
  /** Whether to remove first what a rehearsal that crashed has left. */
  readonly clean: boolean;
}

/** What the command line requests. */
export type Arguments = RunArguments | { readonly kind: 'clean' | 'list' | 'help' | 'version' };

/** A mistake on the command line: its message is one line. */
export class ArgumentError extends Error {
  constructor(message: string) {
    super(removeControls(message).replace(/\s+/g, ' '));
    this.name = 'ArgumentError';
  }
}

export const DEFAULTS = { speed: 20, requestsPerSecond: 200, report: 'rehearsal/' };

/** Limits that keep a mistyped number from running for hours, or from flooding the machine. */
const SPEED: Range = { least: 1, most: 100 };
const RATE: Range = { least: 1, most: 5000 };

const VALUES = ['app', 'assembly', 'source', 'pipeline', 'scenario', 'speed', 'requests-per-second', 'report', 'build-image', 'env-file'] as const;
const SWITCHES = ['all', 'build-on-host', 'clean', 'list', 'help', 'version'] as const;

type ValueName = typeof VALUES[number];
type SwitchName = typeof SWITCHES[number];

/** All options without their two hyphens. */
export const OPTIONS: readonly string[] = [...VALUES, ...SWITCHES];

interface Range {
  readonly least: number;
  readonly most: number;
}

interface Given {
  readonly values: ReadonlyMap<ValueName, readonly string[]>;
  readonly switches: ReadonlySet<SwitchName>;
}

/**
 * Reads the command line, without node and the name of the program.
 *
 * @throws ArgumentError with one line for the first mistake
 */
export function parseArguments(argv: readonly string[], table: readonly ScenarioChoice[]): Arguments {
  const given = read(argv);
  const { values, switches } = given;
  for (const kind of ['help', 'version', 'list'] as const) {
    if (switches.has(kind)) { return { kind }; }
  }
  const onlyClean = switches.has('clean') && switches.size === 1 && values.size === 0;
  return onlyClean ? { kind: 'clean' } : runArguments(given, table);
}

function runArguments(given: Given, table: readonly ScenarioChoice[]): RunArguments {
  const from = assemblySource(given);
  const source = single(given, 'source');
  if (source === undefined) { throw new ArgumentError("'--source' is missing; name the folder of the Python application, such as '--source ./orders'"); }
  return {
    kind: 'run',
    from,
    source,
    pipeline: single(given, 'pipeline'),
    scenarios: chosenScenarios(given, table),
    speed: numberBetween(given, 'speed', SPEED) ?? DEFAULTS.speed,
    requestsPerSecond: numberBetween(given, 'requests-per-second', RATE) ?? DEFAULTS.requestsPerSecond,
    report: single(given, 'report') ?? DEFAULTS.report,
    build: buildPlace(given),
    envFile: single(given, 'env-file'),
    clean: given.switches.has('clean'),
  };
}

function read(argv: readonly string[]): Given {
  const values = new Map<ValueName, string[]>();
  const switches = new Set<SwitchName>();
  const options = Object.fromEntries([
    ...VALUES.map((name) => [name, { type: 'string' as const }] as const), ...SWITCHES.map((name) => [name, { type: 'boolean' as const }] as const),
    ['h', { type: 'boolean' as const }] as const,
  ]);
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') { throw positionalError(token.value); }
    if (token.kind === 'option-terminator') { continue; }
    const { name, rawName, value } = token;
    if (isValueName(name)) {
      values.set(name, [...values.get(name) ?? [], requireValue(name, value, token.inlineValue)]);
      continue;
    }
    if (name === 'h' && rawName === '-h') { switches.add('help'); continue; }
    if (!isSwitchName(name)) { throw unknownError(rawName); }
    if (value !== undefined) { throw new ArgumentError(`'--${name}' accepts no value, got '${value}'`); }
    switches.add(name);
  }
  return { values, switches };
}

/** A value that looks like an option is a forgotten value; `--option=-value` gives such a value. */
function requireValue(name: ValueName, value: string | undefined, inline: boolean | undefined): string {
  if (value === undefined || value.trim() === '') { throw new ArgumentError(`'--${name}' requires a value`); }
  if (!inline && value.startsWith('-')) {
    throw new ArgumentError(`'--${name}' requires a value, got the option '${value}'; write '--${name}=${value}' if this is the value`);
  }
  return value;
}

function isValueName(name: string): name is ValueName {
  return VALUES.some((one) => one === name);
}

function isSwitchName(name: string): name is SwitchName {
  return SWITCHES.some((one) => one === name);
}

function unknownError(rawName: string): ArgumentError {
  const close = nearest(rawName.replace(/^-+/, ''), OPTIONS);
  return new ArgumentError(`unknown option '${rawName}'; ${close ? `did you mean '--${close}'?` : "'--help' shows all options"}`);
}

function positionalError(value: string): ArgumentError {
  const close = nearest(value, OPTIONS);
  return new ArgumentError(`unexpected argument '${value}'; ${close ? `did you mean '--${close}'?` : 'put a value that contains spaces in quotation marks'}`);
}

function single({ values }: Given, name: ValueName): string | undefined {
  const found = values.get(name) ?? [];
  if (found.length > 1) { throw new ArgumentError(`'--${name}' is given ${found.length} times; give it once`); }
  return found[0];
}

function assemblySource(given: Given): AssemblySource {
  const [app, assembly] = [single(given, 'app'), single(given, 'assembly')];
  if (app !== undefined && assembly !== undefined) { throw new ArgumentError("'--app' and '--assembly' exclude each other; give one of them"); }
  if (app !== undefined) { return { app }; }
  if (assembly !== undefined) { return { assembly }; }
  throw new ArgumentError("either '--app' or '--assembly' is required, such as '--app \"npx tsx app.ts\"' or '--assembly cdk.out'");
}

function buildPlace(given: Given): BuildPlace {
  const image = single(given, 'build-image');
  if (image !== undefined && given.switches.has('build-on-host')) {
    throw new ArgumentError("'--build-on-host' and '--build-image' exclude each other; give one of them");
  }
  return image === undefined ? 'host' : { image };
}

function chosenScenarios({ values, switches }: Given, table: readonly ScenarioChoice[]): string[] {
  const given = values.get('scenario');
  if (given && switches.has('all')) { throw new ArgumentError("'--scenario' and '--all' exclude each other; give one of them"); }
  if (!given) { return table.filter(({ onDemand }) => switches.has('all') || !onDemand).map(({ name }) => name); }
  const names = given.flatMap((list) => list.split(',')).map((name) => name.trim());
  names.forEach((name) => requireScenario(name, table));
  return table.map(({ name }) => name).filter((name) => names.includes(name));
}

function requireScenario(name: string, table: readonly ScenarioChoice[]): void {
  if (name === '') { throw new ArgumentError("'--scenario' has an empty name; separate the names with one comma, such as 'release,killed-task'"); }
  const names = table.map((choice) => choice.name);
  if (names.includes(name)) { return; }
  const close = nearest(name, names);
  throw new ArgumentError(`unknown scenario '${name}'; ${close ? `did you mean '${close}'?` : "'--list' shows all scenarios"}`);
}

function numberBetween(given: Given, name: ValueName, { least, most }: Range): number | undefined {
  const text = single(given, name);
  if (text === undefined) { return undefined; }
  const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) { return value; }
  throw new ArgumentError(`'--${name}' must be a number from ${least} to ${most}, got '${text}'`);
}
