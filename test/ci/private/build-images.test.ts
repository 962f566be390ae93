import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { chooseBuildImage, runtimeVersion } from '../../../src/ci/private/build-images';
import { createStack } from '../../helpers';

const { ARM64, X86_64 } = ecs.CpuArchitecture;
const ALL = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'];
const FROM_3_9 = ALL.slice(1, 7);
const FROM_3_10 = ALL.slice(2, 7);

/** The versions with which an image is accepted. */
function versionsOf(image: codebuild.IBuildImage, architecture: ecs.CpuArchitecture): string[] {
  return ALL.filter((version) => {
    try {
      return chooseBuildImage(createStack(), version, architecture, image) === image;
    } catch {
      return false;
    }
  });
}

test.each<[string, string[]]>([
  ['aws/codebuild/standard:6.0', ['3.10']],
  ['aws/codebuild/standard:7.0', FROM_3_9],
  ['aws/codebuild/standard:8.0', FROM_3_10],
  ['aws/codebuild/amazonlinux-x86_64-standard:5.0', FROM_3_9],
  ['aws/codebuild/amazonlinux-x86_64-standard:6.0', FROM_3_10],
  ['aws/codebuild/an-image-of-tomorrow:1.0', ALL],
])('%s builds the versions that it has', (id, versions) => {
  expect(versionsOf(codebuild.LinuxBuildImage.fromCodeBuildImageId(id), X86_64)).toEqual(versions);
});

test.each<[string, string[]]>([
  ['aws/codebuild/amazonlinux-aarch64-standard:3.0', FROM_3_9],
  ['aws/codebuild/amazonlinux-aarch64-standard:4.0', FROM_3_10],
])('%s builds the versions that it has on ARM64', (id, versions) => {
  expect(versionsOf(codebuild.LinuxArmBuildImage.fromCodeBuildImageId(id), ARM64)).toEqual(versions);
});

test.each<[string, ecs.CpuArchitecture, codebuild.IBuildImage]>([
  ['ARM64 on x86', X86_64, codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0],
  ['x86 on ARM64', ARM64, codebuild.LinuxBuildImage.STANDARD_7_0],
])('an image for %s builds no version', (_what, architecture, image) => {
  expect(versionsOf(image, architecture)).toEqual([]);
});

test('the image follows the architecture when none is given', () => {
  const idFor = (architecture: ecs.CpuArchitecture) => chooseBuildImage(createStack(), '3.12', architecture).imageId;
  expect([X86_64, ARM64].map(idFor)).toEqual(['aws/codebuild/amazonlinux-x86_64-standard:5.0', 'aws/codebuild/amazonlinux-aarch64-standard:3.0']);
});

test.each<[string, string, string | undefined, string]>([
  ['the version of the option', 'aws/codebuild/standard:7.0', '3.12', '3.12'],
  ['3.9 by default', 'aws/codebuild/standard:7.0', undefined, '3.9'],
  ['3.9 by default also in an image that the library does not know', 'aws/codebuild/an-image-of-tomorrow:1.0', undefined, '3.9'],
  ['the lowest version by default of an image without 3.9', 'aws/codebuild/standard:8.0', undefined, '3.10'],
])('CodeBuild activates %s', (_what, id, pythonVersion, expected) => {
  const image = codebuild.LinuxBuildImage.fromCodeBuildImageId(id);
  expect(chooseBuildImage(createStack(), pythonVersion, X86_64, image)).toBe(image);
  expect(runtimeVersion(image, pythonVersion)).toBe(expected);
});
