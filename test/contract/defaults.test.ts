import * as fs from 'fs';
import * as path from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct, IDependable } from 'constructs';
import {
  BlueGreenPythonPipelineProps, BlueGreenService, BlueGreenServiceOptions, BootstrapImage,
  ContainerPlatform, DeploymentHooks, INetwork, SmokeTestOptions,
} from '../../src';
import { createStack, importedVpc } from '../helpers';
import { PLAIN } from './options/places';
import { DEFAULTS } from './options/table';
import { templateOf } from './updates/matrix';

type Props = BlueGreenPythonPipelineProps;

const service = (options: BlueGreenServiceOptions): Props => ({ service: options });
// of no stack: only its ARN is looked at
const certificate = acm.Certificate.fromCertificateArn(createStack(), 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/1');
const smokeTest = (options: Partial<SmokeTestOptions>): Props => service({
  loadBalancer: { certificate },
  release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'], hostName: 'a.b', ...options }) },
});

/** Of options that change a file beside the template, or that only a pipeline sets. Tests of their files try them. */
const BESIDE_TEMPLATE: [prop: string, text: string][] = [
  ['BlueGreenServiceOptions.stackPolicy', 'false'], ['DeployStageBindOptions.runOrder', '1'],
];

/** Defaults that are described in words and take more than one option, or names. */
const DESCRIBED: [what: string, given: Props, other: Props, base?: Props][] = [
  ['the application name', { applicationName: 'orders', environmentSuffix: 'dev' }, { applicationName: 'other', environmentSuffix: 'dev' }, { environmentSuffix: 'dev' }],
  ['the check of the certificate', smokeTest({ verifyCertificate: true }), smokeTest({ verifyCertificate: false }), smokeTest({})],
  ['the health check', service({
    healthCheck: { path: '/', interval: Duration.seconds(15), timeout: Duration.seconds(5), healthyThresholdCount: 5, unhealthyThresholdCount: 2 },
  }), service({ healthCheck: { path: '/health' } })],
];

function expectDefault(given: Props, other: Props, base = PLAIN): void {
  const left = templateOf(base);
  expect(templateOf(given)).toEqual(left);
  expect(templateOf(other)).not.toEqual(left);
}

test.each(DESCRIBED)('%s is as described when it is left out', (...[, given, other, base]) => expectDefault(given, other, base));

/** Members that an implementation of `INetwork` may leave out. */
const LEFT_OUT = ['assignPublicIp', 'forInspectionOnly'] as const;

class OwnNetwork extends Construct implements INetwork {
  public readonly taskSubnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  public readonly loadBalancerSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  public readonly internetAccess = false;
  public readonly egressEstablished: IDependable = this;
  public readonly vpc = importedVpc(Stack.of(this));
  public readonly assignPublicIp?: boolean;
  public readonly forInspectionOnly?: boolean;

  constructor(scope: Construct, members: Partial<INetwork>) {
    super(scope, 'Network');
    Object.assign(this, members);
  }

  public requireEndpoint(): void {}
}

function templateIn(members: Partial<INetwork>): object {
  const stack = createStack();
  const platform = new ContainerPlatform(stack, 'Platform', { network: new OwnNetwork(stack, members) });
  const bootstrapImage = BootstrapImage.fromImage(ecs.ContainerImage.fromEcrRepository(platform.repository));
  new BlueGreenService(stack, 'Service', { platform, bootstrapImage, removalPolicy: RemovalPolicy.RETAIN });
  return Template.fromStack(stack).toJSON();
}

test.each(LEFT_OUT)('INetwork.%s is false when it is left out', (member) => {
  const left = templateIn({});
  expect(templateIn({ [member]: false })).toEqual(left);
  expect(templateIn({ [member]: true })).not.toEqual(left);
});

const literals = DEFAULTS.flatMap(({ option, literal }) => literal === undefined ? [] : [`${option} ${literal}`]);

test('the documentation names the literals of the table in test/contract/options, and these here, and no other', () => {
  const documented = sourceFiles().flatMap((file) => {
    const source = fs.readFileSync(file, 'utf8');
    return [...source.matchAll(/export interface (\w+)[^{]*\{(.*?)\n\}/gs)].flatMap(([, name, body]) =>
      [...body.matchAll(/@default (?!- )(.+)\n(?:   \*.*\n)*   \*\/\n  readonly (\w+)\?/g)].map(([, text, prop]) => `${name}.${prop} ${text}`));
  });
  const tested = [
    ...literals,
    ...BESIDE_TEMPLATE.map(([prop, text]) => `${prop} ${text}`),
    ...LEFT_OUT.map((member) => `INetwork.${member} false`),
  ];
  expect(documented.sort()).toEqual(tested.sort());
});

// API.md would show a bare word or 3.9 as a type or a number
test('a default that is a string is documented in quotation marks', () => {
  const expression = /^\S+ ('[^']+'|true|false|\d+|(\w+\.)?[A-Z]\w*\.\w+(\(\d+\))?)$/;
  expect(literals.filter((text) => !expression.test(text))).toEqual([]);
});

test('every optional prop documents its default', () => {
  const missing = sourceFiles().filter((file) => !file.includes('/private/')).flatMap((file) =>
    [...fs.readFileSync(file, 'utf8').matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/\s*)?\n  readonly (\w+)\?:/g)]
      .filter(([, doc]) => !doc?.includes('@default'))
      .map(([, , prop]) => `${path.basename(file)} ${prop}`));
  expect(missing).toEqual([]);
});

function sourceFiles(): string[] {
  const root = path.join(__dirname, '..', '..', 'src');
  return fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => path.join(root, name));
}
