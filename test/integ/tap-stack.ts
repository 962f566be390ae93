import * as path from 'path';
import { App, Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { decideAboutInventory, decideAboutLogBucket, decideAboutOrders, decideAboutKey, decideAboutQueue } from './decisions';
import {
  AlertChannel,
  BlueGreenPythonPipeline,
  BlueGreenPythonPipelineProps,
  DeploymentHooks,
  DockerHubCredentials,
  NetworkEgress,
  PipelineSource,
  TrafficShift,
} from '../../src';

/** The application that the sample pipeline builds. */
export const PYTHON_APP = path.join(__dirname, '..', '..', 'examples', 'python-app');

/** What a profile makes of the pattern, in the stack that it may add to. */
type Profile = (stack: Stack, environmentSuffix: string) => BlueGreenPythonPipelineProps;

const PROFILES: { [name: string]: Profile } = {
  default: defaultProfile,
  prod: prodProfile,
  inventory: inventoryProfile,
};

export const PROFILE_NAMES = Object.keys(PROFILES);

export interface TapStackProps extends StackProps {
  readonly environmentSuffix: string;
  readonly profile: string;
}

/** The sample application in one environment. */
export class TapStack extends Stack {
  public readonly orders: BlueGreenPythonPipeline;

  constructor(scope: Construct, props: TapStackProps) {
    super(scope, `TapStack${props.environmentSuffix}`, props);
    const profile = PROFILES[props.profile];
    if (!profile) {
      throw new Error(`'profile' must be one of ${PROFILE_NAMES.join(', ')}, got ${JSON.stringify(props.profile)}`);
    }
    this.orders = new BlueGreenPythonPipeline(this, 'Orders', {
      environmentSuffix: props.environmentSuffix,
      ...profile(this, props.environmentSuffix),
    });
    decideAboutOrders(this.orders);
    if (props.profile === 'inventory') {
      decideAboutInventory(this.orders);
    }
  }
}

/** One stack of one profile, as `app.ts` and the tests make it. */
export function createTapStack(app: App): TapStack {
  return new TapStack(app, {
    environmentSuffix: app.node.tryGetContext('environmentSuffix') ?? 'dev',
    profile: app.node.tryGetContext('profile') ?? 'default',
  });
}

/** Deploys in one step into an empty account. */
function defaultProfile(stack: Stack, environmentSuffix: string): BlueGreenPythonPipelineProps {
  const accessLogs = createLogBucket(stack, environmentSuffix, RemovalPolicy.DESTROY);
  return {
    service: { healthCheck: { path: '/health' }, encryptionKey: createKey(stack, RemovalPolicy.DESTROY), loadBalancer: { accessLogsBucket: accessLogs } },
    pipeline: {
      source: PipelineSource.codeCommit({
        seedDirectory: PYTHON_APP,
      }),
      artifactAccessLogsBucket: accessLogs,
    },
    alerts: { channels: [AlertChannel.email(alertEmail(stack))] },
  };
}

/** What costs more or needs more, and is worth it in production. */
function prodProfile(stack: Stack, environmentSuffix: string): BlueGreenPythonPipelineProps {
  const removalPolicy = RemovalPolicy.RETAIN;
  const accessLogs = createLogBucket(stack, environmentSuffix, removalPolicy);
  const encryptionKey = createKey(stack, removalPolicy);
  return {
    removalPolicy,
    network: { egress: NetworkEgress.natGateways(2), logRetention: logs.RetentionDays.ONE_YEAR },
    service: {
      healthCheck: { path: '/health' },
      cpu: 1024,
      memoryLimitMiB: 2048,
      user: '10001',
      readonlyRootFilesystem: true,
      logRetention: logs.RetentionDays.ONE_YEAR,
      encryptionKey,
      scaling: { minCapacity: 2, maxCapacity: 10, targetCpuUtilizationPercent: 60, targetRequestsPerMinute: 1200 },
      loadBalancer: {
        accessLogsBucket: accessLogs,
        certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn(stack)),
      },
      release: {
        trafficShift: TrafficShift.canary(10, Duration.minutes(15)),
        terminationWaitTime: Duration.minutes(15),
        hooks: DeploymentHooks.smokeTest({ paths: ['/health'], reservedConcurrentExecutions: 2, deadLetterQueue: createQueue(stack, encryptionKey) }),
        rollbackAlarms: { latencyThreshold: Duration.seconds(1) },
      },
    },
    pipeline: {
      source: PipelineSource.codeCommit({ seedDirectory: PYTHON_APP }),
      gates: { minimumCoverage: 90 },
      logRetention: logs.RetentionDays.ONE_YEAR,
      artifactAccessLogsBucket: accessLogs,
    },
    alerts: { channels: [AlertChannel.email(alertEmail(stack))], notifyOnSuccess: true },
    dashboard: true,
  };
}

