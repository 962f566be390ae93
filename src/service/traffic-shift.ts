import { Duration, Tokenization } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { Construct } from 'constructs';
import { MAX_LENGTH, ResourceNames } from '../private/names';
import { requireDuration, requireInteger } from '../private/validation';

/**
 * What a traffic shift needs to know of the service.
 */
export interface TrafficShiftBindOptions {
  /** The application's name, the first word of a custom configuration's name. */
  readonly applicationName: string;
  /**
   * The last word of that name.
   *
   * @default - CloudFormation names the configuration
   */
  readonly environmentSuffix?: string;
}

/**
 * How production traffic moves to a new release.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
export abstract class TrafficShift {
  /**
   * All traffic at once: the fastest, for environments without users.
   */
  public static allAtOnce(): TrafficShift {
    return new AllAtOnce();
  }

  /**
   * A part of the traffic first, the rest when the interval has passed without an alarm.
   *
   * @param percentage the first part, 1 to 99
   * @param interval how long it is watched, whole minutes
   */
  public static canary(percentage: number, interval: Duration): TrafficShift {
    return new StepwiseShift('canary', percentage, interval);
  }

  /**
   * Equal parts at equal intervals.
   *
   * @param percentage each part, 1 to 99
   * @param interval the time between two parts, whole minutes
   */
  public static linear(percentage: number, interval: Duration): TrafficShift {
    return new StepwiseShift('linear', percentage, interval);
  }

  /**
   * Called by the service: AWS's predefined configuration where one fits, else a custom one, created in the scope.
   *
   * @throws when a percentage is outside 1 to 99 or an interval is no whole number of minutes
   */
  public abstract bind(scope: Construct, options: TrafficShiftBindOptions): codedeploy.IEcsDeploymentConfig;
}

class AllAtOnce extends TrafficShift {
  public bind(): codedeploy.IEcsDeploymentConfig {
    return codedeploy.EcsDeploymentConfig.ALL_AT_ONCE;
  }
}

type Shape = 'canary' | 'linear';

class StepwiseShift extends TrafficShift {
  constructor(private readonly shape: Shape, private readonly percentage: number, private readonly interval: Duration) {
    super();
  }

  public bind(scope: Construct, options: TrafficShiftBindOptions): codedeploy.IEcsDeploymentConfig {
    requireInteger(scope, 'percentage', this.percentage, {
      min: 1, max: 99, remedy: `TrafficShift.${this.shape} moves a part of the traffic; TrafficShift.allAtOnce() moves all of it`,
    });
    requireDuration(scope, 'interval', this.interval, {
      unit: 'minutes', min: 1, max: 2880, remedy: 'CodeDeploy counts in minutes',
    });
    return this.predefined() ?? this.custom(scope, options);
  }

  private predefined(): codedeploy.IEcsDeploymentConfig | undefined {
    if (this.interval.isUnresolved()) { return undefined; }
    const { EcsDeploymentConfig } = codedeploy;
    return new Map([
      ['canary 10 5', EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES],
      ['canary 10 15', EcsDeploymentConfig.CANARY_10PERCENT_15MINUTES],
      ['linear 10 1', EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTES],
      ['linear 10 3', EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES],
    ]).get(`${this.shape} ${this.percentage} ${this.interval.toMinutes()}`);
  }

  private custom(scope: Construct, options: TrafficShiftBindOptions): codedeploy.IEcsDeploymentConfig {
    const { percentage, interval } = this;
    const minutes = Tokenization.stringifyNumber(interval.toMinutes());
    // a configuration cannot be changed, only replaced: its values are part of its name, else the new one would collide with the old one
    const name = new ResourceNames(scope, options).of(`${this.shape}-${Tokenization.stringifyNumber(percentage)}-${minutes}m`, MAX_LENGTH.codeSuite);
    return new codedeploy.EcsDeploymentConfig(scope, 'DeploymentConfig', {
      deploymentConfigName: name,
      trafficRouting: this.shape === 'canary'
        ? codedeploy.TrafficRouting.timeBasedCanary({ percentage, interval })
        : codedeploy.TrafficRouting.timeBasedLinear({ percentage, interval }),
    });
  }
}
