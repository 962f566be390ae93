import { Properties } from './template';

/** Evaluates the conditions of a template. A condition that does not exist is false. */
export class Conditions {
  private readonly known = new Map<string, boolean>();

  constructor(private readonly conditions: Properties, private readonly text: (value: unknown) => string) {}

  public holds(name: string): boolean {
    const known = this.known.get(name);
    if (known !== undefined) { return known; }
    // ends a circle, which CloudFormation rejects
    this.known.set(name, false);
    const result = this.evaluate(this.conditions[name]);
    this.known.set(name, result);
    return result;
  }

  private evaluate(value: unknown): boolean {
    const [[name, argument]] = Object.entries(value ?? {}).concat([['', undefined]]) as [string, unknown][];
    const parts = Array.isArray(argument) ? argument as unknown[] : [argument];
    switch (name) {
      case 'Condition': return this.holds(String(argument));
      case 'Fn::Equals': return this.text(parts[0]) === this.text(parts[1]);
      case 'Fn::Not': return !this.evaluate(parts[0]);
      case 'Fn::And': return parts.every((part) => this.evaluate(part));
      case 'Fn::Or': return parts.some((part) => this.evaluate(part));
      default: return false;
    }
  }
}
