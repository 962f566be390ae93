import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { parse } from 'yaml';
import { BlueGreenPythonPipeline, BlueGreenServiceOptions, DeploymentHookFunctions, DeploymentHooks, DeploymentTestListener, SmokeTestOptions } from '../../src';
import { actionsOf, createService, createStack, deliveredFile, idOf, onlyResource, Resource, resourcesOf, Statement, statementsOf, textOf } from '../helpers';

const FUNCTION = 'AWS::Lambda::Function';
const testListener = DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']);

type Options = (stack: Stack) => BlueGreenServiceOptions;

function synthesize(service: Options, suffix?: string) {
  const stack = createStack();
  const construct = new BlueGreenPythonPipeline(stack, 'Orders', {
    removalPolicy: RemovalPolicy.RETAIN,
    environmentSuffix: suffix,
    network: {
      flowLogs: false,
    },
    service: service(stack),
  });
  return { stack, construct, template: Template.fromStack(stack) };
}

function ownFunction(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, { runtime: lambda.Runtime.PYTHON_3_13, handler: 'index.handler', code: lambda.Code.fromInline('def handler(e, c): pass') });
}

/** The hooks of the AppSpec, in their order, by the logical id of their function. */
function hooksOf(template: Template): { [event: string]: string }[] {
  return parse(deliveredFile(template, 'appspec.yaml')).Hooks;
}

const EVENTS: (keyof DeploymentHookFunctions)[] = ['beforeInstall', 'afterInstall', 'afterAllowTestTraffic', 'beforeAllowTraffic', 'afterAllowTraffic'];

describe('functions of the user\'s own', () => {
  const { template } = synthesize((stack) => ({
    release: {
      testListener,
      hooks: DeploymentHooks.fromFunctions(Object.fromEntries([...EVENTS].reverse()
        .map((event) => [event, ownFunction(stack, event)]))),
    },
  }));
  const functionIds = EVENTS.map((event) => idOf(template, FUNCTION, new RegExp(`^${event}`)));

  test('are called at the five events of a release, in their order', () => {
    expect(hooksOf(template)).toEqual(EVENTS.map((event, index) => (
      { [event.charAt(0).toUpperCase() + event.slice(1)]: `\${${functionIds[index]}.Arn}` })));
  });

  test('may be called by CodeDeploy, and no other may', () => {
    const invoke = statementsOf(template, 'OrdersServiceCodeDeployServiceRole').filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(invoke.map(({ Resource: resources }) => (resources as { 'Fn::GetAtt': string[] }[]).map((each) => each['Fn::GetAtt'][0]).sort()))
      .toEqual([[...functionIds].sort()]);
  });

  test('may report to this deployment group, each by its role, and do no more', () => {
    const [, policy] = Object.entries(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).find(([id]) => /CodeDeployHooksPolicy/.test(id)) ?? [];
    const { Statement: statements } = policy?.Properties.PolicyDocument as { Statement: Statement[] };
    expect(statements.map(({ Action, Resource: resource }) => [Action, textOf(resource)])).toEqual([
      ['codedeploy:PutLifecycleEventHookExecutionStatus', expect.stringMatching(/:deploymentgroup:\$\{Orders.*Application.*\}\/\$\{Orders.*DeploymentGroup.*\}$/)],
    ]);
    expect((policy?.Properties.Roles as { Ref: string }[]).map(({ Ref }) => Ref.replace(/ServiceRole.*/, '')).sort()).toEqual([...EVENTS].sort());
  });
});

test('a function that is left out by a condition is none', () => {
  const { template } = synthesize((stack) => ({ release: { hooks: DeploymentHooks.fromFunctions({ beforeInstall: undefined, afterInstall: ownFunction(stack, 'Hook') }) } }));
  expect(hooksOf(template).flatMap((hook) => Object.keys(hook))).toEqual(['AfterInstall']);
});

