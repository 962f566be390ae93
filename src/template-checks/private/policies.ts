import { twins } from './pipelines';
import { statementsOf } from './statements';
import { Finding, Rule, Template, Value } from './template';
import { shortest } from './text';

const IAM_POLICIES = ['ManagedPolicy', 'Policy', 'RolePolicy', 'GroupPolicy', 'UserPolicy'].map((type) => `AWS::IAM::${type}`);
const IAM_PRINCIPALS = ['Role', 'Group', 'User'].map((type) => `AWS::IAM::${type}`);
const TOPIC_POLICIES = ['AWS::SNS::TopicPolicy', 'AWS::SNS::TopicInlinePolicy'];
const QUEUE_POLICIES = ['AWS::SQS::QueuePolicy', 'AWS::SQS::QueueInlinePolicy'];

const policySids: Rule = {
  id: 'policy-sids',
  says: 'The Sids in a policy of IAM, a topic or a queue are unique. If a topic policy has several statements, each of them has a Sid.',
  aws: 'AWS rejects the policy: `Statement IDs (SID) in a single policy must be unique`, or `Every policy statement must have a unique ID`.',
  fix: 'Give each statement a unique Sid, or omit it in a policy of IAM or of a queue.',
  *judge(template) {
    for (const document of [...documentsOf(template), ...topicDocumentsOf(template)]) {
      yield* twins(statementsOf(document).map((statement) => statement.at('Sid')), (sid) => `more than one statement of the policy has the Sid ${sid}`);
    }
    yield* topicDocumentsOf(template).flatMap(nameless);
  },
};

/** The longest policies, by resource type. IAM does not count white space. */
const MAX_LENGTHS: readonly [types: string[], property: string, length: number][] = [
  [['AWS::IAM::ManagedPolicy'], 'PolicyDocument', 6_144],
  [['AWS::IAM::Policy', 'AWS::IAM::RolePolicy'], 'PolicyDocument', 10_240],
  [['AWS::KMS::Key'], 'KeyPolicy', 32_768],
  [['AWS::S3::BucketPolicy'], 'PolicyDocument', 20_480],
  [QUEUE_POLICIES, 'PolicyDocument', 8_192],
];

const policySize: Rule = {
  id: 'policy-size',
  says: 'A policy is not longer than AWS allows, even with the shortest values for its references.',
  aws: 'The creation fails: `Cannot exceed quota for PolicySize: 6144`, `MalformedPolicy`, or `LimitExceededException`.',
  fix: 'Split the policy into several, or grant on fewer resources.',
  *judge(template) {
    for (const [types, property, length] of MAX_LENGTHS) {
      yield* template.ofType(...types).flatMap((resource) => tooLong(resource.at(property), length));
    }
  },
};

function tooLong(document: Value, length: number): Finding[] {
  const characters = (JSON.stringify(shortest(document.raw)) ?? '').replace(/\s/g, '').length;
  return characters <= length ? [] : [document.finding(`the policy has at least ${characters} characters, but at most ${length} are allowed`)];
}

function documentsOf(template: Template): Value[] {
  return [
    ...template.ofType(...IAM_POLICIES, ...QUEUE_POLICIES).map((policy) => policy.at('PolicyDocument')),
    ...template.ofType(...IAM_PRINCIPALS).flatMap((principal) => principal.at('Policies').items.map((policy) => policy.at('PolicyDocument'))),
  ];
}

function topicDocumentsOf(template: Template): Value[] {
  return template.ofType(...TOPIC_POLICIES).map((policy) => policy.at('PolicyDocument'));
}

/** Findings for statements without a Sid. For SNS, their Sids are equal. */
function nameless(document: Value): Finding[] {
  const without = statementsOf(document).filter((statement) => !statement.unknown && statement.at('Sid').missing);
  return without.slice(1).map((statement) => statement.finding('more than one statement of the policy has no Sid'));
}

export const POLICY_RULES = [policySids, policySize];
