import { Clock } from './clock';
import { Color } from '../assembly/model';
import { AlarmChange, HealthChange, RehearsalEvent, Weights } from '../report/record';

/** The events of a scenario, in the order in which they happened. */
export class Recorder {
  public readonly events: RehearsalEvent[] = [];
  public readonly weights: Weights[] = [];
  public readonly alarms: AlarmChange[] = [];
  public readonly health: HealthChange[] = [];

  /** @param onEvent is called with each event, for example to show it */
  constructor(
    public readonly clock: Clock, private readonly onEvent: (event: RehearsalEvent) => void = () => undefined,
  ) {}

  public event(kind: RehearsalEvent['kind'], text: string): void {
    const event = { time: this.clock.now, kind, text };
    this.events.push(event);
    this.onEvent(event);
  }

  public weight(green: number): void {
    this.weights.push({ time: this.clock.now, blue: 100 - green, green });
  }

  public alarm(alarm: string, state: AlarmChange['state']): void {
    this.alarms.push({ time: this.clock.now, alarm, state });
  }

  public taskHealth(task: string, color: Color, state: HealthChange['state']): void {
    this.health.push({ time: this.clock.now, task, color, state });
  }
}
