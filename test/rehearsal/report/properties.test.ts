import * as fc from 'fast-check';
import { all, parsePage, parseXml, textOf } from './parse';
import { renderJson } from '../../../packages/rehearsal/src/report/json';
import { renderJUnit } from '../../../packages/rehearsal/src/report/junit';
import { renderHtml } from '../../../packages/rehearsal/src/report/page';
import { RehearsalEvent, RehearsalRecord, ScenarioRecord } from '../../../packages/rehearsal/src/report/record';

/** Text with markup, controls, and halves of pairs. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom('', '<b>', ']]>', '\ud800', '\u0000'),
);

/** Numbers that a record should have, and those that it must not have, but can. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 500 }) },
  { weight: 2, arbitrary: fc.float() },
  { weight: 1, arbitrary: fc.double() },
);
const KINDS: readonly RehearsalEvent['kind'][] = ['build', 'deployment', 'task', 'traffic', 'fault', 'rollback'];
const color = fc.constantFrom('blue' as const, 'green' as const);

const sample = fc.record({
  time: number,
  seconds: number,
  answers: fc.record({ blue: number, green: number, nobody: number }),
  failures: fc.record({ application: number, loadBalancer: number, connection: number, timeout: number }),
  latency: fc.option(fc.record({ median: number, p99: number, most: number }), { nil: undefined }),
});

const scenario: fc.Arbitrary<ScenarioRecord> = fc.record({
  name: text,
  description: text,
  requirement: text,
  verdict: fc.constantFrom('passed' as const, 'failed' as const, 'skipped' as const),
  finding: text,
  remedy: fc.option(text, { nil: undefined }),
  seconds: number,
  samples: fc.array(sample, { maxLength: 12 }),
  weights: fc.array(fc.record({ time: number, blue: number, green: number }), { maxLength: 5 }),
  events: fc.array(fc.record({
    time: number, kind: fc.constantFrom(...KINDS), text,
  }), { maxLength: 60 }),
  alarms: fc.array(fc.record({ time: number, alarm: text, state: fc.constantFrom('OK' as const, 'ALARM' as const) }), { maxLength: 12 }),
  health: fc.array(fc.record({
    time: number,
    task: text,
    color,
    state: fc.constantFrom('starting' as const, 'healthy' as const, 'unhealthy' as const, 'draining' as const, 'stopped' as const),
  }), { maxLength: 30 }),
});

const record: fc.Arbitrary<RehearsalRecord> = fc.record({
  pipeline: text,
  startedAt: text,
  speed: number,
  requestsPerSecond: number,
  facts: fc.record({
    machine: text,
    engine: text,
    containers: number,
    processes: fc.option(number, { nil: undefined }),
    builds: number,
    deployments: number,
    requests: number,
  }),
  scenarios: fc.array(scenario, { maxLength: 3 }),
  skipped: fc.array(fc.record({ what: text, why: text }), { maxLength: 3 }),
});

const NUMBERS = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'rx', 'data-left', 'data-right', 'data-seconds', 'data-time'];

function isWrong({ name, value }: { readonly name: string; readonly value: string }): boolean {
  if (name === 'width' || name === 'height') { return !/^\d+(\.\d+)?$/.test(value); }
  if (NUMBERS.includes(name)) { return !/^-?\d+(\.\d+)?$/.test(value); }
  if (name === 'd') { return !/^[MLHVZ\d .-]+$/.test(value); }
  return (name === 'transform' || name === 'viewBox') && !/^[a-z]*\(?[\d .-]+\)?$/.test(value);
}

test('any record becomes a well-formed page, whose drawings have numbers only', () => {
  fc.assert(fc.property(record, (drawn) => {
    const page = parsePage(renderHtml(drawn));
    expect(all(page, 'main').map(textOf).join()).not.toMatch(/NaN|undefined|Infinity/);
    const attributes = all(page, '*').flatMap((one) => [...one.attributes].map(({ name, value }) => ({ name, value })));
    expect(attributes.filter(isWrong)).toEqual([]);
  }), { numRuns: 60 });
});

test('any record becomes well-formed JUnit XML and JSON', () => {
  fc.assert(fc.property(record, (one) => {
    expect(all(parseXml(renderJUnit(one)), 'testcase')).toHaveLength(one.scenarios.length);
    expect(JSON.parse(renderJson(one)).scenarios).toHaveLength(one.scenarios.length);
  }), { numRuns: 60 });
});
