import { Duration } from 'aws-cdk-lib';

/**
 * The health check of both target groups.
 *
 * The load balancer sends each check over HTTP to the container port. A change takes effect with the stack update and
 * replaces no resource.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export interface HealthCheckOptions {
  /**
   * The path that the load balancer requests, such as `/health`.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * The status codes of a healthy task, from 200 to 499, such as `200-299` or `200,301`.
   *
   * @default '200'
   */
  readonly healthyHttpCodes?: string;

  /**
   * The time between two checks of a task, whole seconds from 5 to 300.
   *
   * If the other health check options have their defaults, an interval above 47 seconds raises the default of
   * `healthCheckGracePeriod`. That property cannot be changed after the first deployment. If you change the interval of
   * a deployed service, set `healthCheckGracePeriod` to the value that is deployed.
   *
   * @default Duration.seconds(15)
   */
  readonly interval?: Duration;

  /**
   * The time after which a check without a response fails, whole seconds from 2 to 120. It must be shorter than the
   * interval.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * The number of consecutive successes after which an unhealthy task is healthy again, 2 to 10. A new task needs one
   * success.
   *
   * @default 5
   */
  readonly healthyThresholdCount?: number;

  /**
   * The number of consecutive failures after which a task is unhealthy, 2 to 10.
   *
   * @default 2
   */
  readonly unhealthyThresholdCount?: number;
}
