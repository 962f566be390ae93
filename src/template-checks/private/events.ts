import { twins } from './pipelines';
import { Finding, Resource, Rule, Template, Value } from './template';
import { listed, parseJson, render, shortest, shown, textOf } from './text';

export const RULE = 'AWS::Events::Rule';

const TOP_LEVEL = ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail', 'replay-name', '$or'];
const MATCHERS = ['prefix', 'suffix', 'anything-but', 'numeric', 'exists', 'cidr', 'equals-ignore-case', 'wildcard'];

/** A quota that AWS raises on request. */
const MAX_PATTERN = 2048;

const eventPattern: Rule = {
  id: 'event-pattern',
  says: `An event pattern has the fields of an event, each leaf of it is a list of what may stand there, and it has ${MAX_PATTERN} characters at most.`,
  aws: 'The rule is refused: `Event pattern is not valid. Reason: "..." must be an object or an array`; an unknown field matches no event, ever; a longer pattern is refused for the quota.',
  fix: `Write each value as a list, as in \`source: ["aws.codepipeline"]\`, under ${TOP_LEVEL.slice(0, -1).join(', ')}; make two rules of one whose pattern is too long.`,
  *judge(template) {
    for (const rule of template.ofType(RULE)) {
      const pattern = patternOf(rule);
      yield* pattern.entries.filter(([key]) => !TOP_LEVEL.includes(key))
        .map(([key, value]) => value.finding(`the event pattern has ${JSON.stringify(key)}, and no event has such a field`));
      yield* pattern.missing ? [] : wrongNode(pattern);
      yield* tooLong(pattern);
      if (pattern.missing && rule.at('ScheduleExpression').missing) {
        yield rule.properties.finding('the rule has neither an event pattern nor a schedule');
      }
    }
  },
};

/** CloudFormation takes an object, and its JSON as text. */
function patternOf(rule: Resource): Value {
  const pattern = rule.at('EventPattern');
  return pattern.text === undefined ? pattern : new Value(rule, parseJson(pattern.text) ?? pattern.raw, 'Properties/EventPattern');
}

function tooLong(pattern: Value): Finding[] {
  const length = JSON.stringify(shortest(pattern.raw))?.length ?? 0;
  return length > MAX_PATTERN
    ? [pattern.finding(`the event pattern has ${length} characters or more, and EventBridge takes ${MAX_PATTERN} unless its quota is raised`)]
    : [];
}

function wrongNode(node: Value): Finding[] {
  if (node.unknown) { return []; }
  if (Array.isArray(node.raw)) { return wrongLeaf(node); }
  if (node.text !== undefined) { return [node.finding(`the event pattern has ${shown(node)} here, and a list of values belongs here`)]; }
  return node.entries.length === 0
    ? [node.finding('the event pattern has an empty object here, which matches nothing')]
    : node.entries.flatMap(([key, child]) => key === '$or' ? child.items.flatMap(wrongNode) : wrongNode(child));
}

function wrongLeaf(leaf: Value): Finding[] {
  if (Array.isArray(leaf.raw) && leaf.raw.length === 0) { return [leaf.finding('the event pattern has an empty list here, which matches nothing')]; }
  return leaf.items.flatMap((item) => item.entries.filter(([matcher]) => !MATCHERS.includes(matcher))
    .map(([matcher, value]) => value.finding(`the event pattern has the matcher ${JSON.stringify(matcher)}, and there are ${MATCHERS.join(', ')}`)));
}

const MAX_TARGETS = 5;

const eventTargets: Rule = {
  id: 'event-targets',
  says: 'A rule has five targets at most, each with an ARN, an id of its own, and a role if it is a pipeline, a build, a cluster or a state machine.',
  aws: 'The rule is refused: too many targets, a target that is not valid, or `RoleArn is required for target ...`.',
  fix: 'Make a second rule with the same pattern for the sixth target, and give each target its ARN, its own id and the role that may start it.',
  *judge(template) {
    for (const targets of template.ofType(RULE).map((rule) => rule.at('Targets'))) {
      if (targets.items.length > MAX_TARGETS) { yield targets.finding(`the rule has ${targets.items.length} targets, and ${MAX_TARGETS} are allowed`); }
      yield* targets.items.filter((target) => target.at('Arn').missing || target.at('Arn').text === '')
        .map((target) => target.finding(`the target ${shown(target.at('Id'))} has no ARN`));
      yield* targets.items.filter((target) => target.at('RoleArn').missing && needsRole(target.at('Arn')))
        .map((target) => target.finding(`the target ${shown(target.at('Id'))} is started by a role, and has no RoleArn`));
      yield* twins(targets.items.map((target) => target.at('Id')), (id) => `the target ${id} has the id of another one of the rule`);
    }
  },
};

/** The services whose resources have no policy of their own that could let EventBridge in. */
const WITHOUT_POLICY = /:(codepipeline|codebuild|ecs|states|kinesis|firehose|batch):/;

function needsRole(arn: Value): boolean {
  return WITHOUT_POLICY.test(textOf(arn)) || ['AWS::CodeBuild::Project', 'AWS::ECS::Cluster', 'AWS::StepFunctions::StateMachine'].includes(arn.referred?.type ?? '');
}

const eventTransformer: Rule = {
  id: 'event-transformer',
  says: 'The template of an input transformer uses what its paths name.',
  aws: 'The rule is refused: `InputTemplate for target ... contains invalid placeholder ...`.',
  fix: 'Add the placeholder to InputPathsMap, or correct its name in InputTemplate.',
  *judge(template: Template) {
    yield* template.ofType(RULE).flatMap((rule: Resource) => rule.at('Targets').items.map((target) => target.at('InputTransformer')))
      .flatMap((transformer) => strangePlaceholders(transformer.at('InputTemplate'), transformer.at('InputPathsMap')));
  },
};

function strangePlaceholders(input: Value, paths: Value): Finding[] {
  if (input.missing || paths.unknown) { return []; }
  const known = paths.entries.map(([name]) => name);
  const used = [...render(input.raw).text.matchAll(/<([\w.-]+)>/g)].map(([, name]) => name);
  return used.filter((name) => !known.includes(name) && !name.startsWith('aws.events.'))
    .map((name) => input.finding(`the template uses <${name}>, and the paths name ${listed(known)}`));
}

export const EVENT_RULES = [eventPattern, eventTargets, eventTransformer];
