import * as codebuild from 'aws-cdk-lib/aws-codebuild';

/**
 * A buildspec that stands in the template.
 *
 * CDK's own one escapes the literals inside intrinsic functions for the JSON text around them,
 * so what `Fn::Base64` encodes would be the escaped text and not the text.
 */
export class InlineBuildSpec extends codebuild.BuildSpec {
  public readonly isImmediate = true;

  constructor(private readonly spec: { [key: string]: unknown }) {
    super();
  }

  public toBuildSpec(): string {
    return JSON.stringify(this.spec);
  }
}
