import { Assembly, Docs, InterfaceType, PrimitiveType, Property, TypeKind, TypeReference } from '@jsii/spec';
import { lintApi, lintDeclaration } from '../../scripts/api-lint';

const TEXT: TypeReference = { primitive: PrimitiveType.String };
const FLAG: TypeReference = { primitive: PrimitiveType.Boolean };

/** An assembly of one struct with one prop. */
function assemblyWith(prop: Partial<Property>, docs: Docs = { summary: 'Options.' }): Pick<Assembly, 'types'> {
  const property: Property = { name: 'prop', type: TEXT, immutable: true, docs: { summary: 'The prop.' }, ...prop };
  const struct: InterfaceType = { assembly: 'lib', fqn: 'lib.Options', name: 'Options', kind: TypeKind.Interface, datatype: true, docs, properties: [property] };
  return { types: { 'lib.Options': struct } };
}

const summaryOf = (summary: string, prop: Partial<Property> = {}) => assemblyWith({ ...prop, docs: { summary } });

test.each<[string, Pick<Assembly, 'types'>, string]>([
  ['a type without a docstring', assemblyWith({}, {}), 'Options: has no docstring'],
  ['a prop without a docstring', assemblyWith({ docs: {} }), 'Options.prop: has no docstring'],
  ['a summary of a type that jsii cuts at a semicolon', assemblyWith({}, { summary: 'Options;' }), 'Options: its summary ends in a semicolon, got "Options;"'],
  ['a summary of a prop that jsii cuts at a semicolon', summaryOf('The prop;'), 'Options.prop: its summary ends in a semicolon, got "The prop;"'],
  ...['What', 'How', 'Who', 'Where', 'Which', 'When'].map((word): [string, Pick<Assembly, 'types'>, string] => [
    `a summary that opens with ${word}`, summaryOf(`${word} it is.`), `Options.prop: its summary opens with a question word, got "${word} it is."`,
  ]),
  ['a type that opens with a question word', assemblyWith({}, { summary: 'How it is.' }), 'Options: its summary opens with a question word, got "How it is."'],
  ['a boolean that says when it is true', summaryOf('True if so.', { type: FLAG }),
    'Options.prop: the summary of a boolean opens with "Whether to", got "True if so."'],
  ['an optional prop without a default', assemblyWith({ optional: true }), 'Options.prop: says nothing of its default'],
  ['a prop that can be changed', assemblyWith({ immutable: false }), 'Options.prop: can be changed after construction'],
  ['an ARN', assemblyWith({ name: 'topicArn' }), 'Options.topicArn: takes an ARN where an interface exists'],
  ['a union', assemblyWith({ type: { union: { types: [TEXT, FLAG] } } }), 'Options.prop: is a union'],
  ['an any', assemblyWith({ type: { primitive: PrimitiveType.Any } }), 'Options.prop: is of any type'],
  ['an L1 type', assemblyWith({ type: { fqn: 'aws-cdk-lib.aws_ec2.CfnVPC' } }), 'Options.prop: shows the L1 type aws-cdk-lib.aws_ec2.CfnVPC'],
])('the lint of the API finds %s', (_name, assembly, problem) => {
  expect(lintApi(assembly)).toEqual([`lib.${problem}`]);
});

test.each<[string, string, string, number]>([
  ['a public declaration that imports a private one', 'ci/x.d.ts', "import { A } from './private/a';\n", 1],
  ['a public declaration with the type of a private one', 'ci/x.d.ts', "readonly a: import('../private/a').A;\n", 1],
  ['a private declaration', 'ci/private/x.d.ts', "import { A } from '../private/a';\n", 0],
  ['a public declaration of public types', 'ci/x.d.ts', "import { A } from './a';\n", 0],
])('the lint of the API reports %s as it should', (_what, file, text, problems) => {
  expect(lintDeclaration(file, text)).toHaveLength(problems);
});

test('the lint of the API looks at methods and at members of enums', () => {
  const base = { assembly: 'lib', docs: { summary: 'A type.' } };
  const assembly: Pick<Assembly, 'types'> = {
    types: {
      'lib.Color': { ...base, fqn: 'lib.Color', name: 'Color', kind: TypeKind.Enum, members: [{ name: 'BLUE', docs: { summary: 'Which is blue.' } }] },
      'lib.IPart': {
        ...base,
        fqn: 'lib.IPart',
        name: 'IPart',
        kind: TypeKind.Interface,
        methods: [{ name: 'add', docs: { summary: 'Adds it;' }, parameters: [{ name: 'what', type: { primitive: PrimitiveType.Any } }] }],
      },
    },
  };
  expect(lintApi(assembly)).toEqual([
    'lib.Color.BLUE: its summary opens with a question word, got "Which is blue."',
    'lib.IPart.add: its summary ends in a semicolon, got "Adds it;"',
    'lib.IPart.add(what): is of any type',
  ]);
});

test.each<[string, Pick<Assembly, 'types'>]>([
  ['a boolean that opens with "Whether to"', summaryOf('Whether to do it.', { type: FLAG })],
  ['a word that only starts like a question', summaryOf('Whichever is live.')],
  ['a member whose text is that of the type which it overrides', assemblyWith({ docs: {}, overrides: 'lib.Other' })],
])('the lint of the API accepts %s', (_name, assembly) => {
  expect(lintApi(assembly)).toEqual([]);
});