test('one function for two events is allowed once', () => {
  const { template } = synthesize((stack) => {
    const hook = ownFunction(stack, 'Hook');
    return { release: { hooks: DeploymentHooks.fromFunctions({ beforeInstall: hook, afterAllowTraffic: hook }) } };
  });
  const hook = `\${${idOf(template, FUNCTION, /^Hook/)}.Arn}`;
  expect(hooksOf(template)).toEqual([{ BeforeInstall: hook }, { AfterAllowTraffic: hook }]);
  const [{ Resource: resource }] = statementsOf(template, 'OrdersServiceCodeDeployServiceRole').filter(({ Action }) => Action === 'lambda:InvokeFunction');
  expect(textOf(resource)).toBe(hook);
});

test('an imported function whose role is not known warns of what it needs', () => {
  const { stack, template } = synthesize((scope) => ({ release: { hooks: DeploymentHooks.fromFunctions({ beforeInstall: lambda.Function.fromFunctionArn(scope, 'Hook', 'arn:aws:lambda:eu-west-1:111111111111:function:hook') }) } }));
  Annotations.fromStack(stack).hasWarning('/Stack/Orders/Service/CodeDeploy', Match.stringLikeRegexp('imported function Stack/Hook.*PutLifecycleEventHookExecutionStatus'));
  expect(hooksOf(template)).toEqual([{ BeforeInstall: 'arn:aws:lambda:eu-west-1:111111111111:function:hook' }]);
});

test('an imported function with its role gets its permission there', () => {
  const { template, stack } = synthesize((scope) => ({
    release: {
      hooks: DeploymentHooks.fromFunctions({
        beforeInstall: lambda.Function.fromFunctionAttributes(scope, 'Hook', {
          functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:hook',
          role: iam.Role.fromRoleName(scope, 'HookRole', 'hook-role'),
        }),
      }),
    },
  }));
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', { Roles: ['hook-role'] });
  Annotations.fromStack(stack).hasNoWarning('/Stack/Orders/Service/CodeDeploy', Match.anyValue());
});

test('without hooks the AppSpec names none, and CodeDeploy may call nothing', () => {
  const { template } = synthesize(() => ({}));
  expect(hooksOf(template)).toBeUndefined();
  expect(actionsOf(statementsOf(template, 'OrdersServiceCodeDeployServiceRole'))).not.toContain('lambda:InvokeFunction');
  template.resourceCountIs(FUNCTION, 0);
});

test.each<[string, Options, string]>([
  ['a function after test traffic without a test listener', (stack) => ({ release: { hooks: DeploymentHooks.fromFunctions({ afterAllowTestTraffic: ownFunction(stack, 'Hook') }) } }), "'release.hooks.afterAllowTestTraffic' requires 'release.testListener', got none; CodeDeploy would never call the function: "
    + "set a listener, as in testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16'])"],
  ['two smoke tests', () => ({ release: { hooks: DeploymentHooks.all(DeploymentHooks.smokeTest({ paths: ['/'] }), DeploymentHooks.smokeTest({ paths: ['/health'] })) } }), "'release.hooks.afterAllowTestTraffic' must be one function, got two; CodeDeploy calls one function for each event: combine the two into one"],
  ['two functions for one event', (stack) => ({
    release: {
      testListener,
      hooks: DeploymentHooks.all(DeploymentHooks.smokeTest({ paths: ['/'] }), DeploymentHooks.fromFunctions({ afterAllowTestTraffic: ownFunction(stack, 'Hook') })),
    },
  }), "'release.hooks.afterAllowTestTraffic' must be one function, got two; CodeDeploy calls one function for each event: combine the two into one"],
])('fails with %s', (_name, options, message) => {
  expect(() => synthesize(options)).toThrow(`${message} [Stack/Orders/Service]`);
});

const smokeTest = (options: Partial<SmokeTestOptions> = {}, more: BlueGreenServiceOptions = {}): Options => () => (
  { ...more, release: { ...more.release, hooks: DeploymentHooks.smokeTest({ paths: ['/health', '/orders?limit=1'], ...options }) } });

