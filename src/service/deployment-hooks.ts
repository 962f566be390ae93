import { Duration } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SmokeTest } from './private/smoke-test';
import { INetwork } from '../network/network';
import { fail } from '../private/errors';

/**
 * The functions that CodeDeploy calls during a release, one for each event. A function that reports `Failed`, or nothing for an hour, ends the release.
 *
 * A function gets `DeploymentId` and `LifecycleEventHookExecutionId`, and reports by `codedeploy:PutLifecycleEventHookExecutionStatus`, which it may do by itself.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 */
export interface DeploymentHookOptions {
  /**
   * Before the new tasks are started.
   *
   * @default - none
   */
  readonly beforeInstall?: lambda.IFunction;

  /**
   * When the new tasks run.
   *
   * @default - none
   */
  readonly afterInstall?: lambda.IFunction;

  /**
   * When the test listener leads to the new tasks; only with `testListener`.
   *
   * @default - none
   */
  readonly afterAllowTestTraffic?: lambda.IFunction;

  /**
   * Before production traffic moves.
   *
   * @default - none
   */
  readonly beforeAllowTraffic?: lambda.IFunction;

  /**
   * When all production traffic has moved.
   *
   * @default - none
   */
  readonly afterAllowTraffic?: lambda.IFunction;
}

/**
 * What a smoke test asks.
 */
export interface SmokeTestOptions {
  /** The paths that are called, such as `/health`. */
  readonly paths: string[];

  /**
   * The status that each of them must answer with, 200 to 599. Redirects are not followed.
   *
   * @default 200
   */
  readonly expectStatus?: number;

  /**
   * The name in the `Host` header, without a port, and with HTTPS the one that the certificate must be for.
   *
   * @default - `domainName`, else the load balancer's own name
   */
  readonly hostName?: string;

  /**
   * Whether the certificate must be for the host name and from an authority that Node.js trusts; a private one is not.
   *
   * @default - true when the host name is known, false for the load balancer's own name, for which no certificate is made
   */
  readonly verifyCertificate?: boolean;

  /**
   * How long the paths may take until they answer as expected, three times in a row; whole seconds from 30 to 840.
   *
   * @default Duration.minutes(2)
   */
  readonly timeout?: Duration;

  /**
   * How many runs of the function the account keeps free for it, and how many it allows: 2 are enough, for a release and for the weekly call.
   *
   * A new account may have too few to spare: AWS keeps at least 100 of them for all other functions, and refuses more.
   *
   * @default - as many as the account has left
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Where calls go that Lambda gave up. A release whose call is lost waits for an hour and is then stopped.
   *
   * @default - they are dropped
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * What hooks need to know of the service.
 */
export interface DeploymentHooksBindOptions {
  /** The application's name, the first word of every physical name. */
  readonly applicationName: string;
  /**
   * The last word of every physical name.
   *
   * @default - CloudFormation names things
   */
  readonly environmentSuffix?: string;
  /** Where the service lives. */
  readonly network: INetwork;
  /** The load balancer of the service. */
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  /**
   * The port of the test listener.
   *
   * @default - there is no test listener
   */
  readonly testPort?: number;
  /** Whether the listeners speak HTTPS. */
  readonly https: boolean;
  /**
   * The name that users type.
   *
   * @default - the load balancer's own
   */
  readonly domainName?: string;
  /**
   * How long logs of functions are kept.
   *
   * @default - a month
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * What encrypts their logs and environment.
   *
   * @default - AWS's own keys
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Functions that CodeDeploy calls during a release, and that may end it.
 */
export abstract class DeploymentHooks {
  /**
   * Functions of your own. Each is allowed to report its result, and CodeDeploy to call it.
   */
  public static fromFunctions(functions: DeploymentHookOptions): DeploymentHooks {
    return new GivenFunctions(functions);
  }

  /**
   * A function of this library that calls paths of the new tasks by the test listener, before production traffic reaches them.
   *
   * It runs in the subnets of the tasks and calls the load balancer's private addresses. Without `testListener` one is made that admits the test only.
   * In a VPC of yours without a way to the internet it needs endpoints of EC2 and CodeDeploy.
   * It fails at synth with `NetworkEgress.publicTasks()`: a Lambda function gets no public address, so it could not reach EC2 and CodeDeploy.
   */
  public static smokeTest(options: SmokeTestOptions): DeploymentHooks {
    return new SmokeTestHook(options);
  }

  /**
   * Several of them, for different events.
   */
  public static all(...hooks: DeploymentHooks[]): DeploymentHooks {
    return new AllHooks(hooks);
  }

  /** Whether they call the new tasks by a test listener, so that one is made when none is given. */
  public abstract readonly needsTestListener: boolean;

  /**
   * Called by the service.
   *
   * @param scope where functions are created
   * @throws when an option is wrong, or when two claim the same event
   */
  public abstract bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHookOptions;
}

const SMOKE_TEST = 'SmokeTest';

class GivenFunctions extends DeploymentHooks {
  public readonly needsTestListener = false;

  constructor(private readonly functions: DeploymentHookOptions) {
    super();
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHookOptions {
    if (this.functions.afterAllowTestTraffic) {
      requireTestListener(scope, options);
    }
    return this.functions;
  }
}

class SmokeTestHook extends DeploymentHooks {
  public readonly needsTestListener = true;

  constructor(private readonly options: SmokeTestOptions) {
    super();
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHookOptions {
    if (scope.node.tryFindChild(SMOKE_TEST)) {
      failTwice(scope, 'afterAllowTestTraffic');
    }
    return {
      afterAllowTestTraffic: new SmokeTest(scope, SMOKE_TEST, {
        ...this.options, ...options, testPort: requireTestListener(scope, options),
      }).function,
    };
  }
}

class AllHooks extends DeploymentHooks {
  public readonly needsTestListener: boolean;

  constructor(private readonly hooks: DeploymentHooks[]) {
    super();
    this.needsTestListener = hooks.some((each) => each.needsTestListener);
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHookOptions {
    const bound = this.hooks.flatMap((each) => Object.entries(each.bind(scope, options))).filter(([, fn]) => fn !== undefined);
    const events = bound.map(([event]) => event);
    const twice = events.find((event, index) => events.indexOf(event) !== index);
    if (twice) {
      failTwice(scope, twice);
    }
    return Object.fromEntries(bound);
  }
}

function requireTestListener(scope: Construct, { testPort }: DeploymentHooksBindOptions): number {
  return testPort ?? fail(scope, "'hooks.afterAllowTestTraffic' must come with 'testListener', got none; CodeDeploy would never call it: "
    + "give a listener, as in testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16'])");
}

function failTwice(scope: Construct, event: string): never {
  return fail(scope, `'hooks.${event}' must be one function, got two; CodeDeploy calls one for each event: join them in one function`);
}
