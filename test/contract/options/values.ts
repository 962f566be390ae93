import { Duration, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as fc from 'fast-check';
import { baseOf, Given, network, OWN_IMAGE, PLAIN, service } from './places';
import { BootstrapImage, DeploymentTestListener } from '../../../src';
import { importedVpc } from '../../helpers';

export const key = (stack: Stack): kms.Key => new kms.Key(stack, 'Key');

export const hookFunction = (stack: Stack): lambda.IFunction => new lambda.Function(stack, 'Hook', {
  runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('//'),
});

export const released = (digit: string): BootstrapImage => BootstrapImage.fromRelease(`sha256:${digit.repeat(64)}`);

export const TEST_LISTENER = DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']);

export const WITH_OWN_IMAGE = service({ bootstrapImage: OWN_IMAGE });
export const WITH_VPC: Given = (stack) => network({ vpc: importedVpc(stack) });
export const WITH_KEY: Given = (stack) => { key(stack); return PLAIN; };
export const WITH_TEST_LISTENER = service({ release: { testListener: TEST_LISTENER } });
export const WITH_SMOKE_TEST = baseOf('SmokeTestOptions');

export function seconds(min: number, max: number): fc.Arbitrary<Duration> {
  return fc.integer({ min, max }).map((amount) => Duration.seconds(amount));
}

export function minutes(min: number, max: number): fc.Arbitrary<Duration> {
  return fc.integer({ min, max }).map((amount) => Duration.minutes(amount));
}
