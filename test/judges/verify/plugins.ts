import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { CloudFormationValidatePlugin, IPolicyValidationPlugin } from 'aws-cdk-lib';
import { byRuleAndPath, Finding, pathInStack, reasonOf, resourcesById, Subject } from './findings';
import { TemplateChecks } from '../../../src';

/** Plugins of CDK that judge a template. They are made when they are asked for: each loads an engine. */
const PLUGINS: { readonly [tool: string]: () => IPolicyValidationPlugin } = {
  'CDK validation': () => new CloudFormationValidatePlugin(),
  'Control Tower': () => new CfnGuardValidator(),
  'template checks': () => new TemplateChecks(),
};

/** All findings of the plugins, with the reason of each that is acknowledged at its construct. */
export function judgeByPlugins(subjects: Subject[]): Map<Subject, Finding[]> {
  const judges = Object.entries(PLUGINS).map(([tool, create]) => [tool, create()] as const);
  return new Map(
    subjects.map((subject) => [subject, judges.flatMap(([tool, plugin]) => judge(tool, plugin, subject))]),
  );
}

function judge(
  tool: string, plugin: IPolicyValidationPlugin, { app, stack, templateFile, judges }: Subject,
): Finding[] {
  const { violations } = plugin.validate({
    templatePaths: [templateFile],
    stackTemplates: [{ stackConstructPath: stack.node.path, templatePath: templateFile }],
    appConstruct: app,
    accountId: undefined,
    region: undefined,
  });
  const resources = resourcesById(stack);
  const found = violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ resourceLogicalId = '' }): Finding => {
    const resource = resources.get(resourceLogicalId);
    return {
      tool,
      rule: ruleName,
      path: resource
        ? pathInStack(stack, resource)
        : resourceLogicalId,
      reason: reasonOf(resource, ruleName),
    };
  }));
  // Guard's plugin lists some clauses once more without their resource
  const named = found.filter(({ rule, path }) => path !== '' || !found.some((other) => other.rule === rule && other.path !== ''));
  return named.filter(({ path }) => judges(path)).sort(byRuleAndPath);
}
