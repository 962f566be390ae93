import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';

/** The name that CodeDeploy has for a configuration, and CDK's constant for it. */
export interface PredefinedConfiguration {
  readonly name: string;
  readonly constant: Extract<keyof typeof codedeploy.EcsDeploymentConfig,
    'ALL_AT_ONCE' | `CANARY_${string}` | `LINEAR_${string}`>;
}

/** A configuration that shifts the traffic in steps. */
export interface StepwiseConfiguration extends PredefinedConfiguration {
  readonly percentage: number;
  readonly minutes: number;
}

/**
 * The configurations that CodeDeploy has for ECS.
 *
 * Names and constants, since the values of the constants would load CDK's CodeDeploy where the names are enough.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
export const PREDEFINED: {
  readonly allAtOnce: PredefinedConfiguration;
  readonly canary: readonly StepwiseConfiguration[];
  readonly linear: readonly StepwiseConfiguration[];
} = {
  allAtOnce: { name: 'CodeDeployDefault.ECSAllAtOnce', constant: 'ALL_AT_ONCE' },
  canary: [
    { percentage: 10, minutes: 5, name: 'CodeDeployDefault.ECSCanary10Percent5Minutes', constant: 'CANARY_10PERCENT_5MINUTES' },
    { percentage: 10, minutes: 15, name: 'CodeDeployDefault.ECSCanary10Percent15Minutes', constant: 'CANARY_10PERCENT_15MINUTES' },
  ],
  linear: [
    { percentage: 10, minutes: 1, name: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes', constant: 'LINEAR_10PERCENT_EVERY_1MINUTES' },
    { percentage: 10, minutes: 3, name: 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes', constant: 'LINEAR_10PERCENT_EVERY_3MINUTES' },
  ],
};
