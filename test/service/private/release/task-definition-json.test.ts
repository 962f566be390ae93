import { readFileSync } from 'fs';
import * as path from 'path';
import { App, Aws, CfnCondition, CfnParameter, CfnResource, Fn, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { Deployment, evaluate, writtenFile } from './evaluate';
import { BlueGreenService, BlueGreenServiceProps, PythonCiPipeline } from '../../../../src';
import { JsonObject, quoteIntrinsic, toToken } from '../../../../src/service/private/release/json-text';
import { apiName, taskDefinitionJson, typeOf } from '../../../../src/service/private/release/task-definition-json';
import { createService, createStack, onlyResource } from '../../../helpers';

interface Container { readonly [name: string]: unknown }
interface TaskDefinition { readonly containerDefinitions: Container[]; readonly [name: string]: unknown }

/** The task definition of a release as the deploy action reads it. */
function release(
  change: (service: BlueGreenService) => Deployment | void, props: Partial<BlueGreenServiceProps> = {},
  stack = createStack(),
): TaskDefinition {
  const service = createService(stack, props);
  const deployment = change(service) ?? {};
  new PythonCiPipeline(stack, 'Pipeline', { service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images') });
  const [, { Properties }] = onlyResource(Template.fromStack(stack), 'AWS::CodeBuild::Project');
  const file = writtenFile((Properties.Source as { BuildSpec: unknown }).BuildSpec, 'taskdef.json', deployment);
  return JSON.parse(file) as TaskDefinition;
}

const override = ({ taskDefinition }: BlueGreenService, property: string, value: unknown) =>
  (taskDefinition.node.defaultChild as CfnResource).addPropertyOverride(property, value);

const APPLICATION = 'ContainerDefinitions.0';
const If = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Large', then, otherwise] });
const NO_VALUE = { Ref: 'AWS::NoValue' };

describe('a reference in an override is its value in the release:', () => {
  test.each<[string, unknown, unknown]>([
    ['a text', 'plain "text"', 'plain "text"'],
    ['a reference', { Ref: 'Bucket' }, 'orders'],
    ['a token', Token.asString({ Ref: 'Bucket' }), 'orders'],
    ['an attribute', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::orders'],
    ['a substitution with quotation marks', { 'Fn::Sub': '{"bucket": "${Bucket}"}\n' }, '{"bucket": "orders"}\n'],
    ['a concatenation with a pseudo parameter', Fn.join('/', ['a"b', Aws.REGION]), 'a"b/eu-west-1'],
    ['Base64 of quotation marks', { 'Fn::Base64': '"quoted"' }, Buffer.from('"quoted"').toString('base64')],
    ['a line of a reference', { 'Fn::Select': [1, { 'Fn::Split': ['\n', { Ref: 'Lines' }] }] }, 'two'],
    ['a line of a concatenation', { 'Fn::Select': [1, { 'Fn::Split': ['\n', { 'Fn::Join': ['\n', ['a', '"b"', 'c']] }] }] }, '"b"'],
    ['a number, as CloudFormation converts it', 8080, '8080'],
    ['a boolean, as CloudFormation converts it', true, 'true'],
    ['a choice', If('big "one"', { Ref: 'Bucket' }), 'big "one"'],
  ])('%s', (_name, value, expected) => {
    const { containerDefinitions: [container] } = release((service) => {
      override(service, `${APPLICATION}.Environment.0.Value`, value);
      return { references: { 'Lines': 'one\ntwo', 'Bucket': 'orders', 'Bucket.Arn': 'arn:aws:s3:::orders' }, conditions: { Large: true } };
    }, { environment: { KEY: 'old' } });
    expect(container.environment).toEqual([{ name: 'KEY', value: expected }]);
  });

  test('of a resource of the stack, with the value that the environment gets', () => {
    const { containerDefinitions: [container] } = release((service) => {
      const bucket = new s3.Bucket(Stack.of(service), 'Bucket');
      service.taskDefinition.defaultContainer?.addEnvironment('OTHER', bucket.bucketName);
      override(service, `${APPLICATION}.Environment.0.Value`, bucket.bucketName);
    }, { environment: { KEY: 'old' } });
    const [{ value }, other] = container.environment as { value: string }[];
    expect(value).toMatch(/^Bucket/);
    expect(other.value).toBe(value);
  });

  test('of a resource of another stack', () => {
    const app = new App({ treeMetadata: false });
    const bucket = new s3.Bucket(new Stack(app, 'Data'), 'Bucket');
    const { containerDefinitions: [container] } = release((service) => {
      override(service, `${APPLICATION}.Environment.0.Value`, bucket.bucketName);
    }, { environment: { KEY: 'old' }, command: ['serve', bucket.bucketName] }, new Stack(app, 'Stack'));
    const imported = expect.stringMatching(/^Data:ExportsOutputRefBucket/);
    expect(container).toMatchObject({ environment: [{ value: imported }], command: ['serve', imported] });
  });
});

test.each<[string, JsonObject]>([
  ['a reference', { Ref: 'a"b' }],
  ['an attribute', { 'Fn::GetAtt': ['Custom', 'a"b'] }],
  ['an export', { 'Fn::ImportValue': { 'Fn::Sub': 'a"b' } }],
  ['a mapping', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'a"b'] }],
])('the names in %s are not escaped', (_what, value) => {
  expect(quoteIntrinsic(value)).toEqual(['"', value, '"']);
});

test('the values of a substitution are escaped', () => {
  expect(quoteIntrinsic({ 'Fn::Sub': ['${A}"', { A: 'a"', B: { Ref: 'b"' } }] }))
    .toEqual(['"', { 'Fn::Sub': ['${A}\\"', { A: 'a\\"', B: { Ref: 'b"' } }] }, '"']);
});

test.each<[string, string, unknown, Container]>([
  ['a port', `${APPLICATION}.PortMappings.0.ContainerPort`, { Ref: 'Number' }, { portMappings: [{ containerPort: 30, protocol: 'tcp' }] }],
  ['a timeout', `${APPLICATION}.StopTimeout`, { Ref: 'Number' }, { stopTimeout: 30 }],
  ['a timeout as a text', `${APPLICATION}.StopTimeout`, '45', { stopTimeout: 45 }],
  ['a choice between two timeouts', `${APPLICATION}.StopTimeout`, If(60, { Ref: 'Number' }), { stopTimeout: 60 }],
  ['a timeout under a condition that holds', `${APPLICATION}.StopTimeout`, If(60, NO_VALUE), { stopTimeout: 60 }],
  ['a timeout under a condition that does not hold', `${APPLICATION}.StopTimeout`, If(NO_VALUE, 60), { stopTimeout: undefined }],
  ['a flag', `${APPLICATION}.Privileged`, { Ref: 'Flag' }, { privileged: true }],
  ['a flag as a text', `${APPLICATION}.Privileged`, 'true', { privileged: true }],
  ['a text that is no flag', `${APPLICATION}.Privileged`, 'yes', { privileged: 'yes' }],
  ['a list of texts', `${APPLICATION}.DnsServers`, { 'Fn::Split': [',', '10.0.0.2,10.0.0.3'] }, { dnsServers: ['10.0.0.2', '10.0.0.3'] }],
  ['a list parameter', `${APPLICATION}.DnsServers`, { Ref: 'List' }, { dnsServers: ['a', 'b'] }],
  ['a list of numbers', `${APPLICATION}.RestartPolicy`, { Enabled: true, IgnoredExitCodes: { Ref: 'Numbers' } }, { restartPolicy: { enabled: true, ignoredExitCodes: [1, 2] } }],
  ['a list under a condition', `${APPLICATION}.DnsServers`, If(NO_VALUE, ['10.0.0.2']), { dnsServers: undefined }],
  ['items under a condition', `${APPLICATION}.DnsServers`, [If(NO_VALUE, '1'), If('2', NO_VALUE), If('3', NO_VALUE)], { dnsServers: ['2', '3'] }],
  ['items around one without a condition', `${APPLICATION}.DnsServers`, [If('1', NO_VALUE), '2', If(NO_VALUE, '3')], { dnsServers: ['1', '2'] }],
  ['a list of which nothing is left', `${APPLICATION}.DnsServers`, [If(NO_VALUE, '1'), If(NO_VALUE, '2')], { dnsServers: [] }],
  ['conditions in conditions', `${APPLICATION}.DnsServers`, [If(If('1', NO_VALUE), NO_VALUE), If(If(NO_VALUE, '2'), '3')], { dnsServers: ['1'] }],
  ['no value at all', `${APPLICATION}.DnsServers`, [NO_VALUE, '1'], { dnsServers: ['1'] }],
  ['an object under a condition', `${APPLICATION}.RestartPolicy`, If({ Enabled: 'true', RestartAttemptPeriod: { Ref: 'Number' } }, NO_VALUE), { restartPolicy: { enabled: true, restartAttemptPeriod: 30 } }],
  ['objects under a condition', `${APPLICATION}.Ulimits`, [If({ Name: 'nofile', SoftLimit: '5', HardLimit: { Ref: 'Number' } }, NO_VALUE)], { ulimits: [{ name: 'nofile', softLimit: 5, hardLimit: 30 }] }],
  ['a map under a condition', `${APPLICATION}.DockerLabels`, If({ 'Team.Name': { Ref: 'Number' }, 'n': 1 }, NO_VALUE), { dockerLabels: { 'Team.Name': '30', 'n': '1' } }],
  ['all properties of an object under a condition', `${APPLICATION}.LinuxParameters.Capabilities`, { Add: If(['A'], NO_VALUE), Drop: If(['B'], NO_VALUE) }, { linuxParameters: { capabilities: { add: ['A'], drop: ['B'] }, initProcessEnabled: true } }],
  ['a property that AWS adds later', `${APPLICATION}.Novelty`, { Name: { Ref: 'Number' }, Size: 3, Flags: [true, null] }, { novelty: { name: '30', size: 3, flags: [true, null] } }],
])('%s in an override has the type that ECS expects', (_name, property, value, expected) => {
  const { containerDefinitions: [container] } = release((service) => {
    override(service, property, value);
    return { references: { Number: '30', Flag: 'true', List: ['a', 'b'], Numbers: ['1', '2'] }, conditions: { Large: true } };
  });
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, container[name]]))).toEqual(expected);
});

