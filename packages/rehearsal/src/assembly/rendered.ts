/** What the scripts read of a buildspec, as CodeBuild does. */
export interface BuildSpec {
  readonly env?: {
    readonly 'shell'?: string;
    readonly 'variables'?: Readonly<Record<string, string>>;
    readonly 'parameter-store'?: Readonly<Record<string, string>>;
    readonly 'secrets-manager'?: Readonly<Record<string, string>>;
    readonly 'exported-variables'?: readonly string[];
  };
  readonly phases: Readonly<Record<string, Phase | undefined>>;
  readonly reports?: Readonly<Record<string, Report>>;
  readonly artifacts: Artifact & { readonly 'secondary-artifacts'?: Readonly<Record<string, Artifact>> };
  readonly cache?: CacheSpec;
}

export interface Artifact {
  readonly 'base-directory'?: string;
  readonly 'files'?: readonly string[];
}

export interface CacheSpec {
  readonly 'key'?: string;
  readonly 'fallback-keys'?: readonly string[];
  readonly 'action'?: 'restore' | 'save';
  readonly 'paths'?: readonly string[];
}

export interface Phase {
  readonly 'on-failure'?: string;
  readonly 'runtime-versions'?: Readonly<Record<string, string>>;
  readonly 'commands'?: readonly string[];
  readonly 'finally'?: readonly string[];
}

export interface Report {
  readonly 'base-directory'?: string;
  readonly 'files': readonly string[];
  readonly 'file-format': string;
}

/** What a stack asks CodeBuild and ECS to run, with every reference resolved. */
export interface Rendered {
  readonly text: string;
  readonly spec: BuildSpec;
  /** The variables that the project sets besides those of the buildspec. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the project by the name of the parameter or secret that has the value. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Whether the build has a Docker engine. */
  readonly privileged: boolean;
  /** Whether the project keeps the cache of the buildspec. */
  readonly cached: boolean;
  /** The repositories of images, which no other build here uses. */
  readonly repositories: readonly Repository[];
  /** The command of the container that runs before the first release. */
  readonly placeholder: readonly string[];
  /** The files that CDK uploads with the template, by `<bucket>/<key>`. */
  readonly assets: Assets;
}

export type Assets = Readonly<Record<string, Buffer>>;

export interface Repository {
  readonly name: string;
  /** Whether a tag stays what it is. */
  readonly immutable: boolean;
  /** Patterns of tags, with `*`, for which the opposite holds. */
  readonly exceptions: readonly string[];
}
