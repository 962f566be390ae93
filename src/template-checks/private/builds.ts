import { allActions } from './actions';
import { BuildSpec, buildSpecOf, commandsOf, isBroken, PROJECT, structureOf } from './build-specs';
import { Finding, Resource, Rule, Template, Value } from './template';
import { shown } from './text';

const VERSIONS = ['0.1', '0.2'];
const PHASES = ['install', 'pre_build', 'build', 'post_build'];

const buildSpecification: Rule = {
  id: 'build-specification',
  says: 'A buildspec in the template is a map with a version, and with either valid phases or a batch.',
  aws: 'Each build fails in its first phase: `YAML_FILE_ERROR`.',
  fix: `Write \`version: 0.2\` and commands under ${PHASES.join(', ')}; \`BuildSpec.fromObject\` in CDK creates a valid buildspec from an object.`,
  *judge(template) {
    for (const project of template.ofType(PROJECT)) {
      const spec = buildSpecOf(project);
      const problem = spec && (spec.rendered.text.trimStart().startsWith('{') ? wrongJson(project, spec) : wrongYaml(project, spec));
      if (problem) { yield project.at('Source', 'BuildSpec').finding(problem); }
    }
  },
};

function wrongJson(project: Resource, buildSpec: BuildSpec): string | undefined {
  const { json } = buildSpec;
  if (json === undefined) { return isBroken(structureOf(buildSpec, project.template) ?? '') ? 'the buildspec is neither JSON nor YAML: its brackets do not match' : undefined; }
  const spec = new Value(project, json, '');
  const [version, phases] = [spec.at('version'), spec.at('phases')];
  if (!VERSIONS.includes(version.text ?? '')) { return `the version of the buildspec must be ${VERSIONS.join(' or ')}, got ${shown(version)}`; }
  if (phases.entries.length === 0) { return phases.missing && !spec.at('batch').missing ? undefined : 'the buildspec has no phases'; }
  const strange = phases.entries.map(([phase]) => phase).filter((phase) => !PHASES.includes(phase));
  return strange.length > 0 ? `the buildspec has the unknown phase ${strange.join(', ')}; the phases are ${PHASES.join(', ')}` : undefined;
}

function wrongYaml({ template }: Resource, spec: BuildSpec): string | undefined {
  const has = (key: string) => new RegExp(`^["']?${key}["']?\\s*:`, 'm').test(spec.rendered.text);
  const missing = [...has('version') ? [] : ['version'], ...has('phases') || has('batch') ? [] : ['phases']];
  return structureOf(spec, template) !== undefined && missing.length > 0 ? `the buildspec has no ${missing.join(' and no ')}` : undefined;
}

const COMPUTE_TYPES = [
  ...['SMALL', 'MEDIUM', 'LARGE', 'XLARGE', '2XLARGE'].map((size) => `BUILD_GENERAL1_${size}`),
  ...['1GB', '2GB', '4GB', '8GB', '10GB'].map((size) => `BUILD_LAMBDA_${size}`),
  'ATTRIBUTE_BASED_COMPUTE', 'CUSTOM_INSTANCE_TYPE',
];

const buildEnvironment: Rule = {
  id: 'build-environment',
  says: 'The compute type of a build exists, and its image is for the processor of its environment. A build that calls Docker runs in privileged mode.',
  aws: 'CodeBuild rejects the project, the build fails in its PROVISIONING phase, or Docker reports `Cannot connect to the Docker daemon`.',
  fix: 'Use a compute type such as BUILD_GENERAL1_SMALL, an aarch64 image with ARM_CONTAINER and an x86_64 image otherwise, and privileged mode for Docker.',
  *judge(template) {
    for (const project of template.ofType(PROJECT)) {
      const environment = project.at('Environment');
      const compute = environment.at('ComputeType');
      if (compute.text !== undefined && !COMPUTE_TYPES.includes(compute.text)) {
        yield compute.finding(`the compute type ${shown(compute)} is not one of ${COMPUTE_TYPES.join(', ')}`);
      }
      yield* wrongProcessor(environment.at('Type'), environment.at('Image'));
      yield* unprivileged(project, environment);
    }
  },
};