test('the size of a task is a text, and that of a container is a number', () => {
  const { cpu, containerDefinitions: [container] } = release((service) => {
    override(service, 'Cpu', 1024);
    override(service, `${APPLICATION}.Cpu`, '256');
  });
  expect([cpu, container.cpu]).toEqual(['1024', 256]);
});

test('a condition and a parameter of CDK decide about a container beside the application', () => {
  const containersIf = (large: boolean) => release((service) => {
    const stack = Stack.of(service);
    const condition = new CfnCondition(stack, 'Large', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    const image = new CfnParameter(stack, 'Image').valueAsString;
    override(service, 'ContainerDefinitions.1', Fn.conditionIf(condition.logicalId, { Name: 'agent', Image: image }, { Ref: 'AWS::NoValue' }));
    return { conditions: { Large: large } };
  }).containerDefinitions.slice(1);
  expect(containersIf(true)).toEqual([{ name: 'agent', image: 'Image' }]);
  expect(containersIf(false)).toEqual([]);
});

test.each([[true, ['FIRST', 'OWN']], [false, ['OWN']]])('secrets under a condition (%s) stay beside those of the option', (large, expected) => {
  const { containerDefinitions: [container] } = release((service) => {
    override(service, `${APPLICATION}.Secrets`, If([{ Name: 'FIRST', ValueFrom: 'a' }], NO_VALUE));
    return { conditions: { Large: large } };
  }, { secrets: { OWN: { arn: 'b', grantRead: () => ({ principalStatements: [] }) } as unknown as ecs.Secret } });
  expect((container.secrets as { name: string }[]).map(({ name }) => name)).toEqual(expected);
});

const REMEDY = 'the release registers the task definition as JSON: ';

test('secrets that are the result of a function fail at synth, also beside those of the option', () => {
  const secrets = { OWN: { arn: 'b', grantRead: () => ({ principalStatements: [] }) } as unknown as ecs.Secret };
  expect(() => release((service) => override(service, `${APPLICATION}.Secrets`, { 'Fn::GetAtt': ['Custom', 'Secrets'] }), { secrets })).toThrow(
    `'ContainerDefinitions.0.Secrets' of the task definition must be a list that is known at synth, got the result of Fn::GetAtt; ${REMEDY}`);
});

test.each<[string, string, unknown, string]>([
  ['a list', `${APPLICATION}.Environment`, { 'Fn::GetAtt': ['Custom', 'Environment'] },
    `'ContainerDefinitions.0.Environment' of the task definition must be a list that is known at synth, got the result of Fn::GetAtt; ${REMEDY}set references as the values in it, or choose between two with Fn::If`],
  ['a map', `${APPLICATION}.DockerLabels`, { Ref: 'Labels' },
    `'ContainerDefinitions.0.DockerLabels' of the task definition must be an object that is known at synth, got the result of Ref; ${REMEDY}set references as the values in it, or choose between two with Fn::If`],
  ['an object', `${APPLICATION}.LinuxParameters`, { 'Fn::FindInMap': ['a', 'b', 'c'] },
    `'ContainerDefinitions.0.LinuxParameters' of the task definition must be an object that is known at synth, got the result of Fn::FindInMap; ${REMEDY}set references as the values in it, or choose between two with Fn::If`],
  ['an item of a list that does not exist', `${APPLICATION}.Secrets.0`, { Name: 'A', ValueFrom: 'b' },
    `'ContainerDefinitions.0.Secrets' of the task definition must be a list that is known at synth, got an object; ${REMEDY}override the whole list, because an override of one item creates no list`],
  ['a loop', 'EphemeralStorage', { 'SizeInGiB': 30, 'Fn::ForEach::Size': [] },
    `'EphemeralStorage' of the task definition must be an object that is known at synth, got one with Fn::ForEach::Size; ${REMEDY}set its properties`],
  ['the name of the container', `${APPLICATION}.Name`, 'web',
    'the task definition must have a container with the name "app", got none; the release would run the placeholder: '
    + "use 'containerName' instead of an override of Name, and 'command' and similar options instead of Fn::If for the container"],
  ['the containers', 'ContainerDefinitions', If([], []), 'the task definition must have a container with the name "app", got none; '],
])('an override of %s that JSON cannot contain fails at synth', (_name, property, value, message) => {
  expect(() => release((service) => override(service, property, value))).toThrow(`[Stack/Service/TaskDefinition] ${message}`);
});

describe('the types of the properties', () => {
  const declarations = readFileSync(path.join(path.dirname(require.resolve('aws-cdk-lib/aws-ecs')), 'lib/ecs.generated.d.ts'), 'utf8');
  const structs = (declarations.split('export declare namespace CfnTaskDefinition {')[1].split('\nexport ')[0]
    + declarations.split('export interface CfnTaskDefinitionProps {')[1].split('\n}')[0].replace(/^ {4}readonly/gm, '    readonly root:'))
    .replace(/\/\*\*[^]*?\*\//g, '');
  const properties = [...structs.matchAll(/^ +readonly (root:)? ?(\w+)\??: (.*);$/gm)];
  const patterns: [RegExp, string][] = [
    [/^Array<string>$/, 'strings'],
    [/Array<number>/, 'numbers'],
    [/Array</, 'objects'],
    [/Record</, 'map'],
    [/^number$/, 'number'],
    [/^boolean /, 'boolean'],
    [/Property\b/, 'object'],
    [/^string$|\| string$/, 'string'],
  ];
  /** Names that CDK spells in a way that no rule leads to. */
  const spellings: { [name: string]: string } = { proxyConfigurationProperties: 'ProxyConfigurationProperties', fSxWindowsFileServerVolumeConfiguration: 'FSxWindowsFileServerVolumeConfiguration', s3FilesVolumeConfiguration: 'S3FilesVolumeConfiguration' };

  test('are found in CDK', () => {
    expect(properties.length).toBeGreaterThan(130);
  });

  test.each(properties.filter(([, , name]) => name !== 'tags').map(([, root, name, type]) => [name, type, root !== undefined] as const))(
    'are those of CDK: %s is %s', (name, type, root) => {
      const [, expected] = patterns.find(([pattern]) => pattern.test(type)) ?? [undefined, 'unknown'];
      const cfnName = spellings[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
      expect(typeOf(cfnName, root ? [] : undefined)).toBe(root && ['cpu', 'memory'].includes(name) ? 'string' : expected);
    });
});

test('whatever the conditions are, the JSON is that of the properties without them', () => {
  const leaf = fc.oneof(fc.constant<unknown>(NO_VALUE), fc.constantFrom('a', 'b"', '1'));
  const conditional = (inner: fc.Arbitrary<unknown>) => fc.tuple(fc.constantFrom('One', 'Two', 'Three'), inner, inner)
    .map(([condition, then, otherwise]) => ({ 'Fn::If': [condition, then, otherwise] }));
  const item = fc.oneof({ maxDepth: 3 }, leaf, conditional(leaf), conditional(fc.oneof(leaf, conditional(leaf))));
  const list = fc.array(item, { maxLength: 6 });
  const map = fc.dictionary(fc.constantFrom('x', 'y', 'z'), item);
  const truths = fc.record({ One: fc.boolean(), Two: fc.boolean(), Three: fc.boolean() });
  fc.assert(fc.property(list, map, truths, (Command, DockerLabels, conditions) => {
    const stack = new Stack();
    const properties = { ContainerDefinitions: [{ Command, DockerLabels }] };
    const { text, problems } = taskDefinitionJson(JSON.parse(JSON.stringify(properties)));
    expect(problems).toEqual([]);
    const known = evaluate(properties, { conditions }) as typeof properties;
    const [container] = known.ContainerDefinitions;
    const expected = Object.fromEntries(Object.entries(container).map(([name, value]) => [apiName(name), value]));
    expect(JSON.parse(evaluate(stack.resolve(toToken(text)), { conditions }) as string))
      .toEqual({ containerDefinitions: [expected] });
  }), { numRuns: 300 });
});
