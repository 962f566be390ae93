import { CfnParameter, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BuildSecret, DeploymentHooks, DeploymentTestListener,
  DockerHubCredentials, PythonProject, TestService,
} from '../../../src';
import { bytesOfBuildSpec, validateBuildSpecSize } from '../../../src/ci/private/build-spec-size';
import { BuildSpecOptions } from '../../../src/ci/private/buildspec';
import { standInsOf } from '../../../src/private/stand-ins';
import { createStack, onlyResource } from '../../helpers';
import { Deployed } from '../../judges/iam/deployed';

const MAX = 25_600;

/** What later work may use for the library's own part, and what is left for release files and commands of the user. */
const LIBRARY = 8_000;
const REST = MAX - LIBRARY;

const range = (count: number) => [...Array(count).keys()];
const bytes = (text: string) => Buffer.byteLength(text);
/** Names as those of applications, such as PAYMENT_SERVICE_API_TOKEN_17. */
const named = <T>(count: number, create: (index: number) => T, name = 'PAYMENT_SERVICE_API_TOKEN') => (
  Object.fromEntries(range(count).map((index) => [`${name}_${index}`, create(index)] as const)));

interface Sized {
  /** The bytes that the check expects, for the longest names that AWS has. */
  readonly estimate: number;
  /** The bytes at a deployment to eu-west-1. */
  readonly real: number;
  /** What of the estimate are the files of the release and the user's commands, as Base64. */
  readonly files: number;
}

type CreateProps = (stack: Stack) => BlueGreenPythonPipelineProps;

interface Built {
  readonly stack: Stack;
  readonly pattern: BlueGreenPythonPipeline;
  /** What the check says. */
  readonly errors: string[];
}

function build(
  createProps: CreateProps = () => ({}), change: (pattern: BlueGreenPythonPipeline) => void = () => undefined,
  props?: StackProps,
): Built {
  const stack = createStack(undefined, props);
  const pattern = new BlueGreenPythonPipeline(stack, 'Orders', createProps(stack));
  change(pattern);
  return { stack, pattern, errors: pattern.pipeline.buildProject.node.scope?.node.validate() ?? [] };
}

function measure({ stack, pattern, errors }: Built): Sized {
  expect(errors).toEqual([]);
  const template = Template.fromStack(stack);
  const [, { Properties }] = onlyResource(template, 'AWS::CodeBuild::Project');
  const { BuildSpec } = Properties.Source as { BuildSpec: unknown };
  const files = [...standInsOf(stack)(BuildSpec).matchAll(/printf %s '([^']*)' \| base64 -d/g)];
  return {
    estimate: bytesOfBuildSpec(pattern.pipeline.buildProject),
    files: files.reduce((sum, [, content]) => sum + content.length, 0),
    get real() { return bytes(String(new Deployed(template.toJSON()).resolve(BuildSpec))); },
  };
}

/** The secrets of an application, each in the three ways that a user has. */
const SECRETS: { readonly [how: string]: (stack: Stack, count: number) => { [name: string]: ecs.Secret } } = {
  'of the stack': (stack, count) => named(count, (index) => (
    ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, `PaymentServiceToken${index}`)))),
  'of the stack, with names': (stack, count) => named(count, (index) => (
    ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, `Token${index}`, { secretName: `orders/prod/payment-service/token-${index}` })))),
  'imported by their ARNs': (stack, count) => named(count, (index) => ecs.Secret.fromSecretsManager(
    secretsmanager.Secret.fromSecretCompleteArn(stack, `Token${index}`, `arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders/prod/payment-service/token-${index}-AbCdEf`))),
  'imported by their names': (stack, count) => named(count, (index) => ecs.Secret.fromSecretsManager(
    secretsmanager.Secret.fromSecretNameV2(stack, `Token${index}`, `orders/prod/payment-service/token-${index}`))),
  'parameters, imported by their names': (stack, count) => named(count, (index) => ecs.Secret.fromSsmParameter(
    ssm.StringParameter.fromSecureStringParameterAttributes(stack, `Token${index}`, { parameterName: `/orders/prod/payment-service/token-${index}` }))),
  'of another stack': (stack, count) => {
    const other = new Stack(stack.node.root, 'Data');
    return named(count, (index) => ecs.Secret.fromSecretsManager(new secretsmanager.Secret(other, `Token${index}`)));
  },
};

