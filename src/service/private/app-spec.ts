import { Tokenization } from 'aws-cdk-lib';

/**
 * What CodeDeploy does with a release. The network settings stay those of the service.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 */
export function renderAppSpec(containerName: string, containerPort: number): string {
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
    '',
  ].join('\n');
}
