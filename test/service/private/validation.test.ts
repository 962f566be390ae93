import { Duration, Lazy, Token } from 'aws-cdk-lib';
import { requireTimeoutBelowInterval, validateServiceOptions } from '../../../src/service/private/validation';
import { createStack } from '../../helpers';

test('a timeout or an interval that is known at deployment only is not compared', () => {
  const later = Duration.seconds(Lazy.number({ produce: () => 1 }));
  const check = (timeout: Duration, interval: Duration) => () => requireTimeoutBelowInterval(createStack(), { timeout, interval });
  expect(check(later, Duration.seconds(15))).not.toThrow();
  expect(check(Duration.seconds(15), later)).not.toThrow();
  expect(check(Duration.seconds(15), Duration.seconds(15))).toThrow(/must be below/);
});

test.each<[string, number, number]>([
  ['the smallest', 256, 512],
  ['the smallest with the most memory', 256, 2048],
  ['CPU that is known at deployment only', Token.asNumber({ Ref: 'Cpu' }), 512],
  ['memory that is known at deployment only', 512, Token.asNumber({ Ref: 'Memory' })],
])('a size may be %s', (_name, cpu, memoryLimitMiB) => {
  expect(() => validateServiceOptions(createStack(), { cpu, memoryLimitMiB })).not.toThrow();
});
