import { App, CfnParameter, CfnResource, NestedStack, Stack, StackProps } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { renderStandIns, standInsOf } from '../../src/private/stand-ins';

const ACCOUNT = '111111111111';

/** A stack with a resource of each kind that references lead to. */
function createStack(props?: StackProps): Stack {
  const stack = new Stack(new App({ treeMetadata: false }), 'Orders', props);
  const resource = (id: string, type: string, properties: object = {}) => new CfnResource(stack, id, {
    type, properties: { ...properties },
  });
  resource('Named', 'AWS::SecretsManager::Secret', { Name: 'orders/prod/database' });
  resource('Unnamed', 'AWS::SecretsManager::Secret');
  resource('Joined', 'AWS::S3::Bucket', { BucketName: { 'Fn::Join': ['-', ['orders', { Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }]] } });
  resource('Reports', 'AWS::CodeBuild::ReportGroup', { Name: 'orders-tests' });
  resource('TaskRole', 'AWS::IAM::Role');
  resource('Images', 'AWS::ECR::Repository', { RepositoryName: 'orders-app' });
  resource('Log', 'AWS::Logs::LogGroup', { LogGroupName: '/aws/ecs/orders' });
  resource('Balancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Name: 'orders-web' });
  resource('Database', 'AWS::RDS::DBInstance');
  resource('Lookup', 'Custom::Lookup');
  resource('Nested', 'AWS::CloudFormation::Stack');
  new CfnParameter(stack, 'Domain');
  return stack;
}

const IMAGES = { 'Fn::Split': [':', { 'Fn::GetAtt': ['Images', 'Arn'] }] };

/**
 * A value of the template, what it is at deployment in the region with the longest name, and by how much the stand-in
 * may be longer.
 */
type Row = [value: unknown, real: string, tolerance?: number];

const KNOWN: Row[] = [
  ['text', 'text'],
  ['日本 «🐍»', '日本 «🐍»'],
  [8080, '8080'],
  [true, 'true'],
  [{ Ref: 'AWS::AccountId' }, ACCOUNT],
  [{ Ref: 'AWS::Region' }, 'ap-southeast-1'],
  [{ Ref: 'AWS::Partition' }, 'aws-us-gov'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com.cn'],
  [{ Ref: 'AWS::StackName' }, 'Orders'],
  [{ Ref: 'AWS::NoValue' }, ''],
  [{ 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }]] }, 'a/ap-southeast-1'],
  [{ 'Fn::Join': ['-', { 'Fn::Split': [':', 'a:b:c'] }] }, 'a-b-c'],
  [{ 'Fn::Sub': 'cdk-assets-${AWS::AccountId}-${AWS::Region}' }, `cdk-assets-${ACCOUNT}-ap-southeast-1`],
  [{ 'Fn::Sub': ['${Host}:${!Port}', { Host: { 'Fn::Join': ['.', ['a', 'b']] } }] }, 'a.b:${Port}'],
  [{ 'Fn::Select': [1, ['a', 'bb']] }, 'bb'],
  [{ 'Fn::Select': ['2', { 'Fn::Split': [':', 'a:b:cc'] }] }, 'cc'],
  [{ 'Fn::Select': [4, IMAGES] }, ACCOUNT],
  [{ 'Fn::Base64': 'ümlaut' }, Buffer.from('ümlaut').toString('base64')],
  [{ 'Fn::Base64': { 'Fn::Join': ['', ['{', { Ref: 'AWS::Region' }, '}']] } }, Buffer.from('{ap-southeast-1}').toString('base64')],
  [{ 'Fn::If': ['InChina', 'short', 'longer text'] }, 'longer text'],
  [{ 'Fn::If': ['InChina', '日本日', 'ascii'] }, '日本日'],
];

