import * as fs from 'fs';
import * as path from 'path';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CASES, FINE } from './cases';
import { append, change, Edit, set, synthesizeProfile } from './edits';
import { judge, judgeEdited } from './judge';
import { HandWrittenStack } from '../../bench/hand-written-stack';
import { RULES } from '../../src/template-checks/private/rules';
import { DOCS } from '../docs/pages';
import { PROFILE_NAMES } from '../integ/tap-stack';

const good = synthesizeProfile('prod');
const ids = RULES.map(({ id }) => id);

test('each rule has an id of its own, a fault that it finds and a change that it has nothing against', () => {
  expect(new Set(ids).size).toBe(ids.length);
  expect([...new Set(CASES.map(({ rule }) => rule))].sort()).toEqual([...ids].sort());
  expect([...new Set(FINE.map(({ rule }) => rule))].sort()).toEqual([...ids].sort());
});

describe.each(ids)('%s', (id) => {
  test.each(CASES.filter(({ rule }) => rule === id))('finds: $fault', ({ edits, says }) => {
    const found = judgeEdited(good, edits).filter((finding) => finding.startsWith(`${id}: `));
    expect(found).toEqual(says.map((text) => `${id}: ${text}`));
    expect(found.length).toBeGreaterThan(0);
  });

  test.each(FINE.filter(({ rule }) => rule === id))('leaves: $what', ({ edits }) => {
    expect(judgeEdited(good, edits)).toEqual([]);
  });
});

test.each(PROFILE_NAMES)('nothing is found in the profile %s', (profile) => {
  expect(judge(synthesizeProfile(profile))).toEqual([]);
});

test('nothing is found in a stack that is written by hand', () => {
  const stack = new HandWrittenStack(new App(), 'Stack', { environmentSuffix: 'dev', email: 'devops@example.com', removalPolicy: RemovalPolicy.DESTROY });
  expect(judge(Template.fromStack(stack).toJSON())).toEqual([]);
});

test.each([
  ['nothing', undefined],
  ['a text', 'Resources'],
  ['a list of resources', { Resources: [{ Type: 'AWS::ECS::Service' }] }],
  ['a resource that is null', { Resources: { Service: null } }],
  ['a resource that is a text', { Resources: { Service: 'AWS::ECS::Service' } }],
  ['a resource without a type', { Resources: { Service: { Properties: {} } } }],
  ['a resource without properties', { Resources: { Service: { Type: 'AWS::ECS::Service' } } }],
  ['an attribute of no form', { Resources: { Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { 'Fn::GetAtt': 5 }, LoadBalancers: [{ TargetGroupArn: { 'Fn::GetAtt': ['A', 5] } }] } } } }],
  ['a join of no form', { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: { 'Fn::Join': ['-', 'a'] } } } } }],
  ['a join of no separator', { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: { 'Fn::Join': [{}, ['a']] } } } } }],
  ['a text of null', { Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 'A', Arn: 'a', InputTransformer: { InputTemplate: { 'Fn::Join': ['', [null]] } } }] } } } }],
])('%s is read as it is', (_, json) => {
  expect(judge(json)).toEqual([]);
});

test('a resource without a type is no resource that something could name by mistake', () => {
  const untyped: Edit = ({ Resources }) => { Object.assign(Resources, { Untyped: { Properties: {} } }); };
  expect(judgeEdited(good, [untyped, set('CodePipeline::Pipeline', 'Stages/1/Actions/0/Configuration/ProjectName', { Ref: 'Untyped' })])).toEqual([]);
});

test('an attribute may be written as a text, and a list may hold what is left out', () => {
  const edits = [
    change('CodePipeline::Pipeline', 'Stages/1/Actions/0/RoleArn', (value) => ({ 'Fn::GetAtt': (value as { 'Fn::GetAtt': string[] })['Fn::GetAtt'].join('.') })),
    append('CodePipeline::Pipeline', 'Stages', { Ref: 'AWS::NoValue' }),
  ];
  expect(judgeEdited(good, edits)).toEqual([]);
  expect(judgeEdited(good, [...edits, set('IAM::Role BuildActionRole', 'AssumeRolePolicyDocument/Statement/0/Principal', { Service: 'x.amazonaws.com' })]))
    .toEqual([expect.stringContaining('is assumed by the role of the pipeline, but trusts x.amazonaws.com')]);
});

describe('the page about the rules', () => {
  const file = path.join(DOCS, 'template-checks.md');
  const isRow = (line: string) => line.startsWith('| `');
  const rows = RULES.map(({ id, says, aws, fix }) => `| \`${id}\` | ${[says, aws, fix].join(' | ')} |`);

  test('has them as they are, else: TEMPLATE_CHECKS_PAGE=write npx jest test/template-checks --coverage=false', () => {
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    if (process.env.TEMPLATE_CHECKS_PAGE === 'write') {
      const first = lines.findIndex((line) => line.startsWith('| ---')) + 1;
      fs.writeFileSync(file, [...lines.slice(0, first), ...rows, ...lines.slice(first).filter((line) => !isRow(line))].join('\n'));
    } else {
      expect(lines.filter(isRow)).toEqual(rows);
    }
  });
});
