import { Action, actionsOf, allActions, artifactsOf, isBefore, pipelinesOf, textsOf } from './actions';
import { Finding, Resource, Rule, Template, Value } from './template';
import { listed, readable, render, shown } from './text';

const MIN_STAGES = 2;

const pipelineStages: Rule = {
  id: 'pipeline-stages',
  says: 'A pipeline has at least two stages. The first stage contains only source actions, and no other stage contains any.',
  aws: 'CodePipeline rejects the pipeline: `Pipeline should start with a stage that only contains source actions`.',
  fix: 'Keep all source actions, and nothing else, in the first stage. Add a stage that uses their artifacts.',
  *judge(template) {
    for (const pipeline of pipelinesOf(template)) {
      const stages = pipeline.at('Stages');
      if (!stages.open && !stages.missing && stages.items.length < MIN_STAGES) {
        yield stages.finding(`the pipeline must have at least ${MIN_STAGES} stages, got ${stages.items.length}`);
      }
      yield* stages.items.filter((stage) => !stage.open && stage.at('Actions').items.length === 0 && !stage.at('Actions').unknown)
        .map((stage) => stage.finding(`the stage ${shown(stage.at('Name'))} has no action`));
      yield* actionsOf(pipeline).flatMap(misplaced);
    }
  },
};

function misplaced({ value, label, stage }: Action): Finding[] {
  const category = value.at('ActionTypeId', 'Category').text;
  const isSource = category === 'Source';
  if (category === undefined || isSource === (stage === 0)) { return []; }
  return [value.finding(isSource
    ? `the source action ${label} is not in the first stage`
    : `the action ${label} is in the first stage, but its category is ${category}, not Source`)];
}

const pipelineArtifacts: Rule = {
  id: 'pipeline-artifacts',
  says: 'Each input artifact is an output artifact of an earlier action. The names of the output artifacts are unique.',
  aws: 'CodePipeline rejects the pipeline: `Input Artifact Bundle ... is not declared as Output Artifact Bundle in any of the preceding actions`.',
  fix: 'Use the name of an output artifact of an earlier action (an earlier stage, or a lower run order). Give each output artifact a unique name.',
  *judge(template) {
    for (const pipeline of pipelinesOf(template)) {
      if (!isOpen(pipeline)) { yield* strangers(actionsOf(pipeline)); }
      yield* twins(actionsOf(pipeline).flatMap((action) => artifactsOf(action, 'OutputArtifacts')),
        (name) => `more than one output artifact of the pipeline has the name ${name}`);
    }
  },
};

/** Whether the pipeline can have actions that the template does not show. */
function isOpen(pipeline: Resource): boolean {
  const stages = pipeline.at('Stages');
  return stages.open || stages.items.some((stage) => stage.at('Actions').open);
}

function strangers(actions: Action[]): Finding[] {
  const outputs = actions.flatMap((action) => artifactsOf(action, 'OutputArtifacts').map((artifact) => ({ action, artifact })));
  if (outputs.some(({ artifact }) => artifact.text === undefined) || actions.some(({ value }) => value.at('OutputArtifacts').open)) { return []; }
  return actions.flatMap((action) => artifactsOf(action, 'InputArtifacts')
    .filter(({ text }) => text !== undefined
      && !outputs.some(({ action: earlier, artifact }) => artifact.text === text && isBefore(earlier, action)))
    .map((artifact) => {
      const known = outputs.filter(({ action: earlier }) => isBefore(earlier, action))
        .map(({ artifact: output }) => shown(output));
      return artifact.finding(`the input artifact ${shown(artifact)} of the action ${action.label} is not an output artifact of an earlier action; `
        + `available: ${listed(known)}`);
    }));
}

/** Findings for values that occur more than once. */
export function twins(values: Value[], problem: (shownValue: string) => string): Finding[] {
  return values.filter(({ text }, index) => text !== undefined
    && values.findIndex((value) => value.text === text) < index)
    .map((value) => value.finding(problem(shown(value))));
}

const NAME = /^[\w.@-]{1,100}$/;
const ARTIFACT_NAME = /^[\w-]{1,100}$/;
const NAMESPACE = /^[\w@-]{1,100}$/;

const pipelineNames: Rule = {
  id: 'pipeline-names',
  says: 'The names of stages, actions, artifacts and namespaces are valid. Stage names are unique, and so are the action names in a stage.',
  aws: 'CodePipeline rejects the pipeline: the name does not match the pattern, or is used twice.',
  fix: 'Use up to 100 letters, digits, hyphens and underscores (stages and actions may also contain dots and @), and use no name twice.',
  *judge(template) {
    for (const pipeline of pipelinesOf(template)) {
      const stages = pipeline.at('Stages').items;
      yield* stages.flatMap((stage) => malformed([stage.at('Name')], NAME, 'stage'));
      yield* twins(stages.map((stage) => stage.at('Name')), (name) => `more than one stage has the name ${name}`);
      yield* stages.flatMap((stage) => twins(stage.at('Actions').items.map((action) => action.at('Name')),
        (name) => `more than one action of the stage ${shown(stage.at('Name'))} has the name ${name}`));
      yield* actionsOf(pipeline).flatMap(malformedIn);
    }
  },
};

