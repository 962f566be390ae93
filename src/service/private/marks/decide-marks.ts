import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { policyOfMarkedImages } from '../../../private/image-tags';

/** A method of `ContainerPlatform` for the library only. A service knows platforms by their interface. */
interface RepositoryOwner {
  _keepMarkedImages(): boolean;
}

function isRepositoryOwner(platform: object): platform is RepositoryOwner {
  return '_keepMarkedImages' in platform;
}

const INFO = 'cdk-blue-green-python-pipeline:BlueGreenService.protectImages';

/**
 * Decides whether the images of the releases get marks, and prepares the repository for them. An info names what the
 * owner of a repository without the rules, or without marks, has to do.
 */
export function decideMarks(scope: IConstruct, platform: object, protectImages: boolean | undefined): boolean {
  if (protectImages === false) {
    Annotations.of(scope).addInfoV2(INFO, "'release.protectImages' is false, so the lifecycle rules of the repository can delete the image that runs. "
      + 'Tasks could then not start any more: the rules must keep all images that are pushed between two releases');
    return false;
  }
  if (isRepositoryOwner(platform) && platform._keepMarkedImages()) { return true; }
  Annotations.of(scope).addInfoV2(INFO, 'an existing repository keeps its own lifecycle policy, which must never delete the image that runs. '
    + `${protectImages ? 'For the marks' : "If you set 'release.protectImages: true'"}, its rules must begin with ${policyOfMarkedImages()}`);
  return protectImages ?? false;
}
