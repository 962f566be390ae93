import { Construct } from 'constructs';
import { fail, show } from '../private/errors';

/**
 * What the build does when nothing could be audited, such as when the source of advisories cannot be reached.
 */
export enum UnauditedAction {
  /** The build fails. */
  FAIL = 'FAIL',
  /** The build goes on, and its log says so. */
  WARN = 'WARN',
}

/**
 * How dependencies are audited.
 */
export interface DependencyAuditOptions {
  /**
   * What happens when the source cannot be reached, or knows none of the dependencies, as behind an index without advisories.
   *
   * @default UnauditedAction.FAIL
   */
  readonly whenUnaudited?: UnauditedAction;
}

/**
 * How dependencies are audited by OSV.
 */
export interface OsvAuditOptions extends DependencyAuditOptions {
  /**
   * The address of an OSV server's query, such as that of a mirror.
   *
   * @default https://api.osv.dev/v1/query
   */
  readonly url?: string;
}

/**
 * What an audit asks of the build.
 */
export interface DependencyAuditConfig {
  /** The arguments of pip-audit that choose the source of advisories. */
  readonly arguments: string[];
  /** What happens when nothing could be audited. */
  readonly whenUnaudited: UnauditedAction;
}

/**
 * Where the build learns of vulnerabilities in the dependencies that the image gets.
 *
 * @see https://pypi.org/project/pip-audit/
 */
export abstract class DependencyAudit {
  /**
   * The advisories of the Python Package Index.
   */
  public static pypi(options: DependencyAuditOptions = {}): DependencyAudit {
    return new PipAudit('pypi', options);
  }

  /**
   * The advisories of OSV, or of a server that speaks as it does.
   *
   * @see https://google.github.io/osv.dev/post-v1-query/
   */
  public static osv(options: OsvAuditOptions = {}): DependencyAudit {
    return new PipAudit('osv', options, options.url ?? 'https://api.osv.dev/v1/query');
  }

  /**
   * No audit.
   */
  public static none(): DependencyAudit {
    return new NoAudit();
  }

  /**
   * Called by the pipeline.
   *
   * @param scope the pipeline, whose path an error names
   * @returns nothing when there is no audit
   * @throws when the address is none
   */
  public abstract bind(scope: Construct): DependencyAuditConfig | undefined;
}

class PipAudit extends DependencyAudit {
  constructor(private readonly service: string, private readonly options: DependencyAuditOptions, private readonly url?: string) {
    super();
  }

  public bind(scope: Construct): DependencyAuditConfig {
    const { url } = this;
    if (url !== undefined && !/^https?:\/\/[^\s']+$/.test(url)) {
      fail(scope, `'gates.dependencyAudit.url' must be an address such as 'https://osv.example.com/v1/query', got ${show(url)}`);
    }
    return {
      arguments: ['--vulnerability-service', this.service, ...(url === undefined ? [] : ['--osv-url', url])],
      whenUnaudited: this.options.whenUnaudited ?? UnauditedAction.FAIL,
    };
  }
}

class NoAudit extends DependencyAudit {
  public bind(): undefined {
    return undefined;
  }
}