function wrongProcessor(type: Value, image: Value): Finding[] {
  const [, processor] = /^aws\/codebuild\/.*(aarch64|x86_64)/.exec(image.text ?? '') ?? [];
  if (processor === undefined || type.text === undefined || type.text.startsWith('ARM_') === (processor === 'aarch64')) { return []; }
  return [image.finding(`the image ${shown(image)} is for ${processor}, but the environment is ${shown(type)}`)];
}

function unprivileged(project: Resource, environment: Value): Finding[] {
  const [mode, type] = [environment.at('PrivilegedMode'), environment.at('Type').text ?? ''];
  const spec = buildSpecOf(project);
  if (!spec || mode.unknown || mode.text === 'true' || !/^(LINUX|ARM)_CONTAINER$/.test(type) || hasEngineElsewhere(environment, spec)) { return []; }
  const calls = commandsOf(project, spec).some((command) => /^docker\s+(build|buildx|image|push|run)\b/.test(command));
  return calls ? [environment.finding('the buildspec calls docker, but PrivilegedMode is not true')] : [];
}

/** Whether the build uses, or can use, a Docker engine outside of its own container. */
function hasEngineElsewhere(environment: Value, { rendered }: BuildSpec): boolean {
  const variables = environment.at('EnvironmentVariables');
  return !environment.at('DockerServer').missing || variables.open || rendered.text.includes('DOCKER_HOST')
    || variables.items.some((variable) => ['DOCKER_HOST', undefined].includes(variable.at('Name').text));
}

const CODE_PIPELINE = 'CODEPIPELINE';

const buildInPipeline: Rule = {
  id: 'build-in-pipeline',
  says: 'The source and the artifacts of a project both have the type CODEPIPELINE if a pipeline runs it. Otherwise, both or neither have it.',
  aws: 'CodeBuild rejects the project (`Invalid artifacts: artifacts type CODEPIPELINE must be used with source type CODEPIPELINE`), or the action fails.',
  fix: 'Set both types to CODEPIPELINE (`PipelineProject` in CDK), or neither.',
  *judge(template: Template) {
    const projects = allActions(template).filter(({ kind }) => kind.endsWith(' CodeBuild'))
      .flatMap(({ value }) => value.at('Configuration', 'ProjectName').resource(PROJECT) ?? []);
    for (const project of template.ofType(PROJECT)) {
      const types = [project.at('Source', 'Type'), project.at('Artifacts', 'Type')].filter(({ unknown }) => !unknown);
      const used = projects.includes(project) || types.some(({ text }) => text === CODE_PIPELINE);
      yield* types.filter(({ text }) => used && text !== CODE_PIPELINE)
        .map((type) => type.finding(`the type is ${shown(type)}, but a project of a pipeline requires the type "${CODE_PIPELINE}" for its source and its artifacts`));
    }
  },
};

const buildVariables: Rule = {
  id: 'build-variables',
  says: 'An environment variable from Parameter Store or Secrets Manager names a parameter or a secret.',
  aws: 'Each build fails before its first command: `Parameter does not exist`, or `Secrets Manager Error Message`.',
  fix: 'Set the value of the variable to the name of the parameter, or to the ARN or the name of the secret.',
  *judge(template) {
    for (const project of template.ofType(PROJECT)) {
      yield* project.at('Environment', 'EnvironmentVariables').items
        .filter((variable) => ['PARAMETER_STORE', 'SECRETS_MANAGER'].includes(variable.at('Type').text ?? ''))
        .filter((variable) => variable.at('Value').missing || variable.at('Value').text?.trim() === '')
        .map((variable) => variable.finding(`the variable ${shown(variable.at('Name'))} of the type ${variable.at('Type').text} has no value`));
    }
  },
};

export const BUILD_RULES = [buildSpecification, buildEnvironment, buildInPipeline, buildVariables];
