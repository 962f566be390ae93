/**
 * The host of a git repository, which determines the URL of a commit's page.
 */
export class GitHost {
  /** github.com. */
  public static readonly GITHUB = GitHost.of('https://github.com/{owner}/{repo}/commit/{commit}');
  /** gitlab.com. */
  public static readonly GITLAB = GitHost.of('https://gitlab.com/{owner}/{repo}/-/commit/{commit}');
  /** bitbucket.org. */
  public static readonly BITBUCKET = GitHost.of('https://bitbucket.org/{owner}/{repo}/commits/{commit}');

  /**
   * Another host.
   *
   * @param commitUrl the URL of a commit's page with the placeholders `{owner}`, `{repo}` and `{commit}`, such as
   * `https://git.example.com/{owner}/{repo}/commit/{commit}`
   */
  public static of(commitUrl: string): GitHost {
    return new GitHost(commitUrl);
  }

  private constructor(
    /** The URL of a commit's page, with the placeholders `{owner}`, `{repo}` and `{commit}`. */
    public readonly commitUrl: string,
  ) {}
}
