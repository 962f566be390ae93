import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';

const PSEUDO_PARAMETERS: { readonly [name: string]: string } = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Stack',
};

const here = (service: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}`;

/** What an ARN is made of, beside the name. */
const ARNS: { readonly [type: string]: (name: string) => string } = {
  'AWS::CodeBuild::Project': (name) => `${here('codebuild')}:project/${name}`,
  'AWS::CodeBuild::ReportGroup': (name) => `${here('codebuild')}:report-group/${name}`,
  'AWS::CodeCommit::Repository': (name) => `${here('codecommit')}:${name}`,
  'AWS::ECR::Repository': (name) => `${here('ecr')}:repository/${name}`,
  'AWS::ECS::Cluster': (name) => `${here('ecs')}:cluster/${name}`,
  'AWS::ECS::TaskDefinition': (name) => `${here('ecs')}:task-definition/${name}:1`,
  'AWS::ElasticLoadBalancingV2::Listener': (name) => `${here('elasticloadbalancing')}:listener/app/web/1234567890123456/${name}`,
  'AWS::IAM::ManagedPolicy': (name) => `arn:aws:iam::${ACCOUNT}:policy/${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  'AWS::KMS::Key': (name) => `${here('kms')}:key/${name}`,
  'AWS::Logs::LogGroup': (name) => `${here('logs')}:log-group:${name}:*`,
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::SNS::Topic': (name) => `${here('sns')}:${name}`,
  'AWS::Events::Rule': (name) => `${here('events')}:rule/${name}`,
  'AWS::Lambda::Function': (name) => `${here('lambda')}:function:${name}`,
  'AWS::SQS::Queue': (name) => `${here('sqs')}:${name}`,
  'AWS::CloudWatch::Alarm': (name) => `${here('cloudwatch')}:alarm:${name}`,
  'AWS::StepFunctions::StateMachine': (name) => `${here('states')}:stateMachine:${name}`,
  'AWS::SecretsManager::Secret': (name) => `${here('secretsmanager')}:secret:${name}-1a2b3c`,
};

/** What a Ref gives where it is an ARN; elsewhere it is the name. */
const REFERRED_TO_BY_ARN = [
  'AWS::CodeBuild::ReportGroup', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition', 'AWS::ElasticLoadBalancingV2::Listener', 'AWS::IAM::ManagedPolicy',
  'AWS::SecretsManager::Secret', 'AWS::SNS::Topic',
];

/** The properties that hold a name. */
const NAMES = /^(Alarm|Application|Bucket|Cluster|DeploymentGroup|Function|LogGroup|ManagedPolicy|Queue|Repository|ReportGroup|Role|Service|StateMachine|Topic)?Name$/;

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: { readonly [element: string]: unknown }[];
}

/** Whatever has statements, at any depth: policies, trusts, the policies of keys, buckets, topics and log groups. */
function documentsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) { return []; }
  return 'Statement' in value ? [value] : Object.values(value).flatMap(documentsIn);
}

/**
 * A stack as it would be in an account: references are ARNs and names, and a thing without a name has its id without
 * CDK's hash.
 */
export class Deployed {
  private readonly resources: { readonly [id: string]: Resource };
  private readonly known = new Map<string, unknown>();

  /** Of a stack, or of the JSON of a template. */
  constructor(source: Stack | object) {
    const template = Stack.isStack(source) ? Template.fromStack(source).toJSON() : source;
    this.resources = (template as { Resources: { [id: string]: Resource } }).Resources;
  }

  /** The names of the roles. */
  public get roles(): string[] {
    return this.once('roles', () => this.idsOf('AWS::IAM::Role').map((id) => this.nameOf(id)).sort());
  }

  /** What is attached to a role, whichever side attaches it. */
  public policiesOf(roleName: string): PolicyDocument[] {
    const { ManagedPolicyArns = [] } = this.propertiesOf<{ ManagedPolicyArns?: string[] }>(this.roleId(roleName));
    return this.idsOf('AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy')
      .map((id) => ({
        arn: this.arnOf(id), ...this.propertiesOf<{ Roles?: string[]; PolicyDocument: PolicyDocument }>(id),
      }))
      .filter(({ arn, Roles = [] }) => ManagedPolicyArns.includes(arn) || Roles.includes(roleName))
      .map(({ PolicyDocument: document }) => document);
  }

  /** Who may assume a role. */
  public trustOf(roleName: string): PolicyDocument {
    return this.propertyOf(this.roleId(roleName), 'AssumeRolePolicyDocument');
  }

  /** What a role has beside policies of the stack: AWS's own policies, and statements in the role itself. */
  public foreignPoliciesOf(roleName: string): string[] {
    const { ManagedPolicyArns = [], Policies = [] } = this.propertiesOf<{
      ManagedPolicyArns?: string[]; Policies?: { PolicyName: string }[];
    }>(this.roleId(roleName));
    const own = this.idsOf('AWS::IAM::ManagedPolicy').map((id) => this.arnOf(id));
    return [...ManagedPolicyArns.filter((arn) => !own.includes(arn)), ...Policies.map(({ PolicyName }) => PolicyName)];
  }

  /** Every statement of the stack, with the logical id of what it is part of. */
  public get statements(): { readonly of: string; readonly statement: PolicyDocument['Statement'][number] }[] {
    return Object.entries(this.resources).flatMap(([id, { Properties }]) => documentsIn(Properties)
      .flatMap(
        (document) => (this.resolve(document) as PolicyDocument).Statement.map((statement) => ({ of: id, statement })),
      ));
  }

