/** On a construct whose resources are checked. */
export const SCOPE = Symbol.for('cdk-blue-green-python-pipeline.TemplateChecks.scope');

/** On a stage that has the plugin. */
export const STAGE = Symbol.for('cdk-blue-green-python-pipeline.TemplateChecks.stage');
