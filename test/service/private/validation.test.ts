import { Duration, Lazy } from 'aws-cdk-lib';
import { requireTimeoutBelowInterval } from '../../../src/service/private/validation';
import { createStack } from '../../helpers';

test('a timeout or an interval that is known at deployment only is not compared', () => {
  const later = Duration.seconds(Lazy.number({ produce: () => 1 }));
  const check = (timeout: Duration, interval: Duration) => () => requireTimeoutBelowInterval(createStack(), { timeout, interval });
  expect(check(later, Duration.seconds(15))).not.toThrow();
  expect(check(Duration.seconds(15), later)).not.toThrow();
  expect(check(Duration.seconds(15), Duration.seconds(15))).toThrow(/must be below/);
});
