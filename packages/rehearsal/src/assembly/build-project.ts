import { parse } from 'yaml';
import { Assets, BuildSpec, Rendered, Repository } from './rendered';
import { Resolver } from './resolver';
import { CloudFormationTemplate, only } from './template';

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

/** The build project of a template, with repositories that no other build uses. */
export function readBuildProject(given: CloudFormationTemplate, assets: Assets): Rendered {
  const { template, repositories } = renameRepositories(given);
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
    assets,
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
