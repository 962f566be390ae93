import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledge';
import { allow } from '../../private/allow';
import { readArtifacts } from '../../private/artifact-statements';
import { encryptLogsToo } from '../../private/log-encryption';
import { ResourceNames } from '../../private/names';
import { PolicyRole } from '../../private/policy-role';
import { serviceOfThisAccount } from '../../private/principals';
import { PythonCiPipelineOptions } from '../python-ci-pipeline-options';
import { ArtifactStore } from './artifact-store';
import { createBuildAction } from './build-action';
import { InlineBuildSpec } from './inline-build-spec';
import { digestOf, RELEASE_DIGEST } from './release-digest';

/** Props of the check. */
export interface ReleaseCheckProps extends Pick<PythonCiPipelineOptions, 'logRetention'> {
  readonly names: ResourceNames;
  readonly removalPolicy: RemovalPolicy;
  readonly store: ArtifactStore;
  /** The files that the deployment reads. */
  readonly files: string[];
  /** The pipeline, which starts the check. */
  readonly assumedBy: iam.IPrincipal;
  readonly build: actions.CodeBuildAction;
  readonly artifact: codepipeline.Artifact;
}

/**
 * A check that a release still has the files that its build wrote. It runs after the approval: the build of a later
 * execution can write the artifacts of the one that waits.
 */
export class ReleaseCheck extends Construct {
  public readonly action: codepipeline.IAction;

  constructor(scope: Construct, id: string, private readonly props: ReleaseCheckProps) {
    super(scope, id);
    const { names, assumedBy, build, artifact } = props;
    this.action = createBuildAction(this, 'ActionRole', { names, purpose: 'release-check-action', assumedBy }, {
      actionName: 'Check',
      project: this.createProject(),
      runOrder: 2,
      input: artifact,
      environmentVariables: { [RELEASE_DIGEST]: { value: build.variable(RELEASE_DIGEST) } },
    });
  }

  private createProject(): codebuild.PipelineProject {
    const { names, store, files } = this.props;
    const logGroup = this.createLogGroup();
    const { role } = new PolicyRole(this, 'Role', {
      names,
      purpose: 'release-check',
      assumedBy: serviceOfThisAccount(this, 'codebuild.amazonaws.com'),
      statements: [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]), ...readArtifacts(store.bucket)],
    });
    const project = new codebuild.PipelineProject(this, 'Project', {
      projectName: names.of('release-check'),
      description: 'Compares a release with the digest that its build exported',
      role,
      environment: {
        buildImage: codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5, computeType: codebuild.ComputeType.SMALL,
      },
      encryptionKey: store.key,
      timeout: Duration.minutes(10),
      logging: { cloudWatch: { logGroup } },
      grantReportGroupPermissions: false,
      buildSpec: new InlineBuildSpec({
        version: '0.2',
        phases: { build: { commands: [comparison(files)] } },
      }),
    });
    acknowledge(project, 'CodePipeline passes the release to the check as an artifact, so the project contains no source credentials.', {
      compliance: ['CodeBuildProjectSourceRepoUrl'],
    });
    return project;
  }

  private createLogGroup(): logs.LogGroup {
    const { names, store, removalPolicy, logRetention } = this.props;
    const logGroupName = names.prefixed('/aws/codebuild/', 'release-check');
    return new logs.LogGroup(this, 'LogGroup', {
      logGroupName,
      encryptionKey: encryptLogsToo(this, { key: store.key, sid: 'AllowReleaseCheckLogs', logGroupName }),
      retention: logRetention ?? logs.RetentionDays.TWO_WEEKS,
      removalPolicy,
    });
  }
}

function comparison(files: string[]): string {
  return [
    `actual="$(${digestOf(files)})"`,
    `if [ "$actual" != "$${RELEASE_DIGEST}" ]; then`,
    `  echo "the files of the release are not those that its build wrote (SHA-256 $actual, not $${RELEASE_DIGEST}): do not release them, find out who wrote to the artifact bucket, and start a new execution"`,
    '  exit 1',
    'fi',
    'echo "the files of the release are those that its build wrote"',
  ].join('\n');
}
