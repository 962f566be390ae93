import { all, parseXml, textOf } from './parse';
import { badHealthPath, empty, longTexts, outOfMemory, recordOf, release, typical } from './records';
import { renderJUnit } from '../../../packages/rehearsal/src/report/junit';

const suiteOf = (xml: string) => all(parseXml(xml), 'testsuite')[0];

test('JUnit XML has one test case per scenario, and counts them', () => {
  const suite = suiteOf(renderJUnit(typical));
  expect(all(suite, 'testcase').map((one) => one.getAttribute('name'))).toEqual(typical.scenarios.map(({ name }) => name));
  expect(['tests', 'failures', 'errors', 'skipped', 'time'].map((name) => suite.getAttribute(name))).toEqual(['6', '1', '0', '1', '172.000']);
});

test('JUnit XML has the requirement and the remedy of a failure', () => {
  const [failure] = all(parseXml(renderJUnit(recordOf(badHealthPath))), 'failure');
  expect(failure.getAttribute('message')).toBe(badHealthPath.finding);
  expect(textOf(failure)).toBe(`Required: ${badHealthPath.requirement}\nHappened: ${badHealthPath.finding}\nHow to fix it: ${badHealthPath.remedy}`);
});

test('JUnit XML does not promise a fix for a failure that has none', () => {
  const [failure] = all(parseXml(renderJUnit(recordOf({ ...badHealthPath, remedy: undefined }))), 'failure');
  expect(textOf(failure)).not.toContain('How to fix it');
});

test('JUnit XML says why a scenario was skipped', () => {
  const [skipped] = all(parseXml(renderJUnit(recordOf(outOfMemory))), 'skipped');
  expect(skipped.getAttribute('message')).toBe(outOfMemory.finding);
});

test('JUnit XML has the events of each scenario as output, and the facts as properties', () => {
  const suite = suiteOf(renderJUnit(recordOf(release)));
  expect(textOf(all(suite, 'system-out')[0])).toContain('  0:14 traffic: 10 % to green');
  const properties = all(suite, 'property').map((one) => [one.getAttribute('name'), one.getAttribute('value')]);
  expect(properties).toContainEqual(['requests', '28412']);
  expect(properties).toContainEqual(['speed', '20']);
});

test.each([['typical', typical], ['empty', empty], ['long', recordOf(longTexts)]])(
  'JUnit XML of a record that is %s has the elements and attributes that the schema requires, in its order', (_, record) => {
    const document = parseXml(renderJUnit(record));
    const suite = all(document, 'testsuite')[0];
    expect([...document.documentElement?.attributes ?? []]).toEqual([]);
    const children = [...suite.childNodes].map(({ nodeName }) => nodeName).filter((name) => name !== '#text');
    expect(children.filter((name) => name !== 'testcase')).toEqual(['properties', 'system-out', 'system-err']);
    expect(suite.getAttribute('timestamp')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    for (const name of ['name', 'package', 'id', 'hostname', 'tests', 'failures', 'errors', 'time']) {
      expect(suite.getAttribute(name)).toMatch(/./);
    }
    for (const one of all(suite, 'testcase')) {
      expect([...one.attributes].map(({ name }) => name)).toEqual(['name', 'classname', 'time']);
    }
  });

test('JUnit XML leaves out a fact that is not known', () => {
  expect(renderJUnit({ ...typical, facts: { ...typical.facts, processes: undefined } })).not.toContain('processes');
});

test('JUnit XML has no control characters', () => {
  const [failure] = all(parseXml(renderJUnit(recordOf(longTexts))), 'failure');
  expect(failure.getAttribute('message')).toMatch(/^<script>alert\("1"\)<\/script> & 'quotes' 312 of/);
});
