import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import { describeType, describeUrl } from '../private/errors';
import { confidential, Kinds, KindsOf, markStrategy, memberOf, requireOptions, STRING } from '../private/kinds';
import { requirePattern } from '../private/validation';

/**
 * The outcome of a dependency audit that could check nothing, for example because the source of advisories cannot be
 * reached.
 */
export enum UnauditedAction {
  /** The build fails. */
  FAIL = 'FAIL',
  /** The build continues, and its log contains a warning. */
  WARN = 'WARN',
}

/**
 * The API of a source of advisories.
 */
export enum AdvisoryApi {
  /**
   * The JSON API of the Python Package Index.
   *
   * @see https://docs.pypi.org/api/json/
   */
  PYPI = 'PYPI',
  /**
   * The query API of OSV.
   *
   * @see https://google.github.io/osv.dev/post-v1-query/
   */
  OSV = 'OSV',
}

/**
 * Options of every source of advisories.
 */
export interface AdvisorySourceOptions {
  /**
   * The outcome when the source cannot be reached, or knows none of the dependencies, for example because they come
   * from your own package index.
   *
   * @default UnauditedAction.FAIL
   */
  readonly whenUnaudited?: UnauditedAction;
}

/**
 * Options of OSV as the source of advisories.
 */
export interface OsvAdvisorySourceOptions extends AdvisorySourceOptions {
  /**
   * The URL of the query endpoint of an OSV server, for example of a mirror.
   *
   * @default 'https://api.osv.dev/v1/query'
   */
  readonly url?: string;
}

/**
 * Options that the pipeline passes to `AdvisorySource.bind`, for implementors of `AdvisorySource`.
 */
export interface AdvisorySourceBindOptions extends BindOptions {}

/**
 * The result of `AdvisorySource.bind`, for implementors of `AdvisorySource`.
 */
export interface AdvisorySourceConfig {
  /** The API of the source. */
  readonly api: AdvisoryApi;
  /** The URL of the API: the query endpoint of OSV, or the part before `/<package>/<version>/json` of the PyPI API. */
  readonly url: string;
  /** The outcome when nothing could be audited. */
  readonly whenUnaudited: UnauditedAction;
}

/**
 * The source of security advisories. The build checks the dependencies of the image against them.
 */
export abstract class AdvisorySource {
  /**
   * The advisories of the Python Package Index.
   */
  public static pypi(options: AdvisorySourceOptions = {}): AdvisorySource {
    return new ApiSource(AdvisoryApi.PYPI, options, PYPI, 'https://pypi.org/pypi');
  }

  /**
   * The advisories of OSV, or of another server with the same API.
   *
   * @see https://google.github.io/osv.dev/post-v1-query/
   */
  public static osv(options: OsvAdvisorySourceOptions = {}): AdvisorySource {
    return new ApiSource(AdvisoryApi.OSV, options, OSV, 'https://api.osv.dev/v1/query');
  }

  /**
   * Returns the configuration of the source. The pipeline calls it once at synth, unless the dependency audit is off.
   *
   * @param scope the pipeline; create resources in a child construct of your own
   * @param options the name of the application and its environment
   * @throws when the URL is not valid
   */
  public abstract bind(scope: Construct, options: AdvisorySourceBindOptions): AdvisorySourceConfig;
}

markStrategy('AdvisorySource', AdvisorySource);

const PYPI: KindsOf<AdvisorySourceOptions> = {
  whenUnaudited: memberOf('a member of UnauditedAction, such as UnauditedAction.WARN', () => UnauditedAction),
};

const OSV: KindsOf<OsvAdvisorySourceOptions> = { ...PYPI, url: confidential(STRING) };

class ApiSource extends AdvisorySource {
  constructor(
    private readonly api: AdvisoryApi, private readonly options: OsvAdvisorySourceOptions,
    private readonly kinds: Kinds, private readonly defaultUrl: string,
  ) {
    super();
  }

  public bind(scope: Construct): AdvisorySourceConfig {
    requireOptions(scope, 'gates.advisorySource', this.options, this.kinds, describeType);
    const { url = this.defaultUrl, whenUnaudited = UnauditedAction.FAIL } = this.options;
    requirePattern(scope, 'gates.advisorySource.url', url, /^https?:\/\/[^\s'/]+(\/[^\s']*)?$/,
      "be a URL with a host and without white space and quotation marks, such as 'https://osv.example.com/v1/query'", describeUrl);
    return { api: this.api, url, whenUnaudited };
  }
}
