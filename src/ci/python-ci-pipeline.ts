import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { DockerHubCredentials } from './docker-hub-credentials';
import { PipelineSource, PipelineSourceConfig } from './pipeline-source';
import { createApprovalAction } from './private/approval';
import { ArtifactStore } from './private/artifact-store';
import { PythonBuild } from './private/python-build';
import { PythonProject } from './python-project';
import { QualityGateOptions } from './quality-gates';
import { PartProps } from '../part-props';
import { ARTIFACT, readWriteArtifacts } from '../private/artifact-statements';
import { ManagedPolicyRole } from '../private/managed-policy-role';
import { requireCurrentNames } from '../private/moved-options';
import { MAX_LENGTH, ResourceNames } from '../private/names';
import { PolicyRole } from '../private/policy-role';
import { serviceOfThisAccount, thePipeline } from '../private/principals';
import { requireBoolean, requireDuration } from '../private/validation';
import { IBlueGreenService } from '../service/api';

/** The name in AWS's own examples; the action adds the angle brackets. */
const IMAGE_PLACEHOLDER = 'IMAGE1_NAME';

/**
 * Options of a pipeline, for the pattern and for a pipeline of its own.
 */
export interface PythonCiPipelineOptions {
  /**
   * The source of the code. If you change it later, CloudFormation deletes a created repository with its code, unless
   * the removal policy is RETAIN.
   *
   * @default - PipelineSource.codeCommit(), a new and empty repository
   */
  readonly source?: PipelineSource;

  /**
   * The kind of Python project, and how the build installs it.
   *
   * @default - PythonProject.pip(), Python 3.9
   */
  readonly python?: PythonProject;

  /**
   * The quality gates of the build.
   *
   * @default - tests that pass, no bandit finding of high severity, no dependency with a known vulnerability, and an
   * SBOM
   */
  readonly gates?: QualityGateOptions;

  /**
   * Docker Hub credentials that the build uses to pull base images.
   *
   * @default - anonymous pulls
   */
  readonly dockerHub?: DockerHubCredentials;

  /**
   * The image that the build runs in. It must have the CPU architecture of the tasks, and provide the Python version of
   * the project.
   *
   * @default - Amazon Linux 2023 for the CPU architecture of the tasks, with Python 3.9 to 3.14
   */
  readonly buildImage?: codebuild.IBuildImage;

  /**
   * The compute type of the build.
   *
   * @default codebuild.ComputeType.SMALL
   */
  readonly computeType?: codebuild.ComputeType;

  /**
   * Environment variables of the build. The build's role is allowed to read those from Parameter Store and Secrets
   * Manager.
   *
   * @default - none
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * Bash commands that run before the project is installed, such as `dnf install -y libpq-devel`. The installation and
   * the tests receive the variables that they export.
   *
   * @default - none
   */
  readonly installCommands?: string[];

  /**
   * A bash command that runs the tests instead of pytest, such as `tox -x testenv.pass_env+=PYTEST_ADDOPTS` or
   * `python manage.py test`.
   *
   * Its exit code is the result of the tests. `PYTEST_ADDOPTS` contains the options of pytest that write the reports.
   * `JUNIT_REPORT` and `COVERAGE_REPORT` contain the paths that the reports must be written to.
   *
   * @default - pytest
   */
  readonly testCommand?: string;

  /**
   * Whether to reuse the downloads of earlier builds and the layers of the last image. The cache is in the artifact
   * bucket.
   *
   * @default true
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/caching-s3.html
   */
  readonly cache?: boolean;

  /**
   * Whether to require a manual approval between build and deployment. CodePipeline rejects a release that waits for
   * more than 7 days.
   *
   * While one release waits for approval, newer ones wait for the stage, and the newest replaces the others.
   *
   * @default false
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
   */
  readonly manualApproval?: boolean;

  /**
   * The retention period of the build's log.
   *
   * @default logs.RetentionDays.TWO_WEEKS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The time after which artifacts expire, in whole days.
   *
   * @default Duration.days(30)
   */
  readonly artifactRetention?: Duration;

  /**
   * The bucket that S3 writes the server access logs of the artifact bucket to.
   *
   * It must be in the pipeline's account and region, and encrypted with S3-managed keys, since S3 cannot write with a
   * KMS key. The library extends the policy of a bucket of this app. For an imported bucket, synthesis emits a warning
   * that tells its owner what to allow.
   *
   * @default - accesses are not logged
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
   */
  readonly artifactAccessLogsBucket?: s3.IBucket;

