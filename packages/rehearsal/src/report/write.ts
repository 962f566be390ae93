import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { renderJson } from './json';
import { renderJUnit } from './junit';
import { renderHtml } from './page';
import { RehearsalRecord } from './record';

/** Writes all reports into a directory, and returns the path of the page. */
export function writeReports(record: RehearsalRecord, directory: string): string {
  mkdirSync(directory, { recursive: true });
  const page = join(directory, 'index.html');
  writeFileSync(page, renderHtml(record));
  writeFileSync(join(directory, 'junit.xml'), renderJUnit(record));
  writeFileSync(join(directory, 'rehearsal.json'), renderJson(record));
  return page;
}
