import { CfnResource, Validations } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { BlueGreenPythonPipeline } from '../../src';

/** The packs of cdk-nag beside AwsSolutions: they share the names of their rules. */
const PACKS = ['NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security'];

interface Findings {
  readonly nag?: string[];
  readonly packs?: string[];
  readonly checkov?: string[];
  readonly guard?: string[];
}

/** Acknowledges a finding, as a user does in an app. */
function decide(
  construct: IConstruct, reason: string, { nag = [], packs = [], checkov = [], guard = [] }: Findings,
): void {
  const ids = [...nag, ...PACKS.flatMap((pack) => packs.map((rule) => `${pack}-${rule}`)), ...checkov, ...guard];
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
  if (checkov.length > 0) {
    const resource = construct.node.defaultChild as CfnResource;
    resource.addMetadata('checkov', { skip: [...resource.getMetadata('checkov')?.skip ?? [], ...checkov.map((id) => ({ id, comment: reason }))] });
  }
}

/** Decisions of the application's owner for every profile. If an option fixes the finding, the reason names it. */
export function decideAboutOrders(orders: BlueGreenPythonPipeline): void {
  const { network, service, pipeline } = orders;
  decide(network.vpc, 'Nothing uses the default group. restrictDefaultSecurityGroup would add a function that can change it.', {
    packs: ['VPCDefaultSecurityGroupClosed'],
  });
  decide(service.loadBalancer, 'The shop is open to the internet and has no WAF yet. An association with the load balancer would add one.', { packs: ['ALBWAFEnabled'] });
  decide(service.loadBalancer.connections.securityGroups[0], 'The shop is open to the internet, also on port 80 for the redirect. securityGroups would restrict it.', {
    nag: ['AwsSolutions-EC23'], checkov: ['CKV_AWS_260'],
  });
  decide(pipeline.artifactBucket, 'An artifact can be built again from the source, so one region is enough.', { packs: ['S3BucketReplicationEnabled'] });
  for (const group of orders.alerts.node.findAll().filter((child) => child instanceof logs.LogGroup)) {
    decide(group, 'The log keeps the events of the pipeline for a month, and the history of the pipeline shows them too.', {
      guard: ['cloudwatch_log_group_retention_period_check'],
    });
  }
  if (service.listener.port !== 443) {
    decideAboutTrial(orders);
  }
}

/** Decisions for an environment for trials. */
function decideAboutTrial({ node, service }: BlueGreenPythonPipeline): void {
  for (const listener of service.loadBalancer.listeners) {
    decide(listener, 'There is no domain for trials. certificate or domainName would enable HTTPS.', {
      packs: ['ALBHttpToHttpsRedirection', 'ELBv2ACMCertificateRequired'],
      checkov: ['CKV_AWS_2', 'CKV_AWS_103'],
      guard: ['alb_http_to_https_redirection_check'],
    });
  }
  decide(service.loadBalancer, 'Trials are deleted with their stack. RemovalPolicy.RETAIN would protect the load balancer.', {
    packs: ['ELBDeletionProtectionEnabled'], guard: ['elbv2_deletion_protection_enabled_check'],
  });
  decide(service.taskDefinition, 'Trials run as the user of the image. user and readonlyRootFilesystem would restrict the container.', {
    guard: ['ecs_task_definition_nonroot_user_check', 'ecs_containers_readonly_access_check'],
  });
  for (const group of node.findAll().filter((child) => child instanceof logs.LogGroup)) {
    decide(group, 'No one reads the logs of trials after weeks. logRetention of each part would keep them longer.', {
      guard: ['cloudwatch_log_group_retention_period_check'],
    });
  }
}

/** Decisions for a template that is inspected, not deployed. */
export function decideAboutInventory({ network, service, pipeline }: BlueGreenPythonPipeline): void {
  decide(network.vpc, 'The inventory lists no flow logs. flowLogs would create them.', { nag: ['AwsSolutions-VPC7'], packs: ['VPCFlowLogsEnabled'] });
  decide(service.loadBalancer, 'The inventory lists no bucket for access logs. accessLogsBucket would set one.', {
    nag: ['AwsSolutions-ELB2'], packs: ['ELBLoggingEnabled'], checkov: ['CKV_AWS_91'], guard: ['elbv2_logging_enabled_check'],
  });
  decide(pipeline.artifactBucket, 'The inventory lists no bucket for access logs. artifactAccessLogsBucket would set one.', {
    nag: ['AwsSolutions-S1'], packs: ['S3BucketLoggingEnabled'], checkov: ['CKV_AWS_18'], guard: ['s3_bucket_logging_enabled_check'],
  });
  for (const group of service.node.findAll().filter((child) => child instanceof logs.LogGroup)) {
    decide(group, 'The inventory lists one key, for artifacts and alerts. encryptionKey of the service would use it for this log.', {
      packs: ['CloudWatchLogGroupEncrypted'], checkov: ['CKV_AWS_158'], guard: ['cloudwatch_log_group_encrypted_check'],
    });
  }
}

export function decideAboutKey(key: kms.Key): void {
  decide(key, 'One team owns the account. Its IAM policies decide who can create grants.', { guard: ['kms_create_grant_aws_service_check'] });
}

export function decideAboutLogBucket(bucket: s3.Bucket): void {
  decide(bucket, 'The bucket keeps access logs for 90 days. Nothing processes them with events, and no KMS key can encrypt them.', {
    packs: ['S3BucketReplicationEnabled', 'S3DefaultEncryptionKMS'],
    guard: ['s3_event_notifications_enabled_check', 's3_bucket_object_lock_enabled_check', 's3_bucket_default_encryption_kms_check'],
  });
}

export function decideAboutQueue(queue: sqs.Queue): void {
  decide(queue, 'This queue is a dead-letter queue itself.', { nag: ['AwsSolutions-SQS3'], guard: ['sqs_dlq_check'] });
}

/**
 * Decisions for any combination of options: those of the profiles, and those for options that the profiles do not set.
 */
export function decideAboutSpread(orders: BlueGreenPythonPipeline): void {
  decideAboutOrders(orders);
  decideAboutTrial(orders);
  decideAboutInventory(orders);
  decide(orders.service.loadBalancer.connections.securityGroups[0],
    'An internal load balancer allows only the address range of the VPC. These rules cannot read the range from a template.', {
      packs: ['EC2RestrictedCommonPorts', 'EC2RestrictedSSH'],
    });
  decide(orders.service.taskDefinition, 'The environment contains no secret. secrets would read it from a store.', { nag: ['AwsSolutions-ECS2'] });
  if (orders.network.assignPublicIp) {
    decide(orders.service.fargateService, 'Trials have no NAT gateway, so each task has a public address. network.egress would remove it.', {
      guard: ['ecs_service_assign_public_ip_disabled_check'],
    });
  }
  const smokeTest = orders.service.node.tryFindChild('SmokeTest');
  if (smokeTest) {
    decide(smokeTest.node.findChild('Function'), 'Trials reserve no capacity. reservedConcurrentExecutions, deadLetterQueue, and encryptionKey would fix it.', {
      packs: ['LambdaConcurrency', 'LambdaDLQ'], checkov: ['CKV_AWS_115', 'CKV_AWS_116', 'CKV_AWS_173'],
    });
  }
}
