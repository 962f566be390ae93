import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { BuildSpecOptions } from './buildspec';
import { containersOf, textWithStandIns } from './delivered-task-definition';
import { hasDynamicReference, hasSecretReference } from '../../private/dynamic-references';
import { renderStandIns } from '../../private/stand-ins';
import { DeployStageFile } from '../../service/api';

const BASE64 = 'Fn::Base64';
const IN_BASE64 = 'CloudFormation does not resolve it in Base64, so its text would remain';
const AS_SECRET = 'pass it as one of the secrets of the container, which ECS resolves';
const IN_PLAIN_TEXT = 'everyone who can read the build project could read the secret';
const PASS_TO_BUILD = "set a variable in 'environmentVariables' with the type SECRETS_MANAGER or PARAMETER_STORE, which the commands read";

const GENERATED = 'write {password} instead, which each build replaces by a password of its own';

/** A part of the buildspec, by the name that a user knows it by. */
interface Part {
  readonly name: string;
  readonly value: unknown;
  /** How to fix it, if it differs from that of the other parts. */
  readonly remedy?: string;
}

/**
 * Fails for dynamic references, such as `{{resolve:secretsmanager:...}}`, in the build project. CloudFormation does not
 * resolve those in Base64, and would replace others by the secret.
 *
 * Runs at the end of the synth, when the task definition contains everything that the user adds to it.
 */
export function validateDynamicReferences(project: codebuild.IProject, options: BuildSpecOptions): string[] {
  const stack = Stack.of(project);
  const { source, environment } = project.node.defaultChild as codebuild.CfnProject;
  const buildSpec: unknown = stack.resolve(source);
  // intrinsic functions are rendered, because a concatenation can contain the parts of a reference
  const render = renderStandIns(stack);
  const resolve = (value: unknown) => render(stack.resolve(value));
  const encoded = render(contentsInBase64(buildSpec));
  const plain = render(withoutBase64(buildSpec));
  const variables = resolve(environment) as Environment;
  if (!hasDynamicReference([encoded, plain, variables])) { return []; }
  const problems = [
    ...options.files.flatMap((file) => problemsOfFile(file, stack)),
    ...partsInBase64(options).filter(({ value }) => hasDynamicReference(resolve(value)))
      .map(({ name }) => `${name} must not contain a dynamic reference ({{resolve:...}}), got one; ${IN_BASE64}: ${PASS_TO_BUILD}`),
    ...partsInPlainText(options).filter(({ value }) => hasSecretReference(resolve(value)))
      .map(({ name, remedy = PASS_TO_BUILD }) => `${name} must not contain a dynamic reference to a secret, got one; ${IN_PLAIN_TEXT}: ${remedy}`),
    ...variablesWithSecrets(variables),
  ];
  // names of resources, such as that of the repository
  return problems.length === 0 && (hasDynamicReference(encoded) || hasSecretReference(plain))
    ? [`the buildspec must not contain a dynamic reference ({{resolve:...}}), got one; ${IN_BASE64}, and elsewhere, ${IN_PLAIN_TEXT}: set the name itself`]
    : problems;
}

function problemsOfFile({ path, content }: DeployStageFile, stack: Stack): string[] {
  const text = textWithStandIns(stack, content);
  if (!hasDynamicReference(text)) { return []; }
  const taskDefinition = containersOf(text);
  if (!taskDefinition) {
    return [`'${path}' must not contain a dynamic reference ({{resolve:...}}), got one; ${IN_BASE64}: set the value itself`];
  }
  const { containers, others } = taskDefinition;
  return [
    ...containers.flatMap(({ name, environment = [], ...properties }) => [
      ...environment.filter(hasDynamicReference).map((variable) => `the environment variable '${variable.name}'`),
      ...Object.keys(properties).filter((key) => hasDynamicReference(properties[key])).map((key) => `'${key}'`),
    ].map((what) => `${what} of the container '${name}' must not contain a dynamic reference ({{resolve:...}}), got one; `
      + `${IN_BASE64}: ${what === "'command'" || what.startsWith('the environment') ? AS_SECRET : 'set the value itself'}`)),
    ...Object.keys(others).filter((key) => hasDynamicReference(others[key])).map((key) =>
      `'${key}' of the task definition must not contain a dynamic reference ({{resolve:...}}), got one; ${IN_BASE64}: set the value itself`),
  ];
}

function partsInBase64({ installCommands, testCommand }: BuildSpecOptions): Part[] {
  return [{ name: "'installCommands'", value: installCommands }, { name: "'testCommand'", value: testCommand }];
}

function partsInPlainText({ project, gates, dockerHub, testServices }: BuildSpecOptions): Part[] {
  const { buildArguments = {}, buildSecrets = {}, installCommands, ...options } = project;
  return [
    ...Object.entries(options).map(([name, value]) => ({ name: `'python.${name}'`, value })),
    ...Object.entries(buildArguments).map(([name, value]) => ({ name: `'python.buildArguments.${name}'`, value })),
    ...Object.entries(buildSecrets).map(([id, { commands }]) => ({ name: `'python.buildSecrets.${id}'`, value: commands })),
    ...installCommands.map((value) => ({ name: nameOfSetting(value), value })),
    ...Object.entries(gates).map(([name, value]) => ({ name: `'gates.${name}'`, value: value as unknown })),
    { name: "'dockerHub'", value: [dockerHub?.buildArguments, dockerHub?.loginCommands] },
    ...testServices.map(({ name, ...value }) => ({ name: `'testServices.${name}'`, value, remedy: GENERATED })),
  ];
}

/** The option that a line such as `extra_test_packages=('moto')` comes from. */
function nameOfSetting(line: string): string {
  const [, name] = /^(\w+)=/.exec(line) ?? [];
  return name === undefined ? "the commands of 'python'" : `'python.${name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}'`;
}

interface Environment {
  readonly environmentVariables?: { readonly name: string; readonly type?: string; readonly value: unknown }[];
}

function variablesWithSecrets({ environmentVariables = [] }: Environment): string[] {
  return environmentVariables.filter(({ type, value }) => type === 'PLAINTEXT' && hasSecretReference(value)).map(({ name }) =>
    `'environmentVariables.${name}' must not contain a dynamic reference to a secret, got one; ${IN_PLAIN_TEXT}: `
    + 'set its type to SECRETS_MANAGER or PARAMETER_STORE, and its value to the name of the secret or the parameter');
}

/** The contents of all Base64 in a resolved value, including Base64 in Base64. */
function contentsInBase64(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) { return []; }
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => [
    ...key === BASE64 ? [child] : [], ...contentsInBase64(child),
  ]);
}

/** A resolved value with nothing in place of Base64. */
function withoutBase64(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(withoutBase64); }
  if (typeof value !== 'object' || value === null) { return value; }
  return BASE64 in value ? ''
    : Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutBase64(child)]));
}
