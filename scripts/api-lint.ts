import { loadAssemblyFromPath, Property, TypeReference } from '@jsii/spec';

/** What a public type must not show: people of three languages use it, and what it shows cannot be taken back. */
const assembly = loadAssemblyFromPath('.');
const problems: string[] = [];

/** What CDK has no interface for: a connection is made in the console, as its handshake is, and its two generations are two resource types. */
const ONLY_ARNS = ['ConnectionSourceOptions.connectionArn'];

for (const type of Object.values(assembly.types ?? {})) {
  const members = [
    ...'properties' in type ? type.properties ?? [] : [],
    ...'methods' in type ? type.methods ?? [] : [],
  ];
  requireSummary(type.fqn, type.docs?.summary);
  for (const member of members) {
    const name = `${type.fqn}.${member.name}`;
    if (!member.overrides) {
      requireSummary(name, member.docs?.summary);
    }
    if ('type' in member) {
      checkProperty(name, member, type.kind === 'interface' && 'datatype' in type);
    }
    const parameters = 'parameters' in member ? member.parameters ?? [] : [];
    parameters.forEach((parameter) => checkType(`${name}(${parameter.name})`, parameter.type));
  }
}

problems.forEach((problem) => console.error(problem));
console.log(`api-lint: ${Object.keys(assembly.types ?? {}).length} types, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

function checkProperty(name: string, property: Property, isStruct: boolean): void {
  checkType(name, property.type);
  if (/Arns?$/.test(property.name) && !ONLY_ARNS.some((known) => name.endsWith(`.${known}`))) {
    problems.push(`${name}: takes an ARN where an interface exists`);
  }
  if (isStruct && property.optional && !property.docs?.default) {
    problems.push(`${name}: says nothing of its default`);
  }
  if (!property.immutable) {
    problems.push(`${name}: can be changed after construction`);
  }
}

function checkType(name: string, type: TypeReference): void {
  if ('union' in type) {
    problems.push(`${name}: is a union`);
  } else if ('collection' in type) {
    checkType(name, type.collection.elementtype);
  } else if ('primitive' in type && ['any', 'json'].includes(type.primitive)) {
    problems.push(`${name}: is of any type`);
  } else if ('fqn' in type && /\.Cfn[A-Z]/.test(type.fqn)) {
    problems.push(`${name}: shows the L1 type ${type.fqn}`);
  }
}

function requireSummary(name: string, summary: string | undefined): void {
  if (!summary) {
    problems.push(`${name}: has no docstring`);
  }
}
