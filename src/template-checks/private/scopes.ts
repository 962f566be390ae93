/** The mark of a construct whose resources are checked. */
export const SCOPE = Symbol.for('cdk-blue-green-python-pipeline.TemplateChecks.scope');

/** The mark of a stage that has the plugin. */
export const STAGE = Symbol.for('cdk-blue-green-python-pipeline.TemplateChecks.stage');
