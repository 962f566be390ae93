import { add, append, change, drop, Edit, refer, reference, replace, replaceWhole, set } from './edits';
import {
  BLUE, BUILD, CONTAINER, DEPLOY, FAILED,
  GREEN, GROUP, LISTENER, PAIR, PIPELINE, PROJECT, SERVICE, SOURCE, TASK, TEST_LISTENER, TOPIC_POLICY, TRIGGER,
} from './places';

/** A fault, and what is said of it. */
export interface Case {
  readonly rule: string;
  readonly fault: string;
  readonly edits: Edit[];
  /** `resource at location: problem`, a line for each finding, without CDK's hashes. */
  readonly says: string[];
}

/** A change that a rule has nothing against. */
export interface Fine {
  readonly rule: string;
  readonly what: string;
  readonly edits: Edit[];
}

const REDIRECT = 'ElasticLoadBalancingV2::Listener Redirect';
const TASK_GROUP = 'EC2::SecurityGroup OrdersServiceSecurityGroup';
const BALANCER_GROUP = 'EC2::SecurityGroup LoadBalancer';
const BUILD_SPEC = 'Source/BuildSpec';

const finds = (rule: string, fault: string, edits: Edit[], says: string[]): Case => ({ rule, fault, edits, says });
const leaves = (rule: string, what: string, edits: Edit[]): Fine => ({ rule, what, edits });

/** What is not known at synthesis. */
const IMPORTED = { 'Fn::ImportValue': 'elsewhere' };
const CHOSEN = { 'Fn::If': ['Condition', 'one', 'other'] };

const actionOf = (category: string, provider: string) => ({ Category: category, Owner: 'AWS', Provider: provider, Version: '1' });

/** What an action of a kind has to say, as CodePipeline's action reference has it. */
const REQUIREMENTS: [category: string, provider: string, keys: string[]][] = [
  ['Source', 'S3', ['S3Bucket', 'S3ObjectKey']],
  ['Source', 'CodeCommit', ['RepositoryName', 'BranchName']],
  ['Source', 'ECR', ['RepositoryName']],
  ['Source', 'CodeStarSourceConnection', ['ConnectionArn', 'FullRepositoryId', 'BranchName']],
  ['Build', 'CodeBuild', ['ProjectName']],
  ['Test', 'CodeBuild', ['ProjectName']],
  ['Deploy', 'S3', ['BucketName', 'Extract']],
  ['Deploy', 'CodeDeploy', ['ApplicationName', 'DeploymentGroupName']],
  ['Deploy', 'CodeDeployToECS', ['ApplicationName', 'DeploymentGroupName', 'TaskDefinitionTemplateArtifact', 'AppSpecTemplateArtifact']],
  ['Deploy', 'ECS', ['ClusterName', 'ServiceName']],
  ['Invoke', 'Lambda', ['FunctionName']],
];

const approval = (name: string, more: object = {}) => ({ Name: name, ActionTypeId: actionOf('Approval', 'Manual'), ...more });

const queue = (name: string, policy: boolean): Edit[] => [
  add(name, 'SQS::Queue', {}),
  ...(policy ? [add(`${name}Policy`, 'SQS::QueuePolicy', {
    Queues: [{ Ref: name }],
    PolicyDocument: { Statement: { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:*', Resource: '*' } },
  })] : []),
];

const deadLetters = set(FAILED, 'Targets/0/DeadLetterConfig', { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } });

/** The rules that publish to the topic of the alerts, in the order of the template. */
const TELLING = ['Failed', 'Succeeded', 'ActionFailed', 'DeploymentFailed', 'ImageScan', 'ImageFinding', 'AlarmRule'];
const UNDELIVERED = 'OrdersAlertsUndeliveredAlarm';
const toldBy = (rules: string[], says: string) => rules
  .map((rule) => `OrdersAlerts${rule} at Properties/Targets/0/Arn: OrdersAlerts${rule} sends to OrdersAlertsTopic, ${says}`);
/** The rules that keep undelivered events, in the order of the template. */
const KEEPING = [
  'PipelineTrigger',
  ...['Failed', 'Succeeded', 'ActionFailed', 'DeploymentFailed', 'Activity', 'ImageScan', 'ImageFinding', 'AlarmRule'].map((rule) => `Alerts${rule}`),
];
/** The same key encrypts the topic and the queue; the trigger and the rule of the log have a queue only. */
const keptBy = (says: string) => KEEPING.flatMap((rule) => [
  ...toldBy(TELLING.filter((telling) => `Alerts${telling}` === rule), says),
  `Orders${rule} at Properties/Targets/0/DeadLetterConfig/Arn: Orders${rule} sends to OrdersAlertsUndeliveredQueue, ${says}`,
]);
const UNDELIVERED_SENDS = `${UNDELIVERED} at Properties/AlarmActions/0: ${UNDELIVERED} sends to OrdersAlertsTopic,`;
const NOT_LET_IN = 'whose policy does not allow events.amazonaws.com to do so for it';
const WITH_OUR_KEY = 'which is encrypted with OrdersAlertsKey, whose policy does not allow';
const AWS_KEY = 'which is encrypted with "alias/aws/sns", an AWS managed key that other services cannot use';

const alarmAction = change('CloudWatch::Alarm BlueLatency', 'AlarmActions', (_, template) => [reference(template, 'SNS::Topic')]);

const bucketName = (start: string) => ({ 'Fn::Join': ['-', [start, { Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }]] });

const when = (what: string): Edit => set(what, '^Condition', 'Chosen');

const listenerAt80 = (name: string, condition: string): Edit[] => [
  add(name, 'ElasticLoadBalancingV2::Listener', { LoadBalancerArn: 'arn', Port: 80, Protocol: 'HTTP' }), set(`ElasticLoadBalancingV2::Listener ${name}`, '^Condition', condition),
];

const buildSpec = (...commands: string[]): Edit => set(PROJECT, BUILD_SPEC, JSON.stringify({ version: '0.2', phases: { build: { commands } } }));
const yamlSpec = (...lines: string[]): Edit => set(PROJECT, BUILD_SPEC, ['version: 0.2', 'phases:', '  build:', '    commands:', ...lines.map((line) => `      ${line}`)].join('\n'));
const unprivileged = drop(PROJECT, 'Environment/PrivilegedMode');
const NO_PRIVILEGES = 'OrdersPipelineBuildProject at Properties/Environment: the buildspec calls docker, but PrivilegedMode is not true';

/** Network settings in the AppSpec. */
const network = (subnets: string, groups: string, publicIp: string): Edit => replace(PROJECT, BUILD_SPEC, 'ContainerPort: 8080', [
  'ContainerPort: 8080', '        NetworkConfiguration:', '          AwsvpcConfiguration:',
  `            Subnets: ${subnets}`, `            SecurityGroups: ${groups}`, `            AssignPublicIp: ${publicIp}`,
].join('\n'));
const KNOWN_NETWORK = set(SERVICE, 'NetworkConfiguration/AwsvpcConfiguration', { Subnets: ['subnet-1', 'subnet-2'], SecurityGroups: ['sg-1'], AssignPublicIp: 'DISABLED' });

const ALL_AT_ONCE = set(GROUP, 'DeploymentConfigName', 'CodeDeployDefault.ECSAllAtOnce');

/** Target groups for a network load balancer, whose traffic CodeDeploy shifts at once. */
const overTcp = (...more: Edit[]): Edit[] => [ALL_AT_ONCE, ...[BLUE, GREEN]
  .flatMap((group) => [set(group, 'Protocol', 'TCP'), ...['HealthCheckProtocol', 'HealthCheckPath', 'Matcher'].map((key) => drop(group, key))]), ...more];

const CONFIGURATION = 'DeploymentConfiguration';
const NOT_UNDER_CODE_DEPLOY = 'which the deployment controller CODE_DEPLOY does not support';
const ATTRIBUTES = 'TargetGroupAttributes';
const SPOT = [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }];

/** A service with capacity providers, and an AppSpec that names them or does not. */
const spotService = (...more: Edit[]): Edit[] => [drop(SERVICE, 'LaunchType'), set(SERVICE, 'CapacityProviderStrategy', SPOT), ...more];

/** A list of 50 names, which has 999 characters between its brackets. */
const longList = (sign: string) => Array.from({ length: 50 }, () => sign.repeat(17));

