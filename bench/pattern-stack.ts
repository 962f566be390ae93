import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AlertChannel, BlueGreenPythonPipeline } from '../src';

export interface PatternStackProps {
  readonly environmentSuffix: string;
  readonly email: string;
  readonly removalPolicy: RemovalPolicy;
}

/** The ten-line example, as a user of the library writes it. */
export class PatternStack extends Stack {
  constructor(scope: Construct, id: string, props: PatternStackProps) {
    super(scope, id);
    new BlueGreenPythonPipeline(this, 'Orders', {
      environmentSuffix: props.environmentSuffix,
      removalPolicy: props.removalPolicy,
      alerts: { channels: [AlertChannel.email(props.email)] },
    });
  }
}
