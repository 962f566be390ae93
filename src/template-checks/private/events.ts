import { twins } from './pipelines';
import { Finding, Resource, Rule, Template, Value } from './template';
import { listed, parseJson, render, shortest, shown, textOf } from './text';

export const RULE = 'AWS::Events::Rule';

const TOP_LEVEL = ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail', 'replay-name', '$or'];
const MATCHERS = ['prefix', 'suffix', 'anything-but', 'numeric', 'exists', 'cidr', 'equals-ignore-case', 'wildcard'];

/** The default of a quota that AWS raises on request. */
const MAX_PATTERN = 2048;

const eventPattern: Rule = {
  id: 'event-pattern',
  says: `An event pattern contains only fields of an event, each leaf is a list of values, and the pattern has at most ${MAX_PATTERN} characters.`,
  aws: 'EventBridge rejects the rule: `Event pattern is not valid. Reason: "..." must be an object or an array`. An unknown field never matches an event. A longer pattern exceeds the quota.',
  fix: `Write each value as a list, as in \`source: ["aws.codepipeline"]\`, under ${TOP_LEVEL.slice(0, -1).join(', ')}; split a rule whose pattern is too long in two.`,
  *judge(template) {
    for (const rule of template.ofType(RULE)) {
      const pattern = patternOf(rule);
      yield* pattern.entries.filter(([key]) => !TOP_LEVEL.includes(key))
        .map(([key, value]) => value.finding(`the event pattern has the field ${JSON.stringify(key)}, which no event has`));
      yield* pattern.missing ? [] : wrongNode(pattern);
      yield* tooLong(pattern);
      if (pattern.missing && rule.at('ScheduleExpression').missing) {
        yield rule.properties.finding('the rule has neither an event pattern nor a schedule');
      }
    }
  },
};

/** The event pattern. CloudFormation accepts an object, or its JSON as a string. */
function patternOf(rule: Resource): Value {
  const pattern = rule.at('EventPattern');
  return pattern.text === undefined ? pattern : new Value(rule, parseJson(pattern.text) ?? pattern.raw, 'Properties/EventPattern');
}

function tooLong(pattern: Value): Finding[] {
  const length = JSON.stringify(shortest(pattern.raw))?.length ?? 0;
  return length > MAX_PATTERN
    ? [pattern.finding(`the event pattern has at least ${length} characters, but EventBridge accepts ${MAX_PATTERN} unless the quota is raised`)]
    : [];
}

function wrongNode(node: Value): Finding[] {
  if (node.unknown) { return []; }
  if (Array.isArray(node.raw)) { return wrongLeaf(node); }
  if (node.text !== undefined) { return [node.finding(`the event pattern has ${shown(node)} here instead of a list of values`)]; }
  return node.entries.length === 0
    ? [node.finding('the event pattern has an empty object here, which matches nothing')]
    : node.entries.flatMap(([key, child]) => key === '$or' ? child.items.flatMap(wrongNode) : wrongNode(child));
}

function wrongLeaf(leaf: Value): Finding[] {
  if (Array.isArray(leaf.raw) && leaf.raw.length === 0) { return [leaf.finding('the event pattern has an empty list here, which matches nothing')]; }
  return leaf.items.flatMap((item) => item.entries.filter(([matcher]) => !MATCHERS.includes(matcher))
    .map(([matcher, value]) => value.finding(`the event pattern has the unknown matcher ${JSON.stringify(matcher)}; the matchers are ${MATCHERS.join(', ')}`)));
}

const MAX_TARGETS = 5;

const eventTargets: Rule = {
  id: 'event-targets',
  says: 'A rule has at most five targets. Each target has an ARN, a unique id, and a role if it is a pipeline, a build, a cluster or a state machine.',
  aws: 'EventBridge rejects the rule: too many targets, a target that is not valid, or `RoleArn is required for target ...`.',
  fix: 'Create a second rule with the same pattern for the sixth target. Give each target its ARN, a unique id and the role that is allowed to start it.',
  *judge(template) {
    for (const targets of template.ofType(RULE).map((rule) => rule.at('Targets'))) {
      if (targets.items.length > MAX_TARGETS) { yield targets.finding(`the rule has ${targets.items.length} targets, but at most ${MAX_TARGETS} are allowed`); }
      yield* targets.items.filter((target) => target.at('Arn').missing || target.at('Arn').text === '')
        .map((target) => target.finding(`the target ${shown(target.at('Id'))} has no ARN`));
      yield* targets.items.filter((target) => target.at('RoleArn').missing && needsRole(target.at('Arn')))
        .map((target) => target.finding(`the target ${shown(target.at('Id'))} requires a role, but has no RoleArn`));
      yield* twins(targets.items.map((target) => target.at('Id')), (id) => `more than one target of the rule has the id ${id}`);
    }
  },
};

/** The services whose resources have no resource policy that could allow EventBridge. */
const WITHOUT_POLICY = /:(codepipeline|codebuild|ecs|states|kinesis|firehose|batch):/;

function needsRole(arn: Value): boolean {
  return WITHOUT_POLICY.test(textOf(arn)) || ['AWS::CodeBuild::Project', 'AWS::ECS::Cluster', 'AWS::StepFunctions::StateMachine'].includes(arn.referred?.type ?? '');
}

const eventTransformer: Rule = {
  id: 'event-transformer',
  says: 'The template of an input transformer uses only placeholders that its paths define.',
  aws: 'EventBridge rejects the rule: `InputTemplate for target ... contains invalid placeholder ...`.',
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
    .map((name) => input.finding(`the template uses <${name}>, but the paths define ${listed(known)}`));
}

export const EVENT_RULES = [eventPattern, eventTargets, eventTransformer];
