import { App, CfnResource, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  acknowledgeRule, architectureName, autoDeleteFunction, awaitsLookup, beginsAsGrantOfCdk, isAcknowledged,
  isDefaultBuildLog, isDummyZone, NOBODY, propertyOverrideOf, renderedProperties, resourceOfService, targetOfScaling,
  valueWithOverride,
} from '../../src/private/cdk-internals';
import { createStack, importedVpc, onlyResource } from '../helpers';

function createFargateService(stack: Stack): ecs.FargateService {
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('app', { image: ecs.ContainerImage.fromRegistry('app') });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  return new ecs.FargateService(stack, 'Fargate', { cluster, taskDefinition });
}

/** The statements that constructs add to a role. */
function recordStatements(role: iam.Role): iam.PolicyStatement[] {
  const statements: iam.PolicyStatement[] = [];
  jest.spyOn(role, 'addToPrincipalPolicy').mockImplementation((statement) => {
    statements.push(statement);
    return { statementAdded: true, policyDependable: role };
  });
  return statements;
}

const createRole = (stack: Stack) => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });

test('an override of a property can be read', () => {
  const resource = new CfnResource(createStack(), 'Resource', { type: 'Test::Test' });
  resource.addPropertyOverride('List.0.Name', 'own');
  expect(propertyOverrideOf(resource, 'List.0.Name')).toBe('own');
  expect(propertyOverrideOf(resource, 'List.1.Name')).toBeUndefined();
  expect(propertyOverrideOf(new CfnResource(createStack(), 'Other', { type: 'Test::Test' }), 'List.0.Name')).toBeUndefined();
});

test('the value of a property is that of its override, or nothing if the override deletes it', () => {
  const resource = new CfnResource(createStack(), 'Resource', { type: 'Test::Test' });
  expect(valueWithOverride(resource, 'Name', 'declared')).toBe('declared');
  resource.addPropertyOverride('Other', 'own');
  expect(valueWithOverride(resource, 'Name', 'declared')).toBe('declared');
  resource.addPropertyOverride('Name', 'own');
  expect(valueWithOverride(resource, 'Name', 'declared')).toBe('own');
  resource.addPropertyDeletionOverride('Name');
  expect(valueWithOverride(resource, 'Name', 'declared')).toBeUndefined();
});

test('renderedProperties has what the template will have, overrides included', () => {
  const bucket = new s3.CfnBucket(createStack(), 'Bucket', { bucketName: 'one' });
  bucket.addPropertyOverride('BucketName', 'two');
  bucket.addPropertyOverride('VersioningConfiguration.Status', 'Enabled');
  expect(bucket.bucketName).toBe('one');
  expect(renderedProperties(bucket)).toEqual({ BucketName: 'two', VersioningConfiguration: { Status: 'Enabled' } });
  expect(renderedProperties(new CfnResource(createStack(), 'Empty', { type: 'A::B::C' }))).toEqual({});
});

test('architectureName is the value, whoever made the object', () => {
  expect(architectureName(ecs.CpuArchitecture.ARM64)).toBe('ARM64');
  expect(architectureName(ecs.CpuArchitecture.X86_64)).toBe('X86_64');
  expect(architectureName(ecs.CpuArchitecture.of('ARM64'))).toBe('ARM64');
});

test('resourceOfService is the service of ECS', () => {
  expect(resourceOfService(createFargateService(createStack()))).toBeInstanceOf(ecs.CfnService);
});

test('targetOfScaling is the target of Application Auto Scaling', () => {
  const scaling = createFargateService(createStack()).autoScaleTaskCount({ maxCapacity: 2 });
  expect(targetOfScaling(scaling)).toBeInstanceOf(appscaling.ScalableTarget);
});

test('autoDeleteFunction is the function of the stack that empties buckets, and nothing without one', () => {
  const stack = createStack();
  const bucket = new s3.Bucket(stack, 'Kept');
  expect(autoDeleteFunction(bucket)).toBeUndefined();
  new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
  expect(autoDeleteFunction(bucket)).toMatchObject({ cfnResourceType: 'AWS::Lambda::Function' });
});

