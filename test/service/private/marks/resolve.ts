import { Template } from 'aws-cdk-lib/assertions';
import { Definition, REPOSITORY_URI } from './world';
import { onlyResource } from '../../../helpers';

/** The lifecycle policy of the repository of a template. */
export function policyOf(template: Template): string {
  const [, { Properties }] = onlyResource(template, 'AWS::ECR::Repository');
  return (Properties.LifecyclePolicy as { LifecyclePolicyText: string }).LifecyclePolicyText;
}

/** The definition of the state machine of a template, with stand-ins for what is known at deployment only. */
export function definitionOf(template: Template): Definition {
  const [, { Properties }] = onlyResource(template, 'AWS::StepFunctions::StateMachine');
  const [, parts] = (Properties.DefinitionString as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  const text = parts.map((part) => typeof part === 'string' ? part : standInFor(part as { [name: string]: unknown })).join('');
  return JSON.parse(text.replace(/\?\.dkr\.ecr\.\?\.[^/"]*\/[^@"]*/, REPOSITORY_URI)) as Definition;
}

function standInFor(reference: { readonly [name: string]: unknown }): string {
  const [[name, argument]] = Object.entries(reference);
  switch (name) {
    case 'Ref': return argument === 'AWS::Partition' ? 'aws' : argument as string;
    case 'Fn::GetAtt': return (argument as string[]).join('.');
    // account and region in the URI of the repository
    case 'Fn::Select': return '?';
    default: throw new Error(`no stand-in for ${JSON.stringify(reference)}`);
  }
}
