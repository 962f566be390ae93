import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { judgeEvents } from './events';
import { judgeAccess } from './iam';
import { judgeProperties } from './properties';
import { TemplateJson } from '../../template-checks/edits';
import { judge } from '../../template-checks/judge';

/** Something that looks at a template: what it says of it, nothing of a good one. */
export interface Check {
  readonly name: string;
  readonly what: string;
  readonly judge: (template: TemplateJson) => string[] | Promise<string[]>;
}

/** Those that take milliseconds. */
export const QUICK: Check[] = [
  { name: 'template', what: 'the library\'s own `TemplateChecks`, which a user has at `cdk synth`', judge },
  { name: 'access', what: 'truth tables of the roles, evaluated by a simulator of IAM', judge: judgeAccess },
  { name: 'events', what: 'events that must reach a rule and others that must not', judge: judgeEvents },
  { name: 'properties', what: 'what the unit tests hold, asked of one template', judge: judgeProperties },
];

let validator: CloudFormationValidatePlugin | undefined;

/** CDK's own validation of templates: seconds to begin with, then a fifth of a second for each template. */
export const VALIDATOR: Check = {
  name: 'validator',
  what: 'CDK\'s own validation of templates against schemas and rules',
  judge: (template) => {
    validator ??= new CloudFormationValidatePlugin();
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mutation-'));
    const templatePath = path.join(directory, 'template.json');
    fs.writeFileSync(templatePath, JSON.stringify(template));
    try {
      const { violations } = validator.validate({
        templatePaths: [templatePath],
        stackTemplates: [{ stackConstructPath: 'Stack', templatePath }],
        accountId: undefined,
        region: undefined,
        appConstruct: new App(),
      });
      return violations.map(({ ruleName, description }) => `${ruleName}: ${description}`);
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  },
};

export const CHECKS = [...QUICK, VALIDATOR];
