import { FindingSeverity } from '../../finding-severity';
import { DependencyAuditConfig, UnauditedAction } from '../dependency-audit';
import { DockerHubCredentialsConfig } from '../docker-hub-credentials';
import { PythonProjectConfig } from '../python-project-options';
import { QualityGateOptions } from '../quality-gates';
import { list, quote, shellFunction } from './shell';

/** What installs projects and tools: an exact version, so that a build of tomorrow judges as one of today. */
export const UV_VERSION = '0.13.9';

/** What the program of the build is told. */
export interface ProgramOptions {
  readonly project: PythonProjectConfig;
  readonly gates: QualityGateOptions;
  /** Undefined when nothing is audited. */
  readonly audit?: DependencyAuditConfig;
  /** Lines of bash to run before the project is installed. */
  readonly installCommands: string[];
  readonly testCommand?: string;
  readonly dockerHub?: DockerHubCredentialsConfig;
  /** Whether downloads and layers of earlier builds are used again. */
  readonly cached: boolean;
}

/** The project's part of the program: variables, and functions of the user's own lines. */
export function renderSettings(options: ProgramOptions): string[] {
  const { project, dockerHub, cached } = options;
  return [
    `GATES=${quote(gateNames(options).join(' '))}`,
    `CACHED=${yesOrNo(cached)}`,
    `UV_VERSION=${project.uvVersion ?? UV_VERSION}`,
    list('test_target', project.testDirectory === undefined ? [] : [project.testDirectory]),
    ...gateSettings(options),
    `DOCKERFILE=${quote(project.dockerfile)}`,
    `IMAGE_CONTEXT=${quote(project.imageContext ?? project.directory)}`,
    list('build_options', buildOptions(options)),
    ...shellFunction('install_project', project.installCommands),
    ...shellFunction('log_in_to_docker_hub', dockerHub?.loginCommands ?? []),
  ];
}

function gateSettings({ gates, audit }: ProgramOptions): string[] {
  const { minimumCoverage, allowNoTests = false, banditSeverity = FindingSeverity.HIGH, imageScanSeverity, ignoredVulnerabilities = [] } = gates;
  return [
    `MINIMUM_COVERAGE=${minimumCoverage ?? ''}`,
    `ALLOW_NO_TESTS=${yesOrNo(allowNoTests)}`,
    `BANDIT_SEVERITY=${level(banditSeverity)}`,
    list('audit_source', audit?.arguments ?? []),
    `WHEN_UNAUDITED=${audit?.whenUnaudited ?? UnauditedAction.FAIL}`,
    list('ignored_vulnerabilities', ignoredVulnerabilities),
    `IMAGE_SCAN_SEVERITY=${imageScanSeverity ? level(imageScanSeverity) : ''}`,
  ];
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** Those that must pass before the push. */
function gateNames({ gates, audit }: ProgramOptions): string[] {
  return [
    'install', 'pytest',
    ...(gates.minimumCoverage === undefined ? [] : ['coverage']),
    'bandit',
    ...(audit ? ['audit'] : []),
    ...(gates.sbom ?? true ? ['sbom'] : []),
    'image',
  ];
}

function buildOptions({ project, dockerHub }: ProgramOptions): string[] {
  return Object.entries({ ...dockerHub?.buildArguments, ...project.buildArguments }).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
}

function level(severity: FindingSeverity): string {
  return severity.level.toUpperCase();
}
