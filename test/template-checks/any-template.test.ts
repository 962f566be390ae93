import * as fc from 'fast-check';
import { synthesizeProfile, TemplateJson } from './edits';
import { judge } from './judge';

type Node = { [key: string]: unknown };

/** Each place under the properties of the resources: what holds it, and its key. */
function placesOf({ Resources }: TemplateJson): [node: Node, key: string][] {
  const places = (node: unknown): [Node, string][] => typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([key, child]) => [[node as Node, key], ...places(child)] as [Node, string][]);
  return Object.values(Resources).flatMap(({ Properties }) => places(Properties));
}

/** What the rules find with another value in one place. */
function judgeWith(json: TemplateJson, [node, key]: [Node, string], value: unknown): string[] {
  const before = node[key];
  node[key] = value;
  try {
    return judge(json);
  } finally {
    node[key] = before;
  }
}

/** Changed and restored place by place: a copy for each of the hundreds would take longer than the rules. */
const template = synthesizeProfile('prod');
const places = fc.constantFrom(...placesOf(template));
const types = fc.constantFrom(...new Set(Object.values(template.Resources).map(({ Type }) => Type)));

test('what is not known at synthesis is not judged, wherever it stands', () => {
  const unknown = fc.constantFrom({ 'Fn::ImportValue': 'x' }, { 'Fn::If': ['Condition', 'a', { Ref: 'AWS::NoValue' }] });
  fc.assert(fc.property(places, unknown, (place, value) => {
    expect(judgeWith(template, place, value)).toEqual([]);
  }), { numRuns: 400 });
});

test('no template makes a rule fail, however wrong it is', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.tuple(fc.constantFrom('Ref', 'Fn::GetAtt', 'Fn::Join', 'Fn::Base64', 'Fn::Sub'), fc.jsonValue({ maxDepth: 2 })).map(([name, value]) => ({ [name]: value })),
  );
  fc.assert(fc.property(places, anything, (place, value) => {
    expect(judgeWith(template, place, value)).toEqual(expect.any(Array));
  }), { numRuns: 400 });
  // no text, whatever is made of it
  const hostile = fc.constantFrom('Ref', 'Fn::Sub', 'Fn::Join').chain((name) => fc.constantFrom<unknown>({ toString: 0 }, [{ toString: 0 }], ['', [{ toString: 0 }]]).map((value) => ({ [name]: value })));
  fc.assert(fc.property(places, hostile, (place, value) => {
    expect(judgeWith(template, place, value)).toEqual(expect.any(Array));
  }), { numRuns: 400 });
  fc.assert(fc.property(anything, types, (value, Type) => {
    const resources = [value, { A: value }, { A: { Type } }, { A: { Type, Properties: value } }];
    expect([value, ...resources.map((Resources) => ({ Resources }))].flatMap(judge)).toEqual(expect.any(Array));
  }));
});
