import { App, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BlueGreenService, BlueGreenServiceProps, ContainerPlatform, Network } from '../src';
import { contentWrittenTo, markContent } from '../src/private/delivered-files';

/** A resource as it stands in a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: unknown };
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Principal?: unknown;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

export function createStack(context?: { [key: string]: unknown }, props?: StackProps): Stack {
  return new Stack(new App({ context, treeMetadata: false }), 'Stack', props);
}

export interface Synthesized<T> {
  readonly stack: Stack;
  readonly construct: T;
  readonly template: Template;
}

/** The pattern in a stack of its own, and its template. */
export function synthesizePattern(
  props: BlueGreenPythonPipelineProps = {}, context?: { [key: string]: unknown }, id = 'Orders',
): Synthesized<BlueGreenPythonPipeline> {
  const stack = createStack(context);
  const construct = new BlueGreenPythonPipeline(stack, id, props);
  return { stack, construct, template: Template.fromStack(stack) };
}

/** A service on a platform of its own. */
export function createService(scope: Construct, props: Partial<BlueGreenServiceProps> = {}): BlueGreenService {
  const network = new Network(scope, 'Network', { flowLogs: false });
  const platform = new ContainerPlatform(scope, 'Platform', { network });
  return new BlueGreenService(scope, 'Service', { platform, ...props });
}

/** That service in a stack of its own, and its template. */
export function synthesizeService(props: Partial<BlueGreenServiceProps> = {}): Synthesized<BlueGreenService> {
  const stack = createStack();
  const construct = createService(stack, props);
  return { stack, construct, template: Template.fromStack(stack) };
}

export function importedVpc(stack: Stack, id = 'Imported', vpcId = 'vpc-11111111'): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, id, {
    vpcId,
    vpcCidrBlock: '10.1.0.0/16',
    availabilityZones: ['a', 'b'],
    publicSubnetIds: ['subnet-aaaaaaa1', 'subnet-aaaaaaa2'],
    publicSubnetRouteTableIds: ['rtb-aaaaaaa1', 'rtb-aaaaaaa2'],
    privateSubnetIds: ['subnet-bbbbbbb1', 'subnet-bbbbbbb2'],
    privateSubnetRouteTableIds: ['rtb-bbbbbbb1', 'rtb-bbbbbbb2'],
  });
}

export function isolatedVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Isolated', {
    vpcId: 'vpc-22222222',
    availabilityZones: ['a', 'b'],
    publicSubnetIds: ['subnet-aaaaaaa1', 'subnet-aaaaaaa2'],
    publicSubnetRouteTableIds: ['rtb-aaaaaaa1', 'rtb-aaaaaaa2'],
    isolatedSubnetIds: ['subnet-bbbbbbb1', 'subnet-bbbbbbb2'],
    isolatedSubnetRouteTableIds: ['rtb-bbbbbbb1', 'rtb-bbbbbbb2'],
  });
}

/** The resources of one type, by logical id. */
export function resourcesOf(template: Template, type: string): { [logicalId: string]: Resource } {
  return template.findResources(type) as { [logicalId: string]: Resource };
}

/** The logical ids of the rollback alarms. */
export function rollbackAlarmsOf(template: Template): string[] {
  return Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter((id) => !id.includes('ImageMarks'));
}

/** The rule that starts a pipeline, by its place in the stack. */
export function triggersOf(template: Template): Resource[] {
  return Object.entries(resourcesOf(template, 'AWS::Events::Rule')).filter(([id]) => id.includes('Trigger')).map(([, rule]) => rule);
}

/** The one resource of a type. */
export function onlyResource(template: Template, type: string): [string, Resource] {
  const found = Object.entries(resourcesOf(template, type));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0];
}

/** The logical id of the one resource of a type whose id matches. */
export function idOf(template: Template, type: string, pattern: RegExp): string {
  const ids = Object.keys(resourcesOf(template, type)).filter((id) => pattern.test(id));
  expect(ids).toHaveLength(1);
  return ids[0];
}

/** The statements of the policies that the role's logical id leads to, whichever side attaches them. */
export function statementsOf(template: Template, roleIdPrefix: string): Statement[] {
  const policies = resourcesOf(template, 'AWS::IAM::ManagedPolicy');
  const roles = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).filter(([id]) => new RegExp(`^${roleIdPrefix}[0-9A-F]{8}$`).test(id));
  expect(roles).toHaveLength(1);
  const [[roleId, role]] = roles;
  const attached = (role.Properties.ManagedPolicyArns as { Ref: string }[] | undefined ?? []).map(({ Ref }) => Ref);
  return Object.entries(policies)
    .filter(([id, policy]) => attached.includes(id) || JSON.stringify(policy.Properties.Roles ?? []).includes(`"${roleId}"`))
    .flatMap(([, policy]) => (policy.Properties.PolicyDocument as { Statement: Statement[] }).Statement);
}

export function actionsOf(statements: Statement[]): string[] {
  return statements.flatMap(({ Action }) => Action).sort();
}

/** A text with intrinsic functions as a reader sees it: `${LogicalId}` for a reference, Base64 taken as read. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') { return value; }
  const [[name, argument]] = Object.entries(value as { [name: string]: unknown });
  switch (name) {
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(textOf).join(separator);
    }
    case 'Fn::Base64': return markContent(textOf(argument));
    case 'Fn::GetAtt': return `\${${(argument as string[]).join('.')}}`;
    case 'Ref': return `\${${argument}}`;
    default: return `\${${name}}`;
  }
}

export interface BuildSpec {
  readonly env: { readonly 'shell': string; readonly 'variables': { [name: string]: string }; readonly 'exported-variables': string[] };
  readonly phases: {
    readonly install: { readonly 'runtime-versions': { readonly python: string } };
    readonly build: { readonly commands: string[]; readonly finally: string[] };
  };
  readonly reports: { [arn: string]: { readonly 'base-directory': string; readonly 'files': string[]; readonly 'file-format': string } };
  readonly artifacts: { readonly 'base-directory': string; readonly 'files': string[] };
  readonly cache?: { readonly 'key': string; readonly 'fallback-keys': string[]; readonly 'paths': string[] };
}

/** The buildspec, and its text as CodeBuild measures it but for the length of references. */
export function buildSpecOf(template: Template): { readonly spec: BuildSpec; readonly text: string } {
  // the check after an approval is a project too
  const [project] = Object.entries(resourcesOf(template, 'AWS::CodeBuild::Project'))
    .filter(([id]) => !id.includes('ReleaseCheck')).map(([, resource]) => resource);
  const raw = textOf((project.Properties.Source as { BuildSpec: unknown }).BuildSpec);
  // what is inside Base64 was no JSON text of its own, so its quotes and line breaks would end the string around it
  const files: string[] = [];
  const text = raw.replace(/«([^»]*)»/g, (_, content: string) => `«${files.push(content) - 1}»`);
  const spec = JSON.parse(text, (_key, value) => typeof value === 'string' ? value.replace(/«(\d+)»/g, (_match, index) => `«${files[index]}»`) : value);
  return { spec, text: raw };
}

/** A file that the build puts into its output, as it is at deployment. */
export function deliveredFile(template: Template, path: string): string {
  const { spec } = buildSpecOf(template);
  const command = spec.phases.build.commands.find((line) => line.includes(`/${path}"`));
  const content = contentWrittenTo(path, command ?? '');
  if (content === undefined) { throw new Error(`the build delivers no ${path} that can be read`); }
  return content;
}

export function dependsOn(template: Template, type: string): string[] {
  return onlyResource(template, type)[1].DependsOn ?? [];
}
