import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Access, allowedTo, allowedToService } from './decisions';
import { ACCOUNT, Deployed, REGION } from './deployed';
import { assumersOf, iamFailures, OF_CDK, tableFailures } from './judge';
import { each, here, keyOf, Place } from './place';
import {
  APPROVAL, build, CHAT, codeCommitSource, codeDeploy, connectionSource, decryptParameter, decryptSecret, execution,
  pipeline,
  productionAttacks, productionTables, releaseCheck, releaseTables, RoleTable, RoleTables, s3Source,
  taskWithSessions, useConnection,
} from './tables';
import { allowsEverywhere, wildcardFailures } from './wildcards';
import {
  AlertChannel, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BuildSecret, DeploymentHooks,
  DockerHubCredentials, PipelineSource, PythonProject, TestService,
} from '../../../src';
import { createStack } from '../../helpers';
import { createTapStack } from '../../integ/tap-stack';

const CONNECTION = `${here('codeconnections')}:connection/1a2b3c4d`;
const FORMER_CONNECTION = CONNECTION.replace('codeconnections', 'codestar-connections');
const HUB_SECRET = `${here('secretsmanager')}:secret:hub-1a2b3c`;
const APP_SECRET = `${here('secretsmanager')}:secret:App-1a2b3c`;
const PARAMETER = `${here('ssm')}:parameter/hub/password`;
const INDEX_SECRET = `${here('secretsmanager')}:secret:index-1a2b3c`;
const INDEX_PARAMETER = `${here('ssm')}:parameter/index/token`;
const CACHED = `${here('ecr')}:repository/docker-hub/library/python`;
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

const givenKey = (stack: Stack, id: string) => kms.Key.fromKeyArn(stack, id, keyOf(id));

function deploy(createProps: (stack: Stack) => BlueGreenPythonPipelineProps): Deployed {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'prod', ...createProps(stack) });
  return new Deployed(stack);
}

function sample(profile: string): object {
  const app = new App({ context: { profile, certificateArn: CERTIFICATE }, treeMetadata: false });
  return Template.fromStack(createTapStack(app)).toJSON();
}

function hook(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Check', {
    functionName: 'check', runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
}

// few stacks, since most of the time goes into their synthesis
const defaultTemplate = sample('default');
const byDefault = new Deployed(defaultTemplate);
const inProduction = new Deployed(sample('prod'));
const inventory = new Deployed(sample('inventory'));
const approved = deploy(() => ({
  pipeline: { manualApproval: true, source: PipelineSource.codeCommit({ fullClone: true }) },
  alerts: { channels: [AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' })] },
}));
const cloned = deploy((stack) => ({
  pipeline: {
    source: PipelineSource.connection({ connectionArn: CONNECTION, owner: 'acme', repo: 'orders', fullClone: true }),
    dockerHub: DockerHubCredentials.fromParameterStore({
      usernameParameterName: '/hub/user', passwordParameterName: '/hub/password', encryptionKey: givenKey(stack, 'hub'),
    }),
    encryptionKey: givenKey(stack, 'artifacts'),
  },
}));
const former = deploy(() => ({
  pipeline: { source: PipelineSource.connection({ connectionArn: FORMER_CONNECTION, owner: 'acme', repo: 'orders', fullClone: true }) },
}));
const archived = deploy((stack) => ({
  pipeline: {
    source: PipelineSource.s3({
      bucket: s3.Bucket.fromBucketAttributes(stack, 'Archives', { bucketName: 'archives', encryptionKey: givenKey(stack, 'archives') }),
      key: 'orders/source.zip',
    }),
    gates: { imageScan: true },
    dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretAttributes(stack, 'Hub', {
      secretCompleteArn: HUB_SECRET, encryptionKey: givenKey(stack, 'hub'),
    })),
  },
}));
const equipped = deploy((stack) => ({
  network: { flowLogs: false },
  service: {
    enableExecuteCommand: true,
    secrets: {
      DATABASE: ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, 'App', { encryptionKey: new kms.Key(stack, 'Safe') })),
    },
    release: { hooks: DeploymentHooks.fromFunctions({ beforeAllowTraffic: hook(stack) }) },
  },
  pipeline: {
    dockerHub: DockerHubCredentials.pullThroughCache(),
    python: PythonProject.pip({
      buildSecrets: {
        token: BuildSecret.fromParameterStore({ parameterName: '/index/token', encryptionKey: givenKey(stack, 'index') }),
        conf: BuildSecret.fromSecret(secretsmanager.Secret.fromSecretAttributes(stack, 'Index', {
          secretCompleteArn: INDEX_SECRET, encryptionKey: givenKey(stack, 'conf'),
        })),
      },
    }),
    testServices: [TestService.postgres()],
  },
}));