export const CASES: Case[] = [
  finds('pipeline-stages', 'one stage', [change(PIPELINE, 'Stages', (stages) => (stages as unknown[]).slice(0, 1))], [
    'OrdersPipeline at Properties/Stages: the pipeline must have at least 2 stages, got 1',
  ]),
  finds('pipeline-stages', 'an approval beside the source', [append(PIPELINE, 'Stages/0/Actions', approval('Ask'))], [
    'OrdersPipeline at Properties/Stages/0/Actions/1: the action Source/Ask is in the first stage, but its category is Approval, not Source',
  ]),
  finds('pipeline-stages', 'a source after the build', [set(PIPELINE, `${DEPLOY}/ActionTypeId/Category`, 'Source')], [
    'OrdersPipeline at Properties/Stages/2/Actions/0: the source action Deploy/Deploy is not in the first stage',
  ]),
  finds('pipeline-stages', 'a stage without actions', [append(PIPELINE, 'Stages', { Name: 'Empty', Actions: [] })], [
    'OrdersPipeline at Properties/Stages/3: the stage "Empty" has no action',
  ]),
  finds('pipeline-artifacts', 'an artifact that nobody makes', [set(PIPELINE, `${BUILD}/InputArtifacts/0/Name`, 'Sauce')], [
    'OrdersPipeline at Properties/Stages/1/Actions/0/InputArtifacts/0/Name: the input artifact "Sauce" of the action Build/Build is not an output artifact of an earlier action; available: "Source"',
  ]),
  finds('pipeline-artifacts', 'an artifact of the same run order', [
    append(PIPELINE, 'Stages/1/Actions', { Name: 'Scan', RunOrder: 1, ActionTypeId: actionOf('Invoke', 'Lambda'), Configuration: { FunctionName: 'f' }, InputArtifacts: [{ Name: 'Build' }] }),
  ], [
    'OrdersPipeline at Properties/Stages/1/Actions/1/InputArtifacts/0/Name: the input artifact "Build" of the action Build/Scan is not an output artifact of an earlier action; available: "Source"',
  ]),
  finds('pipeline-artifacts', 'two outputs of one name', [set(PIPELINE, `${BUILD}/OutputArtifacts/0/Name`, 'Source')], [
    'OrdersPipeline at Properties/Stages/2/Actions/0/InputArtifacts/0/Name: the input artifact "Build" of the action Deploy/Deploy is not an output artifact of an earlier action; available: "Source", "Source"',
    'OrdersPipeline at Properties/Stages/1/Actions/0/OutputArtifacts/0/Name: more than one output artifact of the pipeline has the name "Source"',
  ]),
  finds('pipeline-artifacts', 'no output at all', [drop(PIPELINE, `${SOURCE}/OutputArtifacts`)], [
    'OrdersPipeline at Properties/Stages/1/Actions/0/InputArtifacts/0/Name: the input artifact "Source" of the action Build/Build is not an output artifact of an earlier action; available: none',
  ]),
  finds('pipeline-names', 'a stage with a space', [set(PIPELINE, 'Stages/1/Name', 'Build it')], [
    'OrdersPipeline at Properties/Stages/1/Name: the name "Build it" of the stage contains characters that are not allowed, or is too long',
  ]),
  finds('pipeline-names', 'two stages of one name', [set(PIPELINE, 'Stages/2/Name', 'Build')], [
    'OrdersPipeline at Properties/Stages/2/Name: more than one stage has the name "Build"',
  ]),
  finds('pipeline-names', 'two actions of one name', [append(PIPELINE, 'Stages/1/Actions', approval('Build'))], [
    'OrdersPipeline at Properties/Stages/1/Actions/1/Name: more than one action of the stage "Build" has the name "Build"',
  ]),
  finds('pipeline-names', 'an artifact with a dot', [set(PIPELINE, `${BUILD}/OutputArtifacts/0/Name`, 'Build.zip')], [
    'OrdersPipeline at Properties/Stages/1/Actions/0/OutputArtifacts/0/Name: the name "Build.zip" of the artifact contains characters that are not allowed, or is too long',
  ]),
  finds('pipeline-names', 'a namespace with a dot', [set(PIPELINE, `${BUILD}/Namespace`, 'Build.Variables')], [
    'OrdersPipeline at Properties/Stages/1/Actions/0/Namespace: the name "Build.Variables" of the namespace contains characters that are not allowed, or is too long',
  ]),
  finds('pipeline-variables', 'a namespace that nobody has', [
    append(PIPELINE, 'Stages/2/Actions', approval('Ask', { Configuration: { CustomData: '#{Source.CommitId} #{Builds.IMAGE_DIGEST}' } })),
  ], [
    'OrdersPipeline at Properties/Stages/2/Actions/1/Configuration/CustomData: the action Deploy/Ask uses #{Builds.IMAGE_DIGEST}, but no earlier action has this namespace; available: codepipeline, variables, Source, Build',
  ]),
  finds('pipeline-variables', 'a namespace of the same run order', [replace(PIPELINE, `${BUILD}/Configuration`, '#{codepipeline.', '#{Build.')], [
    'OrdersPipeline at Properties/Stages/1/Actions/0/Configuration/EnvironmentVariables: the action Build/Build uses #{Build.PipelineExecutionId}, but no earlier action has this namespace; available: codepipeline, variables, Source',
  ]),
  finds('pipeline-artifact-counts', 'a build without input', [drop(PIPELINE, `${BUILD}/InputArtifacts`)], [
    'OrdersPipeline at Properties/Stages/1/Actions/0: the action Build/Build has no InputArtifacts, but Build CodeBuild requires 1 to 5',
  ]),
  finds('pipeline-artifact-counts', 'two outputs of a source', [append(PIPELINE, `${SOURCE}/OutputArtifacts`, { Name: 'More' })], [
    'OrdersPipeline at Properties/Stages/0/Actions/0/OutputArtifacts: the action Source/Source has 2 OutputArtifacts, but Source CodeCommit requires 1',
  ]),
  finds('action-configuration', 'no deployment group', [drop(PIPELINE, `${DEPLOY}/Configuration/DeploymentGroupName`)], [
    'OrdersPipeline at Properties/Stages/2/Actions/0: the action Deploy/Deploy has no DeploymentGroupName in its configuration',
  ]),
  finds('action-configuration', 'an empty branch', [set(PIPELINE, `${SOURCE}/Configuration/BranchName`, '')], [
    'OrdersPipeline at Properties/Stages/0/Actions/0: the action Source/Source has no BranchName in its configuration',
  ]),
  finds('action-configuration', 'no configuration', [drop(PIPELINE, `${BUILD}/Configuration`)], [
    'OrdersPipeline at Properties/Stages/1/Actions/0: the action Build/Build has no ProjectName in its configuration',
  ]),
  ...REQUIREMENTS.map(([category, provider, keys]) => finds('action-configuration', `nothing for ${category} by ${provider}`, [
    append(PIPELINE, 'Stages/2/Actions', { Name: 'Other', ActionTypeId: actionOf(category, provider) }),
  ], keys.map((key) => `OrdersPipeline at Properties/Stages/2/Actions/1: the action Deploy/Other has no ${key} in its configuration`))),
  ...[null, { Ref: 'AWS::NoValue' }].map((nothing) => finds('action-configuration', `a branch that is left out by ${JSON.stringify(nothing)}`, [
    set(PIPELINE, `${SOURCE}/Configuration/BranchName`, nothing),
  ], [
    'OrdersPipeline at Properties/Stages/0/Actions/0: the action Source/Source has no BranchName in its configuration',
  ])),
  finds('action-references', 'a role in the place of the project', [refer(PIPELINE, `${BUILD}/Configuration/ProjectName`, 'IAM::Role BuildRole')], [
    'OrdersPipeline at Properties/Stages/1/Actions/0/Configuration/ProjectName: the ProjectName of the action Build/Build refers to OrdersPipelineBuildRole, which is AWS::IAM::Role, not AWS::CodeBuild::Project',
  ]),
  finds('action-references', 'the group of another application', [
    add('Other', 'CodeDeploy::Application', { ComputePlatform: 'ECS' }), set(PIPELINE, `${DEPLOY}/Configuration/ApplicationName`, { Ref: 'Other' }),
  ], [
    'OrdersPipeline at Properties/Stages/2/Actions/0/Configuration/ApplicationName: the action Deploy/Deploy names the application Other, but its deployment group belongs to OrdersServiceCodeDeployApplication',
  ]),
  finds('action-templates', 'the template in an artifact that is no input', [set(PIPELINE, `${DEPLOY}/Configuration/TaskDefinitionTemplateArtifact`, 'Source')], [
    'OrdersPipeline at Properties/Stages/2/Actions/0/Configuration/TaskDefinitionTemplateArtifact: the action Deploy/Deploy looks for a file in the artifact "Source", but its inputs are Build',
  ]),
  finds('action-templates', 'an image without a placeholder', [drop(PIPELINE, `${DEPLOY}/Configuration/Image1ContainerName`)], [
    'OrdersPipeline at Properties/Stages/2/Actions/0/Configuration/Image1ArtifactName: the action Deploy/Deploy has Image1ArtifactName without Image1ContainerName',
  ]),
  finds('action-templates', 'a placeholder without an image', [drop(PIPELINE, `${DEPLOY}/Configuration/Image1ArtifactName`)], [
    'OrdersPipeline at Properties/Stages/2/Actions/0/Configuration/Image1ContainerName: the action Deploy/Deploy has Image1ContainerName without Image1ArtifactName',
  ]),
  finds('action-templates', 'a fifth image', [set(PIPELINE, `${DEPLOY}/Configuration/Image5ArtifactName`, 'Build')], [
    'OrdersPipeline at Properties/Stages/2/Actions/0/Configuration/Image5ArtifactName: the action Deploy/Deploy has Image5ArtifactName, but only images 1 to 4 are allowed',
  ]),
  finds('build-specification', 'broken JSON', [set(PROJECT, BUILD_SPEC, '{"version": "0.2",')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec is neither JSON nor YAML: its brackets do not match',
  ]),
  finds('build-specification', 'broken JSON with variables of the shell', [replace(PROJECT, BUILD_SPEC, '"phases":{', '"phases":')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec is neither JSON nor YAML: its brackets do not match',
  ]),
  finds('build-specification', 'no version', [set(PROJECT, BUILD_SPEC, '{"phases": {"build": {"commands": ["true"]}}}')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the version of the buildspec must be 0.1 or 0.2, got nothing',
  ]),
  finds('build-specification', 'no phases', [set(PROJECT, BUILD_SPEC, '{"version": "0.2"}')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec has no phases',
  ]),
  finds('build-specification', 'phases that are empty beside a batch', [set(PROJECT, BUILD_SPEC, '{"version": "0.2", "batch": {}, "phases": {}}')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec has no phases',
  ]),
  finds('build-specification', 'YAML without a version', [set(PROJECT, BUILD_SPEC, 'batch:\n  build-list: []\n')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec has no version',
  ]),
  finds('build-specification', 'YAML without anything, with a reference in a text', [set(PROJECT, BUILD_SPEC, { 'Fn::Join': ['', ['env:\n  a: "', { Ref: 'AWS::Region' }, '"\n']] })], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec has no version and no phases',
  ]),
  finds('build-specification', 'JSON with a list that does not end', [set(PROJECT, BUILD_SPEC, '{"version": "0.2", "phases": {"build": {"commands": ["make # }"}}}')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec is neither JSON nor YAML: its brackets do not match',
  ]),
  finds('build-specification', 'an unknown phase', [set(PROJECT, BUILD_SPEC, '{"version": 0.2, "phases": {"built": {}}}')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec has the unknown phase built; the phases are install, pre_build, build, post_build',
  ]),
  finds('build-specification', 'YAML without phases', [set(PROJECT, BUILD_SPEC, 'version: 0.2\nphase:\n  build: {}\n')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the buildspec has no phases',
  ]),
  finds('build-environment', 'an unknown compute type', [set(PROJECT, 'Environment/ComputeType', 'BUILD_GENERAL1_TINY')], [
    'OrdersPipelineBuildProject at Properties/Environment/ComputeType: the compute type "BUILD_GENERAL1_TINY" is not one of BUILD_GENERAL1_SMALL, BUILD_GENERAL1_MEDIUM, BUILD_GENERAL1_LARGE, BUILD_GENERAL1_XLARGE, BUILD_GENERAL1_2XLARGE, BUILD_LAMBDA_1GB, BUILD_LAMBDA_2GB, BUILD_LAMBDA_4GB, BUILD_LAMBDA_8GB, BUILD_LAMBDA_10GB, ATTRIBUTE_BASED_COMPUTE, CUSTOM_INSTANCE_TYPE',
  ]),
  finds('build-environment', 'an image for the other processor', [set(PROJECT, 'Environment/Type', 'ARM_CONTAINER')], [
    'OrdersPipelineBuildProject at Properties/Environment/Image: the image "aws/codebuild/amazonlinux-x86_64-standard:5.0" is for x86_64, but the environment is "ARM_CONTAINER"',
  ]),
  finds('build-environment', 'Docker without privileges', [set(PROJECT, 'Environment/PrivilegedMode', false)], [
    'OrdersPipelineBuildProject at Properties/Environment: the buildspec calls docker, but PrivilegedMode is not true',
  ]),
  ...Object.entries({
    'in the middle of a line': buildSpec('cd app && DOCKER_BUILDKIT=1 sudo -E docker build .'),
    'inside a text': buildSpec('echo "built $(docker image inspect x)"'),
    'on a line of its own': buildSpec('if true\nthen\n(docker push x; true)\nfi'),
    'at the end of a build': set(PROJECT, BUILD_SPEC, '{"version": 0.2, "phases": {"build": {"finally": "docker run x"}}}'),
    'behind a here-document': buildSpec('cat <<EOF | docker build -\nFROM scratch\nEOF'),
    'in YAML': yamlSpec('- make', '- "docker build ."'),
  }).map(([where, edit]) => finds('build-environment', `Docker without privileges ${where}`, [unprivileged, edit], [NO_PRIVILEGES])),
  finds('build-in-pipeline', 'artifacts in a bucket', [set(PROJECT, 'Artifacts', { Type: 'S3', Location: 'bucket' })], [
    'OrdersPipelineBuildProject at Properties/Artifacts/Type: the type is "S3", but a project of a pipeline requires the type "CODEPIPELINE" for its source and its artifacts',
  ]),
  finds('build-in-pipeline', 'a project of its own in a pipeline', [set(PROJECT, 'Artifacts/Type', 'NO_ARTIFACTS'), set(PROJECT, 'Source/Type', 'NO_SOURCE')], [
    'OrdersPipelineBuildProject at Properties/Source/Type: the type is "NO_SOURCE", but a project of a pipeline requires the type "CODEPIPELINE" for its source and its artifacts',
    'OrdersPipelineBuildProject at Properties/Artifacts/Type: the type is "NO_ARTIFACTS", but a project of a pipeline requires the type "CODEPIPELINE" for its source and its artifacts',
  ]),
  finds('build-variables', 'a parameter without a name', [append(PROJECT, 'Environment/EnvironmentVariables', { Name: 'USER', Type: 'PARAMETER_STORE', Value: ' ' })], [
    'OrdersPipelineBuildProject at Properties/Environment/EnvironmentVariables/0: the variable "USER" of the type PARAMETER_STORE has no value',
  ]),
  finds('build-variables', 'a secret without a value', [append(PROJECT, 'Environment/EnvironmentVariables', { Name: 'USER', Type: 'SECRETS_MANAGER' })], [
    'OrdersPipelineBuildProject at Properties/Environment/EnvironmentVariables/0: the variable "USER" of the type SECRETS_MANAGER has no value',
  ]),
  finds('release-files', 'a template that stays behind', [replace(PROJECT, BUILD_SPEC, '"appspec.yaml","taskdef.json","imageDetail.json"', '"appspec.yaml","imageDetail.json"')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the action Deploy/Deploy looks for "taskdef.json", but the artifacts of the buildspec are appspec.yaml, imageDetail.json',
  ]),
  finds('release-app-spec', 'another container in the AppSpec', [replace(PROJECT, BUILD_SPEC, 'ContainerName: "app"', 'ContainerName: "web"')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has ContainerName "web", but the service OrdersService has "app"',
  ]),
  finds('release-app-spec', 'another port in the AppSpec', [replace(PROJECT, BUILD_SPEC, 'ContainerPort: 8080', 'ContainerPort: 80')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has ContainerPort "80", but the service OrdersService has "8080"',
  ]),
  finds('release-network', 'other subnets, groups and addresses than those of the service', [network('["subnet-9"]', '["sg-9"]', '"ENABLED"')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has Subnets "subnet-9", but the service OrdersService has "${OrdersNetworkVpcPrivateSubnet1Subnet}, ${OrdersNetworkVpcPrivateSubnet2Subnet}"',
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has SecurityGroups "sg-9", but the service OrdersService has "${OrdersServiceSecurityGroup.GroupId}"',
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has AssignPublicIp "ENABLED", but the service OrdersService has "DISABLED"',
  ]),
  finds('release-network', 'one of two subnets', [KNOWN_NETWORK, network('["subnet-1"]', '["sg-1"]', '"DISABLED"')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has Subnets "subnet-1", but the service OrdersService has "subnet-1, subnet-2"',
  ]),
  finds('release-network', 'no groups', [network('["subnet-9"]', '[]', '"ENABLED"')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has network settings without SecurityGroups, but CodeDeploy requires all three or none',
  ]),
  finds('release-capacity', 'capacity providers that the AppSpec does not name', spotService(), [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the AppSpec of the release has no CapacityProviderStrategy, but the service OrdersService has one',
  ]),
  finds('release-task-definition', 'another container in the release', [replace(PROJECT, BUILD_SPEC, '"name":"app"', '"name":"web"')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the task definition of the release has no container "app", which receives the traffic of the service',
  ]),
  finds('release-task-definition', 'another port in the release', [replace(PROJECT, BUILD_SPEC, '"containerPort":8080', '"containerPort":80')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the task definition of the release does not publish the port 8080 of "app", which receives the traffic of the service',
  ]),
  finds('release-task-definition', 'another placeholder', [set(PIPELINE, `${DEPLOY}/Configuration/Image1ContainerName`, 'IMAGE')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the task definition of the release has the images "<IMAGE1_NAME>", but the action replaces "<IMAGE>"',
  ]),
  finds('release-task-definition', 'another family and size', [
    replace(PROJECT, BUILD_SPEC, '"family":"orders-web-prod","memory":"2048"', '"family":"orders-prod","memory":"4096"'),
  ], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the task definition of the release has the family "orders-prod", but OrdersServiceTaskDefinition has "orders-web-prod"',
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the task definition of the release has the memory "4096", but OrdersServiceTaskDefinition has "2048"',
  ]),
  finds('release-task-definition', 'no task role', [replace(PROJECT, BUILD_SPEC, '"taskRoleArn":', '"taskRole":')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the task definition of the release has the taskRoleArn nothing, but OrdersServiceTaskDefinition has "${OrdersServiceTaskRole.Arn}"',
  ]),
  finds('release-task-definition', 'broken JSON in the release', [replace(PROJECT, BUILD_SPEC, '{"containerDefinitions":[', '{"containerDefinitions":')], [
    'OrdersPipelineBuildProject at Properties/Source/BuildSpec: the task definition of the release is not JSON',
  ]),
  finds('task-execution-role', 'logs without an execution role', [drop(TASK, 'ExecutionRoleArn')], [
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/0: the container "app" writes its log with awslogs, but the task definition has no ExecutionRoleArn',
  ]),
  finds('task-execution-role', 'ECR and secrets without an execution role', [
    drop(TASK, 'ExecutionRoleArn'), drop(TASK, `${CONTAINER}/LogConfiguration`),
    set(TASK, `${CONTAINER}/Image`, { 'Fn::Sub': '111111111111.dkr.ecr.${AWS::Region}.amazonaws.com/app' }),
    set(TASK, `${CONTAINER}/Secrets`, [{ Name: 'KEY', ValueFrom: '/key' }]),
  ], [
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/0: the container "app" has an image in ECR, but the task definition has no ExecutionRoleArn',
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/0: the container "app" has secrets, but the task definition has no ExecutionRoleArn',
  ]),
  finds('task-size', 'too little memory', [set(TASK, 'Memory', '1024')], [
    'OrdersServiceTaskDefinition at Properties/Memory: Fargate does not support the memory "1024" with the CPU "1024", only 2048 to 8192 MiB in steps of 1024',
  ]),
  finds('task-size', 'a CPU that there is not', [set(TASK, 'Cpu', 1000)], [
    'OrdersServiceTaskDefinition at Properties/Cpu: Fargate does not support the CPU "1000", only 256, 512, 1024, 2048, 4096, 8192, 16384',
  ]),
  finds('task-size', 'a bridge on Fargate', [set(TASK, 'NetworkMode', 'bridge')], [
    'OrdersServiceTaskDefinition at Properties/NetworkMode: the network mode is "bridge", but Fargate supports only awsvpc',
  ]),
  finds('task-containers', 'two containers of one name and port', [append(TASK, 'ContainerDefinitions', { Name: 'app', Image: 'a', PortMappings: [{ ContainerPort: 8080 }] })], [
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/1/Name: more than one container has the name "app"',
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/1/PortMappings/0/ContainerPort: the container port "8080" is published twice in the task',
  ]),
  finds('task-containers', 'nothing essential', [set(TASK, `${CONTAINER}/Essential`, false)], [
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions: no container is essential, so the task would never stop',
  ]),
  finds('task-containers', 'another host port', [set(TASK, `${CONTAINER}/PortMappings/0/HostPort`, 80)], [
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/0/PortMappings/0: the host port "80" differs from the container port "8080", but awsvpc requires the same port',
  ]),
  finds('task-logs', 'no region of the log', [drop(TASK, `${CONTAINER}/LogConfiguration/Options/awslogs-region`)], [
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/0/LogConfiguration/Options: the log configuration has no awslogs-region',
  ]),
  finds('task-logs', 'a log in the cluster', [refer(TASK, `${CONTAINER}/LogConfiguration/Options/awslogs-group`, 'ECS::Cluster')], [
    'OrdersServiceTaskDefinition at Properties/ContainerDefinitions/0/LogConfiguration/Options/awslogs-group: the log group is OrdersPlatformCluster, which is AWS::ECS::Cluster, not a log group',
  ]),
  finds('service-container', 'another container', [set(SERVICE, 'LoadBalancers/0/ContainerName', 'web')], [
    'OrdersService at Properties/LoadBalancers/0/ContainerName: the load balancer targets the container "web", but the task definition has "app"',
  ]),
  finds('service-container', 'another port', [set(SERVICE, 'LoadBalancers/0/ContainerPort', 80)], [
    'OrdersService at Properties/LoadBalancers/0/ContainerPort: the load balancer targets the port "80" of "app", but the container has "8080"',
  ]),
  finds('service-target-type', 'targets by instance', [set(BLUE, 'TargetType', 'instance'), set(GREEN, 'TargetType', 'instance')], [
    'OrdersServiceLoadBalancerBlue at Properties/TargetType: the target type is "instance", but must be "ip", since the tasks of OrdersService use the network mode awsvpc',
  ]),
  finds('service-target-type', 'no network', [drop(SERVICE, 'NetworkConfiguration')], [
    'OrdersService at Properties: the tasks of the service use the network mode awsvpc, but the service has no NetworkConfiguration',
  ]),
  finds('service-grace-period', 'a grace period without a load balancer', [drop(SERVICE, 'LoadBalancers')], [
    'OrdersService at Properties/HealthCheckGracePeriodSeconds: the service has a grace period of "300" seconds, but no load balancer',
  ]),
  finds('service-controller', 'everything that only the controller ECS has', [
    set(SERVICE, `${CONFIGURATION}/DeploymentCircuitBreaker`, { Enable: true, Rollback: true }),
    set(SERVICE, `${CONFIGURATION}/Alarms`, { Enable: false, Rollback: false, AlarmNames: [] }),
    set(SERVICE, `${CONFIGURATION}/Strategy`, 'BLUE_GREEN'),
    set(SERVICE, `${CONFIGURATION}/LifecycleHooks`, [{}]),
    set(SERVICE, 'ServiceConnectConfiguration', { Enabled: true }),
    set(SERVICE, 'VolumeConfigurations', [{ Name: 'data' }]),
    set(SERVICE, 'SchedulingStrategy', 'DAEMON'),
    set(SERVICE, 'ForceNewDeployment', { EnableForceNewDeployment: true }),
    set(SERVICE, 'LoadBalancers/0/AdvancedConfiguration', { RoleArn: 'arn' }),
  ], [
    `OrdersService at Properties/DeploymentConfiguration/DeploymentCircuitBreaker/Enable: the service has a deployment circuit breaker, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/DeploymentConfiguration/Alarms: the service has deployment alarms, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/DeploymentConfiguration/Strategy: the service has a deployment strategy of Amazon ECS, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/DeploymentConfiguration/LifecycleHooks: the service has lifecycle hooks of Amazon ECS, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/ServiceConnectConfiguration/Enabled: the service has Service Connect, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/VolumeConfigurations: the service has EBS volumes, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/SchedulingStrategy: the service has the scheduling strategy DAEMON, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/ForceNewDeployment/EnableForceNewDeployment: the service has a forced deployment, ${NOT_UNDER_CODE_DEPLOY}`,
    `OrdersService at Properties/LoadBalancers/0/AdvancedConfiguration: the load balancer has an alternate target group, ${NOT_UNDER_CODE_DEPLOY}`,
  ]),
  finds('service-controller', 'two load balancers', [change(SERVICE, 'LoadBalancers', (list) => [...list as unknown[], ...list as unknown[]])], [
    'OrdersService at Properties/LoadBalancers: the service has 2 load balancers, but the deployment controller CODE_DEPLOY requires one',
  ]),
  finds('service-controller', 'no load balancer', [drop(SERVICE, 'LoadBalancers'), drop(SERVICE, 'HealthCheckGracePeriodSeconds')], [
    'OrdersService at Properties/LoadBalancers: the service has 0 load balancers, but the deployment controller CODE_DEPLOY requires one',
  ]),
  finds('service-discovery', 'a registry', [set(SERVICE, 'ServiceRegistries', [{ RegistryArn: IMPORTED }])], [
    'OrdersService at Properties/ServiceRegistries: the service has a service registry, which returns the tasks of both target groups during a release',
  ]),
  finds('service-capacity', 'a launch type and capacity providers', [set(SERVICE, 'CapacityProviderStrategy', SPOT)], [
    'OrdersService at Properties/CapacityProviderStrategy: the service has a capacity provider strategy, but also the launch type "FARGATE"',
  ]),
  finds('task-revisions', 'a policy that deletes', [set(TASK, '^UpdateReplacePolicy', 'Delete')], [
    'OrdersServiceTaskDefinition at UpdateReplacePolicy: the update replace policy of the task definition is "Delete", not "Retain": a rollback needs the replaced revision',
  ]),
  finds('task-revisions', 'no policy', [drop(TASK, '^UpdateReplacePolicy')], [
    'OrdersServiceTaskDefinition at UpdateReplacePolicy: the update replace policy of the task definition is nothing, not "Retain": a rollback needs the replaced revision',
  ]),
  finds('health-check-timeout', 'a timeout as long as the interval', [set(GREEN, 'HealthCheckTimeoutSeconds', 15), set(BLUE, 'HealthCheckTimeoutSeconds', 15)], [
    'OrdersServiceLoadBalancerBlue at Properties/HealthCheckTimeoutSeconds: the timeout of the health check is 15 seconds, but its interval is 15 seconds',
    'OrdersServiceLoadBalancerGreen at Properties/HealthCheckTimeoutSeconds: the timeout of the health check is 15 seconds, but its interval is 15 seconds',
  ]),
  finds('health-check-timeout', 'an interval as short as the default timeout', [
    ...[BLUE, GREEN].flatMap((group) => [set(group, 'HealthCheckIntervalSeconds', 5), drop(group, 'HealthCheckTimeoutSeconds')]),
  ], [
    'OrdersServiceLoadBalancerBlue at Properties/HealthCheckTimeoutSeconds: the timeout of the health check is 5 seconds, but its interval is 5 seconds',
    'OrdersServiceLoadBalancerGreen at Properties/HealthCheckTimeoutSeconds: the timeout of the health check is 5 seconds, but its interval is 5 seconds',
  ]),
  finds('listener-ports', 'two listeners on one port', [set(TEST_LISTENER, 'Port', 443)], [
    'OrdersServiceLoadBalancerTestListener at Properties/Port: the load balancer already has the listener OrdersServiceLoadBalancerListener on the port "443"',
  ]),
  finds('listener-certificate', 'HTTPS without a certificate', [drop(LISTENER, 'Certificates')], [
    'OrdersServiceLoadBalancerListener at Properties/Protocol: the HTTPS listener has no certificate',
  ]),
  finds('listener-certificate', 'a certificate for HTTP', [set(REDIRECT, 'Certificates', [{ CertificateArn: 'arn' }])], [
    'OrdersServiceLoadBalancerRedirectListener at Properties/Certificates: the HTTP listener has a certificate',
  ]),
  finds('security-group-ingress', 'another port for the tasks', [
    set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'FromPort', 80), set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'ToPort', 80),
  ], [
    'OrdersServiceSecurityGroup at Properties: no rule allows the load balancer OrdersServiceLoadBalancer on the port "8080", on which the container of OrdersService listens',
  ]),
  finds('security-group-ingress', 'another port for tasks behind listeners that forward to others as well', [
    ...[LISTENER, TEST_LISTENER].map((listener) => append(listener, 'DefaultActions', { Type: 'forward', TargetGroupArn: 'arn:other' })),
    set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'FromPort', 80), set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'ToPort', 80),
  ], [
    'OrdersServiceSecurityGroup at Properties: no rule allows the load balancer OrdersServiceLoadBalancer on the port "8080", on which the container of OrdersService listens',
  ]),
  finds('security-group-ingress', 'another protocol', [set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'IpProtocol', 'udp')], [
    'OrdersServiceSecurityGroup at Properties: no rule allows the load balancer OrdersServiceLoadBalancer on the port "8080", on which the container of OrdersService listens',
  ]),
  finds('security-group-ingress', 'another peer', [
    refer('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'SourceSecurityGroupId', 'EC2::SecurityGroup SmokeTest', 'GroupId'),
  ], [
    'OrdersServiceSecurityGroup at Properties: no rule allows the load balancer OrdersServiceLoadBalancer on the port "8080", on which the container of OrdersService listens',
  ]),
  finds('security-group-egress', 'no way out to the tasks', [
    set('EC2::SecurityGroupEgress LoadBalancerSecurityGroupto', 'FromPort', 9090), set('EC2::SecurityGroupEgress LoadBalancerSecurityGroupto', 'ToPort', 9090),
  ], [
    'OrdersServiceLoadBalancerSecurityGroup at Properties: no rule allows egress of the load balancer OrdersServiceLoadBalancer to the port "8080", on which the container of OrdersService listens',
  ]),
  finds('security-group-egress', 'no way out at all', [
    set('EC2::SecurityGroupEgress LoadBalancerSecurityGroupto', 'GroupId', 'sg-1'),
    set(BALANCER_GROUP, 'SecurityGroupEgress', [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' }, { CidrIp: '255.255.255.255/32', IpProtocol: '-1' }]),
  ], [
    'OrdersServiceLoadBalancerSecurityGroup at Properties: no rule allows egress of the load balancer OrdersServiceLoadBalancer to the port "8080", on which the container of OrdersService listens',
  ]),
  finds('deployment-service', 'a service that deploys itself', [set(SERVICE, 'DeploymentController/Type', 'ECS')], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/ECSServices/0/ServiceName: the deployment group deploys to OrdersService, whose deployment controller is "ECS", not "CODE_DEPLOY"',
  ]),
  finds('deployment-service', 'another cluster', [add('Other', 'ECS::Cluster', {}), set(GROUP, 'ECSServices/0/ClusterName', { Ref: 'Other' })], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/ECSServices/0/ClusterName: the deployment group looks for OrdersService in the cluster Other, but the service is in OrdersPlatformCluster',
  ]),
  finds('deployment-service', 'a cluster in the place of the service', [refer(GROUP, 'ECSServices/0/ServiceName', 'ECS::Cluster')], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/ECSServices/0/ServiceName: the deployment group names OrdersPlatformCluster, which is AWS::ECS::Cluster, not a service',
  ]),
  finds('deployment-target-groups', 'blue twice', [refer(GROUP, `${PAIR}/TargetGroups/1/Name`, BLUE, 'TargetGroupName')], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/LoadBalancerInfo/TargetGroupPairInfoList/0/TargetGroups: both target groups of the deployment group are "${OrdersServiceLoadBalancerBlue.TargetGroupName}"',
  ]),
  finds('deployment-target-groups', 'one target group', [drop(GROUP, `${PAIR}/TargetGroups/1`)], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/LoadBalancerInfo/TargetGroupPairInfoList/0: the deployment group has 1 target groups and needs two, blue and green',
  ]),
  finds('deployment-target-groups', 'another health check for green', [set(GREEN, 'HealthCheckPath', '/')], [
    'OrdersServiceLoadBalancerGreen at Properties/HealthCheckPath: the target groups of the deployment group differ: "/" here, but "/health" in OrdersServiceLoadBalancerBlue',
  ]),
  finds('deployment-target-groups', 'another protocol for green', [...overTcp(), set(GREEN, 'Protocol', 'HTTP')], [
    'OrdersServiceLoadBalancerGreen at Properties/Protocol: the target groups of the deployment group differ: "HTTP" here, but "TCP" in OrdersServiceLoadBalancerBlue',
  ]),
  finds('deployment-target-groups', 'another health check than the one that TCP has', overTcp(set(GREEN, 'HealthCheckProtocol', 'HTTP')), [
    'OrdersServiceLoadBalancerGreen at Properties/HealthCheckProtocol: the target groups of the deployment group differ: "HTTP" here, but nothing in OrdersServiceLoadBalancerBlue',
  ]),
  finds('deployment-target-groups', 'other codes and another network for green', [set(GREEN, 'Matcher', { HttpCode: '200-299' }), set(GREEN, 'VpcId', 'vpc-1')], [
    'OrdersServiceLoadBalancerGreen at Properties/VpcId: the target groups of the deployment group differ: "vpc-1" here, but "${OrdersNetworkVpc}" in OrdersServiceLoadBalancerBlue',
    'OrdersServiceLoadBalancerGreen at Properties/Matcher/HttpCode: the target groups of the deployment group differ: "200-299" here, but "200" in OrdersServiceLoadBalancerBlue',
  ]),
  finds('deployment-target-groups', 'a service in a third group', [
    add('Third', 'ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip' }), set(SERVICE, 'LoadBalancers/0/TargetGroupArn', { Ref: 'Third' }),
  ], [
    'OrdersService at Properties/LoadBalancers/0/TargetGroupArn: the service starts in the target group "${Third}", but its deployment group OrdersServiceCodeDeployDeploymentGroup has OrdersServiceLoadBalancerBlue and OrdersServiceLoadBalancerGreen',
  ]),
  finds('deployment-attributes', 'stickiness and slow start of green only', [
    set(GREEN, `${ATTRIBUTES}/1/Value`, 'true'), append(GREEN, ATTRIBUTES, { Key: 'slow_start.duration_seconds', Value: 60 }, { Key: 'load_balancing.algorithm.type', Value: 'least_outstanding_requests' }),
  ], [
    'OrdersServiceLoadBalancerGreen at Properties/TargetGroupAttributes/1/Value: the target groups of the deployment group differ in stickiness.enabled: "true" here, but "false" in OrdersServiceLoadBalancerBlue',
    'OrdersServiceLoadBalancerGreen at Properties/TargetGroupAttributes/2/Value: the target groups of the deployment group differ in slow_start.duration_seconds: "60" here, but "0" in OrdersServiceLoadBalancerBlue',
    'OrdersServiceLoadBalancerGreen at Properties/TargetGroupAttributes/3/Value: the target groups of the deployment group differ in load_balancing.algorithm.type: "least_outstanding_requests" here, but "round_robin" in OrdersServiceLoadBalancerBlue',
  ]),
  finds('deployment-attributes', 'an attribute of blue only', [append(BLUE, ATTRIBUTES, { Key: 'slow_start.duration_seconds', Value: '30' })], [
    'OrdersServiceLoadBalancerGreen at Properties/TargetGroupAttributes: the target groups of the deployment group differ in slow_start.duration_seconds: "0" here, but "30" in OrdersServiceLoadBalancerBlue',
  ]),
  finds('deployment-attributes', 'no attributes of green', [drop(GREEN, ATTRIBUTES)], [
    'OrdersServiceLoadBalancerGreen at Properties/TargetGroupAttributes: the target groups of the deployment group differ in deregistration_delay.timeout_seconds: "300" here, but "30" in OrdersServiceLoadBalancerBlue',
  ]),
  finds('deployment-network-load-balancer', 'a canary', overTcp(set(GROUP, 'DeploymentConfigName', 'CodeDeployDefault.ECSCanary10Percent5Minutes')), [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/DeploymentConfigName: the deployment configuration is "CodeDeployDefault.ECSCanary10Percent5Minutes", but CodeDeploy shifts the traffic of a Network Load Balancer only at once',
  ]),
  finds('deployment-network-load-balancer', 'an own configuration in steps', overTcp(
    add('Slow', 'CodeDeploy::DeploymentConfig', { ComputePlatform: 'ECS', TrafficRoutingConfig: { Type: 'TimeBasedLinear' } }), set(GROUP, 'DeploymentConfigName', { Ref: 'Slow' }),
  ), [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/DeploymentConfigName: the deployment configuration is "${Slow}", but CodeDeploy shifts the traffic of a Network Load Balancer only at once',
  ]),
  finds('deployment-listeners', 'no production listener', [drop(GROUP, `${PAIR}/ProdTrafficRoute`)], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/LoadBalancerInfo/TargetGroupPairInfoList/0: the deployment group has no production listener',
  ]),
  finds('deployment-listeners', 'the listener that redirects', [refer(GROUP, `${PAIR}/ProdTrafficRoute/ListenerArns/0`, REDIRECT)], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/LoadBalancerInfo/TargetGroupPairInfoList/0/ProdTrafficRoute/ListenerArns/0: the listener OrdersServiceLoadBalancerRedirectListener forwards to no target group, but the deployment group has OrdersServiceLoadBalancerBlue and OrdersServiceLoadBalancerGreen',
  ]),
  finds('deployment-listeners', 'one listener for both', [refer(GROUP, `${PAIR}/TestTrafficRoute/ListenerArns/0`, LISTENER)], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/LoadBalancerInfo/TargetGroupPairInfoList/0/TestTrafficRoute/ListenerArns/0: the test listener is also the production listener',
  ]),
  finds('deployment-listeners', 'a listener at another load balancer', [
    add('Other', 'ElasticLoadBalancingV2::LoadBalancer', {}), set(TEST_LISTENER, 'LoadBalancerArn', { Ref: 'Other' }),
  ], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/LoadBalancerInfo/TargetGroupPairInfoList/0/TestTrafficRoute/ListenerArns/0: the test listener belongs to Other, but the production listener to OrdersServiceLoadBalancer',
  ]),
  finds('deployment-configuration', 'a configuration for servers', [set(GROUP, 'DeploymentConfigName', 'CodeDeployDefault.OneAtATime')], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/DeploymentConfigName: CodeDeploy has no deployment configuration "CodeDeployDefault.OneAtATime" for ECS',
  ]),
  finds('deployment-configuration', 'an own configuration for servers', [
    add('Slow', 'CodeDeploy::DeploymentConfig', { ComputePlatform: 'Server' }), set(GROUP, 'DeploymentConfigName', { Ref: 'Slow' }),
  ], [
    'Slow at Properties/ComputePlatform: the compute platform is "Server", but a deployment group for ECS uses the resource',
  ]),
  finds('deployment-configuration', 'an application for Lambda', [set('CodeDeploy::Application', 'ComputePlatform', 'Lambda')], [
    'OrdersServiceCodeDeployApplication at Properties/ComputePlatform: the compute platform is "Lambda", but a deployment group for ECS uses the resource',
  ]),
  finds('deployment-configuration', 'in place', [set(GROUP, 'DeploymentStyle/DeploymentType', 'IN_PLACE')], [
    'OrdersServiceCodeDeployDeploymentGroup at Properties/DeploymentStyle/DeploymentType: the deployment style is "IN_PLACE", but CodeDeploy requires "BLUE_GREEN" for ECS',
  ]),
  finds('event-pattern', 'a bare text', [set(FAILED, 'EventPattern/source', 'aws.codepipeline')], [
    'OrdersAlertsFailed at Properties/EventPattern/source: the event pattern has "aws.codepipeline" here instead of a list of values',
  ]),
  finds('event-pattern', 'a field that events do not have', [set(FAILED, 'EventPattern/detailType', ['x'])], [
    'OrdersAlertsFailed at Properties/EventPattern/detailType: the event pattern has the field "detailType", which no event has',
  ]),
  finds('event-pattern', 'an empty list', [set(FAILED, 'EventPattern/detail/state', [])], [
    'OrdersAlertsFailed at Properties/EventPattern/detail/state: the event pattern has an empty list here, which matches nothing',
  ]),
  finds('event-pattern', 'an empty object', [set(FAILED, 'EventPattern/detail', {})], [
    'OrdersAlertsFailed at Properties/EventPattern/detail: the event pattern has an empty object here, which matches nothing',
  ]),
  finds('event-pattern', 'an unknown matcher in an alternative', [set(FAILED, 'EventPattern/detail', { $or: [{ state: [{ beginsWith: 'F' }] }, { state: ['X'] }] })], [
    'OrdersAlertsFailed at Properties/EventPattern/detail/$or/0/state/0/beginsWith: the event pattern has the unknown matcher "beginsWith"; the matchers are prefix, suffix, anything-but, numeric, exists, cidr, equals-ignore-case, wildcard',
  ]),
  finds('event-pattern', 'a pattern that is too long', [set(FAILED, 'EventPattern', { source: longList('a'), account: longList('b'), region: ['c'.repeat(11)] })], [
    'OrdersAlertsFailed at Properties/EventPattern: the event pattern has at least 2049 characters, but EventBridge accepts 2048 unless the quota is raised',
  ]),
  finds('event-pattern', 'a pattern that is too long, whatever its references are', [
    set(FAILED, 'EventPattern', { source: [...longList('a'), { Ref: 'A' }, CHOSEN], account: [...longList('b'), { 'Fn::Join': [':', ['c'.repeat(17), IMPORTED, CHOSEN]] }] }),
  ], [
    'OrdersAlertsFailed at Properties/EventPattern: the event pattern has at least 2049 characters, but EventBridge accepts 2048 unless the quota is raised',
  ]),
  finds('event-pattern', 'a text that is no JSON', [set(FAILED, 'EventPattern', 'source')], [
    'OrdersAlertsFailed at Properties/EventPattern: the event pattern has "source" here instead of a list of values',
  ]),
  finds('event-pattern', 'JSON with a field that events do not have', [set(FAILED, 'EventPattern', '{"sauce": ["aws.ecs"]}')], [
    'OrdersAlertsFailed at Properties/EventPattern/sauce: the event pattern has the field "sauce", which no event has',
  ]),
  finds('event-pattern', 'neither pattern nor schedule', [drop(FAILED, 'EventPattern')], [
    'OrdersAlertsFailed at Properties: the rule has neither an event pattern nor a schedule',
  ]),
  finds('event-targets', 'six targets', [
    append(TRIGGER, 'Targets', ...[1, 2, 3, 4, 5].map((number) => ({ Id: `Target${number}`, Arn: IMPORTED }))),
  ], [
    'OrdersPipelineTrigger at Properties/Targets: the rule has 6 targets, but at most 5 are allowed',
  ]),
  finds('event-targets', 'a target without an ARN', [drop(TRIGGER, 'Targets/0/Arn')], [
    'OrdersPipelineTrigger at Properties/Targets/0: the target "Target0" has no ARN',
  ]),
  finds('event-targets', 'a pipeline without a role', [drop(TRIGGER, 'Targets/0/RoleArn')], [
    'OrdersPipelineTrigger at Properties/Targets/0: the target "Target0" requires a role, but has no RoleArn',
  ]),
  finds('event-targets', 'a build without a role', [
    change(TRIGGER, 'Targets', (_, template) => [{ Id: 'Build', Arn: reference(template, PROJECT, 'Arn') }]),
  ], [
    'OrdersPipelineTrigger at Properties/Targets/0: the target "Build" requires a role, but has no RoleArn',
  ]),
  finds('event-targets', 'two targets of one id', [append(TRIGGER, 'Targets', { Id: 'Target0', Arn: IMPORTED })], [
    'OrdersPipelineTrigger at Properties/Targets/1/Id: more than one target of the rule has the id "Target0"',
  ]),
  finds('event-transformer', 'a placeholder that no path has', [
    set(TRIGGER, 'Targets/0/InputTransformer', { InputPathsMap: { time: '$.time' }, InputTemplate: '"<tame> <aws.events.rule-name>"' }),
  ], [
    'OrdersPipelineTrigger at Properties/Targets/0/InputTransformer/InputTemplate: the template uses <tame>, but the paths define time',
  ]),
  finds('publish-permission', 'a policy for another rule', [change(TOPIC_POLICY, 'PolicyDocument/Statement/2/Condition', (_, template) => ({
    ArnEquals: { 'aws:SourceArn': reference(template, 'Events::Rule AlertsSucceeded', 'Arn') },
  }))], toldBy(TELLING.filter((rule) => rule !== 'Succeeded'), NOT_LET_IN)),
  finds('publish-permission', 'a second condition for another rule', [change(TOPIC_POLICY, 'PolicyDocument/Statement/2/Condition', (condition, template) => ({
    ...condition as object, StringLike: { 'AWS:SourceARN': [reference(template, 'Events::Rule AlertsSucceeded', 'Arn')] },
  }))], toldBy(TELLING.filter((rule) => rule !== 'Succeeded'), NOT_LET_IN)),
  finds('publish-permission', 'a policy for another service on a condition', [
    set(TOPIC_POLICY, 'PolicyDocument/Statement/2/Principal/Service', 'codestar-notifications.amazonaws.com'), when(TOPIC_POLICY),
  ], toldBy(TELLING, NOT_LET_IN)),
  finds('publish-permission', 'a policy for another service', [set(TOPIC_POLICY, 'PolicyDocument/Statement/2/Principal/Service', 'codestar-notifications.amazonaws.com')],
    toldBy(TELLING, NOT_LET_IN)),
  finds('publish-permission', 'a queue without a policy', [...queue('Queue', false), deadLetters], [
    'OrdersAlertsFailed at Properties/Targets/0/DeadLetterConfig/Arn: OrdersAlertsFailed sends to Queue, whose policy does not allow events.amazonaws.com to do so for it',
  ]),
  finds('publish-permission', 'a policy without alarms', [drop(TOPIC_POLICY, 'PolicyDocument/Statement/1'), alarmAction], [
    'OrdersServiceRollbackAlarmsBlueLatency at Properties/AlarmActions/0: OrdersServiceRollbackAlarmsBlueLatency sends to OrdersAlertsTopic, whose policy does not allow cloudwatch.amazonaws.com to do so for it',
    `${UNDELIVERED_SENDS} whose policy does not allow cloudwatch.amazonaws.com to do so for it`,
  ]),
  finds('publish-permission', 'a policy for another alarm', [
    change(TOPIC_POLICY, 'PolicyDocument/Statement/1/Condition', (_, template) => ({
      ArnEquals: { 'aws:SourceArn': reference(template, 'CloudWatch::Alarm Undelivered', 'Arn') },
    })),
    alarmAction,
  ], [
    'OrdersServiceRollbackAlarmsBlueLatency at Properties/AlarmActions/0: OrdersServiceRollbackAlarmsBlueLatency sends to OrdersAlertsTopic, whose policy does not allow cloudwatch.amazonaws.com to do so for it',
  ]),
  finds('publish-key', 'a key without the rules', [set('KMS::Key AlertsKey', 'KeyPolicy/Statement/1/Principal/Service', 'cloudwatch.amazonaws.com')],
    keptBy(`${WITH_OUR_KEY} events.amazonaws.com to call kms:GenerateDataKey and kms:Decrypt`)),
  finds('publish-key', 'a key that only encrypts', [drop('KMS::Key AlertsKey', 'KeyPolicy/Statement/1/Action/0')], [
    ...keptBy(`${WITH_OUR_KEY} events.amazonaws.com to call kms:Decrypt`),
    `${UNDELIVERED_SENDS} ${WITH_OUR_KEY} cloudwatch.amazonaws.com to call kms:Decrypt`,
  ]),
  finds('publish-key', 'the key of AWS', [set('SNS::Topic', 'KmsMasterKeyId', 'alias/aws/sns')], [
    ...toldBy(TELLING, AWS_KEY), `${UNDELIVERED_SENDS} ${AWS_KEY}`,
  ]),
  finds('role-trust', 'a build role for Lambda', [replace('IAM::Role BuildRole', 'AssumeRolePolicyDocument', 'codebuild.amazonaws.com', 'lambda.amazonaws.com')], [
    'OrdersPipelineBuildProject at Properties/ServiceRole: the role OrdersPipelineBuildRole is used by codebuild.amazonaws.com, but trusts lambda.amazonaws.com',
  ]),
  finds('role-trust', 'an action role for a service', [
    set('IAM::Role BuildActionRole', 'AssumeRolePolicyDocument/Statement/0/Principal', { Service: 'codebuild.amazonaws.com' }),
  ], [
    'OrdersPipeline at Properties/Stages/1/Actions/0/RoleArn: the role OrdersPipelineBuildActionRole of the action Build/Build is assumed by the role of the pipeline, but trusts codebuild.amazonaws.com',
  ]),
  finds('role-trust', 'a role that nobody may assume', [set('IAM::Role TriggerRole', 'AssumeRolePolicyDocument/Statement/0', { Effect: 'Deny', Action: 'sts:AssumeRole' })], [
    'OrdersPipelineTrigger at Properties/Targets/0/RoleArn: the role OrdersPipelineTriggerRole is used by events.amazonaws.com, but trusts no one',
  ]),
  finds('policy-size', 'a policy of each kind that is too long', [
    add('Managed', 'IAM::ManagedPolicy', { PolicyDocument: { Statement: ['x'.repeat(6_144), CHOSEN] } }),
    add('Inline', 'IAM::Policy', { PolicyDocument: { Statement: ['x'.repeat(10_240)] } }),
    add('OwnKey', 'KMS::Key', { KeyPolicy: { Statement: ['x'.repeat(32_768)] } }),
    add('BucketPolicy', 'S3::BucketPolicy', { PolicyDocument: { Statement: ['x'.repeat(20_480)] } }),
    add('QueuePolicy', 'SQS::QueuePolicy', { PolicyDocument: { Statement: ['x'.repeat(8_192)] } }),
  ], [
    'Managed at Properties/PolicyDocument: the policy has at least 6162 characters, but at most 6144 are allowed',
    'Inline at Properties/PolicyDocument: the policy has at least 10258 characters, but at most 10240 are allowed',
    'OwnKey at Properties/KeyPolicy: the policy has at least 32786 characters, but at most 32768 are allowed',
    'BucketPolicy at Properties/PolicyDocument: the policy has at least 20498 characters, but at most 20480 are allowed',
    'QueuePolicy at Properties/PolicyDocument: the policy has at least 8210 characters, but at most 8192 are allowed',
  ]),
  finds('policy-sids', 'a Sid twice at the topic', [set(TOPIC_POLICY, 'PolicyDocument/Statement/2/Sid', 'AllowAlarm'), set(TOPIC_POLICY, 'PolicyDocument/Statement/1/Sid', 'AllowAlarm')], [
    'OrdersAlertsTopicPolicy at Properties/PolicyDocument/Statement/2/Sid: more than one statement of the policy has the Sid "AllowAlarm"',
  ]),
  finds('policy-sids', 'no Sid twice at the topic', [drop(TOPIC_POLICY, 'PolicyDocument/Statement/1/Sid'), drop(TOPIC_POLICY, 'PolicyDocument/Statement/2/Sid')], [
    'OrdersAlertsTopicPolicy at Properties/PolicyDocument/Statement/2: more than one statement of the policy has no Sid',
  ]),
  finds('policy-sids', 'a Sid twice at a queue', [add('QueuePolicy', 'SQS::QueuePolicy', { PolicyDocument: { Statement: [{ Sid: 'A' }, { Sid: 'B' }, { Sid: 'A' }] } })], [
    'QueuePolicy at Properties/PolicyDocument/Statement/2/Sid: more than one statement of the policy has the Sid "A"',
  ]),
  finds('policy-sids', 'a Sid twice at a role, beside it and in it', [
    ...[0, 1].map((index) => set('IAM::ManagedPolicy BuildRolePolicy', `PolicyDocument/Statement/${index}/Sid`, 'A')),
    set('IAM::Role BuildRole', 'Policies', [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Sid: 'B' }, { Sid: 'B' }] } }]),
  ], [
    'OrdersPipelineBuildRolePolicy at Properties/PolicyDocument/Statement/1/Sid: more than one statement of the policy has the Sid "A"',
    'OrdersPipelineBuildRole at Properties/Policies/0/PolicyDocument/Statement/1/Sid: more than one statement of the policy has the Sid "B"',
  ]),
  finds('name-length', 'a long target group', [set(BLUE, 'Name', 'orders-production-blue-target-group')], [
    'OrdersServiceLoadBalancerBlue at Properties/Name: the name "orders-production-blue-target-group" has 35 characters, but 1 to 32 are allowed',
  ]),
  finds('name-length', 'a bucket that is long with account and region', [
    set('S3::Bucket Artifacts', 'BucketName', bucketName('orders-artifacts-of-the-pipeline-of-production')),
  ], [
    'OrdersPipelineArtifactsBucket at Properties/BucketName: the name "orders-artifacts-of-the-pipeline-of-production-${AWS::AccountId}-${AWS::Region}" has 74 characters, but 3 to 63 are allowed, with "000000000000" as AWS::AccountId and "ap-southeast-1" as AWS::Region',
  ]),
  finds('name-length', 'a short bucket', [set('S3::Bucket Artifacts', 'BucketName', 'ab')], [
    'OrdersPipelineArtifactsBucket at Properties/BucketName: the name "ab" has 2 characters, but 3 to 63 are allowed',
  ]),
  finds('name-characters', 'capitals in a repository', [set('ECR::Repository', 'RepositoryName', 'Orders')], [
    'OrdersPlatformRepository at Properties/RepositoryName: the name "Orders" must consist of lowercase letters, digits and ._-/ between them',
  ]),
  finds('name-characters', 'a hyphen at the end of a load balancer', [set('ElasticLoadBalancingV2::LoadBalancer', 'Name', 'orders-')], [
    'OrdersServiceLoadBalancer at Properties/Name: the name "orders-" must consist of letters, digits and hyphens, with no hyphen first or last',
  ]),
  ...['Orders', '-orders', 'orders-', 'orders.', 'orders..artifacts'].map((name) => finds('name-characters', `a bucket that is called ${name}`, [
    set('S3::Bucket Artifacts', 'BucketName', name),
  ], [
    `OrdersPipelineArtifactsBucket at Properties/BucketName: the name "${name}" must consist of lowercase letters, digits, hyphens and dots, a letter or a digit first and last`,
  ])),
  ...['orders alerts', 'orders.alerts', '.fifo'].flatMap((name) => [
    finds('name-characters', `a topic that is called ${name}`, [set('SNS::Topic', 'TopicName', name)], [
      `OrdersAlertsTopic at Properties/TopicName: the name "${name}" must consist of letters, digits, hyphens and underscores`,
    ]),
    finds('name-characters', `a queue that is called ${name}`, [set('SQS::Queue AlertsUndelivered', 'QueueName', name)], [
      `OrdersAlertsUndeliveredQueue at Properties/QueueName: the name "${name}" must consist of letters, digits, hyphens and underscores`,
    ]),
  ]),
  finds('name-reserved', 'an internal load balancer', [set('ElasticLoadBalancingV2::LoadBalancer', 'Name', 'internal-orders')], [
    'OrdersServiceLoadBalancer at Properties/Name: the name "internal-orders" starts with "internal-", which AWS reserves',
  ]),
  finds('name-reserved', 'a group that looks like an id', [set(TASK_GROUP, 'GroupName', 'SG-tasks')], [
    'OrdersServiceSecurityGroup at Properties/GroupName: the name "SG-tasks" starts with "SG-", which AWS reserves',
  ]),
];

