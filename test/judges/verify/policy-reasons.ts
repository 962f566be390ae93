const OLDER_DATA = 'AWS documents this resource for the action. The service data of the tool is older, or knows another form of the ARN.';

/** Why a finding of a judge of policies stays. Their findings cannot be acknowledged in a template. */
const REASONS: readonly [tool: string, rule: RegExp, reason: string][] = [
  ['cloudsplaining', /^CredentialsExposure\[ecr:GetAuthorizationToken\]$/,
    'Docker and ECS need the token to push and pull. It expires after 12 hours, and permits what the role permits.'],
  ['cloudsplaining', /^InfrastructureModification\[ecs:RegisterTaskDefinition\]$/,
    'CodePipeline documents no resource for this action. The role can pass only the two roles of the tasks.'],
  ['parliament', /^RESOURCE_STAR\[ecs:RegisterTaskDefinition\]$/,
    'CodePipeline documents no resource for this action. The role can pass only the two roles of the tasks.'],
  ['parliament', /^RESOURCE_STAR\[cloudwatch:DescribeAlarms\]$/,
    'The AWS managed policy for CodeDeploy names no alarms, and users can add alarms later. The action only reads.'],
  ['cloudsplaining', /^InfrastructureModification\[ec2:(Create|Delete)NetworkInterface\]$/,
    'Lambda documents no resource for the network interfaces of a function. A deny statement stops the code of the function.'],
  ['parliament', /^RESOURCE_STAR\[ec2:CreateNetworkInterface, ec2:DeleteNetworkInterface\]$/,
    'Lambda documents no resource for the network interfaces of a function. A deny statement stops the code of the function.'],
  ['parliament', /^RESOURCE_MISMATCH\[elasticloadbalancing:Modify(Rule|Listener)\]$/, OLDER_DATA],
  ['parliament', /^RESOURCE_MISMATCH\[ecs:CreateTaskSet\]$/, OLDER_DATA],
  ['parliament', /^RESOURCE_MISMATCH\[codestar-connections:UseConnection\]$/,
    'A connection keeps the ARN that it was created with, and both names of the service are allowed on it.'],
  ['parliament', /^RESOURCE_MISMATCH\[codedeploy:PutLifecycleEventHookExecutionStatus\]$/, OLDER_DATA],
  ['parliament', /^RESOURCE_MISMATCH\[ecr:BatchImportUpstreamImage\]$/, OLDER_DATA],
];

/** The reason for a finding, undefined if it must be fixed or acknowledged. */
export function reasonOfPolicy(tool: string, rule: string): string | undefined {
  return REASONS.find(([name, pattern]) => name === tool && pattern.test(rule))?.[2];
}
