import { Construct } from 'constructs';
import { DeploymentHookFunctions, DeploymentHooksBindOptions, SmokeTestOptions } from './deployment-hook-options';
import { fail } from '../private/errors';
import { GROUP, KindsOf, list, markStrategy, required, requireKind, requireOptions, resource, strategy } from '../private/kinds';
import { SmokeTest } from './private/release/smoke-test';

/**
 * The result of `DeploymentHooks.bind`, for implementors of `DeploymentHooks`.
 */
export interface DeploymentHooksConfig {
  /** The functions, one for each lifecycle event. */
  readonly functions: DeploymentHookFunctions;
}

/**
 * Functions that CodeDeploy calls during a release. Each of them can fail the release.
 */
export abstract class DeploymentHooks {
  /**
   * Uses your own functions. The service allows each function to report its result. It also allows CodeDeploy to call
   * the function.
   */
  public static fromFunctions(functions: DeploymentHookFunctions): DeploymentHooks {
    return new GivenFunctions(functions);
  }

  /**
   * Creates a function that requests paths of the new tasks through the test listener, before production traffic
   * reaches them.
   *
   * The function runs in the subnets of the tasks and calls the private addresses of the load balancer. Without
   * `testListener`, the service creates a listener that only the function can reach. In an existing VPC without
   * internet access, the function requires VPC endpoints for EC2 and CodeDeploy.
   *
   * With `NetworkEgress.publicTasks()`, synth rejects the smoke test. A Lambda function gets no public address, so it
   * could not reach EC2 and CodeDeploy.
   */
  public static smokeTest(options: SmokeTestOptions): DeploymentHooks {
    return new SmokeTestHook(options);
  }

  /**
   * Combines several hooks for different lifecycle events.
   */
  public static all(...hooks: DeploymentHooks[]): DeploymentHooks {
    return new AllHooks(hooks);
  }

  /** Whether to create a test listener if `release.testListener` is not set. */
  public abstract readonly needsTestListener: boolean;

  /**
   * Returns the functions. The service calls it.
   *
   * @param scope the service, whose path appears in errors; create resources in a child construct of your own
   * @throws if an option is invalid, or if two functions are set for one event
   */
  public abstract bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig;
}

markStrategy('DeploymentHooks', DeploymentHooks);

const HOOK = resource('a lambda.IFunction, such as a lambda.Function', 'functionArn', ['functionName'], {
  same: 'region', remedy: 'CodeDeploy calls functions of its own region: use one there',
});

const FUNCTIONS: KindsOf<DeploymentHookFunctions> = {
  beforeInstall: HOOK,
  afterInstall: HOOK,
  afterAllowTestTraffic: HOOK,
  beforeAllowTraffic: HOOK,
  afterAllowTraffic: HOOK,
};

const SMOKE_TEST = 'SmokeTest';

class GivenFunctions extends DeploymentHooks {
  public readonly needsTestListener = false;

  constructor(private readonly functions: DeploymentHookFunctions) {
    super();
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig {
    requireOptions(scope, 'release.hooks', this.functions, FUNCTIONS);
    if (this.functions.afterAllowTestTraffic) {
      requireTestListener(scope, options);
    }
    return { functions: this.functions };
  }
}

class SmokeTestHook extends DeploymentHooks {
  public readonly needsTestListener = true;

  constructor(private readonly options: SmokeTestOptions) {
    super();
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig {
    requireKind(scope, 'release.hooks.smokeTest', this.options, required(GROUP));
    if (scope.node.tryFindChild(SMOKE_TEST)) {
      failTwice(scope, 'afterAllowTestTraffic');
    }
    const { function: afterAllowTestTraffic } = new SmokeTest(scope, SMOKE_TEST, {
      ...this.options, ...options, testPort: requireTestListener(scope, options),
    });
    return { functions: { afterAllowTestTraffic } };
  }
}

class AllHooks extends DeploymentHooks {
  public readonly needsTestListener: boolean;

  constructor(private readonly hooks: DeploymentHooks[]) {
    super();
    // null is reported by `bind`, with the path of the service
    this.needsTestListener = hooks.some((each) => each?.needsTestListener);
  }

  public bind(scope: Construct, options: DeploymentHooksBindOptions): DeploymentHooksConfig {
    requireKind(scope, 'release.hooks', this.hooks, list(strategy('DeploymentHooks', 'DeploymentHooks.fromFunctions()')));
    const bound = this.hooks.flatMap((each) => Object.entries(each.bind(scope, options).functions))
      .filter(([, fn]) => fn !== undefined);
    const events = bound.map(([event]) => event);
    const twice = events.find((event, index) => events.indexOf(event) !== index);
    if (twice) {
      failTwice(scope, twice);
    }
    return { functions: Object.fromEntries(bound) };
  }
}

function requireTestListener(scope: Construct, { testPort }: DeploymentHooksBindOptions): number {
  return testPort ?? fail(scope, "'release.hooks.afterAllowTestTraffic' requires 'release.testListener', got none; CodeDeploy would never call the function: "
    + "set a listener, as in testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16'])");
}

function failTwice(scope: Construct, event: string): never {
  return fail(scope, `'release.hooks.${event}' must be one function, got two; CodeDeploy calls one function for each event: combine the two into one`);
}
