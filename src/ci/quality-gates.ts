import { AdvisorySource } from './advisory-source';
import { FindingSeverity } from '../finding-severity';

/**
 * Quality gates of the build. A build that fails one of them releases nothing.
 *
 * Each gate has a boolean that turns it on or off. The settings of a gate are separate options. Synth fails if you set
 * one of them for a gate that is off.
 */
export interface QualityGateOptions {
  /**
   * Whether to fail the build when no test runs. The build counts the tests in the report, so neither a plugin of
   * pytest nor `testCommand` can hide that there are none. A failing test always fails the build.
   *
   * @default true
   */
  readonly requireTests?: boolean;

  /**
   * The minimum test coverage in percent, from 1 to 100. The gate checks the total of coverage.py, which includes
   * branches if the project measures them.
   *
   * No boolean option turns this gate on or off. Without this option, `fail_under` in the project's own configuration
   * applies, if it is set.
   *
   * @default - the project's own configuration decides
   * @see https://coverage.readthedocs.io/en/latest/config.html#report-fail-under
   */
  readonly minimumCoverage?: number;

  /**
   * Whether to fail the build on findings of bandit. With `false`, bandit still runs, and its findings are in the log
   * and in the reports only.
   *
   * @default true
   * @see https://bandit.readthedocs.io/
   */
  readonly bandit?: boolean;

  /**
   * The lowest severity of a bandit finding that fails the build. bandit does not rate findings as `CRITICAL`.
   *
   * @default FindingSeverity.HIGH
   */
  readonly banditSeverity?: FindingSeverity;

  /**
   * Whether to fail the build when a dependency of the image has a known vulnerability. With `false`, the build does
   * not look for vulnerabilities in the dependencies.
   *
   * @default true
   */
  readonly dependencyAudit?: boolean;

  /**
   * The source of the advisories that the dependency audit uses.
   *
   * @default - AdvisorySource.pypi(), and the build fails when it cannot be reached
   */
  readonly advisorySource?: AdvisorySource;

  /**
   * Whether to wait for the scan of the pushed image in the registry, and to stop the release on its findings.
   *
   * The build waits for at most ten minutes. The repository must scan images on push. A repository that
   * `ContainerPlatform` creates does so.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
   */
  readonly imageScan?: boolean;

  /**
   * The lowest severity of an image scan finding that stops the release. It requires `imageScan: true`.
   *
   * @default FindingSeverity.HIGH
   */
  readonly imageScanSeverity?: FindingSeverity;

  /**
   * Vulnerabilities that the dependency audit and the image scan ignore because they cannot be fixed yet, such as
   * `CVE-2024-12345` or `PYSEC-2024-1`.
   *
   * @default - none
   */
  readonly ignoredVulnerabilities?: string[];

  /**
   * Whether to write a software bill of materials (SBOM) of the image's dependencies beside the reports, in the
   * CycloneDX format.
   *
   * The build fails when it cannot be written.
   *
   * @default true
   * @see https://cyclonedx.org/
   */
  readonly sbom?: boolean;
}