const RESOURCES: Row[] = [
  [{ Ref: 'Named' }, `arn:aws-us-gov:secretsmanager:ap-southeast-1:${ACCOUNT}:secret:orders/prod/database-AbCdEf`, 0.01],
  [{ Ref: 'Unnamed' }, `arn:aws:secretsmanager:ap-southeast-1:${ACCOUNT}:secret:Unnamed-AbCdEfGhIjKl-AbCdEf`, 0.25],
  [{ 'Fn::Sub': '${Named}:password::' }, `arn:aws-us-gov:secretsmanager:ap-southeast-1:${ACCOUNT}:secret:orders/prod/database-AbCdEf:password::`, 0.01],
  [{ Ref: 'Joined' }, `orders-${ACCOUNT}-ap-southeast-1`, 2.5],
  [{ Ref: 'Reports' }, `arn:aws-us-gov:codebuild:ap-southeast-1:${ACCOUNT}:report-group/orders-tests`, 0.35],
  [{ 'Fn::GetAtt': ['TaskRole', 'Arn'] }, `arn:aws-us-gov:iam::${ACCOUNT}:role/Orders-TaskRole-AbCdEfGhIjKl`, 0.65],
  [{ 'Fn::GetAtt': 'TaskRole.Arn' }, `arn:aws-us-gov:iam::${ACCOUNT}:role/Orders-TaskRole-AbCdEfGhIjKl`, 0.65],
  [{ 'Fn::GetAtt': ['Images', 'Arn'] }, `arn:aws-us-gov:ecr:ap-southeast-1:${ACCOUNT}:repository/orders-app`, 0.4],
  [{ Ref: 'Log' }, '/aws/ecs/orders', 8],
  [{ Ref: 'Balancer' }, `arn:aws-us-gov:elasticloadbalancing:ap-southeast-1:${ACCOUNT}:loadbalancer/app/orders-web/0123456789abcdef`, 0.1],
  [{ 'Fn::GetAtt': ['Balancer', 'DNSName'] }, 'internal-orders-web-1234567890.ap-southeast-1.elb.amazonaws.com.cn', 1],
  [{ 'Fn::Sub': '${Database.Endpoint.Address}:${Database.Endpoint.Port}' }, 'orders-database-abcdefghijkl.abcdefghijkl.ap-southeast-1.rds.amazonaws.com.cn:5432', 2],
  [{ 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Images', 'Arn'] }] }] }, 'repository/orders-app', 1.2],
  [{ 'Fn::Join': [':listener-rule/', { 'Fn::Split': [':loadbalancer/', { Ref: 'Balancer' }] }] },
    `arn:aws-us-gov:elasticloadbalancing:ap-southeast-1:${ACCOUNT}:listener-rule/app/orders-web/0123456789abcdef`, 0.1],
];

/** Values of any length: usual ones are shorter than the stand-in. */
const UNKNOWN: Row[] = [
  [{ Ref: 'Domain' }, 'orders.example.com'],
  [{ Ref: 'Elsewhere' }, 'a resource that the stack does not have'],
  [{ 'Fn::GetAtt': ['Lookup', 'Value'] }, 'a value'],
  [{ 'Fn::GetAtt': ['Nested', 'Outputs.Arn'] }, `arn:aws:sns:ap-southeast-1:${ACCOUNT}:orders`],
  [{ 'Fn::ImportValue': 'Data:ExportsOutputRefDatabaseSecret3B817195' }, `arn:aws:secretsmanager:ap-southeast-1:${ACCOUNT}:secret:DatabaseSecret3B817195-AbCdEfGhIjKl-AbCdEf`],
  [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'ap-southeast-1a'],
  [{ 'Fn::Select': [3, { 'Fn::Split': ['/', { Ref: 'Domain' }] }] }, 'a part'],
  [{ 'Fn::Join': [',', { Ref: 'Domain' }] }, 'a,b,c'],
];

const standIns = standInsOf(createStack());
const bytes = (text: string) => Buffer.byteLength(text);

test.each(KNOWN)('%j has the length of its longest value', (value, real) => {
  expect(bytes(standIns(value))).toBe(bytes(real));
});

test.each(RESOURCES)('%j has at least the length of its value, and not much more', (value, real, tolerance = 0) => {
  expect(bytes(standIns(value))).toBeGreaterThanOrEqual(bytes(real));
  expect(bytes(standIns(value))).toBeLessThanOrEqual(bytes(real) * (1 + tolerance));
});

test.each(UNKNOWN)('%j has the length of a long ARN', (value, real) => {
  expect(bytes(standIns(value))).toBe(120);
  expect(bytes(real)).toBeLessThanOrEqual(120);
});

test('a stack with a region has that region, and the partition of that region', () => {
  const commercial = standInsOf(createStack({ env: { account: ACCOUNT, region: 'eu-west-1' } }));
  expect([{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }].map(commercial)).toEqual(['eu-west-1', 'aws']);
  const china = standInsOf(createStack({ env: { account: ACCOUNT, region: 'cn-north-1' } }));
  expect([{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }].map(china)).toEqual(['cn-north-1', 'aws-cn']);
  expect(standInsOf(createStack({ env: { region: 'xx-new-1' } }))({ Ref: 'AWS::Partition' })).toBe('aws-us-gov');
});

test('resources of a nested stack are not those of the stack', () => {
  const stack = createStack();
  const nested = new NestedStack(stack, 'Inner');
  new CfnResource(nested, 'Topic', { type: 'AWS::SNS::Topic', properties: { TopicName: 'orders' } });
  expect(standInsOf(stack)({ Ref: 'Topic' })).toHaveLength(120);
  expect(standInsOf(nested)({ Ref: 'Topic' })).toContain(':topic/orders');
});

test('what is not known may stand in JSON with quotation marks and without', () => {
  expect(() => JSON.parse(`{"port": ${standIns({ Ref: 'Domain' })}, "host": "${standIns({ Ref: 'Domain' })}"}`)).not.toThrow();
});

/** A value, and what CloudFormation makes of it. */
interface Pair {
  readonly value: unknown;
  readonly real: string;
}

const leaf = fc.constantFrom(...[...KNOWN, ...RESOURCES, ...UNKNOWN].map(([value, real]): Pair => ({ value, real })));
const { node } = fc.letrec<{ node: Pair }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.string({ unit: 'grapheme' }).map((text): Pair => ({ value: text, real: text })),
    fc.tuple(fc.string({ maxLength: 3 }), fc.array(tie('node'), { maxLength: 4 })).map(([separator, items]): Pair => ({
      value: { 'Fn::Join': [separator, items.map(({ value }) => value)] }, real: items.map(({ real }) => real).join(separator),
    })),
    tie('node').map(({ value, real }): Pair => ({ value: { 'Fn::Base64': value }, real: Buffer.from(real).toString('base64') })),
    fc.tuple(tie('node'), tie('node'), fc.boolean()).map(([one, other, first]): Pair => ({
      value: { 'Fn::If': ['Condition', one.value, other.value] }, real: (first ? one : other).real,
    })),
    fc.tuple(tie('node'), fc.nat(3)).map(([{ value, real }, index]): Pair => ({
      value: { 'Fn::Sub': [`\${A}${'-'.repeat(index)}\${!B}`, { A: value }] }, real: `${real}${'-'.repeat(index)}\${B}`,
    })),
  ),
}));

test('whatever a text is made of, it is not longer at deployment', () => {
  fc.assert(fc.property(node, ({ value, real }) => bytes(standIns(value)) >= bytes(real)), { numRuns: 1000 });
});

test('each intrinsic function in a value is rendered, and everything else remains', () => {
  const value = { empty: {}, list: [{ Ref: 'AWS::NoValue' }, 1, null], text: { 'Fn::Join': [':', ['a', 'b']] }, map: { Ref: 'a', Other: 'b' } };
  expect(renderStandIns(createStack())(value)).toEqual({ empty: {}, list: ['', 1, null], text: 'a:b', map: { Ref: 'a', Other: 'b' } });
});

test('the branch of a condition with a dynamic reference is preferred to a longer one', () => {
  const condition = (...branches: string[]) => standIns({ 'Fn::If': ['Large', ...branches] });
  expect(condition('{{resolve:ssm:/a:1}}', 'a text that is longer than the reference')).toBe('{{resolve:ssm:/a:1}}');
  expect(condition('a', 'longer')).toBe('longer');
});
