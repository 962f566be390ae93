import { buildSpecOf } from './build-project';
import { NoPipelineError, SeveralPipelinesError, UnknownPipelineError } from './errors';
import { Assembly } from './read-assembly';
import { Located, References } from './references';
import { BuildSpec } from './rendered';
import { isObject, Properties } from './template';

/** The command of the library's buildspec that runs the build program. */
const BUILD_PROGRAM = '$DELIVERY_HOME/program.sh';

/** An action of a pipeline. */
export interface Action {
  readonly stage: string;
  readonly name: string;
  readonly provider: string;
  readonly configuration: Properties;
}

/** A pipeline of the library, before all of it is read. */
export interface FoundPipeline {
  /** The path of the construct, such as `Stack/Orders`. */
  readonly path: string;
  readonly references: References;
  readonly pipeline: Located;
  readonly project: Located;
  readonly spec: BuildSpec;
  /** Undefined if the deploy action names a group that the assembly does not have. */
  readonly deploymentGroup?: Located;
  readonly actions: { readonly deploy: Action; readonly others: readonly Action[] };
}

/** Finds every pipeline of the library, by the types of resources and what refers to what. */
export function findPipelines(assembly: Assembly): FoundPipeline[] {
  const references = new References(assembly);
  const found = references.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => findPipeline(references, pipeline));
  const paths = found.map((each) => commonPath(each));
  // parts without the pattern can share a parent
  return found.map((each, index) => {
    const isShared = paths.filter((path) => path === paths[index]).length > 1;
    return { ...each, path: isShared ? each.path : paths[index] };
  });
}

/**
 * The only pipeline, or the one that the user names by its construct's id or path.
 *
 * @throws NoPipelineError, SeveralPipelinesError, or UnknownPipelineError
 */
export function choosePipeline(assembly: Assembly, name?: string): FoundPipeline {
  const found = findPipelines(assembly);
  if (found.length === 0) { throw new NoPipelineError(assembly.directory, assembly.stacks.map(({ path }) => path)); }
  const paths = found.map(({ path }) => path);
  if (name === undefined) {
    if (found.length > 1) { throw new SeveralPipelinesError(paths); }
    return found[0];
  }
  const whole = found.filter(({ path }) => path === name);
  const chosen = whole.length > 0 ? whole : found.filter(({ path }) => path.endsWith(`/${name}`));
  if (chosen.length === 0) { throw new UnknownPipelineError(name, paths); }
  if (chosen.length > 1) { throw new SeveralPipelinesError(chosen.map(({ path }) => path), name); }
  return chosen[0];
}

function findPipeline(references: References, pipeline: Located): FoundPipeline[] {
  const all = actionsOf(references, pipeline);
  return all.filter(({ provider }) => provider === 'CodeDeployToECS').slice(0, 1).flatMap((deploy) => {
    const artifact = references.text(pipeline, deploy.configuration.TaskDefinitionTemplateArtifact);
    const build = all.find(({ provider, outputs }) => provider === 'CodeBuild' && outputs.includes(artifact));
    const project = build && references.find('AWS::CodeBuild::Project', pipeline, build.configuration.ProjectName);
    const spec = project && buildSpecOf(references, project)?.spec;
    if (!project || !spec || !callsProgram(spec)) { return []; }
    return [{
      path: references.pathOf(pipeline).replace(/\/Pipeline\/Resource$|\/Resource$/, ''),
      references,
      pipeline,
      project,
      spec,
      deploymentGroup: deploymentGroupOf(references, pipeline, deploy),
      actions: {
        deploy,
        others: all.filter((action) => action !== build && action !== deploy && action.category !== 'Source'),
      },
    }];
  });
}

function callsProgram({ phases }: BuildSpec): boolean {
  return Object.values(phases).some((phase) => phase?.commands?.some((command) => command.includes(BUILD_PROGRAM)));
}

/** Groups of two applications can have the same name. */
function deploymentGroupOf(references: References, pipeline: Located, { configuration }: Action): Located | undefined {
  const group = references.find('AWS::CodeDeploy::DeploymentGroup', pipeline, configuration.DeploymentGroupName);
  const application = references.text(pipeline, configuration.ApplicationName);
  const applicationOf = (each: Located) => references.text(each, each.properties.ApplicationName);
  if (!group || applicationOf(group) === application) { return group; }
  const name = references.nameOf(group);
  return references.ofType(group.type)
    .find((each) => references.nameOf(each) === name && applicationOf(each) === application) ?? group;
}

interface DetailedAction extends Action {
  readonly category: string;
  readonly outputs: readonly string[];
}

function actionsOf(references: References, pipeline: Located): DetailedAction[] {
  return objects(pipeline.properties.Stages).flatMap((stage) => objects(stage.Actions).map((action) => {
    const { Provider, Category } = isObject(action.ActionTypeId) ? action.ActionTypeId : {} as Properties;
    return {
      stage: references.text(pipeline, stage.Name),
      name: references.text(pipeline, action.Name),
      provider: references.text(pipeline, Provider),
      category: references.text(pipeline, Category),
      configuration: isObject(action.Configuration) ? action.Configuration : {},
      outputs: objects(action.OutputArtifacts).map(({ Name }) => references.text(pipeline, Name)),
    };
  }));
}

/** The construct that contains pipeline and deployment group, or the one of the pipeline if only the stack does. */
function commonPath({ references, pipeline, path, deploymentGroup }: FoundPipeline): string {
  if (!deploymentGroup) { return path; }
  const others = references.pathOf(deploymentGroup).split('/');
  const parts = references.pathOf(pipeline).split('/');
  const length = parts.findIndex((part, index) => part !== others[index]);
  const common = parts.slice(0, length < 0 ? parts.length : length).join('/');
  return common.length > pipeline.stack.path.length && common.startsWith(`${pipeline.stack.path}/`) ? common : path;
}

function objects(value: unknown): Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
