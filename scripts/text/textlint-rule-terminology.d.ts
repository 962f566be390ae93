declare module 'textlint-rule-terminology' {
  import { TextlintRuleModule } from '@textlint/types';

  const rule: TextlintRuleModule;
  export default rule;
}
