import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';

/** A deployment configuration that AWS provides: its name in CodeDeploy, and CDK's constant for it. */
export interface PredefinedConfiguration {
  readonly name: string;
  readonly constant: Extract<keyof typeof codedeploy.EcsDeploymentConfig,
    'ALL_AT_ONCE' | `CANARY_${string}` | `LINEAR_${string}`>;
}

/** A predefined configuration that shifts the traffic in steps. */
export interface StepwiseConfiguration extends PredefinedConfiguration {
  readonly percentage: number;
  readonly minutes: number;
}

/**
 * The predefined deployment configurations of CodeDeploy for ECS.
 *
 * They contain the names of CDK's constants, because the values would load CDK's CodeDeploy module even where the names
 * are enough.
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
