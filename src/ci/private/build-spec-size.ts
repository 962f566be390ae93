import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';

/** The maximum length of an inline buildspec. */
const MAX_CHARACTERS = 25_600;

/** The assumed length of a reference's value at deploy time: about that of an ARN. */
const REFERENCE = 100;

/**
 * Fails for a buildspec that CodeBuild would reject in the middle of the deployment. It contains the templates of a
 * release, so many environment variables make it long.
 *
 * Runs at the end of the synth, when the task definition contains everything that the user adds to it.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
 */
export function validateBuildSpecSize(project: codebuild.IProject): string[] {
  const { source } = project.node.defaultChild as codebuild.CfnProject;
  const { buildSpec } = Stack.of(project).resolve(source) as { buildSpec: unknown };
  const characters = lengthOf(buildSpec);
  if (characters <= MAX_CHARACTERS) { return []; }
  return [`'service.environment' must keep the buildspec within ${MAX_CHARACTERS} characters, got about ${characters}; `
    + "the buildspec contains the task definition, and CodeBuild rejects a longer one: move values to Parameter Store, and pass them as 'service.secrets'"];
}

/** A list that is known only at deploy time is a reference itself. */
function joinedLength(parts: unknown): number {
  return Array.isArray(parts) ? parts.reduce<number>((sum, part) => sum + lengthOf(part), 0) : REFERENCE;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') { return value.length; }
  const [[name, argument]] = Object.entries(value as { [name: string]: unknown });
  switch (name) {
    case 'Fn::Join': return joinedLength((argument as [string, unknown])[1]);
    case 'Fn::Base64': return Math.ceil(lengthOf(argument) / 3) * 4;
    default: return REFERENCE;
  }
}
