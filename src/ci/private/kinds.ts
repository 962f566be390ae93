import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { bucketIn, IMAGE_REPOSITORY, KEY, RETENTION_DAYS, PART, SERVICE } from '../../private/common-kinds';
import {
  confidential, DURATION, flag, GROUP, KindsOf, list, map, memberOf, object, required, STRING, strategy,
} from '../../private/kinds';
import { PythonCiPipelineProps } from '../python-ci-pipeline-options';

/** The kinds of the props of a pipeline. The file of the gates has the kinds of theirs. */
export const PIPELINE_KINDS: KindsOf<PythonCiPipelineProps> = {
  ...PART,
  service: required(SERVICE),
  repository: required(IMAGE_REPOSITORY),
  // the wrong value may be a URL with credentials
  source: confidential(strategy('PipelineSource', 'PipelineSource.codeCommit()')),
  python: strategy('PythonProject', 'PythonProject.uv()'),
  gates: GROUP,
  // the wrong value may be the password
  dockerHub: confidential(strategy('DockerHubCredentials', 'DockerHubCredentials.fromSecret()')),
  buildImage: object('a codebuild.IBuildImage, such as codebuild.LinuxBuildImage.STANDARD_7_0', 'imageId', 'runScriptBuildspec'),
  computeType: memberOf('a member of codebuild.ComputeType, such as codebuild.ComputeType.MEDIUM', () => codebuild.ComputeType),
  environmentVariables: confidential(map(object("an object with the value, such as { value: '1' }", 'value'))),
  installCommands: confidential(list(STRING)),
  testCommand: confidential(STRING),
  testServices: list(strategy('TestService', 'TestService.postgres()')),
  cache: flag(),
  manualApproval: flag('the approval has no settings'),
  logRetention: RETENTION_DAYS,
  artifactRetention: DURATION,
  artifactAccessLogsBucket: bucketIn({
    same: 'region and account', remedy: 'S3 writes access logs only to a bucket of the same region and account: use one there',
  }),
  encryptionKey: KEY,
};
