import { Fn, Lazy, Token, Tokenization } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { renderedProperties, resourceOfService } from '../../../private/cdk-internals';
import { DeploymentHookFunctions } from '../../deployment-hook-options';

/** The lifecycle events of CodeDeploy in their order, each with its option. */
const EVENTS: [string, keyof DeploymentHookFunctions][] = [
  ['BeforeInstall', 'beforeInstall'],
  ['AfterInstall', 'afterInstall'],
  ['AfterAllowTestTraffic', 'afterAllowTestTraffic'],
  ['BeforeAllowTraffic', 'beforeAllowTraffic'],
  ['AfterAllowTraffic', 'afterAllowTraffic'],
];

/** The content of an AppSpec. */
export interface AppSpecOptions {
  readonly container: { readonly name: string; readonly port: number };
  readonly hooks: DeploymentHookFunctions;
  /**
   * The service whose network settings the AppSpec repeats. Without it, CodeDeploy uses the current settings of the
   * service.
   */
  readonly networkOf?: ecs.FargateService;
}

/**
 * The AppSpec of a release.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 */
export function renderAppSpec({ container, hooks, networkOf }: AppSpecOptions): string {
  return [
    'version: 0.0',
    'Resources:',
    '  - TargetService:',
    '      Type: AWS::ECS::Service',
    '      Properties:',
    '        TaskDefinition: "<TASK_DEFINITION>"',
    '        LoadBalancerInfo:',
    `          ContainerName: "${container.name}"`,
    `          ContainerPort: ${Tokenization.stringifyNumber(container.port)}`,
    ...networkOf ? renderNetwork(networkOf) : [],
    ...renderHooks(hooks),
    '',
  ].join('\n');
}

/** Renders all three settings, because CodeDeploy requires all of them if one is set. */
function renderNetwork(service: ecs.FargateService): string[] {
  return [
    '        NetworkConfiguration:',
    '          AwsvpcConfiguration:',
    `            Subnets: [${networkSetting(service, 'Subnets')}]`,
    `            SecurityGroups: [${networkSetting(service, 'SecurityGroups')}]`,
    `            AssignPublicIp: ${networkSetting(service, 'AssignPublicIp')}`,
  ];
}

/**
 * A setting of the template, including property overrides, because the release must run in the network of the service.
 */
function networkSetting(service: ecs.FargateService, name: string): string {
  // not cached: CDK resolves it before and after references to other stacks have become imports
  return Lazy.uncachedString({
    produce: () => {
      const { NetworkConfiguration } = renderedProperties(resourceOfService(service));
      const { [name]: values } = (NetworkConfiguration as {
        AwsvpcConfiguration: { [setting: string]: unknown };
      }).AwsvpcConfiguration;
      return `"${quotedValues(values)}"`;
    },
  });
}

/**
 * The values with the quotation marks between them. An object is a list that is known only at deployment, such as a
 * parameter with subnets.
 */
function quotedValues(values: unknown): string {
  if (Array.isArray(values)) { return values.map((value) => Token.asString(value)).join('", "'); }
  return typeof values === 'object' ? Fn.join('", "', Token.asList(values)) : String(values);
}

function renderHooks(hooks: DeploymentHookFunctions): string[] {
  const lines = EVENTS.flatMap(([event, option]) => {
    const hook = hooks[option];
    return hook ? [`  - ${event}: "${hook.functionArn}"`] : [];
  });
  return lines.length > 0 ? ['Hooks:', ...lines] : [];
}
