import { Conditions } from './conditions';
import { ACCOUNT, attributeOf, CloudFormationTemplate, intrinsicOf, isObject, Parameter, PSEUDO_PARAMETERS, REGION, Resource } from './template';

/** Types whose ARN has something else than the service, the region and the kind of the resource. */
const ARNS: Readonly<Record<string, string>> = {
  'AWS::ECR::Repository': `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/`,
  'AWS::CodeBuild::ReportGroup': `arn:aws:codebuild:${REGION}:${ACCOUNT}:report-group/`,
  'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role/`,
  'AWS::ECS::TaskDefinition': `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/`,
  'AWS::S3::Bucket': 'arn:aws:s3:::',
};

/** Types whose `Ref` is the ARN. */
const REFERRED_BY_ARN = [
  'AWS::CodeBuild::ReportGroup',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
];

const DYNAMIC_REFERENCE = /\{\{resolve:([\w-]+):([^}]*)\}\}/g;

/** What the resolver of a template knows of its surroundings. */
export interface Surroundings {
  readonly stackName?: string;
  /** The value of an export of another stack. */
  readonly importValue?: (name: string) => unknown;
  /** The values that a parent stack passes to a nested stack. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The output of a nested stack, by the logical id of the nested stack. */
  readonly outputOf?: (id: string, output: string) => unknown;
}

/**
 * Does what CloudFormation does with the functions of a template. What only a deployment knows gets a stand-in, which
 * is the same in each run.
 */
export class Resolver {
  public readonly conditions: Conditions;
  private readonly functions: Readonly<Record<string, (argument: unknown) => unknown>>;

  constructor(private readonly template: CloudFormationTemplate, private readonly surroundings: Surroundings = {}) {
    this.conditions = new Conditions(template.Conditions ?? {}, (value) => this.text(value));
    this.functions = this.tableOfFunctions();
  }

  /** The value as a text. A list becomes a text with commas, and an object becomes JSON. */
  public text(value: unknown): string {
    const resolved = this.resolve(value);
    if (resolved === undefined || resolved === null) { return ''; }
    if (Array.isArray(resolved)) { return resolved.map((item) => this.text(item)).join(','); }
    return typeof resolved === 'object' ? JSON.stringify(resolved) : String(resolved);
  }

  /** The value without functions. `AWS::NoValue` removes the property or the item. */
  public resolve(value: unknown): unknown {
    if (typeof value === 'string') { return this.dynamic(value); }
    if (Array.isArray(value)) {
      return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    }
    if (!isObject(value)) { return value; }
    const [name, argument] = intrinsicOf(value) ?? [];
    if (name !== undefined) {
      return (this.functions[name] ?? (() => standIn(name, JSON.stringify(argument))))(argument);
    }
    return Object.fromEntries(Object.entries(value)
      .map(([key, child]) => [key, this.resolve(child)])
      .filter(([, child]) => child !== undefined));
  }

  /** The name of a resource, or a stand-in that contains its logical id. */
  public physicalName(id: string): string {
    const { Type = '', Properties = {} } = this.resourceOf(id) ?? {};
    const property = Object.keys(Properties).find((name) => isName(name, kindOf(Type)));
    return this.text(Properties[property ?? 'Name']) || id.toLowerCase();
  }

  public reference(id: string): unknown {
    if (id === 'AWS::NoValue') { return undefined; }
    const { parameters, stackName = PSEUDO_PARAMETERS['AWS::StackName'] } = this.surroundings;
    const given: Readonly<Record<string, unknown>> = { ...PSEUDO_PARAMETERS, 'AWS::StackName': stackName, ...parameters };
    if (id in given) { return given[id]; }
    const parameter = this.template.Parameters?.[id];
    if (parameter) { return this.valueOf(id, parameter); }
    const { Type = '' } = this.resourceOf(id) ?? {};
    return REFERRED_BY_ARN.includes(Type) ? this.attribute(id, 'Arn') : this.physicalName(id);
  }

  private tableOfFunctions(): Readonly<Record<string, (argument: unknown) => unknown>> {
    return {
      'Ref': (argument) => this.reference(String(argument)),
      'Fn::GetAtt': (argument) => {
        const [id, attribute] = attributeOf(argument);
        return this.attribute(id, this.text(attribute));
      },
      'Fn::Base64': (argument) => Buffer.from(this.text(argument)).toString('base64'),
      'Fn::Join': (argument) => {
        const [separator, parts] = listOf(argument);
        return listOf(this.resolve(parts)).map((part) => this.text(part)).join(String(separator));
      },
      'Fn::Sub': (argument) => this.substitute(argument),
      'Fn::Split': (argument) => {
        const [separator, text] = listOf(argument);
        return this.text(text).split(String(separator));
      },
      'Fn::Select': (argument) => {
        const [index, list] = listOf(argument);
        const items = listOf(this.resolve(list));
        return items[Number(this.text(index))] ?? standIn('Fn::Select', JSON.stringify(argument));
      },
      'Fn::If': (argument) => {
        const [condition, then, otherwise] = listOf(argument);
        return this.resolve(this.conditions.holds(String(condition)) ? then : otherwise);
      },
      'Fn::FindInMap': (argument) => this.find(listOf(argument)),
      'Fn::ImportValue': (argument) => {
        const name = this.text(argument);
        return this.surroundings.importValue?.(name) ?? standIn('import', name);
      },
      'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `${REGION}${zone}`),
      'Fn::Cidr': (argument) => Array.from({ length: Number(this.text(listOf(argument)[1])) || 1 }, (_, index) => `10.0.${index}.0/24`),
      'Fn::Length': (argument) => listOf(this.resolve(argument)).length,
      'Fn::ToJsonString': (argument) => JSON.stringify(this.resolve(argument)),
    };
  }

