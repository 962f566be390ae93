import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import terminology from 'textlint-rule-terminology';
import { sentenceLength } from './rules';
import { WORDS } from './words';

const MAX_WORDS = 25;
/** A sentence continues on the next line. */
const TERMS = WORDS.map(([from, to]) => [from.replace(/ /g, '\\s+'), to]);

/** What is wrong with a text, and where. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

/** Checks the words and the length of the sentences of a text in Markdown. Code is skipped. */
export async function lintMarkdown(text: string): Promise<Finding[]> {
  const { messages } = await new TextlintKernel().lintText(text, {
    ext: '.md',
    plugins: [{ pluginId: 'markdown', plugin: markdown }],
    rules: [
      { ruleId: 'sentence-length', rule: sentenceLength(MAX_WORDS) },
      { ruleId: 'terminology', rule: terminology, options: { defaultTerms: false, terms: TERMS, skip: [] } },
    ],
  });
  return messages.map(({ loc, message }) => ({ line: loc.start.line, message: message.replace(/\s+/g, ' ') }));
}