  /**
   * The key that encrypts the artifacts, the output of the build, and its log. CloudWatch Logs in this region is
   * allowed to use it.
   *
   * If the key is imported, CloudWatch Logs encrypts the log with its own key, since the policy of an imported key
   * cannot be changed from here.
   *
   * @default - a new key, rotated every year
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Props of a pipeline.
 */
export interface PythonCiPipelineProps extends PythonCiPipelineOptions, PartProps {
  /** The service that the pipeline releases. */
  readonly service: IBlueGreenService;
  /** The repository that the build pushes images to. */
  readonly repository: ecr.IRepository;
}

/**
 * A pipeline from a push to a release: the source, a build with quality gates that pushes the image, and the deploy
 * stage of the service.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome.html
 * @example
 * declare const service: BlueGreenService;
 * declare const platform: ContainerPlatform;
 * const pipeline = new PythonCiPipeline(this, 'Pipeline', {
 *   service,
 *   repository: platform.repository,
 *   python: PythonProject.pip({ pythonVersion: '3.12' }),
 *   gates: { minimumCoverage: 90 },
 * });
 */
export class PythonCiPipeline extends Construct {
  /** The pipeline. */
  public readonly codePipeline: codepipeline.Pipeline;
  /** The build. */
  public readonly buildProject: codebuild.PipelineProject;
  /** The log group of the build. */
  public readonly buildLogGroup: logs.LogGroup;
  /** The artifact bucket. */
  public readonly artifactBucket: s3.Bucket;
  /** The CodeCommit repository, undefined when the source is not a CodeCommit repository. */
  public readonly sourceRepository?: codecommit.IRepository;
  /** Whether to expect the first execution to fail, because it finds no source in a new and empty repository. */
  public readonly firstExecutionMayFail: boolean;

  private readonly names: ResourceNames;
  private readonly actor: iam.IPrincipal;

  /**
   * @throws when an option is not valid, when the build image lacks the Python version, or when another pipeline
   * releases the service
   */
  constructor(scope: Construct, id: string, props: PythonCiPipelineProps) {
    super(scope, id);
    this.validate(props);
    this.names = new ResourceNames(this, props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;

    const store = new ArtifactStore(this, 'Artifacts', { ...props, names: this.names, removalPolicy, retention: props.artifactRetention });
    this.artifactBucket = store.bucket;
    const pipelineRole = this.createPipelineRole(store);
    this.actor = thePipeline(pipelineRole);
    const place = { ...this.names.parts, artifactBucket: store.bucket, pipelineRole };
    const sourceOutput = new codepipeline.Artifact(ARTIFACT.source);
    const buildOutput = new codepipeline.Artifact(ARTIFACT.build);

    const source = (props.source ?? PipelineSource.codeCommit()).bind(new Construct(this, 'Source'), {
      ...place, output: sourceOutput, removalPolicy,
    });
    const deploy = props.service.bindDeployStage(new Construct(this, 'Deploy'), {
      ...place, artifact: buildOutput, imageUriPlaceholder: IMAGE_PLACEHOLDER,
    });
    const build = new PythonBuild(this, 'Build', { ...props, names: this.names, removalPolicy, store, files: deploy.files });
    source.buildStatements?.forEach((statement) => build.role.addToPrincipalPolicy(statement));
    const buildAction = this.createBuildAction(build, sourceOutput, buildOutput);

    this.codePipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: this.names.of('pipeline', MAX_LENGTH.codeSuite),
      // set here, since feature flags of the app decide otherwise
      pipelineType: codepipeline.PipelineType.V2,
      crossAccountKeys: false,
      // a service has one deployment at a time, and only the newest waiting change is worth one
      executionMode: codepipeline.ExecutionMode.SUPERSEDED,
      restartExecutionOnUpdate: false,
      role: pipelineRole,
      artifactBucket: store.bucket,
      triggers: source.triggers,
      stages: this.createStages(source, buildAction, deploy.actions, props.manualApproval),
    });
    // it starts as soon as it is there, and the build needs its permissions by then
    this.codePipeline.node.addDependency(build.role);
    this.createTrigger(source);

