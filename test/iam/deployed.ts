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
};

/** What a Ref gives where it is an ARN; elsewhere it is the name. */
const REFERRED_TO_BY_ARN = [
  'AWS::CodeBuild::ReportGroup', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition', 'AWS::ElasticLoadBalancingV2::Listener', 'AWS::IAM::ManagedPolicy',
];

/** The properties that hold a name. */
const NAMES = /^(Application|Bucket|Cluster|DeploymentGroup|LogGroup|ManagedPolicy|Repository|ReportGroup|Role|Service)?Name$/;

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: { readonly [element: string]: unknown }[];
}

/** A stack as it would be in an account: references are ARNs and names, and a thing without a name has its id without CDK's hash. */
export class Deployed {
  private readonly resources: { readonly [id: string]: Resource };

  constructor(stack: Stack) {
    this.resources = Template.fromStack(stack).toJSON().Resources;
  }

  /** The names of the roles. */
  public get roles(): string[] {
    return this.idsOf('AWS::IAM::Role').map((id) => this.nameOf(id)).sort();
  }

  /** What is attached to a role, whichever side attaches it. */
  public policiesOf(roleName: string): PolicyDocument[] {
    const roleId = this.roleId(roleName);
    const { ManagedPolicyArns = [] } = this.resolve(this.resources[roleId].Properties) as { ManagedPolicyArns?: string[] };
    return this.idsOf('AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy')
      .map((id) => ({ arn: this.arnOf(id), ...this.resolve(this.resources[id].Properties) as { Roles?: string[]; PolicyDocument: PolicyDocument } }))
      .filter(({ arn, Roles = [] }) => ManagedPolicyArns.includes(arn) || Roles.includes(roleName))
      .map(({ PolicyDocument: document }) => document);
  }

  /** Who may assume a role. */
  public trustOf(roleName: string): PolicyDocument {
    return this.resolve(this.resources[this.roleId(roleName)].Properties?.AssumeRolePolicyDocument) as PolicyDocument;
  }

  /** The policy of the bucket. */
  public bucketPolicy(bucketName: string): PolicyDocument | undefined {
    return this.idsOf('AWS::S3::BucketPolicy')
      .map((id) => this.resolve(this.resources[id].Properties) as { Bucket: string; PolicyDocument: PolicyDocument })
      .find(({ Bucket }) => Bucket === bucketName)?.PolicyDocument;
  }

  /** The policy of the key. */
  public keyPolicy(keyArn: string): PolicyDocument | undefined {
    const keyId = this.idsOf('AWS::KMS::Key').find((id) => this.arnOf(id) === keyArn);
    return keyId === undefined ? undefined : this.resolve(this.resources[keyId].Properties?.KeyPolicy) as PolicyDocument;
  }

  private idsOf(...types: string[]): string[] {
    return Object.entries(this.resources).filter(([, { Type }]) => types.includes(Type)).map(([id]) => id);
  }

  private roleId(roleName: string): string {
    const found = this.idsOf('AWS::IAM::Role').find((id) => this.nameOf(id) === roleName);
    if (!found) { throw new Error(`no role is named ${roleName}, only ${this.roles.join(', ')}`); }
    return found;
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) { return value.map((item) => this.resolve(item)); }
    if (typeof value !== 'object' || value === null) { return value; }
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    return entries.length === 1 && /^(Ref|Fn::.*)$/.test(name)
      ? this.call(name, argument)
      : Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item)]));
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
      default: throw new Error(`the function ${name} is not known here`);
    }
  }

  private reference(id: string): string {
    return PSEUDO_PARAMETERS[id] ?? (REFERRED_TO_BY_ARN.includes(this.resources[id].Type) ? this.arnOf(id) : this.nameOf(id));
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
    const [, name] = Object.entries(this.resources[id].Properties ?? {}).find(([property]) => NAMES.test(property)) ?? [];
    return name === undefined ? id.replace(/[0-9A-F]{8}$/, '') : this.resolve(name) as string;
  }
}
