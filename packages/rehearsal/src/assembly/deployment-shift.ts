import { ReleaseModel, Skipped } from './model';
import { Located, References } from './references';

type Steps = ReleaseModel['shift'];

/** @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const PREDEFINED = /^CodeDeployDefault\.ECS(?:(AllAtOnce)|(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes)$/;

const ALL_AT_ONCE = 'CodeDeployDefault.ECSAllAtOnce';

interface Routing {
  readonly Type?: string;
  readonly TimeBasedCanary?: { readonly CanaryInterval?: number; readonly CanaryPercentage?: number };
  readonly TimeBasedLinear?: { readonly LinearInterval?: number; readonly LinearPercentage?: number };
}

/** The steps in which a deployment group shifts the traffic. */
export function deploymentShift(
  references: References, group: Located,
): { readonly steps: Steps; readonly skipped: readonly Skipped[] } {
  const given = group.properties.DeploymentConfigName ?? ALL_AT_ONCE;
  const own = references.find('AWS::CodeDeploy::DeploymentConfig', group, given);
  if (own) {
    return { steps: routed(references.propertiesOf(own).TrafficRoutingConfig as Routing | undefined), skipped: [] };
  }
  const name = references.text(group, given);
  const [, allAtOnce, shape, percent, minutes] = PREDEFINED.exec(name) ?? [];
  if (shape !== undefined) {
    return { steps: (shape === 'Canary' ? canary : linear)(Number(percent), Number(minutes)), skipped: [] };
  }
  const unknown = { what: `the deployment configuration ${name}`, why: 'it is not in the cloud assembly, so all traffic shifts at once' };
  return { steps: [], skipped: allAtOnce === undefined ? [unknown] : [] };
}

function routed({ Type, TimeBasedCanary, TimeBasedLinear }: Routing = {}): Steps {
  switch (Type) {
    case 'TimeBasedCanary': return canary(Number(TimeBasedCanary?.CanaryPercentage), Number(TimeBasedCanary?.CanaryInterval));
    case 'TimeBasedLinear': return linear(Number(TimeBasedLinear?.LinearPercentage), Number(TimeBasedLinear?.LinearInterval));
    default: return [];
  }
}

function canary(percent: number, minutes: number): Steps {
  return [{ percent, seconds: minutes * 60 }];
}

function linear(percent: number, minutes: number): Steps {
  const length = Math.max(0, Math.ceil(100 / percent) - 1);
  return Array.from({ length }, (_, index) => ({ percent: (index + 1) * percent, seconds: minutes * 60 }));
}
