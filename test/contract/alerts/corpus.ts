import * as fs from 'fs';
import * as path from 'path';

/** An event as EventBridge gives it to rules. */
export interface Event { readonly [field: string]: unknown }

const FOLDER = path.join(__dirname, 'corpus');

/** Every event of the corpus, by its file and name, such as `pipeline: failed`. */
export const CORPUS: ReadonlyMap<string, Event> = new Map(fs.readdirSync(FOLDER).sort().flatMap((file) => {
  const events = JSON.parse(fs.readFileSync(path.join(FOLDER, file), 'utf8')) as { [name: string]: Event };
  return Object.entries(events).map(([name, event]): [string, Event] => [`${path.basename(file, '.json')}: ${name}`, event]);
}));
