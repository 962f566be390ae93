import { lintMarkdown } from './lint';
import { messagesOf } from './messages';

/** Pages with tables that a program writes. Their texts come from the sources, or from tools. */
const GENERATED_TABLES = /(update-matrix|template-checks|mutation-score)\.md$/;
/** An explanation of the constructs library that every class inherits. */
const FOREIGN = /^Explanation: in JavaScript, multiple copies of the `constructs`[^]*?type-testing method instead\.$/gm;

/** What the linter reports for a page, without code and generated tables. */
export async function findingsOfPage(page: string, text: string): Promise<string[]> {
  const own = text.replace(FOREIGN, blank);
  const written = GENERATED_TABLES.test(page) ? own.replace(/^\|.*$/gm, '') : own;
  return (await lintMarkdown(written)).map(({ line, message }) => `${page}:${line}: ${message}`);
}

/** As many lines, so that findings name the right ones. */
function blank(text: string): string {
  return text.replace(/.*/g, '');
}

/** What the linter reports for the messages of a source file. */
export async function findingsOfSource(name: string, source: string): Promise<string[]> {
  const findings = await Promise.all(messagesOf(name, source).map(async ({ line, text }) => {
    // the parts of a message are sentences of their own
    const found = await lintMarkdown(text.replace(/[;:] /g, '.\n\n').replace(/\n/g, '\n\n'));
    return found.map(({ message }) => `${name}:${line}: ${message}`);
  }));
  return findings.flat();
}
