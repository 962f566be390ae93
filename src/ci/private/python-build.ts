import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge, wildcard } from '../../private/acknowledge';
import { allow } from '../../private/allow';
import { readWriteArtifacts } from '../../private/artifact-statements';
import { isDefaultBuildLog } from '../../private/cdk-internals';
import { fail, show } from '../../private/errors';
import { ManagedPolicyRole } from '../../private/managed-policy-role';
import { ResourceNames } from '../../private/names';
import { serviceOfThisAccount } from '../../private/principals';
import { requirePattern, requireText } from '../../private/validation';
import { DeployStageConfig } from '../../service/api';
import { DockerHubCredentialsConfig } from '../docker-hub-credentials';
import { PythonCiPipelineProps } from '../python-ci-pipeline-options';
import { PythonProject } from '../python-project';
import { PythonProjectConfig } from '../python-project-options';
import { ArtifactStore } from './artifact-store';
import { chooseBuildImage, runtimeVersion } from './build-images';
import { createBuildLog } from './build-log';
import { addProgram, BuildProgram } from './build-program';
import { requireSecretIds } from './build-secrets';
import { validateBuildSpecSize } from './build-spec-size';
import { BuildSpecOptions, releaseFilesOf, renderBuildSpec } from './buildspec';
import { validateDynamicReferences } from './dynamic-references';
import { bindGates, Gates } from './gates';
import { InlineBuildSpec } from './inline-build-spec';
import { requireImageTarget } from './project-validation';
import { warnOfProject } from './project-warnings';
import { RELEASE_DIGEST } from './release-digest';
import { bindTestServices } from './test-services';

/** The variables that the build sets itself. A user's value would be overwritten, or break the build. */
const OWN_VARIABLES = [
  'PROJECT_DIRECTORY', 'PYTHON_VERSION', 'IMAGE_REPOSITORY', 'IMAGE', 'IMAGE_DIGEST', RELEASE_DIGEST, 'ARTIFACT_BUCKET', 'PIPELINE_EXECUTION_ID', 'DELIVERY_HOME', 'PYENV_VERSION',
  'UV_VERSION', 'UV_CACHE_DIR', 'PIP_CACHE_DIR', 'POETRY_CACHE_DIR', 'UV_PYTHON_DOWNLOADS', 'GATES', 'CACHED', 'TEST_SECONDS', 'INSTALLER', 'DOCKERFILE', 'IMAGE_CONTEXT',
  'MINIMUM_COVERAGE', 'ALLOW_NO_TESTS', 'BANDIT_SEVERITY', 'WHEN_UNAUDITED', 'IMAGE_SCAN_SEVERITY',
];

/** The options of the pipeline that the build uses. */
type BuildOptions = Pick<PythonCiPipelineProps,
  | 'service' | 'repository' | 'python' | 'gates' | 'dockerHub' | 'buildImage' | 'computeType' | 'environmentVariables'
  | 'installCommands' | 'testCommand' | 'testServices' | 'cache' | 'logRetention' | 'manualApproval'>;

/** Props of the build. */
export interface PythonBuildProps extends BuildOptions {
  readonly names: ResourceNames;
  readonly removalPolicy: RemovalPolicy;
  readonly store: ArtifactStore;
  readonly deploy: Pick<DeployStageConfig, 'files' | 'imageTagPrefix'>;
}

/** What the role of the build has permissions for. */
interface RoleOptions {
  readonly tests: codebuild.ReportGroup;
  readonly coverage: codebuild.ReportGroup;
  readonly program: BuildProgram;
  readonly gates: Gates;
  readonly python: PythonProjectConfig;
  readonly dockerHub?: DockerHubCredentialsConfig;
}

/** The build project with its role, log and report groups. */
export class PythonBuild extends Construct {
  public readonly project: codebuild.PipelineProject;
  public readonly role: iam.Role;
  public readonly logGroup: logs.LogGroup;
  constructor(scope: Construct, id: string, private readonly props: PythonBuildProps) {
    super(scope, id);
    this.validate(scope);
    const { names, store, service } = props;
    const { cache = true } = props;
    const gates = bindGates(scope, props.gates ?? {}, names.parts);
    const python = this.bindProject(scope);
    const dockerHub = props.dockerHub?.bind(scope, names.parts);
    const reserved = [...OWN_VARIABLES, ...Object.keys(props.environmentVariables ?? {})];
    const testServices = bindTestServices(scope, props.testServices ?? [], names.parts, reserved);
    const buildImage = chooseBuildImage(scope, python.pythonVersion, service.cpuArchitecture, props.buildImage);

    this.logGroup = createBuildLog(this, 'build', 'AllowBuildLogs', props);
    const tests = this.createReportGroup('TestReports', 'tests', codebuild.ReportGroupType.TEST);
    const coverage = this.createReportGroup('CoverageReports', 'coverage', codebuild.ReportGroupType.CODE_COVERAGE);
    const program = addProgram(this);
    this.role = this.createRole({ tests, coverage, program, gates, dockerHub, python });
    const options: BuildSpecOptions = {
      program,
      project: python,
      runtimeVersion: runtimeVersion(buildImage, python.pythonVersion),
      gates,
      installCommands: props.installCommands ?? [],
      testCommand: props.testCommand,
      testServices,
      dockerHub,
      cached: cache,
      exportsDigest: props.manualApproval ?? false,
      files: props.deploy.files,
      imageTagPrefix: props.deploy.imageTagPrefix,
      repositoryUri: props.repository.repositoryUri,
      artifactBucketName: store.bucket.bucketName,
      testReportGroupArn: tests.reportGroupArn,
      coverageReportGroupArn: coverage.reportGroupArn,
    };
    this.project = this.createProject(buildImage, renderBuildSpec(options));
    this.node.addValidation({ validate: () => validateBuildSpecSize(this.project, options) });
    this.node.addValidation({ validate: () => validateDynamicReferences(this.project, options) });
  }