    this.buildProject = build.project;
    this.buildLogGroup = build.logGroup;
    this.sourceRepository = source.repository;
    this.firstExecutionMayFail = source.firstExecutionMayFail ?? false;
  }

  /**
   * Adds a stage as `codePipeline.addStage` does: at the end, unless `placement` is given. Its actions can use the
   * variables of the source and the build, such as `#{Source.CommitId}` and `#{Build.IMAGE_DIGEST}`.
   *
   * @example
   * declare const pipeline: PythonCiPipeline;
   * declare const migrate: lambda.IFunction;
   * pipeline.addStage({
   *   stageName: 'Migrate',
   *   placement: { justAfter: pipeline.codePipeline.stage('Build') },
   *   actions: [new actions.LambdaInvokeAction({ actionName: 'Migrate', lambda: migrate })],
   * });
   * @param options the stage with its place among `codePipeline.stages`
   * @throws when a stage with this name exists, or the placement is not valid
   */
  public addStage(options: codepipeline.StageOptions): codepipeline.IStage {
    return this.codePipeline.addStage(options);
  }

  private validate(props: PythonCiPipelineProps): void {
    requireCurrentNames(this, props, { artifactAccessLogs: 'artifactAccessLogsBucket', buildLogRetention: 'logRetention' });
    requireBoolean(this, 'manualApproval', props.manualApproval, 'the approval has no settings');
    requireDuration(this, 'artifactRetention', props.artifactRetention, {
      unit: 'days', min: 1, max: 3650, remedy: 'a stopped pipeline needs its artifacts for some days',
    });
  }

  private createPipelineRole(store: ArtifactStore): iam.Role {
    return new ManagedPolicyRole(this, 'Role', {
      roleName: this.names.accountWide('pipeline'),
      managedPolicyName: this.names.accountWide('pipeline-policy'),
      assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'),
      statements: readWriteArtifacts(store.bucket, 'pipeline'),
      covers: (resource) => store.arns.includes(resource),
    });
  }

  private createStages(
    source: PipelineSourceConfig, build: actions.CodeBuildAction, deploy: codepipeline.IAction[],
    manualApproval = false,
  ): codepipeline.StageProps[] {
    return [
      { stageName: 'Source', actions: [source.action] },
      {
        stageName: 'Build',
        actions: [build],
        // once, for what a build is not to blame for, such as a host that is lost; it ends at once when a gate had
        // stopped it
        onFailure: { result: codepipeline.Result.RETRY, retryMode: codepipeline.RetryMode.FAILED_ACTIONS },
      },
      ...manualApproval ? [{ stageName: 'Approval', actions: [createApprovalAction(this, this.names, this.actor, source, build)] }] : [],
      { stageName: 'Deploy', actions: deploy },
    ];
  }

  private createBuildAction(
    build: PythonBuild, input: codepipeline.Artifact, output: codepipeline.Artifact,
  ): actions.CodeBuildAction {
    const { role } = new PolicyRole(this, 'BuildActionRole', {
      names: this.names,
      role: 'build-action',
      assumedBy: this.actor,
      statements: [new iam.PolicyStatement({
        actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'],
        resources: [build.project.projectArn],
      })],
    });
    return new actions.CodeBuildAction({
      actionName: 'Build',
      variablesNamespace: 'Build',
      project: build.project,
      input,
      outputs: [output],
      role,
      // by it a build knows that it runs for the second time in one execution
      environmentVariables: { PIPELINE_EXECUTION_ID: { value: codepipeline.GlobalVariables.executionId } },
    });
  }

  private createTrigger({ trigger }: PipelineSourceConfig): void {
    if (!trigger) { return; }
    const { role } = new PolicyRole(this, 'TriggerRole', {
      names: this.names,
      role: 'trigger',
      assumedBy: serviceOfThisAccount(this, 'events.amazonaws.com'),
      statements: [new iam.PolicyStatement({ actions: ['codepipeline:StartPipelineExecution'], resources: [this.codePipeline.pipelineArn] })],
    });
    new events.Rule(this, 'Trigger', {
      ruleName: this.names.of('trigger', MAX_LENGTH.eventRule),
      description: 'Starts the pipeline when its source changes',
      eventPattern: trigger,
      targets: [new targets.CodePipeline(this.codePipeline, { eventRole: role })],
    });
  }
}
