import { IResource, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { fail, show } from '../../../private/errors';
import { requirePattern, requireText } from '../../../private/validation';

/** What all source actions have in common; the namespace is what later actions name the source's variables by. */
export const SOURCE = { actionName: 'Source', variablesNamespace: 'Source' };

/**
 * Refuses what no branch is named: white space, and patterns, which neither a source action nor the rule of one
 * understands.
 */
export function requireBranch(scope: Construct, branch: string | undefined): void {
  requireText(scope, 'source.branch', branch, "give a branch such as 'main' or leave it out");
  requirePattern(scope, 'source.branch', branch, /^(?!refs\/)[^\s~^:?*[\\]+$/,
    "be the name of one branch such as 'main', without 'refs/' in front, white space, and the characters ~ ^ : ? * [ \\");
}

/** Refuses what is known to be elsewhere; what is known at deployment only passes. */
export function requireSamePlace(scope: Construct, prop: string, { env }: IResource, remedy: string): void {
  const stack = Stack.of(scope);
  const differs = (there: string, here: string) => !Token.isUnresolved(there) && !Token.isUnresolved(here)
    && there !== here;
  if (differs(env.account, stack.account) || differs(env.region, stack.region)) {
    fail(scope, `'${prop}' must be in the pipeline's account and region, got one in ${show(env.account)} and ${show(env.region)} `
      + `for a pipeline in ${show(stack.account)} and ${show(stack.region)}; ${remedy}`);
  }
}
