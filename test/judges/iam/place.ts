import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { FileSystem, Stack } from 'aws-cdk-lib';
import { Access } from './decisions';
import { ACCOUNT, REGION } from './deployed';
import { joinProgram } from '../../../src/ci/private/build-program';

export const here = (service: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}`;

export const each = (
  actions: string[], resource: string, context?: Access[2],
): Access[] => actions.map((action) => [action, resource, context]);

/** Where CDK uploads assets by default. */
export const ASSET_BUCKET = `arn:aws:s3:::cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

/** The program of the build there. CDK names an asset after its content. */
export const PROGRAM = [`${ASSET_BUCKET}/${fingerprintOfProgram()}.sh`];

function fingerprintOfProgram(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'program-')), 'program.sh');
  writeFileSync(file, joinProgram(new Stack()));
  const fingerprint = FileSystem.fingerprint(file);
  rmSync(dirname(file), { recursive: true });
  return fingerprint;
}

export const keyOf = (id: string) => `${here('kms')}:key/${id}`;

/** The names of the application `orders` in one environment. */
export class Place {
  public readonly bucket: string;
  public readonly key: string;
  public readonly alertsKey = keyOf('OrdersAlertsKey');
  public readonly project: string;
  public readonly pipeline: string;
  public readonly repository: string;
  public readonly images: string;
  public readonly service: string;
  public readonly taskSet: string;
  public readonly listener: string;
  public readonly application: string;
  public readonly deploymentGroup: string;
  public readonly topic: string;
  public readonly imageMarks: string;
  public readonly liveImages: string;

  constructor(public readonly suffix: string, key = keyOf('OrdersPipelineArtifactsKey')) {
    this.key = key;
    this.bucket = `arn:aws:s3:::orders-artifacts-${ACCOUNT}-${REGION}-${suffix}`;
    this.project = `${here('codebuild')}:project/orders-build-${suffix}`;
    this.pipeline = `${here('codepipeline')}:orders-pipeline-${suffix}`;
    this.repository = `${here('codecommit')}:orders-source-${suffix}`;
    this.images = `${here('ecr')}:repository/orders-app-${suffix}`;
    this.service = `${here('ecs')}:service/orders-cluster-${suffix}/orders-web-${suffix}`;
    this.taskSet = `${this.service.replace(':service/', ':task-set/')}/ecs-svc-1`;
    this.listener = `${here('elasticloadbalancing')}:listener/app/web/1234567890123456/OrdersServiceLoadBalancerListener`;
    this.application = `${here('codedeploy')}:application:orders-web-${suffix}`;
    this.deploymentGroup = `${here('codedeploy')}:deploymentgroup:orders-web-${suffix}/orders-blue-green-${suffix}`;
    this.imageMarks = `${here('states')}:stateMachine:orders-image-marks-${suffix}`;
    this.liveImages = `${here('ssm')}:parameter/orders-live-images-${suffix}`;
    this.topic = `${here('sns')}:orders-alerts-${suffix}`;
  }

  public role(name: string): string {
    return `orders-${name}-${REGION}-${this.suffix}`;
  }

  public roleArn(name: string): string {
    return `arn:aws:iam::${ACCOUNT}:role/${this.role(name)}`;
  }

  /** An object as CodePipeline names it: `<pipeline>/<artifact>/<file>`. */
  public artifact(name: 'Source' | 'Build'): string {
    return `${this.bucket}/orders-pipeline-${this.suffix}/${name}/AbCdEf1`;
  }

  /** What the build puts beside the artifacts. */
  public get besideArtifacts(): string[] {
    return ['cache/0123456789abcdef', 'cache/image', 'reports/1a2b3c4d/verdict', 'reports/1a2b3c4d/1/junit.xml'].map((key) => `${this.bucket}/${key}`);
  }

  public get objects(): string[] {
    return [this.artifact('Source'), this.artifact('Build'), ...this.besideArtifacts];
  }

  public logStream(group: string): string {
    return `${here('logs')}:log-group:${group}:log-stream:1`;
  }

  /** The logs of the stack, by whose they are. */
  public get logs(): { readonly [whose in 'build' | 'service' | 'flow' | 'smokeTest' | 'events']: string } {
    return {
      build: `/aws/codebuild/orders-build-${this.suffix}`,
      service: `/aws/ecs/orders-web-${this.suffix}`,
      flow: `/aws/vpc/orders-flow-logs-${this.suffix}`,
      smokeTest: `/aws/lambda/orders-smoke-test-${this.suffix}`,
      events: `/aws/events/orders-pipeline-events-${this.suffix}`,
    };
  }

  public passRole(name: string, service: string): Access {
    return ['iam:PassRole', this.roleArn(name), { 'iam:PassedToService': service }];
  }
}
