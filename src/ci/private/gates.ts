import { Construct } from 'constructs';
import { BindOptions } from '../../bind-options';
import { FindingSeverity } from '../../finding-severity';
import { SEVERITY } from '../../private/common-kinds';
import { fail, show } from '../../private/errors';
import { flag, KindsOf, list, NUMBER, requireOptions, STRING, strategy } from '../../private/kinds';
import { requireAbsent, requireInteger, requireText } from '../../private/validation';
import { AdvisorySource, AdvisorySourceConfig } from '../advisory-source';
import { QualityGateOptions } from '../quality-gates';

/** The gates of a build with their settings. A gate that is off has none. */
export interface Gates {
  readonly requireTests: boolean;
  /** Undefined when the project's own configuration decides. */
  readonly minimumCoverage?: number;
  /** Undefined when findings are reported only. */
  readonly banditSeverity?: FindingSeverity;
  /** Undefined when nothing is audited. */
  readonly advisorySource?: AdvisorySourceConfig;
  /** Undefined when the build does not wait for the scan. */
  readonly imageScanSeverity?: FindingSeverity;
  readonly ignoredVulnerabilities: string[];
  readonly sbom: boolean;
}

/** The booleans of the gates. */
type Switches = Required<Pick<QualityGateOptions, 'requireTests' | 'bandit' | 'dependencyAudit' | 'imageScan' | 'sbom'>>;

const OPTIONS: KindsOf<QualityGateOptions> = {
  requireTests: flag("pass a minimum of coverage as 'gates.minimumCoverage'"),
  minimumCoverage: NUMBER,
  bandit: flag("pass the severity as 'gates.banditSeverity'"),
  banditSeverity: SEVERITY,
  dependencyAudit: flag("pass a source of advisories as 'gates.advisorySource'"),
  advisorySource: strategy('AdvisorySource', 'AdvisorySource.osv()'),
  imageScan: flag("pass the severity as 'gates.imageScanSeverity'"),
  imageScanSeverity: SEVERITY,
  ignoredVulnerabilities: list(STRING),
  sbom: flag('it has no settings'),
};

const REMOVE_ONE = 'remove one of the two';

/** Validates the options and fills in the defaults. */
export function bindGates(scope: Construct, options: QualityGateOptions, bindOptions: BindOptions): Gates {
  const { requireTests, bandit, dependencyAudit, imageScan, sbom } = bindSwitches(scope, options);
  validateSettings(scope, options);
  const {
    minimumCoverage, banditSeverity = FindingSeverity.HIGH, advisorySource = AdvisorySource.pypi(),
    imageScanSeverity = FindingSeverity.HIGH,
    ignoredVulnerabilities = [],
  } = options;
  return {
    requireTests,
    minimumCoverage,
    banditSeverity: bandit ? banditSeverity : undefined,
    advisorySource: dependencyAudit ? advisorySource.bind(scope, bindOptions) : undefined,
    imageScanSeverity: imageScan ? imageScanSeverity : undefined,
    ignoredVulnerabilities,
    sbom,
  };
}

function bindSwitches(scope: Construct, options: QualityGateOptions): Switches {
  requireNames(scope, options);
  const { requireTests = true, bandit = true, dependencyAudit = true, imageScan = false, sbom = true } = options;
  const switches = { requireTests, bandit, dependencyAudit, imageScan, sbom };
  requireNoIdleSetting(scope, options, switches);
  return switches;
}

/** The old name of `requireTests` had the opposite value, so renaming the option is not enough. */
function requireNames(scope: Construct, options: QualityGateOptions): void {
  if (Reflect.get(Object(options), 'allowNoTests') !== undefined) {
    fail(scope, "'gates.allowNoTests' is now 'gates.requireTests', with the opposite value");
  }
  requireOptions(scope, 'gates', options, OPTIONS);
}

/** Fails for a setting of a gate that is off. */
function requireNoIdleSetting(
  scope: Construct, options: QualityGateOptions, { bandit, dependencyAudit, imageScan }: Switches,
): void {
  const { banditSeverity, advisorySource, imageScanSeverity, ignoredVulnerabilities } = options;
  if (!bandit) {
    requireAbsent(scope, 'gates.bandit: false', { 'gates.banditSeverity': banditSeverity }, REMOVE_ONE);
  }
  if (!dependencyAudit) {
    requireAbsent(scope, 'gates.dependencyAudit: false', { 'gates.advisorySource': advisorySource }, REMOVE_ONE);
  }
  if (!imageScan && imageScanSeverity) {
    fail(scope, `'gates.imageScanSeverity' must not be given without 'gates.imageScan: true', got ${show(imageScanSeverity.level)}; `
      + "the build does not wait for the scan: add 'imageScan: true', or remove 'imageScanSeverity'");
  }
  if (!dependencyAudit && !imageScan) {
    requireAbsent(scope, 'gates.dependencyAudit: false', { 'gates.ignoredVulnerabilities': ignoredVulnerabilities },
      "no gate looks for vulnerabilities: remove one of the two, or add 'imageScan: true'");
  }
}

function validateSettings(
  scope: Construct, { minimumCoverage, banditSeverity, ignoredVulnerabilities }: QualityGateOptions,
): void {
  requireInteger(scope, 'gates.minimumCoverage', minimumCoverage, {
    min: 1, max: 100, remedy: "remove it to let the project's own configuration decide",
  });
  if (banditSeverity === FindingSeverity.CRITICAL) {
    fail(scope, "'gates.banditSeverity' must be LOW, MEDIUM or HIGH, got CRITICAL; bandit does not rate findings as critical: use FindingSeverity.HIGH");
  }
  ignoredVulnerabilities?.forEach((id) => requireText(scope, 'gates.ignoredVulnerabilities', id, 'remove the empty entry'));
}
