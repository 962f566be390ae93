import { conclusionOf, figuresOf, verdictOf } from './figures';
import { count, decimal, duration, moment } from './format';
import { element, Markup, render, trusted } from './markup';
import { RehearsalRecord, ScenarioRecord } from './record';
import { badge, renderScenario } from './scenario';
import { SCRIPT } from './script';
import { STYLES } from './styles';

/** What no rehearsal shows, however it ended. */
export const LIMITS: readonly { readonly what: string; readonly why: string }[] = [
  { what: 'IAM', why: 'No permission is checked: neither the roles of the pipeline and of the tasks, nor PassRole.' },
  { what: 'CloudFormation\'s update rules', why: 'The stack is not deployed, so neither replacements of resources nor failed updates occur.' },
  { what: 'AWS\'s timing', why: 'Waiting times are those of the template, divided by the speed. The delays of CodeDeploy, CloudWatch, and the load balancer differ.' },
  { what: 'Fargate', why: 'Tasks are containers on one machine: capacity, scheduling, network interfaces, and the delivery of secrets and logs are not those of AWS.' },
];

/** The whole report as one file, which loads nothing from elsewhere. */
export function renderHtml(record: RehearsalRecord): string {
  const head = element('head', {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', 'content': 'default-src \'none\'; style-src \'unsafe-inline\'; script-src \'unsafe-inline\'' }),
    element('title', {}, `Rehearsal of ${record.pipeline}`),
    element('style', {}, trusted(STYLES)));
  const body = element('body', {},
    patterns(),
    topOf(record),
    element('main', {}, overviewOf(record), record.scenarios.map((scenario, index) => renderScenario(scenario, idOf(index))), boundsOf(record)),
    footerOf(record),
    element('script', {}, trusted(SCRIPT)));
  return `<!DOCTYPE html>\n${render(element('html', { lang: 'en' }, head, body))}\n`;
}

function idOf(index: number): string {
  return `scenario-${index + 1}`;
}

/** The hatching of green, and of unhealthy tasks. */
function patterns(): Markup {
  const pattern = (id: string, size: number, ...content: Markup[]) =>
    element('pattern', { id, width: size, height: size, patternUnits: 'userSpaceOnUse' }, content);
  const square = (name: string, size: number) => element('rect', { width: size, height: size, class: name });
  return element('svg', { 'class': 'defs', 'aria-hidden': 'true' }, element('defs', {},
    pattern('green', 6, square('hatch-back', 6), element('path', { d: 'M-1 1L1 -1M0 6L6 0M5 7L7 5', class: 'hatch-line' })),
    pattern('unhealthy', 6, square('cross-back', 6), element('path', { d: 'M0 0L6 6M0 6L6 0', class: 'cross-line' }))));
}

function topOf(record: RehearsalRecord): Markup {
  const { facts } = record;
  const fact = (value: string, name: string) => element('li', {}, element('b', {}, value), element('span', {}, name));
  const noun = (value: number, one: string, several = `${one}s`) => fact(count(value), value === 1 ? one : several);
  return element('header', { class: 'top' },
    element('h1', {}, `Rehearsal of ${record.pipeline}`),
    element('div', { class: 'verdict' }, badge(verdictOf(record)), element('span', {}, conclusionOf(record))),
    element('p', { class: 'quiet' }, `${moment(record.startedAt)}. Waiting times pass ${decimal(record.speed)} times as fast as on AWS. `,
      `The load is ${decimal(record.requestsPerSecond)} requests per second.`),
    element('ul', { 'class': 'facts', 'aria-label': 'What was real' },
      noun(facts.requests, 'real request'),
      noun(facts.containers, 'real container'),
      noun(facts.builds, 'real build'),
      noun(facts.deployments, 'deployment'),
      facts.processes === undefined ? undefined : noun(facts.processes, 'process', 'processes')),
    element('p', { class: 'quiet' }, `On ${facts.machine}, with ${facts.engine}.`));
}

function overviewOf({ scenarios }: RehearsalRecord): Markup | undefined {
  if (scenarios.length === 0) { return undefined; }
  const columns = ['Verdict', 'Scenario', 'What happened', 'Requests', 'Failed', 'Time'];
  const head = columns.map((name, index) => element('th', index > 2 ? { scope: 'col', class: 'number' } : { scope: 'col' }, name));
  return element('section', { 'class': 'card', 'aria-label': 'All scenarios' },
    element('table', { class: 'overview' },
      element('thead', {}, element('tr', {}, head)),
      element('tbody', {}, scenarios.map((scenario, index) => overviewRow(scenario, idOf(index))))));
}

function overviewRow(scenario: ScenarioRecord, id: string): Markup {
  const { requests, failed } = figuresOf(scenario);
  const ran = scenario.verdict !== 'skipped';
  const number = (name: string, text: string) => element('td', { 'class': 'number', 'data-name': ran ? name : undefined }, text);
  return element('tr', {},
    element('td', {}, badge(scenario.verdict)),
    element('td', { class: 'name' }, element('a', { href: `#${id}` }, scenario.name)),
    element('td', {}, scenario.finding),
    number('Requests', ran ? count(requests) : ''),
    number('Failed', ran ? count(failed) : ''),
    number('Time', ran ? duration(scenario.seconds) : ''));
}

/** What was skipped, and what cannot be rehearsed. */
function boundsOf({ skipped }: RehearsalRecord): Markup[] {
  const list = (rows: readonly { readonly what: string; readonly why: string }[]) => element('dl', { class: 'why' },
    rows.map(({ what, why }) => [element('dt', {}, what), element('dd', {}, why)]));
  return [
    ...skipped.length === 0 ? [] : [element('section', { class: 'card' },
      element('h2', {}, 'Skipped'),
      element('p', { class: 'quiet' }, 'The template has these, and the rehearsal did not run them.'),
      list(skipped))],
    element('section', { class: 'card' }, element('h2', {}, 'What a rehearsal does not show'), list(LIMITS)),
  ];
}

function footerOf({ startedAt }: RehearsalRecord): Markup {
  return element('footer', { class: 'quiet' },
    `Written by cdk-blue-green-rehearsal. Started at ${startedAt}. Times are in minutes and seconds from the start of a scenario, as they passed on this machine.`);
}