const dev = new Place('dev');
const prod = new Place('prod');
const withGivenKey = new Place('prod', keyOf('artifacts'));

function without(tables: RoleTables, ...names: string[]): RoleTables {
  return Object.fromEntries(Object.entries(tables).filter(([name]) => !names.includes(name)));
}

interface Deployment {
  readonly deployed: Deployed;
  readonly place: Place;
  readonly tables: RoleTables;
  /** What else somebody would try there. */
  readonly attacks?: Access[];
}

const CALLS_OF_HOST = ['GetBranch', 'ListCommits', 'GetCommit', 'StartUploadArchiveToS3', 'GitPull'];
const onOthers = (connection: string): Access[] => [useConnection(connection, 'acme/orders', 'GitPush')].concat(['GetBranch', 'GitPull', 'GitPush'].flatMap((action) => [
  useConnection(connection, 'acme/others', action), useConnection(connection.replace(/\w+$/, 'others'), 'acme/orders', action),
]));

const DEPLOYMENTS: { readonly [what: string]: Deployment } = {
  'the sample': { deployed: byDefault, place: dev, tables: releaseTables(dev) },
  'the sample in production, with a smoke test': {
    deployed: inProduction, place: dev, tables: productionTables(dev), attacks: productionAttacks(dev),
  },
  'a pipeline with an approval, the history in the build, and alerts in a chat': {
    deployed: approved,
    place: prod,
    tables: {
      ...releaseTables(prod),
      'pipeline': pipeline(prod, ['source-action', 'build-action', 'approval-action', 'release-check-action', 'deploy-action']),
      'source-action': codeCommitSource(prod, true),
      'approval-action': APPROVAL,
      ...releaseCheck(prod),
      'build': build(prod, [['codecommit:GitPull', prod.repository]]),
      'chat': CHAT,
    },
  },
  'a connection, credentials in parameters, and keys of one\'s own': {
    deployed: cloned,
    place: withGivenKey,
    tables: {
      ...without(releaseTables(withGivenKey), 'trigger'),
      'source-action': withClone(connectionSource(withGivenKey, CONNECTION, 'acme/orders'), CONNECTION),
      'build': withClone(build(withGivenKey, [
        ['ssm:GetParameter', PARAMETER], ['ssm:GetParameter', PARAMETER.replace('password', 'user')], decryptParameter(keyOf('hub'), PARAMETER),
      ]), CONNECTION),
    },
    attacks: [
      ...onOthers(CONNECTION),
      ...each(['codeconnections:DeleteConnection', 'codeconnections:PassConnection', 'codeconnections:UpdateConnectionInstallation'], CONNECTION),
      ['ssm:PutParameter', PARAMETER], ['ssm:GetParameter', PARAMETER.replace('password', 'others')],
      ['kms:Decrypt', keyOf('hub')], decryptParameter(keyOf('hub'), PARAMETER.replace('password', 'others')),
    ],
  },
  'a connection with a former ARN': {
    deployed: former,
    place: prod,
    tables: {
      ...without(releaseTables(prod), 'trigger'),
      'source-action': withClone(connectionSource(prod, FORMER_CONNECTION, 'acme/orders'), FORMER_CONNECTION),
      'build': withClone(build(prod), FORMER_CONNECTION),
    },
    attacks: onOthers(FORMER_CONNECTION),
  },
  'a bucket as the source, a scan to wait for, and credentials in a secret': {
    deployed: archived,
    place: prod,
    tables: {
      ...releaseTables(prod),
      'source-action': s3Source(prod, 'arn:aws:s3:::archives', 'orders/source.zip', keyOf('archives')),
      'build': build(prod, [
        ['ecr:DescribeImageScanFindings', prod.images], ...each(['inspector2:ListCoverage', 'inspector2:ListFindings'], '*'),
        ['secretsmanager:GetSecretValue', HUB_SECRET], decryptSecret(keyOf('hub')),
      ]),
    },
    attacks: [
      ...each(['s3:PutObject', 's3:PutObjectTagging', 's3:DeleteObject'], 'arn:aws:s3:::archives/orders/source.zip'),
      ...each(['s3:GetObject', 's3:GetObjectTagging'], 'arn:aws:s3:::archives/bills/source.zip'),
      ['kms:GenerateDataKey', keyOf('archives')], ['kms:Decrypt', keyOf('hub')],
      ['ecr:DescribeImageScanFindings', prod.images.replace('orders-app', 'others')], ['inspector2:Disable', '*'],
      ['secretsmanager:PutSecretValue', HUB_SECRET], ['secretsmanager:GetSecretValue', HUB_SECRET.replace('hub', 'others')],
    ],
  },
  'sessions in tasks, secrets, a hook of one\'s own, a pull-through cache and no flow logs': {
    deployed: equipped,
    place: prod,
    tables: {
      ...without(releaseTables(prod), 'flow-logs'),
      build: build(prod, [
        ...each(
          ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'], CACHED,
        ),
        ['ssm:GetParameter', INDEX_PARAMETER], decryptParameter(keyOf('index'), INDEX_PARAMETER),
        ['secretsmanager:GetSecretValue', INDEX_SECRET], decryptSecret(keyOf('conf')),
      ]),
      codedeploy: codeDeploy(prod, ['check']),
      execution: execution(prod, [
        ...each(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], APP_SECRET), decryptSecret(keyOf('Safe')),
      ]),
      task: taskWithSessions(prod),
    },
    attacks: [
      ['ecr:PutImage', CACHED], ['ecr:CreateRepository', prod.images], ['ecr:BatchImportUpstreamImage', CACHED.replace('docker-hub', 'quay')],
      ['secretsmanager:PutSecretValue', APP_SECRET], ['kms:Decrypt', keyOf('Safe')], ['kms:Encrypt', keyOf('Safe')],
      ['ssm:PutParameter', INDEX_PARAMETER], ['ssm:GetParameter', PARAMETER], decryptParameter(keyOf('index'), PARAMETER), ['kms:Decrypt', keyOf('index')],
      ['secretsmanager:PutSecretValue', INDEX_SECRET], ['kms:Decrypt', keyOf('conf')],
    ],
  },
};

