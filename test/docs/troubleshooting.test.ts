import * as fs from 'fs';
import * as path from 'path';
import { DOCS, FILLED_IN, ROOT } from './pages';
import { messagesOf } from '../../scripts/text/messages';

const PAGE = fs.readFileSync(path.join(DOCS, 'troubleshooting.md'), 'utf8');
const SECTION = 'Fix an error or a warning at synth';
/** Messages of CDK itself. */
const OF_CDK = ['Cannot add assets to a Stack that uses the BootstraplessSynthesizer', 'undeployable, dependency cycle', "Given VPC 'availabilityZones' ... must be a subset of the stack's availability zones"];
/** Messages without a fixed beginning: those of a kind, not of one option. */
const OF_A_KIND = ["'...' must be ... [path]", "'...' must be true or false", "'...' is now '...'; rename it", "'...' is not an option; the options are ..."];

const messages = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => messagesOf(file, fs.readFileSync(path.join(ROOT, 'src', file), 'utf8')))
  .map(({ text }) => withoutValues(text.replaceAll('`x`', FILLED_IN)));

/** The messages in the first column of a section. */
function quotesIn(page: string, section: string): string[] {
  const [, text] = page.split(`\n## ${section}\n`);
  return text.split('\n## ')[0].split('\n').flatMap((line) => /^\| `([^`]+)` \|/.exec(line)?.[1] ?? []);
}

function missingMessages(quotes: string[]): string[] {
  return quotes.filter((quote) => {
    // the name of the option is often an argument
    const parts = withoutValues(quote).replace(/^\.\.\. must /, '').split(FILLED_IN);
    const pattern = new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
    return !messages.some((message) => pattern.test(message));
  });
}

/** The page may show a value where the source fills one in. */
function withoutValues(message: string): string {
  return message.replace(/'[^'\s]*'|\d+/g, FILLED_IN);
}

describe('the page for troubleshooting', () => {
  const quotes = quotesIn(PAGE, SECTION);

  test('quotes messages as src writes them', () => {
    expect(quotes.length).toBeGreaterThan(40);
    expect(missingMessages(quotes.filter((quote) => ![...OF_CDK, ...OF_A_KIND].includes(quote)))).toEqual([]);
  });

  test('would be found with a message that src does not write', () => {
    expect(missingMessages(["'taskSubnets' must be closed to the tasks", 'the tasks have no ingress'])).toHaveLength(2);
  });
});
