import { FARGATE_SIZES, isInRange } from '../../src/private/fargate-sizes';

/** In MiB, up to more than any task has. */
const everyHalfGib = Array.from({ length: 256 }, (_, index) => (index + 1) * 512);
const memoryOf = (cpu: number) => everyHalfGib.filter((memory) => isInRange(memory, FARGATE_SIZES[cpu]));

const everyGib = (least: number, most: number, step = 1) =>
  Array.from({ length: (most - least) / step + 1 }, (_, index) => (least + index * step) * 1024);

test.each<[number, number[]]>([
  [256, [512, 1024, 2048]],
  [512, everyGib(1, 4)],
  [1024, everyGib(2, 8)],
  [2048, everyGib(4, 16)],
  [4096, everyGib(8, 30)],
  [8192, everyGib(16, 60, 4)],
  [16384, everyGib(32, 120, 8)],
])('%d CPU units have the memory that Fargate offers for them', (cpu, memory) => {
  expect(memoryOf(cpu)).toEqual(memory);
});

test('memory between two steps is not offered', () => {
  expect(isInRange(1025, FARGATE_SIZES[512])).toBe(false);
});
