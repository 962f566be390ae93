/**
 * How severe a finding must be to fail the build.
 */
export class FindingSeverity {
  /** Any finding. */
  public static readonly LOW = new FindingSeverity('low');
  /** Medium and high findings. */
  public static readonly MEDIUM = new FindingSeverity('medium');
  /** High findings only. */
  public static readonly HIGH = new FindingSeverity('high');

  private constructor(
    /** The tools' own word for it. */
    public readonly level: string,
  ) {}
}

/**
 * What fails the build, before an image is pushed.
 */
export interface QualityGateOptions {
  /**
   * The test coverage to reach, in percent from 1 to 100. coverage.py's total counts branches when the project measures them.
   *
   * @default - what the project's own configuration asks for
   * @see https://coverage.readthedocs.io/en/latest/config.html#report-fail-under
   */
  readonly minimumCoverage?: number;

  /**
   * From which severity on a finding of bandit fails the build.
   *
   * @default FindingSeverity.HIGH
   * @see https://bandit.readthedocs.io/
   */
  readonly banditSeverity?: FindingSeverity;

  /**
   * Whether a project without tests passes.
   *
   * @default false
   */
  readonly allowNoTests?: boolean;
}
