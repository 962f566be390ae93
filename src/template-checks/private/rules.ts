import { BUILD_RULES } from './builds';
import { CODE_DEPLOY_SERVICE_RULES } from './code-deploy-services';
import { CONFIGURATION_RULES } from './configurations';
import { DEPLOYMENT_RULES } from './deployments';
import { EVENT_RULES } from './events';
import { LOAD_BALANCING_RULES } from './load-balancing';
import { NAME_RULES } from './names';
import { PIPELINE_RULES } from './pipelines';
import { POLICY_RULES } from './policies';
import { PUBLISHING_RULES } from './publishing';
import { RELEASE_RULES } from './releases';
import { ROLE_RULES } from './roles';
import { SECURITY_GROUP_RULES } from './security-groups';
import { SERVICE_RULES } from './services';
import { TASK_RULES } from './tasks';
import { Rule } from './template';

/**
 * All rules, in the order of a release: pipeline, build, task, service, traffic, deployment, and then the other
 * resources.
 */
export const RULES: readonly Rule[] = [
  ...PIPELINE_RULES, ...CONFIGURATION_RULES, ...BUILD_RULES, ...RELEASE_RULES,
  ...TASK_RULES, ...SERVICE_RULES, ...CODE_DEPLOY_SERVICE_RULES, ...LOAD_BALANCING_RULES, ...SECURITY_GROUP_RULES,
  ...DEPLOYMENT_RULES, ...EVENT_RULES, ...PUBLISHING_RULES, ...ROLE_RULES, ...POLICY_RULES, ...NAME_RULES,
];
