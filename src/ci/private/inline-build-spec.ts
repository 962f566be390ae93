import * as codebuild from 'aws-cdk-lib/aws-codebuild';

/**
 * An inline buildspec in the template.
 *
 * CDK's own class escapes the literals inside intrinsic functions for the JSON around them,
 * so `Fn::Base64` would encode the escaped string instead of the string.
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
