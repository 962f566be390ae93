import { Duration } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import { INetwork } from '../network/network';
import { fail } from '../private/errors';
import { SmokeTest } from './private/release/smoke-test';

/**
 * The functions that CodeDeploy calls during a release, one for each lifecycle event.
 *
 * A release fails if a function reports `Failed`, or reports nothing for an hour.
 * A function receives `DeploymentId` and `LifecycleEventHookExecutionId`, and reports with
 * `codedeploy:PutLifecycleEventHookExecutionStatus`. The service grants it this permission.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 */
export interface DeploymentHookFunctions {
  /**
   * The function that runs before CodeDeploy starts the new tasks.
   *
   * @default - none
   */
  readonly beforeInstall?: lambda.IFunction;

  /**
   * The function that runs after the new tasks have started.
   *
   * @default - none
   */
  readonly afterInstall?: lambda.IFunction;

  /**
   * The function that runs after the test listener has started to forward to the new tasks. It requires `testListener`.
   *
   * @default - none
   */
  readonly afterAllowTestTraffic?: lambda.IFunction;

  /**
   * The function that runs before production traffic shifts.
   *
   * @default - none
   */
  readonly beforeAllowTraffic?: lambda.IFunction;

  /**
   * The function that runs after all production traffic has shifted.
   *
   * @default - none
   */
  readonly afterAllowTraffic?: lambda.IFunction;
}

/**
 * Options of the smoke test.
 */
export interface SmokeTestOptions {
  /** The paths that the test requests, such as `/health`. */
  readonly paths: string[];

  /**
   * The status codes that each path must answer with, from 200 to 499, such as `200-299` or `200,301`. The test follows
   * no redirects.
   *
   * @default '200'
   */
  readonly healthyHttpCodes?: string;

  /**
   * The name in the `Host` header, without a port. With HTTPS, the certificate must cover it.
   *
   * @default - `loadBalancer.domainName`, or the DNS name of the load balancer
   */
  readonly hostName?: string;

  /**
   * Whether to require a certificate that covers the host name and comes from an authority that Node.js trusts. It does
   * not trust a private authority.
   *
   * @default - true if the host name is known, false for the DNS name of the load balancer, which no certificate covers
   */
  readonly verifyCertificate?: boolean;

  /**
   * The time after which the test fails, whole seconds from 30 to 840. To pass, all paths must answer as expected three
   * times in a row.
   *
   * @default Duration.minutes(2)
   */
  readonly timeout?: Duration;

  /**
   * The reserved concurrency of the function. 2 are enough, for a release and for the weekly call.
   *
   * AWS keeps at least 100 concurrent executions unreserved, so a new account may refuse the reservation.
   *
   * @default - no reserved concurrency
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The queue for calls that Lambda could not complete. A release whose call is lost waits for an hour and then fails.
   *
   * @default - none; such calls are dropped
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * Options that a service passes to `DeploymentHooks.bind`, for implementors of `DeploymentHooks`.
 */
export interface DeploymentHooksBindOptions extends BindOptions {
  /** The network of the service. */
  readonly network: INetwork;
  /** The load balancer of the service. */
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  /**
   * The port of the test listener.
   *
   * @default - no test listener
   */
  readonly testPort?: number;
  /** Whether to use HTTPS, as the listeners do. */
  readonly https: boolean;
  /**
   * The domain name of the application.
   *
   * @default - the DNS name of the load balancer
   */
  readonly domainName?: string;
  /**
   * The retention of the functions' logs.
   *
   * @default - one month
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * The key that encrypts their logs and environment.
   *
   * @default - AWS owned keys
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * The result of `DeploymentHooks.bind`, for implementors of `DeploymentHooks`.
 */
export interface DeploymentHooksConfig {
  /** The functions, one for each lifecycle event. */
  readonly functions: DeploymentHookFunctions;
}

/**
 * Functions that CodeDeploy calls during a release. Each of them can fail the release.
 */
export abstract class DeploymentHooks {
  /**
   * Uses your own functions. Each of them is allowed to report its result, and CodeDeploy is allowed to call it.
   */
  public static fromFunctions(functions: DeploymentHookFunctions): DeploymentHooks {
    return new GivenFunctions(functions);
  }

  /**
   * Creates a function that requests paths of the new tasks through the test listener, before production traffic
   * reaches them.
   *
   * It runs in the subnets of the tasks and calls the private addresses of the load balancer. Without `testListener`, a
   * listener is created that only the test reaches. In an existing VPC without internet access, it requires endpoints
   * of EC2 and CodeDeploy. It fails at synth with `NetworkEgress.publicTasks()`: a Lambda function gets no public
   * address, so it could not reach EC2 and CodeDeploy.
   */
  public static smokeTest(options: SmokeTestOptions): DeploymentHooks {
    return new SmokeTestHook(options);
  }

  /**
   * Combines several hooks for different lifecycle events.
   */
  public static all(...hooks: DeploymentHooks[]): DeploymentHooks {
    return new AllHooks(hooks);
  }

  /** Whether to create a test listener if none is given. */
  public abstract readonly needsTestListener: boolean;

  /**
   * Returns the functions, created in the scope where the library owns them. The service calls it.
   *
   * @param scope the service, whose path appears in errors; create resources in a child construct of your own
   * @throws if an option is invalid, or if two functions are given for one event
   */
  public abstract bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig;
}

const SMOKE_TEST = 'SmokeTest';

class GivenFunctions extends DeploymentHooks {
  public readonly needsTestListener = false;

  constructor(private readonly functions: DeploymentHookFunctions) {
    super();
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig {
    if (this.functions.afterAllowTestTraffic) {
      requireTestListener(scope, options);
    }
    return { functions: this.functions };
  }
}

class SmokeTestHook extends DeploymentHooks {
  public readonly needsTestListener = true;

  constructor(private readonly options: SmokeTestOptions) {
    super();
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig {
    if (scope.node.tryFindChild(SMOKE_TEST)) {
      failTwice(scope, 'afterAllowTestTraffic');
    }
    const { function: afterAllowTestTraffic } = new SmokeTest(scope, SMOKE_TEST, {
      ...this.options, ...options, testPort: requireTestListener(scope, options),
    });
    return { functions: { afterAllowTestTraffic } };
  }
}

class AllHooks extends DeploymentHooks {
  public readonly needsTestListener: boolean;

  constructor(private readonly hooks: DeploymentHooks[]) {
    super();
    this.needsTestListener = hooks.some((each) => each.needsTestListener);
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig {
    const bound = this.hooks.flatMap((each) => Object.entries(each.bind(scope, options).functions))
      .filter(([, fn]) => fn !== undefined);
    const events = bound.map(([event]) => event);
    const twice = events.find((event, index) => events.indexOf(event) !== index);
    if (twice) {
      failTwice(scope, twice);
    }
    return { functions: Object.fromEntries(bound) };
  }
}

function requireTestListener(scope: Construct, { testPort }: DeploymentHooksBindOptions): number {
  return testPort ?? fail(scope, "'release.hooks.afterAllowTestTraffic' must be given together with 'release.testListener', got none; CodeDeploy would never call it: "
    + "give a listener, as in testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16'])");
}

function failTwice(scope: Construct, event: string): never {
  return fail(scope, `'release.hooks.${event}' must be one function, got two; CodeDeploy calls one function for each event: combine them in one`);
}
