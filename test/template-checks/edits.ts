import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createTapStack } from '../integ/tap-stack';

/** A template as JSON, to be changed. */
export interface TemplateJson {
  readonly Resources: { [id: string]: { Type: string; Properties?: Json } & Json };
  readonly Outputs?: Json;
}

interface Json { [name: string]: unknown }

/** A change of a template. */
export type Edit = (template: TemplateJson) => void;

const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

/** The template of a profile of the sample app. */
export function synthesizeProfile(profile: string): TemplateJson {
  const app = new App({ context: { profile, environmentSuffix: 'prod', certificateArn: CERTIFICATE }, treeMetadata: false });
  return Template.fromStack(createTapStack(app)).toJSON() as TemplateJson;
}

export function edited(template: TemplateJson, ...edits: Edit[]): TemplateJson {
  const copy = structuredClone(template);
  edits.forEach((edit) => edit(copy));
  return copy;
}

/**
 * The id of the one resource of a type, `ECS::Service`, or of the one whose id has the second word in it:
 * `IAM::Role BuildRole`.
 */
export function idOf(template: TemplateJson, what: string): string {
  const [type, part = ''] = what.split(' ');
  const found = Object.entries(template.Resources).filter(([id, { Type }]) => Type === `AWS::${type}` && id.includes(part)).map(([id]) => id);
  if (found.length !== 1) { throw new Error(`${what} is no one resource, but ${found.join(', ') || 'none'}`); }
  return found[0];
}

/** A reference to a resource, or to an attribute of it. */
export function reference(template: TemplateJson, what: string, attribute?: string): Json {
  const id = idOf(template, what);
  return attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] };
}

type Change = (value: unknown, template: TemplateJson) => unknown;

/** Changes what stands at a path from the properties on, or with ^ from the resource on; undefined removes it. */
export function change(what: string, path: string, makeNew: Change): Edit {
  return (template) => {
    const resource = template.Resources[idOf(template, what)];
    const [start, keys] = path.startsWith('^') ? [resource, path.slice(1).split('/')] : [resource.Properties as Json, path.split('/')];
    const last = keys.pop() as string;
    const parent = keys.reduce<Json>((node, key) => (node?.[key] ?? missing(what, path)) as Json, start);
    const value = makeNew(parent[last], template);
    if (value === undefined) {
      if (Array.isArray(parent)) { parent.splice(Number(last), 1); } else { delete parent[last]; }
    } else {
      parent[last] = value;
    }
  };
}

function missing(what: string, path: string): never {
  throw new Error(`${what} has no ${path}`);
}

export const set = (what: string, path: string, value: unknown): Edit => change(what, path, () => value);

/** Sets a reference. */
export const refer = (what: string, path: string, to: string, attribute?: string): Edit =>
  change(what, path, (_, template) => reference(template, to, attribute));

export const drop = (what: string, path: string): Edit => change(what, path, () => undefined);

/** Adds members to a list, or makes one. */
export const append = (what: string, path: string, ...members: unknown[]): Edit =>
  change(what, path, (list) => [...(list as unknown[] | undefined ?? []), ...members]);

/** Replaces a text wherever it stands under a path. */
export const replace = (what: string, path: string, from: string, to: string): Edit =>
  change(what, path, (value) => JSON.parse(JSON.stringify(value).replaceAll(escaped(from), escaped(to))));

/** Puts a value in the place of each text that has a part in it. */
export const replaceWhole = (what: string, path: string, part: string, by: unknown): Edit =>
  change(what, path, (value) => JSON.parse(JSON.stringify(value), (_, item) => typeof item === 'string' && item.includes(part) ? by : item));

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

export const remove = (what: string): Edit => (template) => {
  delete template.Resources[idOf(template, what)];
};

export const add = (
  id: string, type: string, properties: Json | ((template: TemplateJson) => Json),
): Edit => (template) => {
  template.Resources[id] = { Type: `AWS::${type}`, Properties: typeof properties === 'function' ? properties(template) : properties };
};

/** A text without the hashes that CDK puts behind its ids. */
export function withoutHashes(text: string): string {
  return text.replace(/(?<=[A-Za-z])[0-9A-F]{8}(?![0-9A-Za-z])/g, '');
}
