import * as fs from 'fs';
import * as path from 'path';
import {
  CfnElement, IPolicyValidationContext, NestedStack, PolicyValidationPluginReport, PolicyViolation, Stack,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { RULES } from './rules';
import { SCOPE } from './scopes';
import { Finding, Rule, Template } from './template';
import { isMarked } from '../../private/marks';

interface JudgedFinding {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** Checks all stacks, without the findings in marked scopes, which another plugin reports. */
export function judgeApp(context: IPolicyValidationContext): PolicyValidationPluginReport {
  const marked = markedScopes(context.appConstruct);
  return report(stacksUnder(context.appConstruct), context, (stack) => {
    const ids = idsUnder(marked, stack);
    return ({ finding }) => concerned(finding, ids).length > 0 ? [] : ends(finding);
  });
}

/** Checks the resources under the marked scopes. */
export function judgeMarkedScopes(context: IPolicyValidationContext): PolicyValidationPluginReport {
  const marked = markedScopes(context.appConstruct);
  const stacks = new Set(marked.flatMap(stacksOf));
  return report([...stacks], context, (stack) => {
    const ids = idsUnder(marked, stack);
    return ({ finding }) => concerned(finding, ids);
  });
}

/** Returns the ids of the resources that a finding is reported at. */
type IdsToReport = (stack: Stack) => (judged: JudgedFinding) => string[];

function report(
  stacks: Stack[], context: IPolicyValidationContext, idsToReport: IdsToReport,
): PolicyValidationPluginReport {
  const templatePaths = new Map(context.stackTemplates.map((stack) => [stack.stackConstructPath, stack.templatePath]));
  const violations = stacks.flatMap((stack) => {
    // CDK passes only the deployed stacks; the template of a nested stack is beside that of its parent
    const deployed = templatePaths.get(deployedStackOf(stack).node.path);
    if (deployed === undefined) { return []; }
    return judge(stack, path.join(path.dirname(deployed), stack.templateFile), idsToReport);
  });
  return { success: violations.length === 0, violations };
}

function judge(stack: Stack, templatePath: string, idsToReport: IdsToReport): PolicyViolation[] {
  const template = new Template(JSON.parse(fs.readFileSync(templatePath, 'utf8')));
  const judged = RULES.flatMap((rule) => [...rule.judge(template)].map((finding) => ({ rule, finding })));
  if (judged.length === 0) { return []; }
  const idsOf = idsToReport(stack);
  return judged.flatMap((each) => idsOf(each).slice(0, 1).map((id) => violation(each, id, templatePath)));
}

function violation({ rule, finding }: JudgedFinding, id: string, templatePath: string): PolicyViolation {
  const { resource, location, problem } = finding;
  return {
    ruleName: rule.id,
    description: problem,
    fix: rule.fix,
    severity: 'error',
    violatingResources: [
      { resourceLogicalId: id, templatePath, locations: [id === resource.id ? location : 'Properties'] },
    ],
  };
}

/** The resources of a finding; the first is the one with the property. */
function ends({ resource, receiver }: Finding): string[] {
  return [resource, receiver].flatMap((end) => end?.id ?? []);
}

function concerned(finding: Finding, ids: Set<string>): string[] {
  return ends(finding).filter((id) => ids.has(id));
}

function markedScopes(construct: IConstruct): IConstruct[] {
  return isMarked(construct, SCOPE) ? [construct] : construct.node.children.flatMap(markedScopes);
}

/** The stack of a construct, if it is in one, and those under it. */
function stacksOf(scope: IConstruct): Stack[] {
  return [...scope.node.scopes.filter(Stack.isStack).slice(-1), ...stacksUnder(scope)];
}

function stacksUnder(construct: IConstruct): Stack[] {
  const here = Stack.isStack(construct) ? [construct] : [];
  return [...here, ...construct.node.children.flatMap(stacksUnder)];
}

function deployedStackOf(stack: Stack): Stack {
  return NestedStack.isNestedStack(stack) && stack.nestedStackParent ? deployedStackOf(stack.nestedStackParent) : stack;
}

/** The logical ids of the resources that are under the scopes and in a stack. */
function idsUnder(scopes: IConstruct[], stack: Stack): Set<string> {
  const elements = scopes.flatMap((scope) => scope.node.findAll().filter(CfnElement.isCfnElement))
    .filter((element) => element.stack === stack);
  return new Set(elements.map((element) => String(stack.resolve(element.logicalId))));
}
