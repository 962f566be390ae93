import * as fs from 'fs';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createTapStack, PROFILE_NAMES } from './tap-stack';
import { formatPins, harmOf, Pin, Pins, PinnedTemplate, pinsOf } from './upgrade-pins';

const COMMITTED = path.join(__dirname, 'upgrade-pins.json');

/** What the sample stacks hold now, by profile. */
const current: { [profile: string]: Pins } = Object.fromEntries(PROFILE_NAMES.map((profile) => {
  const app = new App({ context: { profile, certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/1' } });
  return [profile, pinsOf(Template.fromStack(createTapStack(app)).toJSON() as PinnedTemplate)];
}));

if (process.env.UPGRADE_PINS === 'write') {
  fs.writeFileSync(COMMITTED, formatPins(current));
}

const committed: { [profile: string]: Pins } = JSON.parse(fs.readFileSync(COMMITTED, 'utf8'));

describe.each(PROFILE_NAMES)('an upgrade of the library in the stack of the profile %s', (profile) => {
  test('does no harm; if it must: UPGRADE_PINS=write npx jest test/integ/upgrade-pins --coverage=false, and a breaking release', () => {
    expect(harmOf(committed[profile], current[profile])).toEqual([]);
  });

  test('finds everything pinned that is there; what is new: UPGRADE_PINS=write npx jest test/integ/upgrade-pins --coverage=false', () => {
    expect(Object.keys(current[profile])).toEqual(Object.keys(committed[profile]));
  });
});

describe('the pins', () => {
  const pins = current.prod;
  const only = (type: string): [string, Pin] => {
    const found = Object.entries(pins).filter(([, pin]) => pin.type === type);
    expect(found).not.toEqual([]);
    return found[0];
  };

  test.each<[type: string, properties: string[]]>([
    ['AWS::ECS::Service', ['Cluster', 'LoadBalancers', 'NetworkConfiguration', 'PlatformVersion', 'ServiceName', 'TaskDefinition']],
    ['AWS::ElasticLoadBalancingV2::Listener', ['Certificates', 'DefaultActions', 'LoadBalancerArn', 'Port', 'Protocol', 'SslPolicy']],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', ['Name', 'Port', 'Protocol', 'ProtocolVersion', 'TargetType', 'VpcId']],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', ['Name', 'Scheme', 'Type']],
    ['AWS::EC2::VPC', ['CidrBlock']],
    ['AWS::EC2::Subnet', ['AvailabilityZone', 'CidrBlock', 'VpcId']],
    ['AWS::ECS::Cluster', ['ClusterName']],
    ['AWS::ECR::Repository', ['RepositoryName']],
    ['AWS::S3::Bucket', ['BucketName']],
    ['AWS::Logs::LogGroup', ['LogGroupName']],
    ['AWS::SNS::Topic', ['TopicName']],
    ['AWS::CodePipeline::Pipeline', ['Name']],
    ['AWS::CodeBuild::Project', ['Name']],
    ['AWS::CodeDeploy::Application', ['ApplicationName', 'ComputePlatform']],
    ['AWS::CodeDeploy::DeploymentGroup', ['ApplicationName', 'DeploymentGroupName']],
    ['AWS::IAM::Role', ['RoleName']],
    ['AWS::KMS::Key', []],
    ['AWS::CodeCommit::Repository', []],
  ])('hold every %s with at least %j', (type, properties) => {
    expect(Object.keys(only(type)[1].properties)).toEqual(expect.arrayContaining(properties));
  });

  test('hold no revision of a task definition, which every change makes anew', () => {
    expect(Object.values(pins).map(({ type }) => type)).not.toContain('AWS::ECS::TaskDefinition');
  });

  test('hold no hash of an asset', () => {
    expect(JSON.stringify(current)).not.toMatch(/[0-9a-f]{64}/);
  });
});

describe('a difference is told by what it would do', () => {
  const pin = (type: string, properties: { [name: string]: unknown } = {}): Pin => ({ type, properties });
  const before: Pins = {
    Service: pin('AWS::ECS::Service', { PlatformVersion: '1.4.0', ServiceName: 'web' }),
    Listener: pin('AWS::ElasticLoadBalancingV2::Listener', { Port: 80 }),
    Group: pin('AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 80 }),
    Repository: pin('AWS::ECR::Repository', { RepositoryName: 'orders' }),
  };
  const without = (id: string): Pins => Object.fromEntries(Object.entries(before).filter(([each]) => each !== id));

  test.each<[what: string, after: Pins, harm: string[]]>([
    ['nothing', before, []],
    ['a new resource', { ...before, Alarm: pin('AWS::CloudWatch::Alarm') }, []],
    ['another property of the service', { ...before, Service: pin('AWS::ECS::Service', { PlatformVersion: 'LATEST', ServiceName: 'web' }) },
      ['Service (AWS::ECS::Service): property PlatformVersion changed from "1.4.0" to "LATEST": '
        + "ECS refuses this update under CodeDeploy, and every user's stack update would fail and roll back"]],
    ['a new property of the service', { ...before, Service: pin('AWS::ECS::Service', { PlatformVersion: '1.4.0', ServiceName: 'web', DesiredCount: 1 }) },
      ['Service (AWS::ECS::Service): property DesiredCount changed from nothing to 1: '
        + "ECS refuses this update under CodeDeploy, and every user's stack update would fail and roll back"]],
    ['another property of the listener', { ...before, Listener: pin('AWS::ElasticLoadBalancingV2::Listener', { Port: 81 }) },
      ['Listener (AWS::ElasticLoadBalancingV2::Listener): property Port changed from 80 to 81: '
        + "CloudFormation would send the listener's action again, and all traffic to blue, in every account"]],
    ['another property that replaces', { ...before, Group: pin('AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 8080 }) },
      ['Group (AWS::ElasticLoadBalancingV2::TargetGroup): property Port changed from 80 to 8080: '
        + 'the resource would be replaced in every account, or the update refused where it has a name']],
    ['another property that replaces what holds data', { ...before, Repository: pin('AWS::ECR::Repository', { RepositoryName: 'shop' }) },
      ['Repository (AWS::ECR::Repository): property RepositoryName changed from "orders" to "shop": '
        + 'the resource would be replaced in every account, and the old one deleted with its data']],
    ['a service that is gone', without('Service'),
      ['Service (AWS::ECS::Service): the logical id is gone: CloudFormation would delete the running service in every account']],
    ['a listener that is gone', without('Listener'),
      ['Listener (AWS::ElasticLoadBalancingV2::Listener): the logical id is gone: '
        + 'CloudFormation would delete the listener in every account, and a new one cannot take its port']],
    ['data that is gone', without('Repository'),
      ['Repository (AWS::ECR::Repository): the logical id is gone: CloudFormation would delete the resource with its data in every account']],
    ['another resource that is gone', without('Group'),
      ['Group (AWS::ElasticLoadBalancingV2::TargetGroup): the logical id is gone: '
        + 'CloudFormation would delete the resource in every account, and a new one cannot take its name']],
    ['another type', { ...before, Group: pin('AWS::ElasticLoadBalancingV2::LoadBalancer') },
      ['Group (AWS::ElasticLoadBalancingV2::TargetGroup): the type is AWS::ElasticLoadBalancingV2::LoadBalancer now: '
        + 'CloudFormation would refuse the update in every account']],
  ])('%s', (_what, after, harm) => {
    expect(harmOf(before, after)).toEqual(harm);
  });

  test('in the pins that are committed as well', () => {
    const [service] = Object.entries(committed.default).find(([, { type }]) => type === 'AWS::ECS::Service')!;
    const tampered = { ...committed.default, [service]: pin('AWS::ECS::Service', { ...committed.default[service].properties, PlatformVersion: 'LATEST' }) };
    expect(harmOf(tampered, current.default)).toEqual([`${service} (AWS::ECS::Service): property PlatformVersion changed from "LATEST" to "1.4.0": `
      + "ECS refuses this update under CodeDeploy, and every user's stack update would fail and roll back"]);
  });
});
