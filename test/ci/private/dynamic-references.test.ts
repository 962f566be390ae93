import { Aws, CfnCondition, CfnDynamicReference, CfnDynamicReferenceService, CfnParameter, CfnResource, Fn, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { AdvisorySource, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BuildSecret, DeploymentHooks, DockerHubCredentials, TestService, PythonProject, PythonProjectConfig } from '../../../src';
import { createStack } from '../../helpers';

const NAME = 'orders/confidential';
const secret = () => SecretValue.secretsManager(NAME, { jsonField: 'password' }).unsafeUnwrap();
const secure = () => SecretValue.ssmSecure(`/${NAME}`, '2').unsafeUnwrap();
const parameter = (stack: Stack) => ssm.StringParameter.valueForStringParameter(stack, `/${NAME}`, 2);

/** Synthesizes a pattern with options, and with changes that come after it. */
function synthesize(
  createProps: (stack: Stack) => BlueGreenPythonPipelineProps = () => ({}),
  change: (pattern: BlueGreenPythonPipeline) => void = () => undefined,
): Template {
  const stack = createStack();
  change(new BlueGreenPythonPipeline(stack, 'Orders', createProps(stack)));
  return Template.fromStack(stack);
}

const IN_BASE64 = 'CloudFormation does not resolve it in Base64, so its text would remain: ';
const IN_PLAIN_TEXT = 'everyone who can read the build project could read the secret: ';
const PASS_TO_BUILD = "set a variable in 'environmentVariables' with the type SECRETS_MANAGER or PARAMETER_STORE, which the commands read";
const refused = (what: string, remedy: string) => `${what} must not contain a dynamic reference ({{resolve:...}}), got one; ${IN_BASE64}${remedy}`;
const readable = (what: string) => `${what} must not contain a dynamic reference to a secret, got one; ${IN_PLAIN_TEXT}${PASS_TO_BUILD}`;

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('in the environment of the service', () => {
  test.each<[string, (stack: Stack) => string]>([
    ['a field of a secret', secret],
    ['a field of a secret of the stack', (stack) => new secretsmanager.Secret(stack, 'Secret').secretValueFromJson('a').unsafeUnwrap()],
    ['a secret that is not unwrapped', () => SecretValue.secretsManager(NAME).toString()],
    ['a secure parameter', secure],
    ['a version of a parameter', parameter],
    ['a version of an imported parameter', (stack) => ssm.StringParameter.fromStringParameterAttributes(stack, 'Parameter', { parameterName: `/${NAME}`, version: 2 }).stringValue],
    ['a part of a text', () => `postgres://app:${secret()}@database/orders`],
    ['the text itself', () => `{{resolve:ssm:/${NAME}:2}}`],
  ])('%s fails, and the error names the variable and the remedy', (_name, value) => {
    const message = messageOf(() => synthesize((stack) => ({ service: { environment: { LEVEL: 'info', PASSWORD: value(stack) } } })));
    expect(message).toBe("'environment' must not contain dynamic references ({{resolve:...}}), got one for \"PASSWORD\"; CloudFormation does not resolve them in the files of a release, "
      + "and a secret would be readable in the task definition: use 'secrets' [Stack/Orders/Service]");
  });

  test('the latest version of a parameter passes, which is a parameter of the template', () => {
    expect(() => synthesize((stack) => ({ service: { environment: { LEVEL: ssm.StringParameter.valueForStringParameter(stack, '/orders/level') } } }))).not.toThrow();
  });
});

const AS_SECRET = 'pass it as one of the secrets of the container, which ECS resolves';
const override = (property: string, value: unknown) => ({ service }: BlueGreenPythonPipeline) =>
  (service.taskDefinition.node.defaultChild as CfnResource).addPropertyOverride(property, value);
const container = (options: Partial<ecs.ContainerDefinitionOptions>) => ({ service }: BlueGreenPythonPipeline) => {
  service.taskDefinition.addContainer('agent', { image: ecs.ContainerImage.fromRegistry('agent'), ...options });
};

/** Adds what the values refer to, and a variable. */
const concatenation = (value: string) => ({ service }: BlueGreenPythonPipeline) => {
  const stack = Stack.of(service);
  new CfnParameter(stack, 'Name');
  new CfnCondition(stack, 'Large', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
  service.taskDefinition.defaultContainer?.addEnvironment('LEVEL', value);
};

test.each<[string, (pattern: BlueGreenPythonPipeline) => void, string]>([
  ['a variable that is added later', ({ service }) => service.taskDefinition.defaultContainer?.addEnvironment('PASSWORD', secret()),
    refused("the environment variable 'PASSWORD' of the container 'app'", AS_SECRET)],
  ['an override of a variable', override('ContainerDefinitions.0.Environment', [{ Name: 'PASSWORD', Value: { 'Fn::Sub': '{{resolve:secretsmanager:${Secret}}}' } }]),
    refused("the environment variable 'PASSWORD' of the container 'app'", AS_SECRET)],
  ['a variable of a sidecar', container({ environment: { API_KEY: secure() } }), refused("the environment variable 'API_KEY' of the container 'agent'", AS_SECRET)],
  ['a command', container({ command: ['run', secret()] }), refused("'command' of the container 'agent'", AS_SECRET)],
  ['a label', container({ dockerLabels: { key: secret() } }), refused("'dockerLabels' of the container 'agent'", 'set the value itself')],
  ['a concatenation', concatenation(Fn.join(':', ['{{resolve', 'ssm', Fn.ref('Name'), '1}}'])), refused("the environment variable 'LEVEL' of the container 'app'", AS_SECRET)],
  ['a service that is a reference', concatenation(`{{resolve:${Fn.ref('Name')}:/orders/level:1}}`), refused("the environment variable 'LEVEL' of the container 'app'", AS_SECRET)],
  ['the shorter branch of a condition', concatenation(Fn.conditionIf('Large', '{{resolve:ssm:/a:1}}', 'a text that is longer than the reference').toString()),
    refused("the environment variable 'LEVEL' of the container 'app'", AS_SECRET)],
  ['a log option', container({ logging: ecs.LogDrivers.splunk({ url: 'https://splunk.example.com', secretToken: ecs.Secret.fromSsmParameter({ parameterArn: 'arn', grantRead: () => undefined } as unknown as ssm.IParameter), index: secret() }) }),
    refused("'logConfiguration' of the container 'agent'", 'set the value itself')],
  ['a volume', ({ service }) => service.taskDefinition.addVolume({ name: 'data', host: { sourcePath: secret() } }),
    refused("'volumes' of the task definition", 'set the value itself')],
])('in the task definition, %s fails at the end of the synth', (_name, change, message) => {
  const actual = messageOf(() => synthesize(undefined, change));
  expect(actual).toContain(`[Stack/Orders/Pipeline/Build] ${message}`);
  expect(actual).not.toContain(NAME);
});

const pip = (options: Parameters<typeof PythonProject.pip>[0]) => ({ python: PythonProject.pip(options) });

class OwnProject extends PythonProject {
  public bind(): PythonProjectConfig {
    return { pythonVersion: '3.13', directory: '.', dockerfile: 'Dockerfile', installCommands: [`login ${secret()}`], lockFiles: [] };
  }
}

test.each<[string, (stack: Stack) => BlueGreenPythonPipelineProps['pipeline'], string]>([
  ["'installCommands'", () => ({ installCommands: [`login ${secret()}`] }), refused("'installCommands'", PASS_TO_BUILD)],
  ["'testCommand'", () => ({ testCommand: `pytest --key ${secret()}` }), refused("'testCommand'", PASS_TO_BUILD)],
  ["'python.indexUrl'", () => pip({ indexUrl: SecretValue.secretsManager(NAME).unsafeUnwrap() }), readable("'python.indexUrl'")],
  ["'python.buildArguments'", () => pip({ buildArguments: { STAGE: 'dev', TOKEN: secret() } }), readable("'python.buildArguments.TOKEN'")],
  ['a concatenation in a build argument', () => pip({ buildArguments: { TOKEN: Fn.join(':', ['{{resolve', 'secretsmanager', Aws.STACK_NAME, 'SecretString:x}}']) } }),
    readable("'python.buildArguments.TOKEN'")],
  ['a concatenation in a variable', () => ({ environmentVariables: { TOKEN: { value: Fn.join(':', ['{{resolve:ssm-secure', Aws.STACK_NAME, '1}}']) } } }),
    "'environmentVariables.TOKEN' must not contain a dynamic reference to a secret, got one; "],
  ['a concatenation in Base64', () => ({ testCommand: Fn.join(':', ['pytest {{resolve:ssm', Aws.STACK_NAME, '1}}']) }), refused("'testCommand'", PASS_TO_BUILD)],
  ["'python.extraTestPackages'", () => pip({ extraTestPackages: [secure()] }), readable("'python.extraTestPackages'")],
  ["'python.requirementsFiles'", () => pip({ requirementsFiles: [secure()] }), readable("'python.requirementsFiles'")],
  ['a project of your own', () => ({ python: new OwnProject() }), readable("the commands of 'python'")],
  ["'gates.ignoredVulnerabilities'", () => ({ gates: { ignoredVulnerabilities: [secret()] } }), readable("'gates.ignoredVulnerabilities'")],
  ["'gates.advisorySource'", () => ({ gates: { advisorySource: AdvisorySource.osv({ url: `https://osv.example.com/${secret()}` }) } }), readable("'gates.advisorySource'")],
  ["'dockerHub'", (stack) => ({ dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', secret())) }), readable("'dockerHub'")],
  ["'python.buildSecrets'", (stack) => pip({ buildSecrets: { token: BuildSecret.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', secret())) } }),
    readable("'python.buildSecrets.token'")],
  ["'testServices'", () => ({ testServices: [TestService.postgres('17', { environment: { LICENSE: secret() } })] }),
    `'testServices.postgres' must not contain a dynamic reference to a secret, got one; ${IN_PLAIN_TEXT}write {password} instead, which each build replaces by a password of its own`],
  ["'environmentVariables'", () => ({ environmentVariables: { TOKEN: { value: secret() } } }),
    `'environmentVariables.TOKEN' must not contain a dynamic reference to a secret, got one; ${IN_PLAIN_TEXT}set its type to SECRETS_MANAGER or PARAMETER_STORE, and its value to the name of the secret or the parameter`],
])('in the options of the build, a secret in %s fails', (_name, pipeline, message) => {
  const actual = messageOf(() => synthesize((stack) => ({ pipeline: pipeline(stack) })));
  expect(actual).toContain(message);
  expect(actual).not.toContain(NAME);
});

test('the name of a resource that is a secret fails', () => {
  expect(messageOf(() => synthesize((stack) => ({ platform: { repository: ecr.Repository.fromRepositoryName(stack, 'Images', secret()) } }))))
    .toContain('[Stack/Orders/Pipeline/Build] the buildspec must not contain a dynamic reference ({{resolve:...}}), got one; ');
});

test('Base64 in Base64 fails', () => {
  const change = ({ service }: BlueGreenPythonPipeline) => service.taskDefinition.defaultContainer?.addEnvironment('KEY', Fn.base64('{{resolve:ssm:/a:1}}'));
  expect(messageOf(() => synthesize(undefined, change))).toContain('the buildspec must not contain a dynamic reference ({{resolve:...}}), got one; ');
});

test('another file of a release fails with its name', () => {
  const hooks = (stack: Stack) => DeploymentHooks.fromFunctions({
    beforeInstall: lambda.Function.fromFunctionAttributes(stack, 'Hook', { functionArn: secret(), sameEnvironment: true }),
  });
  expect(messageOf(() => synthesize((stack) => ({ service: { release: { hooks: hooks(stack) } } }))))
    .toContain(refused("'appspec.yaml'", 'set the value itself'));
});

test('what CloudFormation resolves as it should passes', () => {
  const template = synthesize((stack) => ({
    pipeline: {
      ...pip({ buildArguments: { STAGE: parameter(stack) } }),
      installCommands: ['echo "{{resolve:me}}"'],
      environmentVariables: {
        STAGE: { value: new CfnDynamicReference(CfnDynamicReferenceService.SSM, '/orders/stage:1').toString() },
        TOKEN: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: NAME },
        NOTHING: { value: Fn.ref('AWS::Region') },
      },
    },
  }));
  expect(JSON.stringify(template.toJSON())).toContain('STAGE={{resolve:ssm:/orders/confidential:2}}');
});
