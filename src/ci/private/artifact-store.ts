import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledge';
import { autoDeleteFunction } from '../../private/cdk-internals';
import { createCustomerKey } from '../../private/customer-key';
import { grantLogDelivery, logPrefix } from '../../private/log-bucket';
import { ResourceNames } from '../../private/names';
import { PythonCiPipelineProps } from '../python-ci-pipeline-options';

/** Props of the store. */
export interface ArtifactStoreProps extends Pick<PythonCiPipelineProps, 'encryptionKey' | 'artifactAccessLogsBucket'> {
  readonly names: ResourceNames;
  readonly removalPolicy: RemovalPolicy;
  readonly retention?: Duration;
}

/** The artifact bucket with its key. It requires encryption and TLS, and its objects expire. */
export class ArtifactStore extends Construct {
  public readonly key: kms.IKey;
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: ArtifactStoreProps) {
    super(scope, id);
    const { names, removalPolicy, retention = Duration.days(30) } = props;
    this.key = props.encryptionKey ?? createCustomerKey(this, 'Key', { names, purpose: 'artifacts', what: 'Artifacts', removalPolicy });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: names.bucket('artifacts'),
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{
        expiration: retention,
        noncurrentVersionExpiration: retention,
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      }],
      removalPolicy,
      // CDK adds a function for it, which slows the synth: only if the bucket must be deleted with its stack
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    this.acknowledgeFindings();
    if (props.artifactAccessLogsBucket) {
      this.logAccess(props.artifactAccessLogsBucket, names);
    }
  }

  /** The ARNs that grants on the store contain as resources. */
  public get arns(): string[] {
    return [this.bucket.bucketArn, this.bucket.arnForObjects('*'), this.key.keyArn];
  }

  private acknowledgeFindings(): void {
    acknowledge(this.bucket, 'Artifacts must expire, which an object lock would prevent. The pipeline reports its use of the artifacts in its own events.', {
      guard: ['s3_bucket_object_lock_enabled_check', 's3_event_notifications_enabled_check'],
    });
    const handler = autoDeleteFunction(this);
    if (handler) {
      acknowledge(handler, 'CDK creates this function to empty the bucket when the stack is deleted. CloudFormation waits for its response.', {
        checkov: ['CKV_AWS_115', 'CKV_AWS_116', 'CKV_AWS_117'], guard: ['lambda_inside_vpc_check'],
      });
    }
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
  private logAccess(logBucket: s3.IBucket, names: ResourceNames): void {
    const prefix = `${logPrefix(names)}/artifacts/`;
    // set on the resource: CDK's prop grants with an access list or a policy, depending on a feature flag of the app
    (this.bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
      destinationBucketName: logBucket.bucketName,
      logFilePrefix: prefix,
    };
    grantLogDelivery(this, logBucket, {
      prop: 'artifactAccessLogsBucket',
      who: 'S3',
      servicePrincipal: 'logging.s3.amazonaws.com',
      prefix,
      conditions: {
        // a bucket policy in another stack cannot refer to this bucket, which refers to that bucket
        ...Stack.of(logBucket) === Stack.of(this) ? { ArnLike: { 'aws:SourceArn': this.bucket.bucketArn } } : {},
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      },
      warning: { id: 'PythonCiPipeline.importedAccessLogs', consequence: 'otherwise nothing is logged' },
    });
  }
}
