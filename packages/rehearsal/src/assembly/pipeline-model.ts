import { readAlarms } from './alarms';
import { readBuildProject } from './build-project';
import { PipelineModel } from './model';
import { choosePipeline, FoundPipeline } from './pipelines';
import { readAssembly } from './read-assembly';
import { deliveredFile, readAppSpec, readRelease } from './release-model';
import { locate, missing, PipelineResources } from './resources';
import { readService } from './service-model';
import { skippedParts } from './skipped';

/**
 * Reads all that a rehearsal runs of a pipeline.
 *
 * @throws IncompleteStackError if the assembly does not have a resource that a rehearsal requires
 */
export function readPipeline(found: FoundPipeline): PipelineModel {
  const { path, references, spec } = found;
  const resources = locate(found);
  const service = readService(resources);
  const { task: { containers }, target: { container } } = service;
  const target = containers.find(({ name }) => name === container) ?? containers[0];
  const build = readBuildProject(references, found.project, target.command ?? []) ?? missing(found, 'buildspec of its build project');
  const appSpec = readAppSpec(deliveredFile(spec, fileOf(found, 'AppSpecTemplatePath', 'appspec.yaml')));
  const alarms = readAlarms(resources, service);
  const release = readRelease(resources, appSpec, alarms.alarms.map(({ name }) => name));
  return {
    path,
    stack: found.pipeline.stack.name,
    build,
    service,
    release: release.model,
    alarms: alarms.alarms,
    ...policyOf(resources),
    skipped: [...release.skipped, ...alarms.skipped, ...skippedParts(resources, found.actions.others, service)],
  };
}

/** Reads the only pipeline of a cloud assembly, or the one that the user names. */
export function loadPipeline(directory: string, name?: string): PipelineModel {
  return readPipeline(choosePipeline(readAssembly(directory), name));
}

function fileOf({ references, pipeline, actions: { deploy } }: FoundPipeline, name: string, byDefault: string): string {
  return references.text(pipeline, deploy.configuration[name] ?? byDefault);
}

function policyOf({ references, repository }: PipelineResources): { readonly lifecyclePolicy?: string } {
  const { LifecyclePolicy } = (repository ? references.propertiesOf(repository) : {}) as {
    readonly LifecyclePolicy?: { readonly LifecyclePolicyText?: string };
  };
  const { LifecyclePolicyText: lifecyclePolicy } = LifecyclePolicy ?? {};
  return lifecyclePolicy === undefined ? {} : { lifecyclePolicy };
}