export const FINE: Fine[] = [
  leaves('pipeline-stages', 'a stage that is chosen later', [change(PIPELINE, 'Stages', (stages) => [(stages as unknown[])[0], CHOSEN])]),
  leaves('pipeline-stages', 'an action whose category is not known', [append(PIPELINE, 'Stages/0/Actions', { Name: 'Any', ActionTypeId: IMPORTED })]),
  leaves('pipeline-artifacts', 'an artifact whose name is not known', [set(PIPELINE, `${SOURCE}/OutputArtifacts/0/Name`, IMPORTED)]),
  leaves('pipeline-artifacts', 'an artifact of an earlier run order', [
    append(PIPELINE, 'Stages/1/Actions', { Name: 'Scan', RunOrder: 2, ActionTypeId: actionOf('Invoke', 'Lambda'), Configuration: { FunctionName: 'f' }, InputArtifacts: [{ Name: 'Build' }] }),
  ]),
  leaves('pipeline-names', 'a stage with a dot', [set(PIPELINE, 'Stages/2/Name', 'Deploy.Prod')]),
  leaves('pipeline-variables', 'variables of the pipeline and of earlier actions', [
    append(PIPELINE, 'Stages/2/Actions', approval('Ask', { Configuration: { CustomData: '#{Build.IMAGE_DIGEST} #{variables.reason} #{codepipeline.PipelineExecutionId} # {}' } })),
  ]),
  leaves('pipeline-variables', 'a namespace that is not known', [
    set(PIPELINE, `${BUILD}/Namespace`, IMPORTED), append(PIPELINE, 'Stages/2/Actions', approval('Ask', { Configuration: { CustomData: '#{Any.IMAGE_DIGEST}' } })),
  ]),
  leaves('pipeline-artifact-counts', 'a provider of one\'s own', [
    append(PIPELINE, 'Stages/2/Actions', { Name: 'Own', ActionTypeId: { Category: 'Test', Owner: 'Custom', Provider: 'Own', Version: '1' } }),
  ]),
  leaves('pipeline-artifact-counts', 'an artifact that is chosen later', [append(PIPELINE, `${SOURCE}/OutputArtifacts`, CHOSEN)]),
  leaves('action-configuration', 'a branch that is not known', [set(PIPELINE, `${SOURCE}/Configuration/BranchName`, IMPORTED)]),
  leaves('action-configuration', 'a configuration that is not known', [set(PIPELINE, `${SOURCE}/Configuration`, IMPORTED)]),
  leaves('action-references', 'names in the place of references', [
    set(PIPELINE, `${DEPLOY}/Configuration/ApplicationName`, 'orders-web-prod'), set(PIPELINE, `${BUILD}/Configuration/ProjectName`, 'orders-build-prod'),
  ]),
  leaves('action-references', 'an application of another stack', [set(PIPELINE, `${DEPLOY}/Configuration/ApplicationName`, IMPORTED)]),
  leaves('action-templates', 'a second image', [
    set(PIPELINE, `${DEPLOY}/Configuration/Image2ArtifactName`, 'Build'), set(PIPELINE, `${DEPLOY}/Configuration/Image2ContainerName`, 'PROXY'),
  ]),
  leaves('build-specification', 'a file of the source', [set(PROJECT, BUILD_SPEC, 'ci/buildspec.yml')]),
  leaves('build-specification', 'no buildspec', [drop(PROJECT, BUILD_SPEC)]),
  leaves('build-specification', 'YAML', [set(PROJECT, BUILD_SPEC, 'version: 0.2\nphases:\n  build:\n    commands: [make]\n')]),
  leaves('build-specification', 'a batch', [set(PROJECT, BUILD_SPEC, '{"version": "0.2", "batch": {"build-list": [{"identifier": "a"}]}}')]),
  leaves('build-specification', 'a batch in YAML', [set(PROJECT, BUILD_SPEC, 'version: 0.2\nbatch:\n  build-list:\n    - identifier: a\n')]),
  leaves('build-specification', 'YAML in braces', [set(PROJECT, BUILD_SPEC, '{version: 0.2, phases: {build: {commands: [make]}}}')]),
  leaves('build-specification', 'YAML in braces, with brackets in a comment and in a text', [
    set(PROJECT, BUILD_SPEC, "{version: 0.2, phases: {build: {commands: [make, 'echo {']}}} # }}"),
  ]),
  leaves('build-specification', 'a number that is not known, in JSON', [
    set(PROJECT, BUILD_SPEC, { 'Fn::Join': ['', ['{"version": "0.2", "env": {"variables": {"A": ', { Ref: 'AWS::AccountId' }, '}}, "phases": {"build": {"commands": ["make"]}}}']] }),
  ]),
  leaves('build-specification', 'what may have quotation marks, in JSON', [
    set(PROJECT, BUILD_SPEC, { 'Fn::Join': ['', ['{"version": "0.2", "phases": {"build": {"', IMPORTED, '"]}}']] }),
  ]),
  leaves('build-specification', 'contents that are not known, in JSON', [set(PROJECT, BUILD_SPEC, { 'Fn::Join': ['', ['{"version": "0.2", ', { 'Fn::Base64': 'a' }]] })]),
  leaves('build-specification', 'YAML with a part that is not known', [set(PROJECT, BUILD_SPEC, { 'Fn::Join': ['', ['version: 0.2\n', { Ref: 'AWS::StackName' }]] })]),
  leaves('build-specification', 'a buildspec that is not known', [set(PROJECT, BUILD_SPEC, IMPORTED)]),
  leaves('build-specification', 'JSON with a part that is not known', [set(PROJECT, BUILD_SPEC, { 'Fn::Join': ['', ['{"version": "0.2", ', IMPORTED]] })]),
  leaves('build-environment', 'ARM with its image', [
    set(PROJECT, 'Environment/Type', 'ARM_CONTAINER'), set(PROJECT, 'Environment/Image', 'aws/codebuild/amazonlinux-aarch64-standard:3.0'),
  ]),
  leaves('build-environment', 'an image of one\'s own', [set(PROJECT, 'Environment/Image', 'example/x86_64'), set(PROJECT, 'Environment/Type', 'ARM_CONTAINER')]),
  leaves('build-environment', 'no privileges and no Docker', [
    drop(PROJECT, 'Environment/PrivilegedMode'), set(PROJECT, BUILD_SPEC, '{"version": "0.2", "phases": {"build": {"commands": ["make"]}}}'),
  ]),
  ...Object.entries({
    'in a text': buildSpec('echo "now && docker build ."', "echo 'docker push; docker run $(docker build .)'", 'pip install docker-compose; grep -r docker build'),
    'in a comment': buildSpec('# docker build\nmake # docker push'),
    'in a here-document': buildSpec("cat > run.sh <<'END'\ndocker run x\nEND\nmake"),
    'in the name of a variable': set(PROJECT, BUILD_SPEC, '{"version": 0.2, "env": {"variables": {"A": "docker build"}}, "phases": {"build": {"commands": ["make"]}}}'),
    'in a text of YAML': yamlSpec('- echo docker build', '# docker build'),
  }).map(([where, edit]) => leaves('build-environment', `Docker ${where} without privileges`, [unprivileged, edit])),
  ...Object.entries({
    'a Docker server': set(PROJECT, 'Environment/DockerServer', { ComputeType: 'BUILD_GENERAL1_SMALL' }),
    'an engine elsewhere': append(PROJECT, 'Environment/EnvironmentVariables', { Name: 'DOCKER_HOST', Value: 'tcp://engine:2375' }),
    'an engine that a command names': buildSpec('export DOCKER_HOST=tcp://engine:2375', 'docker build .'),
    'a variable whose name is not known': append(PROJECT, 'Environment/EnvironmentVariables', { Name: IMPORTED, Value: 'a' }),
    'variables that are not known': set(PROJECT, 'Environment/EnvironmentVariables', IMPORTED),
  }).map(([what, edit]) => leaves('build-environment', `Docker without privileges, and ${what}`, [unprivileged, buildSpec('docker build .'), edit])),
  leaves('build-environment', 'a file of the source without privileges', [drop(PROJECT, 'Environment/PrivilegedMode'), drop(PROJECT, BUILD_SPEC)]),
  leaves('build-environment', 'Lambda as the environment', [
    set(PROJECT, 'Environment', { Type: 'LINUX_LAMBDA_CONTAINER', ComputeType: 'BUILD_LAMBDA_2GB', Image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:python3.13' }),
  ]),
  leaves('build-in-pipeline', 'a project beside the pipeline', [add('Nightly', 'CodeBuild::Project', { Source: { Type: 'NO_SOURCE' }, Artifacts: { Type: 'NO_ARTIFACTS' } })]),
  leaves('build-variables', 'a parameter, a secret and a plain one', [append(PROJECT, 'Environment/EnvironmentVariables',
    { Name: 'A', Type: 'PARAMETER_STORE', Value: '/a' }, { Name: 'B', Type: 'SECRETS_MANAGER', Value: IMPORTED }, { Name: 'C', Type: 'PLAINTEXT', Value: '' }, { Name: 'D', Value: '' })]),
  leaves('release-files', 'paths that are the default', [
    drop(PIPELINE, `${DEPLOY}/Configuration/TaskDefinitionTemplatePath`), drop(PIPELINE, `${DEPLOY}/Configuration/AppSpecTemplatePath`),
  ]),
  leaves('release-files', 'a file whose name is not known', [
    replace(PROJECT, BUILD_SPEC, '"appspec.yaml","taskdef.json","imageDetail.json"', '"appspec.yaml",["taskdef.json"]'),
  ]),
  leaves('release-files', 'all files', [replace(PROJECT, BUILD_SPEC, '"appspec.yaml","taskdef.json","imageDetail.json"', '"**/*"')]),
  leaves('release-files', 'templates of the repository', [drop(PROJECT, BUILD_SPEC)]),
  leaves('release-files', 'a build that is not in the template', [set(PIPELINE, `${BUILD}/Configuration/ProjectName`, IMPORTED)]),
  leaves('release-files', 'only the AppSpec in the buildspec', [replace(PROJECT, BUILD_SPEC, '/taskdef.json\\"', '/other.json\\"'), replace(PROJECT, BUILD_SPEC, '"taskdef.json",', '')]),
  leaves('release-files', 'only the task definition in the buildspec', [replace(PROJECT, BUILD_SPEC, '/appspec.yaml\\"', '/other.yaml\\"')]),
  leaves('release-files', 'a buildspec with a part that is not known', [
    change(PROJECT, BUILD_SPEC, (spec) => ({ 'Fn::Join': ['', [spec, IMPORTED]] })),
  ]),
  leaves('release-app-spec', 'a container that is not known', [set(SERVICE, 'LoadBalancers/0/ContainerName', IMPORTED)]),
  leaves('release-app-spec', 'an AppSpec without a container', [replace(PROJECT, BUILD_SPEC, 'ContainerName: "app"', 'Container: "app"')]),
  leaves('release-app-spec', 'a deployment group of another stack', [set(PIPELINE, `${DEPLOY}/Configuration/DeploymentGroupName`, IMPORTED)]),
  leaves('release-network', 'the settings of the service in another order', [KNOWN_NETWORK, network('["subnet-2","subnet-1"]', '["sg-1"]', 'DISABLED')]),
  leaves('release-network', 'the settings of the service, a line for each', [
    KNOWN_NETWORK, network("\n              - subnet-1\n              - 'subnet-2'", '\n            - sg-1', "'DISABLED'"),
  ]),
  leaves('release-network', 'settings of a service whose own are not known', [
    set(SERVICE, 'NetworkConfiguration/AwsvpcConfiguration', IMPORTED), network('["subnet-1"]', '["sg-1"]', '"ENABLED"'),
  ]),
  leaves('release-network', 'a service that leaves groups and addresses to their defaults', [
    set(SERVICE, 'NetworkConfiguration/AwsvpcConfiguration', { Subnets: ['subnet-1'] }), network('["subnet-1"]', '["sg-1"]', '"ENABLED"'),
  ]),
  leaves('release-network', 'a part that is not known', [network('["subnet-1"]', '[]', '"ENABLED"'), replaceWhole(PROJECT, BUILD_SPEC, 'Hooks:', IMPORTED)]),
  leaves('release-task-definition', 'a size that is not known', [set(TASK, 'Memory', IMPORTED), set(TASK, 'Cpu', { Ref: 'Size' })]),
  leaves('release-task-definition', 'a port that is not known', [set(SERVICE, 'LoadBalancers/0/ContainerPort', IMPORTED)]),
  leaves('release-task-definition', 'no image to replace', [
    drop(PIPELINE, `${DEPLOY}/Configuration/Image1ContainerName`), drop(PIPELINE, `${DEPLOY}/Configuration/Image1ArtifactName`),
  ]),
  leaves('release-task-definition', 'what is no JSON yet', [replaceWhole(PROJECT, BUILD_SPEC, '"containerDefinitions":', IMPORTED)]),
  leaves('release-task-definition', 'JSON with a part that is not known', [replaceWhole(PROJECT, BUILD_SPEC, '"family":', IMPORTED)]),
  leaves('task-execution-role', 'a public image without secrets and logs', [
    drop(TASK, 'ExecutionRoleArn'), drop(TASK, `${CONTAINER}/LogConfiguration`),
  ]),
  leaves('task-size', 'servers of one\'s own', [
    drop(TASK, 'RequiresCompatibilities'), set(TASK, 'Cpu', '7'), set(TASK, 'NetworkMode', 'bridge'), drop(PROJECT, BUILD_SPEC),
  ]),
  leaves('task-size', 'the largest size', [
    set(TASK, 'Cpu', 16384), set(TASK, 'Memory', 122880), replace(PROJECT, BUILD_SPEC, '"cpu":"1024"', '"cpu":"16384"'), replace(PROJECT, BUILD_SPEC, '"memory":"2048"', '"memory":"122880"'),
  ]),
  leaves('task-size', 'the smallest size', [
    set(TASK, 'Cpu', 256), set(TASK, 'Memory', 512), replace(PROJECT, BUILD_SPEC, '"cpu":"1024"', '"cpu":"256"'), replace(PROJECT, BUILD_SPEC, '"memory":"2048"', '"memory":"512"'),
  ]),
  leaves('task-containers', 'a second container', [
    append(TASK, 'ContainerDefinitions', { Name: 'proxy', Essential: false, Image: 'a', PortMappings: [{ ContainerPort: 8080, Protocol: 'udp' }, { ContainerPort: 9000, HostPort: 9000 }] }),
  ]),
  leaves('task-logs', 'another log driver', [set(TASK, `${CONTAINER}/LogConfiguration`, { LogDriver: 'awsfirelens' })]),
  leaves('task-logs', 'a log group by name', [set(TASK, `${CONTAINER}/LogConfiguration/Options/awslogs-group`, '/orders')]),
  leaves('service-container', 'a task definition of another stack', [set(SERVICE, 'TaskDefinition', IMPORTED), set(SERVICE, 'LoadBalancers/0/ContainerName', IMPORTED)]),
  leaves('service-container', 'a container that is chosen later', [append(TASK, 'ContainerDefinitions', CHOSEN)]),
  leaves('service-container', 'a container whose name is not known', [set(TASK, `${CONTAINER}/Name`, IMPORTED)]),
  leaves('service-container', 'a port that is not known', [set(TASK, `${CONTAINER}/PortMappings/0/ContainerPort`, IMPORTED)]),
  leaves('service-target-type', 'servers of one\'s own', [
    set(TASK, 'NetworkMode', 'bridge'), drop(TASK, 'RequiresCompatibilities'), set(BLUE, 'TargetType', 'instance'), set(GREEN, 'TargetType', 'instance'), replace(PROJECT, BUILD_SPEC, '"networkMode":"awsvpc"', '"networkMode":"bridge"'),
  ]),
  leaves('service-grace-period', 'neither grace period nor load balancer', [add('Worker', 'ECS::Service', { DeploymentController: { Type: 'ECS' } })]),
  leaves('health-check-timeout', 'a function as the target', [add('Function', 'ElasticLoadBalancingV2::TargetGroup', { TargetType: 'lambda', HealthCheckTimeoutSeconds: 60 })]),
  leaves('health-check-timeout', 'a timeout that is not known', [set(BLUE, 'HealthCheckTimeoutSeconds', IMPORTED)]),
  leaves('listener-ports', 'one port at two load balancers', [
    ...['Inner', 'Outer'].map((name) => add(name, 'ElasticLoadBalancingV2::Listener', { LoadBalancerArn: `arn:${name}`, Port: 80, Protocol: 'HTTP' })),
  ]),
  leaves('listener-ports', 'one port by one condition or the other', [...listenerAt80('Plain', 'IsPlain'), ...listenerAt80('Secure', 'IsSecure')]),
  leaves('listener-ports', 'a second listener on a condition', [...listenerAt80('Plain', 'IsPlain'), set(TEST_LISTENER, 'Port', 443), when(TEST_LISTENER)]),
  leaves('listener-ports', 'load balancers that are not known', [
    ...['Inner', 'Outer'].map((name) => add(name, 'ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { 'Fn::ImportValue': name }, Port: 80, Protocol: 'HTTP' })),
  ]),
  leaves('listener-certificate', 'a certificate that is not known', [set(LISTENER, 'Certificates', IMPORTED)]),
  leaves('security-group-ingress', 'another load balancer that only redirects', [
    add('OtherGroup', 'EC2::SecurityGroup', { GroupDescription: 'Redirects' }),
    add('Other', 'ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: [{ 'Fn::GetAtt': ['OtherGroup', 'GroupId'] }] }),
    add('OtherListener', 'ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: { Ref: 'Other' }, Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Protocol: 'HTTPS' } }],
    }),
  ]),
  leaves('security-group-ingress', 'a range of addresses', [
    drop('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'SourceSecurityGroupId'), set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'CidrIp', '10.0.0.0/8'),
  ]),
  leaves('security-group-ingress', 'all traffic, in the group itself', [
    set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'FromPort', 90), set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'ToPort', 91),
    set(TASK_GROUP, 'SecurityGroupIngress', [{ IpProtocol: -1, CidrIp: '0.0.0.0/0' }]),
  ]),
  leaves('security-group-ingress', 'a protocol that is not known', [set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'IpProtocol', IMPORTED)]),
  leaves('security-group-ingress', 'groups of another stack', [set(SERVICE, 'NetworkConfiguration/AwsvpcConfiguration/SecurityGroups/0', IMPORTED)]),
  leaves('security-group-ingress', 'a rule for a group that is not known', [set('EC2::SecurityGroupIngress ServiceSecurityGroupfrom', 'GroupId', IMPORTED)]),
  leaves('security-group-ingress', 'a load balancer of another stack', [set(LISTENER, 'LoadBalancerArn', IMPORTED), set(TEST_LISTENER, 'LoadBalancerArn', IMPORTED)]),
  leaves('security-group-ingress', 'a target group of another stack', [set(SERVICE, 'LoadBalancers/0/TargetGroupArn', IMPORTED)]),
  leaves('security-group-egress', 'a rule for another way out on a condition', [
    ...['FromPort', 'ToPort'].map((key) => set('EC2::SecurityGroupEgress LoadBalancerSecurityGroupto', key, 9090)),
    when('EC2::SecurityGroupEgress LoadBalancerSecurityGroupto'),
  ]),
  leaves('security-group-egress', 'no rule for the way out', [set('EC2::SecurityGroupEgress LoadBalancerSecurityGroupto', 'GroupId', 'sg-1')]),
  leaves('release-capacity', 'capacity providers that the AppSpec names', spotService(replace(PROJECT, BUILD_SPEC, 'ContainerPort: 8080', [
    'ContainerPort: 8080', '        CapacityProviderStrategy:', '          - { CapacityProvider: FARGATE_SPOT, Weight: 1 }',
  ].join('\n')))),
  leaves('service-controller', 'settings that are off', [
    set(SERVICE, `${CONFIGURATION}/DeploymentCircuitBreaker`, { Enable: false, Rollback: false }),
    set(SERVICE, `${CONFIGURATION}/Strategy`, 'ROLLING'),
    set(SERVICE, `${CONFIGURATION}/LifecycleHooks`, []),
    set(SERVICE, 'ServiceConnectConfiguration', { Enabled: false }),
    set(SERVICE, 'SchedulingStrategy', 'REPLICA'),
    set(SERVICE, 'ForceNewDeployment', { EnableForceNewDeployment: false }),
  ]),
  leaves('service-controller', 'settings that are not known', [
    set(SERVICE, `${CONFIGURATION}/Alarms`, IMPORTED), set(SERVICE, 'ServiceConnectConfiguration', IMPORTED), set(SERVICE, 'LoadBalancers/0/AdvancedConfiguration', IMPORTED),
  ]),
  leaves('service-controller', 'load balancers that are not known', [set(SERVICE, 'LoadBalancers', IMPORTED)]),
  leaves('service-controller', 'another service with a circuit breaker', [
    add('Worker', 'ECS::Service', { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, ServiceRegistries: [{ RegistryArn: IMPORTED }] }),
  ]),
  leaves('service-discovery', 'a registry that is left out', [set(SERVICE, 'ServiceRegistries', [{ Ref: 'AWS::NoValue' }])]),
  leaves('service-capacity', 'capacity providers alone', [add('Worker', 'ECS::Service', { CapacityProviderStrategy: SPOT })]),
  leaves('task-revisions', 'a policy that keeps the last revision as well', [set(TASK, '^DeletionPolicy', 'Retain')]),
  leaves('task-revisions', 'a task definition of another service', [
    add('Task', 'ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'a', Image: 'a', Essential: true }] }), add('Worker', 'ECS::Service', { TaskDefinition: { Ref: 'Task' } }),
  ]),
  leaves('task-revisions', 'a policy that is not known', [set(TASK, '^UpdateReplacePolicy', IMPORTED)]),
  leaves('deployment-attributes', 'a default that is written out', [set(GREEN, `${ATTRIBUTES}/1/Value`, false), append(GREEN, ATTRIBUTES, { Key: 'slow_start.duration_seconds', Value: '0' })]),
  leaves('deployment-attributes', 'the same attributes in another order', [BLUE, GREEN].map((group, index) => change(group, ATTRIBUTES, (list) => {
    const all = [...list as unknown[], { Key: 'slow_start.duration_seconds', Value: '30' }];
    return index === 0 ? all : all.reverse();
  }))),
  leaves('deployment-attributes', 'attributes without a known default', [append(GREEN, ATTRIBUTES, { Key: 'stickiness.app_cookie.cookie_name', Value: 'session' }, { Key: 'slow_start.duration_seconds' })]),
  leaves('deployment-attributes', 'attributes that are not known', [append(GREEN, ATTRIBUTES, { Key: IMPORTED, Value: 'true' }), set(GREEN, `${ATTRIBUTES}/0/Value`, '5')]),
  leaves('deployment-attributes', 'an attribute that a condition selects', [append(GREEN, ATTRIBUTES, { 'Fn::If': ['Condition', { Key: 'slow_start.duration_seconds', Value: '30' }, { Ref: 'AWS::NoValue' }] })]),
  leaves('deployment-network-load-balancer', 'all at once', overTcp()),
  leaves('deployment-network-load-balancer', 'the default configuration', overTcp(drop(GROUP, 'DeploymentConfigName'))),
  leaves('deployment-network-load-balancer', 'an own configuration that shifts all at once', overTcp(
    add('Fast', 'CodeDeploy::DeploymentConfig', { ComputePlatform: 'ECS', TrafficRoutingConfig: { Type: 'AllAtOnce' } }), set(GROUP, 'DeploymentConfigName', { Ref: 'Fast' }),
  )),
  leaves('deployment-service', 'a service of another stack', [set(GROUP, 'ECSServices/0', { ServiceName: IMPORTED, ClusterName: IMPORTED })]),
  leaves('deployment-service', 'a service by its name', [set(GROUP, 'ECSServices/0/ServiceName', 'orders-web-prod'), set(GROUP, 'ECSServices/0/ClusterName', 'orders-cluster-prod')]),
  leaves('deployment-service', 'a group for servers', [add('Servers', 'CodeDeploy::DeploymentGroup', { ApplicationName: 'servers', DeploymentConfigName: 'CodeDeployDefault.OneAtATime' })]),
  leaves('deployment-target-groups', 'target groups by their names', [
    set(GROUP, `${PAIR}/TargetGroups/0/Name`, 'orders-blue-prod'), set(GROUP, `${PAIR}/TargetGroups/1/Name`, 'orders-green-prod'),
  ]),
  leaves('deployment-target-groups', 'target groups of another stack', [
    set(GROUP, `${PAIR}/TargetGroups/0/Name`, IMPORTED), set(GROUP, `${PAIR}/TargetGroups/1/Name`, IMPORTED),
  ]),
  leaves('deployment-target-groups', 'a list that is not known', [set(GROUP, `${PAIR}/TargetGroups`, IMPORTED)]),
  leaves('deployment-target-groups', 'another rhythm of the health check', [
    drop(GREEN, 'UnhealthyThresholdCount'), set(GREEN, 'HealthyThresholdCount', 9), drop(GREEN, 'HealthCheckIntervalSeconds'), set(GREEN, 'HealthCheckTimeoutSeconds', 7),
  ]),
  leaves('deployment-target-groups', 'the defaults of TCP that are written out', overTcp(
    set(GREEN, 'HealthCheckProtocol', 'TCP'), set(BLUE, 'Matcher', { HttpCode: '200-399' }),
  )),
  leaves('deployment-target-groups', 'a protocol that is not known', [set(BLUE, 'Protocol', IMPORTED), drop(GREEN, 'HealthCheckPath')]),
  leaves('deployment-target-groups', 'gRPC, which has other defaults', [
    ...[BLUE, GREEN].map((group) => set(group, 'ProtocolVersion', 'GRPC')), drop(BLUE, 'HealthCheckPath'), set(GREEN, 'HealthCheckPath', '/AWS.ALB/healthcheck'),
  ]),
  leaves('deployment-target-groups', 'a name that a target group has on a condition', [
    add('Third', 'ElasticLoadBalancingV2::TargetGroup', { Name: 'third', TargetType: 'lambda' }), when('ElasticLoadBalancingV2::TargetGroup Third'),
    set(GROUP, `${PAIR}/TargetGroups/1/Name`, 'third'),
  ]),
  leaves('deployment-target-groups', 'a default that is written out', [set(GREEN, 'HealthCheckPort', 'traffic-port'), set(BLUE, 'Matcher', { HttpCode: '200' })]),
  leaves('deployment-listeners', 'no listener for tests', [drop(GROUP, `${PAIR}/TestTrafficRoute`)]),
  leaves('deployment-listeners', 'a listener of another stack', [set(GROUP, `${PAIR}/ProdTrafficRoute/ListenerArns/0`, IMPORTED)]),
  leaves('deployment-listeners', 'target groups of the listener that are not known', [set(LISTENER, 'DefaultActions/0/ForwardConfig', IMPORTED)]),
  leaves('deployment-listeners', 'one target group of the listener that is not known', [set(LISTENER, 'DefaultActions/0/ForwardConfig/TargetGroups', [IMPORTED])]),
  leaves('deployment-listeners', 'listeners that are not known', [set(GROUP, `${PAIR}/ProdTrafficRoute`, IMPORTED)]),
  leaves('deployment-listeners', 'a rule of a listener that forwards by weight', [
    set(LISTENER, 'DefaultActions', [{ Type: 'fixed-response' }]),
    add('Rule', 'ElasticLoadBalancingV2::ListenerRule', (template) => ({
      ListenerArn: reference(template, LISTENER), Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: reference(template, GREEN) }] } }],
    })),
    refer(SERVICE, 'LoadBalancers/0/TargetGroupArn', GREEN),
  ]),
  leaves('deployment-configuration', 'a configuration of one\'s own', [
    add('Slow', 'CodeDeploy::DeploymentConfig', { ComputePlatform: 'ECS' }), set(GROUP, 'DeploymentConfigName', { Ref: 'Slow' }),
  ]),
  leaves('deployment-configuration', 'a configuration by name', [set(GROUP, 'DeploymentConfigName', 'slow')]),
  leaves('deployment-configuration', 'the default configuration', [drop(GROUP, 'DeploymentConfigName')]),
  leaves('event-pattern', 'matchers and alternatives', [
    set(FAILED, 'EventPattern/detail', { $or: [{ state: [{ prefix: 'F' }, null, 1] }, { state: [{ exists: false }] }], other: IMPORTED }),
  ]),
  leaves('event-pattern', 'no events of a replay', [set(FAILED, 'EventPattern/replay-name', [{ exists: false }])]),
  leaves('event-pattern', 'a pattern as long as it may be', [set(FAILED, 'EventPattern', { source: longList('a'), account: longList('b'), region: ['c'.repeat(10)] })]),
  leaves('event-pattern', 'a pattern that may be long', [
    set(FAILED, 'EventPattern', { source: longList('a'), account: longList('b'), region: [CHOSEN, { Ref: 'AWS::NoValue' }], detail: { 'Fn::If': ['Condition', { a: ['b'] }, { Ref: 'AWS::NoValue' }] } }),
  ]),
  leaves('event-pattern', 'JSON', [set(FAILED, 'EventPattern', '{"source": ["aws.ecs"]}')]),
  leaves('event-pattern', 'a pattern that is not known', [set(FAILED, 'EventPattern', IMPORTED)]),
  leaves('event-targets', 'five targets', [append(TRIGGER, 'Targets', ...[1, 2, 3, 4].map((number) => ({ Id: `Target${number}`, Arn: IMPORTED })))]),
  leaves('event-transformer', 'paths that are not known', [set(FAILED, 'Targets/0/InputTransformer/InputPathsMap', IMPORTED)]),
  leaves('publish-permission', 'a queue with a policy', [...queue('Queue', true), deadLetters]),
  leaves('publish-permission', 'an alarm, with a policy and without', [alarmAction, add('Plain', 'SNS::Topic', {}), set('CloudWatch::Alarm GreenLatency', 'AlarmActions', [{ Ref: 'Plain' }])]),
  leaves('publish-permission', 'a policy without alarms on a condition', [drop(TOPIC_POLICY, 'PolicyDocument/Statement/1'), when(TOPIC_POLICY)]),
  ...['StringNotEquals', 'ArnLikeIfExists', 'ForAnyValue:ArnEquals'].map((operator) => leaves('publish-permission', `a condition by ${operator}`, [
    change(TOPIC_POLICY, 'PolicyDocument/Statement/2/Condition', (_, template) => ({ [operator]: { 'aws:SourceArn': reference(template, FAILED, 'Arn') } })),
  ])),
  leaves('publish-permission', 'a condition that is left out', [set(TOPIC_POLICY, 'PolicyDocument/Statement/2/Condition', { ArnEquals: { 'aws:SourceArn': { Ref: 'AWS::NoValue' } } })]),
  leaves('publish-permission', 'a policy that is not known', [set(TOPIC_POLICY, 'PolicyDocument', IMPORTED)]),
  leaves('publish-permission', 'a policy for topics that are not known', [set(TOPIC_POLICY, 'Topics', IMPORTED)]),
  leaves('publish-permission', 'a statement for everybody', [set(TOPIC_POLICY, 'PolicyDocument/Statement/2', { Effect: 'Allow', Principal: '*', Action: 'sns:Pub?ish', Resource: '*' })]),
  leaves('publish-permission', 'a statement that is not known', [set(TOPIC_POLICY, 'PolicyDocument/Statement/2', IMPORTED)]),
  leaves('publish-permission', 'a target with a role', [
    drop(TOPIC_POLICY, 'PolicyDocument/Statement/2'),
    ...TELLING.map((rule) => refer(`Events::Rule Alerts${rule}`, 'Targets/0/RoleArn', 'IAM::Role TriggerRole', 'Arn')),
  ]),
  leaves('publish-key', 'a topic without encryption', [drop('SNS::Topic', 'KmsMasterKeyId')]),
  leaves('publish-key', 'a key of another stack', [set('SNS::Topic', 'KmsMasterKeyId', IMPORTED)]),
  leaves('publish-key', 'a key whose policy is not known', [set('KMS::Key AlertsKey', 'KeyPolicy', IMPORTED)]),
  leaves('role-trust', 'a service of one region, and a principal that is not known', [
    replace('IAM::Role BuildRole', 'AssumeRolePolicyDocument', 'codebuild.amazonaws.com', 'codebuild.eu-west-1.amazonaws.com'),
    set('IAM::Role TriggerRole', 'AssumeRolePolicyDocument/Statement/0/Principal', { Service: IMPORTED }),
  ]),
  leaves('role-trust', 'a role of another stack', [set(PROJECT, 'ServiceRole', IMPORTED)]),
  leaves('role-trust', 'a trust that is not known', [
    set('IAM::Role BuildRole', 'AssumeRolePolicyDocument', IMPORTED), set('IAM::Role TriggerRole', 'AssumeRolePolicyDocument/Statement', [IMPORTED]),
    set('IAM::Role BuildActionRole', 'AssumeRolePolicyDocument/Statement/0/Principal', IMPORTED),
  ]),
  leaves('policy-size', 'a policy that is as long as IAM allows, apart from white space and references', [
    add('Long', 'IAM::ManagedPolicy', { PolicyDocument: { Statement: [`${'x'.repeat(6_144 - 18)}  `, { Ref: 'AWS::NoValue' }] } }),
  ]),
  leaves('policy-sids', 'one Sid in two policies, and none at a queue', [
    set('IAM::Role BuildRole', 'Policies', ['p', 'q'].map((name) => ({ PolicyName: name, PolicyDocument: { Statement: { Sid: 'A' } } }))),
    add('QueuePolicy', 'SQS::QueuePolicy', { PolicyDocument: { Statement: [{}, {}] } }),
  ]),
  leaves('policy-sids', 'a Sid twice at a bucket, which S3 takes', [
    set('S3::BucketPolicy Artifacts', 'PolicyDocument/Statement/0/Sid', 'A'), set('S3::BucketPolicy Artifacts', 'PolicyDocument/Statement/1/Sid', 'A'),
  ]),
  leaves('policy-sids', 'one statement of a topic without a Sid, and some that are not known', [
    drop(TOPIC_POLICY, 'PolicyDocument/Statement/1/Sid'), set(TOPIC_POLICY, 'PolicyDocument/Statement/0', IMPORTED), set(TOPIC_POLICY, 'PolicyDocument/Statement/2/Sid', IMPORTED),
  ]),
  leaves('name-length', 'a bucket that just fits in the region with the longest name', [set('S3::Bucket Artifacts', 'BucketName', bucketName('orders-artifacts-of-the-pipeline-32'))]),
  leaves('name-length', 'a name that is not known', [set(BLUE, 'Name', { 'Fn::Join': ['-', ['orders-production-blue-target-group', { Ref: 'Suffix' }]] })]),
  leaves('name-characters', 'a repository with slashes', [set('ECR::Repository', 'RepositoryName', 'team/orders_app.v2')]),
  leaves('name-characters', 'a bucket of digits and dots', [set('S3::Bucket Artifacts', 'BucketName', '1.orders-2')]),
  leaves('name-characters', 'a topic and a queue that keep the order', [set('SNS::Topic', 'TopicName', 'orders.fifo'), set('SQS::Queue AlertsUndelivered', 'QueueName', 'orders_1.fifo')]),
  leaves('name-reserved', 'a bucket with a reserved prefix in its midst', [set('S3::Bucket Artifacts', 'BucketName', 'orders-xn--sthree-1')]),
  leaves('name-reserved', 'an alias of one\'s own', [set('KMS::Alias Alerts', 'AliasName', 'alias/awsome')]),
];
