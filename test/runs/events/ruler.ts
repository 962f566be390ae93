import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

const CACHE = path.join(__dirname, '..', '..', '..', '.cache', 'events');
const LIBRARY = path.join(CACHE, 'event-ruler');

/** What AWS's own matcher is asked. */
export interface Question { readonly pattern: object; readonly event: object }

/** What event-ruler says: `true`, `false`, or what is wrong with the pattern. */
export function askRuler(questions: Question[]): string[] {
  if (!fs.existsSync(LIBRARY)) {
    execFileSync('mvn', ['-q', '-B', '-f', path.join(__dirname, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${LIBRARY}`], { stdio: 'inherit' });
  }
  const output = execFileSync('java', ['-cp', `${LIBRARY}/*`, path.join(__dirname, 'Matches.java')], {
    input: questions.map((question) => JSON.stringify(question)).join('\n'), encoding: 'utf8',
  });
  return output.trim().split('\n');
}
