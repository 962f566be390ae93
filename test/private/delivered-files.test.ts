import { Stack } from 'aws-cdk-lib';
import { contentWrittenTo, holdsContent, markContent, settingsWrittenBy, writeFile, writeSettings } from '../../src/private/delivered-files';
import { deliveredFile, PROJECT } from '../../src/template-checks/private/build-specs';
import { Template } from '../../src/template-checks/private/template';
import { textOf } from '../helpers';
import { PROFILE_NAMES } from '../integ/tap-stack';
import { synthesizeProfile } from '../template-checks/edits';

const written = textOf(new Stack().resolve(writeFile('{"a": "it\'s"}', '$output/release/taskdef.json')));

test('what is written can be read', () => {
  expect(contentWrittenTo('taskdef.json', written)).toBe('{"a": "it\'s"}');
});

test('the name of the file is taken as it is, and whole', () => {
  expect(contentWrittenTo('taskdefXjson', written)).toBeUndefined();
  expect(contentWrittenTo('taskdef.jso', written)).toBeUndefined();
});

test.each([
  ['another spelling of the option', '«0»\' | base64 --decode > "a/b.json"'],
  ['no quotation marks', 'printf %s «0» | base64 -d > a/b.json'],
  ['JSON around it', '"printf %s \'«0»\' | base64 -d > \\"$output/release/b.json\\""'],
])('reads a command with %s', (_what, command) => {
  expect(contentWrittenTo('b.json', command)).toBe('0');
});

test('a text with the index of a content has one, and a text without it none', () => {
  expect(holdsContent(`version: ${markContent(3)}`)).toBe(true);
  expect(holdsContent(markContent(10))).toBe(true);
  expect(holdsContent(`version: ${markContent('text')}`)).toBe(false);
});

test('settings that are written can be read', () => {
  const command = ['mkdir -p a', ...writeSettings(['A=b', 'f() {', ':', '}']), 'ls'].join('\n');
  expect(settingsWrittenBy(command)).toBe('A=b\nf() {\n:\n}');
});

test('settings may be none, and hold a line that only begins as the one that ends them', () => {
  const settingsOf = (...lines: string[]) => settingsWrittenBy([...writeSettings(lines), 'ls'].join('\n'));
  expect(settingsOf('')).toBe('');
  expect(settingsOf('END OF FILES', '', 'A=b')).toBe('END OF FILES\n\nA=b');
});

test.each([
  ['no settings', 'mkdir -p a'],
  ['settings that do not end', writeSettings(['A=b']).slice(0, -1).join('\n')],
])('a check of %s fails', (_what, command) => {
  expect(() => settingsWrittenBy(command)).toThrow('the commands of the build must write readable settings, got none');
});

// the rules of a release have nothing against a build whose files they cannot read: they would judge nothing
test.each(PROFILE_NAMES)('the rules read both files of a release in the profile %s', (profile) => {
  const [project] = new Template(synthesizeProfile(profile)).ofType(PROJECT);
  expect(deliveredFile(project, 'taskdef.json')?.content).toContain('"containerDefinitions":');
  expect(deliveredFile(project, 'appspec.yaml')?.content).toContain('TargetService:');
});
