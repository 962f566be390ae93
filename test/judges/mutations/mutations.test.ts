import * as fs from 'fs';
import * as path from 'path';
import { Check, CHECKS, QUICK, VALIDATOR } from './checks';
import { Fault, FAULTS } from './faults';
import { Caught, COMMAND, nameOf, readReport, renderReport } from './report';
import { edited, synthesizeProfile, TemplateJson } from '../../template-checks/edits';

const FILE = path.join(__dirname, 'report.md');
const WRITE = process.env.MUTATIONS === 'write';
const LEAST = 80;

const good = synthesizeProfile('prod');
const committed = fs.existsSync(FILE) ? fs.readFileSync(FILE, 'utf8') : '';
const reported = readReport(committed);

/** What a check says of the good template, which is no answer to a fault. */
const verdicts = new Map<Check, Promise<string[]>>();

async function saysBeyond(check: Check, template: TemplateJson): Promise<string[]> {
  const before = verdicts.get(check) ?? Promise.resolve(check.judge(good));
  verdicts.set(check, before);
  const known = await before;
  return (await check.judge(template)).filter((problem) => !known.includes(problem));
}

async function caughtBy(template: TemplateJson, checks: Check[]): Promise<string[]> {
  const says = await Promise.all(checks.map((check) => saysBeyond(check, template)));
  return checks.filter((_, index) => says[index].length > 0).map(({ name }) => name);
}

/**
 * The validator is asked where the report says that it stands alone, since each answer of it takes a fifth of a second.
 */
async function judgeFault(fault: Fault): Promise<Caught> {
  const template = edited(good, fault.edit);
  const quick = await caughtBy(template, QUICK);
  const before = reported.get(nameOf(fault)) ?? [];
  const asked = WRITE || quick.length === 0 || !committed;
  const slow = asked ? await caughtBy(template, [VALIDATOR]) : before.filter((name) => name === VALIDATOR.name);
  return { fault, by: [...quick, ...slow] };
}

test.each(CHECKS.map((check) => [check.name, check] as const))('the check of %s has nothing against the good template', async (_, check) => {
  expect(await check.judge(good)).toEqual([]);
});

test(`there are ${LEAST} faults at least, of all parts, and each changes the template`, () => {
  const before = JSON.stringify(good);
  expect(FAULTS.length).toBeGreaterThanOrEqual(LEAST);
  expect(new Set(FAULTS.map(nameOf)).size).toBe(FAULTS.length);
  expect(FAULTS.filter(({ edit }) => JSON.stringify(edited(good, edit)) === before).map(nameOf)).toEqual([]);
});

test('what a check says of the good template counts for no fault', async () => {
  const stale: Check = { name: 'stale', what: 'one verdict on everything', judge: () => ['outdated'] };
  const alert: Check = { ...stale, judge: (template) => ['outdated', ...template === good ? [] : ['changed']] };
  expect(await caughtBy(edited(good), [stale, { ...alert, name: 'alert' }])).toEqual(['alert']);
});

test(`each fault is caught by a check, and by those that the report names, else: ${COMMAND}`, async () => {
  const caught: Caught[] = [];
  for (const fault of FAULTS) {
    caught.push(await judgeFault(fault));
  }
  expect(caught.filter(({ by }) => by.length === 0).map(({ fault }) => nameOf(fault))).toEqual([]);
  if (WRITE) {
    fs.writeFileSync(FILE, renderReport(caught));
  } else {
    expect(renderReport(caught)).toBe(committed);
  }
}, WRITE ? 400_000 : 120_000);