  /** The names of the files that the deployment reads. */
  public get releaseFiles(): string[] {
    return releaseFilesOf(this.props.deploy.files);
  }

  private createProject(
    buildImage: codebuild.IBuildImage, buildSpec: { [key: string]: unknown },
  ): codebuild.PipelineProject {
    const { names, store, computeType = codebuild.ComputeType.SMALL, environmentVariables, cache = true } = this.props;
    const project = new codebuild.PipelineProject(this, 'Project', {
      projectName: names.of('build'),
      role: this.role,
      environment: { buildImage, computeType, privileged: true },
      environmentVariables,
      encryptionKey: store.key,
      // at most 40 minutes for the tests and 10 for the scan: a build that times out uploads no reports
      timeout: Duration.minutes(90),
      logging: { cloudWatch: { logGroup: this.logGroup } },
      grantReportGroupPermissions: false,
      cache: cache ? codebuild.Cache.bucket(store.bucket, { prefix: 'cache' }) : undefined,
      buildSpec: new InlineBuildSpec(buildSpec),
    });
    acknowledge(project, 'CodePipeline passes the source to the build as an artifact, so the project contains no source credentials.', {
      compliance: ['CodeBuildProjectSourceRepoUrl'],
    });
    acknowledge(project, 'Docker builds images only in a privileged container.', { guard: ['codebuild_project_environment_privileged_check'] });
    return project;
  }

  private validate(scope: Construct): void {
    const { environmentVariables, installCommands, testCommand } = this.props;
    const taken = Object.keys(environmentVariables ?? {}).filter((name) => OWN_VARIABLES.includes(name));
    if (taken.length > 0) {
      fail(scope, `'environmentVariables' must not contain variables that the build sets itself (${OWN_VARIABLES.join(', ')}), got ${show(taken)}; choose other names`);
    }
    requirePattern(scope, 'imageTagPrefix', this.props.deploy.imageTagPrefix, /^\w[\w.-]{0,39}$/,
      'start with a letter, a digit, or an underscore, and have at most 40 of them, hyphens, and dots');
    requireText(scope, 'testCommand', testCommand, 'remove it to run pytest');
    installCommands?.forEach((command) => requireText(scope, 'installCommands', command, 'remove the empty entry'));
  }

  /** A project of the user's own may have validated nothing. */
  private bindProject(scope: Construct): PythonProjectConfig {
    const project = (this.props.python ?? PythonProject.pip()).bind(scope, this.props.names.parts);
    requireSecretIds(scope, project.buildSecrets);
    requireImageTarget(scope, project.imageTarget);
    warnOfProject(scope, project);
    return project;
  }

  private createReportGroup(id: string, purpose: string, type: codebuild.ReportGroupType): codebuild.ReportGroup {
    return new codebuild.ReportGroup(this, id, {
      reportGroupName: this.props.names.of(purpose),
      type,
      removalPolicy: this.props.removalPolicy,
      deleteReports: this.props.removalPolicy === RemovalPolicy.DESTROY,
    });
  }

  private createRole({
    tests, coverage, program, gates: { imageScanSeverity }, dockerHub, python: { buildSecrets = {} },
  }: RoleOptions): iam.Role {
    const { names, store, repository } = this.props;
    return new ManagedPolicyRole(this, 'Role', {
      roleName: names.accountWide('build'),
      managedPolicyName: (number) => names.accountWide(`build-policy${number}`),
      assumedBy: serviceOfThisAccount(this, 'codebuild.amazonaws.com'),
      // CDK also grants access to a log group with the project's name
      covers: (resource) => [...store.arns, this.logGroup.logGroupArn].includes(resource)
        || isDefaultBuildLog(resource),
      statements: [
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]),
        allow(['codebuild:CreateReport', 'codebuild:UpdateReport', 'codebuild:BatchPutTestCases'], [tests.reportGroupArn]),
        allow(['codebuild:CreateReport', 'codebuild:UpdateReport', 'codebuild:BatchPutCodeCoverages'], [coverage.reportGroupArn]),
        ...readWriteArtifacts(store.bucket, 'build'),
        allow(['s3:GetObject'], [program.objectArn]),
        wildcard('The action does not support resource-level permissions.', allow(['ecr:GetAuthorizationToken'], ['*'])),
        allow([
          'ecr:BatchCheckLayerAvailability',
          'ecr:BatchGetImage',
          'ecr:CompleteLayerUpload',
          'ecr:GetDownloadUrlForLayer',
          'ecr:InitiateLayerUpload',
          'ecr:PutImage',
          'ecr:UploadLayerPart',
          ...(imageScanSeverity ? ['ecr:DescribeImageScanFindings'] : []),
        ], [repository.repositoryArn]),
        // required by registries that scan with Amazon Inspector
        ...(imageScanSeverity
          ? [wildcard('The actions do not support resource-level permissions.', allow(['inspector2:ListCoverage', 'inspector2:ListFindings'], ['*']))] : []),
        ...dockerHub?.statements ?? [],
        ...Object.values(buildSecrets).flatMap(({ statements }) => statements),
      ],
    });
  }
}
