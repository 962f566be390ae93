import { Token } from 'aws-cdk-lib';

/** A value of a template after CDK has resolved it. */
export type Json = string | number | boolean | null | undefined | Json[] | JsonObject;
/** An object, or an intrinsic function. */
export interface JsonObject { [key: string]: Json }

/** A piece of text, or an intrinsic function that returns one. */
type Fragment = string | JsonObject;

/** Text with intrinsic functions. */
export type Text = Fragment[];

/** Text that a condition of the template decides about. */
interface Conditional { readonly condition: Json; readonly then: Choice; readonly otherwise: Choice }

/** Text, nothing for `AWS::NoValue`, or one of the two by a condition. */
export type Choice = Text | undefined | Conditional;

const NO_VALUE = 'AWS::NoValue';

/** The name of the function if a value is an intrinsic function. */
export function intrinsicOf(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return undefined; }
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::')) ? name : undefined;
}

/** Whether a value removes the property that it is given for. */
export function isNoValue(value: Json): boolean {
  return intrinsicOf(value) === 'Ref' && (value as JsonObject).Ref === NO_VALUE;
}

/** Text as a string that CDK resolves. */
export function toToken(text: Text): string {
  return text.map((fragment) => typeof fragment === 'string' ? fragment : Token.asString(fragment)).join('');
}

/** The text of an object or a list without its brackets. Members without a value have no comma. */
export function separated(choices: Choice[]): Text {
  const certain = choices.findIndex(isCertain);
  if (certain < 0) { return separatedUncertain(choices); }
  return [
    ...choices.slice(0, certain).flatMap((choice) => fold(choice, (text) => [...text, ','])),
    ...fold(choices[certain], (text) => text),
    ...choices.slice(certain + 1).flatMap(withComma),
  ];
}

/** Only the first member that has a value lacks a comma, so each member decides about the text of all later members. */
function separatedUncertain([first, ...others]: Choice[]): Text {
  if (others.length === 0) { return fold(first, (text) => text); }
  return fold(first, (text) => [...text, ...others.flatMap(withComma)], () => separatedUncertain(others));
}

function withComma(choice: Choice): Text {
  return fold(choice, (text) => [',', ...text]);
}

function isCertain(choice: Choice): boolean {
  if (choice === undefined || Array.isArray(choice)) { return choice !== undefined; }
  return isCertain(choice.then) && isCertain(choice.otherwise);
}

/** The text for each value of the conditions. */
export function fold(choice: Choice, present: (text: Text) => Text, absent: () => Text = () => []): Text {
  if (choice === undefined) { return absent(); }
  if (Array.isArray(choice)) { return present(choice); }
  const [then, otherwise] = [choice.then, choice.otherwise].map((branch) => join(fold(branch, present, absent)));
  return [{ 'Fn::If': [choice.condition, then, otherwise] }];
}

/** A choice with the same conditions and other text. */
export function mapText(choice: Choice, change: (text: Text) => Text): Choice {
  if (choice === undefined) { return undefined; }
  if (Array.isArray(choice)) { return change(choice); }
  return { ...choice, then: mapText(choice.then, change), otherwise: mapText(choice.otherwise, change) };
}

function join(text: Text): Fragment {
  return text.every((fragment) => typeof fragment === 'string') ? text.join('') : { 'Fn::Join': ['', text] };
}

/** The text of a string. */
export function quote(text: string): Text {
  return [JSON.stringify(text)];
}

/** The text of a string that an intrinsic function returns. */
export function quoteIntrinsic(value: JsonObject): Text {
  return ['"', escapeLiterals(value) as JsonObject, '"'];
}

/** The text of a list that an intrinsic function returns. */
export function joinIntrinsic(value: JsonObject, quotes: '"' | ''): Text {
  return [`[${quotes}`, { 'Fn::Join': [`${quotes},${quotes}`, escapeLiterals(value)] }, `${quotes}]`];
}

/** Functions whose arguments are names, or that would encode the escapes. */
const LEFT_ALONE = ['Ref', 'Fn::GetAtt', 'Fn::ImportValue', 'Fn::FindInMap', 'Fn::Base64'];

/** Escapes the literals of an intrinsic function for a JSON string, except the separator of a text that is split. */
function escapeLiterals(value: Json, separator?: string): Json {
  if (typeof value === 'string') {
    return separator === undefined ? escape(value) : value.split(separator).map(escape).join(separator);
  }
  if (Array.isArray(value)) { return value.map((item) => escapeLiterals(item, separator)); }
  const name = intrinsicOf(value);
  if (typeof value !== 'object' || value === null || LEFT_ALONE.includes(name ?? '')) { return value; }
  if (name === 'Fn::Split') {
    const [own, text] = value[name] as [string, Json];
    return { [name]: [own, escapeLiterals(text, own)] };
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, escapeLiterals(child, separator)]));
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
