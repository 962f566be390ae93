import { all, parsePage, textOf, withClass } from './parse';
import { badHealthPath, empty, errorsAfterShift, killedTask, longTexts, monthOf, outOfMemory, recordOf, release, typical } from './records';
import { LIMITS, renderHtml } from '../../../packages/rehearsal/src/report/page';
import { SCRIPT } from '../../../packages/rehearsal/src/report/script';

const pageOf = (...scenarios: Parameters<typeof recordOf>) => parsePage(renderHtml(recordOf(...scenarios)));
const sectionsOf = (...scenarios: Parameters<typeof recordOf>) => withClass(pageOf(...scenarios), 'section', 'scenario');

describe('the page', () => {
  test('loads nothing from elsewhere', () => {
    const html = renderHtml(typical);
    expect(html).not.toMatch(/(?:src|href)="(?!#)/);
    expect(html).not.toMatch(/url\((?!#)|@import|https?:/);
    expect(html).toContain("default-src 'none'".replaceAll("'", '&#39;'));
  });

  test.each([
    [recordOf(release), '✓ Passed', 'The scenario ended as required.'],
    [recordOf(release, killedTask), '✓ Passed', 'Both scenarios ended as required.'],
    [recordOf(release, killedTask, errorsAfterShift), '✓ Passed', 'All 3 scenarios ended as required.'],
    [recordOf(release, outOfMemory), '✓ Passed', 'The scenario ended as required; 1 was skipped.'],
    [recordOf(badHealthPath), '✗ Failed', 'The scenario did not end as required.'],
    [recordOf(release, badHealthPath, outOfMemory, outOfMemory), '✗ Failed', '1 of 2 scenarios did not end as required; 2 were skipped.'],
    [recordOf(outOfMemory), '– Skipped', 'No scenario ran; 1 was skipped.'],
    [empty, '– Skipped', 'No scenario ran.'],
  ])('says the verdict of the whole rehearsal first', (record, badge, conclusion) => {
    const [verdict] = withClass(parsePage(renderHtml(record)), 'div', 'verdict');
    expect(textOf(verdict)).toBe(`${badge}${conclusion}`);
  });

  test('counts what was real', () => {
    const [facts] = withClass(pageOf(release), 'ul', 'facts');
    expect(all(facts, 'li').map(textOf)).toEqual(['28,412real requests', '31real containers', '6real builds', '5deployments', '214processes']);
  });

  test('uses the singular for one', () => {
    const { facts } = typical;
    const ones = { requests: 1, containers: 1, builds: 1, deployments: 1, processes: 1 };
    const html = renderHtml({ ...typical, facts: { ...facts, ...ones } });
    const [list] = withClass(parsePage(html), 'ul', 'facts');
    expect(all(list, 'li').map(textOf)).toEqual(['1real request', '1real container', '1real build', '1deployment', '1process']);
  });

  test('links each row of the overview to its scenario', () => {
    const page = pageOf(release, badHealthPath);
    const [overview] = withClass(page, 'table', 'overview');
    const targets = all(overview, 'a').map((link) => link.getAttribute('href')?.slice(1));
    expect(targets).toEqual(withClass(page, 'section', 'scenario').map((section) => section.getAttribute('id')));
  });

  test('says what was skipped, and what a rehearsal does not show', () => {
    const text = textOf(pageOf(release));
    for (const { what, why } of [...typical.skipped, ...LIMITS]) {
      expect(text).toContain(`${what}${why}`);
    }
  });

  test('has no list of skipped parts if none was skipped', () => {
    const headings = all(parsePage(renderHtml({ ...typical, skipped: [] })), 'h2').map(textOf);
    expect(headings).not.toContain('Skipped');
    expect(headings).toContain('What a rehearsal does not show');
  });

  test('has ids that occur once', () => {
    const ids = all(pageOf(release, release, killedTask), '*').flatMap((element) => element.getAttribute('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a scenario', () => {
  test('shows how to fix it only if it failed', () => {
    const [failed, passed] = sectionsOf(badHealthPath, { ...release, remedy: 'Nothing to do.' });
    expect(textOf(withClass(failed, 'p', 'remedy')[0])).toBe(`How to fix it: ${badHealthPath.remedy}`);
    expect(withClass(passed, 'p', 'remedy')).toEqual([]);
  });

  test('shows its finding, its requirement, and its figures', () => {
    const [section] = sectionsOf(killedTask);
    expect(textOf(withClass(section, 'p', 'finding')[0])).toBe(killedTask.finding);
    expect(textOf(withClass(section, 'dl', 'why')[0])).toContain(killedTask.requirement);
    const figures = all(withClass(section, 'ul', 'numbers')[0], 'li').map(textOf);
    expect(figures.slice(0, 2)).toEqual(['8,000 requests', '318 failed (3.98 %: 48 × 5xx of the load balancer, 270 × broken connection)']);
  });

  test('has a table with the figures of each point, whose sums are those of the scenario', () => {
    const [table] = withClass(sectionsOf(killedTask)[0], 'table', 'points');
    const names = all(table, 'th').map(textOf);
    const rows = all(all(table, 'tbody')[0], 'tr').map((row) => all(row, 'td').map(textOf));
    const sum = (name: string) => rows.reduce((total, row) => total + Number(row[names.indexOf(name)]), 0);
    expect(rows).toHaveLength(killedTask.samples.length);
    expect([sum('Blue answers'), sum('Load balancer itself'), sum('Failed')]).toEqual([7682, 48, 318]);
    expect([sum('5xx of the load balancer'), sum('Broken connection')]).toEqual([48, 270]);
  });

  test('says how samples were combined, if they were', () => {
    const [month, short] = sectionsOf(monthOf(30), release);
    expect(textOf(month)).toContain('Each row combines up to 12 samples');
    expect(textOf(short)).not.toContain('Each row combines');
  });

  test('lists the changes of weights, tasks, and alarms', () => {
    const rows = all(sectionsOf(errorsAfterShift)[0], 'tr').map((row) => all(row, 'td').map(textOf));
    expect(rows).toContainEqual(['0:12', 'Traffic weights', 'blue 90 %, green 10 %']);
    expect(rows).toContainEqual(['0:24', 'Task green 1 (green)', 'draining']);
    expect(rows).toContainEqual(['0:21', 'Alarm Orders-Green5xx', 'ALARM']);
  });

  test('without a record of load has no chart', () => {
    const [section] = sectionsOf(outOfMemory);
    expect(all(section, 'svg')).toEqual([]);
    expect(all(section, 'table')).toEqual([]);
  });

  test('describes its charts to screen readers', () => {
    const [chart] = all(sectionsOf(errorsAfterShift)[0], 'svg');
    expect(chart.getAttribute('aria-label')).toBe('Timeline of errors-after-shift, 40 s long: 8,000 requests, 76 failed, 9 events, '
      + 'alarms that entered ALARM: Orders-Green5xx. The tables below have the figures.');
  });

  test('folds a long list of events', () => {
    const [month, short] = sectionsOf(monthOf(30), release);
    expect(all(month, 'summary').map(textOf)[0]).toBe('All 219 events');
    expect(all(short, 'h3').map(textOf)).toEqual(['What happened']);
  });
});

describe('hostile text', () => {
  const hostile = '</style></script><script>alert(1)</script><img src="x" onerror=\'alert(2)\'>&amp;\u0000\u001b[31m\ud800]]>';
  const clean = hostile.replace('\u0000\u001b[31m\ud800', '');
  const text = { name: hostile, description: hostile, requirement: hostile, finding: hostile, remedy: hostile };
  const record = {
    ...recordOf({
      ...badHealthPath,
      ...text,
      events: badHealthPath.events.map((event) => ({ ...event, text: hostile })),
      alarms: [{ time: 1, alarm: hostile, state: 'ALARM' as const }],
      health: [{ time: 1, task: hostile, color: 'blue' as const, state: 'healthy' as const }],
    }),
    pipeline: hostile,
    startedAt: hostile,
    facts: { ...typical.facts, machine: hostile, engine: hostile },
    skipped: [{ what: hostile, why: hostile }],
  };

  test('stays text wherever it is', () => {
    const page = parsePage(renderHtml(record));
    expect(all(page, 'script').map(textOf)).toEqual([SCRIPT]);
    expect(all(page, 'img')).toEqual([]);
    expect(withClass(page, 'p', 'finding').map(textOf)).toEqual([clean]);
    expect(all(page, '*').flatMap((element) => [...element.attributes].map(({ name }) => name)).filter((name) => name.startsWith('on'))).toEqual([]);
  });

  test('keeps no control character', () => {
    // eslint-disable-next-line no-control-regex -- these must not occur
    expect(renderHtml(record)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  test('of any length leaves the page well-formed', () => {
    expect(withClass(pageOf(longTexts), 'section', 'scenario')).toHaveLength(1);
  });
});

describe('the size', () => {
  test('of 14 scenarios, one of which has 30 releases, stays under 2 MB', () => {
    const html = renderHtml(recordOf(monthOf(30, 0.1), ...Array.from({ length: 13 }, () => monthOf(5, 0.1))));
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
  });
});

test('the script contains nothing that XML or HTML would read as markup', () => {
  expect(SCRIPT).not.toMatch(/[<&]/);
});
