import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { architectureName } from '../../private/cdk-internals';
import { fail, show } from '../../private/errors';
import { isUnknown } from '../../private/unknown-values';

const FROM_3_9 = ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];
const FROM_3_10 = FROM_3_9.slice(1);

/**
 * The Python versions that an image provides. The build would compile another version each time, or fail.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
 */
const PYTHON_VERSIONS: { [imageId: string]: string[] } = {
  'aws/codebuild/standard:6.0': ['3.10'],
  'aws/codebuild/standard:7.0': FROM_3_9,
  'aws/codebuild/standard:8.0': FROM_3_10,
  'aws/codebuild/amazonlinux-x86_64-standard:5.0': FROM_3_9,
  'aws/codebuild/amazonlinux-x86_64-standard:6.0': FROM_3_10,
  'aws/codebuild/amazonlinux-aarch64-standard:3.0': FROM_3_9,
  'aws/codebuild/amazonlinux-aarch64-standard:4.0': FROM_3_10,
};

const ARM = 'ARM_CONTAINER';

/** The version of the build's Python if the user sets none, and the project neither names nor excludes one. */
const DEFAULT_VERSION = '3.9';

function isKnown(pythonVersion: string | undefined): pythonVersion is string {
  return pythonVersion !== undefined && !isUnknown(pythonVersion);
}

/** Returns the given image, or a default one. Fails if the image lacks the architecture or the Python version. */
export function chooseBuildImage(
  scope: IConstruct, pythonVersion: string | undefined, architecture: ecs.CpuArchitecture,
  given?: codebuild.IBuildImage,
): codebuild.IBuildImage {
  const forArm = architectureName(architecture) === architectureName(ecs.CpuArchitecture.ARM64);
  const image = given ?? (forArm
    ? codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0
    : codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5);
  if ((image.type === ARM) !== forArm) {
    fail(scope, `'buildImage' must have the CPU architecture of the tasks, got ${show(image.imageId)} for ${forArm ? 'ARM64' : "X86_64 (the default of 'service.cpuArchitecture')"}; `
      + `pass a ${forArm ? 'codebuild.LinuxArmBuildImage' : 'codebuild.LinuxBuildImage'}, or remove it`);
  }
  const versions = PYTHON_VERSIONS[image.imageId];
  if (isKnown(pythonVersion) && versions && !versions.includes(pythonVersion)) {
    const shown = given ? image.imageId : `${image.imageId} (the default)`;
    fail(scope, `'python.pythonVersion' must be a version that the build image ${shown} provides (${versions.join(', ')}), got ${show(pythonVersion)}; `
      + "choose one of these, or another 'buildImage'");
  }
  return image;
}

/**
 * The version that CodeBuild activates. The build changes to another one if the project requires it.
 *
 * An image without the default gets its lowest version: no option names the default, so no option is wrong.
 */
export function runtimeVersion({ imageId }: codebuild.IBuildImage, pythonVersion: string | undefined): string {
  const versions = PYTHON_VERSIONS[imageId] ?? [DEFAULT_VERSION];
  return pythonVersion ?? (versions.includes(DEFAULT_VERSION) ? DEFAULT_VERSION : versions[0]);
}
