/** The memory in MiB that Fargate supports for a number of CPU units. */
export interface MemoryRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const GIB = 1024;

/**
 * The supported memory for each number of CPU units.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export const FARGATE_SIZES: { readonly [cpu: number]: MemoryRange } = {
  256: { min: 0.5 * GIB, max: 2 * GIB, step: GIB },
  512: { min: GIB, max: 4 * GIB, step: GIB },
  1024: { min: 2 * GIB, max: 8 * GIB, step: GIB },
  2048: { min: 4 * GIB, max: 16 * GIB, step: GIB },
  4096: { min: 8 * GIB, max: 30 * GIB, step: GIB },
  8192: { min: 16 * GIB, max: 60 * GIB, step: 4 * GIB },
  16384: { min: 32 * GIB, max: 120 * GIB, step: 8 * GIB },
};

/** Whether the memory is in the range. The smallest size also supports half a GiB. */
export function isInRange(memory: number, { min, max, step }: MemoryRange): boolean {
  return memory >= min && memory <= max && (memory === min || memory % step === 0);
}