  /** The policies that are attached to roles, by the logical id of the resource that contains them. */
  public get identityPolicies(): { readonly id: string; readonly document: PolicyDocument }[] {
    return this.idsOf('AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role').flatMap((id) => {
      const { PolicyDocument: own, Policies = [] } = this.propertiesOf<{
        PolicyDocument?: PolicyDocument; Policies?: { PolicyDocument: PolicyDocument }[];
      }>(id);
      return [...own ? [own] : [], ...Policies.map((policy) => policy.PolicyDocument)]
        .map((document) => ({ id, document }));
    });
  }

  /** The policy of the topic. */
  public topicPolicy(topicArn: string): PolicyDocument | undefined {
    return this.idsOf('AWS::SNS::TopicPolicy')
      .map((id) => this.propertiesOf<{ Topics: string[]; PolicyDocument: PolicyDocument }>(id))
      .find(({ Topics }) => Topics.includes(topicArn))?.PolicyDocument;
  }

  /** The policy of the bucket. */
  public bucketPolicy(bucketName: string): PolicyDocument | undefined {
    return this.idsOf('AWS::S3::BucketPolicy')
      .map((id) => this.propertiesOf<{ Bucket: string; PolicyDocument: PolicyDocument }>(id))
      .find(({ Bucket }) => Bucket === bucketName)?.PolicyDocument;
  }

  /** The policy of the key. */
  public keyPolicy(keyArn: string): PolicyDocument | undefined {
    const keyId = this.idsOf('AWS::KMS::Key').find((id) => this.arnOf(id) === keyArn);
    return keyId === undefined ? undefined : this.propertyOf(keyId, 'KeyPolicy');
  }

  /** A value of the template as CloudFormation resolves it. */
  public resolve(value: unknown): unknown {
    if (Array.isArray(value)) { return value.map((item) => this.resolve(item)); }
    if (typeof value !== 'object' || value === null) { return value; }
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    return entries.length === 1 && /^(Ref|Fn::.*)$/.test(name)
      ? this.call(name, argument)
      : Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item)]));
  }

  private propertiesOf<T>(id: string): T {
    return this.once(`properties ${id}`, () => this.resolve(this.resources[id].Properties) as T);
  }

  private propertyOf(id: string, property: string): PolicyDocument {
    return this.once(`${property} ${id}`, () => this.resolve(this.resources[id].Properties?.[property]) as PolicyDocument);
  }

  private idsOf(...types: string[]): string[] {
    return this.once(`of ${types}`, () => Object.entries(this.resources).filter(([, { Type }]) => types.includes(Type)).map(([id]) => id));
  }

  /** A table of all calls and all roles asks for the same thousands of times. */
  private once<T>(key: string, make: () => T): T {
    if (!this.known.has(key)) { this.known.set(key, make()); }
    return this.known.get(key) as T;
  }

  private roleId(roleName: string): string {
    const found = this.idsOf('AWS::IAM::Role').find((id) => this.nameOf(id) === roleName);
    if (!found) { throw new Error(`no role is named ${roleName}, only ${this.roles.join(', ')}`); }
    return found;
  }

  private call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref': return this.reference(argument as string);
      case 'Fn::GetAtt': return this.attribute(argument as [string, string]);
      case 'Fn::Join': {
        const [separator, parts] = this.resolve(argument) as [string, string[]];
        return parts.join(separator);
      }
      case 'Fn::Select': {
        const [index, list] = this.resolve(argument) as [number, string[]];
        return list[index];
      }
      case 'Fn::Split': {
        const [separator, text] = this.resolve(argument) as [string, string];
        return text.split(separator);
      }
      case 'Fn::Sub': return (argument as string).replace(/\$\{([^}]+)\}/g, (_, id: string) => this.reference(id));
      case 'Fn::Base64': return Buffer.from(this.resolve(argument) as string).toString('base64');
      default: throw new Error(`the function ${name} is not known here`);
    }
  }

  private reference(id: string): string {
    return PSEUDO_PARAMETERS[id]
      ?? (REFERRED_TO_BY_ARN.includes(this.resources[id].Type) ? this.arnOf(id) : this.nameOf(id));
  }

  private attribute([id, attribute]: [string, string]): string {
    switch (attribute) {
      case 'Arn': return this.arnOf(id);
      case 'Name': return this.nameOf(id);
      default: return `${this.nameOf(id)}-${attribute}`;
    }
  }

  private arnOf(id: string): string {
    const { Type, Properties } = this.resources[id];
    if (Type === 'AWS::ECS::Service') {
      return `${here('ecs')}:service/${this.resolve(Properties?.Cluster)}/${this.nameOf(id)}`;
    }
    const format = ARNS[Type];
    if (!format) { throw new Error(`what an ARN of ${Type} looks like is not known here`); }
    return format(this.nameOf(id));
  }

  private nameOf(id: string): string {
    return this.once(`name ${id}`, () => this.makeName(id));
  }

  private makeName(id: string): string {
    const { Type, Properties = {} } = this.resources[id];
    // a deployment group has the name of its application as well
    const own = Properties[`${Type.split('::')[2]}Name`];
    const [, name] = own === undefined ? Object.entries(Properties).find(([property]) => NAMES.test(property)) ?? [] : ['', own];
    return name === undefined ? id.replace(/[0-9A-F]{8}$/, '') : this.resolve(name) as string;
  }
}
