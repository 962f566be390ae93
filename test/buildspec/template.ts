import { App, Stack } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { createDirectory, removeDirectory } from './processes';
import { BlueGreenPythonPipeline, BlueGreenPythonPipelineProps } from '../../src';
import { createTapStack } from '../integ/tap-stack';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';

/** CodeBuild refuses more than 25,600 characters, and the names in a user's account may be longer than those here. */
export const MAX_BUILDSPEC_LENGTH = 20_000;

/** What the scripts read of a buildspec, as CodeBuild does. */
export interface BuildSpec {
  readonly env?: { readonly shell?: string; readonly variables?: Readonly<Record<string, string>> };
  readonly phases: Readonly<Record<string, Phase | undefined>>;
  readonly reports?: Readonly<Record<string, Report>>;
  readonly artifacts: { readonly 'base-directory': string; readonly 'files': readonly string[] };
}

export interface Phase {
  readonly 'runtime-versions'?: Readonly<Record<string, string>>;
  readonly 'commands'?: readonly string[];
  readonly 'finally'?: readonly string[];
}

export interface Report {
  readonly 'base-directory': string;
  readonly 'files': readonly string[];
  readonly 'file-format': string;
}

/** What a stack asks CodeBuild and ECS to run, with every reference resolved. */
export interface Rendered {
  readonly text: string;
  readonly spec: BuildSpec;
  /** The variables that the project sets besides those of the buildspec. */
  readonly variables: Readonly<Record<string, string>>;
  /** The command of the container that runs before the first release. */
  readonly placeholder: readonly string[];
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
}

interface ProjectProperties {
  readonly Source: { readonly BuildSpec: unknown };
  readonly Environment: { readonly EnvironmentVariables?: readonly { readonly Name: string; readonly Value: unknown }[] };
}

interface TaskDefinitionProperties {
  readonly ContainerDefinitions: readonly { readonly Command?: readonly unknown[] }[];
}

/** The sample app's default profile. */
export function renderSampleApp(): Rendered {
  return render((app) => createTapStack(app));
}

/** The pattern with these props in a stack of its own. */
export function renderPattern(props: BlueGreenPythonPipelineProps): Rendered {
  return render((app) => {
    const stack = new Stack(app, 'Stack');
    new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'test', ...props });
    return stack;
  });
}

function render(create: (app: App) => Stack): Rendered {
  const template = synthesize(create);
  const resolver = new Resolver(template);
  const project = only(template, 'AWS::CodeBuild::Project') as unknown as ProjectProperties;
  const task = only(template, 'AWS::ECS::TaskDefinition') as unknown as TaskDefinitionProperties;
  const text = resolver.text(project.Source.BuildSpec);
  return {
    text,
    // YAML reads JSON as well, as CodeBuild does
    spec: parse(text) as BuildSpec,
    variables: Object.fromEntries((project.Environment.EnvironmentVariables ?? []).map(({ Name, Value }) => [Name, resolver.text(Value)])),
    placeholder: (task.ContainerDefinitions[0].Command ?? []).map((word) => resolver.text(word)),
  };
}

function synthesize(create: (app: App) => Stack): CloudFormationTemplate {
  // without a directory of ours the app leaves one behind
  const outdir = createDirectory();
  try {
    const app = new App({ outdir });
    const { artifactId } = create(app);
    return app.synth().getStackArtifact(artifactId).template as CloudFormationTemplate;
  } finally {
    removeDirectory(outdir);
  }
}

function only(template: CloudFormationTemplate, type: string): Readonly<Record<string, unknown>> {
  const found = Object.values(template.Resources).filter((resource) => resource.Type === type);
  if (found.length !== 1) {
    throw new Error(`the template has ${found.length} resources of type ${type}, not one`);
  }
  return found[0].Properties ?? {};
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Stack',
};

/** Where an ARN has something else than the type's service, region and kind of resource. */
const ARNS: Readonly<Record<string, string>> = {
  'AWS::ECR::Repository': `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/`,
  'AWS::CodeBuild::ReportGroup': `arn:aws:codebuild:${REGION}:${ACCOUNT}:report-group/`,
  'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role/`,
};

/** Does what CloudFormation does with the functions of a text, and fails on one that it does not know. */
class Resolver {
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
