import { Template } from 'aws-cdk-lib/assertions';
import { Definition, REPOSITORY_URI } from './world';
import { onlyResource } from '../../../helpers';

export const REPOSITORY = 'orders';

/** The lifecycle policy of the repository of a template. */
export function policyOf(template: Template): string {
  const [, { Properties }] = onlyResource(template, 'AWS::ECR::Repository');
  return (Properties.LifecyclePolicy as { LifecyclePolicyText: string }).LifecyclePolicyText;
}

/** The definition of the state machine of a template, with stand-ins for what is known at deployment only. */
export function definitionOf(template: Template): Definition {
  const [, { Properties }] = onlyResource(template, 'AWS::StepFunctions::StateMachine');
  return resolve(Properties.Definition) as Definition;
}

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(resolve); }
  if (typeof value !== 'object' || value === null) { return value; }
  const entries = Object.entries(value);
  const [[name, argument]] = entries;
  switch (name) {
    case 'Ref': return argument === 'AWS::Partition' ? 'aws' : argument;
    case 'Fn::GetAtt': return (argument as string[]).join('.');
    case 'Fn::Join': return joined(argument as [string, unknown[]]);
    default: return Object.fromEntries(entries.map(([key, each]) => [key, resolve(each)]));
  }
}

/** The URI of the repository is the only joined text with a selection. */
function joined([separator, parts]: [string, unknown[]]): string {
  const text = parts.map((part) => typeof part === 'object' && part !== null && 'Fn::Select' in part ? '?' : resolve(part)).join(separator);
  return text.replace(/^\?\.dkr\.ecr\.\?\..*\/[^@]*/, REPOSITORY_URI);
}
