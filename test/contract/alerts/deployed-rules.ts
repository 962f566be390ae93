/** The account and region of the corpus. */
export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';

const PSEUDO_PARAMETERS: { readonly [name: string]: string } = { 'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION, 'AWS::Partition': 'aws' };

const here = (service: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}`;

/** What identifies the things that rules name, by their types. */
const ARNS: { readonly [type: string]: (name: string) => string } = {
  'AWS::CloudWatch::Alarm': (name) => `${here('cloudwatch')}:alarm:${name}`,
  'AWS::ECR::Repository': (name) => `${here('ecr')}:repository/${name}`,
  'AWS::SNS::Topic': (name) => `${here('sns')}:${name}`,
  'AWS::StepFunctions::StateMachine': (name) => `${here('states')}:stateMachine:${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  'AWS::SQS::Queue': (name) => `${here('sqs')}:${name}`,
};

interface Resource { readonly Type: string; readonly Properties: { readonly [name: string]: unknown } }

/** What a target is given. */
export interface Transformer {
  readonly InputPathsMap: {
    readonly [key: string]: string;
  };
  readonly InputTemplate: string;
}

export interface DeployedTarget {
  readonly Arn: string;
  readonly InputTransformer?: Transformer;
}

/** A rule as it is in an account. */
export interface DeployedRule {
  /** Its name without application and suffix. */
  readonly role: string;
  readonly pattern: object;
  readonly targets: DeployedTarget[];
}

/** The rules of the alerts and of the image marks in a template whose things have names. */
export function deployedRules(resources: { readonly [id: string]: Resource }): DeployedRule[] {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) { return value.map(resolve); }
    if (typeof value !== 'object' || value === null) { return value; }
    const [[name, argument], ...others] = Object.entries(value).concat([['', undefined]]);
    if (others.length === 1 && name in INTRINSICS) { return INTRINSICS[name](argument); }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
  };
  const nameOf = (id: string): string => {
    const { Type, Properties } = resources[id];
    const name = resolve(Properties.Name ?? Properties[`${Type.split('::')[2]}Name`]);
    if (typeof name !== 'string') { throw new Error(`${id} has no name`); }
    return name;
  };
  const arnOf = (id: string): string => ARNS[resources[id].Type](nameOf(id));
  const INTRINSICS: { readonly [name: string]: (argument: unknown) => unknown } = {
    'Ref': (id) => PSEUDO_PARAMETERS[id as string] ?? (resources[id as string].Type === 'AWS::SNS::Topic' ? arnOf(id as string) : nameOf(id as string)),
    'Fn::GetAtt': (argument) => arnOf((argument as string[])[0]),
    'Fn::Join': (argument) => {
      const [separator, parts] = resolve(argument) as [string, string[]];
      return parts.join(separator);
    },
  };
  return Object.entries(resources)
    .filter(([id, { Type, Properties: { State } }]) => Type === 'AWS::Events::Rule' && State === 'ENABLED' && /Alerts|ImageMarks/.test(id))
    .map(([, { Properties }]) => ({
      role: (Properties.Name as string).replace(/^orders-|-prod$/g, ''),
      pattern: resolve(Properties.EventPattern) as object,
      targets: resolve(Properties.Targets) as DeployedTarget[],
    }));
}
