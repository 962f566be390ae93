import { eventLines, eventPanel, markedEvents, marksOf, numberEvents } from './events';
import { Frame, narrowFrame, Panel, wideFrame } from './frame';
import { failurePanel, latencyPanel, trafficPanel } from './load';
import { alarmPanel, healthPanel, weightsPanel } from './rows';
import { timeAxis } from './scale';
import { figuresOf, pointsOf, secondsOf } from '../figures';
import { element, Markup } from '../markup';
import { ScenarioRecord } from '../record';

const AXIS_HEIGHT = 24;

/** Whether there is anything to draw. */
export function hasTimeline({ samples, events, weights, alarms, health }: ScenarioRecord): boolean {
  return [samples, events, weights, alarms, health].some((list) => list.length > 0);
}

/** The charts of a scenario on one time axis: a wide drawing, and one for a phone, of which the styles show one. */
export function renderTimelines(scenario: ScenarioRecord, description: string): Markup[] {
  const seconds = secondsOf(scenario);
  return [wideFrame(seconds), narrowFrame(seconds)].map((frame) => renderTimeline(frame, scenario, description));
}

function renderTimeline(frame: Frame, scenario: ScenarioRecord, description: string): Markup {
  const events = markedEvents(numberEvents(scenario.events), frame);
  const marks = marksOf(frame, events);
  const top = marks.length > 0 ? eventPanel(frame, marks) : { height: 0, content: [] };
  const charts = stack(chartsOf(frame, scenario));
  const height = top.height + charts.height + AXIS_HEIGHT;
  return element('svg', {
    'viewBox': `0 0 ${frame.width} ${Math.ceil(height)}`,
    'class': frame.narrow ? 'timeline narrow' : 'timeline wide',
    'role': 'img',
    'aria-label': description,
    'data-left': frame.left,
    'data-right': frame.right,
    'data-seconds': frame.seconds.toFixed(3),
  },
  element('g', { transform: `translate(0 ${top.height})` },
    eventLines(frame, events, charts.height),
    charts.content,
    element('g', { transform: `translate(0 ${Math.round(charts.height)})` }, timeAxis(frame)),
    element('line', { class: 'cursor', x1: 0, x2: 0, y1: 0, y2: Math.round(charts.height), visibility: 'hidden' })),
  top.content);
}

function chartsOf(frame: Frame, scenario: ScenarioRecord): Panel[] {
  const points = pointsOf(scenario.samples);
  const figures = figuresOf(scenario);
  const load = points.length > 0
    ? [trafficPanel(frame, points, figures), failurePanel(frame, points, figures), latencyPanel(frame, points)] : [];
  const rows = [healthPanel(frame, scenario.health), alarmPanel(frame, scenario.alarms)];
  return [weightsPanel(frame, scenario.weights), ...load, ...rows].filter((panel) => panel !== undefined);
}

function stack(panels: readonly Panel[]): { readonly height: number; readonly content: readonly Markup[] } {
  let y = 0;
  const content = panels.map((panel) => {
    const placed = element('g', { transform: `translate(0 ${Math.round(y)})` }, panel.content);
    y += panel.height;
    return placed;
  });
  return { height: y, content };
}
