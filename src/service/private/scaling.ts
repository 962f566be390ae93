import { Duration } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ServiceScalingOptions } from '../service-scaling';

const DEFAULT_CPU_TARGET = 60;

/** Scales outside CloudFormation: a desired count in the template would reset it with every update. */
export function addScaling(service: ecs.FargateService, options?: ServiceScalingOptions): void {
  if (!options) { return; }
  const scaling = service.autoScaleTaskCount({ minCapacity: options.minCapacity ?? 1, maxCapacity: options.maxCapacity });
  const cooldowns = {
    scaleOutCooldown: options.scaleOutCooldown ?? Duration.minutes(1),
    scaleInCooldown: options.scaleInCooldown ?? Duration.minutes(5),
  };
  const { targetMemoryUtilizationPercent } = options;
  const cpuTarget = options.targetCpuUtilizationPercent ?? (targetMemoryUtilizationPercent === undefined ? DEFAULT_CPU_TARGET : undefined);
  if (cpuTarget !== undefined) {
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpuTarget, ...cooldowns });
  }
  if (targetMemoryUtilizationPercent !== undefined) {
    scaling.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: targetMemoryUtilizationPercent, ...cooldowns });
  }
}
