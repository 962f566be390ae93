import { Template } from 'aws-cdk-lib/assertions';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import { createService, createStack, idOf, onlyResource, resourcesOf, synthesizeService } from '../../../helpers';

const SERVICE = 'AWS::ECS::Service';

describe('scaling on requests', () => {
  const { template } = synthesizeService({ scaling: { maxCapacity: 10, targetRequestsPerMinute: 600 }, applicationName: 'orders', environmentSuffix: 'dev' });

  test('keeps what a task answers, of both target groups together, so that it stays right after a swap', () => {
    const [, { Properties }] = onlyResource(template, 'AWS::ApplicationAutoScaling::ScalingPolicy');
    const stat = (color: RegExp) => ({
      Stat: 'Sum',
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'RequestCountPerTarget',
        Dimensions: [
          { Name: 'LoadBalancer', Value: { 'Fn::GetAtt': [idOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', /./), 'LoadBalancerFullName'] } },
          { Name: 'TargetGroup', Value: { 'Fn::GetAtt': [idOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', color), 'TargetGroupFullName'] } },
        ],
      },
    });
    expect(Properties).toEqual({
      PolicyName: 'orders-requests-dev',
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: { Ref: idOf(template, 'AWS::ApplicationAutoScaling::ScalableTarget', /./) },
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 600,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
        CustomizedMetricSpecification: {
          Metrics: [
            { Id: 'requests', Expression: 'blue + green', Label: 'requests per task, both target groups', ReturnData: true },
            { Id: 'blue', MetricStat: stat(/Blue/), ReturnData: false },
            { Id: 'green', MetricStat: stat(/Green/), ReturnData: false },
          ],
        },
      },
    });
  });

  test('comes beside CPU and memory when they are asked for', () => {
    const { template: all } = synthesizeService({
      scaling: {
        maxCapacity: 10,
        targetRequestsPerMinute: 600,
        targetCpuUtilizationPercent: 50,
        targetMemoryUtilizationPercent: 70,
      },
    });
    all.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 3);
    expect(new Set(Object.values(resourcesOf(all, 'AWS::ApplicationAutoScaling::ScalingPolicy')).map(({ Properties }) => Properties.PolicyName)).size).toBe(3);
  });

  test('leaves the number of tasks out of the template', () => {
    expect(onlyResource(template, SERVICE)[1].Properties).not.toHaveProperty('DesiredCount');
  });
});

test('a schedule can be added to the scaling', () => {
  const stack = createStack();
  const service = createService(stack, { scaling: { maxCapacity: 4 } });
  service.scalableTaskCount?.scaleOnSchedule('Night', { schedule: appscaling.Schedule.cron({ hour: '22', minute: '0' }), maxCapacity: 1 });
  Template.fromStack(stack).hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ScheduledActions: [{ ScheduledActionName: 'Night', Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MaxCapacity: 1 } }],
  });
});

test('without scaling, there is none to add a schedule to', () => {
  expect(synthesizeService().construct.scalableTaskCount).toBeUndefined();
});
