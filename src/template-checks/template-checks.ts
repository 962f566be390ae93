import * as fs from 'fs';
import * as path from 'path';
import {
  CfnElement, IPolicyValidationContext, IPolicyValidationPlugin, NestedStack, PolicyValidationPluginReport,
  PolicyViolation, Stack, Stage,
  Validations,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { RULES } from './private/rules';
import { Finding, Rule, Template } from './private/template';

/**
 * Props of the template checks.
 */
export interface TemplateChecksProps {
  /**
   * The construct whose resources are checked. Other resources are not checked.
   *
   * @default - all stacks that the plugin is registered for
   */
  readonly scope?: IConstruct;
}

/** A template, and the stack that makes it. */
interface JudgedStack {
  readonly stack: Stack;
  readonly templatePath: string;
}

/**
 * A policy validation plugin that finds faults in the templates which AWS would reject late in a deployment, or not at
 * all.
 *
 * It checks artifacts of the pipeline, containers and ports, target groups and listeners, roles, names, and event
 * patterns. A finding fails the synth. Values that are not known at synth are not checked.
 *
 * The pattern registers the checks for its own resources. Added to an app, the plugin checks each stack of the app.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 *
 * @example
 * const app = new App();
 * Validations.of(app).addPlugins(new TemplateChecks());
 */
export class TemplateChecks implements IPolicyValidationPlugin {
  /**
   * Registers the checks for the resources under the scope, as the pattern does for its own. A finding fails the synth.
   *
   * @param scope the construct whose resources are checked; outside a stage or app, this has no effect
   */
  public static addTo(scope: IConstruct): void {
    if (Stage.of(scope)) {
      Validations.of(scope).addPlugins(new TemplateChecks({ scope }));
    }
  }

  /** Who tells of a finding first tells of it alone, so that an app's own plugin does not repeat that of a pattern. */
  private static readonly TOLD = new WeakMap<IConstruct, Map<string, TemplateChecks>>();

  /** The name of the plugin, with which the id of an acknowledgement starts, as in `TemplateChecks::listener-ports`. */
  public readonly name = 'TemplateChecks';
  private readonly scope?: IConstruct;

  constructor(props: TemplateChecksProps = {}) {
    this.scope = props.scope;
  }

  /** The ids of the rules, without the name of the plugin. */
  public get ruleIds(): string[] | undefined {
    return RULES.map(({ id }) => id);
  }

  /** Checks the templates. CDK calls it at the end of a synth. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = this.stacksOf(context).flatMap((judged) => this.judge(judged, context.appConstruct));
    return { success: violations.length === 0, violations };
  }

  private judge({ stack, templatePath }: JudgedStack, app: IConstruct): PolicyViolation[] {
    const template = new Template(JSON.parse(fs.readFileSync(templatePath, 'utf8')));
    const findings = RULES.flatMap((rule) => [...rule.judge(template)].map((finding) => ({ rule, finding })));
    const mine = findings.length > 0 && this.scope ? idsUnder(this.scope, stack) : undefined;
    return findings
      .flatMap(({ rule, finding }) => concerned(finding, mine).map((id) => ({ rule, finding, id })))
      .filter(({ rule, finding }) => this.tellsOf(app, [templatePath, rule.id, finding.resource.id, finding.location, finding.problem].join('\n')))
      .map(({ rule, finding, id }) => violation(rule, finding, id, templatePath));
  }

  private tellsOf(app: IConstruct, finding: string): boolean {
    const told = TemplateChecks.TOLD.get(app) ?? new Map<string, TemplateChecks>();
    TemplateChecks.TOLD.set(app, told);
    const teller = told.get(finding) ?? this;
    told.set(finding, teller);
    return teller === this;
  }

  /**
   * The stacks to judge: CDK gives those that are deployed, and a nested one has a template of its own beside that of
   * its parent.
   */
  private stacksOf({ appConstruct, stackTemplates }: IPolicyValidationContext): JudgedStack[] {
    const templatePaths = new Map(
      stackTemplates.map(({ stackConstructPath, templatePath }) => [stackConstructPath, templatePath]),
    );
    return stacksUnder(this.scope ? Stack.of(this.scope) : appConstruct).flatMap((stack) => {
      const deployed = templatePaths.get(deployedStackOf(stack).node.path);
      return deployed !== undefined && this.concerns(stack)
        ? [{ stack, templatePath: path.join(path.dirname(deployed), stack.templateFile) }]
        : [];
    });
  }

  private concerns(stack: Stack): boolean {
    return this.scope === undefined || Stack.of(this.scope) === stack || stack.node.scopes.includes(this.scope);
  }
}

/** The resource to tell of a finding at: where it is, or else what it concerns as well. */
function concerned({ resource, receiver }: Finding, mine?: Set<string>): string[] {
  return [resource, receiver].flatMap((candidate) => candidate?.id ?? []).filter((id) => mine?.has(id) ?? true)
    .slice(0, 1);
}

function violation(
  rule: Rule, { resource, location, problem }: Finding, id: string, templatePath: string,
): PolicyViolation {
  return {
    ruleName: rule.id,
    description: problem,
    fix: rule.fix,
    severity: 'error',
    violatingResources: [{ resourceLogicalId: id, templatePath, locations: [id === resource.id ? location : 'Properties'] }],
  };
}

function stacksUnder(construct: IConstruct): Stack[] {
  const here = Stack.isStack(construct) ? [construct] : [];
  return [...here, ...construct.node.children.flatMap(stacksUnder)];
}

function deployedStackOf(stack: Stack): Stack {
  return NestedStack.isNestedStack(stack) && stack.nestedStackParent ? deployedStackOf(stack.nestedStackParent) : stack;
}

/** The logical ids of what lies under a construct and in a stack. */
function idsUnder(scope: IConstruct, stack: Stack): Set<string> {
  const elements = scope.node.findAll().filter(CfnElement.isCfnElement).filter((element) => element.stack === stack);
  return new Set(elements.map((element) => String(stack.resolve(element.logicalId))));
}
