import { Resource, Template, Value } from './template';
import { shown } from './text';

/** An action of a pipeline. */
export interface Action {
  readonly value: Value;
  /** `Category Provider`. */
  readonly kind: string;
  /** `Stage/Action`, as findings show it. */
  readonly label: string;
  /** The index of its stage in the pipeline. */
  readonly stage: number;
  readonly runOrder: number;
}

export const PIPELINE = 'AWS::CodePipeline::Pipeline';

export function pipelinesOf(template: Template): Resource[] {
  return template.ofType(PIPELINE);
}

/** The actions of a pipeline in their order. */
export function actionsOf(pipeline: Resource): Action[] {
  return pipeline.at('Stages').items.flatMap((stage, index) => stage.at('Actions').items.map((value) => ({
    value,
    kind: `${value.at('ActionTypeId', 'Category').text} ${value.at('ActionTypeId', 'Provider').text}`,
    label: `${shown(stage.at('Name'))}/${shown(value.at('Name'))}`.replaceAll('"', ''),
    stage: index,
    runOrder: value.at('RunOrder').number ?? 1,
  })));
}

export function allActions(template: Template): Action[] {
  return pipelinesOf(template).flatMap(actionsOf);
}

/** Whether an action is complete when another one starts. */
export function isBefore(action: Action, other: Action): boolean {
  return action.stage < other.stage || (action.stage === other.stage && action.runOrder < other.runOrder);
}

/** The input or output artifacts of an action. */
export function artifactsOf({ value }: Action, list: 'InputArtifacts' | 'OutputArtifacts'): Value[] {
  return value.at(list).items.map((artifact) => artifact.at('Name'));
}

/** The values that are literals. */
export function textsOf(values: Value[]): string[] {
  return values.flatMap(({ text }) => text ?? []);
}
