import { FAILURES, Figures, figuresOf, secondsOf } from './figures';
import { clock, count, countOf, duration, milliseconds, percent } from './format';
import { element, Markup } from './markup';
import { FailureKind, ScenarioRecord, Verdict } from './record';
import { details, renderTables } from './tables';
import { NumberedEvent, numberEvents, toneOfKind } from './timeline/events';
import { alarmsThatRang } from './timeline/rows';
import { hasTimeline, renderTimelines } from './timeline/timeline';

/** A longer list of events is folded. */
const MOST_OPEN_EVENTS = 24;

/** With a sign, so that the verdict does not depend on its color. */
export const VERDICTS: Readonly<Record<Verdict, string>> = { passed: '✓ Passed', failed: '✗ Failed', skipped: '– Skipped' };

export function badge(verdict: Verdict): Markup {
  return element('span', { class: `badge ${verdict}` }, VERDICTS[verdict]);
}

/** All about one scenario: the verdict first, then the reasons, the charts, and the figures. */
export function renderScenario(scenario: ScenarioRecord, id: string): Markup {
  const figures = figuresOf(scenario);
  return element('section', { 'class': 'card scenario', id, 'aria-labelledby': `${id}-name` },
    element('div', { class: 'heading' }, badge(scenario.verdict), element('h2', { id: `${id}-name` }, scenario.name)),
    element('p', { class: 'quiet' }, scenario.description),
    element('p', { class: 'finding' }, scenario.finding),
    element('dl', { class: 'why' }, element('dt', {}, 'Required'), element('dd', {}, scenario.requirement)),
    remedyOf(scenario),
    scenario.verdict === 'skipped' ? undefined : numbersOf(scenario, figures),
    scenario.events.length > MOST_OPEN_EVENTS ? element('p', { class: 'quiet' }, 'The charts mark the most important events only; the list below has all of them.') : undefined,
    hasTimeline(scenario) ? drawingOf(scenario, figures) : undefined,
    stepsOf(numberEvents(scenario.events)),
    renderTables(scenario, figures));
}

function remedyOf({ verdict, remedy }: ScenarioRecord): Markup | undefined {
  return verdict === 'failed' && remedy ? element('p', { class: 'remedy' }, element('b', {}, 'How to fix it: '), remedy) : undefined;
}

function numbersOf(scenario: ScenarioRecord, { requests, failed, failures, latency }: Figures): Markup {
  const item = (value: string, name: string, bad = false) => element('li', bad ? { class: 'bad' } : {}, element('b', {}, value), ' ', element('span', {}, name));
  const kinds = (Object.keys(FAILURES) as FailureKind[]).filter((kind) => failures[kind] > 0)
    .map((kind) => `${count(failures[kind])} × ${FAILURES[kind]}`).join(', ');
  const load = requests === 0 ? [] : [
    item(count(requests), requests === 1 ? 'request' : 'requests'),
    item(count(failed), failed > 0 ? `failed (${percent(failed / requests)}: ${kinds})` : 'failed', failed > 0),
  ];
  const speed = latency ? [item(milliseconds(latency.median), 'median'), item(milliseconds(latency.p99), 'highest p99')] : [];
  return element('ul', { class: 'numbers' }, load, speed, item(duration(scenario.seconds), 'long'));
}

function drawingOf(scenario: ScenarioRecord, figures: Figures): Markup {
  return element('div', { class: 'drawing' }, renderTimelines(scenario, descriptionOf(scenario, figures)), element('div', { class: 'tip', hidden: 'hidden' }));
}

/** What a screen reader says instead of the charts. */
function descriptionOf(scenario: ScenarioRecord, { requests, failed }: Figures): string {
  const alarms = alarmsThatRang(scenario);
  return [
    `Timeline of ${scenario.name}, ${duration(secondsOf(scenario))} long:`,
    `${countOf(requests, 'request')}, ${count(failed)} failed, ${countOf(scenario.events.length, 'event')},`,
    `${alarms.length > 0 ? `alarms that entered ALARM: ${alarms.join(', ')}` : 'no alarm entered ALARM'}. The tables below have the figures.`,
  ].join(' ');
}

function stepsOf(events: readonly NumberedEvent[]): Markup | undefined {
  if (events.length === 0) { return undefined; }
  const list = element('ol', { class: 'steps' }, events.map(({ number, time, text, kind }) => element('li', { class: toneOfKind(kind) },
    element('i', {}, `${number}`), element('i', {}, clock(time)), element('span', {}, text))));
  return events.length > MOST_OPEN_EVENTS ? details(`All ${countOf(events.length, 'event')}`, list)
    : element('div', {}, element('h3', {}, 'What happened'), list);
}
