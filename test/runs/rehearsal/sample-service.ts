import { AlarmDescription, ContainerModel, ReleaseModel, ServiceModel, TargetGroupModel, TaskModel } from '../../../packages/rehearsal/src/assembly/model';

/** A container as the library describes it. */
export function container(image: string, more: Partial<ContainerModel> = {}): ContainerModel {
  return {
    name: 'app',
    image,
    essential: true,
    environment: {},
    secrets: {},
    user: '1000:1000',
    readonlyRootFilesystem: true,
    initProcess: true,
    stopTimeout: 30,
    droppedCapabilities: ['ALL'],
    ulimits: [{ name: 'nofile', soft: 4096, hard: 8192 }],
    mounts: [{ volume: 'tmp', path: '/tmp', readonly: false }],
    dependsOn: [],
    ...more,
  };
}

export function task(containers: readonly ContainerModel[]): TaskModel {
  return { cpu: 512, memoryMiB: 256, containers };
}

export function targetGroup(name: string): TargetGroupModel {
  return {
    logicalId: name,
    name,
    protocol: 'HTTP',
    deregistrationDelay: 30,
    healthCheck: { path: '/health', codes: '200', interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
  };
}

export function service(model: TaskModel, more: Partial<ServiceModel> = {}): ServiceModel {
  return {
    desiredCount: 2,
    gracePeriod: 60,
    task: model,
    target: { container: 'app', port: 8000 },
    targetGroups: { blue: targetGroup('BlueGroup'), green: targetGroup('GreenGroup') },
    ...more,
  };
}

export const RELEASE: ReleaseModel = {
  shift: [{ percent: 10, seconds: 300 }],
  readyWait: 0,
  terminationWait: 300,
  productionPort: 80,
  testPort: 9000,
  rollbackAlarms: ['errors in BlueGroup', 'errors in GreenGroup'],
  rollbackOnFailure: true,
  rollbackOnStop: true,
  rollbackOnAlarm: true,
  smokeTest: { path: '/', codes: '200' },
};

/** More than five percent of the answers of a target group fail, in two of three minutes. */
export function errorAlarm(group: string): AlarmDescription {
  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions: [{ Name: 'TargetGroup', Value: group }, { Name: 'LoadBalancer', Value: 'app/x/1' }] },
      Stat: 'Sum',
      Period: 60,
    },
  });
  return {
    name: `errors in ${group}`,
    period: 60,
    properties: {
      Metrics: [
        metric('errors', 'HTTPCode_Target_5XX_Count'), metric('requests', 'RequestCount'),
        { Id: 'rate', Expression: '100 * FILL(errors, 0) / requests' },
      ],
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    },
  };
}