function everyOption(stack: Stack, secrets: { [name: string]: ecs.Secret }): BlueGreenPythonPipelineProps {
  const hook = (id: string) => new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
  return {
    applicationName: 'orders-and-payments',
    environmentSuffix: 'production',
    service: {
      secrets,
      environment: { DJANGO_SETTINGS_MODULE: 'orders.settings.production', LOG_LEVEL: 'INFO', WEB_CONCURRENCY: '4', TIME_ZONE: 'Europe/Berlin' },
      command: ['gunicorn', 'orders.wsgi:application', '--bind', '0.0.0.0:8080', '--workers', '4', '--timeout', '60'],
      entryPoint: ['/usr/local/bin/docker-entrypoint.sh'],
      workingDirectory: '/srv/orders',
      user: '10001:10001',
      containerHealthCheck: { command: ['CMD-SHELL', 'curl --fail http://localhost:8080/health || exit 1'], interval: Duration.seconds(15), startPeriod: Duration.seconds(60) },
      enableExecuteCommand: true,
      release: {
        testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']),
        hooks: DeploymentHooks.fromFunctions({
          beforeInstall: hook('BeforeInstall'),
          afterInstall: hook('AfterInstall'),
          afterAllowTestTraffic: hook('AfterAllowTestTraffic'),
          beforeAllowTraffic: hook('BeforeAllowTraffic'),
          afterAllowTraffic: hook('AfterAllowTraffic'),
        }),
      },
    },
    pipeline: {
      python: PythonProject.pip({
        directory: 'services/orders',
        dockerfile: 'docker/web.Dockerfile',
        imageContext: '.',
        testDirectory: 'tests',
        requirementsFiles: ['requirements/base.txt', 'requirements/web.txt'],
        testRequirementsFiles: ['requirements/test.txt'],
        extras: ['postgres', 'redis'],
        groups: ['integration'],
        extraTestPackages: ['pytest-django==4.11.1', 'pytest-xdist==3.8.0'],
        buildArguments: { SERVICE: 'orders', PYTHON_IMAGE: 'public.ecr.aws/docker/library/python:3.13-slim' },
        indexUrl: 'https://packages.example.com/repository/pypi/simple',
        imageTarget: 'production',
        buildSecrets: {
          pip_conf: BuildSecret.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Index', 'package-index'), { field: 'pip_conf' }),
          token: BuildSecret.fromParameterStore({ parameterName: '/orders/token' }),
        },
      }),
      gates: {
        minimumCoverage: 90, imageScan: true, ignoredVulnerabilities: range(5).map((index) => `CVE-2026-1234${index}`),
      },
      dockerHub: DockerHubCredentials.fromParameterStore({ usernameParameterName: '/docker-hub/username', passwordParameterName: '/docker-hub/password' }),
      installCommands: ['apt-get update', 'apt-get install --yes libpq-dev gettext', 'curl -fsSL https://packages.example.com/tools.sh | bash'],
      testCommand: 'python -m pytest -n auto --dist loadfile',
      testServices: [
        TestService.postgres('16', { databaseName: 'orders' }),
        TestService.redis('7', { variables: { CELERY_BROKER_URL: 'redis://{host}:{port}/1' } }),
        TestService.container({
          name: 'rabbitmq',
          image: 'public.ecr.aws/docker/library/rabbitmq:4',
          port: 5672,
          environment: { RABBITMQ_DEFAULT_USER: 'orders', RABBITMQ_DEFAULT_PASS: '{password}' },
          healthCommand: ['rabbitmq-diagnostics', 'check_running'],
        }),
      ],
    },
  };
}

/** A sidecar as those of monitoring products, in CDK's own way. */
function addSidecar({ service }: BlueGreenPythonPipeline): void {
  service.fargateService.taskDefinition.addContainer('datadog-agent', {
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/datadog/agent:7'),
    essential: false,
    environment: { ECS_FARGATE: 'true', DD_SITE: 'datadoghq.eu', DD_APM_ENABLED: 'true', DD_APM_NON_LOCAL_TRAFFIC: 'true', DD_DOGSTATSD_NON_LOCAL_TRAFFIC: 'true' },
    healthCheck: { command: ['CMD', 'agent', 'health'], retries: 3, startPeriod: Duration.seconds(30) },
    logging: ecs.LogDriver.awsLogs({ streamPrefix: 'datadog' }),
    portMappings: [{ containerPort: 8126 }, { containerPort: 8125, protocol: ecs.Protocol.UDP }],
  });
}