/**
 * The inventory of the requirements, row by row: 69 resources. It has no egress, so it is for inspection, not for
 * deployment.
 */
function inventoryProfile(stack: Stack, environmentSuffix: string): BlueGreenPythonPipelineProps {
  const encryptionKey = createKey(stack, RemovalPolicy.DESTROY);
  const credentials = {
    usernameParameterName: `/orders/${environmentSuffix}/docker-hub/username`,
    passwordParameterName: `/orders/${environmentSuffix}/docker-hub/password`,
  };
  // CloudFormation cannot create a SecureString, so these tell where the credentials are
  for (const [role, name] of Object.entries({
    username: credentials.usernameParameterName, password: credentials.passwordParameterName,
  })) {
    new ssm.StringParameter(stack, `DockerHub-${role}`, {
      parameterName: `/orders/docker-hub/${role}-parameter-${environmentSuffix}`,
      description: `The name of the SecureString with the ${role} of Docker Hub`,
      stringValue: name,
    });
  }
  return {
    network: { egress: NetworkEgress.none(), flowLogs: false },
    service: { healthCheck: { path: '/health' }, release: { rollbackAlarms: { enabled: false }, protectImages: false } },
    pipeline: {
      dockerHub: DockerHubCredentials.fromParameterStore(credentials),
      encryptionKey,
    },
    alerts: {
      channels: [AlertChannel.email(alertEmail(stack))],
      encryptionKey,
      failureDetails: false,
      notifyOnImageScan: false,
      keepUndelivered: false,
    },
  };
}

function createKey(stack: Stack, removalPolicy: RemovalPolicy): kms.Key {
  const key = new kms.Key(stack, 'Key', { enableKeyRotation: true, removalPolicy });
  decideAboutKey(key);
  return key;
}

/** Where load balancer and artifact bucket log who asks them: neither can write with a key of KMS. */
function createLogBucket(stack: Stack, environmentSuffix: string, removalPolicy: RemovalPolicy): s3.Bucket {
  const bucket = new s3.Bucket(stack, 'AccessLogs', {
    bucketName: `orders-access-logs-${stack.account}-${stack.region}-${environmentSuffix}`,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(1) }],
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
  });
  // who asks for the logs is logged beside them: AWS advises another bucket, whose own visitors nobody would see
  (bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = { logFilePrefix: 'access-logs/' };
  bucket.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects('access-logs/*')],
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
  }));
  decideAboutLogBucket(bucket);
  return bucket;
}

/** Calls of the smoke test that were lost. */
function createQueue(stack: Stack, encryptionMasterKey: kms.IKey): sqs.Queue {
  const queue = new sqs.Queue(stack, 'LostSmokeTests', { encryptionMasterKey, enforceSSL: true, retentionPeriod: Duration.days(14) });
  decideAboutQueue(queue);
  return queue;
}

function alertEmail(stack: Stack): string {
  return stack.node.tryGetContext('alertEmail') ?? 'devops@example.com';
}

function certificateArn(stack: Stack): string {
  const arn = stack.node.tryGetContext('certificateArn');
  if (!arn) {
    throw new Error("the profile 'prod' serves HTTPS: set the ARN of the certificate in the context, such as -c certificateArn=arn:aws:acm:...");
  }
  return arn;
}
