import { Assembly, pathOf, StackTemplate } from './read-assembly';
import { Resolver } from './resolver';
import { attributeOf, intrinsicOf, isObject, Properties } from './template';

/** A resource in a template. */
export interface Located {
  readonly stack: StackTemplate;
  readonly id: string;
  readonly type: string;
  /** As in the template, with its functions. */
  readonly properties: Properties;
}

/** Finds the resources that values refer to: by reference, by export, through a nested stack, or by name. */
export class References {
  private readonly resolvers = new Map<StackTemplate, Resolver>();
  private readonly resources: readonly Located[];

  constructor(private readonly assembly: Assembly) {
    this.resources = assembly.stacks.flatMap((stack) => Object.entries(stack.template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || this.resolverOf(stack).conditions.holds(Condition))
      .map(([id, { Type, Properties: properties = {} }]) => ({ stack, id, type: Type, properties })));
  }

  public ofType(type: string): readonly Located[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The properties without functions. */
  public propertiesOf({ stack, properties }: Located): Properties {
    return this.resolverOf(stack).resolve(properties) as Properties;
  }

  public text({ stack }: Located, value: unknown): string {
    return this.resolverOf(stack).text(value);
  }

  public nameOf({ stack, id }: Located): string {
    return this.resolverOf(stack).physicalName(id);
  }

  public pathOf({ stack, id }: Located): string {
    return pathOf(stack, id);
  }

  /** The resource of a type that a value in the properties of another resource refers to. */
  public find(type: string, from: Located, value: unknown): Located | undefined {
    if (value === undefined) { return undefined; }
    const [mentioned] = this.mentioned(from.stack, value).filter((resource) => resource.type === type);
    return mentioned ?? this.named(type, from, this.text(from, value));
  }

  /** The resource of a type with this name or ARN, in the nearest stack. */
  public named(type: string, { stack }: Located, name: string): Located | undefined {
    const nearness = (other: StackTemplate) => (other === stack ? 0 : other.directory === stack.directory ? 1 : 2);
    return [...this.ofType(type)]
      .sort((one, other) => nearness(one.stack) - nearness(other.stack))
      .find((resource) => name !== '' && this.namesOf(resource).includes(name));
  }

  /** Resources of a type with a property that refers to a resource. */
  public referring(type: string, property: string, to: Located): readonly Located[] {
    return this.ofType(type).filter((resource) => {
      const found = this.find(to.type, resource, resource.properties[property]);
      return found?.stack === to.stack && found.id === to.id;
    });
  }

  private namesOf({ stack, id }: Located): string[] {
    const resolver = this.resolverOf(stack);
    return [resolver.physicalName(id), resolver.text({ Ref: id }), resolver.text({ 'Fn::GetAtt': [id, 'Arn'] })];
  }

  /** Every resource that a value refers to, in order. */
  private mentioned(stack: StackTemplate, value: unknown): Located[] {
    const [name, argument] = intrinsicOf(value) ?? [];
    switch (name) {
      case 'Ref': return this.referred(stack, String(argument));
      case 'Fn::GetAtt': return this.attribute(stack, argument);
      case 'Fn::ImportValue': return this.exported(stack, this.resolverOf(stack).text(argument));
      case 'Fn::If': {
        const [condition, then, otherwise] = argument as [string, unknown, unknown];
        return this.mentioned(stack, this.resolverOf(stack).conditions.holds(condition) ? then : otherwise);
      }
      case 'Fn::Sub': return this.substituted(stack, argument);
      default: break;
    }
    const parts = isObject(value) ? Object.values(value) : Array.isArray(value) ? value as unknown[] : [];
    return parts.flatMap((part) => this.mentioned(stack, part));
  }

  private referred(stack: StackTemplate, id: string): Located[] {
    const found = this.resources.filter((resource) => resource.stack === stack && resource.id === id);
    if (found.length > 0 || !stack.parent) { return found; }
    return this.mentioned(stack.parent.stack, passedParameters(stack)[id]);
  }

  private attribute(stack: StackTemplate, argument: unknown): Located[] {
    const [id, attribute] = attributeOf(argument);
    const [, output] = /^Outputs\.(.+)$/.exec(String(attribute)) ?? [];
    const nested = output === undefined ? undefined : this.nestedIn(stack, id);
    return nested ? this.mentioned(nested, nested.template.Outputs?.[String(output)]?.Value) : this.referred(stack, id);
  }

  private substituted(stack: StackTemplate, argument: unknown): Located[] {
    const [text, values] = Array.isArray(argument) ? argument as [unknown, Properties] : [argument, {}];
    return [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].flatMap(([, name]) =>
      (name in values ? this.mentioned(stack, values[name]) : this.attribute(stack, name)));
  }

  private exported(stack: StackTemplate, name: string): Located[] {
    const found = this.exportOf(stack, name);
    return found ? this.mentioned(found.stack, found.value) : [];
  }

  /** The export of this name. Stages can have the same names, so one in the same directory comes first. */
  private exportOf(
    from: StackTemplate, name: string,
  ): { readonly stack: StackTemplate; readonly value: unknown } | undefined {
    const sorted = [...this.assembly.stacks].sort((one, other) =>
      Number(other.directory === from.directory) - Number(one.directory === from.directory));
    for (const stack of sorted) {
      const output = Object.values(stack.template.Outputs ?? {})
        .find(({ Export }) => Export && this.resolverOf(stack).text(Export.Name) === name);
      if (output) { return { stack, value: output.Value }; }
    }
    return undefined;
  }

  private nestedIn(stack: StackTemplate, id: string): StackTemplate | undefined {
    return this.assembly.stacks.find(({ parent }) => parent?.stack === stack && parent.id === id);
  }

  private resolverOf(stack: StackTemplate): Resolver {
    const known = this.resolvers.get(stack);
    if (known) { return known; }
    const resolver = new Resolver(stack.template, {
      stackName: stack.name,
      importValue: (name) => {
        const found = this.exportOf(stack, name);
        return found && this.resolverOf(found.stack).resolve(found.value);
      },
      outputOf: (id, output) => {
        const nested = this.nestedIn(stack, id);
        return nested && this.resolverOf(nested).resolve(nested.template.Outputs?.[output]?.Value);
      },
      parameters: {
        ...stack.parameters,
        ...stack.parent && this.resolverOf(stack.parent.stack).resolve(passedParameters(stack)) as Properties,
      },
    });
    this.resolvers.set(stack, resolver);
    return resolver;
  }
}

/** What the parent passes to a nested stack, with the functions of the parent's template. */
function passedParameters({ parent }: StackTemplate): Properties {
  const { Properties: { Parameters = {} } = {} } = parent?.stack.template.Resources[parent.id] ?? {};
  return Parameters as Properties;
}
