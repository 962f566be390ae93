import { TxtNode } from '@textlint/ast-node-types';
import { TextlintRuleModule } from '@textlint/types';
import { split } from 'sentence-splitter';
import { StringSource } from 'textlint-util-to-string';

/**
 * Reports sentences with more words than allowed, in paragraphs and in cells of tables. Code in a sentence is one word.
 *
 * `textlint-rule-en-max-word-count` reads paragraphs only.
 */
export function sentenceLength(max: number): TextlintRuleModule {
  return ({ Syntax, RuleError, report, locator }) => {
    const check = (node: TxtNode): void => {
      const source = new StringSource(node as never, {
        replacer: ({ node: part, maskValue }) => (part.type === Syntax.Code ? maskValue('x') : undefined),
      });
      for (const sentence of split(source.toString())) {
        const words = sentence.type === 'Sentence' ? wordsOf(sentence.raw) : 0;
        if (words > max) {
          report(node, new RuleError(`A sentence of ${words} words (${max} at most): "${beginningOf(sentence.raw)}"`, {
            padding: locator.at(source.originalIndexFromIndex(sentence.range[0]) ?? 0),
          }));
        }
      }
    };
    return { [Syntax.Paragraph]: check, [Syntax.TableCell]: check };
  };
}

function wordsOf(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function beginningOf(sentence: string): string {
  return sentence.trim().split(/\s+/).slice(0, 8).join(' ');
}
