/** What a deployment knows: the values of references, the conditions, and the exports of other stacks. */
export interface Deployment {
  readonly references?: { readonly [name: string]: unknown };
  readonly conditions?: { readonly [name: string]: boolean };
}

interface BuildSpec { readonly phases: { readonly build: { readonly commands: string[] } } }

const REMOVED = Symbol('AWS::NoValue');

const PSEUDO_PARAMETERS: { readonly [name: string]: unknown } = {
  'AWS::AccountId': '111111111111',
  'AWS::Region': 'eu-west-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': REMOVED,
};

type Functions = { readonly [name: string]: (argument: never, evaluator: Evaluator) => unknown };

const FUNCTIONS: Functions = {
  'Ref': (name: string, { reference }) => reference(name),
  'Fn::GetAtt': (argument: string | string[], { reference }) => reference([argument].flat().join('.')),
  'Fn::ImportValue': (name: unknown, { of, reference }) => reference(of(name) as string),
  'Fn::Base64': (text: unknown, { textOf }) => Buffer.from(textOf(text)).toString('base64'),
  'Fn::Split': ([separator, text]: [string, unknown], { textOf }) => textOf(text).split(separator),
  'Fn::Select': ([index, list]: [number, unknown], { of }) => (of(list) as unknown[])[index],
  'Fn::Join': ([separator, list]: [string, unknown], { of, textOf }) => (of(list) as unknown[]).map(textOf).join(separator),
  'Fn::Sub': (text: string, { reference }) => text.replace(/\$\{([^}]+)\}/g, (_, name: string) => String(reference(name))),
  'Fn::If': ([condition, then, otherwise]: [string, unknown, unknown], { of, deployment }) => (
    of(deployment.conditions?.[condition] ? then : otherwise)),
};

class Evaluator {
  constructor(public readonly deployment: Deployment) {}

  public readonly reference = (name: string): unknown => (
    this.deployment.references?.[name] ?? PSEUDO_PARAMETERS[name] ?? name);

  /** A text, because functions that return text accept only text. */
  public readonly textOf = (value: unknown): string => {
    const text = this.of(value);
    if (typeof text !== 'string') { throw new Error(`a text must not contain ${JSON.stringify(text)}`); }
    return text;
  };

  public readonly of = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) { return value; }
    if (Array.isArray(value)) { return value.map(this.of).filter((item) => item !== REMOVED); }
    const [name, ...others] = Object.keys(value);
    if (others.length === 0 && /^(Ref|Fn::.*)$/.test(name)) { return this.call(name, Reflect.get(value, name)); }
    return Object.fromEntries(Object.entries(value)
      .map(([key, child]) => [key, this.of(child)]).filter(([, child]) => child !== REMOVED));
  };

  private call(name: string, argument: unknown): unknown {
    if (!(name in FUNCTIONS)) { throw new Error(`the function ${name} is not known here`); }
    return FUNCTIONS[name](argument as never, this);
  }
}

/** A value of a template as CloudFormation evaluates it. A reference without a value is its name. */
export function evaluate(value: unknown, deployment: Deployment = {}): unknown {
  return new Evaluator(deployment).of(value);
}

/** A file that the build writes at deployment: the buildspec is evaluated, parsed, and its Base64 decoded. */
export function writtenFile(buildSpec: unknown, path: string, deployment?: Deployment): string {
  const { phases: { build } } = JSON.parse(evaluate(buildSpec, deployment) as string) as BuildSpec;
  const command = new RegExp(`printf %s '([^']*)' \\| base64 -d > "[^"]*/${path}"`);
  const [, content] = command.exec(build.commands.join('\n')) ?? [];
  if (content === undefined) { throw new Error(`the build writes no ${path}`); }
  return Buffer.from(content, 'base64').toString();
}
