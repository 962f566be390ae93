/** An input that a rehearsal cannot use. Its message is one sentence for the user, without a stack trace. */
export abstract class AssemblyError extends Error {
  constructor(message: string) {
    super(message);
    // otherwise a stack trace says only Error
    this.name = new.target.name;
  }
}

/** A directory that is no cloud assembly. */
export class NotAnAssemblyError extends AssemblyError {
  constructor(directory: string, reason: string) {
    super(`${directory} is no cloud assembly: ${reason}; run 'cdk synth', and pass its output directory, such as --assembly cdk.out`);
  }
}

/** An assembly without a pipeline of the library. */
export class NoPipelineError extends AssemblyError {
  constructor(directory: string, stacks: readonly string[]) {
    const looked = stacks.length === 0 ? 'it has no stacks'
      : stacks.length === 1 ? `the stack ${stacks[0]} has none` : `the stacks ${list(stacks)} have none`;
    super(`${directory} has no pipeline of cdk-blue-green-python-pipeline: ${looked}`);
  }
}

/** Several pipelines, of which the user has chosen none, or more than one. */
export class SeveralPipelinesError extends AssemblyError {
  constructor(pipelines: readonly string[], chosen?: string) {
    super(chosen === undefined
      ? `the cloud assembly has ${pipelines.length} pipelines: choose one of ${list(pipelines)} with --pipeline`
      : `--pipeline ${chosen} fits ${pipelines.length} pipelines: choose one of ${list(pipelines)} by its whole path`);
  }
}

/** A chosen pipeline that the assembly does not have. */
export class UnknownPipelineError extends AssemblyError {
  constructor(chosen: string, pipelines: readonly string[]) {
    super(`--pipeline ${chosen} fits no pipeline of the cloud assembly, which has ${list(pipelines)}`);
  }
}

/** A pipeline without something that a rehearsal requires. */
export class IncompleteStackError extends AssemblyError {
  constructor(pipeline: string, missing: string) {
    super(`the pipeline ${pipeline} cannot be rehearsed: the cloud assembly has no ${missing}`);
  }
}

/** A task definition that cannot be read. */
export class TaskDefinitionError extends AssemblyError {
  constructor(reason: string) {
    super(`the task definition cannot be rehearsed: ${reason}`);
  }
}

/** An app that failed at synth, or that is not known. */
export class SynthesisError extends AssemblyError {
  /** A command that failed, with its output. */
  public static failed(app: string, reason: string, output: string): SynthesisError {
    const shown = output.trim() === '' ? ' without output' : `, with this output:\n${output.trimEnd()}`;
    return new SynthesisError(`the app failed at synth: '${app}' ${reason}${shown}`);
  }
}

function list(names: readonly string[]): string {
  const sorted = [...names].sort();
  return sorted.length < 2 ? sorted.join('') : `${sorted.slice(0, -1).join(', ')} and ${sorted[sorted.length - 1]}`;
}
