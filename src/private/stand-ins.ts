import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { renderedProperties } from './cdk-internals';
import { LONGEST_VALUES } from './names';

/** A stand-in for a value of a length that the template does not limit: that of an ARN with a name of 60 characters. */
export const UNKNOWN = '1'.repeat(120);

/** The characters after the name in an ARN: the random part of a secret's, and the longest of other kinds. */
const AFTER_NAME = { secret: 7, other: 24 };

/** The characters that CloudFormation adds to a name that it generates. */
const GENERATED = 13;

type Intrinsics = { readonly [name: string]: (argument: never) => string };

/**
 * Returns a function that renders a resolved value as a string, with a stand-in for each reference. A stand-in is about
 * as long as the longest value that the reference usually has at deployment, and fits into JSON: with and without
 * quotation marks if nothing is known of the value.
 */
export function standInsOf(stack: Stack): (value: unknown) => string {
  const standIns = new StandIns(stack);
  return (value) => standIns.textOf(value);
}

/** Returns a function that renders each intrinsic function in a resolved value as a string with stand-ins. */
export function renderStandIns(stack: Stack): (value: unknown) => unknown {
  const textOf = standInsOf(stack);
  const render = (value: unknown): unknown => {
    if (Array.isArray(value)) { return value.map(render); }
    if (typeof value !== 'object' || value === null) { return value; }
    const [name = '', ...others] = Object.keys(value);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) { return textOf(value); }
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, render(child)]));
  };
  return render;
}

class StandIns {
  private readonly pseudoParameters: { readonly [name: string]: string };
  private readonly resources: ReadonlyMap<string, CfnResource>;
  private readonly intrinsics: Intrinsics = {
    'Ref': (name: string) => this.reference(name),
    'Fn::GetAtt': (argument: string | string[]) => this.attribute([argument].flat().join('.')),
    'Fn::Join': ([separator, list]: [string, unknown]) => this.listOf(list).join(separator),
    'Fn::Sub': (argument: string | [string, Intrinsics]) => this.substitute(...[argument].flat() as [string, Intrinsics?]),
    'Fn::Select': ([index, list]: [number | string, unknown]) => this.select(Number(index), this.listOf(list)),
    'Fn::Base64': (content: unknown) => Buffer.from(this.textOf(content)).toString('base64'),
    'Fn::If': ([, ...branches]: unknown[]) => choose(branches.map((branch) => this.textOf(branch))),
  };

  constructor(private readonly stack: Stack) {
    const region = Token.isUnresolved(stack.region) ? undefined : stack.region;
    this.pseudoParameters = {
      'AWS::AccountId': LONGEST_VALUES['AWS::AccountId'],
      'AWS::Region': region ?? LONGEST_VALUES['AWS::Region'],
      'AWS::Partition': (region && RegionInfo.get(region).partition) ?? 'aws-us-gov',
      'AWS::URLSuffix': 'amazonaws.com.cn',
      'AWS::StackName': stack.stackName,
      'AWS::NoValue': '',
    };
    this.resources = new Map(stack.node.findAll()
      .filter((one): one is CfnResource => CfnResource.isCfnResource(one) && one.stack === stack)
      .map((resource) => [stack.resolve(resource.logicalId) as string, resource]));
  }

  public textOf(value: unknown): string {
    if (typeof value !== 'object' || value === null) { return String(value); }
    const [[name, argument]] = Object.entries(value);
    return this.intrinsics[name]?.(argument as never) ?? UNKNOWN;
  }

  private listOf(list: unknown): string[] {
    if (Array.isArray(list)) { return list.map((item) => this.textOf(item)); }
    const [separator, text] = (list as { 'Fn::Split'?: [string, unknown] })['Fn::Split'] ?? ['', UNKNOWN];
    return separator === '' ? [UNKNOWN] : this.textOf(text).split(separator);
  }

  /** A stand-in may have fewer parts than the value. The part is at most as long as the value then. */
  private select(index: number, items: string[]): string {
    return items[index] ?? longest(items);
  }

  private substitute(template: string, variables: Intrinsics = {}): string {
    return template.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) { return `\${${name}}`; }
      if (name in variables) { return this.textOf(variables[name]); }
      return name.includes('.') ? this.attribute(name) : this.reference(name);
    });
  }

  private reference(name: string): string {
    return this.pseudoParameters[name] ?? this.arnOf(name);
  }

  /** Other attributes, such as the address of a database, are not longer than the ARN. */
  private attribute(path: string): string {
    return this.arnOf(path.split('.')[0]);
  }

  /** The ARN of a resource, also for references that are only its name. */
  private arnOf(id: string): string {
    const resource = this.resources.get(id);
    const [vendor, service, kind] = resource?.cfnResourceType.split('::') ?? [];
    // parameters, custom resources, and outputs of nested stacks can have any value
    if (!resource || vendor !== 'AWS' || service === 'CloudFormation') { return UNKNOWN; }
    const place = ['AWS::Partition', 'AWS::Region', 'AWS::AccountId'].map((name) => this.pseudoParameters[name]);
    const after = service === 'SecretsManager' ? AFTER_NAME.secret : AFTER_NAME.other;
    return `arn:${place[0]}:${service.toLowerCase()}:${place[1]}:${place[2]}:${kind.toLowerCase()}/${this.nameOf(id, resource, kind)}${'x'.repeat(after)}`;
  }

  private nameOf(id: string, resource: CfnResource, kind: string): string {
    const properties = renderedProperties(resource);
    const name = properties[`${kind}Name`] ?? properties.Name;
    return name === undefined ? `${this.stack.stackName}-${id}${'x'.repeat(GENERATED)}` : this.textOf(name);
  }
}

/** A branch with a dynamic reference, so that the check for references finds it, or else the longest one. */
function choose(branches: string[]): string {
  const dynamic = branches.filter((branch) => branch.includes('{{resolve:'));
  return longest(dynamic.length > 0 ? dynamic : branches);
}

function longest(texts: string[]): string {
  return texts.reduce((one, other) => Buffer.byteLength(other) > Buffer.byteLength(one) ? other : one, '');
}
