import { Action, actionsOf, artifactsOf, pipelinesOf } from './actions';
import { buildSpecOf, DeliveredFile, deliveredFile, PROJECT } from './build-specs';
import { DEPLOYMENT_GROUP, serviceOf } from './deployments';
import { definitionOf } from './services';
import { Finding, Resource, Rule, Template, Value } from './template';
import { differ, isDecided, listed, parseJson, quoted, shown, textOf } from './text';

/** The release of a blue/green action, where the template shows it. */
interface Release {
  readonly action: Action;
  readonly project: Resource;
  readonly definition?: DeliveredFile;
  readonly appSpec?: DeliveredFile;
  readonly service?: Resource;
}

const DEFINITION_PATH = 'taskdef.json';
const APP_SPEC_PATH = 'appspec.yaml';

function* releasesOf(template: Template): Iterable<Release> {
  for (const pipeline of pipelinesOf(template)) {
    const actions = actionsOf(pipeline);
    yield* actions.filter(({ kind }) => kind === 'Deploy CodeDeployToECS').flatMap((action) => releaseOf(action, actions));
  }
}

function releaseOf(action: Action, actions: Action[]): Release[] {
  const configuration = action.value.at('Configuration');
  const project = producer(configuration.at('TaskDefinitionTemplateArtifact'), actions);
  if (!project) { return []; }
  const group = configuration.at('DeploymentGroupName').resource(DEPLOYMENT_GROUP);
  return [{
    action,
    project,
    definition: deliveredFile(project, pathOf(action, 'TaskDefinitionTemplatePath', DEFINITION_PATH)),
    appSpec: deliveredFile(project, pathOf(action, 'AppSpecTemplatePath', APP_SPEC_PATH)),
    service: group && serviceOf(group),
  }];
}

function pathOf({ value }: Action, key: string, fallback: string): string {
  return value.at('Configuration', key).text ?? fallback;
}

/** The project whose output is an artifact. */
function producer(artifact: Value, actions: Action[]): Resource | undefined {
  const action = actions.find((candidate) => artifactsOf(candidate, 'OutputArtifacts').some(({ text }) => text !== undefined && text === artifact.text));
  return action?.value.at('Configuration', 'ProjectName').resource(PROJECT);
}

const releaseFiles: Rule = {
  id: 'release-files',
  says: 'The artifact of the build contains the task definition and the AppSpec under the names that the blue/green action looks for.',
  aws: 'The deploy action fails: `Exception while trying to read the task definition artifact file`.',
  fix: 'Add the file to the artifacts of the buildspec, or set its path in the configuration of the action.',
  *judge(template) {
    for (const { action, project, definition, appSpec } of releasesOf(template)) {
      const { json } = buildSpecOf(project) ?? {};
      if (json === undefined) { continue; }
      const files = new Value(project, json, '').at('artifacts', 'files').oneOrMore.map(({ text = '*' }) => text);
      const wanted = [
        ...(definition ? [pathOf(action, 'TaskDefinitionTemplatePath', DEFINITION_PATH)] : []),
        ...(appSpec ? [pathOf(action, 'AppSpecTemplatePath', APP_SPEC_PATH)] : []),
      ];
      yield* wanted.filter((path) => !files.some((file) => file.includes('*') || file.endsWith(path)))
        .map((path) => project.at('Source', 'BuildSpec').finding(
          `the action ${action.label} looks for ${JSON.stringify(path)}, but the artifacts of the buildspec are ${listed(files)}`));
    }
  },
};

const releaseAppSpec: Rule = {
  id: 'release-app-spec',
  says: 'The container name and the port in the AppSpec are those of the service.',
  aws: 'The deployment fails: `The ECS service cannot be updated due to an unexpected error: The container ... does not exist in the task definition`.',
  fix: 'Write the container name and port of the service into the AppSpec.',
  *judge(template) {
    for (const { appSpec, service } of releasesOf(template)) {
      const target = service?.at('LoadBalancers', 0);
      if (appSpec && target && !target.unknown) {
        yield* ['ContainerName', 'ContainerPort'].flatMap((key) => differentInAppSpec(appSpec, key, target.at(key)));
      }
    }
  },
};

