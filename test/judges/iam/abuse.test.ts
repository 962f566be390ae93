import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as attacks from './attacks';
import { Access, allowedTo, allowedToAdministrator, allowedToService } from './decisions';
import { ACCOUNT, Deployed } from './deployed';
import { assumersOf } from './judge';
import { ASSET_BUCKET, each, here, keyOf, Place, PROGRAM } from './place';
import { idOf, onlyResource, resourcesOf } from '../../helpers';
import { createTapStack, PROFILE_NAMES } from '../../integ/tap-stack';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

/** What begins like a key of AWS or a token of GitHub, and names that promise a secret with a value of plain text. */
const SECRETS = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, /\bgh[pousr]_\w{30,}/, /-----BEGIN [A-Z ]*PRIVATE KEY/, /\bdckr_pat_\w+/, /\{\{resolve:(secretsmanager|ssm-secure)/,
];
const SECRET_NAME = /password|passwd|token|secret(?!s?manager)|credential|api_?key/i;

interface Rule {
  readonly GroupId?: unknown;
  readonly CidrIp?: unknown;
  readonly SourceSecurityGroupId?: unknown;
  readonly FromPort?: number;
  readonly ToPort?: number;
}

const templates = Object.fromEntries(PROFILE_NAMES.map((profile) => {
  const app = new App({ context: { profile, certificateArn: CERTIFICATE }, treeMetadata: false });
  return [profile, Template.fromStack(createTapStack(app))];
}));
const deployed = new Deployed(templates.default.toJSON());
const place = new Place('dev');

const ofTask = ['codepipeline:StartPipelineExecution', 'codebuild:StartBuild'];

test.each<[role: string, what: string, accesses: Access[]]>([
  ['build', 'deploy, approve or change a release', attacks.onRelease(place)],
  ['build', 'become another role, pass one or get more permissions', attacks.onRoles(place)],
  ['build', 'delete or reconfigure images, or push to another repository', attacks.onImages(place)],
  ['build', 'reach tasks, services or functions', attacks.onTasks(place)],
  ['build', 'change the listener, routes or security groups', attacks.onNetwork(place)],
  ['build', 'read another parameter or secret, or use another key', attacks.onKeysAndSecrets(place)],
  ['build', 'silence or forge alerts', attacks.onAlerts(place)],
  ['build', 'delete objects of the artifact bucket or their versions', place.objects.flatMap((object) => each(['s3:DeleteObject', 's3:DeleteObjectVersion'], object))],
  ['build', 'write a source in the place of the one that was pushed', [['s3:PutObject', place.artifact('Source')]]],
  ['build', 'replace its program, or reach another file of the asset bucket', [
    ...PROGRAM.flatMap((object) => each(['s3:PutObject', 's3:DeleteObject', 's3:PutObjectAcl'], object)),
    ...each(['s3:GetObject', 's3:PutObject'], `${ASSET_BUCKET}/others.zip`), ['s3:ListBucket', ASSET_BUCKET],
  ]],
  ['build', 'delete logs or reports', attacks.onEvidence(place).filter(([action]) => /:(Batch)?Delete|:Update|:PutRetention/.test(action))],
  ['source-action', 'write the output of a build, its cache or its evidence', [...place.besideArtifacts, place.artifact('Build')].map((object) => ['s3:PutObject', object])],
  ['source-action', 'push to the repository', each(['codecommit:GitPush', 'codecommit:PutFile', 'codecommit:MergeBranchesByFastForward'], place.repository)],
  ['pipeline', 'write the cache or the evidence of a build', place.besideArtifacts.map((object) => ['s3:PutObject', object])],
  ['pipeline', 'approve, deploy or start a build by itself', [
    ['codepipeline:PutApprovalResult', `${place.pipeline}/Approval/Approve`], ['codedeploy:CreateDeployment', place.deploymentGroup], ['codebuild:StartBuild', place.project],
  ]],
  ['deploy-action', 'write any artifact', place.objects.map((object) => ['s3:PutObject', object])],
  ['deploy-action', 'pass another role than the two of the tasks, or these two to anything but ECS', ['build', 'pipeline', 'codedeploy']
    .map((name): Access => place.passRole(name, 'ecs-tasks.amazonaws.com'))
    .concat(['lambda', 'ec2', 'codebuild'].map((service) => place.passRole('task', `${service}.amazonaws.com`)))],
  ['deploy-action', 'release to another deployment group', [['codedeploy:CreateDeployment', place.deploymentGroup.replace(/[^/]+$/, 'others')]]],
  ['codedeploy', 'move the traffic of another load balancer or the tasks of another service', [
    ['elasticloadbalancing:ModifyListener', place.listener.replace('/web/', '/others/')],
    ['ecs:UpdateServicePrimaryTaskSet', place.service.replace(/[^/]+$/, 'others')],
  ]],
  ['execution', 'pull an image of another repository or read a secret that the service has not', [
    ['ecr:BatchGetImage', `${here('ecr')}:repository/others`], ['secretsmanager:GetSecretValue', `${here('secretsmanager')}:secret:others-1a2b3c`],
    ['ssm:GetParameters', `${here('ssm')}:parameter/others`],
  ]],
  ['task', 'do anything at AWS before something is granted to it', [
    ...attacks.attacksOf(place), ...ofTask.map((action): Access => [action, place.pipeline]), ['ecr:GetAuthorizationToken', '*'], ['kms:Decrypt', keyOf('others')],
  ]],
  ['image-marks', 'touch another service, repository or parameter, or push a layer', [
    ...attacks.onTasks(place).filter(([action]) => action !== 'ecs:DescribeTaskDefinition'),
    ...attacks.onImages(place).filter(([action, resource]) => action !== 'ecr:BatchDeleteImage' || resource !== place.images),
    ['ssm:PutParameter', `${here('ssm')}:parameter/others`], ['ecr:UploadLayerPart', place.images],
  ]],
  ['trigger', 'do more than start this one pipeline', attacks.attacksOf(place)
    .filter(([action, resource]) => action !== 'codepipeline:StartPipelineExecution' || resource !== place.pipeline)],
])('who holds the role %s cannot %s', async (role, _what, accesses) => {
  expect(accesses.length).toBeGreaterThan(0);
  expect(await allowedTo(deployed, place.role(role), accesses)).toEqual([]);
});

test('who holds the role build can push an image, poison the cache and overlay evidence, and what was there before stays as a version', async () => {
  const can: Access[] = [['ecr:PutImage', place.images], ...place.besideArtifacts.map((object): Access => ['s3:PutObject', object]), ['s3:PutObject', place.artifact('Build')]];
  expect(await allowedTo(deployed, place.role('build'), can)).toEqual(can);
  const buckets = resourcesOf(templates.default, 'AWS::S3::Bucket');
  expect(buckets[idOf(templates.default, 'AWS::S3::Bucket', /Artifacts/)].Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  expect(onlyResource(templates.default, 'AWS::ECR::Repository')[1].Properties.ImageTagMutability).toBe('IMMUTABLE');
});

test('no role but CDK\'s own for the bucket can delete an artifact or a log, and no role but that of the image marks an image', async () => {
  const names = deployed.roles.filter((name) => !name.startsWith('CustomS3') && name !== place.role('image-marks'));
  const accesses: Access[] = [
    ...place.objects.flatMap((object) => each(['s3:DeleteObject', 's3:DeleteObjectVersion'], object)),
    ...Object.values(place.logs).map((group): Access => ['logs:DeleteLogGroup', `${here('logs')}:log-group:${group}:*`]),
    ['ecr:BatchDeleteImage', place.images],
  ];
  const allowed = await Promise.all(names.map((name) => allowedTo(deployed, name, accesses)));
  expect(allowed.flat()).toEqual([]);
  // the one tag that it removes is beside the tag of the build, so the image stays
  expect(await allowedTo(deployed, place.role('image-marks'), accesses)).toEqual([['ecr:BatchDeleteImage', place.images]]);
});

describe('the account\'s other workloads', () => {
  test.each(['source-action', 'build-action', 'deploy-action'])('cannot assume the role %s, which trusts the pipeline alone', async (name) => {
    const access: Access[] = [['sts:AssumeRole', place.roleArn(name)]];
    expect(await allowedToAdministrator(deployed, ACCOUNT, access)).toEqual([]);
    expect(await assumersOf(deployed, place, name)).toEqual([place.role('pipeline')]);
  });

  test.each(['build', 'codedeploy', 'task', 'trigger', 'flow-logs'])('of another account cannot have a service assume the role %s for them', async (name) => {
    expect((await assumersOf(deployed, place, name)).filter((who) => who.endsWith('elsewhere'))).toEqual([]);
  });

  test('of another account reach neither bucket, topic nor keys', async () => {
    const accesses: Access[] = [
      ...each(['s3:GetObject', 's3:PutObject'], place.artifact('Source')),
      ...[place.key, place.alertsKey].flatMap((key) => each(['kms:Decrypt', 'kms:PutKeyPolicy'], key)),
      ['sns:Publish', place.topic],
    ];
    expect(await allowedToAdministrator(deployed, '222222222222', accesses)).toEqual([]);
  });

  test('cannot have alarms of another account or rules of their own publish to the topic', async () => {
    const publish = (context: Access[2]): Access[] => [['sns:Publish', place.topic, context]];
    const alarm = `${here('cloudwatch')}:alarm:orders-undelivered-alerts-dev`;
    expect(await allowedToService(deployed, 'cloudwatch.amazonaws.com', publish({ 'aws:SourceArn': alarm }))).toHaveLength(1);
    expect(await allowedToService(deployed, 'cloudwatch.amazonaws.com', publish({ 'aws:SourceArn': alarm.replace(ACCOUNT, '222222222222') }))).toEqual([]);
    expect(await allowedToService(deployed, 'events.amazonaws.com', publish({ 'aws:SourceArn': `${here('events')}:rule/others` }))).toEqual([]);
    expect(await allowedToService(deployed, 'events.amazonaws.com', publish({ 'aws:SourceArn': `${here('events')}:rule/orders-pipeline-failed-dev` }))).toHaveLength(1);
  });
});

describe.each(PROFILE_NAMES)('the network of the profile %s', (profile) => {
  const template = templates[profile];
  const groups = resourcesOf(template, 'AWS::EC2::SecurityGroup');
  const nameOf = (reference: unknown) => Object.keys(groups).find((id) => JSON.stringify(reference).includes(`"${id}"`)) ?? JSON.stringify(reference);
  const role = (id: string) => [/LoadBalancer/, /SmokeTest/, /ServiceSecurityGroup/].map((pattern) => pattern.exec(id)?.[0]).find((word) => word) ?? id;
  const inline = Object.entries(groups)
    .flatMap(
      ([id, { Properties: { SecurityGroupIngress: rules = [] } }]) => (rules as Rule[]).map((rule) => ({ id, rule })),
    );
  const apart = Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroupIngress'))
    .map(({ Properties }) => ({ id: nameOf(Properties.GroupId), rule: Properties as Rule }));
  const ways = [...inline, ...apart].map(({ id, rule }) => (
    `${rule.CidrIp === undefined ? role(nameOf(rule.SourceSecurityGroupId)) : rule.CidrIp} -> ${role(id)}:${rule.FromPort}-${rule.ToPort}`));
  const world = (port: number) => `0.0.0.0/0 -> LoadBalancer:${port}-${port}`;

  test('lets the world reach the listener\'s ports only, the load balancer the tasks, and the smoke test the test listener', () => {
    const toTasks = 'LoadBalancer -> ServiceSecurityGroup:8080-8080';
    expect(ways.sort()).toEqual({
      default: [world(80), toTasks],
      inventory: [world(80), toTasks],
      prod: [world(443), world(80), toTasks, 'SmokeTest -> LoadBalancer:9000-9000'],
    }[profile]);
  });

  test('gives no task a public address, and has the build outside of it', () => {
    expect(JSON.stringify(onlyResource(template, 'AWS::ECS::Service')[1].Properties.NetworkConfiguration)).toContain('"AssignPublicIp":"DISABLED"');
    expect(onlyResource(template, 'AWS::CodeBuild::Project')[1].Properties).not.toHaveProperty('VpcConfig');
  });
});

/** Every text of a template with the names on the way to it. */
function textsOf(value: unknown, names: string[] = []): { readonly names: string[]; readonly text: string }[] {
  if (typeof value === 'string') { return [{ names, text: value }]; }
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, item]) => textsOf(item, [...names, name])) : [];
}

