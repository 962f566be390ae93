import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Assembly, Docs, loadAssemblyFromPath, Method, Property, Type, TypeReference } from '@jsii/spec';

/**
 * What CDK has no interface for: a connection is made in the console, as its handshake is, and its two generations are
 * two resource types.
 */
const ONLY_ARNS = ['ConnectionSourceOptions.connectionArn'];
const QUESTION = /^(What|How|Who|Where|Which|When)\b/;

/** What a public type must not show: people of three languages use it, and what it shows cannot be taken back. */
export function lintApi(assembly: Pick<Assembly, 'types'>): string[] {
  return Object.values(assembly.types ?? {}).flatMap((type) => [
    ...lintSummary(type.fqn, type.docs),
    ...membersOf(type).flatMap((member) => lintMember(`${type.fqn}.${member.name}`, member, isStruct(type))),
    ...'members' in type ? type.members.flatMap(({ name, docs }) => lintSummary(`${type.fqn}.${name}`, docs)) : [],
  ]);
}

function membersOf(type: Type): (Property | Method)[] {
  return [
    ...'properties' in type ? type.properties ?? [] : [],
    ...'methods' in type ? type.methods ?? [] : [],
  ];
}

function isStruct(type: Type): boolean {
  return type.kind === 'interface' && 'datatype' in type;
}

function lintMember(name: string, member: Property | Method, ofStruct: boolean): string[] {
  // what overrides a member of another type has the text of that one
  const summary = member.overrides ? [] : lintSummary(name, member.docs, isBoolean(member));
  if ('type' in member) {
    return [...summary, ...lintProperty(name, member, ofStruct)];
  }
  const parameters = 'parameters' in member ? member.parameters ?? [] : [];
  return [...summary, ...parameters.flatMap((parameter) => lintType(`${name}(${parameter.name})`, parameter.type))];
}

function isBoolean(member: Property | Method): boolean {
  return 'type' in member && 'primitive' in member.type && member.type.primitive === 'boolean';
}

function lintProperty(name: string, property: Property, ofStruct: boolean): string[] {
  const problems = lintType(name, property.type);
  if (/Arns?$/.test(property.name) && !ONLY_ARNS.some((known) => name.endsWith(`.${known}`))) {
    problems.push(`${name}: takes an ARN where an interface exists`);
  }
  if (ofStruct && property.optional && !property.docs?.default) {
    problems.push(`${name}: says nothing of its default`);
  }
  if (!property.immutable) {
    problems.push(`${name}: can be changed after construction`);
  }
  return problems;
}

function lintType(name: string, type: TypeReference): string[] {
  if ('union' in type) { return [`${name}: is a union`]; }
  if ('collection' in type) { return lintType(name, type.collection.elementtype); }
  if ('primitive' in type && ['any', 'json'].includes(type.primitive)) { return [`${name}: is of any type`]; }
  if ('fqn' in type && /\.Cfn[A-Z]/.test(type.fqn)) { return [`${name}: shows the L1 type ${type.fqn}`]; }
  return [];
}

/** A summary stands alone in the index of each language: jsii ends it at the first period or semicolon. */
function lintSummary(name: string, docs: Docs | undefined, ofBoolean = false): string[] {
  const summary = docs?.summary;
  if (!summary) { return [`${name}: has no docstring`]; }
  const problems: string[] = [];
  if (summary.endsWith(';')) {
    problems.push(`${name}: its summary ends in a semicolon, got "${summary}"`);
  }
  if (QUESTION.test(summary)) {
    problems.push(`${name}: its summary opens with a question word, got "${summary}"`);
  }
  if (ofBoolean && !summary.startsWith('Whether to ')) {
    problems.push(`${name}: the summary of a boolean opens with "Whether to", got "${summary}"`);
  }
  return problems;
}

/** The npm package has no declarations of private files, so a public one must not refer to them. */
export function lintDeclaration(file: string, text: string): string[] {
  return !file.includes('private') && /\bfrom '[^']*\/private\/|\bimport\('[^']*\/private\//.test(text)
    ? [`${file}: refers to a private declaration, which the package does not contain`] : [];
}

function lintDeclarations(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))
    .flatMap((name) => lintDeclaration(name, readFileSync(join(directory, name), 'utf8')));
}

function main(): void {
  const assembly = loadAssemblyFromPath('.');
  const problems = [...lintApi(assembly), ...lintDeclarations('lib')];
  problems.forEach((problem) => console.error(problem));
  console.log(`api-lint: ${Object.keys(assembly.types ?? {}).length} types, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (require.main === module) {
  main();
}
