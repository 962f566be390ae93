import { Duration, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { CHOICES, Given, PLAIN, Props, service } from './places';
import { BadValue, OptionRow, Row } from './row';
import { hookFunction, minutes, TEST_LISTENER, WITH_SMOKE_TEST, WITH_TEST_LISTENER } from './values';
import { DeploymentHookFunctions, DeploymentHooks, DeploymentTestListener, TrafficShift } from '../../../src';

const NEXT_RELEASE = 'in place: deployment group';

const withHook: Given = (stack) => { hookFunction(stack); return PLAIN; };
const withCustomShift = service({ release: { trafficShift: TrafficShift.canary(20, Duration.minutes(2)) } });
const smokeTest = CHOICES.SmokeTestOptions;

const withCheckedSmokeTest = (verifyCertificate: boolean): Given => (stack: Stack) => service({
  loadBalancer: { certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate1', 'arn:aws:acm:eu-west-1:111111111111:certificate/1') },
  release: {
    hooks: DeploymentHooks.smokeTest({ paths: ['/'], hostName: 'orders.example.com', verifyCertificate }),
  },
});

const hook = (event: keyof DeploymentHookFunctions): Row => [`DeploymentHookFunctions.${event}`, 'none to a function', withHook,
  (stack) => service({ release: { hooks: DeploymentHooks.fromFunctions({ [event]: hookFunction(stack) }) } })];

const shifts = fc.oneof(
  fc.constant(TrafficShift.allAtOnce()),
  fc.constantFrom(5, 15).map((interval) => TrafficShift.canary(10, Duration.minutes(interval))),
  fc.tuple(fc.integer({ min: 1, max: 99 }), minutes(1, 2880))
    .map(([percentage, interval]) => TrafficShift.canary(percentage, interval)),
  fc.tuple(fc.integer({ min: 1, max: 99 }), minutes(1, 2880))
    .map(([percentage, interval]) => TrafficShift.linear(percentage, interval)),
);

export const RELEASE: (OptionRow | Row)[] = [
  {
    option: 'ReleaseOptions.trafficShift',
    same: TrafficShift.canary(10, Duration.minutes(5)),
    other: TrafficShift.linear(10, Duration.minutes(3)),
    change: '`TrafficShift.canary(10, 5 minutes)` to `TrafficShift.linear(10, 3 minutes)`',
    bad: [
      ...[0, 100, 12.5].map((percentage): BadValue => [TrafficShift.canary(percentage, Duration.minutes(5)),
        `'release.trafficShift.percentage' must be a whole number from 1 to 99, got ${percentage}; `
        + 'TrafficShift.canary shifts a part of the traffic; TrafficShift.allAtOnce() shifts all of it [Stack/Orders/Service/CodeDeploy]']),
      [TrafficShift.linear(10, Duration.seconds(30)), "'release.trafficShift.interval' must be a whole number of minutes from 1 to 2880, got 30 seconds; "
        + 'CodeDeploy accepts intervals in whole minutes only [Stack/Orders/Service/CodeDeploy]'],
    ],
    effect: "deleted: alarm; in place: alerts' rule, deployment group",
    drawn: shifts,
  },
  ['ReleaseOptions.trafficShift', '`TrafficShift.canary(10, 5 minutes)` to `TrafficShift.allAtOnce()`', PLAIN,
    service({ release: { trafficShift: TrafficShift.allAtOnce() } })],
  ['ReleaseOptions.trafficShift', '`TrafficShift.canary(10, 5 minutes)` to one that AWS has not', PLAIN, withCustomShift],
  ['ReleaseOptions.trafficShift', 'a custom configuration to another', withCustomShift,
    service({ release: { trafficShift: TrafficShift.canary(30, Duration.minutes(2)) } })],
  {
    option: 'ReleaseOptions.terminationWaitTime',
    default: 'Duration.minutes(5)',
    other: Duration.minutes(60),
    bad: [[Duration.days(3), "'release.terminationWaitTime' must be a whole number of minutes from 0 to 2880, got 3 days; "
      + 'CodeDeploy keeps the old tasks for at most 2 days [Stack/Orders/Service]']],
    effect: NEXT_RELEASE,
    drawn: minutes(0, 2880),
  },
  {
    option: 'ReleaseOptions.deploymentApprovalWaitTime',
    other: Duration.minutes(60),
    bad: [0, 2881].map((amount): BadValue => [Duration.minutes(amount),
      `'release.deploymentApprovalWaitTime' must be a whole number of minutes from 1 to 2880, got ${Duration.minutes(amount).toHumanString()}; `
      + 'CodeDeploy waits for at most 2 days; remove the option for a release without approval [Stack/Orders/Service]']),
    effect: NEXT_RELEASE,
    drawn: minutes(1, 2880),
  },
  {
    option: 'ReleaseOptions.protectImages',
    same: true,
    other: false,
    bad: [['yes', "'release.protectImages' must be true or false, got \"yes\"; set false for a repository without marks [Stack/Orders/Service]"]],
    effect: "deleted: alarm, alerts' rule, image marks' parameter, image marks' role's policy, image marks' role, image marks' start role's policy, "
      + "image marks' start role, image marks' state machine; in place: alerts' rule, build project, image repository",
    // `false` excludes the retention of the candidates: the property tests draw it instead
    drawn: false,
  },
  ['ReleaseOptions.testListener', 'none to `DeploymentTestListener.fromCidrs(9000, ...)`', PLAIN, WITH_TEST_LISTENER],
  ['ReleaseOptions.testListener', 'none to `DeploymentTestListener.fromSecurityGroup(9000, ...)`', PLAIN, (stack) =>
    service({ release: { testListener: DeploymentTestListener.fromSecurityGroup(9000, ec2.SecurityGroup.fromSecurityGroupId(stack, 'Tester', 'sg-2')) } })],
  ['ReleaseOptions.testListener', 'port 9000 to 9001', WITH_TEST_LISTENER,
    service({ release: { testListener: DeploymentTestListener.fromCidrs(9001, ['10.0.0.0/16']) } })],
  ['ReleaseOptions.testListener', 'one to none', WITH_TEST_LISTENER, PLAIN],
  ['ReleaseOptions.hooks', 'none to `DeploymentHooks.fromFunctions(...)`', withHook,
    (stack) => service({
      release: { hooks: DeploymentHooks.fromFunctions({ beforeAllowTraffic: hookFunction(stack) }) },
    })],
  ['ReleaseOptions.hooks', 'none to `DeploymentHooks.smokeTest(...)`', PLAIN, WITH_SMOKE_TEST],
  ['ReleaseOptions.hooks', '`DeploymentHooks.smokeTest(...)` to `DeploymentHooks.all(...)` with it and another',
    (stack) => { hookFunction(stack); return WITH_SMOKE_TEST as Props; },
    (stack) => service({
      release: {
        hooks: DeploymentHooks.all(DeploymentHooks.smokeTest({ paths: ['/'] }),
          DeploymentHooks.fromFunctions({ afterAllowTraffic: hookFunction(stack) })),
      },
    })],

  hook('beforeInstall'),
  hook('afterInstall'),
  ['DeploymentHookFunctions.afterAllowTestTraffic', 'none to a function', (stack) => { hookFunction(stack); return WITH_TEST_LISTENER; },
    (stack) => service({
      release: {
        testListener: TEST_LISTENER,
        hooks: DeploymentHooks.fromFunctions({ afterAllowTestTraffic: hookFunction(stack) }),
      },
    })],
  hook('beforeAllowTraffic'),
  hook('afterAllowTraffic'),
  {
    option: 'SmokeTestOptions.paths',
    other: ['/health'],
    change: '`/` to `/health`',
    bad: [[['\\health'], "'release.hooks.smokeTest.paths' must not contain a backslash, got \"\\\\health\"; use forward slashes, also if you synthesize on Windows [Stack/Orders/Service]"]],
    effect: "in place: smoke test's function",
  },
  {
    option: 'SmokeTestOptions.healthyHttpCodes',
    default: "'200'",
    other: '200-204',
    effect: "in place: smoke test's function",
  },
  {
    option: 'SmokeTestOptions.hostName',
    other: 'orders.example.com',
    effect: "in place: smoke test's function",
  },
  ['SmokeTestOptions.verifyCertificate', '`true` to `false`', withCheckedSmokeTest(true), withCheckedSmokeTest(false)],
  {
    option: 'SmokeTestOptions.reservedConcurrentExecutions',
    other: 2,
    bad: [0, 1.5, 1001].map((runs): BadValue => [runs,
      `'release.hooks.smokeTest.reservedConcurrentExecutions' must be a whole number from 1 to 1000, got ${runs}; `
      + '2 is enough: one for a release, and one for the weekly call [Stack/Orders/Service]']),
    effect: "in place: smoke test's function",
  },
  ['SmokeTestOptions.deadLetterQueue', 'none to one', WITH_SMOKE_TEST,
    (stack) => smokeTest({ deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'Lost', 'arn:aws:sqs:eu-west-1:111111111111:lost') })],
  {
    option: 'SmokeTestOptions.timeout',
    default: 'Duration.minutes(2)',
    other: Duration.minutes(5),
    effect: "in place: smoke test's function",
  },

  {
    option: 'RollbackAlarmOptions.enabled',
    default: 'true',
    other: false,
    bad: [['false', /^'release.rollbackAlarms.enabled' must be true or false, got "false"; .* \[Stack\/Orders\/Service\]$/]],
    effect: "deleted: alarm ×4; in place: alerts' rule, deployment group",
    // `false` excludes the thresholds: the property tests draw it instead of them
    drawn: false,
  },
  {
    option: 'RollbackAlarmOptions.suspended',
    default: 'false',
    other: true,
    bad: [['false', /^'release.rollbackAlarms.suspended' must be true or false, got "false"; .* \[Stack\/Orders\/Service\]$/]],
    effect: NEXT_RELEASE,
  },
  {
    option: 'RollbackAlarmOptions.errorRateThreshold',
    default: '5',
    other: 10,
    bad: [0, 101, 2.5].map((percent): BadValue => [percent,
      `'release.rollbackAlarms.errorRateThreshold' must be a whole number from 1 to 100, got ${percent}; `
      + 'the alarm enters ALARM at this percentage of errors [Stack/Orders/Service]']),
    effect: 'in place: alarm',
    // `serverErrorThreshold` excludes it
    drawn: false,
  },
  {
    option: 'RollbackAlarmOptions.minimumErrors',
    default: '20',
    other: 10,
    bad: [[0, "'release.rollbackAlarms.minimumErrors' must be a whole number from 1 to 9007199254740991, got 0; "
      + 'fewer errors in a minute stop no release [Stack/Orders/Service]']],
    effect: 'in place: alarm',
    drawn: false,
  },
  {
    option: 'RollbackAlarmOptions.serverErrorThreshold',
    other: 20,
    change: 'none to 20',
    bad: [[0, "'release.rollbackAlarms.serverErrorThreshold' must be a whole number from 1 to 9007199254740991, got 0; "
      + 'the alarm enters ALARM at this number [Stack/Orders/Service]']],
    effect: 'in place: alarm',
    drawn: fc.constant(1),
  },
  {
    option: 'RollbackAlarmOptions.compareReleases',
    default: 'true',
    other: false,
    bad: [['false', /^'release.rollbackAlarms.compareReleases' must be true or false, got "false"; .* \[Stack\/Orders\/Service\]$/]],
    effect: "deleted: alarm; in place: alerts' rule, deployment group",
  },
  {
    option: 'RollbackAlarmOptions.unhealthyHostThreshold',
    default: '1',
    other: 2,
    bad: [[0.5, "'release.rollbackAlarms.unhealthyHostThreshold' must be a whole number from 1 to 9007199254740991, got 0.5; "
      + 'the alarm enters ALARM at this number [Stack/Orders/Service]']],
    effect: 'in place: alarm ×2',
  },
  {
    option: 'RollbackAlarmOptions.latencyThreshold',
    other: Duration.seconds(1),
    change: 'none to a second',
    bad: [[Duration.seconds(0), "'release.rollbackAlarms.latencyThreshold' must be a whole number of milliseconds from 1 to 3600000, got 0 seconds; "
      + 'the alarm enters ALARM at this response time [Stack/Orders/Service]']],
    effect: "created: alarm ×2; in place: alerts' rule, deployment group",
    drawn: fc.constant(Duration.millis(500)),
  },
  {
    option: 'ScalingOptions.minCapacity',
    default: '1',
    other: 2,
    bad: [
      [0, "'scaling.minCapacity' must be a whole number from 1 to 5000, got 0; an ECS service can run at most 5000 tasks [Stack/Orders/Service]"],
      [5, "'scaling.minCapacity' must not be greater than 'scaling.maxCapacity', got 5 and 4; raise 'scaling.maxCapacity' [Stack/Orders/Service]"],
    ],
    effect: 'in place: scaling target',
  },
  {
    option: 'ScalingOptions.maxCapacity',
    other: 8,
    change: '4 to 8',
    effect: 'in place: scaling target',
  },
  {
    option: 'ScalingOptions.targetCpuUtilizationPercent',
    same: 60,
    other: 70,
    bad: [[100, "'scaling.targetCpuUtilizationPercent' must be a whole number from 1 to 99, got 100; this is the average utilization that scaling maintains [Stack/Orders/Service]"]],
    effect: 'in place: scaling policy',
  },
  {
    option: 'ScalingOptions.targetMemoryUtilizationPercent',
    other: 70,
    bad: [[0, "'scaling.targetMemoryUtilizationPercent' must be a whole number from 1 to 99, got 0; this is the average utilization that scaling maintains [Stack/Orders/Service]"]],
    effect: 'deleted: scaling policy; created: scaling policy',
  },
  {
    option: 'ScalingOptions.targetRequestsPerMinute',
    other: 600,
    bad: [[0, /^'scaling.targetRequestsPerMinute' must be a whole number from 1 to \d+, got 0; this is the number of requests that one task should answer in a minute \[Stack\/Orders\/Service\]$/]],
    effect: 'deleted: scaling policy; created: scaling policy',
  },
  {
    option: 'ScalingOptions.scaleOutCooldown',
    default: 'Duration.minutes(1)',
    other: Duration.minutes(2),
    bad: [[Duration.days(2),
      "'scaling.scaleOutCooldown' must be a whole number of seconds from 0 to 86400, got 2 days; this is the pause after tasks are added or removed [Stack/Orders/Service]"]],
    effect: 'in place: scaling policy',
  },
  {
    option: 'ScalingOptions.scaleInCooldown',
    default: 'Duration.minutes(5)',
    other: Duration.minutes(10),
    bad: [[Duration.days(2),
      "'scaling.scaleInCooldown' must be a whole number of seconds from 0 to 86400, got 2 days; this is the pause after tasks are added or removed [Stack/Orders/Service]"]],
    effect: 'in place: scaling policy',
  },
];