function differentInAppSpec({ content, place }: DeliveredFile, key: string, wanted: Value): Finding[] {
  const [, written] = new RegExp(`["']?${key}["']?\\s*:\\s*["']?([^"'\\s,}]+\\}?)`).exec(content) ?? [];
  return written === undefined || wanted.missing || !differ(written, textOf(wanted), wanted.owner.template)
    ? []
    : [place.finding(
      `the AppSpec of the release has ${key} ${quoted(written)}, but the service ${wanted.owner.id} has ${shown(wanted)}`)];
}

/** The network settings, of which CodeDeploy requires all or none. */
const NETWORK_SETTINGS = ['Subnets', 'SecurityGroups', 'AssignPublicIp'];

const releaseNetwork: Rule = {
  id: 'release-network',
  says: 'If the AppSpec has network settings, they are complete and equal to those of the service: subnets, security groups, and public IP address.',
  aws: 'The deployment fails, since CodeDeploy requires all three or none, or the new tasks run elsewhere. In a public subnet without a public IP address, they cannot pull their image.',
  fix: 'Repeat the subnets, the security groups and AssignPublicIp of the service in the AppSpec, or remove all three.',
  *judge(template) {
    for (const { appSpec, service } of releasesOf(template)) {
      // an unknown part can contain the missing settings
      if (appSpec && service && isDecided(appSpec.content, template)) {
        yield* wrongNetwork(appSpec, service.at('NetworkConfiguration', 'AwsvpcConfiguration'));
      }
    }
  },
};

function wrongNetwork({ content, place }: DeliveredFile, settings: Value): Finding[] {
  const written = NETWORK_SETTINGS.map((key) => ({ key, members: settingIn(content, key) }));
  const missing = written.filter(({ members }) => members.length === 0).map(({ key }) => key);
  if (missing.length > 0) {
    return missing.length === written.length ? [] : [place.finding(
      `the AppSpec of the release has network settings without ${listed(missing)}, but CodeDeploy requires all three or none`)];
  }
  return written.flatMap(({ key, members }) => {
    const [one, other] = [members, settings.at(key).oneOrMore.map(textOf)].map((list) => list.sort().join(', '));
    return settings.at(key).missing || !differ(one, other, settings.owner.template) ? [] : [place.finding(
      `the AppSpec of the release has ${key} ${quoted(one)}, but the service ${settings.owner.id} has ${quoted(other)}`)];
  });
}

/**
 * The value after a key in JSON or YAML: a list on one line, a list on several lines, or a single value. A number in
 * brackets belongs to a reference.
 */
