import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BlueGreenService, BlueGreenServiceProps, ContainerPlatform, DeploymentTestListener, Network } from '../../../../src';
import { createService, createStack, dependsOn, idOf, onlyResource, Resource, resourcesOf, statementsOf, textOf } from '../../../helpers';

const ALB = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/1';

type Options = Partial<BlueGreenServiceProps>;

function synthesize(options: Options | ((stack: Stack) => Options), context?: { [key: string]: unknown }) {
  const stack = createStack(context);
  const service = createService(stack, typeof options === 'function' ? options(stack) : options);
  return { stack, service, template: Template.fromStack(stack) };
}

const publicZone = (stack: Stack) => route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
const certificate = (stack: Stack) => acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE);

function listenerOn(template: Template, port: number): { [name: string]: unknown } {
  const found = Object.values(resourcesOf(template, LISTENER)).filter(({ Properties }) => Properties.Port === port);
  expect(found).toHaveLength(1);
  return found[0].Properties;
}

/** Who reaches the load balancer on a port. */
function admitted(template: Template, port: number): unknown[] {
  const group = idOf(template, SECURITY_GROUP, /^ServiceLoadBalancer/);
  const inline = resourcesOf(
    template, SECURITY_GROUP,
  )[group].Properties.SecurityGroupIngress as { [name: string]: unknown }[];
  const separate = Object.values<Resource>(resourcesOf(template, 'AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties)
    .filter(({ GroupId }) => JSON.stringify(GroupId).includes(group));
  return [...inline, ...separate].filter(({ FromPort, ToPort }) => FromPort === port && ToPort === port)
    .map(({ CidrIp, SourceSecurityGroupId }) => CidrIp ?? SourceSecurityGroupId);
}

describe('a name of its own', () => {
  const { template, service } = synthesize((stack) => ({ loadBalancer: { domainName: 'orders.example.com', hostedZone: publicZone(stack) } }));

  test('brings a certificate that is proven in the zone', () => {
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'orders.example.com',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'orders.example.com', HostedZoneId: 'Z1' }],
    });
  });

  test('is served on port 443 with that certificate and a pinned TLS 1.3 policy, and port 80 redirects to it', () => {
    expect(listenerOn(template, 443)).toMatchObject({
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      Certificates: [{ CertificateArn: { Ref: idOf(template, 'AWS::CertificateManager::Certificate', /./) } }],
    });
    expect(listenerOn(template, 80).DefaultActions).toEqual([expect.objectContaining({ Type: 'redirect' })]);
  });

  test('leads to the load balancer by an alias', () => {
    const loadBalancer = idOf(template, ALB, /./);
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'orders.example.com.',
      Type: 'A',
      HostedZoneId: 'Z1',
      AliasTarget: {
        DNSName: { 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': [loadBalancer, 'DNSName'] }]] },
        HostedZoneId: { 'Fn::GetAtt': [loadBalancer, 'CanonicalHostedZoneID'] },
      },
    });
  });

  test('is where the application answers', () => {
    expect(service.url).toBe('https://orders.example.com');
  });
});

test('a name with a certificate of the user\'s own makes the record alone', () => {
  const { template, service } = synthesize((stack) => ({
    loadBalancer: {
      domainName: 'orders.example.com',
      hostedZone: publicZone(stack),
      certificate: certificate(stack),
    },
  }));
  template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
  template.resourceCountIs('AWS::Route53::RecordSet', 1);
  expect(listenerOn(template, 443).Certificates).toEqual([{ CertificateArn: CERTIFICATE }]);
  expect(service.url).toBe('https://orders.example.com');
});

test.each<[string, (stack: Stack) => Options]>([
  ['the zone itself', (stack) => ({ loadBalancer: { domainName: 'example.com', hostedZone: publicZone(stack) } })],
  ['the zone by single letters', (stack) => ({ loadBalancer: { domainName: 'a.b.example.com', hostedZone: publicZone(stack) } })],
  ['a name that is a token', (stack) => ({
    loadBalancer: { domainName: new CfnParameter(stack, 'DomainName').valueAsString, hostedZone: publicZone(stack) },
  })],
  ['a zone that is known by its id alone', (stack) => ({
    loadBalancer: {
      domainName: 'orders.example.com',
      hostedZone: route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z1'),
    },
  })],
  ['a zone whose name is a token', (stack) => ({
    loadBalancer: {
      domainName: 'orders.example.com',
      hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: new CfnParameter(stack, 'ZoneName').valueAsString }),
    },
  })],
  ['a zone that is written with a dot and capitals', (stack) => ({
    loadBalancer: {
      domainName: 'orders.example.com',
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'Example.com.' }),
    },
  })],
  ['a private zone with a certificate', (stack) => ({
    loadBalancer: {
      domainName: 'orders.example.com',
      hostedZone: new route53.PrivateHostedZone(stack, 'Zone', { zoneName: 'example.com', vpc: new ec2.Vpc(stack, 'ZoneVpc') }),
      certificate: certificate(stack),
    },
  })],
])('a name may be in %s', (_name, options) => {
  synthesize(options).template.resourceCountIs('AWS::Route53::RecordSet', 1);
});