describe('the smoke test', () => {
  const { template, construct } = synthesize(smokeTest(), 'dev');
  const [functionId, { Properties }] = onlyResource(template, FUNCTION);
  const group = idOf(template, 'AWS::EC2::SecurityGroup', /SmokeTestSecurityGroup/);

  test('is called when the test listener leads to the new tasks', () => {
    expect(hooksOf(template)).toEqual([{ AfterAllowTestTraffic: `\${${functionId}.Arn}` }]);
  });

  test('brings a test listener on port 9000 that it alone reaches', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 9000 });
    const rules = [...Object.values<Resource>(resourcesOf(template, 'AWS::EC2::SecurityGroupIngress')).map((each) => each.Properties),
      ...Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroup')).flatMap((each) => each.Properties.SecurityGroupIngress as { [name: string]: unknown }[] ?? [])]
      .filter(({ FromPort, ToPort }) => (FromPort as number) <= 9000 && (ToPort as number) >= 9000);
    expect(rules).toEqual([expect.objectContaining({ FromPort: 9000, ToPort: 9000, SourceSecurityGroupId: { 'Fn::GetAtt': [group, 'GroupId'] } })]);
  });

  test('runs in the subnets of the tasks, in a runtime that is named in one place', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      FunctionName: 'orders-smoke-test-dev',
      Timeout: 150,
      VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }] },
    });
    expect((Properties.VpcConfig as { SubnetIds: { Ref: string }[] }).SubnetIds.map(({ Ref }) => Ref)).toEqual([
      expect.stringContaining('PrivateSubnet1'), expect.stringContaining('PrivateSubnet2'),
    ]);
  });

  test('calls the load balancer by the name that it has, and looks at no certificate without HTTPS', () => {
    const [loadBalancer] = onlyResource(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect((Properties.Environment as { Variables: object }).Variables).toEqual({
      LOAD_BALANCER_FULL_NAME: { 'Fn::GetAtt': [loadBalancer, 'LoadBalancerFullName'] },
      PROTOCOL: 'http',
      PORT: '9000',
      HOST_NAME: { 'Fn::GetAtt': [loadBalancer, 'DNSName'] },
      VERIFY_CERTIFICATE: 'false',
      PATHS: '["/health","/orders?limit=1"]',
      EXPECT_STATUS: '200',
      TIMEOUT_SECONDS: '120',
    });
  });

  test('reaches the test listener and the APIs of AWS, and nothing else', () => {
    const inline = resourcesOf(template, 'AWS::EC2::SecurityGroup')[group].Properties.SecurityGroupEgress;
    expect(inline).toEqual([expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })]);
    const separate = Object.values<Resource>(resourcesOf(template, 'AWS::EC2::SecurityGroupEgress')).filter((each) => JSON.stringify(each.Properties.GroupId).includes(group));
    expect(separate.map((each) => [each.Properties.FromPort, each.Properties.ToPort])).toEqual([[9000, 9000]]);
  });

  test('may write its log, be in the VPC, look for the load balancer and report, no more', () => {
    expect(actionsOf(statementsOf(template, 'OrdersServiceSmokeTestRole').filter(({ Effect }) => Effect === 'Allow'))).toEqual([
      'codedeploy:PutLifecycleEventHookExecutionStatus',
      'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
      'logs:CreateLogStream', 'logs:PutLogEvents',
    ]);
  });

  test('may not touch network interfaces by what runs in it, which Lambda does for it', () => {
    expect(statementsOf(template, 'OrdersServiceSmokeTestRole').filter(({ Effect }) => Effect === 'Deny')).toEqual([{
      Effect: 'Deny',
      Action: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'],
      Resource: '*',
      Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }]);
  });

  test('writes a log of its own for 30 days', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/lambda/orders-smoke-test-dev', RetentionInDays: 30 });
    expect(Properties.LoggingConfig).toEqual({ LogGroup: { Ref: idOf(template, 'AWS::Logs::LogGroup', /SmokeTest/) } });
  });

  test('is called once a week without a deployment, since Lambda puts a function in a VPC to sleep that does not run', () => {
    const [, rule] = Object.entries(resourcesOf(template, 'AWS::Events::Rule')).find(([id]) => /SmokeTestKeepActive/.test(id)) ?? [];
    expect(rule?.Properties).toMatchObject({
      Name: 'orders-smoke-test-keep-active-dev',
      ScheduleExpression: 'rate(7 days)',
      Targets: [{ Arn: { 'Fn::GetAtt': [functionId, 'Arn'] }, Input: '{}' }],
    });
  });

  test('is the only function of the stack', () => {
    expect(construct.service.testListener).toBeDefined();
    template.resourceCountIs(FUNCTION, 1);
  });
});

