export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Properties;
  readonly Metadata?: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly Type?: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly MinValue?: number;
}

export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Conditions?: Properties;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Properties>>>>;
  readonly Outputs?: Readonly<Record<string, {
    readonly Value: unknown;
    readonly Export?: { readonly Name: unknown };
  }>>;
}

/** Stand-ins for what only a deployment knows. */
export const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Stack',
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Stack/00000000-0000-0000-0000-000000000000`,
};

/** A text with pseudo parameters in the form of Fn::Sub. */
export function fill(text: string): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => PSEUDO_PARAMETERS[name] ?? whole);
}

export function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The function and the argument of an intrinsic function. */
export function intrinsicOf(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (!isObject(value)) { return undefined; }
  const [entry, ...others] = Object.entries(value);
  return others.length === 0 && entry !== undefined && /^(Ref|Fn::\w+)$/.test(entry[0]) ? entry : undefined;
}

/** The logical id and the attribute of Fn::GetAtt, which can be a text. */
export function attributeOf(argument: unknown): [id: string, attribute: unknown] {
  if (Array.isArray(argument)) { return [String(argument[0]), argument[1]]; }
  const [id, ...attribute] = String(argument).split('.');
  return [id, attribute.join('.')];
}
