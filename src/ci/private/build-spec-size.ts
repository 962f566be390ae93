import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';

/** CodeBuild takes no longer buildspec inside a project. */
const MAX_CHARACTERS = 25_600;

/** What stands in the place of a reference at deployment: about as long as an ARN. */
const REFERENCE = 100;

/**
 * Refuses a buildspec that CodeBuild would refuse in the middle of the deployment. It carries the templates of a
 * release, so a long environment makes it long.
 *
 * Called when everything that a user adds to the task definition is there.
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

/** A list that is known only at deployment is a reference itself. */
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
