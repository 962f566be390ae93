import { Duration, Lazy } from 'aws-cdk-lib';
import { resolveHealthCheck } from '../../../../src/service/private/load-balancer/health-check';
import { createStack } from '../../../helpers';

test('a timeout or an interval that is known only at deployment is not compared', () => {
  const later = Duration.seconds(Lazy.number({ produce: () => 1 }));
  const check = (
    timeout: Duration, interval: Duration,
  ) => () => resolveHealthCheck(createStack(), { timeout, interval });
  expect(check(later, Duration.seconds(15))).not.toThrow();
  expect(check(Duration.seconds(15), later)).not.toThrow();
  expect(check(Duration.seconds(15), Duration.seconds(15))).toThrow(/must be shorter than/);
});
