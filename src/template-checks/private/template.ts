import { NAMES } from './name-table';

/** A reference or a function of CloudFormation. */
const INTRINSIC = /^(Ref|Condition|Fn::.*)$/;

/** A placeholder for the content of a function that the rules do not evaluate. */
const UNKNOWN = { 'Fn::Unknown': '' };

/** A JSON object of any shape. */
interface Json { readonly [name: string]: unknown }

function isMap(raw: unknown): raw is Json {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** The name of a function and its argument; undefined for a literal. */
export function intrinsicOf(raw: unknown): [name: string, argument: unknown] | undefined {
  if (!isMap(raw)) { return undefined; }
  const [name, ...others] = Object.keys(raw);
  return name !== undefined && others.length === 0 && INTRINSIC.test(name) ? [name, raw[name]] : undefined;
}

/** The id of the resource that a reference refers to, and the attribute. */
export function referenceOf(raw: unknown): [id: string, attribute?: string] | undefined {
  const [name, argument] = intrinsicOf(raw) ?? [];
  if (name === 'Ref' && typeof argument === 'string') { return [argument]; }
  if (name !== 'Fn::GetAtt') { return undefined; }
  const [id, ...attribute]: unknown[] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  return [id, ...attribute].every((part) => typeof part === 'string') ? [String(id), attribute.join('.')] : undefined;
}

function isMissing(raw: unknown): boolean {
  return raw === undefined || raw === null || referenceOf(raw)?.[0] === 'AWS::NoValue';
}

function isUnknown(raw: unknown): boolean {
  return intrinsicOf(raw) !== undefined && !isMissing(raw);
}

function childOf(raw: unknown, key: string | number): unknown {
  return isUnknown(raw) ? UNKNOWN : (raw as Json | undefined | null)?.[key];
}

/** A finding of a rule. */
export interface Finding {
  readonly resource: Resource;
  /** The path of the property in the resource. */
  readonly location: string;
  /** The problem, with the values, as a sentence. */
  readonly problem: string;
  /** The receiving resource, which the finding also concerns. */
  readonly receiver?: Resource;
}

/** A check for something that AWS would reject, or that would not work. */
export interface Rule {
  /** The id in an acknowledgement, after the name of the plugin. */
  readonly id: string;
  /** The requirement that the template must meet. */
  readonly says: string;
  /** The message or the behavior of AWS if the template does not meet it. */
  readonly aws: string;
  /** The remedy. */
  readonly fix: string;
  readonly judge: (template: Template) => Iterable<Finding>;
}

/**
 * A place in the template, with its value.
 *
 * Each getter returns a value for any JSON, so no template makes a rule throw. An unknown value is missing from no list
 * and equals nothing.
 */
export class Value {
  constructor(public readonly owner: Resource, public readonly raw: unknown, private readonly path: string) {}

  public at(...keys: (string | number)[]): Value {
    return new Value(this.owner, keys.reduce(childOf, this.raw), [this.path, ...keys].join('/'));
  }

  /** Whether it is a reference or a function. */
  public get unknown(): boolean {
    return isUnknown(this.raw);
  }

  public get missing(): boolean {
    return isMissing(this.raw);
  }

  /** A literal, as a string: CloudFormation treats numbers and strings alike. */
  public get text(): string | undefined {
    return ['string', 'number', 'boolean'].includes(typeof this.raw) ? String(this.raw) : undefined;
  }

  public get number(): number | undefined {
    const { text } = this;
    return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
  }

  /** The members of a list, without omitted ones. */
  public get items(): Value[] {
    return Array.isArray(this.raw) ? this.raw.map((_, index) => this.at(index)).filter((item) => !item.missing) : [];
  }

  /** The members of a map. */
  public get entries(): [string, Value][] {
    return isMap(this.raw) && !this.unknown ? Object.keys(this.raw).map((key) => [key, this.at(key)]) : [];
  }

  /** Whether a list can have other members than those in the template. */
  public get open(): boolean {
    return this.unknown || this.items.some((item) => item.unknown);
  }

  /** A single value or a list, as IAM allows. */
  public get oneOrMore(): Value[] {
    if (Array.isArray(this.raw)) { return this.items; }
    return this.missing ? [] : [this];
  }

  /** The resource of this type that the value refers to, by reference or by name. */
  public resource(type: string): Resource | undefined {
    const { template } = this.owner;
    const [id] = referenceOf(this.raw) ?? [];
    const found = id === undefined ? undefined : template.get(id);
    if (found) { return found.type === type ? found : undefined; }
    return this.missing ? undefined : template.ofType(type)
      .find((candidate) => !candidate.conditional && candidate.isNamed(this.raw));
  }

  /** The resource that the value refers to, of any type. */
  public get referred(): Resource | undefined {
    const [id] = referenceOf(this.raw) ?? [];
    return id === undefined ? undefined : this.owner.template.get(id);
  }

  public finding(problem: string, receiver?: Resource): Finding {
    return { resource: this.owner, location: this.path, problem, receiver };
  }
}

/** A resource of a template. */
class Resource {
  public readonly properties: Value;

  /** Whether a condition decides about the creation of the resource. */
  public readonly conditional: boolean;

  constructor(
    public readonly template: Template, public readonly id: string, public readonly type: string,
    private readonly entry: Json,
  ) {
    this.properties = new Value(this, entry.Properties ?? {}, 'Properties');
    this.conditional = entry.Condition !== undefined;
  }

  public at(...keys: (string | number)[]): Value {
    return this.properties.at(...keys);
  }

  /** An attribute beside the properties, such as `DeletionPolicy`. */
  public attribute(name: string): Value {
    return new Value(this, this.entry[name], name);
  }

  public isNamed(raw: unknown): boolean {
    const property = NAMES[this.type]?.property;
    return property !== undefined && !this.at(property)
      .missing && JSON.stringify(this.at(property).raw) === JSON.stringify(raw);
  }
}

export type { Resource };

/** A template, as the rules read it. */
export class Template {
  private readonly byId = new Map<string, Resource>();
  private readonly byType = new Map<string, Resource[]>();

  constructor(json: unknown) {
    const resources = isMap(json) && isMap(json.Resources) ? json.Resources : {};
    for (const [id, entry] of Object.entries(resources)) {
      if (isMap(entry) && typeof entry.Type === 'string') {
        this.add(new Resource(this, id, entry.Type, entry));
      }
    }
  }

  public get(id: string): Resource | undefined {
    return this.byId.get(id);
  }

  public ofType(...types: string[]): Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  private add(resource: Resource): void {
    this.byId.set(resource.id, resource);
    this.byType.set(resource.type, [...this.ofType(resource.type), resource]);
  }
}
