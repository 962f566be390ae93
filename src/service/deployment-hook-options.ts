import { Duration } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BindOptions } from '../bind-options';
import { INetwork } from '../network/network';

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
   * Whether to require a certificate that covers the host name and comes from an authority that Node.js trusts. Node.js
   * does not trust a private authority.
   *
   * @default - true if the host name is known, false for the DNS name of the load balancer, which no certificate covers
   */
  readonly verifyCertificate?: boolean;

  /**
   * The time after which the test fails, whole seconds from 30 to 840. The test passes after all paths have answered as
   * expected three times in a row.
   *
   * @default Duration.minutes(2)
   */
  readonly timeout?: Duration;

  /**
   * The reserved concurrency of the function. 2 is enough: one for a release, and one for the weekly call that keeps
   * the function active.
   *
   * AWS keeps at least 100 concurrent executions of an account unreserved, so Lambda may reject the reservation in a
   * new account.
   *
   * @default - no reserved concurrency
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The dead-letter queue for calls that Lambda could not complete. If Lambda loses the call for a release, the release
   * waits for an hour and then fails.
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
  /** Whether to call the listeners with HTTPS. */
  readonly https: boolean;
  /**
   * The domain name of the application.
   *
   * @default - the DNS name of the load balancer
   */
  readonly domainName?: string;
  /**
   * The retention period of the functions' logs.
   *
   * @default - one month
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * The key that encrypts the logs and environment variables of the functions.
   *
   * @default - AWS owned keys
   */
  readonly encryptionKey?: kms.IKey;
}
