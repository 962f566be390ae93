import { ReleaseModel } from '../assembly/model';

export interface ShiftStep {
  /** The share of the requests that goes to the new tasks. */
  readonly percent: number;
  /** How long it stays so before the next step, in seconds on AWS. */
  readonly seconds: number;
}

/** The steps of a traffic shift, of which the last one sends all requests to the new tasks and has no wait. */
export function shiftSchedule({ shift }: Pick<ReleaseModel, 'shift'>): ShiftStep[] {
  const steps = shift.filter(({ percent }) => percent < 100);
  steps.forEach(({ percent, seconds }, index) => {
    if (!(percent > 0) || !(seconds >= 0) || percent <= (steps[index - 1]?.percent ?? 0)) {
      throw new Error(`a traffic shift grows from step to step up to 100 percent, got ${percent} percent for ${seconds} seconds`);
    }
  });
  return [...steps, { percent: 100, seconds: 0 }];
}

/** How long a shift takes from its first step to its last, in seconds on AWS. */
export function shiftSeconds(release: Pick<ReleaseModel, 'shift'>): number {
  return shiftSchedule(release).reduce((sum, { seconds }) => sum + seconds, 0);
}