/** What looks like a secret: its form, or a variable of that name with a value of plain text. */
function secretsIn(template: object): string[] {
  const variables = JSON.stringify(template).match(/"Name":"[^"]*","(Type":"PLAINTEXT",")?Value":"[^"]+"/g) ?? [];
  return [
    ...textsOf(template).filter(({ text }) => SECRETS.some((pattern) => pattern.test(text))).map(({ names }) => names.join('.')),
    ...variables.filter((variable) => SECRET_NAME.test(variable.split('"')[3])),
  ];
}

describe('secrets', () => {
  test.each(PROFILE_NAMES)('stand nowhere in the template of the profile %s', (profile) => {
    expect(secretsIn(templates[profile].toJSON())).toEqual([]);
  });

  test.each([
    ['a key of AWS', { A: { Value: 'AKIAIOSFODNN7EXAMPLE' } }],
    ['a token of GitHub', { A: [`ghp_${'a'.repeat(36)}`] }],
    ['a password in a variable', { Environment: [{ Name: 'DB_PASSWORD', Value: 'hunter2' }] }],
    ['a password that the template resolves', { A: '{{resolve:secretsmanager:db:SecretString:password}}' }],
  ])('are found by the scan: %s', (_what, template) => {
    expect(secretsIn(template)).toHaveLength(1);
  });
});

test('the build runs privileged, which an image takes, and nothing else of the stack does', () => {
  Object.values(templates).forEach((template) => {
    expect((onlyResource(template, 'AWS::CodeBuild::Project')[1].Properties.Environment as { PrivilegedMode: boolean }).PrivilegedMode).toBe(true);
    expect(JSON.stringify(onlyResource(template, 'AWS::ECS::TaskDefinition')[1].Properties)).not.toContain('"Privileged":true');
  });
});
