import { Duration } from 'aws-cdk-lib';
import { DeploymentHooks } from './deployment-hooks';
import { DeploymentTestListener } from './deployment-test-listener';
import { RollbackAlarmOptions } from './rollback-alarms';
import { TrafficShift } from './traffic-shift';

/**
 * Options of a release: traffic shift, wait times, tests, and the alarms that roll it back.
 *
 * A change does not start a release. It takes effect with the stack update, and may affect a release that is in
 * progress.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
 */
export interface ReleaseOptions {
  /**
   * The strategy that shifts production traffic to the new tasks.
   *
   * @default - TrafficShift.canary(10, Duration.minutes(5))
   */
  readonly trafficShift?: TrafficShift;

  /**
   * The time that the old tasks keep running after the shift, whole minutes up to 2880. During this time, a rollback
   * returns the traffic at once.
   *
   * The release is in progress until this time has passed, so the next release waits for it.
   *
   * @default Duration.minutes(5)
   */
  readonly terminationWaitTime?: Duration;

  /**
   * The time that a release waits for an approval before any production traffic shifts, whole minutes from 1 to 2880.
   * CodeDeploy stops a release that is not approved in time.
   *
   * To approve, use the console, or
   * `aws deploy continue-deployment --deployment-wait-type READY_WAIT --deployment-id <id>`.
   *
   * @default - no wait; traffic shifts as soon as the new tasks are healthy
   */
  readonly deploymentApprovalWaitTime?: Duration;

  /**
   * A second listener that forwards to the new tasks before production traffic shifts. It is never open to the
   * internet.
   *
   * @default - none; with `DeploymentHooks.smokeTest`, a listener on port 9000 that only the smoke test reaches
   */
  readonly testListener?: DeploymentTestListener;

  /**
   * Functions that CodeDeploy calls during a release. Each of them can fail the release.
   *
   * @default - none
   */
  readonly hooks?: DeploymentHooks;

  /**
   * The alarms that stop a release and roll it back.
   *
   * @default - 5xx responses and unhealthy tasks, on both target groups
   */
  readonly rollbackAlarms?: RollbackAlarmOptions;

  /**
   * Whether to protect the images of the live release and of the release before it from expiry.
   *
   * After each successful deployment, a state machine marks the two images with tags. The lifecycle rules of the
   * repository keep images with these tags.
   *
   * The rules of an existing repository are managed by its owner. With true, the state machine marks the images there,
   * too, and an info at synth shows the rules that the repository needs.
   *
   * @default - true if the platform created the repository, otherwise false
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   */
  readonly protectImages?: boolean;
}