test.each<[string, (stack: Stack, role: iam.IRole) => unknown]>([
  ['reading a bucket', (stack, role) => new s3.Bucket(stack, 'Bucket').grantRead(role)],
  ['reading and writing a bucket', (stack, role) => new s3.Bucket(stack, 'Bucket').grantReadWrite(role)],
  ['decrypting with a key', (stack, role) => new kms.Key(stack, 'Key').grantDecrypt(role)],
  ['encrypting and decrypting with a key', (stack, role) => new kms.Key(stack, 'Key').grantEncryptDecrypt(role)],
  ['writing to a log group', (stack, role) => new logs.LogGroup(stack, 'Logs').grantWrite(role)],
])('beginsAsGrantOfCdk knows the grant of %s', (_what, grant) => {
  const stack = createStack();
  const role = createRole(stack);
  const statements = recordStatements(role);
  grant(stack, role);
  expect(statements).not.toHaveLength(0);
  expect(statements.every(beginsAsGrantOfCdk)).toBe(true);
});

test('beginsAsGrantOfCdk takes no denial and nothing else for one', () => {
  expect(beginsAsGrantOfCdk(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['kms:Decrypt'], resources: ['*'] }))).toBe(false);
  expect(beginsAsGrantOfCdk(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }))).toBe(false);
  expect(beginsAsGrantOfCdk(new iam.PolicyStatement({ notActions: ['kms:Decrypt'], resources: ['*'] }))).toBe(false);
});

test('isDefaultBuildLog knows what CDK grants beside the log group of a project', () => {
  const stack = createStack();
  const role = createRole(stack);
  const statements = recordStatements(role);
  const logGroup = new logs.LogGroup(stack, 'Logs');
  new codebuild.PipelineProject(stack, 'Project', { role, logging: { cloudWatch: { logGroup } }, grantReportGroupPermissions: false });
  const granted = statements.flatMap(({ resources }) => resources);
  expect(granted.filter(isDefaultBuildLog)).toHaveLength(2);
  expect(granted.filter((resource) => !isDefaultBuildLog(resource))).toEqual([logGroup.logGroupArn]);
});

test('a group that may send to nobody has the rule that NOBODY names', () => {
  const stack = createStack();
  new ec2.SecurityGroup(stack, 'Group', { vpc: importedVpc(stack), allowAllOutbound: false });
  const [, { Properties }] = onlyResource(Template.fromStack(stack), 'AWS::EC2::SecurityGroup');
  expect(Properties.SecurityGroupEgress).toMatchObject([{ CidrIp: NOBODY }]);
});

test('the zones of a stack with an account, which are looked up later, are dummy zones', () => {
  const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });
  expect(stack.availabilityZones.map(isDummyZone)).toEqual([true, true, true]);
  expect(isDummyZone('eu-west-1a')).toBe(false);
});

test('a parameter that is looked up later has a dummy value', () => {
  const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });
  const value = ssm.StringParameter.valueFromLookup(stack, '/orders/branch');
  expect([value, `${value}/x`, 'main', ssm.StringParameter.valueForStringParameter(stack, '/orders/branch')].map(awaitsLookup))
    .toEqual([true, true, false, false]);
});

const WILDCARD = 'AwsSolutions-IAM5[Resource::*]';

test('what acknowledgeRule says, cdk-nag takes for acknowledged, for this construct only', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const [one, other] = ['One', 'Other'].map((id) => new iam.ManagedPolicy(stack, id, {
    statements: [new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] })],
  }));
  acknowledgeRule(one, WILDCARD, 'The call knows no resource.');
  const found = new AwsSolutionsChecks(app).validateScope(app).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
  expect(found).toEqual([`${WILDCARD} ${other.node.path}/Resource`]);
});

test('CDK itself acknowledges no rule that names a resource', () => {
  const { node: { scope } } = new CfnResource(createStack(), 'One', { type: 'A::B::C' });
  expect(() => Validations.of(scope!).acknowledge({ id: `Annotation::${WILDCARD}`, reason: '' })).toThrow("'::' delimiter is reserved");
});

test('isAcknowledged reads what acknowledgeRule and CDK write', () => {
  const construct = new CfnResource(createStack(), 'One', { type: 'A::B::C' });
  expect(isAcknowledged(construct, WILDCARD)).toBe(false);
  acknowledgeRule(construct, WILDCARD, 'why');
  Validations.of(construct).acknowledge({ id: 'AwsSolutions-S1', reason: 'why' });
  expect(isAcknowledged(construct, WILDCARD)).toBe(true);
  expect(isAcknowledged(construct, 'AwsSolutions-S1')).toBe(true);
  expect(isAcknowledged(construct, 'AwsSolutions-S2')).toBe(false);
});
