import * as path from 'path';
import { CfnResource, Duration, RemovalPolicy, Tokenization } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { INetwork } from '../../../network/network';
import { acknowledge, wildcard } from '../../../private/acknowledge';
import { allow } from '../../../private/allow';
import { fail } from '../../../private/errors';
import { DURATION, flag, KindsOf, list, NUMBER, required, requireKinds, resource, STRING } from '../../../private/kinds';
import { encryptLogs, textOfName } from '../../../private/log-encryption';
import { requireCurrentNames } from '../../../private/moved-options';
import { MAX_LENGTH, ResourceNames } from '../../../private/names';
import { LOG_RETENTION } from '../../../private/part-defaults';
import { PolicyRole } from '../../../private/policy-role';
import { requireDuration, requireForwardSlashes, requireInteger, requirePattern } from '../../../private/validation';
import { DeploymentHooksBindOptions, SmokeTestOptions } from '../../deployment-hook-options';
import { requireEndpoints } from '../endpoints';
import { HEALTHY_CODES, requireHttpCodes } from '../load-balancer/health-check';

/**
 * The runtime of the function, which is set only here. It is a getter, because a constant would load CDK's Lambda
 * module in every app without a smoke test.
 */
const runtime = () => lambda.Runtime.NODEJS_24_X;

const HANDLER = path.join(__dirname, '..', '..', '..', '..', 'assets', 'smoke-test');

/** The time that the function needs after the tests to report their result. */
const TIME_TO_REPORT = Duration.seconds(30);

/** Actions that Lambda performs with the role of a function in a VPC. */
const OF_LAMBDA = ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'];

const FOR_ANY_INTERFACE = 'Lambda uses the role of the function to connect it to the VPC. It rejects a role that does not allow every network interface.';

/** Props of the smoke test. */
export interface SmokeTestProps extends SmokeTestOptions, DeploymentHooksBindOptions {
  readonly testPort: number;
}

/**
 * A function in the subnets of the tasks that calls the private addresses of the load balancer. The DNS name of an
 * internet-facing load balancer resolves to public addresses.
 */
export class SmokeTest extends Construct {
  public readonly function: lambda.IFunction;

  constructor(scope: Construct, id: string, private readonly props: SmokeTestProps) {
    super(scope, id);
    validate(scope, props);
    requirePrivateTasks(scope, props.network);
    const names = new ResourceNames(this, props);
    const { network } = props;
    const timeout = props.timeout ?? Duration.minutes(2);
    const securityGroup = this.createSecurityGroup(names);
    const logGroup = this.createLogGroup(names);
    this.function = new lambda.Function(this, 'Function', {
      functionName: names.of('smoke-test', MAX_LENGTH.lambdaFunction),
      description: `Calls the new tasks of ${names.applicationName} before production traffic reaches them`,
      runtime: runtime(),
      handler: 'index.handler',
      code: lambda.Code.fromAsset(HANDLER),
      timeout: timeout.plus(TIME_TO_REPORT),
      // the two clients of the SDK need nearly all of the default memory of 128 MiB
      memorySize: 256,
      role: this.createRole(names, logGroup),
      logGroup,
      vpc: network.vpc,
      vpcSubnets: network.taskSubnets,
      securityGroups: [securityGroup],
      environment: this.createEnvironment(timeout),
      environmentEncryption: props.encryptionKey,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      deadLetterQueue: props.deadLetterQueue,
    });
    requireEndpoints(network, securityGroup, ({ EC2, CODEDEPLOY }) => [EC2, CODEDEPLOY]);
    this.keepActive(names);
  }

