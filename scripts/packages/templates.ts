import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const STACK = 'OrdersStack';
const SHOWN_DIFFERENCES = 5;

type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json };

export interface Template {
  readonly Resources?: { [logicalId: string]: { readonly Type: string } };
}

export function readTemplate(assembly: string): Template {
  return JSON.parse(readFileSync(join(assembly, `${STACK}.template.json`), 'utf8')) as Template;
}

/** Three empty templates are equal too. */
export function assertWhole(template: Template): void {
  const types = new Set(Object.values(template.Resources ?? {}).map((resource) => resource.Type));
  const missing = ['AWS::CodePipeline::Pipeline', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::ECS::Service', 'AWS::SNS::Topic']
    .filter((type) => !types.has(type));
  if (missing.length > 0) {
    throw new Error(`the template has no ${missing.join(', no ')}`);
  }
}

/** Throws with the first differences unless the templates say the same; the order of keys says nothing. */
export function assertEqual(expected: Template | undefined, actual: Template | undefined): void {
  if (expected === undefined || actual === undefined) {
    throw new Error('nothing to compare: a synthesis failed');
  }
  if (!isDeepStrictEqual(expected, actual)) {
    const found = differences(expected as Json, actual as Json, '');
    const more = found.length > SHOWN_DIFFERENCES ? [`and ${found.length - SHOWN_DIFFERENCES} more`] : [];
    throw new Error([...found.slice(0, SHOWN_DIFFERENCES), ...more].join('\n'));
  }
}

function differences(expected: Json, actual: Json, path: string): string[] {
  if (isDeepStrictEqual(expected, actual)) {
    return [];
  }
  if (!isObject(expected) || !isObject(actual)) {
    return [`${path}: ${JSON.stringify(expected)} became ${JSON.stringify(actual)}`];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key) => differences(expected[key], actual[key], `${path}/${key}`));
}

/** Arrays too: their indexes are keys. */
function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}
