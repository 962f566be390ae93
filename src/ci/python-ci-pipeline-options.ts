import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DockerHubCredentials } from './docker-hub-credentials';
import { PipelineSource } from './pipeline-source';
import { PythonProject } from './python-project';
import { QualityGateOptions } from './quality-gates';
import { TestService } from './test-service';
import { PartProps } from '../part-props';
import { IBlueGreenService } from '../service/api';

/**
 * Options of a pipeline, for `BlueGreenPythonPipeline` and for a separate `PythonCiPipeline`.
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
   * @default - PythonProject.pip()
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
   * Environment variables of the build. The build's role is allowed to read the values of variables that come from
   * Parameter Store or Secrets Manager.
   *
   * @default - none
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * Bash commands that run before the project is installed, such as `dnf install -y libpq-devel`. Variables that these
   * commands export are available to the installation and the tests.
   *
   * @default - none
   */
  readonly installCommands?: string[];

  /**
   * A bash command that runs the tests instead of pytest, such as `python manage.py test` or
   * `tox -x testenv.pass_env+=PYTEST_ADDOPTS,PYTHONPATH`.
   *
   * Its exit code is the result of the tests. `PYTEST_ADDOPTS` contains the options of pytest that write the reports.
   * `JUNIT_REPORT` and `COVERAGE_REPORT` contain the paths that the reports must be written to.
   *
   * @default - pytest
   */
  readonly testCommand?: string;

  /**
   * Services that the tests need, such as `[TestService.postgres('16'), TestService.redis()]`. Each build starts them
   * in containers while it installs the project, and removes them after the tests.
   *
   * The tests, and also `testCommand`, get variables with the address of each service, such as `DATABASE_URL`. The
   * build fails if a service does not become ready.
   *
   * @default - none
   */
  readonly testServices?: TestService[];

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
   * While one release waits for approval, newer ones wait to enter the approval stage. The newest of these replaces the
   * others.
   *
   * A later build can write the artifacts of a release that waits. So the deployment starts with a check that compares
   * the release with the digest that its build exported.
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
   * KMS key. The library extends the bucket policy if the bucket is created in this app. For an imported bucket, synth
   * emits a warning that names what its owner must allow.
   *
   * @default - accesses are not logged
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
   */
  readonly artifactAccessLogsBucket?: s3.IBucket;

  /**
   * The key that encrypts the artifacts, the output of the build, and its log. CloudWatch Logs in this region is
   * allowed to use it.
   *
   * If the key is imported, CloudWatch Logs encrypts the log with its own key, because CDK cannot change the policy of
   * an imported key.
   *
   * @default - a new customer managed key, rotated every year
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Properties of `PythonCiPipeline`.
 */
export interface PythonCiPipelineProps extends PythonCiPipelineOptions, PartProps {
  /** The service that the pipeline releases. */
  readonly service: IBlueGreenService;
  /** The repository that the build pushes images to. */
  readonly repository: ecr.IRepository;
}