/** A build that clones pulls, and the source's action does what it does. */
function withClone(table: RoleTable, connection: string): RoleTable {
  const calls = CALLS_OF_HOST.map((action) => useConnection(connection, 'acme/orders', action));
  return {
    ...table,
    beyond: [...table.beyond, {
      why: 'which of the calls on the one repository each of the two makes is not documented; pushing is denied',
      accesses: [...calls, useConnection(connection, undefined, 'GetUploadArchiveToS3Status')],
    }],
  };
}

describe.each(Object.keys(DEPLOYMENTS))('%s', (what) => {
  const { deployed, place, tables, attacks } = DEPLOYMENTS[what];
  // the role of a hook is its owner's
  const others = deployed.roles.filter((name) => name === 'CheckServiceRole').map((name) => `${name} has no table`);

  test('has roles that may do what a release takes and no more, and are assumed by whom they are for', async () => {
    expect((await tableFailures(deployed, place, tables, attacks)).filter((failure) => !others.includes(failure)))
      .toEqual([]);
  });
});

describe('no statement', () => {
  const all = [byDefault, inProduction, inventory, ...Object.values(DEPLOYMENTS).map(({ deployed }) => deployed)];

  test('allows what AWS does not know, by a wildcard, or everywhere when something narrower is known', async () => {
    const failures = await Promise.all(all.map((deployed) => wildcardFailures(deployed, 9)));
    // what CDK gives a hook and a key of the user's own
    expect(failures.flat().filter((failure) => !/^(CheckServiceRole|Safe)/.test(failure))).toEqual([]);
  });

  test.each([['the sample', byDefault, 5], ['the inventory', inventory, 4], ['the sample in production, where Lambda makes its network interfaces', inProduction, 6]])(
    'but a few of %s names no resource', (_what, deployed, most) => {
      expect(deployed.statements.filter(({ statement }) => allowsEverywhere(statement))).toHaveLength(most);
    });
});

