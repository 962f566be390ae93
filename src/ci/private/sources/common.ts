import { Construct } from 'constructs';
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
