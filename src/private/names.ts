import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { awaitsLookup } from './cdk-internals';
import { describeValue, fail, show } from './errors';
import { isMarked, mark, markOf } from './marks';
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

  constructor(private readonly scope: IConstruct, private readonly given: NameParts) {
    this.applicationName = standIn(given.applicationName) ?? shorten(kebabCase(scope.node.id), MAX_APPLICATION_NAME);
    // without `applicationName`, a part uses its id, such as Service: with a suffix, two parts with the same id would
    // have the same names
    this.environmentSuffix = standIn(given.environmentSuffix)
      ?? (given.applicationName === undefined ? undefined : suffixOfContext(scope));
    requireNamePart(scope, 'applicationName', this.applicationName, MAX_APPLICATION_NAME);
    requireNamePart(scope, 'environmentSuffix', this.environmentSuffix, MAX_SUFFIX);
    if (![given.applicationName, given.environmentSuffix].some(awaitsLookup)) { claimNames(scope, this); }
  }

  /** The props that a part passes to its own parts. */
  public get parts(): { readonly applicationName: string; readonly environmentSuffix?: string } {
    // a value that is still looked up stays recognizable
    const { applicationName = this.applicationName, environmentSuffix = this.environmentSuffix } = this.given;
    return { applicationName, environmentSuffix };
  }

  /** `<application>-<purpose>-<suffix>`, shortened with a hash if it is longer than AWS allows. */
  public of(purpose: string, maxLength: number = MAX_LENGTH.other): string | undefined {
    return this.build(purpose, '', 0, maxLength);
  }

  /** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
  public loadBalancer(purpose: string): string | undefined {
    return this.unreserved('load balancer', 'internal-', this.of(purpose, MAX_LENGTH.loadBalancer));
  }

  /** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
  public securityGroup(purpose: string): string | undefined {
    return this.unreserved('security group', 'sg-', this.of(purpose));
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

  /** AWS reserves a prefix in the names of two kinds of resources. */
  private unreserved(kind: string, prefix: string, name: string | undefined): string | undefined {
    if (name?.startsWith(prefix)) {
      fail(this.scope, `'applicationName' must not give a ${kind} a name that starts with '${prefix}', got ${show(this.applicationName)} for ${show(name)}; `
        + "AWS reserves this prefix: set another 'applicationName'");
    }
    return name;
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

/** The constructs with names, on the root of the app: by their class, and by the parts of their names. */
const CLAIMS = Symbol.for('cdk-blue-green-python-pipeline.claimed-names');

type Claims = Map<unknown, Map<string, IConstruct>>;

/**
 * Fails if another construct of the class has the same names. CDK reports only names of one stack that are equal, and
 * CloudFormation fails in the middle of the deployment of the second stack.
 */
function claimNames(scope: IConstruct, { applicationName, environmentSuffix }: NameParts): void {
  // names that CloudFormation generates are never equal; a plain construct belongs to a part, which has claimed them
  if (environmentSuffix === undefined || scope.constructor === Construct) { return; }
  const { root } = scope.node;
  if (!isMarked(root, CLAIMS)) { mark(root, CLAIMS, new Map() satisfies Claims); }
  const claims = markOf<Claims>(root, CLAIMS)!;
  const ofClass = claims.get(scope.constructor) ?? new Map<string, IConstruct>();
  claims.set(scope.constructor, ofClass);
  const { account, region } = Stack.of(scope);
  const place = [account, region].map((part) => Token.isUnresolved(part) ? '' : part);
  const key = [applicationName, environmentSuffix, ...place].join('|');
  const other = ofClass.get(key) ?? scope;
  if (other !== scope && isInTree(other)) {
    fail(scope, `'applicationName' and 'environmentSuffix' must not both be equal for two constructs in one account and region, got ${show(applicationName)} and ${show(environmentSuffix)}, `
      + `which ${other.node.path} also has; the names of their resources would be equal: set another 'environmentSuffix' or 'applicationName' for one of the two${remedyOfPlace(place)}`);
  }
  ofClass.set(key, scope);
}

/** Whether a construct is still a child of its scope: a user can remove one, and create another one. */
function isInTree({ node }: IConstruct): boolean {
  const isChild = (child: IConstruct, scope?: IConstruct) => !scope || scope.node.tryFindChild(child.node.id) === child;
  return node.scopes.every((each) => isChild(each, each.node.scope));
}

/** Stacks without a place may be for two places, which only the command line names. */
function remedyOfPlace(place: string[]): string {
  return place.includes('') ? ", or set 'env' on their stacks if these are for two regions or accounts" : '';
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