function malformedIn(action: Action): Finding[] {
  return [
    ...malformed([action.value.at('Name')], NAME, 'action'),
    ...malformed([action.value.at('Namespace')], NAMESPACE, 'namespace'),
    ...malformed(artifactsOf(action, 'OutputArtifacts'), ARTIFACT_NAME, 'artifact'),
  ];
}

function malformed(values: Value[], pattern: RegExp, what: string): Finding[] {
  return values.filter(({ text }) => text !== undefined && !pattern.test(text))
    .map((value) => value.finding(`the name ${shown(value)} of the ${what} contains characters that are not allowed, or is too long`));
}

/** Predefined namespaces. */
const GIVEN_NAMESPACES = ['codepipeline', 'variables'];

const pipelineVariables: Rule = {
  id: 'pipeline-variables',
  says: 'A variable `#{Namespace.Name}` comes from an earlier action.',
  aws: 'CodePipeline rejects the pipeline: `Valid format for a pipeline execution variable reference ...`, or the action fails in each execution.',
  fix: 'Use the namespace of an earlier action, and set it on that action (`variablesNamespace` in CDK).',
  *judge(template) {
    for (const pipeline of pipelinesOf(template)) {
      const actions = actionsOf(pipeline);
      yield* actions.flatMap((action) => strangeVariables(pipeline, action, actions));
    }
  },
};

function strangeVariables(pipeline: Resource, action: Action, actions: Action[]): Finding[] {
  const earlier = actions.filter((other) => isBefore(other, action)).map(({ value }) => value.at('Namespace'));
  if (isOpen(pipeline) || earlier.some(({ unknown }) => unknown)) { return []; }
  const known = [...GIVEN_NAMESPACES, ...textsOf(earlier)];
  return action.value.at('Configuration').entries.flatMap(([, value]) =>
    [...render(value.raw).text.matchAll(/#\{([^.{}]+)\.[^{}]+\}/g)]
      .filter(([, namespace]) => !known.includes(namespace))
      .map(([variable]) => value.finding(`the action ${action.label} uses ${readable(variable)}, but no earlier action has this namespace; available: ${known.join(', ')}`)));
}

/** The documented numbers of artifacts: https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html */
const ARTIFACT_COUNTS: {
  readonly [kind: string]: { readonly InputArtifacts: number[]; readonly OutputArtifacts: number[] };
} = {
  'Source S3': { InputArtifacts: [0, 0], OutputArtifacts: [1, 1] },
  'Source CodeCommit': { InputArtifacts: [0, 0], OutputArtifacts: [1, 1] },
  'Source ECR': { InputArtifacts: [0, 0], OutputArtifacts: [1, 1] },
  'Source CodeStarSourceConnection': { InputArtifacts: [0, 0], OutputArtifacts: [1, 1] },
  'Build CodeBuild': { InputArtifacts: [1, 5], OutputArtifacts: [0, 5] },
  'Test CodeBuild': { InputArtifacts: [1, 5], OutputArtifacts: [0, 5] },
  'Approval Manual': { InputArtifacts: [0, 0], OutputArtifacts: [0, 0] },
  'Deploy S3': { InputArtifacts: [1, 1], OutputArtifacts: [0, 0] },
  'Deploy CodeDeploy': { InputArtifacts: [1, 1], OutputArtifacts: [0, 0] },
  'Deploy CodeDeployToECS': { InputArtifacts: [1, 5], OutputArtifacts: [0, 0] },
  'Deploy ECS': { InputArtifacts: [1, 1], OutputArtifacts: [0, 0] },
  'Invoke Lambda': { InputArtifacts: [0, 5], OutputArtifacts: [0, 5] },
};

const pipelineArtifactCounts: Rule = {
  id: 'pipeline-artifact-counts',
  says: 'An action has as many input and output artifacts as its provider requires.',
  aws: 'CodePipeline rejects the pipeline: `Action ... declares 0 input artifacts which is less than the minimum count (1)`.',
  fix: 'Remove the excess artifacts, or add the missing ones.',
  *judge(template: Template) {
    yield* allActions(template).flatMap((action) => [...miscounted(action, 'InputArtifacts'), ...miscounted(action, 'OutputArtifacts')]);
  },
};

function miscounted({ value, kind, label }: Action, list: 'InputArtifacts' | 'OutputArtifacts'): Finding[] {
  const artifacts = value.at(list);
  const [min, max] = ARTIFACT_COUNTS[kind]?.[list] ?? [0, Infinity];
  const { length } = artifacts.items;
  if (artifacts.open || (length >= min && length <= max)) { return []; }
  const allowed = min === max ? String(min) : `${min} to ${max}`;
  return [artifacts.missing
    ? value.finding(`the action ${label} has no ${list}, but ${kind} requires ${allowed}`)
    : artifacts.finding(`the action ${label} has ${length} ${list}, but ${kind} requires ${allowed}`)];
}

export const PIPELINE_RULES = [
  pipelineStages, pipelineArtifacts, pipelineNames, pipelineVariables, pipelineArtifactCounts,
];
