import { figuresOf, timeOf } from './figures';
import { clock, count } from './format';
import { Content, element, Markup, render } from './markup';
import { RehearsalRecord, ScenarioRecord } from './record';

/**
 * One test case per scenario.
 *
 * Valid for the schema of Ant's JUnit task, which is the strictest of those in use: `testsuites` has no attributes, and
 * `properties`, `system-out` and `system-err` are always there.
 *
 * @see https://github.com/windyroad/JUnit-Schema
 */
export function renderJUnit(record: RehearsalRecord): string {
  const { scenarios } = record;
  const number = (verdict: ScenarioRecord['verdict']) => scenarios.filter((scenario) => scenario.verdict === verdict).length;
  const suite = element('testsuite', {
    name: token(record.pipeline),
    package: token(record.pipeline),
    id: '0',
    timestamp: timestamp(record.startedAt),
    hostname: 'localhost',
    tests: `${scenarios.length}`,
    failures: `${number('failed')}`,
    errors: '0',
    skipped: `${number('skipped')}`,
    time: seconds(scenarios.reduce((sum, scenario) => sum + timeOf(scenario.seconds), 0)),
  }, lines(properties(record), scenarios.map((scenario) => testCase(record, scenario)), output(record), element('system-err')));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(element('testsuites', {}, lines(suite)))}\n`;
}

function testCase(record: RehearsalRecord, scenario: ScenarioRecord): Markup {
  const attributes = { name: token(scenario.name), classname: token(`rehearsal.${record.pipeline}`), time: seconds(timeOf(scenario.seconds)) };
  if (scenario.verdict === 'skipped') { return element('testcase', attributes, element('skipped', { message: scenario.finding })); }
  if (scenario.verdict === 'passed') { return element('testcase', attributes); }
  const text = [`Required: ${scenario.requirement}`, `Happened: ${scenario.finding}`, ...scenario.remedy ? [`How to fix it: ${scenario.remedy}`] : []];
  return element('testcase', attributes, element('failure', { type: 'rehearsal', message: scenario.finding }, text.join('\n')));
}

function properties({ facts, speed, requestsPerSecond, skipped }: RehearsalRecord): Markup {
  const all: [string, string][] = [
    ...Object.entries({ ...facts, speed, requestsPerSecond }).filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, `${value}`]),
    ...skipped.map(({ what, why }): [string, string] => ['skipped', `${what}: ${why}`]),
  ];
  return element('properties', {}, all.map(([name, value]) => element('property', { name, value })));
}

function output({ scenarios }: RehearsalRecord): Markup {
  const text = scenarios.map((scenario) => {
    const { requests, failed } = figuresOf(scenario);
    const events = scenario.events.map(({ time, kind, text: what }) => `  ${clock(time)} ${kind}: ${what}`);
    return [`${scenario.name}: ${scenario.finding} (${count(requests)} requests, ${count(failed)} failed)`, ...events].join('\n');
  });
  return element('system-out', {}, text.join('\n'));
}

/** The schema requires at least one character. */
function token(text: string): string {
  return text.replace(/\s+/g, ' ').trim() || 'unnamed';
}

/** The schema does not allow a time zone. */
function timestamp(iso: string): string {
  const date = new Date(iso);
  const valid = !Number.isNaN(date.getTime()) && /^\d{4}-/.test(date.toISOString());
  return (valid ? date : new Date(0)).toISOString().slice(0, 19);
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function lines(...content: Content[]): Content {
  return [{ markup: '\n' }, ...content.flat().map((one) => [one, { markup: '\n' }])];
}
