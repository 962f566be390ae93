/**
 * How severe a finding must be to fail the build, or to be told of.
 */
export class FindingSeverity {
  /** Any finding, rated or not. */
  public static readonly LOW = new FindingSeverity('low');
  /** Medium findings and worse. */
  public static readonly MEDIUM = new FindingSeverity('medium');
  /** High findings and worse. */
  public static readonly HIGH = new FindingSeverity('high');
  /** Critical findings only. Image scans know it, bandit does not. */
  public static readonly CRITICAL = new FindingSeverity('critical');
  /** No finding: they are in the reports and fail nothing. */
  public static readonly OFF = new FindingSeverity('off');

  private constructor(
    /** The tools' own word for it. */
    public readonly level: string,
  ) {}
}
