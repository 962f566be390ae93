import { expiredBy, LifecyclePolicy, RepositoryImage } from './policy';

/** What the documentation of Amazon ECR leaves open. */
export interface Unsettled {
  /** Whether a new tag for an image that is already in the repository renews its push time. */
  readonly tagRenewsPushTime: boolean;
}

/** A repository with immutable tags, in memory. Times are in days. */
export class ImageRepository {
  private readonly images = new Map<string, RepositoryImage>();

  constructor(private readonly policy: LifecyclePolicy, private readonly unsettled: Unsettled) {}

  /** @throws if another image, or this one, has the tag */
  public put(digest: string, tag: string, now: number): void {
    if ([...this.images.values()].some(({ tags }) => tags.includes(tag))) { throw new Error(`tag ${tag} exists`); }
    const known = this.images.get(digest);
    const pushedAt = known && !this.unsettled.tagRenewsPushTime ? known.pushedAt : now;
    this.images.set(digest, { digest, pushedAt, tags: [...known?.tags ?? [], tag] });
  }

  /** Adds an image without a tag. */
  public putUntagged(digest: string, now: number): void {
    this.images.set(digest, { digest, pushedAt: now, tags: [] });
  }

  /** Removes a tag. An image without a tag is deleted, as in Amazon ECR. */
  public removeTag(tag: string): void {
    const image = [...this.images.values()].find(({ tags }) => tags.includes(tag));
    if (!image) { return; }
    const tags = image.tags.filter((each) => each !== tag);
    this.images.delete(image.digest);
    if (tags.length > 0) { this.images.set(image.digest, { ...image, tags }); }
  }

  public find(digest: string): RepositoryImage | undefined {
    return this.images.get(digest);
  }

  public get digests(): string[] {
    return [...this.images.keys()];
  }

  /** Applies the lifecycle policy. Amazon ECR takes up to 24 hours; here it happens at once. */
  public expire(now: number): void {
    expiredBy(this.policy, [...this.images.values()], now).forEach((digest) => this.images.delete(digest));
  }
}
