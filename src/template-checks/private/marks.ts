import { IConstruct } from 'constructs';

/** On a construct whose resources are checked. */
export const SCOPE = Symbol.for('cdk-blue-green-python-pipeline.TemplateChecks.scope');

/** On a stage that has the plugin. */
export const STAGE = Symbol.for('cdk-blue-green-python-pipeline.TemplateChecks.stage');

/** Marks a construct, as CDK marks its own: by a symbol that another copy of this library knows as well. */
export function mark(construct: IConstruct, symbol: symbol): void {
  Object.defineProperty(construct, symbol, { value: true });
}

export function isMarked(construct: IConstruct, symbol: symbol): boolean {
  return symbol in construct;
}
