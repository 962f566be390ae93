import * as fs from 'fs';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { Change, LISTENER, SERVICE } from './classify';
import { stackOf } from './matrix';
import { Given, merge, service } from '../options/places';

/** A statement of a stack policy. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string;
  readonly Resource: string | string[];
}

const ACTIONS: [effect: RegExp, action: string][] = [
  [/^(in place|refused by ECS)/, 'Update:Modify'],
  [/^(replaced|perhaps replaced|refused by (name|target group))/, 'Update:Replace'],
  [/^deleted/, 'Update:Delete'],
];

/** Whether CloudFormation allows an action: what is not allowed is denied, and a denial wins. */
export function allows(statements: Statement[], action: string, logicalId: string): boolean {
  const applies = ({ Action, Resource }: Statement) => matches([Action], action) && matches([Resource].flat(), `LogicalResourceId/${logicalId}`);
  const effects = statements.filter(applies).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function matches(patterns: string[], text: string): boolean {
  return patterns.some((pattern) => pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern);
}

const policies = new Map<Given, Statement[]>();

/** The policy that the stack has before an update, synthesized once for each object. */
export function policyOf(given: Given): Statement[] {
  const policy = policies.get(given) ?? synthesizePolicy(given);
  policies.set(given, policy);
  return policy;
}

function synthesizePolicy(given: Given): Statement[] {
  const stack = stackOf((scope) => merge(typeof given === 'function' ? given(scope) : given, service({ stackPolicy: true })));
  const { directory } = (stack.node.root as App).synth();
  return JSON.parse(fs.readFileSync(path.join(directory, 'Stack.stack-policy.json'), 'utf8')).Statement;
}

/** The actions of an update that the policy denies. What is created takes no action. */
export function deniedIn(statements: Statement[], changes: Change[]): string[] {
  return changes.flatMap(({ logicalId, effect, type }) => ACTIONS
    .filter(([pattern, action]) => pattern.test(effect) && !allows(statements, action, logicalId))
    .map(([, action]) => `${action} ${type.split('::')[2]}`));
}

/** Whether a change is one of the service or of a listener that CodeDeploy changes. */
export function isFrozen({ type, path: construct, effect }: Change): boolean {
  return effect !== 'created' && effect !== 'refused by port'
    && (type === SERVICE || type === LISTENER && !construct.includes('/RedirectListener/'));
}
