import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Change, classify, TemplateJson } from './classify';
import { publicFactories, publicOptions } from './options';
import { BlueGreenPythonPipeline } from '../../../src';
import { NO_ROW } from '../options/no-row';
import { Given } from '../options/places';
import { Row } from '../options/row';
import { ROWS } from '../options/table';

/** What comes of one row. */
export interface Outcome {
  readonly option: string;
  readonly change: string;
  readonly changes: Change[];
  readonly note?: string;
  /** The same without names of one's own, where a name has a say. */
  readonly unnamed?: Change[];
}

const templates = new Map<string, Map<Given, TemplateJson>>([['named', new Map()], ['unnamed', new Map()]]);

/** The template of the pattern, made once for each object. */
export function templateOf(given: Given, naming: 'named' | 'unnamed' = 'named'): TemplateJson {
  const cache = templates.get(naming)!;
  const template = cache.get(given) ?? withShortTraces(() => synthesize(given, naming));
  cache.set(given, template);
  return template;
}

function synthesize(given: Given, naming: 'named' | 'unnamed'): TemplateJson {
  return Template.fromStack(stackOf(given, naming)).toJSON() as TemplateJson;
}

/** The stack of the pattern with these props. */
export function stackOf(given: Given, naming: 'named' | 'unnamed' = 'named'): Stack {
  // paths tell the resources' roles
  const app = new App({ context: { 'aws:cdk:enable-path-metadata': true }, treeMetadata: false, analyticsReporting: false });
  // with a region, since a stack without one has two zones at most
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const props = typeof given === 'function' ? given(stack) : given;
  new BlueGreenPythonPipeline(stack, 'Orders', {
    environmentSuffix: 'dev',
    // spares each synthesis the function that empties the bucket
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
    ...naming === 'unnamed' ? { environmentSuffix: undefined } : {},
  });
  return stack;
}

/** CDK takes a trace for every resource, a fifth of the time of a synthesis here. */
function withShortTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

export function changesOf(before: Given, after: Given, naming: 'named' | 'unnamed' = 'named'): Change[] {
  return classify(templateOf(before, naming), templateOf(after, naming));
}

export function outcomeOf([option, change, before, after, note]: Row): Outcome {
  const changes = changesOf(before, after);
  const named = option.endsWith('.applicationName') || changes.some(({ effect }) => effect === 'refused by name');
  return { option, change, changes, note, ...named ? { unnamed: changesOf(before, after, 'unnamed') } : {} };
}

/**
 * What the source has and no row changes, each with what to do about it; and rows and exemptions that have lost their
 * option.
 */
export function gaps(options = publicOptions()
  .map(({ name }) => name), factories = publicFactories(), rows = ROWS, noRow = NO_ROW): string[] {
  const rowed = new Set(rows.map(([option]) => option));
  const structs = options.map((option) => option.split('.')[0]);
  return [
    ...options.filter((option) => !rowed.has(option) && !(option in noRow) && !(option.split('.')[0] in noRow))
      .map((option) => `${option} has no row: add { option: '${option}', default: '<as documented>', other: <another value>, effect: '<what changes>' } `
        + 'to the table of its part in test/contract/options'),
    ...factories.filter((factory) => !rows.some(([, change]) => change.includes(`${factory}(`)))
      .map((factory) => `${factory} has no row: add one to the table of its part in test/contract/options whose change names \`${factory}(...)\``),
    ...[...rowed].filter((option) => !options.includes(option)).map((option) => `${option} is no option of src any more: remove its rows`),
    ...Object.keys(noRow).filter((name) => !options.includes(name) && !structs.includes(name))
      .map((name) => `${name} is nothing of src any more: remove it from NO_ROW in test/contract/options/no-row.ts`),
    ...Object.keys(noRow).filter((name) => rowed.has(name)).map((name) => `${name} has rows and is in NO_ROW: remove it from one`),
  ];
}
