import { Duration, Tokenization } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import { PREDEFINED } from '../private/deployment-configurations';
import { markStrategy } from '../private/kinds';
import { MAX_LENGTH, ResourceNames } from '../private/names';
import { requireDuration, requireInteger } from '../private/validation';

/**
 * Options that a service passes to `TrafficShift.bind`, for implementors of `TrafficShift`.
 */
export interface TrafficShiftBindOptions extends BindOptions {}

/**
 * The result of `TrafficShift.bind`, for implementors of `TrafficShift`.
 */
export interface TrafficShiftConfig {
  /** The deployment configuration of CodeDeploy. */
  readonly deploymentConfig: codedeploy.IEcsDeploymentConfig;

  /**
   * The percentage of the traffic that the new release serves first, if it then serves all of it in one more step.
   *
   * Below 50 percent, a rollback alarm compares the smaller target group with the larger one. It requires that the new
   * release is the smaller group until the last step.
   *
   * @default - no alarm compares the releases
   */
  readonly canaryPercentage?: number;

  /**
   * The time between the two steps of a canary shift. The comparison of a longer shift is stricter.
   *
   * @default - the comparison is as strict as for the longest shift
   */
  readonly canaryInterval?: Duration;
}

/**
 * A strategy that shifts production traffic to a new release.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
export abstract class TrafficShift {
  /**
   * Shifts all traffic at once. This is the fastest strategy, for environments without users.
   */
  public static allAtOnce(): TrafficShift {
    return new AllAtOnce();
  }

  /**
   * Shifts a part of the traffic first, and the rest after the interval if no alarm has entered ALARM.
   *
   * @param percentage the first part, 1 to 99
   * @param interval the time between the two parts, whole minutes
   */
  public static canary(percentage: number, interval: Duration): TrafficShift {
    return new StepwiseShift('canary', percentage, interval);
  }

  /**
   * Shifts equal parts at equal intervals.
   *
   * @param percentage each part, 1 to 99
   * @param interval the time between two parts, whole minutes
   */
  public static linear(percentage: number, interval: Duration): TrafficShift {
    return new StepwiseShift('linear', percentage, interval);
  }

  /**
   * Returns a predefined deployment configuration if one matches, or creates a custom one in the scope. The service
   * calls it.
   *
   * @param scope a part of the service, whose path appears in errors; create resources in a child construct of your own
   * @throws if a percentage is outside 1 to 99, or an interval is not a whole number of minutes
   */
  public abstract bind(scope: Construct, options: TrafficShiftBindOptions): TrafficShiftConfig;
}

markStrategy('TrafficShift', TrafficShift);

class AllAtOnce extends TrafficShift {
  public bind(): TrafficShiftConfig {
    return { deploymentConfig: codedeploy.EcsDeploymentConfig[PREDEFINED.allAtOnce.constant] };
  }
}

type Shape = 'canary' | 'linear';

class StepwiseShift extends TrafficShift {
  constructor(private readonly shape: Shape, private readonly percentage: number, private readonly interval: Duration) {
    super();
  }

  public bind(scope: Construct, options: TrafficShiftBindOptions): TrafficShiftConfig {
    requireInteger(scope, 'release.trafficShift.percentage', this.percentage, {
      min: 1, max: 99, remedy: `TrafficShift.${this.shape} shifts a part of the traffic; TrafficShift.allAtOnce() shifts all of it`,
    });
    requireDuration(scope, 'release.trafficShift.interval', this.interval, {
      unit: 'minutes', min: 1, max: 2880, remedy: 'CodeDeploy accepts intervals in whole minutes only',
    });
    const deploymentConfig = this.predefined() ?? this.custom(scope, options);
    if (this.shape === 'linear') { return { deploymentConfig }; }
    return { deploymentConfig, canaryPercentage: this.percentage, canaryInterval: this.interval };
  }

  private predefined(): codedeploy.IEcsDeploymentConfig | undefined {
    if (this.interval.isUnresolved()) { return undefined; }
    const minutes = this.interval.toMinutes();
    const found = PREDEFINED[this.shape]
      .find((each) => each.percentage === this.percentage && each.minutes === minutes);
    return found && codedeploy.EcsDeploymentConfig[found.constant];
  }

  private custom(scope: Construct, options: TrafficShiftBindOptions): codedeploy.IEcsDeploymentConfig {
    const { percentage, interval } = this;
    const minutes = Tokenization.stringifyNumber(interval.toMinutes());
    // a configuration cannot be changed, only replaced: its values are part of its name, so that the new name differs
    // from the old one
    const name = new ResourceNames(scope, options).of(`${this.shape}-${Tokenization.stringifyNumber(percentage)}-${minutes}m`, MAX_LENGTH.codeSuite);
    return new codedeploy.EcsDeploymentConfig(scope, 'DeploymentConfig', {
      deploymentConfigName: name,
      trafficRouting: this.shape === 'canary'
        ? codedeploy.TrafficRouting.timeBasedCanary({ percentage, interval })
        : codedeploy.TrafficRouting.timeBasedLinear({ percentage, interval }),
    });
  }
}
