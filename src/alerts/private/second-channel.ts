import { IConstruct } from 'constructs';
import { fail, show } from '../../private/errors';

/** Refuses a channel that the alerts have already. */
export function failWithSecondChannel(alerts: IConstruct, identity: string): never {
  fail(alerts, `'channels' must not contain the same channel twice, got ${show(identity)} again; remove one of the two`);
}
