import { edited, Edit, TemplateJson, withoutHashes } from './edits';
import { RULES } from '../../src/template-checks/private/rules';
import { Template } from '../../src/template-checks/private/template';

/** What the rules find, as `rule: resource at location: problem`, without CDK's hashes. */
export function judge(json: unknown): string[] {
  const template = new Template(json);
  return RULES.flatMap((rule) => [...rule.judge(template)]
    .map(({ resource, location, problem }) => withoutHashes(`${rule.id}: ${resource.id} at ${location}: ${problem}`)));
}

export function judgeEdited(template: TemplateJson, edits: Edit[]): string[] {
  return judge(edited(template, ...edits));
}
