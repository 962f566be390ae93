import { createRequire } from 'module';

/** The behavior of states in an interpreted execution, by the name of the state. Times are in milliseconds. */
export interface Overrides {
  readonly taskResourceLocalHandlers: { readonly [state: string]: (input: never) => Promise<unknown> };
  readonly retryIntervalOverrides: { readonly [state: string]: number[] };
  readonly waitTimeOverrides: { readonly [state: string]: number };
}

// TypeScript cannot import them: the validator has no types, and those of the interpreter are for ES modules
const load = createRequire(__filename);

interface Interpreter {
  readonly StateMachine: new (definition: object) => {
    run(input: object, options: { readonly overrides: Overrides }): { readonly result: Promise<unknown> };
  };
}

/** The faults that a validator finds in a definition, as one text. */
export function faultsOf(definition: object): string {
  const validate = load('asl-validator') as (definition: object) => { errorsText(separator?: string): string };
  return validate(definition).errorsText('\n');
}

const machines = new WeakMap<object, InstanceType<Interpreter['StateMachine']>>();

/**
 * Runs an execution of a state machine, whose tasks are answered by the test.
 *
 * The interpreter uses a function of Promise that Node.js has from version 22 on.
 */
export function interpret(definition: object, input: object, overrides: Overrides): Promise<unknown> {
  const promises = Promise as { withResolvers?: () => object };
  promises.withResolvers ??= withResolvers;
  const { StateMachine } = load('aws-local-stepfunctions') as Interpreter;
  const machine = machines.get(definition) ?? new StateMachine(definition);
  machines.set(definition, machine);
  return machine.run(input, { overrides }).result;
}

function withResolvers(): object {
  const callbacks: { resolve?: unknown; reject?: unknown } = {};
  const promise = new Promise((resolve, reject) => { Object.assign(callbacks, { resolve, reject }); });
  return { promise, ...callbacks };
}