  private createLogGroup(names: ResourceNames): logs.LogGroup {
    const { encryptionKey: key, logRetention } = this.props;
    const logGroupName = names.prefixed('/aws/lambda/', 'smoke-test');
    return new logs.LogGroup(this, 'LogGroup', {
      logGroupName,
      encryptionKey: key && encryptLogs(this, {
        key, sid: 'AllowSmokeTestLogs', logGroupName: textOfName(this, 'LogGroup', logGroupName), part: 'BlueGreenService',
      }),
      retention: logRetention ?? LOG_RETENTION,
      // it contains only test output, and a retained group would block a smoke test that is added again
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private createSecurityGroup(names: ResourceNames): ec2.SecurityGroup {
    const { network, loadBalancer, testPort } = this.props;
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      securityGroupName: names.securityGroup('smoke-test'),
      description: 'Smoke test: test listener and the APIs of EC2 and CodeDeploy out',
      allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'APIs of EC2 and CodeDeploy');
    group.connections.allowTo(loadBalancer, ec2.Port.tcp(testPort), 'Test listener');
    return group;
  }

  private createRole(names: ResourceNames, logGroup: logs.LogGroup): iam.IRole {
    const { deadLetterQueue, encryptionKey } = this.props;
    const queueKey = deadLetterQueue?.encryptionMasterKey;
    const role = new PolicyRole(this, 'Role', {
      names,
      purpose: 'smoke-test',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      statements: [
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
        // the function looks up the addresses of the load balancer with the last action, which has no resource
        wildcard(FOR_ANY_INTERFACE, allow([...OF_LAMBDA, 'ec2:DescribeNetworkInterfaces'], ['*'])),
        ...deadLetterQueue ? [allow(['sqs:SendMessage'], [deadLetterQueue.queueArn])] : [],
        ...queueKey ? [allow(['kms:GenerateDataKey', 'kms:Decrypt'], [queueKey.keyArn])] : [],
        ...encryptionKey ? [allow(['kms:Decrypt'], [encryptionKey.keyArn])] : [],
        // only the code in the function has this condition key, and not Lambda itself
        new iam.PolicyStatement({
          effect: iam.Effect.DENY,
          actions: OF_LAMBDA,
          resources: ['*'],
          conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
        }),
      ],
    });
    acknowledge(role.policy.node.defaultChild as CfnResource, FOR_ANY_INTERFACE, { checkov: ['CKV_AWS_111'] });
    return role.role;
  }

  /**
   * Invokes the function every week. Lambda reclaims the network interfaces of a function that has not run for weeks,
   * and fails the next call, which would be a release.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  private keepActive(names: ResourceNames): void {
    new events.Rule(this, 'KeepActive', {
      ruleName: names.of('smoke-test-keep-active', MAX_LENGTH.eventRule),
      description: 'Invokes the smoke test weekly, so that Lambda keeps it active',
      schedule: events.Schedule.rate(Duration.days(7)),
      targets: [
        new targets.LambdaFunction(this.function, { event: events.RuleTargetInput.fromObject({}), retryAttempts: 0 }),
      ],
    });
  }

  private createEnvironment(timeout: Duration): { [name: string]: string } {
    const {
      loadBalancer, https, testPort, domainName, hostName = domainName, paths, healthyHttpCodes = HEALTHY_CODES,
    } = this.props;
    const { verifyCertificate = hostName !== undefined } = this.props;
    return {
      LOAD_BALANCER_FULL_NAME: loadBalancer.loadBalancerFullName,
      PROTOCOL: https ? 'https' : 'http',
      PORT: Tokenization.stringifyNumber(testPort),
      HOST_NAME: hostName ?? loadBalancer.loadBalancerDnsName,
      VERIFY_CERTIFICATE: `${https && verifyCertificate}`,
      PATHS: JSON.stringify(paths),
      EXPECT_STATUS: healthyHttpCodes,
      TIMEOUT_SECONDS: `${timeout.toSeconds()}`,
    };
  }
}

/**
 * Fails with public tasks. A Lambda function never gets a public address, and without one, it cannot reach the APIs
 * that the test calls from a public subnet.
 */
function requirePrivateTasks(scope: IConstruct, { assignPublicIp }: INetwork): void {
  if (assignPublicIp) {
    fail(scope, "'release.hooks' must not contain DeploymentHooks.smokeTest with public tasks; its Lambda function gets no public address, "
      + 'so it cannot reach EC2 and CodeDeploy: use NetworkEgress.natGateways(1), or your own function with DeploymentHooks.fromFunctions');
  }
}

const OPTIONS: KindsOf<SmokeTestOptions> = {
  paths: required(list(STRING)),
  healthyHttpCodes: STRING,
  hostName: STRING,
  verifyCertificate: flag(),
  timeout: DURATION,
  reservedConcurrentExecutions: NUMBER,
  deadLetterQueue: resource('an sqs.IQueue, such as an sqs.Queue', 'queueArn', ['queueUrl'], {
    same: 'region', remedy: 'Lambda writes only to a queue of its region: use one there',
  }),
};

function validate(scope: IConstruct, options: SmokeTestOptions): void {
  requireCurrentNames(scope, options, { expectStatus: 'healthyHttpCodes' });
  requireKinds(scope, options, OPTIONS, 'release.hooks.smokeTest.');
  if (options.paths.length === 0) {
    fail(scope, "'release.hooks.smokeTest.paths' must contain at least one path, got []; add a path that shows that the application works, such as '/health'");
  }
  options.paths.forEach((each) => requireForwardSlashes(scope, 'release.hooks.smokeTest.paths', each));
  options.paths.forEach((each) => requirePattern(scope, 'release.hooks.smokeTest.paths', each, /^\/[!-~]*$/,
    "start with '/' and contain only printable ASCII characters without white space"));
  requireHttpCodes(scope, 'release.hooks.smokeTest.healthyHttpCodes', options.healthyHttpCodes);
  requirePattern(scope, 'release.hooks.smokeTest.hostName', options.hostName, /^[\w-]+(\.[\w-]+)*$/,
    "be a host name of letters, digits, hyphens, and single dots, such as 'orders.example.com', without a port");
  requireInteger(scope, 'release.hooks.smokeTest.reservedConcurrentExecutions', options.reservedConcurrentExecutions, {
    min: 1, max: 1000, remedy: '2 is enough: one for a release, and one for the weekly call',
  });
  if (options.timeout?.isUnresolved()) {
    fail(scope, "'release.hooks.smokeTest.timeout' must be known at synth, got a token; the timeout of the function is derived from it: set a plain duration");
  }
  requireDuration(scope, 'release.hooks.smokeTest.timeout', options.timeout, {
    unit: 'seconds', min: 30, max: 840, remedy: 'a function runs for at most 15 minutes, including its report',
  });
}
