import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { fail, show } from './errors';
import { NamingProps } from '../part-props';

/** The names that AWS allows at most, in characters. */
export const MAX_LENGTH = {
  loadBalancer: 32,
  iam: 64,
  bucket: 63,
  eventRule: 64,
  codeSuite: 100,
  lambdaFunction: 64,
  queue: 80,
  other: 128,
} as const;

/** The longest values of the pseudo parameters; one region has a longer name, in an isolated partition. */
export const LONGEST_VALUES = { 'AWS::AccountId': '0'.repeat(12), 'AWS::Region': 'ap-southeast-1' } as const;

const ACCOUNT = LONGEST_VALUES['AWS::AccountId'].length;
// one to spare: a name is a contract, and a region may come
const LONGEST_REGION = LONGEST_VALUES['AWS::Region'].length + 1;
const HASH = 8;
/**
 * Load balancer and target group names have 32 characters: a hash, two hyphens and some letters of the name must fit
 * beside the suffix.
 */
const MAX_SUFFIX = 16;
const MAX_APPLICATION_NAME = 40;

/** What the names are made of. */
export type NameParts = Pick<NamingProps, 'applicationName' | 'environmentSuffix'>;

/**
 * The physical names of one application in one environment: `<application>-<purpose>-<suffix>`.
 *
 * Without a suffix there are none, and CloudFormation names things.
 */
export class ResourceNames {
  public readonly applicationName: string;
  public readonly environmentSuffix?: string;

  constructor(private readonly scope: IConstruct, parts: NameParts) {
    this.applicationName = parts.applicationName ?? shorten(kebabCase(scope.node.id), MAX_APPLICATION_NAME);
    // a part without a name of its own is called by its id, such as Service: with a suffix, two of them would have the
    // same names
    this.environmentSuffix = parts.environmentSuffix
      ?? (parts.applicationName === undefined ? undefined : suffixOfContext(scope));
    requireNamePart(scope, 'applicationName', this.applicationName, MAX_APPLICATION_NAME);
    requireNamePart(scope, 'environmentSuffix', this.environmentSuffix, MAX_SUFFIX);
    requireFreePrefix(scope, this.applicationName);
  }

  /** The props that a part hands on to its parts. */
  public get parts(): { readonly applicationName: string; readonly environmentSuffix?: string } {
    return { applicationName: this.applicationName, environmentSuffix: this.environmentSuffix };
  }

  /** `<application>-<purpose>-<suffix>`, shortened with a hash when it is longer than AWS allows. */
  public of(purpose: string, maxLength: number = MAX_LENGTH.other): string | undefined {
    return this.build(purpose, '', 0, maxLength);
  }

  /** The same with a prefix that is not counted as part of the name, such as `alias/`. */
  public prefixed(prefix: string, purpose: string): string | undefined {
    const name = this.of(purpose);
    return name === undefined ? undefined : `${prefix}${name}`;
  }

  /** IAM names and dashboards are one namespace for all regions of an account, so they hold the region. */
  public accountWide(purpose: string): string | undefined {
    return this.build(purpose, `-${Stack.of(this.scope).region}`, 1 + LONGEST_REGION, MAX_LENGTH.iam);
  }

  /** Bucket names are one namespace for all accounts, so they hold account and region. */
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

function shorten(text: string, room: number): string {
  if (text.length <= room) { return text; }
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH);
  const kept = text.slice(0, room - HASH - 1).replace(/-+$/, '');
  return `${kept}-${hash}`;
}

function requireNamePart(scope: IConstruct, prop: string, value: string | undefined, maxLength: number): void {
  if (value === undefined) { return; }
  if (typeof value !== 'string') {
    fail(scope, `'${prop}' must be a text such as 'dev', got ${show(value)}; a value of the context may have another type`);
  }
  if (Token.isUnresolved(value)) {
    fail(scope, `'${prop}' must be known at synthesis, got a token; names are shortened and checked before they reach AWS, so give a plain text`);
  }
  if (value.length > maxLength || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value)) {
    fail(scope, `'${prop}' must be 1 to ${maxLength} lower-case letters, digits and single hyphens and begin with a letter, `
      + `got ${show(value)}; the names of buckets, load balancers and repositories allow no more`);
  }
}

/** Security groups may not begin with `sg-`, and load balancers not with `internal-`. */
function requireFreePrefix(scope: IConstruct, applicationName: string): void {
  const reserved = ['sg-', 'internal-'].find((prefix) => applicationName.startsWith(prefix));
  if (reserved) {
    fail(scope, `'applicationName' must not begin with '${reserved}', got ${show(applicationName)}; AWS keeps the prefix to itself: choose another name`);
  }
}

/** `OrdersAPI2` becomes `orders-api2`; what AWS names cannot hold becomes a hyphen. */
function kebabCase(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
    || 'app';
}
