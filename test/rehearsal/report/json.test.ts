import { empty, recordOf, release, typical } from './records';
import { renderJson, SCHEMA_VERSION } from '../../../packages/rehearsal/src/report/json';

test('JSON has the version of its schema, the verdict, and the whole record', () => {
  const document = JSON.parse(renderJson(typical));
  expect(document).toMatchObject({ schemaVersion: SCHEMA_VERSION, verdict: 'failed', ...typical });
});

test('JSON has the totals of each scenario', () => {
  const [scenario] = JSON.parse(renderJson(recordOf(release))).scenarios;
  const failures = { application: 0, loadBalancer: 0, connection: 0, timeout: 0 };
  expect(scenario.totals).toEqual({ requests: 9600, failed: 0, failures });
});

test('JSON of an empty record is valid', () => {
  expect(JSON.parse(renderJson(empty))).toMatchObject({ verdict: 'skipped', conclusion: 'No scenario ran.', scenarios: [] });
});
