import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Subject } from './findings';
import { synthesize } from './subjects';

/** A stack that every tool must find something in: one that is silent about it judges nothing. */
export function knownBadSubject(directory: string): Subject {
  return synthesize('known-bad', directory, {}, (app) => {
    const stack = new Stack(app, 'KnownBad');
    new s3.Bucket(stack, 'Bucket');
    new logs.LogGroup(stack, 'LogGroup', { retention: logs.RetentionDays.ONE_DAY });
    new ec2.Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false });
    new iam.Role(stack, 'Role', {
      assumedBy: new iam.AccountRootPrincipal(),
      inlinePolicies: { All: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['*'], resources: ['*'] }), new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket'] })] }) },
    });
    new CfnResource(stack, 'Nonsense', { type: 'AWS::S3::Bucket', properties: { Nonsense: true } });
    new CfnResource(stack, 'Rule', { type: 'AWS::Events::Rule', properties: { EventPattern: { source: 'aws.ecs' } } });
    return stack;
  }, () => true);
}
