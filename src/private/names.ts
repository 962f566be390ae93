import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { awaitsLookup } from './cdk-internals';
import { describeValue, fail, show } from './errors';
import { NamingProps } from '../part-props';

/** The maximum length of names in AWS, in characters. */
export const MAX_LENGTH = {
  loadBalancer: 32,
  iam: 64,
  bucket: 63,
  eventRule: 64,
  codeSuite: 100,
  lambdaFunction: 64,
  queue: 80,
  stateMachine: 80,
  other: 128,
} as const;

/** The longest values of the pseudo parameters. One region, in an isolated partition, has a longer name. */
export const LONGEST_VALUES = { 'AWS::AccountId': '0'.repeat(12), 'AWS::Region': 'ap-southeast-1' } as const;

const ACCOUNT = LONGEST_VALUES['AWS::AccountId'].length;
// one character to spare for a future region, because the names must not change
const LONGEST_REGION = LONGEST_VALUES['AWS::Region'].length + 1;
const HASH = 8;
/**
 * The names of load balancers and target groups have at most 32 characters. Besides the suffix, they must contain a
 * hash, two hyphens, and some letters of the application's name.
 */
const MAX_SUFFIX = 16;
const MAX_APPLICATION_NAME = 40;

/** The parts of the names. */
export type NameParts = Pick<NamingProps, 'applicationName' | 'environmentSuffix'>;

/**
 * The physical names of one application in one environment: `<application>-<purpose>-<suffix>`.
 *
 * Without a suffix, CloudFormation generates the names.
 */
export class ResourceNames {
  public readonly applicationName: string;
  public readonly environmentSuffix?: string;

  constructor(private readonly scope: IConstruct, parts: NameParts) {
    this.applicationName = standIn(parts.applicationName) ?? shorten(kebabCase(scope.node.id), MAX_APPLICATION_NAME);
    // without `applicationName`, a part uses its id, such as Service: with a suffix, two parts with the same id would
    // have the same names
    this.environmentSuffix = standIn(parts.environmentSuffix)
      ?? (parts.applicationName === undefined ? undefined : suffixOfContext(scope));
    requireNamePart(scope, 'applicationName', this.applicationName, MAX_APPLICATION_NAME);
    requireNamePart(scope, 'environmentSuffix', this.environmentSuffix, MAX_SUFFIX);
    requireFreePrefix(scope, this.applicationName);
  }

  /** The props that a part passes to its own parts. */
  public get parts(): { readonly applicationName: string; readonly environmentSuffix?: string } {
    return { applicationName: this.applicationName, environmentSuffix: this.environmentSuffix };
  }

  /** `<application>-<purpose>-<suffix>`, shortened with a hash if it is longer than AWS allows. */
  public of(purpose: string, maxLength: number = MAX_LENGTH.other): string | undefined {
    return this.build(purpose, '', 0, maxLength);
  }

  /** A name with a prefix that does not count toward its length, such as `alias/`. */
  public prefixed(prefix: string, purpose: string): string | undefined {
    const name = this.of(purpose);
    return name === undefined ? undefined : `${prefix}${name}`;
  }

  /** A name with the region, because IAM names and dashboards share one namespace for all regions of an account. */
  public accountWide(purpose: string): string | undefined {
    return this.build(purpose, `-${Stack.of(this.scope).region}`, 1 + LONGEST_REGION, MAX_LENGTH.iam);
  }

  /** A name with account and region, because bucket names share one namespace for all accounts. */
  public bucket(purpose: string): string | undefined {
    const { account, region } = Stack.of(this.scope);
    return this.build(purpose, `-${account}-${region}`, 2 + ACCOUNT + LONGEST_REGION, MAX_LENGTH.bucket);
  }

  private build(purpose: string, place: string, placeLength: number, maxLength: number): string | undefined {
    if (this.environmentSuffix === undefined) { return undefined; }
    const base = `${this.applicationName}-${purpose}`;
    const room = maxLength - placeLength - this.environmentSuffix.length - 1;
    return `${shorten(base, room)}${place}-${this.environmentSuffix}`;
  }
}

/** The suffix that the app is synthesized for, as in `cdk deploy -c environmentSuffix=dev`. */
export function suffixOfContext(scope: IConstruct): string | undefined {
  return scope.node.tryGetContext('environmentSuffix') ?? undefined;
}

/** A valid name in place of one that CDK has not looked up yet, since other constructs of CDK check the names too. */
function standIn(value: string | undefined): string | undefined {
  return awaitsLookup(value) ? 'looked-up' : value;
}

function shorten(text: string, room: number): string {
  if (text.length <= room) { return text; }
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH);
  const kept = text.slice(0, room - HASH - 1).replace(/-+$/, '');
  return `${kept}-${hash}`;
}

/** The faults that a part of a name can have, each with the words for it. */
const FAULTS: readonly [pattern: RegExp, words: string][] = [
  [/^$/, 'is empty'],
  [/^[^a-z]/, 'does not start with a lowercase letter'],
  [/-$/, 'ends with a hyphen'],
  [/--/, 'contains two hyphens in a row'],
];

function faultOf(value: string): string | undefined {
  const [other] = /[^a-z0-9-]/.exec(value) ?? [];
  return FAULTS.find(([pattern]) => pattern.test(value))?.[1] ?? (other && `contains ${show(other)}`);
}

function requireNamePart(scope: IConstruct, prop: string, value: string | undefined, maxLength: number): void {
  if (value === undefined) { return; }
  if (typeof value !== 'string') {
    fail(scope, `'${prop}' must be a string such as 'dev', got ${describeValue(value)}; a context value may have another type: set a string`);
  }
  if (Token.isUnresolved(value)) {
    fail(scope, `'${prop}' must be known at synth, got a token; names are shortened and checked at synth: set a plain string`);
  }
  const fault = value.length > maxLength ? `has ${value.length} characters` : faultOf(value);
  if (fault !== undefined) {
    fail(scope, `'${prop}' must be 1 to ${maxLength} lowercase letters, digits, and single hyphens, and must start with a letter, `
      + `got ${show(value)}, which ${fault}; it is part of the names of buckets, load balancers, and repositories`);
  }
}

/** The name of a security group must not start with `sg-`, and that of a load balancer not with `internal-`. */
function requireFreePrefix(scope: IConstruct, applicationName: string): void {
  const reserved = ['sg-', 'internal-'].find((prefix) => applicationName.startsWith(prefix));
  if (reserved) {
    fail(scope, `'applicationName' must not start with '${reserved}', got ${show(applicationName)}; AWS reserves this prefix: choose another name`);
  }
}

/** `OrdersAPI2` becomes `orders-api2`. A character that names in AWS cannot contain becomes a hyphen. */
function kebabCase(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
    || 'app';
}
