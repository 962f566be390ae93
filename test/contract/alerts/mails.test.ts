import * as fs from 'fs';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CORPUS } from './corpus';
import { DeployedRule } from './deployed-rules';
import { matches, render } from './event-bridge';
import { eventFailures } from './judge';
import { EXPECTED } from './matrix';
import { STACKS } from './stacks';
import { createTapStack } from '../../integ/tap-stack';

const MAILS = path.join(__dirname, 'mails');

const stacks = Object.entries(STACKS).map(([name, rulesOf]): [string, DeployedRule[]] => [name, rulesOf()]);
const [[, told], [, quiet], [, brief]] = stacks;

function passed(rules: DeployedRule[], event: string): string[] {
  return rules.filter(({ pattern }) => matches(pattern, CORPUS.get(event))).map(({ role }) => role).sort();
}

describe.each(stacks)('%s:', (stack, rules) => {
  test.each([...CORPUS.keys()])('%s reaches whom it must, and nobody else', (event) => {
    expect(passed(rules, event)).toEqual(EXPECTED[stack](event).sort());
  });
});

test.each([
  ['default', 'the sample app', 'dev'], ['prod', 'the sample app in production', 'prod'],
])('the rules of the sample profile %s tell of the same', (profile, stack, environmentSuffix) => {
  const app = new App({ context: { profile, environmentSuffix, certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1' } });
  expect(eventFailures(Template.fromStack(createTapStack(app)).toJSON(), stack, environmentSuffix)).toEqual([]);
});

test('one failed build makes four events, of which two are told of and all are kept', () => {
  const events = ['build: failed', 'action: build failed', 'stage: failed', 'pipeline: failed'];
  const all = events.flatMap((event) => passed(told, event));
  expect(all.filter((role) => role !== 'activity').sort()).toEqual(['action-failed', 'pipeline-failed']);
  expect(all.filter((role) => role === 'activity')).toHaveLength(events.length);
});

test.each([
  'pipeline: superseded', 'pipeline: stopped', 'pipeline: stopping', 'stage: stopped', 'action: build abandoned',
])('%s wakes nobody', (event) => {
  expect(passed(quiet, event)).toEqual(['activity']);
});

test('the first execution on an empty repository is told of like any other, with the reason of its source', () => {
  expect(['action: source failed', 'pipeline: failed first'].flatMap((event) => passed(quiet, event)).filter((role) => role !== 'activity'))
    .toEqual(['action-failed', 'pipeline-failed']);
});

/**
 * What arrives by each rule that tells of an event: the first target is the alerts' topic, the second the one of the
 * chats.
 */
const arrivingBy = (rules: DeployedRule[], prefix = '') => [...CORPUS].flatMap(([name, event]) => rules
  .filter(({ role, pattern }) => !['activity', 'image-marks'].includes(role) && matches(pattern, event))
  .map(({ targets: [text, chat] }): [string, string, string] => [
    `${prefix}${name.replace(/\W+/g, '-').toLowerCase()}`,
    render(text.InputTransformer!, event),
    render(chat.InputTransformer!, event),
  ]));

/** The one message of two events is looked at with both. */
const BRIEF = ['pipeline: failed', 'deployment: failure'];

const arriving = [
  ...arrivingBy(told),
  ...arrivingBy(brief, 'brief-').filter(([name]) => BRIEF.some((event) => name === `brief-${event.replace(': ', '-')}`)),
];

test('nothing but what arrives is among the mails', () => {
  const files = arriving.flatMap(([name]) => [`${name}.txt`, `${name}.chat.json`]);
  if (process.env.MAILS === 'write') {
    fs.rmSync(MAILS, { recursive: true, force: true });
    fs.mkdirSync(MAILS);
    arriving.forEach(([name, text, chat]) => {
      fs.writeFileSync(path.join(MAILS, `${name}.txt`), `${text}\n`);
      fs.writeFileSync(path.join(MAILS, `${name}.chat.json`), `${JSON.stringify(JSON.parse(chat), null, 2)}\n`);
    });
  }
  expect(fs.readdirSync(MAILS).sort()).toEqual(files.sort());
});

describe.each(arriving)('the message of %s', (name, text, chat) => {
  test('is the committed one', () => {
    expect(`${text}\n`).toBe(fs.readFileSync(path.join(MAILS, `${name}.txt`), 'utf8'));
  });

  test('says application and environment, since when, and the page', () => {
    expect(text).toMatch(/^"orders \(prod\): /);
    expect(text).toMatch(/^"Application: orders"$/m);
    expect(text).toMatch(/^"Environment: prod"$/m);
    expect(text).toMatch(/^"Time: 2026-11-29T18:0\d:\d\d/m);
    expect(text).toMatch(/^"Details: https:\/\/eu-west-1\.console\.aws\.amazon\.com\/[^<>" ]+"$/m);
  });

  test('has no field that nothing filled', () => {
    expect(text + chat).not.toMatch(/<[a-z][\w-]*>/);
  });

  test('is valid for the chat', () => {
    expect(JSON.parse(chat)).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: { textType: 'client-markdown', title: expect.stringMatching(/^orders \(prod\): /), description: expect.any(String) },
      metadata: { threadId: expect.stringMatching(/./), summary: expect.any(String) },
    });
    expect(`${JSON.stringify(JSON.parse(chat), null, 2)}\n`).toBe(fs.readFileSync(path.join(MAILS, `${name}.chat.json`), 'utf8'));
  });
});
