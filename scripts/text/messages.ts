import * as ts from 'typescript';

/** A text of a source file that a user reads, such as an error, a mail, or a line of the build's log. */
export interface Message {
  readonly line: number;
  readonly text: string;
}

/** Stands for a value that the program fills in. */
const FILLED_IN = '`x`';

/** The messages of a source file. */
export function messagesOf(name: string, source: string): Message[] {
  return /\.[jt]s$/.test(name) ? messagesOfScript(source) : messagesOfShell(source);
}

/** The string literals of TypeScript or JavaScript that hold sentences. */
function messagesOfScript(source: string): Message[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const messages: Message[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && isProse(text)) {
      messages.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    }
    if (text === undefined) { node.forEachChild(visit); } else { filledIn(node).forEach(visit); }
  };
  visit(file);
  return messages;
}

/** What is between quotation marks in a line of bash or Python. */
function messagesOfShell(source: string): Message[] {
  return source.split('\n').flatMap((line, index) => (/^\s*#/.test(line) ? [] : [...line.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g)]
    .map(([, double, single]) => double ?? single)
    .map((text) => text.replace(/\$\{?\w+\}?|\{[^}]*\}|%s/g, FILLED_IN))
    .filter(isProse)
    .map((text) => ({ line: index + 1, text }))));
}

/** A text with what `+` and placeholders add to it. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) { return node.text; }
  if (ts.isTemplateExpression(node)) {
    return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(FILLED_IN);
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) { return undefined; }
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined ? undefined : `${left ?? FILLED_IN}${right ?? FILLED_IN}`;
}

/** The expressions that fill in a text, which can contain a text of their own, as in `a ? 'b' : 'c'`. */
function filledIn(node: ts.Node): ts.Node[] {
  if (ts.isTemplateExpression(node)) { return node.templateSpans.map(({ expression }) => expression); }
  if (!ts.isBinaryExpression(node)) { return []; }
  return [node.left, node.right].flatMap((side) => textOf(side) === undefined ? [side] : filledIn(side));
}

/** Four words in a row, not a name, a pattern, or code. */
function isProse(text: string): boolean {
  return /(?:[\p{L}'`,]+ ){3}[\p{L}'`]+/u.test(text);
}
