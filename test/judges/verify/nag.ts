import { App, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { byRuleAndPath, Finding, pathInStack, reasonOf, Subject } from './findings';

/** The packs of cdk-nag that judge. */
export const PACKS: { readonly [tool: string]: new (app: App) => NagPack } = {
  'AwsSolutions': AwsSolutionsChecks,
  'NIST 800-53 r5': NIST80053R5Checks,
  'PCI DSS 3.2.1': PCIDSS321Checks,
  'HIPAA': HIPAASecurityChecks,
};

/** What a pack lists, as cdk-nag itself reports it: without what is acknowledged. */
export function violations(pack: NagPack, app: App): string[] {
  return flat(pack.validateScope(app)).map(({ rule, path }) => `${rule} ${path}`).sort();
}

/** All findings of the packs, with the reason of each that is acknowledged. */
export function judgeByNag({ app, stack, judges }: Subject): Finding[] {
  return Object.entries(PACKS).flatMap(([tool, Pack]) => {
    // a pack that takes nothing for acknowledged lists everything
    const pack = new Pack(app);
    Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
    return flat(pack.validateScope(app)).map(({ rule, path }) => {
      const construct = app.node.findAll().find(({ node }) => node.path === path)!;
      return { tool, rule, path: pathInStack(stack, construct), reason: reasonOf(construct, rule) };
    }).filter(({ path }) => judges(path)).sort(byRuleAndPath);
  });
}

function flat({ violations: found }: PolicyValidationPluginReport): { rule: string; path: string }[] {
  return found.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' })));
}
