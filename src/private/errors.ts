import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { fullNameOf } from './cdk-internals';

/**
 * Throws an error, whose message ends with the path of the construct.
 *
 * `cdk.ValidationError` is not part of the public API of aws-cdk-lib, and its signature differs between the versions of
 * the peer range.
 */
export function fail(scope: IConstruct, message: string): never {
  throw new Error(`${message} [${scope.node.path}]`);
}

/** A value in the form that errors show. */
export function show(value: unknown): string {
  return JSON.stringify(value);
}

/** CDK looks up a value after a first pass of the synth, in which the value has no digits. */
const NO_NUMBER = ' (if it is looked up, pass a default value to the lookup)';

/**
 * A value of any type in the form that errors show. An object appears by the name of its class, because it may contain
 * itself, as every construct does. The address of a webhook is a secret, and other URLs may contain credentials.
 */
export function describeValue(value: unknown): string {
  if (Token.isUnresolved(value)) { return 'a token'; }
  if (typeof value === 'object' || typeof value === 'function') { return describeType(value); }
  if (Number.isNaN(value)) { return `NaN${NO_NUMBER}`; }
  if (typeof value !== 'string') { return String(value); }
  return value.includes('://') ? 'a URL' : show(value);
}

/** The type of a value in the form that errors show, for a value that may be confidential. */
export function describeType(value: unknown): string {
  if (Array.isArray(value)) { return 'an array'; }
  if (typeof value === 'object' && value !== null) { return describeObject(value); }
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

/** By the name of the class. With the module of CDK, `aws_secretsmanager.Secret` differs from `aws_ecs.Secret`. */
function describeObject(value: object): string {
  const fullName = fullNameOf(value);
  if (fullName !== undefined) { return `an instance of ${fullName.replace(/^[^.]+\./, '')}`; }
  const { name } = Object(Reflect.get(value, 'constructor')) as { readonly name?: unknown };
  return typeof name === 'string' && !['', 'Object'].includes(name) ? `an instance of ${name}` : 'an object';
}

/** The value of an option for a URL. Credentials can be in front of its host or in its query. */
export function describeUrl(value: unknown): string {
  return typeof value === 'string' && !/[@?]/.test(value) ? show(value) : describeType(value);
}

/** The name of a variable in the form that errors show. After an equals sign is a value, which may be confidential. */
export function describeName(name: unknown): string {
  return show(String(name).replace(/=[^]*$/, '=...'));
}

/** A value as errors show it, with a note if it is the default of an option that is not set. */
export function noteDefault(shown: string, prop: string, given: unknown): string {
  return given === undefined ? `${shown} (the default of '${prop}')` : shown;
}