describe('access logs', () => {
  const { template } = synthesize((stack) => ({ applicationName: 'orders', environmentSuffix: 'dev', loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Logs') } }));
  const bucket = idOf(template, 'AWS::S3::Bucket', /./);

  test('go to the bucket, under the application\'s and the environment\'s name', () => {
    expect(onlyResource(template, ALB)[1].Properties.LoadBalancerAttributes).toEqual(expect.arrayContaining([
      { Key: 'access_logs.s3.enabled', Value: 'true' },
      { Key: 'access_logs.s3.bucket', Value: { Ref: bucket } },
      { Key: 'access_logs.s3.prefix', Value: 'orders-dev' },
    ]));
  });

  test('are written by the load balancers of this account only, each below its own prefix', () => {
    const [, policy] = onlyResource(template, 'AWS::S3::BucketPolicy');
    const { Statement: [statement, ...others] } = policy.Properties.PolicyDocument as {
      Statement: { [name: string]: unknown }[];
    };
    expect(others).toEqual([]);
    expect({ ...statement, Resource: textOf(statement.Resource) }).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `\${${bucket}.Arn}/orders-dev/AWSLogs/\${AWS::AccountId}/*`,
    });
  });

  test('and the load balancer waits for the policy, since it writes a file when it is created', () => {
    expect(dependsOn(template, ALB)).toContain(idOf(template, 'AWS::S3::BucketPolicy', /./));
  });

  test('without a suffix lie under the application\'s name', () => {
    const plain = synthesize((stack) => ({ applicationName: 'orders', loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Logs') } })).template;
    expect(onlyResource(plain, ALB)[1].Properties.LoadBalancerAttributes).toContainEqual({ Key: 'access_logs.s3.prefix', Value: 'orders' });
  });

  test('in an imported bucket warn of its policy', () => {
    const { stack } = synthesize((scope) => ({ loadBalancer: { accessLogsBucket: s3.Bucket.fromBucketName(scope, 'Logs', 'shared-logs') } }));
    Annotations.fromStack(stack).hasWarning('/Stack/Service/LoadBalancer', Match.stringLikeRegexp('policy of the imported bucket Stack/Logs.*service/AWSLogs'));
  });

  test('leave the listeners as they are, which would not wait for the policy either', () => {
    const plain = synthesize({ applicationName: 'orders', environmentSuffix: 'dev' }).template;
    expect(resourcesOf(template, LISTENER)).toEqual(resourcesOf(plain, LISTENER));
  });

  test('of the same region pass, of another account too, as a load balancer may write there', () => {
    const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });
    const accessLogs = s3.Bucket.fromBucketAttributes(stack, 'Logs', { bucketName: 'logs', account: '222222222222', region: 'eu-west-1' });
    expect(() => createService(stack, { loadBalancer: { accessLogsBucket: accessLogs } })).not.toThrow();
  });

  test.each<[string, (stack: Stack) => s3.BucketProps]>([
    ['a key', (stack) => ({ encryptionKey: new kms.Key(stack, 'Key') })],
    ['the key of AWS in KMS', () => ({ encryption: s3.BucketEncryption.KMS_MANAGED })],
    ['two layers of KMS', () => ({ encryption: s3.BucketEncryption.DSSE_MANAGED })],
  ])('in a bucket with %s are refused, as no load balancer could write them', (_name, props) => {
    expect(() => synthesize((stack) => ({ loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Logs', props(stack)) } }))).toThrow(
      "'loadBalancer.accessLogsBucket' must be a bucket with S3-managed encryption, got Stack/Logs with a KMS key; "
      + 'a load balancer cannot write with a KMS key: use a bucket with s3.BucketEncryption.S3_MANAGED [Stack/Service/LoadBalancer]');
  });
});

describe('a test listener for address ranges', () => {
  const { template, service } = synthesize({ release: { testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16', '192.0.2.7/32']) } });

  test('leads to green at first, over HTTP as production does', () => {
    expect(listenerOn(template, 9000)).toEqual({
      LoadBalancerArn: { Ref: idOf(template, ALB, /./) },
      Port: 9000,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: idOf(template, TARGET_GROUP, /Green/) } }],
    });
    expect(service.testListener).toBeDefined();
  });

  test('keeps blue until the listener is gone, because it forwards to blue after a release', () => {
    expect(resourcesOf(template, LISTENER)[idOf(template, LISTENER, /TestListener/)].DependsOn).toEqual([idOf(template, TARGET_GROUP, /Blue/)]);
  });

  test('admits these ranges and nobody else', () => {
    expect(admitted(template, 9000)).toEqual(['10.0.0.0/16', '192.0.2.7/32']);
  });

  test('is the test route of the deployment group', () => {
    const id = idOf(template, LISTENER, /TestListener/);
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      LoadBalancerInfo: {
        TargetGroupPairInfoList: [Match.objectLike({ TestTrafficRoute: { ListenerArns: [{ Ref: id }] } })],
      },
    });
  });

  test('is one more listener that CodeDeploy may move, and no other', () => {
    const statements = statementsOf(template, 'ServiceCodeDeployServiceRole');
    const [{ Resource: listeners }] = statements.filter(({ Action }) => Action === 'elasticloadbalancing:ModifyListener');
    expect(listeners).toEqual([{ Ref: idOf(template, LISTENER, /LoadBalancerListener/) }, { Ref: idOf(template, LISTENER, /TestListener/) }]);
    const [{ Resource: rules }] = statements.filter(({ Action }) => Action === 'elasticloadbalancing:ModifyRule');
    expect(rules).toHaveLength(2);
  });
});

test('without one there is neither a second listener nor a test route', () => {
  const { template, service } = synthesize({});
  template.resourceCountIs(LISTENER, 1);
  expect(service.testListener).toBeUndefined();
  expect(JSON.stringify(resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup'))).not.toContain('TestTrafficRoute');
});

test('a test listener for a security group admits what carries it', () => {
  const { template } = synthesize((stack) => ({ release: { testListener: DeploymentTestListener.fromSecurityGroup(9000, ec2.SecurityGroup.fromSecurityGroupId(stack, 'Bastion', 'sg-123')) } }));
  expect(admitted(template, 9000)).toEqual(['sg-123']);
});

test('a test listener may be for a range that is known at deployment only', () => {
  const { template } = synthesize((stack) => ({ release: { testListener: DeploymentTestListener.fromCidrs(9000, [new CfnParameter(stack, 'Office').valueAsString]) } }));
  expect(admitted(template, 9000)).toEqual([{ Ref: 'Office' }]);
});

test('a test listener may be for ranges up to the last address', () => {
  const { template } = synthesize(() => ({ release: { testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.255.0/24', '192.0.2.255/32']) } }));
  expect(admitted(template, 9000)).toEqual(['10.0.255.0/24', '192.0.2.255/32']);
});

test('a test listener speaks HTTPS where production does, with the same certificate and policy', () => {
  const { template } = synthesize((stack) => ({
    loadBalancer: { certificate: certificate(stack) },
    release: { testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']) },
  }));
  const { Port: _port, DefaultActions: _actions, ...test } = listenerOn(template, 9000);
  const { Port: _productionPort, DefaultActions: _productionActions, ...production } = listenerOn(template, 443);
  expect(test).toEqual(production);
});

test('a tag on the whole app reaches no listener, the test listener included', () => {
  const { template } = synthesize((stack) => {
    stack.tags.setTag('commit', '1');
    return { loadBalancer: { certificate: certificate(stack) }, release: { testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']) } };
  });
  for (const { Properties } of Object.values(resourcesOf(template, LISTENER))) {
    expect(Properties).not.toHaveProperty('Tags');
  }
});

describe('subnets of a given VPC', () => {
  const subnet = (stack: Stack, id: string, availabilityZone: string | undefined) =>
    ec2.Subnet.fromSubnetAttributes(stack, id, { subnetId: id, availabilityZone, routeTableId: 'rtb' });

  function serviceIn(
    stack: Stack, zones: { tasks: (string | undefined)[]; loadBalancer: (string | undefined)[] }, props: Options = {},
  ) {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['x', 'y'], vpcCidrBlock: '10.0.0.0/16' });
    const network = Network.fromNetworkAttributes(stack, 'Network', {
      vpc,
      taskSubnets: { subnets: zones.tasks.map((zone, index) => subnet(stack, `Task${index}`, zone)) },
      loadBalancerSubnets: zones.loadBalancer.includes('private-a')
        ? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }
        : { subnets: zones.loadBalancer.map((zone, index) => subnet(stack, `LoadBalancer${index}`, zone)) },
    });
    return new BlueGreenService(stack, 'Service', { platform: new ContainerPlatform(stack, 'Platform', { network }), ...props });
  }

  test.each([
    ['two in one zone', { tasks: ['a'], loadBalancer: ['a', 'a', 'b'] },
      "'network.loadBalancerSubnets' must have one subnet in each availability zone, got [\"a\",\"a\",\"b\"]; a load balancer accepts only one per zone: add 'onePerAz: true'"],
    ['private ones for a public load balancer', { tasks: ['a'], loadBalancer: ['private-a', 'private-b'] },
      "'network.loadBalancerSubnets' must be public, got private subnets; the load balancer is unreachable there: "
      + "choose public subnets, or set 'loadBalancer.internetFacing: false' for a load balancer in the subnets of the tasks"],
    ['one zone only', { tasks: ['a'], loadBalancer: ['a'] },
      "'network.loadBalancerSubnets' must span two availability zones, got [\"a\"]; a load balancer requires two: choose other subnets or another VPC"],
    ['tasks where the load balancer is not', { tasks: ['a', 'c'], loadBalancer: ['a', 'b'] },
      "'network.taskSubnets' must be in the availability zones of 'network.loadBalancerSubnets' ([\"a\",\"b\"]), got [\"c\"] in addition; "
      + 'the load balancer cannot reach tasks in another zone: choose subnets in the same zones'],
  ])('fail with %s', (_name, zones, message) => {
    expect(() => serviceIn(createStack(), zones)).toThrow(`${message} [Stack/Service/LoadBalancer]`);
  });

  test.each([
    ['that are known by their ids alone', { tasks: [undefined], loadBalancer: [undefined, undefined] }],
    ['of tasks whose zone is not known', { tasks: [undefined], loadBalancer: ['a', 'b'] }],
    ['with more zones than the tasks have', { tasks: ['a'], loadBalancer: ['a', 'b', 'c'] }],
  ])('pass %s', (_name, zones) => {
    expect(() => serviceIn(createStack(), zones)).not.toThrow();
  });

  test('pass when the zone of a task is a token, which may be any', () => {
    const stack = createStack();
    expect(() => serviceIn(stack, { tasks: [stack.availabilityZones[0]], loadBalancer: ['a', 'b'] })).not.toThrow();
  });

  test('are not judged before they are looked up', () => {
    const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });
    const vpc = ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'shared' });
    const network = new Network(stack, 'Network', { vpc, loadBalancerSubnets: { subnetGroupName: 'Edge' }, taskSubnets: { subnetGroupName: 'Apps' } });
    expect(() => new BlueGreenService(stack, 'Service', { platform: new ContainerPlatform(stack, 'Platform', { network }) })).not.toThrow();
  });
});

test('an internal load balancer in a VPC without known addresses is refused with a remedy', () => {
  const stack = createStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['x', 'y'] });
  expect(() => createService(stack, {
    platform: new ContainerPlatform(stack, 'P', { network: Network.fromNetworkAttributes(stack, 'N', { vpc }) }),
    loadBalancer: { internetFacing: false },
  })).toThrow("'network.vpc' must have a known address range for an internal load balancer, got Stack/Vpc without one; "
    + "pass 'vpcCidrBlock' to ec2.Vpc.fromVpcAttributes, or set your own 'loadBalancer.securityGroups' [Stack/Service/LoadBalancer]");
});

test('idle timeout, keep-alive and Host header are attributes of the load balancer', () => {
  const { template } = synthesize((stack) => ({
    loadBalancer: {
      idleTimeout: Duration.seconds(new CfnParameter(stack, 'Idle', { type: 'Number' }).valueAsNumber),
      clientKeepAlive: Duration.seconds(new CfnParameter(stack, 'KeepAlive', { type: 'Number' }).valueAsNumber),
      preserveHostHeader: true,
    },
  }));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    LoadBalancerAttributes: Match.arrayWith([
      { Key: 'idle_timeout.timeout_seconds', Value: { Ref: 'Idle' } },
      { Key: 'routing.http.preserve_host_header.enabled', Value: 'true' },
      { Key: 'client_keep_alive.seconds', Value: { Ref: 'KeepAlive' } },
    ]),
  });
});
