import { Token } from 'aws-cdk-lib';
import { MOVED, validateServiceOptions } from '../../../src/service/private/service-options';
import { createStack } from '../../helpers';

test.each<[string, number, number]>([
  ['the smallest', 256, 512],
  ['the smallest with the most memory', 256, 2048],
  ['CPU that is known at deployment only', Token.asNumber({ Ref: 'Cpu' }), 512],
  ['memory that is known at deployment only', 512, Token.asNumber({ Ref: 'Memory' })],
])('a size may be %s', (_name, cpu, memoryLimitMiB) => {
  expect(() => validateServiceOptions(createStack(), { cpu, memoryLimitMiB })).not.toThrow();
});

test.each(Object.entries(MOVED))('the former name %s fails and names %s', (formerName, name) => {
  expect(() => validateServiceOptions(createStack(), { [formerName]: 'anything' })).toThrow(
    `'${formerName}' is now '${name}'; rename it [Stack]`);
});

test('several former names fail at once', () => {
  expect(() => validateServiceOptions(createStack(), { ...{ certificate: 'c', hooks: 'h' }, cpu: 512 })).toThrow(
    "'certificate' is now 'loadBalancer.certificate', 'hooks' is now 'release.hooks'; rename them [Stack]");
});
