import { Stack } from 'aws-cdk-lib';
import { FindingSeverity } from '../../src';
import { requireKnownNames } from '../../src/private/known-names';

const KNOWN = { paths: true, timeout: true };

const check = (value: unknown) => () => requireKnownNames(new Stack(undefined, 'Stack'), 'check', value as object | undefined, KNOWN);

test.each<[string, unknown]>([
  ['no value', undefined],
  ['no option', {}],
  ['options', { paths: ['/'], timeout: 5 }],
  ['options without a prototype', Object.assign(Object.create(null), { paths: ['/'] })],
  ['another name without a value', { path: undefined }],
])('accepts %s', (_what, value) => {
  expect(check(value)).not.toThrow();
});

test.each<[string, object, string]>([
  ['an unknown name', { path: '/' }, "'check.path' is not an option; the options are 'paths', 'timeout' [Stack]"],
  ['a name that every object inherits', { toString: true }, "'check.toString' is not an option; the options are 'paths', 'timeout' [Stack]"],
  ['several unknown names', { path: '/', paths: [], time: 0 },
    "'check.path', 'check.time' are not options; the options are 'paths', 'timeout' [Stack]"],
])('refuses %s', (_what, value, message) => {
  expect(check(value)).toThrow(message);
});

test.each<[unknown, string]>([
  [['/'], 'an array'],
  ['/', '"/"'],
  [false, 'false'],
  [5, '5'],
  [null, 'null'],
  [() => ({}), 'a function'],
  [FindingSeverity.HIGH, 'an instance of FindingSeverity'],
  [new Date(0), 'an instance of Date'],
])('refuses a value that is no plain object: %#', (value, got) => {
  expect(check(value)).toThrow(`'check' must be an object with options, got ${got} [Stack]`);
});
