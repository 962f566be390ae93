import { Stack } from 'aws-cdk-lib';
import { standInsOf } from '../../private/stand-ins';

/** A container of a task definition that the build delivers. */
export interface DeliveredContainer {
  readonly name: string;
  readonly image: unknown;
  readonly environment?: { readonly name: string }[];
  readonly secrets?: unknown;
  readonly [property: string]: unknown;
}

/** A task definition that the build delivers. */
export interface DeliveredTaskDefinition {
  readonly containers: DeliveredContainer[];
  /** The other properties of the task definition. */
  readonly others: { readonly [property: string]: unknown };
}

/** The content of a file with stand-ins for the references in it. */
export function textWithStandIns(stack: Stack, content: unknown): string {
  return standInsOf(stack)(stack.resolve(content));
}

/** The containers of a task definition; undefined for another file, or one that is no JSON. */
export function containersOf(content: string): DeliveredTaskDefinition | undefined {
  try {
    const { containerDefinitions, ...others } = JSON.parse(content) as { containerDefinitions?: DeliveredContainer[] };
    return containerDefinitions && { containers: containerDefinitions, others };
  } catch {
    return undefined;
  }
}
