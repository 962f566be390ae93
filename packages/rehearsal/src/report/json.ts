import { conclusionOf, figuresOf, verdictOf } from './figures';
import { RehearsalRecord } from './record';

/** Increases when a property changes its meaning or disappears; new properties leave it as it is. */
export const SCHEMA_VERSION = 1;

/** The whole record, for programs, with the verdict and the totals of each scenario. */
export function renderJson(record: RehearsalRecord): string {
  const scenarios = record.scenarios.map(({ samples, ...scenario }) => {
    const { requests, failed, failures } = figuresOf({ samples });
    return { ...scenario, totals: { requests, failed, failures }, samples };
  });
  const head = { schemaVersion: SCHEMA_VERSION, verdict: verdictOf(record), conclusion: conclusionOf(record) };
  return `${JSON.stringify({ ...head, ...record, scenarios }, undefined, 2)}\n`;
}