/** The variables of a public application of Django with a queue, mail, storage, login and monitoring. */
const APPLICATION = {
  environment: {
    ...Object.fromEntries(['DJANGO_SETTINGS_MODULE', 'DATABASE_HOST', 'DATABASE_NAME', 'DATABASE_PORT', 'DATABASE_USER', 'REDIS_URL', 'CELERY_BROKER_URL', 'CELERY_RESULT_BACKEND',
      'CELERY_TASK_DEFAULT_QUEUE', 'ALLOWED_HOSTS', 'CSRF_TRUSTED_ORIGINS', 'CORS_ALLOWED_ORIGINS', 'SESSION_COOKIE_DOMAIN', 'SECURE_SSL_REDIRECT', 'EMAIL_HOST', 'EMAIL_PORT',
      'EMAIL_USE_TLS', 'DEFAULT_FROM_EMAIL', 'AWS_STORAGE_BUCKET_NAME', 'AWS_S3_REGION_NAME', 'AWS_S3_CUSTOM_DOMAIN', 'STATIC_URL', 'MEDIA_URL', 'SENTRY_ENVIRONMENT',
      'SENTRY_TRACES_SAMPLE_RATE', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_REDIRECT_URI', 'OIDC_SCOPES',
      'ELASTICSEARCH_HOSTS', 'ELASTICSEARCH_INDEX_PREFIX', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_API_VERSION', 'GUNICORN_CMD_ARGS', 'WEB_CONCURRENCY', 'LOG_LEVEL', 'LOG_FORMAT',
      'FEATURE_NEW_CHECKOUT', 'FEATURE_EXPORT', 'RATE_LIMIT_ANONYMOUS', 'RATE_LIMIT_USER', 'MAX_UPLOAD_SIZE', 'TIME_ZONE', 'LANGUAGE_CODE', 'SUPPORT_EMAIL'].map((name) => [name, `${name.toLowerCase()}.orders.example.com`])),
  },
  secrets: ['SECRET_KEY', 'DATABASE_PASSWORD', 'REDIS_PASSWORD', 'EMAIL_HOST_PASSWORD', 'SENTRY_DSN', 'OIDC_CLIENT_SECRET', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET',
    'ELASTICSEARCH_PASSWORD', 'TWILIO_AUTH_TOKEN', 'GITHUB_APP_PRIVATE_KEY', 'ENCRYPTION_KEYS'],
};

describe('the budget', () => {
  test.each<[string, CreateProps]>([
    ['the defaults', () => ({})],
    ['uv', () => ({ pipeline: { python: PythonProject.uv({ groups: ['integration'] }) } })],
    ['Poetry', () => ({ pipeline: { python: PythonProject.poetry({ extras: ['postgres'] }) } })],
    ['Docker Hub with a secret', (stack) => ({
      pipeline: { dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', 'docker-hub')) },
    })],
    ['a pull-through cache', () => ({ pipeline: { dockerHub: DockerHubCredentials.pullThroughCache() } })],
    ['every option', (stack) => everyOption(stack, {})],
  ])('of the library holds with %s', (name, createProps) => {
    const { estimate, files } = measure(build(createProps));
    expect(estimate - files).toBeLessThanOrEqual(name === 'every option' ? LIBRARY : 6_000);
  });

  test('leaves 12,000 characters of JSON for the files of a release', () => {
    expect(Math.floor((MAX - LIBRARY) / 4) * 3).toBeGreaterThanOrEqual(12_000);
  });

  test.each(Object.entries(SECRETS))('has space for 50 secrets, %s, with every option and a sidecar', (_how, create) => {
    const { estimate } = measure(build((stack) => everyOption(stack, create(stack, 50)), addSidecar));
    expect(estimate).toBeLessThanOrEqual(MAX);
  });

  test('has space for the variables of a public application, a sidecar, and as much again', () => {
    const { estimate } = measure(build((stack) => ({
      service: {
        environment: APPLICATION.environment,
        secrets: Object.fromEntries(APPLICATION.secrets.map((name) => [
          name, ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, name)),
        ])),
      },
    }), addSidecar));
    expect(estimate).toBeLessThanOrEqual(LIBRARY + REST * 0.6);
  });
});

describe('the estimate', () => {
  test.each([
    ['a stack without a place', undefined, 0.12],
    ['a stack with a place', { env: { account: '111111111111', region: 'eu-west-1' } }, 0.06],
  ])('of %s is above the length at deployment, and not much', (_name, props, tolerance) => {
    for (const how of ['of the stack, with names', 'imported by their names', 'parameters, imported by their names']) {
      const createProps: CreateProps = (stack) => ({ service: { secrets: SECRETS[how](stack, 40) } });
      const { estimate, real } = measure(build(createProps, undefined, props));
      expect(estimate).toBeGreaterThanOrEqual(real);
      expect(estimate).toBeLessThanOrEqual(real * (1 + tolerance));
    }
  });

  test('counts the bytes of other alphabets', () => {
    const of = (text: string) => measure(build(() => ({ service: { environment: { GREETING: text } } })));
    const [latin, japanese] = [of('a'.repeat(300)), of('日'.repeat(300))];
    expect(japanese.estimate - latin.estimate).toBe(800);
    expect(japanese.real - latin.real).toBe(800);
  });
});

