/** One image of a repository. Times are in days. */
export interface RepositoryImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
}

/** A rule of a lifecycle policy, as in `LifecyclePolicyText`. */
export interface LifecycleRule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: 'tagged' | 'untagged' | 'any';
    readonly tagPatternList?: readonly string[];
    readonly tagPrefixList?: readonly string[];
    readonly countType: 'imageCountMoreThan' | 'sinceImagePushed';
    readonly countNumber: number;
    readonly countUnit?: 'days';
  };
  readonly action: { readonly type: 'expire' };
}

/** A lifecycle policy. */
export interface LifecyclePolicy {
  readonly rules: readonly LifecycleRule[];
}

const KNOWN = {
  tagStatus: ['tagged', 'untagged', 'any'], countType: ['imageCountMoreThan', 'sinceImagePushed'], action: ['expire'],
};

/**
 * Reads the text of a lifecycle policy.
 *
 * @throws if the policy is not valid, or contains what the model does not know
 */
export function parsePolicy(text: string): LifecyclePolicy {
  const policy = JSON.parse(text) as LifecyclePolicy;
  const priorities = policy.rules.map(({ rulePriority }) => rulePriority);
  if (new Set(priorities).size < priorities.length) { throw new Error('each rule must have a priority of its own'); }
  policy.rules.forEach(requireKnown);
  const any = policy.rules.find(({ selection }) => selection.tagStatus === 'any');
  if (any && any.rulePriority < Math.max(...priorities)) { throw new Error('a rule for any image must have the highest number'); }
  return policy;
}

function requireKnown({ selection, action }: LifecycleRule): void {
  const given = { tagStatus: selection.tagStatus, countType: selection.countType, action: action.type };
  for (const [name, value] of Object.entries(given)) {
    if (!KNOWN[name as keyof typeof KNOWN].includes(value)) { throw new Error(`the model does not know ${name} ${value}`); }
  }
  const selectsByTag = (selection.tagPatternList ?? selection.tagPrefixList ?? []).length > 0;
  if (selectsByTag !== (selection.tagStatus === 'tagged')) { throw new Error('exactly the rules for tagged images name tags'); }
  if (!Number.isInteger(selection.countNumber) || selection.countNumber < 1) { throw new Error('countNumber must be a positive integer'); }
}

/**
 * The digests of the images that a policy expires.
 *
 * As documented: the rules apply by priority, and an image that matches the tags of a rule cannot be expired by a rule
 * of lower priority. A rule that counts images counts all images that match it, the newest by push time first.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function expiredBy(policy: LifecyclePolicy, images: readonly RepositoryImage[], now: number): string[] {
  const rules = [...policy.rules].sort((one, other) => one.rulePriority - other.rulePriority);
  return images.filter((image) => {
    const first = rules.find((rule) => matches(rule, image));
    return first !== undefined && exceeds(first, images, image, now);
  }).map(({ digest }) => digest);
}

function matches({ selection }: LifecycleRule, { tags }: RepositoryImage): boolean {
  switch (selection.tagStatus) {
    case 'any': return true;
    case 'untagged': return tags.length === 0;
    default: {
      const patterns = [...selection.tagPatternList ?? [], ...(selection.tagPrefixList ?? []).map((prefix) => `${prefix}*`)];
      return patterns.every((pattern) => tags.some((tag) => expressionOf(pattern).test(tag)));
    }
  }
}

function expressionOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\-]/g, '\\$&')).join('.*')}$`);
}

function exceeds(
  rule: LifecycleRule, images: readonly RepositoryImage[], image: RepositoryImage, now: number,
): boolean {
  const { countType, countNumber } = rule.selection;
  if (countType === 'sinceImagePushed') { return now - image.pushedAt > countNumber; }
  const newestFirst = images.filter((each) => matches(rule, each)).sort((one, other) => other.pushedAt - one.pushedAt);
  return newestFirst.indexOf(image) >= countNumber;
}
