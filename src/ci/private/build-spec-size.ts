import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { BuildSpecOptions } from './buildspec';
import { containersOf } from './delivered-task-definition';
import { renderSettings } from './settings';
import { standInsOf } from '../../private/stand-ins';
import { DeployStageFile } from '../../service/api';

/**
 * The maximum length of an inline buildspec. AWS does not document whether it counts characters or bytes, so this is
 * the stricter of the two.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
 */
const MAX_BYTES = 25_600;

/** Smaller parts are not worth a word in the error. */
const NOTICEABLE = 500;

/** A part of the buildspec that the user can make smaller. */
interface Part {
  readonly name: string;
  readonly bytes: number;
  readonly remedy: string;
}

const REMEDIES = {
  secrets: 'store several secrets as the fields of one JSON secret, which the application reads from one variable',
  environment: 'store values in one parameter of Parameter Store, as JSON or as lines, and pass it as one of the secrets',
  container: 'move settings of the container to its image or to Parameter Store',
  taskDefinition: 'shorten the labels, commands and health checks of the containers',
  commands: 'move the commands to a script in the repository',
  settings: 'shorten the lists, such as the ignored vulnerabilities, the build arguments, the services of the tests, and the build secrets',
  file: 'shorten the file',
};

/**
 * Fails for a buildspec that CodeBuild would reject in the middle of the deployment. It contains the templates of a
 * release, so many environment variables make it long.
 *
 * Runs at the end of the synth, when the task definition contains everything that the user adds to it.
 */
export function validateBuildSpecSize(project: codebuild.IProject, options: BuildSpecOptions): string[] {
  const total = bytesOfBuildSpec(project);
  if (total <= MAX_BYTES) { return []; }
  const stack = Stack.of(project);
  const standIns = standInsOf(stack);
  const parts = partsOf(options, (value) => standIns(stack.resolve(value)));
  parts.sort((one, other) => other.bytes - one.bytes);
  const own = total - parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const listed = parts.filter(({ bytes }, index) => index === 0 || bytes >= NOTICEABLE)
    .map(({ name, bytes }) => `${bytes} for ${name}`);
  return [`the buildspec, which contains the task definition of a release, must have at most ${MAX_BYTES} bytes, got about ${total}: `
    + `${listed.join(', ')}, ${own} for the library; ${parts[0].remedy}`];
}

/** The length at deployment, with the longest values that references usually have. */
export function bytesOfBuildSpec(project: codebuild.IProject): number {
  const stack = Stack.of(project);
  const { source } = project.node.defaultChild as codebuild.CfnProject;
  const { buildSpec } = stack.resolve(source) as { buildSpec: unknown };
  return Buffer.byteLength(standInsOf(stack)(buildSpec));
}

function partsOf(options: BuildSpecOptions, textOf: (value: unknown) => string): Part[] {
  const { files, installCommands, testCommand } = options;
  return [
    ...files.flatMap((file) => partsOfFile(file, textOf(file.content))),
    { name: "'installCommands'", bytes: encoded(textOf(installCommands.join('\n'))), remedy: REMEDIES.commands },
    { name: "'testCommand'", bytes: encoded(textOf(testCommand ?? '')), remedy: REMEDIES.commands },
    {
      name: 'the settings of the build',
      bytes: Buffer.byteLength(JSON.stringify(textOf(renderSettings(options).join('\n')))),
      remedy: REMEDIES.settings,
    },
  ];
}

/** The container of the application is the one whose image CodePipeline fills in. */
function partsOfFile({ path }: DeployStageFile, content: string): Part[] {
  const taskDefinition = containersOf(content);
  if (!taskDefinition) { return [{ name: `'${path}'`, bytes: encoded(content), remedy: REMEDIES.file }]; }
  const parts = taskDefinition.containers.flatMap(({ environment, secrets, ...container }): Part[] => {
    if (!String(container.image).startsWith('<')) {
      const all = { environment, secrets, ...container };
      return [{ name: `the container '${container.name}'`, bytes: encoded(JSON.stringify(all)), remedy: REMEDIES.container }];
    }
    return [
      { name: "'service.secrets'", bytes: encoded(JSON.stringify(secrets ?? '')), remedy: REMEDIES.secrets },
      { name: "'service.environment'", bytes: encoded(JSON.stringify(environment ?? '')), remedy: REMEDIES.environment },
    ];
  });
  const rest = encoded(content) - parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...parts, { name: 'the rest of the task definition', bytes: rest, remedy: REMEDIES.taskDefinition }];
}

/** The length as Base64. */
function encoded(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3) * 4;
}
