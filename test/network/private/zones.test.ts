import { Fn, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Network, NetworkEgress, NetworkProps } from '../../../src';
import { createStack, importedVpc, resourcesOf } from '../../helpers';

const HERE = { account: '111111111111', region: 'eu-west-1' };
const zonesOfAccount = (...zones: string[]) => ({ 'availability-zones:account=111111111111:region=eu-west-1': zones });

function zonesOf(stack: Stack): unknown[] {
  return Object.entries(resourcesOf(Template.fromStack(stack), 'AWS::EC2::Subnet'))
    .filter(([id]) => id.includes('Private')).map(([, { Properties }]) => Properties.AvailabilityZone);
}

describe('the zones of a new VPC', () => {
  test('are those that are listed, in their order', () => {
    const stack = createStack();
    new Network(stack, 'Network', { availabilityZones: ['eu-west-1c', 'eu-west-1a', 'eu-west-1b'] });
    expect(zonesOf(stack)).toEqual(['eu-west-1c', 'eu-west-1a', 'eu-west-1b']);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('may be tokens, one by one', () => {
    const stack = createStack();
    const zones = [0, 2].map((index) => Fn.select(index, Fn.getAzs()));
    new Network(stack, 'Network', { availabilityZones: zones });
    expect(zonesOf(stack)).toEqual(stack.resolve(zones));
  });

  test('have a NAT gateway each at most', () => {
    const stack = createStack();
    new Network(stack, 'Network', { availabilityZones: ['a', 'b', 'c'], egress: NetworkEgress.natGateways(3) });
    Template.fromStack(stack).resourceCountIs('AWS::EC2::NatGateway', 3);
    expect(() => new Network(stack, 'Two', { availabilityZones: ['a', 'b'], egress: NetworkEgress.natGateways(3) }))
      .toThrow("'egress' must have a whole number of NAT gateways from 1 to 2, got 3");
  });

  test('may have a number of NAT gateways that is known at deployment only', () => {
    const count = Token.asNumber(Fn.importValue('Gateways'));
    const stack = createStack();
    const options = { zoneCount: 2, applicationName: 'orders' };
    expect(NetworkEgress.natGateways(count).bind(stack, options).natGateways).toBe(count);
  });

  test('are compared with those of the account by CDK, where CDK knows them', () => {
    const stack = createStack(zonesOfAccount('eu-west-1a', 'eu-west-1b', 'eu-west-1c'), { env: HERE });
    new Network(stack, 'Network', { availabilityZones: ['eu-west-1a', 'eu-west-1c'] });
    expect(zonesOf(stack)).toEqual(['eu-west-1a', 'eu-west-1c']);
    expect(() => new Network(stack, 'Elsewhere', { availabilityZones: ['eu-west-1a', 'us-east-1a'] })).toThrow(/must be a subset of the stack's availability zones/);
  });

  const RULE = "'availabilityZones' must list 2 to 6 different zones";
  test.each<[string, (stack: Stack) => NetworkProps, string]>([
    ['one', () => ({ availabilityZones: ['a'] }), `${RULE}, got ["a"]; a load balancer requires two availability zones, such as ['eu-west-1a', 'eu-west-1b'] [Stack/Network]`],
    ['none', () => ({ availabilityZones: [] }), `${RULE}, got []`],
    ['one twice', () => ({ availabilityZones: ['a', 'b', 'a'] }), `${RULE}, got ["a","b","a"]`],
    ['seven', () => ({ availabilityZones: [...'abcdefg'] }), RULE],
    ['the ids of zones', () => ({ availabilityZones: ['us-east-1a', 'use1-az2', 'use1-az10'] }),
      "'availabilityZones' must list names of zones, got the zone ids [\"use1-az2\",\"use1-az10\"]; "
      + 'use the names that your account has for them, such as eu-west-1a [Stack/Network]'],
    ['a list that is known at deployment only', () => ({ availabilityZones: Fn.split(',', Fn.importValue('Zones')) }),
      "'availabilityZones' must be a list whose length is known at synth, got a token; list the zones one by one, each of which may be a token [Stack/Network]"],
    ['a list and a number', () => ({ availabilityZones: ['a', 'b'], maxAzs: 2 }),
      "'maxAzs' cannot be used together with 'availabilityZones'; the VPC spans the zones that are listed: remove one of the two [Stack/Network]"],
    ['those of an existing VPC', (stack) => ({ availabilityZones: ['a', 'b'], vpc: importedVpc(stack) }),
      "'availabilityZones' cannot be used together with 'vpc'; these options configure a new VPC: remove them, or remove 'vpc'."],
  ])('fail with %s', (_name, props, message) => {
    const stack = createStack();
    expect(() => new Network(stack, 'Network', props(stack))).toThrow(message);
  });
});

describe('fewer zones than requested', () => {
  const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('Network\\.fewerZones')).map(({ entry }) => entry.data);

  test.each<[string, NetworkProps, string]>([
    ['without account and region', { maxAzs: 3 }, 'the VPC spans 2 availability zones instead of 3, because CDK knows only two zones of a stack without account '
      + "and region: set 'env' on the stack, or list the zones in 'availabilityZones'"],
    ['with a NAT gateway for each', { maxAzs: 3, egress: NetworkEgress.natGateways(3) },
      'the VPC spans 2 availability zones instead of 3 and has 2 NAT gateways instead of 3, because CDK knows only two zones'],
    ['with as many NAT gateways as there are zones', { maxAzs: 4, egress: NetworkEgress.natGateways(2) }, 'the VPC spans 2 availability zones instead of 4, because'],
  ])('warn %s', (_name, props, message) => {
    const stack = createStack();
    new Network(stack, 'Network', props);
    expect(warnings(stack)).toEqual([expect.stringContaining(message)]);
  });

  test('warn where the account has no more', () => {
    const stack = createStack(zonesOfAccount('eu-west-1a', 'eu-west-1b'), { env: HERE });
    new Network(stack, 'Network', { maxAzs: 3 });
    expect(warnings(stack)).toEqual([
      expect.stringContaining("the VPC spans 2 availability zones instead of 3, because the account has no more zones in this region: lower 'maxAzs'"),
    ]);
  });

  test('are not reported where the stack knows all of them, and not by default', () => {
    const stack = createStack(undefined, { env: HERE });
    new Network(stack, 'Network', { maxAzs: 3 });
    expect(warnings(stack)).toEqual([]);
    const agnostic = createStack();
    new Network(agnostic, 'Network');
    expect(warnings(agnostic)).toEqual([]);
  });

  test('are not reported before CDK has looked up the zones of the account', () => {
    const stack = createStack(undefined, { env: HERE });
    const { vpc } = new Network(stack, 'Network', { maxAzs: 4 });
    expect(vpc.availabilityZones).toEqual(['dummy1a', 'dummy1b', 'dummy1c']);
    expect(warnings(stack)).toEqual([]);
  });
});
