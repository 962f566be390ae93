import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { createBuildAction } from './build-action';
import { BuildLogProps, createBuildLog } from './build-log';
import { InlineBuildSpec } from './inline-build-spec';
import { digestOf, RELEASE_DIGEST } from './release-digest';
import { acknowledge } from '../../private/acknowledge';
import { allow } from '../../private/allow';
import { readArtifacts } from '../../private/artifact-statements';
import { PolicyRole } from '../../private/policy-role';
import { serviceOfThisAccount } from '../../private/principals';

/** Props of the check. */
export interface ReleaseCheckProps extends BuildLogProps {
  /** The files that the deployment reads. */
  readonly files: string[];
  /** The pipeline, which starts the check. */
  readonly assumedBy: iam.IPrincipal;
  readonly build: actions.CodeBuildAction;
  readonly artifact: codepipeline.Artifact;
}

/**
 * A check that a release still has the files that its build wrote: the build of a later execution can write the
 * artifacts of one that waits for its approval, or for the end of the deployment before it. So it is the first action
 * of the stage that deploys.
 */
export class ReleaseCheck extends Construct {
  public readonly action: codepipeline.IAction;

  constructor(scope: Construct, id: string, private readonly props: ReleaseCheckProps) {
    super(scope, id);
    const { names, assumedBy, build, artifact } = props;
    this.action = createBuildAction(this, 'ActionRole', { names, purpose: 'release-check-action', assumedBy }, {
      actionName: 'Check',
      project: this.createProject(),
      input: artifact,
      environmentVariables: { [RELEASE_DIGEST]: { value: build.variable(RELEASE_DIGEST) } },
    });
  }

  private createProject(): codebuild.PipelineProject {
    const { names, store, files } = this.props;
    const logGroup = createBuildLog(this, 'release-check', 'AllowReleaseCheckLogs', this.props);
    const { role } = new PolicyRole(this, 'Role', {
      names,
      purpose: 'release-check',
      assumedBy: serviceOfThisAccount(this, 'codebuild.amazonaws.com'),
      statements: [
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
        ...readArtifacts(store.bucket),
        // CodeBuild documents it for the bucket of a pipeline
        allow(['s3:GetBucketAcl'], [store.bucket.bucketArn]),
      ],
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
}

function comparison(files: string[]): string {
  return [
    `if [ -z "$${RELEASE_DIGEST}" ]; then echo "the build exported no ${RELEASE_DIGEST}: start a new execution"; exit 1; fi`,
    `actual="$(${digestOf(files)})"`,
    `if [ "$actual" != "$${RELEASE_DIGEST}" ]; then`,
    `  echo "the files of the release are not those that its build wrote (SHA-256 $actual, not $${RELEASE_DIGEST}): do not release them, find out who wrote to the artifact bucket, and start a new execution"`,
    '  exit 1',
    'fi',
    'echo "the files of the release are those that its build wrote"',
  ].join('\n');
}
