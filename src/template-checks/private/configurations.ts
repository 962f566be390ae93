import { Action, allActions, artifactsOf, textsOf } from './actions';
import { Finding, Rule, Value } from './template';
import { listed, shown, textOf } from './text';

/** The required configuration keys of an action, by category and provider. */
const REQUIRED: { readonly [kind: string]: string[] } = {
  'Source S3': ['S3Bucket', 'S3ObjectKey'],
  'Source CodeCommit': ['RepositoryName', 'BranchName'],
  'Source ECR': ['RepositoryName'],
  'Source CodeStarSourceConnection': ['ConnectionArn', 'FullRepositoryId', 'BranchName'],
  'Build CodeBuild': ['ProjectName'],
  'Test CodeBuild': ['ProjectName'],
  'Deploy S3': ['BucketName', 'Extract'],
  'Deploy CodeDeploy': ['ApplicationName', 'DeploymentGroupName'],
  'Deploy CodeDeployToECS': ['ApplicationName', 'DeploymentGroupName', 'TaskDefinitionTemplateArtifact', 'AppSpecTemplateArtifact'],
  'Deploy ECS': ['ClusterName', 'ServiceName'],
  'Invoke Lambda': ['FunctionName'],
};

const TO_ECS = 'Deploy CodeDeployToECS';
const MAX_IMAGES = 4;

const actionConfiguration: Rule = {
  id: 'action-configuration',
  says: 'An action has every configuration key that its provider requires.',
  aws: 'CodePipeline rejects the pipeline: `Action configuration for action ... is missing required configuration ...`.',
  fix: 'Add the missing keys to the configuration of the action.',
  *judge(template) {
    yield* allActions(template).flatMap(({ value, kind, label }) => {
      const configuration = value.at('Configuration');
      return (REQUIRED[kind] ?? []).filter((key) => configuration.at(key).missing || configuration.at(key).text === '')
        .map((key) => value.finding(`the action ${label} has no ${key} in its configuration`));
    });
  },
};

/** The configuration keys that refer to a resource, with its type. */
const REFERENCES: { readonly [key: string]: string } = {
  ProjectName: 'AWS::CodeBuild::Project',
  ApplicationName: 'AWS::CodeDeploy::Application',
  DeploymentGroupName: 'AWS::CodeDeploy::DeploymentGroup',
};

const actionReferences: Rule = {
  id: 'action-references',
  says: 'Each resource that an action names has the correct type, and the deployment group belongs to the application.',
  aws: 'The action fails in its first execution: the project, the application or the deployment group does not exist.',
  fix: 'Refer to the project, the application or the deployment group itself.',
  *judge(template) {
    for (const action of allActions(template).filter(({ kind }) => REQUIRED[kind])) {
      yield* Object.entries(REFERENCES).flatMap(([key, type]) => misdirected(action, key, type));
      yield* foreignGroup(action);
    }
  },
};

function misdirected({ value, label }: Action, key: string, type: string): Finding[] {
  const named = value.at('Configuration', key);
  const { referred } = named;
  return referred === undefined || referred.type === type ? [] : [named.finding(
    `the ${key} of the action ${label} refers to ${referred.id}, which is ${referred.type}, not ${type}`)];
}

function foreignGroup({ value, label }: Action): Finding[] {
  const configuration = value.at('Configuration');
  const group = configuration.at('DeploymentGroupName').resource('AWS::CodeDeploy::DeploymentGroup');
  const application = configuration.at('ApplicationName').resource('AWS::CodeDeploy::Application');
  const owner = group?.at('ApplicationName').resource('AWS::CodeDeploy::Application');
  return !application || !owner || application === owner ? [] : [configuration.at('ApplicationName').finding(
    `the action ${label} names the application ${application.id}, but its deployment group belongs to ${owner.id}`)];
}

const actionTemplates: Rule = {
  id: 'action-templates',
  says: 'The artifacts with the task definition, the AppSpec and the images of a blue/green action are among its inputs. Each image has an artifact and a placeholder.',
  aws: 'CodePipeline rejects the pipeline, or the action fails: `Exception while trying to read the task definition artifact file`.',
  fix: 'Name an input artifact of this action. Set both `Image<n>ArtifactName` and `Image<n>ContainerName`, for at most four images.',
  *judge(template) {
    for (const action of allActions(template).filter(({ kind }) => kind === TO_ECS)) {
      const entries = action.value.at('Configuration').entries;
      yield* entries.flatMap(([key, value]) => /Artifact(Name)?$/.test(key) ? notAnInput(action, value) : []);
      yield* entries.flatMap(([key, value]) => unpaired(action, key, value));
    }
  },
};

function notAnInput(action: Action, named: Value): Finding[] {
  const inputs = textsOf(artifactsOf(action, 'InputArtifacts'));
  const undecided = named.text === undefined || artifactsOf(action, 'InputArtifacts').length > inputs.length || action.value.at('InputArtifacts').open;
  if (undecided || inputs.includes(textOf(named))) { return []; }
  return [named.finding(`the action ${action.label} looks for a file in the artifact ${shown(named)}, but its inputs are ${listed(inputs)}`)];
}

function unpaired({ value, label }: Action, key: string, named: Value): Finding[] {
  const [, index, half] = /^Image(\d+)(ArtifactName|ContainerName)$/.exec(key) ?? [];
  if (index === undefined) { return []; }
  if (Number(index) < 1 || Number(index) > MAX_IMAGES) {
    return [named.finding(`the action ${label} has ${key}, but only images 1 to ${MAX_IMAGES} are allowed`)];
  }
  const other = `Image${index}${half === 'ArtifactName' ? 'ContainerName' : 'ArtifactName'}`;
  return value.at('Configuration', other).missing ? [named.finding(`the action ${label} has ${key} without ${other}`)] : [];
}

export const CONFIGURATION_RULES = [actionConfiguration, actionReferences, actionTemplates];
