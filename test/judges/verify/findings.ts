import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** What a tool has to say about a resource. */
export interface Finding {
  readonly tool: string;
  readonly rule: string;
  /** The path of its construct in the stack. */
  readonly path: string;
  /** Why it is left as it is. */
  readonly reason?: string;
}

/** A synthesized app with the stack that is judged. */
export interface Subject {
  readonly name: string;
  readonly app: App;
  readonly stack: Stack;
  readonly templateFile: string;
  /** The findings of other constructs are not of this library's making. */
  readonly judges: (path: string) => boolean;
}

/** The reason at the construct or above it, by whom it may be. */
export function reasonOf(construct: IConstruct | undefined, rule: string): string | undefined {
  for (let current = construct; current; current = current.node.scope) {
    for (const { type, data } of current.node.metadata) {
      if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) { continue; }
      const reason: string | undefined = data[`Annotation::${rule}`] ?? data[rule];
      if (reason !== undefined) { return reason; }
    }
  }
  return undefined;
}

/** The constructs of a stack's resources, by logical id. */
export function resourcesById(stack: Stack): Map<string, CfnResource> {
  return new Map(stack.node.findAll()
    .filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct))
    .map((resource) => [stack.resolve(resource.logicalId), resource]));
}

/** A path that is the same for every suffix. */
export function pathInStack(stack: Stack, construct: IConstruct): string {
  return construct.node.path.replace(`${stack.node.path}/`, '');
}

/** The order of what is written down. */
export function byRuleAndPath(one: Finding, other: Finding): number {
  return `${one.rule} ${one.path}` < `${other.rule} ${other.path}` ? -1 : 1;
}
