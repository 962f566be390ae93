/**
 * The lowest severity at which a finding fails the build or sends a notification.
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
    /** The name of the severity in the scanning tools, in lowercase. */
    public readonly level: string,
  ) {}
}
