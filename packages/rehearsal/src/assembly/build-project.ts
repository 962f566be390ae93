import { parse } from 'yaml';
import { Assembly } from './read-assembly';
import { Located, References } from './references';
import { BuildSpec, Rendered, Repository } from './rendered';
import { Resolver } from './resolver';
import { ACCOUNT, CloudFormationTemplate, REGION } from './template';

/** The registry of a rehearsal. */
const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

interface ProjectProperties {
  readonly Source: { readonly BuildSpec?: string };
  readonly Environment: {
    readonly EnvironmentVariables?: readonly {
      readonly Name: string;
      readonly Value: unknown;
      readonly Type?: string;
    }[];
    readonly PrivilegedMode?: boolean | string;
  };
  readonly Cache?: { readonly Type: string };
}

interface RepositoryProperties {
  readonly ImageTagMutability?: string;
  readonly ImageTagMutabilityExclusionFilters?: readonly { readonly ImageTagMutabilityExclusionFilterValue: string }[];
}

/** The buildspec of a project, undefined if it is in the source. */
export function buildSpecOf(references: References, project: Located): Pick<Rendered, 'text' | 'spec'> | undefined {
  const { Source } = project.properties as { readonly Source?: { readonly BuildSpec?: unknown } };
  const given = references.text(project, Source?.BuildSpec);
  const registry = registryOf(parseBuildSpec(given));
  const text = registry === undefined ? given : given.replaceAll(registry, REGISTRY);
  const spec = parseBuildSpec(text);
  return spec && { text, spec };
}

function parseBuildSpec(text: string): BuildSpec | undefined {
  try {
    // YAML reads JSON as well, as CodeBuild does
    const spec = parse(text) as BuildSpec | string | null;
    return typeof spec === 'object' && spec?.phases ? spec : undefined;
  } catch {
    return undefined;
  }
}

/** The registry of an existing repository has the account and the region of the user in its name. */
function registryOf(spec: BuildSpec | undefined): string | undefined {
  const [registry = ''] = (spec?.env?.variables?.IMAGE_REPOSITORY ?? '').split('/');
  return /^\d+\.dkr\.ecr\.[\w.-]+$/.test(registry) ? registry : undefined;
}

/** A build project with the repositories that it pushes to. */
export function readBuildProject(
  references: References, project: Located, placeholder: readonly string[],
): Rendered | undefined {
  const found = buildSpecOf(references, project);
  if (!found) { return undefined; }
  const properties = references.propertiesOf(project) as unknown as ProjectProperties;
  return {
    ...found,
    variables: variables(properties, 'PLAINTEXT'),
    parameters: variables(properties, 'PARAMETER_STORE'),
    secrets: variables(properties, 'SECRETS_MANAGER'),
    privileged: String(properties.Environment.PrivilegedMode) === 'true',
    cached: properties.Cache?.Type === 'S3',
    repositories: repositoriesOf(references, project, found.spec),
    placeholder,
    assets: project.stack.assets,
  };
}

/** The repository of ECR that a buildspec of the library pushes to, undefined if it is not in the assembly. */
export function repositoryOf(references: References, project: Located, spec: BuildSpec): Located | undefined {
  return references.named('AWS::ECR::Repository', project, repositoryName(spec));
}

function repositoryName({ env }: BuildSpec): string {
  return (env?.variables?.IMAGE_REPOSITORY ?? '').split('/').slice(1).join('/');
}

/** An existing repository is not in the assembly: tags in it can change, which is the default of ECR. */
function repositoriesOf(references: References, project: Located, spec: BuildSpec): Repository[] {
  const located = repositoryOf(references, project, spec);
  const name = repositoryName(spec);
  if (!located) { return name === '' ? [] : [{ name, immutable: false, exceptions: [] }]; }
  const given: RepositoryProperties = references.propertiesOf(located);
  return [{
    name,
    immutable: given.ImageTagMutability?.startsWith('IMMUTABLE') === true,
    exceptions: (given.ImageTagMutabilityExclusionFilters ?? [])
      .map((filter) => filter.ImageTagMutabilityExclusionFilterValue),
  }];
}

function variables(
  { Environment }: ProjectProperties, type: string,
): Readonly<Record<string, string>> {
  const chosen = (Environment.EnvironmentVariables ?? []).filter(({ Type = 'PLAINTEXT' }) => Type === type);
  return Object.fromEntries(chosen.map(({ Name, Value }) => [Name, String(Value ?? '')]));
}

let renamed = 0;

/** An assembly with repositories of its own, for builds that run beside each other with one registry. */
export function withOwnRepositories(assembly: Assembly): Assembly {
  const stacks = assembly.stacks.map((stack) => ({ ...stack, template: renameRepositories(stack.template) }));
  const indexOf = new Map(assembly.stacks.map((stack, index) => [stack, index]));
  return {
    ...assembly,
    // a nested stack is found by its parent
    stacks: stacks.map((stack) => ({
      ...stack, ...stack.parent && { parent: { ...stack.parent, stack: stacks[indexOf.get(stack.parent.stack) ?? 0] } },
    })),
  };
}

function renameRepositories(template: CloudFormationTemplate): CloudFormationTemplate {
  const resolver = new Resolver(template);
  const Resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::ECR::Repository') { return [id, resource]; }
    renamed += 1;
    return [id, { ...resource, Properties: { ...resource.Properties, RepositoryName: `${resolver.physicalName(id)}-${renamed}` } }];
  });
  return { ...template, Resources: Object.fromEntries(Resources) as CloudFormationTemplate['Resources'] };
}
