import { Tokenization } from 'aws-cdk-lib';
import type { DeploymentHookFunctions } from '../deployment-hooks';

/** The events of CodeDeploy in their order, and the option that each belongs to. */
const EVENTS: [string, keyof DeploymentHookFunctions][] = [
  ['BeforeInstall', 'beforeInstall'],
  ['AfterInstall', 'afterInstall'],
  ['AfterAllowTestTraffic', 'afterAllowTestTraffic'],
  ['BeforeAllowTraffic', 'beforeAllowTraffic'],
  ['AfterAllowTraffic', 'afterAllowTraffic'],
];

/**
 * What CodeDeploy does with a release. The network settings stay those of the service.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 */
export function renderAppSpec(containerName: string, containerPort: number, hooks: DeploymentHookFunctions): string {
  return [
    'version: 0.0',
    'Resources:',
    '  - TargetService:',
    '      Type: AWS::ECS::Service',
    '      Properties:',
    '        TaskDefinition: "<TASK_DEFINITION>"',
    '        LoadBalancerInfo:',
    `          ContainerName: "${containerName}"`,
    `          ContainerPort: ${Tokenization.stringifyNumber(containerPort)}`,
    ...renderHooks(hooks),
    '',
  ].join('\n');
}

function renderHooks(hooks: DeploymentHookFunctions): string[] {
  const lines = EVENTS.flatMap(([event, option]) => {
    const hook = hooks[option];
    return hook ? [`  - ${event}: "${hook.functionArn}"`] : [];
  });
  return lines.length > 0 ? ['Hooks:', ...lines] : [];
}