describe('the error', () => {
  const variables = (count: number) => named(count, () => 'x'.repeat(60), 'VARIABLE');
  const parts = (message: string) => [...message.matchAll(/(\d+) for ([^,;]+)/g)]
    .map(([, count, name]) => ({ name, count: Number(count) }));

  test.each<[string, CreateProps, (pattern: BlueGreenPythonPipeline) => void, string[], string]>([
    ['secrets', (stack) => ({ service: { secrets: SECRETS['imported by their ARNs'](stack, 120), environment: variables(10) } }), () => undefined,
      ["'service.secrets'", "'service.environment'", 'the library'],
      'store several secrets as the fields of one JSON secret, which the application reads from one variable'],
    ['variables', () => ({ service: { environment: variables(200) } }), () => undefined,
      ["'service.environment'", 'the library'],
      'store values in one parameter of Parameter Store, as JSON or as lines, and pass it as one of the secrets'],
    ['a sidecar', (stack) => ({ service: { secrets: SECRETS['imported by their ARNs'](stack, 5) } }), ({ service }) => {
      service.fargateService.taskDefinition.addContainer('envoy', { image: ecs.ContainerImage.fromRegistry('envoy'), environment: { CONFIGURATION: 'x'.repeat(18_000) } });
    }, ["the container 'envoy'", "'service.secrets'", 'the rest of the task definition', 'the library'],
    'move settings of the container to its image or to Parameter Store'],
    ['a long command', () => ({ service: { command: ['python', '-c', 'x'.repeat(18_000)] } }), () => undefined,
      ['the rest of the task definition', 'the library'],
      'shorten the labels, commands and health checks of the containers'],
    ['commands of the build', () => ({ pipeline: { installCommands: [`echo ${'x'.repeat(18_000)}`] }, service: { environment: variables(5) } }), () => undefined,
      ["'installCommands'", "'service.environment'", 'the rest of the task definition', 'the library'],
      'move the commands to a script in the repository'],
    ['a test command', () => ({ pipeline: { testCommand: `echo ${'x'.repeat(18_000)}` } }), () => undefined,
      ["'testCommand'", 'the library'], 'move the commands to a script in the repository'],
    ['lists of the build', () => ({ pipeline: { gates: { ignoredVulnerabilities: range(1_500).map((index) => `CVE-2026-${10_000 + index}`) } } }), () => undefined,
      ['the settings of the build', 'the library'],
      'shorten the lists, such as the ignored vulnerabilities, the build arguments, the services of the tests, and the build secrets'],
  ])('about %s says what takes the space, and what helps', (_name, createProps, change, names, remedy) => {
    const { errors: [message, ...others], pattern } = build(createProps, change);
    expect(others).toEqual([]);
    const total = bytesOfBuildSpec(pattern.pipeline.buildProject);
    expect(message).toMatch(/^the buildspec, which contains the task definition of a release, must have at most 25600 bytes, got about \d+: /);
    expect(message).toContain(`got about ${total}: `);
    expect(message.endsWith(`; ${remedy}`)).toBe(true);
    const found = parts(message);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(found[0].name).toBe(names[0]);
    // the parts that are not listed are small, and none is counted twice
    const sum = found.reduce((all, { count }) => all + count, 0);
    expect(sum).toBeLessThanOrEqual(total);
    expect(sum).toBeGreaterThan(total - 3_000);
    const own = found.at(-1)?.count ?? 0;
    expect(own).toBeGreaterThan(3_000);
    expect(own).toBeLessThan(LIBRARY);
  });

  test('names a file of another kind of service, and one that is no JSON', () => {
    const stack = createStack();
    const project = new codebuild.PipelineProject(stack, 'Build', { buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2', phases: { build: { commands: ['x'.repeat(MAX)] } } }) });
    const options: BuildSpecOptions = {
      program: { object: '', objectArn: '', sha256: '' },
      runtimeVersion: '3.13',
      project: { directory: '.', dockerfile: 'Dockerfile', installCommands: [], lockFiles: [] },
      gates: { requireTests: true, ignoredVulnerabilities: [], sbom: true },
      installCommands: [],
      testServices: [],
      cached: false,
      files: [{ path: 'service.json', content: `{"a": ${new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsString}}` }, { path: 'big.yaml', content: 'x'.repeat(15_000) }],
      repositoryUri: 'images',
      artifactBucketName: 'bucket',
      testReportGroupArn: 'tests',
      exportsDigest: false,
      coverageReportGroupArn: 'coverage',
    };
    const [message] = validateBuildSpecSize(project, options);
    expect(message).toMatch(/: 20000 for 'big\.yaml', .*; shorten the file$/);
    expect(message).not.toContain('service.json');
  });
});
