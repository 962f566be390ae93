/**
 * Who hosts a git repository: it decides what the address of a commit's page is.
 */
export class GitHost {
  /** github.com. */
  public static readonly GITHUB = GitHost.of('https://github.com/{owner}/{repo}/commit/{commit}');
  /** gitlab.com. */
  public static readonly GITLAB = GitHost.of('https://gitlab.com/{owner}/{repo}/-/commit/{commit}');
  /** bitbucket.org. */
  public static readonly BITBUCKET = GitHost.of('https://bitbucket.org/{owner}/{repo}/commits/{commit}');

  /**
   * A host of one's own.
   *
   * @param commitUrl the address of a commit's page, where `{owner}`, `{repo}` and `{commit}` stand for these:
   * `https://git.example.com/{owner}/{repo}/commit/{commit}`
   */
  public static of(commitUrl: string): GitHost {
    return new GitHost(commitUrl);
  }

  private constructor(
    /** The address of a commit's page, with `{owner}`, `{repo}` and `{commit}` in their places. */
    public readonly commitUrl: string,
  ) {}
}