const certificate = (stack: Stack) => acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/1');

test.each<[string, Options, object]>([
  ['a status and a time of the user\'s own', smokeTest({ healthyHttpCodes: '200-299,302', timeout: Duration.minutes(5) }), { EXPECT_STATUS: '200-299,302', TIMEOUT_SECONDS: '300' }],
  ['a test listener of the user\'s own', smokeTest({}, { release: { testListener: DeploymentTestListener.fromCidrs(8443, ['10.0.0.0/16']) } }), { PORT: '8443' }],
  ['HTTPS without a known name, for which no certificate can be', (stack) => smokeTest({}, { loadBalancer: { certificate: certificate(stack) } })(stack),
    { PROTOCOL: 'https', VERIFY_CERTIFICATE: 'false' }],
  ['a certificate that is not to be looked at', (stack) => smokeTest({ hostName: 'orders.internal', verifyCertificate: false }, { loadBalancer: { certificate: certificate(stack) } })(stack),
    { HOST_NAME: 'orders.internal', VERIFY_CERTIFICATE: 'false' }],
  ['a port and a status that are known at deployment only', (stack) => smokeTest(
    { healthyHttpCodes: Token.asString({ Ref: 'Status' }) },
    { release: { testListener: DeploymentTestListener.fromSecurityGroup(Token.asNumber({ Ref: 'Port' }), ec2.SecurityGroup.fromSecurityGroupId(stack, 'Testers', 'sg-1')) } },
  )(stack), { EXPECT_STATUS: { Ref: 'Status' }, PORT: { Ref: 'Port' } }],
  ['HTTPS by a name of the user\'s own', (stack) => smokeTest({ hostName: 'orders.example.com' }, { loadBalancer: { certificate: certificate(stack) } })(stack),
    { PROTOCOL: 'https', HOST_NAME: 'orders.example.com', VERIFY_CERTIFICATE: 'true' }],
])('the smoke test takes %s', (_name, options, variables) => {
  const [, { Properties }] = onlyResource(synthesize(options).template, FUNCTION);
  expect((Properties.Environment as { Variables: object }).Variables).toMatchObject(variables);
});

test('the smoke test and functions of the user\'s own go together', () => {
  const { template } = synthesize((stack) => ({ release: { hooks: DeploymentHooks.all(DeploymentHooks.fromFunctions({ beforeInstall: ownFunction(stack, 'Hook') }), DeploymentHooks.smokeTest({ paths: ['/'] })) } }));
  expect(hooksOf(template).flatMap((hook) => Object.keys(hook))).toEqual(['BeforeInstall', 'AfterAllowTestTraffic']);
});

