import * as fs from 'fs';
import * as path from 'path';
import { attachCustomSynthesis, CfnResource, Stack } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { mark, markOf } from '../../private/marks';

/** The mark of a stack: functions that return the resources that its policy protects, one for each service. */
const PROTECTED = Symbol.for('cdk-blue-green-python-pipeline.StackPolicy.protected');

type Resources = () => CfnResource[];

/** The resources that only CodeDeploy must change, and what identifies the rules that it changes with them. */
export interface ProtectedResources {
  readonly service: CfnResource;
  readonly listeners: elbv2.ApplicationListener[];
  readonly targetGroups: elbv2.ApplicationTargetGroup[];
}

/**
 * Writes a stack policy beside the template. It denies updates of the service, its listeners, and the listener rules
 * that forward to its target groups.
 *
 * It is a separate construct, because CDK calls one function for each construct. A stack has one policy: every service
 * of the stack writes the same file.
 */
export class StackPolicy extends Construct {
  constructor(scope: Construct, id: string, resources: ProtectedResources) {
    super(scope, id);
    const stack = Stack.of(this);
    const all = protectedIn(stack);
    all.push(() => [
      resources.service, ...resources.listeners.map(resourceOf), ...forwardingRules(stack, resources),
    ]);
    attachCustomSynthesis(this, {
      onSynthesize: ({ outdir }) => fs.writeFileSync(path.join(outdir, fileOf(stack)), render(stack, all)),
    });
  }
}

function protectedIn(stack: Stack): Resources[] {
  const known = markOf<Resources[]>(stack, PROTECTED);
  if (known) { return known; }
  const created: Resources[] = [];
  mark(stack, PROTECTED, created);
  return created;
}

/** `Orders.stack-policy.json` for `Orders.template.json`; a nested stack has no artifact, but a template. */
function fileOf({ templateFile }: Stack): string {
  return templateFile.replace(/\.template\.json$/, '.stack-policy.json');
}

function render(stack: Stack, all: Resources[]): string {
  const ids = all.flatMap((resources) => resources()).map(({ logicalId }) => `LogicalResourceId/${stack.resolve(logicalId)}`);
  const policy = {
    Statement: [
      // a policy denies whatever it does not allow
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', Action: 'Update:*', Resource: ids.sort() },
    ],
  };
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}

/** The listener rules of the stack that forward to a target group of the service. Users add them to the listeners. */
function forwardingRules(stack: Stack, { targetGroups }: ProtectedResources): CfnResource[] {
  const ids = targetGroups.map((group) => `"Ref":${JSON.stringify(stack.resolve(resourceOf(group).logicalId))}`);
  return stack.node.findAll()
    .filter((construct): construct is elbv2.CfnListenerRule => elbv2.CfnListenerRule.isCfnListenerRule(construct))
    .filter((rule) => rule.stack === stack)
    .filter(({ actions }) => ids.some((id) => JSON.stringify(stack.resolve(actions)).includes(id)));
}

function resourceOf({ node }: Construct): CfnResource {
  return node.defaultChild as CfnResource;
}
