import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { createStack, importedVpc } from '../helpers';
import { ARGUMENTS, construct, constructWith, errorOf, FACTORY_ARGUMENTS, OPTIONS } from './options/constructions';
import { alerts, network, service } from './options/places';
import { BlueGreenPythonPipeline, BootstrapImage, NetworkEgress } from '../../src';

/*
 * Every option and every argument whose value CDK looks up: in the first pass of the synth, it has a dummy value. If a
 * check failed for it, the CLI would never look up the value.
 */

const LOOKUP = (stack: Stack) => ssm.StringParameter.valueFromLookup(stack, '/orders/value');

/** The value of an option of this type, computed from a lookup. */
const VALUES: { [type: string]: (stack: Stack) => unknown } = {
  'string': LOOKUP,
  'string[]': (stack) => [LOOKUP(stack)],
  '{ [name: string]: string }': (stack) => ({ NAME: LOOKUP(stack) }),
};

/** Options whose value is on this machine, or that require another option or item. */
const ELSEWHERE = [
  'CodeCommitSourceOptions.seedDirectory', 'NetworkOptions.availabilityZones', 'LoadBalancerOptions.domainName',
];

type Case = [name: string, work: (stack: Stack) => unknown];

const CASES: Case[] = [
  ...OPTIONS.filter(({ name, type }) => type in VALUES && !ELSEWHERE.includes(name))
    .map(({ name, type }): Case => [name, (stack) => constructWith(stack, name, VALUES[type](stack))]),
  ...FACTORY_ARGUMENTS.filter(([, type]) => type in VALUES)
    .map(([name, type]): Case => [name, (stack) => construct(stack, ARGUMENTS[name][1](VALUES[type](stack) as never))]),
];

const TOGETHER: Case[] = [
  ['availability zones', (stack) => construct(stack, network({ availabilityZones: [LOOKUP(stack), 'eu-west-1b'] }))],
  ['a domain name', (stack) => construct(stack, service({
    loadBalancer: { domainName: LOOKUP(stack), hostedZone: route53.HostedZone.fromLookup(stack, 'Zone', { domainName: 'example.com' }) },
  }))],
  ['the suffixes of two patterns', (stack) => ['One', 'Two'].forEach((id) => new BlueGreenPythonPipeline(stack, id, {
    applicationName: 'orders', environmentSuffix: ssm.StringParameter.valueFromLookup(stack, `/${id}/suffix`),
  }))],
  ...['region', 'account'].map((part): Case => [`the ${part} of a topic`, (stack) => {
    const place = { region: 'eu-west-1', account: '111111111111', [part]: LOOKUP(stack) };
    return construct(stack, alerts({ topic: sns.Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:${place.region}:${place.account}:alerts`) }));
  }]),
  ['the name of a hosted zone', (stack) => construct(stack, service({
    loadBalancer: {
      domainName: 'orders.example.com', hostedZone: route53.PublicHostedZone.fromPublicHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: LOOKUP(stack) }),
    },
  }))],
  ['an image in a network without internet access', (stack) => {
    const image = ecs.ContainerImage.fromRegistry(LOOKUP(stack));
    const { service: { taskDefinition } } = new BlueGreenPythonPipeline(stack, 'Orders', {
      network: { egress: NetworkEgress.privateEndpoints() },
      service: { bootstrapImage: BootstrapImage.fromImage(image) },
    });
    return taskDefinition.addContainer('Sidecar', { image });
  }],
  ['a user with a low port', (stack) => construct(stack, service({ user: LOOKUP(stack), containerPort: 80 }))],
  ['the VPC of a cluster', (stack) => {
    const other = importedVpc(stack, 'Other');
    const cluster = ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc: other });
    const vpc = importedVpc(stack, 'Vpc', LOOKUP(stack));
    return construct(stack, { network: { vpc }, platform: { cluster } });
  }],
  ['a part of a name', (stack) => construct(stack, { applicationName: `orders-${LOOKUP(stack)}`, environmentSuffix: 'dev' })],
];

test.each([...CASES, ...TOGETHER])('%s may be a value that is still looked up', (_name, work) => {
  const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });
  expect(errorOf(() => {
    work(stack);
    stack.node.findAll().flatMap(({ node }) => node.validate()).forEach((message) => { throw new Error(message); });
  })).toBe('no error');
});

test('a number that is computed from a lookup fails with the remedy, since constructs of CDK fail for it too', () => {
  const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });
  expect(errorOf(() => construct(stack, service({ containerPort: Number(LOOKUP(stack)) })))).toBe(
    "'containerPort' must be a whole number from 1 to 65535, got NaN (if it is looked up, pass a default value to the lookup); use the port that the application listens on [Stack/Orders/Service]");
});