test.each<[string, Partial<SmokeTestOptions>, string]>([
  ['no path', { paths: [] }, "'release.hooks.smokeTest.paths' must contain at least one path, got []; add a path that shows that the application works, such as '/health'"],
  ['a path without a slash', { paths: ['health'] }, "'release.hooks.smokeTest.paths' must start with '/' and contain only printable ASCII characters without white space, got \"health\""],
  ['a path of another host', { paths: ['example.com/health'] },
    "'release.hooks.smokeTest.paths' must start with '/' and contain only printable ASCII characters without white space, got \"example.com/health\""],
  ['a path that is not encoded', { paths: ['/größe'] },
    "'release.hooks.smokeTest.paths' must start with '/' and contain only printable ASCII characters without white space, got \"/größe\""],
  ['a status that is none', { healthyHttpCodes: '99' }, "'release.hooks.smokeTest.healthyHttpCodes' must be status codes from 200 to 499, such as '200-299' or '200,301', got \"99\""],
  ['the former name of the status', { ...{ expectStatus: 204 }, paths: ['/'] }, "'expectStatus' is now 'healthyHttpCodes'; rename it"],
  ['a host name with two dots in a row', { hostName: 'orders..example.com' }, "'release.hooks.smokeTest.hostName' must be a host name of letters, digits, hyphens, and single dots, such as 'orders.example.com', without a port, got \"orders..example.com\""],
  ['an empty host name', { hostName: ' ' }, "'release.hooks.smokeTest.hostName' must be a host name of letters, digits, hyphens, and single dots, such as 'orders.example.com', without a port, got \" \""],
  ['a host name with a port', { hostName: 'orders.example.com:9000' },
    "'release.hooks.smokeTest.hostName' must be a host name of letters, digits, hyphens, and single dots, such as 'orders.example.com', without a port, got \"orders.example.com:9000\""],
  ['a time that is known at deployment only', { timeout: Duration.seconds(Token.asNumber({ Ref: 'Timeout' })) },
    "'release.hooks.smokeTest.timeout' must be known at synth, got a token; the timeout of the function is derived from it: set a plain duration"],
  ['too little time', { timeout: Duration.seconds(29) },
    "'release.hooks.smokeTest.timeout' must be a whole number of seconds from 30 to 840, got 29 seconds; a function runs for at most 15 minutes, including its report"],
])('the smoke test fails with %s', (_name, options, message) => {
  expect(() => synthesize(smokeTest(options))).toThrow(`${message} [Stack/Orders/Service]`);
});

test('the smoke test alone, bound by hand without a test listener, says what is missing', () => {
  const stack = createStack();
  const { loadBalancer } = createService(stack);
  const { network } = new BlueGreenPythonPipeline(stack, 'Orders');
  expect(() => DeploymentHooks.smokeTest({ paths: ['/'] }).bind(stack, {
    applicationName: 'orders', network, loadBalancer, https: false,
  })).toThrow("'release.hooks.afterAllowTestTraffic' requires 'release.testListener', got none");
});

describe('a smoke test with a key, a reserve and a queue', () => {
  const { template } = synthesize((stack) => ({
    encryptionKey: new kms.Key(stack, 'Key'),
    logRetention: logs.RetentionDays.ONE_YEAR,
    release: {
      hooks: DeploymentHooks.smokeTest({
        paths: ['/health'],
        reservedConcurrentExecutions: 2,
        deadLetterQueue: new sqs.Queue(stack, 'Lost', { encryptionMasterKey: new kms.Key(stack, 'QueueKey') }),
      }),
    },
  }), 'dev');
  const keyArn = { 'Fn::GetAtt': [idOf(template, 'AWS::KMS::Key', /^Key/), 'Arn'] };

  test('encrypts environment and log', () => {
    expect(onlyResource(template, FUNCTION)[1].Properties.KmsKeyArn).toEqual(keyArn);
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/lambda/orders-smoke-test-dev', RetentionInDays: 365, KmsKeyId: keyArn });
  });

  test('has its own runs, and sends lost calls to the queue', () => {
    expect(onlyResource(template, FUNCTION)[1].Properties).toMatchObject({
      ReservedConcurrentExecutions: 2,
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', /^Lost/), 'Arn'] } },
    });
  });

  test('may use the two keys and send to the queue, no more', () => {
    const added = statementsOf(template, 'OrdersServiceSmokeTestRole').filter(({ Action }) => /^(sqs|kms):/.test([Action].flat()[0]));
    expect(added.map((statement) => [statement.Action, textOf(statement.Resource)])).toEqual([
      ['sqs:SendMessage', expect.stringMatching(/^\$\{Lost.*\.Arn\}$/)],
      [['kms:GenerateDataKey', 'kms:Decrypt'], expect.stringMatching(/^\$\{QueueKey.*\.Arn\}$/)],
      ['kms:Decrypt', expect.stringMatching(/^\$\{Key.*\.Arn\}$/)],
    ]);
  });
});
