import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { resourcesById, Subject } from './findings';
import { readGolden, pageTable, verdictsOf } from './golden';
import { knownBadSubject } from './known-bad';
import { judgeByNag, PACKS, violations } from './nag';
import { profileSubject } from './subjects';
import { BlueGreenPythonPipeline } from '../../../src';
import { createStack } from '../../helpers';
import { PROFILE_NAMES } from '../../integ/tap-stack';

let directory: string;

beforeAll(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), 'verify-')); });

afterAll(() => fs.rmSync(directory, { recursive: true }));

const golden = readGolden();

describe.each(PROFILE_NAMES)('the profile %s', (profile) => {
  let subject: Subject;

  beforeAll(() => { subject = profileSubject(profile, directory); });

  test.each(Object.entries(PACKS))('has nothing that %s lists', (_name, Pack) => {
    expect(violations(new Pack(subject.app), subject.app)).toEqual([]);
  });

  test('has the findings and the reasons of the golden file', () => {
    const tools = Object.keys(PACKS);
    expect(verdictsOf(judgeByNag(subject), tools))
      .toEqual(Object.fromEntries(tools.map((tool) => [tool, golden[profile][tool]])));
  });
});

test.each(Object.entries(PACKS))('%s finds something in a stack that is wrong', (_name, Pack) => {
  const { app } = knownBadSubject(fs.mkdtempSync(path.join(directory, 'bad-')));
  expect(violations(new Pack(app), app)).not.toEqual([]);
});

describe('the golden file', () => {
  const verdicts = Object.values(golden).flatMap((tools) => Object.values(tools));
  const reasons = verdicts.flatMap(({ acknowledged }) => acknowledged.map(({ reason }) => reason));

  test('acknowledges every finding of every tool', () => {
    expect(verdicts.filter(({ findings, acknowledged: { length } }) => findings !== length)).toEqual([]);
  });

  test('has a sentence for each of them', () => {
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.filter((reason) => !/^[A-Z][^]{20,}\.$/.test(reason))).toEqual([]);
  });

  test('is below what a careful hand-written stack has: 32 findings of AwsSolutions, 13 of checkov', () => {
    expect(golden.default.AwsSolutions.findings).toBeLessThanOrEqual(16);
    expect(golden.default.checkov.findings).toBeLessThanOrEqual(6);
    expect(golden.prod.checkov.findings).toBeLessThanOrEqual(2);
  });

  test('is what docs/findings.md shows', () => {
    expect(fs.readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'findings.md'), 'utf8')).toContain(pageTable(golden));
  });
});

describe('an acknowledgement of the library', () => {
  const stack = createStack();
  const orders = new BlueGreenPythonPipeline(stack, 'Orders', { alerts: {} });
  new BlueGreenPythonPipeline(stack, 'Shop', {});

  function found(scope: Stack, rule: RegExp): string[] {
    const [, Pack] = Object.entries(PACKS)[0];
    return violations(new Pack(scope.node.root as never), scope.node.root as never).filter((each) => rule.test(each));
  }

  test('does not cover what a user grants beside it', () => {
    orders.pipeline.buildProject.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::wheels/*'] }));
    expect(found(stack, /IAM5/)).toEqual(['AwsSolutions-IAM5[Resource::arn:aws:s3:::wheels/*] Stack/Orders/Pipeline/Build/Role/Policy/Resource']);
  });

  test('does not cover what a user grants on the same wildcard', () => {
    const own = createStack();
    const { pipeline, service } = new BlueGreenPythonPipeline(own, 'Orders');
    const grant = (...actions: string[]) => new iam.PolicyStatement({ actions, resources: ['*'] });
    expect(found(own, /IAM5/)).toEqual([]);
    pipeline.buildProject.addToRolePolicy(grant('sns:Publish'));
    pipeline.buildProject.addToRolePolicy(grant('sns:ListTopics'));
    service.taskDefinition.addToExecutionRolePolicy(grant('s3:GetObject'));
    expect(found(own, /IAM5/)).toEqual([
      'AwsSolutions-IAM5[Resource::*] Stack/Orders/Pipeline/Build/Role/OwnPolicy/Resource',
      'AwsSolutions-IAM5[Resource::*] Stack/Orders/Service/ExecutionRole/OwnPolicy/Resource',
    ]);
  });

  test('covers the same call again, which CDK grants with each repository', () => {
    const own = createStack();
    const { pipeline, service } = new BlueGreenPythonPipeline(own, 'Orders');
    const another = ecr.Repository.fromRepositoryName(own, 'Another', 'another');
    another.grantPull(pipeline.buildProject);
    another.grantPull(service.taskDefinition.obtainExecutionRole());
    expect(found(own, /IAM5/)).toEqual([]);
  });

  test('does not cover the same finding elsewhere', () => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
    expect(found(stack, /Stack\/Role/)).toEqual(['AwsSolutions-IAM5[Resource::*] Stack/Role/DefaultPolicy/Resource']);
  });

  test('leaves to the user what the user decides', () => {
    expect(found(stack, /AwsSolutions-(EC23|ELB2|S1) Stack\/Orders/)).toHaveLength(3);
  });

  test('leaves an internal load balancer to the user too, as somebody may open it to the world later', () => {
    const internal = createStack();
    const { service } = new BlueGreenPythonPipeline(internal, 'Orders', { service: { loadBalancer: { internetFacing: false } } });
    service.loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(22));
    expect(found(internal, /AwsSolutions-EC23/)).toEqual(['AwsSolutions-EC23 Stack/Orders/Service/LoadBalancer/SecurityGroup/Resource']);
  });

  test('tells checkov once of a function that two pipelines share', () => {
    const functions = [...resourcesById(stack).values()].filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Lambda::Function');
    const skipped = functions.map((resource: CfnResource) => (resource.getMetadata('checkov') as { skip: { id: string }[] }).skip.map(({ id }) => id));
    expect(skipped).toEqual([['CKV_AWS_115', 'CKV_AWS_116', 'CKV_AWS_117']]);
  });
});
