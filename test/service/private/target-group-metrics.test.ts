import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { TargetGroupColor, TargetGroupMetricOptions } from '../../../src';
import { idOf, onlyResource, synthesizeService } from '../../helpers';

const SERVICE = 'AWS::ECS::Service';

describe('metrics of the target groups', () => {
  const { construct: service, stack, template } = synthesizeService();
  const [loadBalancer] = onlyResource(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
  const group = (color: RegExp) => idOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', color);
  const read = (metric: cloudwatch.IMetric) => stack.resolve(metric.toMetricConfig());

  const METRICS: [string, (options?: TargetGroupMetricOptions) => cloudwatch.IMetric, string, string, string][] = [
    ['requests', (options) => service.metricRequestCount(options), 'RequestCount', 'Sum', 'blue + green'],
    ['5xx responses', (options) => service.metricServerErrors(options), 'HTTPCode_Target_5XX_Count', 'Sum', 'blue + green'],
    ['response time', (options) => service.metricResponseTime(options), 'TargetResponseTime', 'p95', 'IF(blue > green, blue, green)'],
    ['healthy tasks', (options) => service.metricHealthyHosts(options), 'HealthyHostCount', 'Minimum', 'blue + green'],
    ['unhealthy tasks', (options) => service.metricUnhealthyHosts(options), 'UnHealthyHostCount', 'Maximum', 'blue + green'],
  ];

  test.each(METRICS)('%s are those of one group when it is named', (_name, metric, metricName, statistic) => {
    for (const [targetGroup, pattern] of [[TargetGroupColor.BLUE, /Blue/], [TargetGroupColor.GREEN, /Green/]] as const) {
      expect(metric({ targetGroup }).toMetricConfig().renderingProperties?.label).toMatch(new RegExp(`^\\w.* \\(${targetGroup}\\)$`));
      expect(read(metric({ targetGroup })).metricStat).toMatchObject({
        namespace: 'AWS/ApplicationELB',
        metricName,
        statistic,
        period: Duration.minutes(1),
        dimensions: [
          { name: 'LoadBalancer', value: { 'Fn::GetAtt': [loadBalancer, 'LoadBalancerFullName'] } },
          { name: 'TargetGroup', value: { 'Fn::GetAtt': [group(pattern), 'TargetGroupFullName'] } },
        ],
      });
    }
  });

  test.each(METRICS)('%s are those of both groups otherwise', (_name, metric, metricName, statistic, expression) => {
    const { mathExpression } = metric({ period: Duration.minutes(5) }).toMetricConfig();
    expect(mathExpression).toMatchObject({ expression, period: 300 });
    const joined = Object.entries(mathExpression?.usingMetrics ?? {}).map(([id, each]) => [id, read(each).metricStat]);
    expect(joined).toEqual([['blue', /Blue/], ['green', /Green/]].map(([id, pattern]) => [id, expect.objectContaining({
      metricName,
      statistic,
      period: Duration.minutes(5),
      dimensions: expect.arrayContaining([{ name: 'TargetGroup', value: { 'Fn::GetAtt': [group(pattern as RegExp), 'TargetGroupFullName'] } }]),
    })]));
  });

  test.each(METRICS)('%s are those of both groups in each minute, with a label, without options', (label, metric) => {
    const { mathExpression, renderingProperties } = metric().toMetricConfig();
    expect(mathExpression?.period).toBe(60);
    expect(renderingProperties).toEqual({ label });
  });

  test('take a statistic and a label of the user\'s own', () => {
    expect(read(service.metricResponseTime({ targetGroup: TargetGroupColor.BLUE, statistic: 'p50', label: 'median' })))
      .toMatchObject({ metricStat: { statistic: 'p50' }, renderingProperties: { label: 'median' } });
  });

  test.each<[string, () => cloudwatch.IMetric, string, string]>([
    ['CPU', () => service.metricCpuUtilization(), 'AWS/ECS', 'CPUUtilization'],
    ['memory', () => service.metricMemoryUtilization(), 'AWS/ECS', 'MemoryUtilization'],
    ['running tasks', () => service.metricRunningTaskCount(), 'ECS/ContainerInsights', 'RunningTaskCount'],
  ])('%s is that of the ECS service', (_name, metric, namespace, metricName) => {
    expect(read(metric()).metricStat).toMatchObject({
      namespace,
      metricName,
      statistic: 'Average',
      period: Duration.minutes(1),
      dimensions: [
        { name: 'ClusterName', value: { Ref: idOf(template, 'AWS::ECS::Cluster', /./) } },
        { name: 'ServiceName', value: { 'Fn::GetAtt': [idOf(template, SERVICE, /./), 'Name'] } },
      ],
    });
  });
});