  private substitute(argument: unknown): string {
    const [text, values] = Array.isArray(argument) ? argument as [unknown, unknown] : [argument, {}];
    const own = isObject(values) ? values : {};
    const filled = String(text).replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal) { return `\${${name}}`; }
      if (name in own) { return this.text(own[name]); }
      const [id, attribute] = attributeOf(name);
      if (attribute !== '' && this.resourceOf(id)) { return this.attribute(id, String(attribute)); }
      return this.isKnown(name) ? this.text({ Ref: name }) : whole;
    });
    return this.dynamic(filled);
  }

  private isKnown(name: string): boolean {
    return [PSEUDO_PARAMETERS, this.template.Parameters ?? {}, this.template.Resources].some((known) => name in known);
  }

  private find([map, first, second, options]: readonly unknown[]): unknown {
    const [name, top, key] = [map, first, second].map((part) => this.text(part));
    const fallback = isObject(options) ? options.DefaultValue : undefined;
    return this.resolve(this.template.Mappings?.[name]?.[top]?.[key] ?? fallback) ?? standIn(name, `${top} ${key}`);
  }

  private attribute(id: string, attribute: string): string {
    if (attribute.startsWith('Outputs.')) {
      return this.text(this.surroundings.outputOf?.(id, attribute.slice('Outputs.'.length)) ?? standIn(id, attribute));
    }
    const { Type, Properties = {} } = this.resourceOf(id) ?? { Type: 'AWS::Unknown::Resource' };
    const name = this.physicalName(id);
    if (/^(\w+)?Arn$/.test(attribute)) { return `${arnPrefixOf(Type)}${name}`; }
    if (['Name', `${kindOf(Type)}Name`].includes(attribute)) { return name; }
    const isStored = attribute === 'Value' && Properties.Value !== undefined;
    return isStored ? this.text(Properties.Value) : `${name}-${attribute.toLowerCase()}`;
  }

  private valueOf(id: string, { Type = 'String', Default, AllowedValues = [], MinValue }: Parameter): unknown {
    const given = Default ?? AllowedValues[0] ?? (Type === 'Number' ? MinValue : undefined) ?? standInFor(id, Type);
    const isList = /List/.test(Type);
    if (Type.startsWith('AWS::SSM::Parameter::Value')) {
      // the default is the name of a parameter in Parameter Store
      const value = this.stored(String(given));
      return isList ? value.split(',') : value;
    }
    return isList ? String(given).split(',').map((item) => item.trim()) : String(given);
  }

  /** The value of a parameter in Parameter Store that the template creates, or a stand-in. */
  private stored(name: string): string {
    const created = Object.values(this.template.Resources)
      .find(({ Type, Properties }) => Type === 'AWS::SSM::Parameter' && Properties?.Name === name);
    return created ? this.text(created.Properties?.Value) : standIn('ssm', name);
  }

  private dynamic(text: string): string {
    return text.replace(DYNAMIC_REFERENCE, (_, service: string, key: string) =>
      service === 'ssm' ? this.stored(key.replace(/:\d+$/, '')) : standIn(service, key));
  }

  private resourceOf(id: string): Resource | undefined {
    return this.template.Resources[id];
  }
}

/** A CompositeAlarm has an AlarmName. A deployment group also has the names of other things. */
function isName(property: string, kind: string): boolean {
  const [, what] = /^(\w*)Name$/.exec(property) ?? [];
  return kind === 'TaskDefinition' ? property === 'Family' : what !== undefined && kind.endsWith(what);
}

function standInFor(id: string, type: string): string {
  return type === 'Number' ? '1' : id.toLowerCase();
}

function arnPrefixOf(type: string): string {
  const [, service, kind] = type.toLowerCase().split('::');
  return ARNS[type] ?? `arn:aws:${service}:${REGION}:${ACCOUNT}:${kind}/`;
}

/** `TargetGroup` of `AWS::ElasticLoadBalancingV2::TargetGroup`. */
function kindOf(type: string): string {
  return type.split('::')[2] ?? '';
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) { return value as unknown[]; }
  return value === undefined ? [] : [value];
}

/** Letters, digits and hyphens, so that it is valid as most kinds of names. */
function standIn(kind: string, text: string): string {
  const [name, words] = [kind.replace(/^Fn::/, ''), text].map((part) => part.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').toLowerCase());
  return `${name}-${words}`.slice(0, 128);
}
