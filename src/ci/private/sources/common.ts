import { IResource, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { fail, show } from '../../../private/errors';
import { requirePattern, requireText } from '../../../private/validation';

/** The common props of all source actions. Later actions refer to the source's variables through the namespace. */
export const SOURCE = { actionName: 'Source', variablesNamespace: 'Source' };

/**
 * Fails for invalid branch names: white space, and patterns, which neither a source action nor its event rule
 * supports.
 */
export function requireBranch(scope: Construct, branch: string | undefined): void {
  requireText(scope, 'source.branch', branch, "pass a branch such as 'main', or remove it");
  requirePattern(scope, 'source.branch', branch, /^(?!refs\/)[^\s~^:?*[\\]+$/,
    "be the name of one branch such as 'main', without 'refs/' in front, white space, and the characters ~ ^ : ? * [ \\");
}

/** Fails for a resource in another account or region. Values that are known only at deploy time pass. */
export function requireSamePlace(scope: Construct, prop: string, { env }: IResource, remedy: string): void {
  const stack = Stack.of(scope);
  const differs = (there: string, here: string) => !Token.isUnresolved(there) && !Token.isUnresolved(here)
    && there !== here;
  if (differs(env.account, stack.account) || differs(env.region, stack.region)) {
    fail(scope, `'${prop}' must be in the pipeline's account and region, got one in ${show(env.account)} and ${show(env.region)} `
      + `for a pipeline in ${show(stack.account)} and ${show(stack.region)}; ${remedy}`);
  }
}
