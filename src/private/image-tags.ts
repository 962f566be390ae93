import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';

/**
 * The beginnings of the image tags that the lifecycle rules of a repository tell apart. Tags are immutable, so each tag
 * also contains the number and the UUID of a build, or a digest.
 */
export const IMAGE_TAGS = {
  /** The image of a build. */
  candidate: 'build-',
  /** An image that was released at least once. */
  released: 'released-',
  /** The image of the live release of a service, or of the release before it. */
  live: 'live-',
} as const;

/** No repository contains as many live images, so the rule deletes none. It protects them from the other rules. */
const NEVER = 1000;

/** The retention of released images and candidates. */
export interface ImageRetention {
  readonly maxImageCount: number;
  readonly candidateRetention: Duration;
}

export const DEFAULT_RETENTION = { maxImageCount: 10, candidateRetention: Duration.days(30) } as const;

/**
 * The lifecycle rules of a repository whose images carry marks, highest priority first.
 *
 * An image that matches a rule cannot be expired by a rule of lower priority. So a live image never expires, and a
 * released image expires by the number of released images only.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function rulesOfMarkedImages({ maxImageCount, candidateRetention }: ImageRetention): ecr.LifecycleRule[] {
  // numbered, so that a rule that the user adds comes after them, or fails
  const tagged = (rulePriority: number, prefix: string) =>
    ({ rulePriority, tagStatus: ecr.TagStatus.TAGGED, tagPatternList: [`${prefix}*`] });
  return [
    { description: 'keep the image of the live release, and the one before it', ...tagged(1, IMAGE_TAGS.live), maxImageCount: NEVER },
    { description: 'keep the newest released images', ...tagged(2, IMAGE_TAGS.released), maxImageCount },
    { description: 'delete images that were not released', ...tagged(3, IMAGE_TAGS.candidate), maxImageAge: candidateRetention },
  ];
}

/** The same rules with the default numbers, as the owner of an existing repository writes them. */
export function policyOfMarkedImages(): string {
  const limitOf = ({ maxImageAge, maxImageCount }: ecr.LifecycleRule) => maxImageAge
    ? { countType: 'sinceImagePushed', countNumber: maxImageAge.toDays(), countUnit: 'days' }
    : { countType: 'imageCountMoreThan', countNumber: maxImageCount };
  return JSON.stringify(rulesOfMarkedImages(DEFAULT_RETENTION).map((rule) => ({
    rulePriority: rule.rulePriority,
    selection: { tagStatus: 'tagged', tagPatternList: rule.tagPatternList, ...limitOf(rule) },
    action: { type: 'expire' },
  })));
}