test('two roles may be passed, to ECS, and by the deploy action and CodeDeploy only', () => {
  const passed = byDefault.roles.flatMap((name) => byDefault.policiesOf(name)
    .flatMap(({ Statement }) => Statement)
    .filter(({ Action }) => [Action].flat().some((action) => /^(iam:PassRole|iam:\*|\*)$/.test(String(action))))
    .map(({ Resource }) => [name, Resource]));
  expect(passed).toEqual([dev.role('codedeploy'), dev.role('deploy-action')].map((name) => [name, [dev.roleArn('task'), dev.roleArn('execution')]]));
});

test('AWS\'s own policies are attached by CDK\'s function only', () => {
  const guests = [byDefault, inProduction].flatMap(
    (deployed) => deployed.roles.filter((name) => deployed.foreignPoliciesOf(name).length > 0),
  );
  expect(guests.filter((name) => !OF_CDK.test(name))).toEqual([]);
});

describe('an action\'s role', () => {
  const withPipelineRole = (change: (pipelineRole: iam.CfnRole) => void, environmentSuffix?: string) => {
    const stack = createStack();
    const { pipeline: delivery } = new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix });
    change(delivery.node.findChild('Role').node.defaultChild as iam.CfnRole);
    return new Deployed(stack);
  };

  test('trusts the account when CloudFormation names the pipeline\'s role', async () => {
    const deployed = withPipelineRole(() => undefined);
    const name = deployed.roles.find((role) => role.includes('BuildActionRole')) ?? '';
    expect(deployed.trustOf(name).Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
    ]);
  });

  test.each([
    ['a path', { Path: '/delivery/' }, `role/delivery/orders-pipeline-${REGION}-prod`],
    ['another name', { RoleName: 'other' }, 'role/other'],
    ['no name', { RoleName: undefined }, 'role/*'],
  ])('trusts the pipeline\'s role as the template has it: with %s', (_what, overrides, resource) => {
    const deployed = withPipelineRole((role) => Object.entries(overrides).forEach(([name, value]) => role.addPropertyOverride(name, value)), 'prod');
    expect(deployed.trustOf(prod.role('build-action')).Statement).toEqual([{
      Action: 'sts:AssumeRole',
      Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:${resource}` } },
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    }]);
  });
});

describe('the key of the flow logs', () => {
  const KEY = keyOf('OrdersNetworkFlowLogKey');
  const LOGS = `logs.${REGION}.amazonaws.com`;
  const context = (group: string) => ({ 'kms:EncryptionContext:aws:logs:arn': `${here('logs')}:log-group:${group}` });
  const calls = (group: string) => each(['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext', 'kms:GenerateDataKeyPair', 'kms:GenerateDataKeyPairWithoutPlaintext', 'kms:DescribeKey'], KEY, context(group));

  test('serves CloudWatch Logs for that log and for no other', async () => {
    expect(await allowedToService(byDefault, LOGS, calls(dev.logs.flow))).toEqual(calls(dev.logs.flow));
    expect(await allowedToService(byDefault, LOGS, [...calls(dev.logs.build), ['kms:ScheduleKeyDeletion', KEY, context(dev.logs.flow)]])).toEqual([]);
  });

  test('serves no other service, and the key of the artifacts none at all', async () => {
    const services = ['codebuild.amazonaws.com', 'events.amazonaws.com', 's3.amazonaws.com'];
    const all = await Promise.all(services.flatMap((service) => [
      allowedToService(byDefault, service, calls(dev.logs.flow)),
      allowedToService(byDefault, service, each(['kms:Decrypt', 'kms:GenerateDataKey', 'kms:CreateGrant'], dev.key)),
    ]));
    expect(all.flat()).toEqual([]);
  });
});

describe('the check finds', () => {
  interface Template { Resources: { [id: string]: { Type: string; Properties: { [name: string]: unknown } } } }
  interface Policy { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } }

  /** What a change of the template makes it say. */
  async function failuresWith(change: (template: Template['Resources']) => void): Promise<string[]> {
    const template: Template = JSON.parse(JSON.stringify(defaultTemplate));
    change(template.Resources);
    return iamFailures(template);
  }

  const policyOf = (resources: Template['Resources'], role: string): Policy => {
    const [, policy] = Object.entries(resources).find(([id]) => id.includes(`${role}Policy`)) ?? [];
    return policy?.Properties as unknown as Policy;
  };

  test('nothing in the sample', async () => {
    expect(await failuresWith(() => undefined)).toEqual([]);
  });

  test.each<[what: string, change: (resources: Template['Resources']) => void, failure: RegExp]>([
    ['a role without a table', (all) => { all.Another = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } }; }, /^Another has no table$/],
    ['a permission that is missing', (all) => { policyOf(all, 'PipelineBuildActionRole').PolicyDocument.Statement = []; }, /build-action.* may not codebuild:StartBuild/],
    ['a permission too much', (all) => { policyOf(all, 'PipelineBuildActionRole').PolicyDocument.Statement[0].Resource = '*'; }, /build-action.* may codebuild:StartBuild on .*others/],
    ['a wildcard', (all) => { policyOf(all, 'PipelineTriggerRole').PolicyDocument.Statement[0].Action = 'codepipeline:*'; }, /allows codepipeline:\*$/],
    ['an action that is misspelt', (all) => { policyOf(all, 'PipelineTriggerRole').PolicyDocument.Statement[0].Action = 'codepipeline:StartExecution'; }, /does not know$/],
    ['a sixth statement without a resource', (all) => { policyOf(all, 'PipelineTriggerRole').PolicyDocument.Statement[0].Resource = '*'; }, /^6 statements name no resource/],
    ['a pattern that nobody explained', (all) => { policyOf(all, 'PipelineTriggerRole').PolicyDocument.Statement[0].Resource = `${here('codepipeline')}:*`; }, /nobody explained$/],
    ['a resource of an action that knows none', (all) => {
      const [login] = policyOf(all, 'ServiceExecutionRole').PolicyDocument.Statement.filter(({ Action }) => Action === 'ecr:GetAuthorizationToken');
      login.Resource = dev.images;
    }, /on a resource, and AWS knows none for it$/],
    ['a statement about everything else', (all) => { policyOf(all, 'PipelineTriggerRole').PolicyDocument.Statement = [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' } as never]; }, /what it is not about$/],
    ['somebody who may assume a role', (all) => {
      const [, role] = Object.entries(all).find(([id, { Type }]) => Type === 'AWS::IAM::Role' && id.includes('TaskRole')) ?? [];
      Object.assign(role?.Properties ?? {}, { AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: '*' } }] } });
    }, /task-.* is assumed by .*administrator of/],
    ['a policy of AWS', (all) => {
      const [, role] = Object.entries(all).find(([id, { Type }]) => Type === 'AWS::IAM::Role' && id.includes('TaskRole')) ?? [];
      Object.assign(role?.Properties ?? {}, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
    }, /task-.* has arn:aws:iam::aws:policy\/AdministratorAccess$/],
    ['a template that cannot be read', (all) => { all.Broken = { Type: 'AWS::IAM::Role', Properties: { RoleName: { 'Fn::Nothing': [] } } }; }, /^cannot be decided/],
  ])('%s', async (_what, change, failure) => {
    expect(await failuresWith(change)).toContainEqual(expect.stringMatching(failure));
  });

  test('who assumes a role, of services and roles here and elsewhere', async () => {
    expect(await assumersOf(byDefault, dev, 'build')).toEqual(['codebuild.amazonaws.com']);
    expect(await allowedTo(byDefault, dev.role('deploy-action'), [['sts:AssumeRole', dev.roleArn('build')]])).toEqual([]);
  });
});
