import { readFileSync } from 'fs';
import { join } from 'path';
import { Assets } from './rendered';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
}

/** What CDK uploads, and where to. */
interface AssetManifest {
  readonly files: Readonly<Record<string, {
    readonly source: { readonly path: string; readonly packaging: string };
    readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
  }>>;
}

/** Stand-ins for what only a deployment knows. */
export const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Stack',
};

/** The files of the cloud assembly, where CDK would upload them: not those of the library's own folder. */
export function readAssets(assembly: string, artifactId: string): Assets {
  const { files } = JSON.parse(readFileSync(join(assembly, `${artifactId}.assets.json`), 'utf8')) as AssetManifest;
  const single = Object.values(files).filter(({ source }) => source.packaging === 'file');
  return Object.fromEntries(single.flatMap(({ source, destinations }) => Object.values(destinations)
    .map(({ bucketName, objectKey }) => [`${fill(bucketName)}/${objectKey}`, readFileSync(join(assembly, source.path))])));
}

/** A text with pseudo parameters in the form of Fn::Sub. */
export function fill(text: string): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => PSEUDO_PARAMETERS[name] ?? whole);
}

/** The properties of the one resource of a type. */
export function only(template: CloudFormationTemplate, type: string): Readonly<Record<string, unknown>> {
  const found = Object.values(template.Resources).filter((resource) => resource.Type === type);
  if (found.length !== 1) {
    throw new Error(`the template has ${found.length} resources of type ${type}, not one`);
  }
  return found[0].Properties ?? {};
}