const LIST = /^\s*\[((?:[^\][]|\[\d+\])*)\]/;
const LINES = /^\s*\n((?:\s*-.*(?:\n|$))+)/;
const VALUE = /^\s*["']?([^"'\s,}]+\}?)/;

/** The members of a list in an AppSpec, or a single value; none if the AppSpec does not have the key. */
function settingIn(content: string, key: string): string[] {
  const [, rest = ''] = new RegExp(`\\b${key}["']?\\s*:([^]*)`).exec(content) ?? [];
  const [, members] = LIST.exec(rest) ?? LINES.exec(rest) ?? VALUE.exec(rest) ?? [];
  return members?.split(/,|\n/).map((member) => member.replace(/^\s*-?\s*["']?|["']?\s*$/g, '')).filter((member) => member !== '') ?? [];
}

const releaseCapacity: Rule = {
  id: 'release-capacity',
  says: 'If the service has a capacity provider strategy, the AppSpec has it too.',
  aws: 'The release runs its tasks with the launch type FARGATE instead of FARGATE_SPOT, or finds no capacity: CodeDeploy does not copy the strategy of the service.',
  fix: 'Add CapacityProviderStrategy to the AppSpec, or remove it from the service.',
  *judge(template) {
    // https://github.com/aws/containers-roadmap/issues/1752
    for (const { appSpec, service } of releasesOf(template)) {
      const strategy = service?.at('CapacityProviderStrategy');
      if (appSpec && strategy?.items.length && isDecided(appSpec.content, template) && !appSpec.content.includes('CapacityProviderStrategy')) {
        yield appSpec.place.finding(`the AppSpec of the release has no CapacityProviderStrategy, but the service ${service?.id} has one`);
      }
    }
  },
};

const releaseDefinition: Rule = {
  id: 'release-task-definition',
  says: 'The task definition of a release has the family, the roles, the container and the port of the service, and the image placeholder.',
  aws: 'The deployment fails, or tasks of the release cannot start: the role cannot be passed, the container does not exist, or `<IMAGE1_NAME>` is not an image.',
  fix: 'Render the task definition of the release from that of the service, and set Image1ContainerName without angle brackets.',
  *judge(template) {
    for (const release of releasesOf(template)) {
      if (release.definition) { yield* wrongDefinition(release, release.definition); }
    }
  },
};

function wrongDefinition({ action, service, project }: Release, { content, place }: DeliveredFile): Finding[] {
  const json = parseJson(content);
  if (json === undefined) { return isDecided(content, project.template) ? [place.finding('the task definition of the release is not JSON')] : []; }
  const request = new Value(project, json, '');
  const problems = [
    ...wrongContainers(request, service),
    ...wrongPlaceholder(request, action),
    // a function that the rules do not evaluate can contain more than a value
    ...unlike(request, service && definitionOf(service), isDecided(content, project.template)),
  ];
  return problems.map((problem) => place.finding(`the task definition of the release ${problem}`));
}

function wrongContainers(request: Value, service: Resource | undefined): string[] {
  const target = service?.at('LoadBalancers', 0);
  const [name, port] = [target?.at('ContainerName').text, target?.at('ContainerPort').number];
  if (name === undefined) { return []; }
  const containers = request.at('containerDefinitions').items;
  const container = containers.find((candidate) => candidate.at('name').text === name);
  if (!container) { return [`has no container ${JSON.stringify(name)}, which receives the traffic of the service`]; }
  const ports = container.at('portMappings').items.map((mapping) => mapping.at('containerPort').number);
  return port === undefined || ports.includes(port) ? [] : [`does not publish the port ${port} of ${JSON.stringify(name)}, which receives the traffic of the service`];
}

function wrongPlaceholder(request: Value, { value }: Action): string[] {
  const placeholder = value.at('Configuration', 'Image1ContainerName').text;
  const images = request.at('containerDefinitions').items.map((container) => container.at('image'));
  return placeholder === undefined || images.some(({ text }) => text === `<${placeholder}>`)
    ? []
    : [`has the images ${listed(images.map(shown))}, but the action replaces "<${placeholder}>"`];
}

/** The properties that must be equal in the release and in the task definition of the stack. */
const ALIKE = { family: 'Family', executionRoleArn: 'ExecutionRoleArn', taskRoleArn: 'TaskRoleArn', networkMode: 'NetworkMode', cpu: 'Cpu', memory: 'Memory' };

function unlike(request: Value, definition: Resource | undefined, complete: boolean): string[] {
  return Object.entries(ALIKE)
    .map(([key, property]) => ({ key, written: request.at(key), wanted: definition?.at(property) }))
    .filter(({ written }) => complete || !written.missing)
    .filter(({ written, wanted }) => wanted && !wanted.missing
      && differ(textOf(written), textOf(wanted), wanted.owner.template))
    .map(({ key, written, wanted }) => `has the ${key} ${shown(written)}, but ${definition?.id} has ${wanted && shown(wanted)}`);
}

export const RELEASE_RULES = [releaseFiles, releaseAppSpec, releaseNetwork, releaseCapacity, releaseDefinition];
