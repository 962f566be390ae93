import { parse } from 'yaml';
import { deploymentShift } from './deployment-shift';
import { ReleaseModel, Skipped, SmokeTestModel } from './model';
import { Located, References } from './references';
import { BuildSpec } from './rendered';
import { PipelineResources } from './resources';

const MINUTE = 60;

/** What a rehearsal reads of an AppSpec. */
export interface AppSpec {
  /** The functions that CodeDeploy calls, by lifecycle event in its order. */
  readonly hooks: readonly { readonly event: string; readonly functionName: string }[];
}

interface GroupProperties {
  readonly DeploymentConfigName?: unknown;
  readonly AlarmConfiguration?: { readonly Enabled?: boolean | string };
  readonly AutoRollbackConfiguration?: { readonly Enabled?: boolean | string; readonly Events?: readonly string[] };
  readonly BlueGreenDeploymentConfiguration?: {
    readonly DeploymentReadyOption?: { readonly ActionOnTimeout?: string; readonly WaitTimeInMinutes?: number };
    readonly TerminateBlueInstancesOnDeploymentSuccess?: { readonly TerminationWaitTimeInMinutes?: number };
  };
}

/** The content of a file that the commands of the library's buildspec write, undefined if they write none. */
export function deliveredFile({ phases }: BuildSpec, name: string): string | undefined {
  const file = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const commands = Object.values(phases).flatMap((phase) => phase?.commands ?? []).join('\n');
  const [, content] = new RegExp(`printf %s '([A-Za-z0-9+/=]*)' \\| base64 -d > "[^"\\n]*/${file}"`).exec(commands) ?? [];
  return content === undefined ? undefined : Buffer.from(content, 'base64').toString();
}

/** Reads an AppSpec. One without hooks, or without readable text, has none. */
export function readAppSpec(text = ''): AppSpec {
  const hooks = hooksOf(text);
  return {
    hooks: hooks.flatMap((hook) => Object.entries(hook)
      .map(([event, functionName]) => ({ event, functionName: String(functionName) }))),
  };
}

function hooksOf(text: string): readonly object[] {
  try {
    const { Hooks } = (parse(text) ?? {}) as { readonly Hooks?: unknown };
    return Array.isArray(Hooks) ? Hooks as object[] : [];
  } catch {
    return [];
  }
}

/** Reads how a deployment group replaces the tasks. */
export function readRelease(
  resources: PipelineResources, appSpec: AppSpec, rollbackAlarms: readonly string[],
): { readonly model: ReleaseModel; readonly skipped: readonly Skipped[] } {
  const { references, deploymentGroup, listener, testListener } = resources;
  const properties = references.propertiesOf(deploymentGroup) as GroupProperties;
  const shift = deploymentShift(references, deploymentGroup);
  const hooks = readHooks(resources, appSpec);
  const waits = waitsOf(properties);
  return {
    model: {
      shift: shift.steps,
      readyWait: waits.ready,
      terminationWait: waits.termination,
      productionPort: portOf(references, listener),
      ...testListener && { testPort: portOf(references, testListener) },
      rollbackAlarms,
      ...rollbacksOf(properties),
      ...hooks.smokeTest && { smokeTest: hooks.smokeTest },
    },
    skipped: [
      ...hooks.skipped,
      ...waits.approval ? [{ what: 'the approval before the traffic shifts', why: 'a rehearsal continues at once' }] : [],
      ...shift.skipped,
    ],
  };
}

function waitsOf({ BlueGreenDeploymentConfiguration }: GroupProperties): {
  readonly approval: boolean; readonly ready: number; readonly termination: number;
} {
  const {
    DeploymentReadyOption: ready = {}, TerminateBlueInstancesOnDeploymentSuccess: terminate = {},
  } = BlueGreenDeploymentConfiguration ?? {};
  const approval = ready.ActionOnTimeout === 'STOP_DEPLOYMENT';
  return {
    approval,
    ready: approval ? 0 : Number(ready.WaitTimeInMinutes ?? 0) * MINUTE,
    termination: Number(terminate.TerminationWaitTimeInMinutes ?? 0) * MINUTE,
  };
}

type Rollbacks = Pick<ReleaseModel, 'rollbackOnFailure' | 'rollbackOnStop' | 'rollbackOnAlarm'>;

function rollbacksOf({ AutoRollbackConfiguration }: GroupProperties): Rollbacks {
  const { Enabled = false, Events = [] } = AutoRollbackConfiguration ?? {};
  const on = (event: string) => String(Enabled) === 'true' && Events.includes(event);
  return {
    rollbackOnFailure: on('DEPLOYMENT_FAILURE'),
    rollbackOnStop: on('DEPLOYMENT_STOP_ON_REQUEST'),
    rollbackOnAlarm: on('DEPLOYMENT_STOP_ON_ALARM'),
  };
}

function portOf(references: References, listener: Located): number {
  return Number(references.text(listener, listener.properties.Port));
}

function readHooks({ references, project }: PipelineResources, { hooks }: AppSpec): {
  readonly smokeTest?: SmokeTestModel; readonly skipped: readonly Skipped[];
} {
  const all = hooks.map((hook) => {
    const located = references.named('AWS::Lambda::Function', project, hook.functionName);
    return { ...hook, smokeTest: smokeTestOf(references, located) };
  });
  return {
    smokeTest: all.find(({ smokeTest }) => smokeTest)?.smokeTest,
    skipped: all.filter(({ smokeTest }) => !smokeTest).map(({ event, functionName }) => ({
      what: `the hook function ${functionName.split(/[:/]/).pop() ?? ''} of ${event}`,
      why: 'a rehearsal has no Lambda, so the hook passes',
    })),
  };
}

/** The library's smoke test has these variables, and a function of the user does not. */
function smokeTestOf(references: References, located: Located | undefined): SmokeTestModel | undefined {
  if (!located) { return undefined; }
  const { Environment } = references.propertiesOf(located) as {
    readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  };
  const { PATHS, EXPECT_STATUS, TIMEOUT_SECONDS, HOST_NAME, LOAD_BALANCER_FULL_NAME } = Environment?.Variables ?? {};
  if (PATHS === undefined || EXPECT_STATUS === undefined || LOAD_BALANCER_FULL_NAME === undefined) { return undefined; }
  const paths = JSON.parse(PATHS) as string[];
  return { path: paths[0], paths, codes: EXPECT_STATUS, timeout: Number(TIMEOUT_SECONDS), hostName: HOST_NAME };
}
