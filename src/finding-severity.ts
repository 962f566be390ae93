/**
 * The lowest severity of a finding that counts: to fail the build, or to send a notification.
 */
export class FindingSeverity {
  /** Every finding, including those without a rating. */
  public static readonly LOW = new FindingSeverity('low');
  /** Findings of medium severity or higher. */
  public static readonly MEDIUM = new FindingSeverity('medium');
  /** Findings of high severity or higher. */
  public static readonly HIGH = new FindingSeverity('high');
  /** Critical findings only. Image scans rate findings as critical; bandit does not. */
  public static readonly CRITICAL = new FindingSeverity('critical');

  private constructor(
    /** The name of the severity in the scanning tools, in lower case. */
    public readonly level: string,
  ) {}
}
