import { Stack } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { createStack } from '../helpers';
import { ARGUMENTS, construct, constructWith, errorOf, FACTORY_ARGUMENTS, OPTIONS } from './options/constructions';
import { network, service } from './options/places';

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
