import { DependencyAudit } from './dependency-audit';
import { FindingSeverity } from '../finding-severity';

/**
 * What fails the build, before anything is released.
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
   * Where the build learns of vulnerabilities in the dependencies that the image gets. Any that is known and not ignored fails the build.
   *
   * @default - DependencyAudit.pypi(), which fails when it cannot be asked
   */
  readonly dependencyAudit?: DependencyAudit;

  /**
   * From which severity on a finding of the registry's scan stops the release, after the push. The build waits for the scan at most ten minutes;
   * the repository must scan on push, as one of the platform's own does.
   *
   * @default - the scan is not waited for
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
   */
  readonly imageScanSeverity?: FindingSeverity;

  /**
   * Vulnerabilities that cannot be mended yet, such as `CVE-2024-12345` or `PYSEC-2024-1`. The dependency audit and the image scan pass over them.
   *
   * @default - none
   */
  readonly ignoredVulnerabilities?: string[];

  /**
   * Whether the build writes a bill of materials of the dependencies that the image gets, in CycloneDX's format, beside its reports.
   *
   * @default true
   * @see https://cyclonedx.org/
   */
  readonly sbom?: boolean;

  /**
   * Whether a project without tests passes.
   *
   * @default false
   */
  readonly allowNoTests?: boolean;
}
