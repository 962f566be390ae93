import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import {
  AlertChannel, BlueGreenPythonPipeline, DeploymentHooks, NetworkEgress, PipelineSource, PythonProject, TrafficShift,
} from 'cdk-blue-green-python-pipeline';

const app = new App();
const stack = new Stack(app, 'OrdersStack');

const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' });
const accessLogsBucket = new Bucket(stack, 'AccessLogs', { encryption: BucketEncryption.S3_MANAGED, enforceSSL: true });

new BlueGreenPythonPipeline(stack, 'Orders', {
  environmentSuffix: 'prod',
  removalPolicy: RemovalPolicy.RETAIN,
  network: { egress: NetworkEgress.natGateways(2), logRetention: RetentionDays.ONE_YEAR },
  service: {
    containerPort: 8000,
    cpu: 1024,
    memoryLimitMiB: 2048,
    environment: { LOG_LEVEL: 'info' },
    healthCheck: { path: '/health' },
    scaling: { minCapacity: 2, maxCapacity: 20, targetRequestsPerMinute: 600 },
    logRetention: RetentionDays.ONE_YEAR,
    loadBalancer: { domainName: 'orders.example.com', hostedZone, accessLogsBucket },
    release: {
      trafficShift: TrafficShift.canary(10, Duration.minutes(15)),
      terminationWaitTime: Duration.minutes(15),
      hooks: DeploymentHooks.smokeTest({ paths: ['/health'] }),
      rollbackAlarms: { latencyThreshold: Duration.seconds(1) },
    },
  },
  pipeline: {
    source: PipelineSource.connection({
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-1111-1111-1111-111111111111',
      owner: 'acme',
      repo: 'orders',
    }),
    python: PythonProject.uv({ pythonVersion: '3.13' }),
    gates: { minimumCoverage: 90, imageScan: true },
    manualApproval: true,
    artifactAccessLogsBucket: accessLogsBucket,
  },
  alerts: { channels: [AlertChannel.email('devops@example.com')], notifyOnSuccess: true },
  dashboard: true,
});
