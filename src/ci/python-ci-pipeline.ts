import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PipelineSource } from './pipeline-source';
import { PipelineSourceConfig } from './pipeline-source-options';
import { createApprovalAction } from './private/approval';
import { ArtifactStore } from './private/artifact-store';
import { createBuildAction } from './private/build-action';
import { PythonBuild } from './private/python-build';
import { ReleaseCheck, ReleaseCheckProps } from './private/release-check';
import { PythonCiPipelineProps } from './python-ci-pipeline-options';
import { ARTIFACT, readWriteArtifacts } from '../private/artifact-statements';
import { ManagedPolicyRole } from '../private/managed-policy-role';
import { requireCurrentNames } from '../private/moved-options';
import { MAX_LENGTH, ResourceNames } from '../private/names';
import { removalPolicyOf } from '../private/part-defaults';
import { PolicyRole } from '../private/policy-role';
import { serviceOfThisAccount, thePipeline } from '../private/principals';
import { requireDuration } from '../private/validation';
import { PIPELINE_KINDS } from './private/kinds';
import { requireKinds } from '../private/kinds';
import { DeployStageBindOptions, DeployStageConfig } from '../service/api';

/** The props of the check after the approval, without those that the pipeline knows itself. */
type CheckOptions = Omit<ReleaseCheckProps, 'names' | 'assumedBy' | 'build'>;

/** The run order of the deployment after the check of an approved release. */
const AFTER_CHECK = 2;

/** The placeholder name in AWS's examples; the action adds the angle brackets. */
const IMAGE_PLACEHOLDER = 'IMAGE1_NAME';

/**
 * A pipeline that releases each push: a source, a build with quality gates, and the deploy stage of the service.
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
  /**
   * The rule that starts the pipeline, undefined when the source starts the pipeline itself, as a connection does. Pass
   * it to `PipelineAlerts`, so that a push that did not start the pipeline is reported.
   */
  public readonly trigger?: events.Rule;

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
    const removalPolicy = removalPolicyOf(props);

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
    const deploy = this.bindDeployStage(props, { ...place, artifact: buildOutput });
    const build = new PythonBuild(this, 'Build', { ...props, names: this.names, removalPolicy, store, deploy });
    source.buildStatements?.forEach((statement) => build.role.addToPrincipalPolicy(statement));
    const buildAction = this.createBuildAction(build, sourceOutput, buildOutput);
    const check = { ...props, store, removalPolicy, files: build.releaseFiles, artifact: buildOutput };

    this.codePipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: this.names.of('pipeline', MAX_LENGTH.codeSuite),
      // set explicitly, since otherwise feature flags of the app decide
      pipelineType: codepipeline.PipelineType.V2,
      crossAccountKeys: false,
      // a service has one deployment at a time, and only the newest waiting change needs one
      executionMode: codepipeline.ExecutionMode.SUPERSEDED,
      restartExecutionOnUpdate: false,
      role: pipelineRole,
      artifactBucket: store.bucket,
      triggers: source.triggers,
      stages: this.createStages(source, buildAction, deploy.actions, props.manualApproval ? check : undefined),
    });
    // the pipeline starts as soon as it is created, and the build then needs its permissions
    this.codePipeline.node.addDependency(build.role);
    this.trigger = this.createTrigger(source);

    this.buildProject = build.project;
    this.buildLogGroup = build.logGroup;
    this.sourceRepository = source.repository;
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
   * @param options the stage, and optionally its placement among the stages of `codePipeline`
   * @throws when a stage with this name exists, or the placement is not valid
   */
  public addStage(options: codepipeline.StageOptions): codepipeline.IStage {
    return this.codePipeline.addStage(options);
  }

  private validate(props: PythonCiPipelineProps): void {
    requireCurrentNames(this, props, { artifactAccessLogs: 'artifactAccessLogsBucket', buildLogRetention: 'logRetention' });
    requireKinds(this, props, PIPELINE_KINDS);
    requireDuration(this, 'artifactRetention', props.artifactRetention, {
      unit: 'days', min: 1, max: 3650, remedy: 'a stopped pipeline needs its artifacts: keep them for some days',
    });
  }

  private createPipelineRole(store: ArtifactStore): iam.Role {
    return new ManagedPolicyRole(this, 'Role', {
      roleName: this.names.accountWide('pipeline'),
      managedPolicyName: (number) => this.names.accountWide(`pipeline-policy${number}`),
      assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'),
      statements: readWriteArtifacts(store.bucket, 'pipeline'),
      covers: (resource) => store.arns.includes(resource),
    });
  }

  private bindDeployStage(
    { service, manualApproval }: PythonCiPipelineProps, place: Omit<DeployStageBindOptions, 'imageUriPlaceholder'>,
  ): DeployStageConfig {
    return service.bindDeployStage(new Construct(this, 'Deploy'), {
      ...place, imageUriPlaceholder: IMAGE_PLACEHOLDER, runOrder: manualApproval ? AFTER_CHECK : undefined,
    });
  }

  private createStages(
    source: PipelineSourceConfig, build: actions.CodeBuildAction, deploy: codepipeline.IAction[],
    check?: CheckOptions,
  ): codepipeline.StageProps[] {
    return [
      { stageName: 'Source', actions: [source.action] },
      {
        stageName: 'Build',
        actions: [build],
        // one retry, for infrastructure failures such as a lost host; if a gate failed, the retry exits
        // immediately
        onFailure: { result: codepipeline.Result.RETRY, retryMode: codepipeline.RetryMode.FAILED_ACTIONS },
      },
      ...check ? [{ stageName: 'Approval', actions: [createApprovalAction(this, this.names, this.actor, source, build)] }] : [],
      { stageName: 'Deploy', actions: [...check ? [this.createCheck(build, check)] : [], ...deploy] },
    ];
  }

  private createCheck(build: actions.CodeBuildAction, check: CheckOptions): codepipeline.IAction {
    const { names, actor: assumedBy } = this;
    return new ReleaseCheck(this, 'ReleaseCheck', { ...check, names, assumedBy, build }).action;
  }

  private createBuildAction(
    build: PythonBuild, input: codepipeline.Artifact, output: codepipeline.Artifact,
  ): actions.CodeBuildAction {
    return createBuildAction(this, 'BuildActionRole', { names: this.names, purpose: 'build-action', assumedBy: this.actor }, {
      actionName: 'Build',
      variablesNamespace: 'Build',
      project: build.project,
      input,
      outputs: [output],
      // the build detects with it that it is a retry in the same execution
      environmentVariables: { PIPELINE_EXECUTION_ID: { value: codepipeline.GlobalVariables.executionId } },
    });
  }

  private createTrigger({ trigger }: PipelineSourceConfig): events.Rule | undefined {
    if (!trigger) { return undefined; }
    const { role } = new PolicyRole(this, 'TriggerRole', {
      names: this.names,
      purpose: 'trigger',
      assumedBy: serviceOfThisAccount(this, 'events.amazonaws.com'),
      statements: [new iam.PolicyStatement({ actions: ['codepipeline:StartPipelineExecution'], resources: [this.codePipeline.pipelineArn] })],
    });
    return new events.Rule(this, 'Trigger', {
      ruleName: this.names.of('trigger', MAX_LENGTH.eventRule),
      description: 'Starts the pipeline when its source changes',
      eventPattern: trigger,
      targets: [new targets.CodePipeline(this.codePipeline, { eventRole: role })],
    });
  }
}
