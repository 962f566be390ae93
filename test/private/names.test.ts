import { App, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { BlueGreenPythonPipeline } from '../../src';
import { ResourceNames } from '../../src/private/names';
import { createStack } from '../helpers';

const IN_IRELAND = { env: { account: '111111111111', region: 'eu-west-1' } };

function namesOf(applicationName: string, environmentSuffix: string | undefined = 'dev'): ResourceNames {
  return new ResourceNames(createStack({}, IN_IRELAND), { applicationName, environmentSuffix });
}

/** What the names of a part with this id begin with. */
const nameOf = (id: string) => new ResourceNames(new Construct(createStack(), id), {}).applicationName;

describe('a name', () => {
  test('has application, purpose, and suffix', () => {
    expect(namesOf('orders').of('web')).toBe('orders-web-dev');
    expect(namesOf('orders').prefixed('alias/', 'web')).toBe('alias/orders-web-dev');
  });

  test('of a thing that is unique in all regions has the region, and of one that is unique in all accounts the account as well', () => {
    expect(namesOf('orders').accountWide('web')).toBe('orders-web-eu-west-1-dev');
    expect(namesOf('orders').bucket('web')).toBe('orders-web-111111111111-eu-west-1-dev');
  });

  test('that just fits is whole, and one that is a character longer fills what is allowed with the beginning and a hash', () => {
    expect(namesOf('orders').of('targets', 18)).toBe('orders-targets-dev');
    const shortened = namesOf('orders').of('targets', 17);
    expect(shortened).toMatch(/^orde-[0-9a-f]{8}-dev$/);
    expect(shortened).toHaveLength(17);
  });

  test('has no two hyphens where it is cut at one', () => {
    expect(namesOf('or').of('x-of-a-long-list', 20)).toMatch(/^or-x-of-[0-9a-f]{8}-dev$/);
    expect(namesOf('or').of('x-f-a-long-list', 20)).toMatch(/^or-x-f-[0-9a-f]{8}-dev$/);
  });

  test('that is cut differs from others with the same beginning', () => {
    const names = ['one', 'two'].map((purpose) => namesOf('orders').of(`targets-of-${purpose}`, 20));
    expect(new Set(names).size).toBe(2);
  });

  test('leaves room for the longest region, whatever the region is', () => {
    // of 64 characters, 16 are for a region with its hyphen and 4 for the suffix
    expect(namesOf('orders').accountWide('a'.repeat(37))).toBe(`orders-${'a'.repeat(37)}-eu-west-1-dev`);
    expect(namesOf('orders').accountWide('a'.repeat(38))).toMatch(/^orders-a{28}-[0-9a-f]{8}-eu-west-1-dev$/);
    // of 63, another 13 are for the account
    expect(namesOf('orders').bucket('a'.repeat(23))).toBe(`orders-${'a'.repeat(23)}-111111111111-eu-west-1-dev`);
    expect(namesOf('orders').bucket('a'.repeat(24))).toMatch(/^orders-a{14}-[0-9a-f]{8}-111111111111-eu-west-1-dev$/);
  });

  test('is none without a suffix', () => {
    const names = new ResourceNames(createStack(), { applicationName: 'orders' });
    expect([names.of('web'), names.prefixed('alias/', 'web'), names.accountWide('web'), names.bucket('web')]).toEqual(Array(4).fill(undefined));
    expect(names.parts).toEqual({ applicationName: 'orders', environmentSuffix: undefined });
  });
});

describe('the suffix of the context', () => {
  const scope = () => createStack({ environmentSuffix: 'prod' });

  test('is that of a part with an application name, unless the part has its own', () => {
    expect(new ResourceNames(scope(), { applicationName: 'orders' }).parts).toEqual({ applicationName: 'orders', environmentSuffix: 'prod' });
    expect(new ResourceNames(scope(), { applicationName: 'orders', environmentSuffix: 'dev' }).environmentSuffix).toBe('dev');
  });

  test('is ignored by a part that is named by its id', () => {
    expect(new ResourceNames(scope(), {}).environmentSuffix).toBeUndefined();
  });
});

test.each([
  ['Orders', 'orders'],
  ['OrdersAPI2', 'orders-api2'],
  ['HTTPService', 'http-service'],
  ['v2Orders', 'v2-orders'],
  ['Orders_of..All', 'orders-of-all'],
  ['42-Orders-', 'orders'],
  ['--', 'app'],
])('a part with the id %s is called %s', (id, name) => {
  expect(nameOf(id)).toBe(name);
});

test('a part with a long id is called by its beginning and a hash', () => {
  expect(nameOf('A'.repeat(40))).toBe('a'.repeat(40));
  expect(nameOf('A'.repeat(41))).toMatch(/^a{31}-[0-9a-f]{8}$/);
});

describe('the parts of a name', () => {
  const create = (parts: { applicationName?: string; environmentSuffix?: string }) => () => new ResourceNames(new Stack(undefined, 'Stack'), parts);

  test.each(['a', 'a1', 'a-1', 'a-b-c', 'a'.repeat(40)])('may be %s', (applicationName) => {
    expect(create({ applicationName })).not.toThrow();
  });

  test.each(['', '1', 'A', 'a-', '-a', 'a--b', 'a_b', 'a b', 'a'.repeat(41)])('may not be "%s"', (applicationName) => {
    expect(create({ applicationName })).toThrow(`'applicationName' must be 1 to 40 lowercase letters, digits, and single hyphens, and must start with a letter, got "${applicationName}", which `);
  });

  test('have 16 characters in a suffix at most', () => {
    expect(create({ applicationName: 'orders', environmentSuffix: 'a'.repeat(16) })).not.toThrow();
    expect(create({ applicationName: 'orders', environmentSuffix: 'a'.repeat(17) })).toThrow("'environmentSuffix' must be 1 to 16 lowercase letters");
  });

  test('are texts', () => {
    expect(create({ environmentSuffix: 5 as unknown as string })).toThrow("'environmentSuffix' must be a string such as 'dev', got 5; a context value may have another type: set a string [Stack]");
  });

  test('are known at synthesis', () => {
    expect(create({ applicationName: Token.asString({ Ref: 'Name' }) })).toThrow("'applicationName' must be known at synth, got a token; "
      + 'names are shortened and checked at synth: set a plain string [Stack]');
  });

  test.each<[string, 'loadBalancer' | 'securityGroup']>([
    ['sg', 'securityGroup'], ['sg-orders', 'securityGroup'], ['internal', 'loadBalancer'], ['internal-orders', 'loadBalancer'],
  ])('that start like %s are refused where AWS reserves the prefix', (applicationName, kind) => {
    const names = new ResourceNames(createStack(), { applicationName, environmentSuffix: 'dev' });
    expect(() => names[kind]('web')).toThrow(`got "${applicationName}" for "${applicationName}-web-dev"; AWS reserves this prefix`);
    const [other] = ['loadBalancer' as const, 'securityGroup' as const].filter((each) => each !== kind);
    expect(names[other]('web')).toBe(`${applicationName}-web-dev`);
  });

  test.each(['sgorders', 'internals', 'my-internal-orders'])('may be %s', (applicationName) => {
    const names = new ResourceNames(createStack(), { applicationName, environmentSuffix: 'dev' });
    expect([names.loadBalancer('web'), names.securityGroup('web')]).toEqual([`${applicationName}-web-dev`, `${applicationName}-web-dev`]);
  });

  test.each(['Internal', 'InternalTools', 'SgTools'])('of a stack without a suffix may come from the id %s, since no resource has such a name', (id) => {
    expect(() => Template.fromStack(new BlueGreenPythonPipeline(createStack(), id).node.scope as Stack)).not.toThrow();
  });
});

describe('two patterns of one app', () => {
  const NAMES = { applicationName: 'orders', environmentSuffix: 'dev' };
  const twice = (places: [object, object], other: Partial<typeof NAMES> = {}) => {
    const app = new App();
    const [one, two] = places.map((env, index) => new Stack(app, `Stack${index + 1}`, { env }));
    new BlueGreenPythonPipeline(one, 'Orders', NAMES);
    return () => new BlueGreenPythonPipeline(two, 'Orders', { ...NAMES, ...other });
  };

  test.each<[string, [object, object]]>([
    ['place', [IN_IRELAND.env, IN_IRELAND.env]],
    ['unknown place', [{}, {}]],
  ])('fail with both paths if they have the same names in the same %s', (_place, places) => {
    expect(twice(places)).toThrow(new Error("'applicationName' and 'environmentSuffix' must not both be equal for two constructs in one account and region, got \"orders\" and \"dev\", "
      + "which Stack1/Orders also has; the names of their resources would be equal: set another 'environmentSuffix' or 'applicationName' for one of the two"
      + (places[0] === IN_IRELAND.env ? '' : ", or set 'env' on their stacks if these are for two regions or accounts") + ' [Stack2/Orders]'));
  });

  test('fail in one stack too', () => {
    const stack = createStack();
    new BlueGreenPythonPipeline(stack, 'One', NAMES);
    expect(() => new BlueGreenPythonPipeline(stack, 'Two', NAMES)).toThrow('which Stack/One also has');
  });

  test.each<[string, () => unknown]>([
    ['other regions', twice([IN_IRELAND.env, { ...IN_IRELAND.env, region: 'eu-central-1' }])],
    ['other accounts', twice([IN_IRELAND.env, { ...IN_IRELAND.env, account: '222222222222' }])],
    ['another suffix', twice([{}, {}], { environmentSuffix: 'prod' })],
    ['another name', twice([{}, {}], { applicationName: 'invoices' })],
    ['the first one removed', () => {
      const stack = createStack();
      new BlueGreenPythonPipeline(stack, 'Orders', NAMES);
      stack.node.tryRemoveChild('Orders');
      return new BlueGreenPythonPipeline(stack, 'Orders', NAMES);
    }],
    ['generated names', () => {
      const stack = createStack();
      ['One', 'Two'].forEach((id) => new BlueGreenPythonPipeline(stack, id, { applicationName: 'orders' }));
    }],
  ])('with %s pass', (_difference, create) => {
    expect(create).not.toThrow();
  });
});
