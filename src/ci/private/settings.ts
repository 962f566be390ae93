import { FindingSeverity } from '../../finding-severity';
import { UnauditedAction } from '../advisory-source';
import { DockerHubCredentialsConfig } from '../docker-hub-credentials';
import { PythonProjectConfig } from '../python-project-options';
import { TestServiceConfig } from '../test-service-options';
import { renderBuildSecrets } from './build-secrets';
import { Gates } from './gates';
import { list, quote, shellFunction } from './shell';
import { renderServices } from './test-services';

/** The version of uv that installs projects and tools. It is exact, so that later builds give the same results. */
export const UV_VERSION = '0.13.9';

/** The settings of the build's program. */
export interface ProgramOptions {
  readonly project: PythonProjectConfig;
  readonly gates: Gates;
  /** Bash commands that run before the project is installed. */
  readonly installCommands: string[];
  readonly testCommand?: string;
  readonly testServices: TestServiceConfig[];
  readonly dockerHub?: DockerHubCredentialsConfig;
  /** Whether to reuse the downloads and the layers of earlier builds. */
  readonly cached: boolean;
}

/** The settings file of the program: variables, and functions with the project's own commands. */
export function renderSettings(options: ProgramOptions): string[] {
  const { project, dockerHub, cached, testServices } = options;
  return [
    `GATES=${quote(gateNames(options).join(' '))}`,
    `CACHED=${yesOrNo(cached)}`,
    `PYTHON_VERSION=${project.pythonVersion ?? ''}`,
    `UV_VERSION=${project.uvVersion ?? UV_VERSION}`,
    list('test_target', project.testDirectory === undefined ? [] : [project.testDirectory]),
    ...gateSettings(options),
    `DOCKERFILE=${quote(project.dockerfile)}`,
    `IMAGE_CONTEXT=${quote(project.imageContext ?? project.directory)}`,
    list('build_options', buildOptions(options)),
    ...(project.imageTarget === undefined ? [] : [`image_target=${quote(project.imageTarget)}`]),
    ...renderBuildSecrets(project.buildSecrets),
    ...renderServices(testServices),
    ...shellFunction('install_project', project.installCommands),
    ...shellFunction('log_in_to_docker_hub', dockerHub?.loginCommands ?? []),
  ];
}

function gateSettings({ gates }: ProgramOptions): string[] {
  const {
    requireTests, minimumCoverage, banditSeverity, advisorySource, imageScanSeverity, ignoredVulnerabilities,
  } = gates;
  return [
    `MINIMUM_COVERAGE=${minimumCoverage ?? ''}`,
    `ALLOW_NO_TESTS=${yesOrNo(!requireTests)}`,
    `BANDIT_SEVERITY=${banditSeverity ? level(banditSeverity) : 'OFF'}`,
    list('audit_source', advisorySource ? [advisorySource.api, advisorySource.url] : []),
    `WHEN_UNAUDITED=${advisorySource?.whenUnaudited ?? UnauditedAction.FAIL}`,
    list('ignored_vulnerabilities', ignoredVulnerabilities),
    `IMAGE_SCAN_SEVERITY=${imageScanSeverity ? level(imageScanSeverity) : ''}`,
  ];
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** The gates that must pass before the push. */
function gateNames({ testServices, gates: { minimumCoverage, advisorySource, sbom } }: ProgramOptions): string[] {
  return [
    'install',
    ...(testServices.length > 0 ? ['services'] : []),
    'pytest',
    ...(minimumCoverage === undefined ? [] : ['coverage']),
    'bandit',
    ...(advisorySource ? ['audit'] : []),
    ...(sbom ? ['sbom'] : []),
    'image',
  ];
}

function buildOptions({ project, dockerHub }: ProgramOptions): string[] {
  return Object.entries({ ...dockerHub?.buildArguments, ...project.buildArguments }).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
}

function level(severity: FindingSeverity): string {
  return severity.level.toUpperCase();
}
