import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { createDirectory, removeDirectory } from './processes';
import { BlueGreenPythonPipeline, BlueGreenPythonPipelineProps } from '../../../src';
import { createTapStack } from '../../integ/tap-stack';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';

/** CodeBuild refuses more than 25,600 characters, most of which are for the variables of the user's application. */
export const MAX_BUILDSPEC_LENGTH = 8_000;

/** What the scripts read of a buildspec, as CodeBuild does. */
export interface BuildSpec {
  readonly env?: {
    readonly 'shell'?: string;
    readonly 'variables'?: Readonly<Record<string, string>>;
    readonly 'parameter-store'?: Readonly<Record<string, string>>;
    readonly 'secrets-manager'?: Readonly<Record<string, string>>;
    readonly 'exported-variables'?: readonly string[];
  };
  readonly phases: Readonly<Record<string, Phase | undefined>>;
  readonly reports?: Readonly<Record<string, Report>>;
  readonly artifacts: Artifact & { readonly 'secondary-artifacts'?: Readonly<Record<string, Artifact>> };
  readonly cache?: CacheSpec;
}

export interface Artifact {
  readonly 'base-directory'?: string;
  readonly 'files'?: readonly string[];
}

export interface CacheSpec {
  readonly 'key'?: string;
  readonly 'fallback-keys'?: readonly string[];
  readonly 'action'?: 'restore' | 'save';
  readonly 'paths'?: readonly string[];
}

export interface Phase {
  readonly 'on-failure'?: string;
  readonly 'runtime-versions'?: Readonly<Record<string, string>>;
  readonly 'commands'?: readonly string[];
  readonly 'finally'?: readonly string[];
}

export interface Report {
  readonly 'base-directory'?: string;
  readonly 'files': readonly string[];
  readonly 'file-format': string;
}

/** What a stack asks CodeBuild and ECS to run, with every reference resolved. */
export interface Rendered {
  readonly text: string;
  readonly spec: BuildSpec;
  /** The variables that the project sets besides those of the buildspec. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the project by the name of the parameter or secret that has the value. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Whether the build has a Docker engine. */
  readonly privileged: boolean;
  /** Whether the project keeps the cache of the buildspec. */
  readonly cached: boolean;
  /** The repositories of images, which no other build here uses. */
  readonly repositories: readonly Repository[];
  /** The command of the container that runs before the first release. */
  readonly placeholder: readonly string[];
  /** The files that CDK uploads with the template, by `<bucket>/<key>`. */
  readonly assets: Assets;
}

export type Assets = Readonly<Record<string, Buffer>>;

export interface Repository {
  readonly name: string;
  /** Whether a tag stays what it is. */
  readonly immutable: boolean;
  /** Patterns of tags, with `*`, for which the opposite holds. */
  readonly exceptions: readonly string[];
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
}

/** What CDK uploads, and where to. */
interface AssetManifest {
  readonly files: Readonly<Record<string, {
    readonly source: { readonly path: string; readonly packaging: string };
    readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
  }>>;
}

interface ProjectProperties {
  readonly Source: { readonly BuildSpec: unknown };
  readonly Environment: {
    readonly EnvironmentVariables?: readonly {
      readonly Name: string;
      readonly Value: unknown;
      readonly Type?: string;
    }[];
    readonly PrivilegedMode?: boolean;
  };
  readonly Cache?: { readonly Type: string };
}

interface RepositoryProperties {
  readonly RepositoryName?: string;
  readonly ImageTagMutability?: string;
  readonly ImageTagMutabilityExclusionFilters?: readonly { readonly ImageTagMutabilityExclusionFilterValue: string }[];
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
  const synthesized = synthesize(create);
  const { template, repositories } = renameRepositories(synthesized.template);
  const resolver = new Resolver(template);
  const project = only(template, 'AWS::CodeBuild::Project') as unknown as ProjectProperties;
  const task = only(template, 'AWS::ECS::TaskDefinition') as unknown as TaskDefinitionProperties;
  const text = resolver.text(project.Source.BuildSpec);
  return {
    text,
    // YAML reads JSON as well, as CodeBuild does
    spec: parse(text) as BuildSpec,
    variables: variables(project, resolver, 'PLAINTEXT'),
    parameters: variables(project, resolver, 'PARAMETER_STORE'),
    secrets: variables(project, resolver, 'SECRETS_MANAGER'),
    privileged: project.Environment.PrivilegedMode === true,
    cached: project.Cache?.Type === 'S3',
    repositories,
    placeholder: (task.ContainerDefinitions[0].Command ?? []).map((word) => resolver.text(word)),
    assets: synthesized.assets,
  };
}

function variables(
  { Environment }: ProjectProperties, resolver: Resolver, type: string,
): Readonly<Record<string, string>> {
  const chosen = (Environment.EnvironmentVariables ?? []).filter(({ Type = 'PLAINTEXT' }) => Type === type);
  return Object.fromEntries(chosen.map(({ Name, Value }) => [Name, resolver.text(Value)]));
}

let renamed = 0;

/** Builds run beside each other with one registry, so each template gets repositories of its own. */
function renameRepositories(template: CloudFormationTemplate): Pick<Rendered, 'repositories'> & { readonly template: CloudFormationTemplate } {
  const repositories: Repository[] = [];
  const Resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::ECR::Repository') { return [id, resource]; }
    const given: RepositoryProperties = resource.Properties ?? {};
    renamed += 1;
    const name = `${given.RepositoryName ?? id.toLowerCase()}-${renamed}`;
    repositories.push({
      name,
      immutable: given.ImageTagMutability?.startsWith('IMMUTABLE') === true,
      exceptions: (given.ImageTagMutabilityExclusionFilters
        ?? []).map((filter) => filter.ImageTagMutabilityExclusionFilterValue),
    });
    return [id, { ...resource, Properties: { ...given, RepositoryName: name } }];
  });
  return { template: { ...template, Resources: Object.fromEntries(Resources) as CloudFormationTemplate['Resources'] }, repositories };
}

interface Synthesized extends Pick<Rendered, 'assets'> {
  readonly template: CloudFormationTemplate;
}

function synthesize(create: (app: App) => Stack): Synthesized {
  // without a directory of ours the app leaves one behind
  const outdir = createDirectory();
  try {
    const app = new App({ outdir });
    const { artifactId } = create(app);
    const { template } = app.synth().getStackArtifact(artifactId);
    return { template: template as CloudFormationTemplate, assets: readAssets(outdir, artifactId) };
  } finally {
    removeDirectory(outdir);
  }
}

/** The files of the cloud assembly, where CDK would upload them: not those of the library's own folder. */
function readAssets(assembly: string, artifactId: string): Assets {
  const { files } = JSON.parse(readFileSync(join(assembly, `${artifactId}.assets.json`), 'utf8')) as AssetManifest;
  const single = Object.values(files).filter(({ source }) => source.packaging === 'file');
  return Object.fromEntries(single.flatMap(({ source, destinations }) => Object.values(destinations)
    .map(({ bucketName, objectKey }) => [`${fill(bucketName)}/${objectKey}`, readFileSync(join(assembly, source.path))])));
}

/** A text with pseudo parameters in the form of Fn::Sub. */
function fill(text: string): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => PSEUDO_PARAMETERS[name] ?? whole);
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
