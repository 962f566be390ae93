import { IConstruct } from 'constructs';
import { fail, show } from '../../private/errors';

/** Fails for a channel that was added before. */
export function failWithSecondChannel(alerts: IConstruct, identity: string): never {
  fail(alerts, `'channels' must not contain the same channel twice, got ${show(identity)} again; remove one of the two`);
}
