import { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, Stage, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { judgeApp, judgeMarkedScopes } from './private/judge';
import { RULES } from './private/rules';
import { SCOPE, STAGE } from './private/scopes';
import { isMarked, mark } from '../private/marks';

const NAME = 'TemplateChecks';

/**
 * A policy validation plugin that finds faults in the templates at synth. AWS would report these faults late in a
 * deployment, or not at all.
 *
 * It checks pipeline artifacts, containers and ports, target groups and listeners, roles, names, and event patterns. A
 * finding fails the synth. Values that are not known at synth are not checked.
 *
 * `BlueGreenPythonPipeline` registers the checks for its own resources. If you add the plugin to an app, it checks each
 * stack of the app.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 *
 * @example
 * const app = new App();
 * Validations.of(app).addPlugins(new TemplateChecks());
 */
export class TemplateChecks implements IPolicyValidationPlugin {
  /**
   * Registers the checks for the resources under the scope. `BlueGreenPythonPipeline` does this for its own resources.
   * A finding fails the synth.
   *
   * @param scope the construct, stack, stage, or app whose resources are checked; if the scope is not in an app, the
   * call has no effect
   */
  public static addTo(scope: IConstruct): void {
    const stage = Stage.isStage(scope) ? scope : Stage.of(scope);
    if (!stage) { return; }
    if (!isMarked(scope, SCOPE)) { mark(scope, SCOPE); }
    if (!isMarked(stage, STAGE)) {
      mark(stage, STAGE);
      Validations.of(stage).addPlugins(MARKED_SCOPES);
    }
  }

  /**
   * The name of the plugin. To acknowledge a finding, use an id that starts with this name, such as
   * `TemplateChecks::listener-ports`.
   */
  public readonly name = NAME;

  /** The ids of the rules, without the name of the plugin. */
  public get ruleIds(): string[] | undefined {
    return RULES.map(({ id }) => id);
  }

  /** Checks the templates. CDK calls it at the end of a synth. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return judgeApp(context);
  }
}

/**
 * The plugin for all marked scopes of a process. CDK hashes the whole assembly for each plugin and environment, so a
 * plugin for each scope would take quadratic time.
 */
const MARKED_SCOPES: IPolicyValidationPlugin = { name: NAME, validate: judgeMarkedScopes };
