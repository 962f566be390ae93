import { Resolver } from '../../../packages/rehearsal/src/assembly/resolver';
import { CloudFormationTemplate } from '../../../packages/rehearsal/src/assembly/template';

const TEMPLATE: CloudFormationTemplate = {
  Parameters: {
    Level: { Type: 'String', Default: 'info' },
    Count: { Type: 'Number' },
    Least: { Type: 'Number', MinValue: 3 },
    Size: { Type: 'String', AllowedValues: ['small', 'large'] },
    Name: { Type: 'String' },
    Subnets: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1, subnet-2' },
    Words: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/orders/level' },
    Elsewhere: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/other/level' },
    StoredList: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/orders/list' },
  },
  Conditions: {
    IsInfo: { 'Fn::Equals': [{ Ref: 'Level' }, 'info'] },
    IsDebug: { 'Fn::Not': [{ Condition: 'IsInfo' }] },
    Both: { 'Fn::And': [{ Condition: 'IsInfo' }, { 'Fn::Equals': ['a', 'a'] }] },
    Either: { 'Fn::Or': [{ Condition: 'IsDebug' }, { Condition: 'Both' }] },
    Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
  },
  Mappings: { Sizes: { 'eu-west-1': { web: 'm5', list: ['x', 'y'] } } },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Named: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: { 'Fn::Join': ['-', ['orders', { Ref: 'Level' }]] } } },
    Group: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Name: 'blue' } },
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: 'orders' } },
    Level2: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/orders/level', Value: 'warn' } },
    List: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/orders/list', Value: 'one,two' } },
  },
};

const resolver = new Resolver(TEMPLATE, { stackName: 'orders-stack', importValue: (name) => (name === 'Known' ? ['exported'] : undefined) });

test.each<[given: unknown, expected: unknown]>([
  [{ Ref: 'AWS::Region' }, 'eu-west-1'],
  [{ Ref: 'AWS::StackName' }, 'orders-stack'],
  [{ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] }, { b: [1] }],
  [{ Ref: 'Level' }, 'info'],
  [{ Ref: 'Count' }, '1'],
  [{ Ref: 'Least' }, '3'],
  [{ Ref: 'Size' }, 'small'],
  [{ Ref: 'Name' }, 'name'],
  [{ Ref: 'Subnets' }, ['subnet-1', 'subnet-2']],
  [{ 'Fn::Join': ['|', { Ref: 'Words' }] }, 'a|b'],
  [{ Ref: 'Stored' }, 'warn'],
  [{ Ref: 'Elsewhere' }, 'ssm-other-level'],
  [{ Ref: 'StoredList' }, ['one', 'two']],
  [{ Ref: 'Bucket' }, 'bucket'],
  [{ Ref: 'Missing' }, 'missing'],
  [{ Ref: 'Named' }, 'orders-info'],
  [{ Ref: 'Group' }, 'arn:aws:elasticloadbalancingv2:eu-west-1:111111111111:targetgroup/blue'],
  [{ 'Fn::GetAtt': ['Group', 'TargetGroupName'] }, 'blue'],
  [{ 'Fn::GetAtt': 'Group.TargetGroupFullName' }, 'blue-targetgroupfullname'],
  [{ 'Fn::GetAtt': ['Level2', 'Value'] }, 'warn'],
  [{ 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:ecr:eu-west-1:111111111111:repository/orders-info'],
  [{ 'Fn::GetAtt': ['Missing', 'Arn'] }, 'arn:aws:unknown:eu-west-1:111111111111:resource/missing'],
  [{ Ref: 'Task' }, 'arn:aws:ecs:eu-west-1:111111111111:task-definition/orders'],
  [{ 'Fn::If': ['IsInfo', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::If': ['IsDebug', 'yes', { Ref: 'AWS::NoValue' }] }, undefined],
  [{ 'Fn::If': ['Either', { a: { Ref: 'Level' } }, 'no'] }, { a: 'info' }],
  [{ 'Fn::If': ['Nowhere', 'yes', 'no'] }, 'no'],
  [{ 'Fn::If': ['Circle', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'web'] }, 'm5'],
  [{ 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'list'] }, ['x', 'y']],
  [{ 'Fn::FindInMap': ['Sizes', 'us-east-1', 'web', { DefaultValue: 't3' }] }, 't3'],
  [{ 'Fn::FindInMap': ['Sizes', 'us-east-1', 'web'] }, 'sizes-us-east-1-web'],
  [{ 'Fn::ImportValue': 'Known' }, ['exported']],
  [{ 'Fn::ImportValue': { 'Fn::Sub': '${Level}:Other' } }, 'import-info-other'],
  [{ 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, 'eu-west-1b'],
  [{ 'Fn::Select': ['0', { 'Fn::Split': [',', 'a,b'] }] }, 'a'],
  [{ 'Fn::Select': [7, ['a']] }, 'select-7-a'],
  [{ 'Fn::Sub': '${AWS::Partition} ${Level} ${Group.TargetGroupName} ${!Kept} ${shell}' }, 'aws info blue ${Kept} ${shell}'],
  [{ 'Fn::Sub': ['${Own} ${Level}', { Own: { Ref: 'Bucket' } }] }, 'bucket info'],
  [{ 'Fn::Base64': { Ref: 'Level' } }, 'aW5mbw=='],
  [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
  [{ 'Fn::Length': { Ref: 'Words' } }, 2],
  [{ 'Fn::ToJsonString': { level: { Ref: 'Level' } } }, '{"level":"info"}'],
  [{ 'Fn::Transform': { Name: 'Macro' } }, 'transform-name-macro'],
  ['{{resolve:ssm:/orders/level:3}}', 'warn'],
  ['a {{resolve:secretsmanager:token:SecretString:key}} b', 'a secretsmanager-token-secretstring-key b'],
  [{ Statement: { Condition: { Bool: { 'aws:SecureTransport': true } } } }, { Statement: { Condition: { Bool: { 'aws:SecureTransport': true } } } }],
  [null, null],
])('%j resolves to %j', (given, expected) => {
  expect(resolver.resolve(given)).toEqual(expected);
});

test.each<[given: unknown, expected: string]>([
  [7, '7'],
  [false, 'false'],
  [undefined, ''],
  [null, ''],
  [{ Ref: 'Words' }, 'a,b'],
  [{ a: 1 }, '{"a":1}'],
])('the text of %j is %j', (given, expected) => {
  expect(resolver.text(given)).toBe(expected);
});

test('a stand-in is the same in each run, and in each resolver', () => {
  const value = { 'Fn::Join': ['', [{ Ref: 'Nowhere' }, { 'Fn::ImportValue': 'x' }, '{{resolve:ssm:/a}}']] };
  expect(new Resolver(TEMPLATE).resolve(value)).toBe(resolver.resolve(value));
});
