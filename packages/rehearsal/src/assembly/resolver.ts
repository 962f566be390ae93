import { ACCOUNT, CloudFormationTemplate, fill, PSEUDO_PARAMETERS, REGION, Resource } from './template';

/** Where an ARN has something else than the type's service, region and kind of resource. */
const ARNS: Readonly<Record<string, string>> = {
  'AWS::ECR::Repository': `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/`,
  'AWS::CodeBuild::ReportGroup': `arn:aws:codebuild:${REGION}:${ACCOUNT}:report-group/`,
  'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role/`,
};

/** Does what CloudFormation does with the functions of a text, and fails on one that it does not know. */
export class Resolver {
  constructor(private readonly template: CloudFormationTemplate) {}

  public text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved === 'string' || typeof resolved === 'number' || typeof resolved === 'boolean') {
      return String(resolved);
    }
    throw new Error(`no text: ${JSON.stringify(value)}`);
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.resolve(item));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const [[name, argument]] = Object.entries(value) as [string, unknown][];
    return this.call(name, argument);
  }

  private call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref': return this.reference(String(argument));
      case 'Fn::GetAtt': return this.attribute(argument as [string, string]);
      case 'Fn::Base64': return Buffer.from(this.text(argument)).toString('base64');
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => this.text(part)).join(separator);
      }
      case 'Fn::Sub': return fill(String(argument));
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return this.text(text).split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number, unknown];
        return (this.resolve(list) as unknown[])[index];
      }
      default: throw new Error(`the script does not know the function ${name}`);
    }
  }

  private reference(id: string): string {
    const parameter = this.template.Parameters?.[id];
    const known = PSEUDO_PARAMETERS[id] ?? (parameter && String(parameter.Default));
    if (known !== undefined) {
      return known;
    }
    const { Type } = this.resource(id);
    return Type === 'AWS::CodeBuild::ReportGroup' ? this.attribute([id, 'Arn']) : this.physicalName(id);
  }

  private attribute([id, attribute]: [string, string]): string {
    const { Type } = this.resource(id);
    const [, service, kind] = Type.toLowerCase().split('::');
    return attribute === 'Arn'
      ? `${ARNS[Type] ?? `arn:aws:${service}:${REGION}:${ACCOUNT}:${kind}/`}${this.physicalName(id)}`
      : `${this.physicalName(id)}-${attribute.toLowerCase()}`;
  }

  private physicalName(id: string): string {
    const [, name] = Object.entries(this.resource(id).Properties ?? {}).find(([key]) => /^(Repository|Role|LogGroup)?Name$/.test(key)) ?? [];
    return typeof name === 'string' ? name : id.toLowerCase();
  }

  private resource(id: string): Resource {
    const resource = this.template.Resources[id];
    if (!resource) {
      throw new Error(`the template refers to ${id}, which it does not have`);
    }
    return resource;
  }
}
