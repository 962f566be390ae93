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

/** What a user says about a finding, in the user's own app. */
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

/** What the owner of this application decides, whatever the profile. Where an option mends it, the reason names it. */
export function decideAboutOrders(orders: BlueGreenPythonPipeline): void {
  const { network, service, pipeline } = orders;
  decide(network.vpc, 'Nothing uses the default group; restrictDefaultSecurityGroup would add a function that may change it.', {
    packs: ['VPCDefaultSecurityGroupClosed'],
  });
  decide(service.loadBalancer, 'The shop is for everybody and has no WAF yet; an association with the load balancer would add one.', { packs: ['ALBWAFEnabled'] });
  decide(service.loadBalancer.connections.securityGroups[0], 'Everybody may come, on port 80 too, and be it for the redirect; securityGroups would narrow it.', {
    nag: ['AwsSolutions-EC23'], checkov: ['CKV_AWS_260'],
  });
  decide(pipeline.artifactBucket, 'An artifact can be built again from the source, so it is kept in one region.', { packs: ['S3BucketReplicationEnabled'] });
  for (const group of orders.alerts.node.findAll().filter((child) => child instanceof logs.LogGroup)) {
    decide(group, 'The log holds the events of the pipeline for a month, which its history shows as well.', {
      guard: ['cloudwatch_log_group_retention_period_check'],
    });
  }
  if (service.listener.port !== 443) {
    decideAboutTrial(orders);
  }
}

/** An environment to try things in. */
function decideAboutTrial({ node, service }: BlueGreenPythonPipeline): void {
  for (const listener of service.loadBalancer.listeners) {
    decide(listener, 'There is no domain for trials; certificate or domainName would bring HTTPS.', {
      packs: ['ALBHttpToHttpsRedirection', 'ELBv2ACMCertificateRequired'],
      checkov: ['CKV_AWS_2', 'CKV_AWS_103'],
      guard: ['alb_http_to_https_redirection_check'],
    });
  }
  decide(service.loadBalancer, 'Trials come and go with their stack; RemovalPolicy.RETAIN would protect it.', {
    packs: ['ELBDeletionProtectionEnabled'], guard: ['elbv2_deletion_protection_enabled_check'],
  });
  decide(service.taskDefinition, 'Trials run as the image says; user and readonlyRootFilesystem would tighten it.', {
    guard: ['ecs_task_definition_nonroot_user_check', 'ecs_containers_readonly_access_check'],
  });
  for (const group of node.findAll().filter((child) => child instanceof logs.LogGroup)) {
    decide(group, 'Trials are not looked at after weeks; the logRetention of each part would keep more.', {
      guard: ['cloudwatch_log_group_retention_period_check'],
    });
  }
}

/** A template that is looked at and not deployed. */
export function decideAboutInventory({ network, service, pipeline }: BlueGreenPythonPipeline): void {
  decide(network.vpc, 'The inventory lists no flow logs; flowLogs would make them.', { nag: ['AwsSolutions-VPC7'], packs: ['VPCFlowLogsEnabled'] });
  decide(service.loadBalancer, 'The inventory lists no bucket for it; accessLogs would take one.', {
    nag: ['AwsSolutions-ELB2'], packs: ['ELBLoggingEnabled'], checkov: ['CKV_AWS_91'], guard: ['elbv2_logging_enabled_check'],
  });
  decide(pipeline.artifactBucket, 'The inventory lists no bucket for it; artifactAccessLogsBucket would take one.', {
    nag: ['AwsSolutions-S1'], packs: ['S3BucketLoggingEnabled'], checkov: ['CKV_AWS_18'], guard: ['s3_bucket_logging_enabled_check'],
  });
  for (const group of service.node.findAll().filter((child) => child instanceof logs.LogGroup)) {
    decide(group, 'The inventory lists one key, for artifacts and alerts; encryptionKey of the service would take it too.', {
      packs: ['CloudWatchLogGroupEncrypted'], checkov: ['CKV_AWS_158'], guard: ['cloudwatch_log_group_encrypted_check'],
    });
  }
}

export function decideAboutKey(key: kms.Key): void {
  decide(key, 'The account is one team\'s, whose IAM policies say who may make grants.', { guard: ['kms_create_grant_aws_service_check'] });
}

export function decideAboutLogBucket(bucket: s3.Bucket): void {
  decide(bucket, 'It holds the logs of others for 90 days, which nobody works with by events, and which no key of KMS may encrypt.', {
    packs: ['S3BucketReplicationEnabled', 'S3DefaultEncryptionKMS'],
    guard: ['s3_event_notifications_enabled_check', 's3_bucket_object_lock_enabled_check', 's3_bucket_default_encryption_kms_check'],
  });
}

export function decideAboutQueue(queue: sqs.Queue): void {
  decide(queue, 'It is the queue of what was lost, and has none behind it.', { nag: ['AwsSolutions-SQS3'], guard: ['sqs_dlq_check'] });
}

/**
 * Decisions about any combination of options: those of the profiles, and what an owner says of the options that they
 * lack.
 */
export function decideAboutSpread(orders: BlueGreenPythonPipeline): void {
  decideAboutOrders(orders);
  decideAboutTrial(orders);
  decideAboutInventory(orders);
  decide(orders.service.loadBalancer.connections.securityGroups[0],
    'An internal one admits the range of the VPC and nobody else, which these rules cannot read from a template.', {
      packs: ['EC2RestrictedCommonPorts', 'EC2RestrictedSSH'],
    });
  decide(orders.service.taskDefinition, 'The environment holds no secret; secrets would take it from a store.', { nag: ['AwsSolutions-ECS2'] });
  if (orders.network.assignPublicIp) {
    decide(orders.service.fargateService, 'Trials have no NAT gateway, so each task reaches the internet from an address of its own; network.egress would hide it.', {
      guard: ['ecs_service_assign_public_ip_disabled_check'],
    });
  }
  const smokeTest = orders.service.node.tryFindChild('SmokeTest');
  if (smokeTest) {
    decide(smokeTest.node.findChild('Function'), 'Trials have nothing to spare; reservedConcurrentExecutions, deadLetterQueue and encryptionKey would mend it.', {
      packs: ['LambdaConcurrency', 'LambdaDLQ'], checkov: ['CKV_AWS_115', 'CKV_AWS_116', 'CKV_AWS_173'],
    });
  }
}
