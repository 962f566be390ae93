import { Duration, Names, Token } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { targetOfScaling } from '../../../private/cdk-internals';
import { fail } from '../../../private/errors';
import { DURATION, KindsOf, NUMBER, required, requireOptions } from '../../../private/kinds';
import { ResourceNames } from '../../../private/names';
import { requireDuration, requireInteger } from '../../../private/validation';
import { ScalingOptions } from '../../service-scaling';
import { TargetGroupColor } from '../../target-group-metrics';
import { NAMESPACE, REQUEST_COUNT_PER_TARGET, SUM_OF_BOTH, TargetGroupMetrics } from '../target-group-metrics';

const DEFAULT_MIN_CAPACITY = 1;

const DEFAULT_CPU_TARGET = 60;

const PERCENT = { min: 1, max: 99 };

const OPTIONS: KindsOf<ScalingOptions> = {
  minCapacity: NUMBER,
  maxCapacity: required(NUMBER),
  targetCpuUtilizationPercent: NUMBER,
  targetMemoryUtilizationPercent: NUMBER,
  targetRequestsPerMinute: NUMBER,
  scaleOutCooldown: DURATION,
  scaleInCooldown: DURATION,
};

/** Fails if a limit or target is invalid. */
export function validateScaling(scope: IConstruct, scaling: ScalingOptions): void {
  requireOptions(scope, 'scaling', scaling, OPTIONS);
  const tasks = { min: 1, max: 5000, remedy: 'an ECS service can run at most 5000 tasks' };
  requireInteger(scope, 'scaling.minCapacity', scaling.minCapacity, tasks);
  requireInteger(scope, 'scaling.maxCapacity', scaling.maxCapacity, tasks);
  const min = scaling.minCapacity ?? DEFAULT_MIN_CAPACITY;
  if (!Token.isUnresolved(min) && !Token.isUnresolved(scaling.maxCapacity) && min > scaling.maxCapacity) {
    fail(scope, `'scaling.minCapacity' must not be greater than 'scaling.maxCapacity', got ${min} and ${scaling.maxCapacity}; raise 'scaling.maxCapacity'`);
  }
  const remedy = 'this is the average utilization that scaling maintains';
  requireInteger(scope, 'scaling.targetCpuUtilizationPercent', scaling.targetCpuUtilizationPercent, { ...PERCENT, remedy });
  requireInteger(scope, 'scaling.targetMemoryUtilizationPercent', scaling.targetMemoryUtilizationPercent, { ...PERCENT, remedy });
  requireInteger(scope, 'scaling.targetRequestsPerMinute', scaling.targetRequestsPerMinute, {
    min: 1, max: Number.MAX_SAFE_INTEGER, remedy: 'this is the number of requests that one task should answer in a minute',
  });
  const seconds = { unit: 'seconds', min: 0, max: 86400, remedy: 'this is the pause after tasks are added or removed' } as const;
  requireDuration(scope, 'scaling.scaleOutCooldown', scaling.scaleOutCooldown, seconds);
  requireDuration(scope, 'scaling.scaleInCooldown', scaling.scaleInCooldown, seconds);
}

/** The cooldown periods, with CDK's own names, so that they can be spread into CDK's policies. */
type Cooldowns = Required<Pick<appscaling.BaseTargetTrackingProps, 'scaleOutCooldown' | 'scaleInCooldown'>>;

/** Props of the scaling: the service, and the metrics that scale it. */
export interface ScalingProps {
  readonly names: ResourceNames;
  readonly service: ecs.FargateService;
  readonly metrics: TargetGroupMetrics;
  readonly options: ScalingOptions;
}

/**
 * Adds the scaling. The template contains no desired count, because every stack update would reset the service to it.
 */
export function addScaling({ names, service, metrics, options }: ScalingProps): ecs.ScalableTaskCount {
  const scaling = service.autoScaleTaskCount({
    minCapacity: options.minCapacity ?? DEFAULT_MIN_CAPACITY, maxCapacity: options.maxCapacity,
  });
  const cooldowns: Cooldowns = {
    scaleOutCooldown: options.scaleOutCooldown ?? Duration.minutes(1),
    scaleInCooldown: options.scaleInCooldown ?? Duration.minutes(5),
  };
  const { targetMemoryUtilizationPercent, targetRequestsPerMinute } = options;
  const otherTarget = targetMemoryUtilizationPercent ?? targetRequestsPerMinute;
  const cpuTarget = options.targetCpuUtilizationPercent ?? (otherTarget === undefined ? DEFAULT_CPU_TARGET : undefined);
  if (cpuTarget !== undefined) {
    scaling.scaleOnCpuUtilization('Cpu', { policyName: names.of('cpu'), targetUtilizationPercent: cpuTarget, ...cooldowns });
  }
  if (targetMemoryUtilizationPercent !== undefined) {
    scaling.scaleOnMemoryUtilization('Memory', {
      policyName: names.of('memory'), targetUtilizationPercent: targetMemoryUtilizationPercent, ...cooldowns,
    });
  }
  if (targetRequestsPerMinute !== undefined) {
    scaleOnRequests(scaling, metrics, targetRequestsPerMinute, { policyName: names.of('requests'), ...cooldowns });
  }
  return scaling;
}

/**
 * Adds a policy on the requests to both target groups. CDK's own policy uses one target group, which has no traffic
 * after every other release.
 *
 * Each group reports its requests divided by its own tasks. Both task sets have the same number of tasks. So the sum is
 * the number of requests per task if one task set serves all traffic, even in the middle of a traffic shift.
 */
function scaleOnRequests(
  scaling: ecs.ScalableTaskCount, metrics: TargetGroupMetrics, targetValue: number,
  options: Cooldowns & Pick<appscaling.BaseTargetTrackingProps, 'policyName'>,
): void {
  const target = targetOfScaling(scaling);
  // CDK's target tracking does not accept a math expression
  new appscaling.CfnScalingPolicy(target, 'Requests', {
    policyName: options.policyName ?? Names.uniqueId(target),
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue,
      scaleOutCooldown: options.scaleOutCooldown.toSeconds(),
      scaleInCooldown: options.scaleInCooldown.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          { id: 'requests', expression: SUM_OF_BOTH, label: 'requests per task, both target groups', returnData: true },
          requestsQuery(metrics, TargetGroupColor.BLUE),
          requestsQuery(metrics, TargetGroupColor.GREEN),
        ],
      },
    },
  });
}

function requestsQuery(
  metrics: TargetGroupMetrics, color: TargetGroupColor,
): appscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty {
  const { metricName, statistic } = REQUEST_COUNT_PER_TARGET;
  const dimensions = Object.entries(metrics.dimensionsOf(color)).map(([name, value]) => ({ name, value }));
  return {
    id: color,
    metricStat: {
      metric: { namespace: NAMESPACE, metricName, dimensions },
      stat: statistic,
    },
    returnData: false,
  };
}
