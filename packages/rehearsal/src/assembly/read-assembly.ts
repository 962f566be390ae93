import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { NotAnAssemblyError } from './errors';
import { Assets } from './rendered';
import { CloudFormationTemplate, fill, isObject } from './template';

const MANIFEST = 'manifest.json';

/** The bucket of a stack with the old synthesizer. */
const OLD_BUCKET = 'cdktoolkit-staging';

/** The stacks of a cloud assembly, those of its stages included. */
export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly StackTemplate[];
}

/** A template of a cloud assembly. */
export interface StackTemplate {
  /** The path of the construct, such as `Prod/Orders`. */
  readonly path: string;
  /** The name in CloudFormation. */
  readonly name: string;
  /** The directory of the template. The stacks of one stage share it. */
  readonly directory: string;
  readonly template: CloudFormationTemplate;
  /** The files that CDK uploads, by `<bucket>/<key>`. */
  readonly assets: Assets;
  /** The paths of constructs by logical id, for a template without this metadata. */
  readonly paths: Readonly<Record<string, string>>;
  /** The parameters that CDK sets for a stack with the old synthesizer, which name the files that it uploads. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The stack that contains this one as a nested stack. */
  readonly parent?: { readonly stack: StackTemplate; readonly id: string };
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly metadata?: ArtifactMetadata;
  readonly additionalMetadataFile?: string;
  readonly properties?: {
    readonly file?: string;
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}

type ArtifactMetadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/** What CDK uploads, and where to. */
interface AssetManifest {
  readonly files?: Readonly<Record<string, {
    readonly source: { readonly path?: string; readonly packaging?: string };
    readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
  }>>;
}

/**
 * Reads all templates of a cloud assembly, with the files that CDK uploads for them.
 *
 * @throws NotAnAssemblyError if the directory has no readable manifest
 */
export function readAssembly(directory: string): Assembly {
  return { directory, stacks: readStacks(directory) };
}

function readStacks(directory: string): StackTemplate[] {
  const { artifacts } = readJson<Manifest>(directory, MANIFEST);
  if (artifacts === undefined) { throw new NotAnAssemblyError(directory, `its ${MANIFEST} has no artifacts`); }
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    switch (artifact.type) {
      case 'aws:cloudformation:stack': return readStack(directory, id, artifact, artifacts);
      case 'cdk:cloud-assembly': return readStacks(join(directory, artifact.properties?.directoryName ?? id));
      default: return [];
    }
  });
}

function readStack(
  directory: string, id: string, artifact: Artifact, artifacts: Readonly<Record<string, Artifact>>,
): StackTemplate[] {
  const { templateFile = `${id}.template.json`, stackName = id } = artifact.properties ?? {};
  const manifests = (artifact.dependencies ?? [])
    .map((each) => artifacts[each])
    .filter((each) => each?.type === 'cdk:asset-manifest');
  const metadata = { ...artifact.metadata, ...furtherMetadata(directory, artifact) };
  const old = oldAssets(directory, metadata);
  return withNested({
    // CDK shows the physical name in parentheses if it differs
    path: (artifact.displayName ?? id).replace(/ \(.*\)$/, ''),
    name: stackName,
    directory,
    template: readJson<CloudFormationTemplate>(directory, templateFile),
    assets: Object.fromEntries([
      ...manifests.flatMap(({ properties }) => Object.entries(readAssets(directory, properties?.file ?? ''))),
      ...Object.entries(old.assets),
    ]),
    paths: pathsOf(metadata),
    parameters: old.parameters,
  });
}

interface OldAsset {
  readonly path: string;
  readonly packaging: string;
  readonly s3BucketParameter: string;
  readonly s3KeyParameter: string;
}

/** The files of a stack with the old synthesizer, whose parameters have bucket and key. `||` divides a key in two. */
function oldAssets(directory: string, metadata: ArtifactMetadata): Required<Pick<StackTemplate, 'assets' | 'parameters'>> {
  const all = Object.values(metadata).flat()
    .filter(({ type, data }) => type === 'aws:cdk:asset' && isObject(data) && data.packaging === 'file')
    .map(({ data }) => data as unknown as OldAsset);
  return {
    assets: Object.fromEntries(all.map(({ path }) => [`${OLD_BUCKET}/assets/${path}`, readFileSync(join(directory, path))])),
    parameters: Object.fromEntries(all.flatMap(({ path, s3BucketParameter, s3KeyParameter }) =>
      [[s3BucketParameter, OLD_BUCKET], [s3KeyParameter, `assets/||${path}`]])),
  };
}

function furtherMetadata(directory: string, { additionalMetadataFile: file }: Artifact): ArtifactMetadata {
  return file === undefined ? {} : readJson<ArtifactMetadata>(directory, file);
}

/** The stack and its nested stacks. */
function withNested(stack: StackTemplate): StackTemplate[] {
  const nested = Object.entries(stack.template.Resources).flatMap(([id, { Type, Properties }]) => {
    const template = Type === 'AWS::CloudFormation::Stack' ? nestedTemplate(stack, Properties?.TemplateURL) : undefined;
    if (!template) { return []; }
    // the resource is in a construct beside that of the nested stack
    const path = pathOf(stack, id).replace(/\.NestedStack\/.*$/, '');
    return withNested({ ...stack, path, name: `${stack.name}-${id}`, template, parent: { stack, id } });
  });
  return [stack, ...nested];
}

/** CDK uploads the template of a nested stack as a file. Undefined for a template from elsewhere. */
function nestedTemplate({ assets }: StackTemplate, url: unknown): CloudFormationTemplate | undefined {
  const [, key] = /([\w-]+\.json)/.exec(JSON.stringify(url ?? '')) ?? [];
  const [, content] = Object.entries(assets).find(([name]) => key !== undefined && name.endsWith(`/${key}`)) ?? [];
  return content && JSON.parse(content.toString()) as CloudFormationTemplate;
}

function readAssets(directory: string, file: string): Assets {
  const { files = {} } = readJson<AssetManifest>(directory, file);
  return Object.fromEntries(Object.values(files).flatMap(({ source: { path, packaging = 'file' }, destinations }) => {
    if (path === undefined || packaging !== 'file') { return []; }
    return Object.values(destinations).map(({ bucketName, objectKey }) => [`${fill(bucketName)}/${objectKey}`, readFileSync(join(directory, path))]);
  }));
}

function pathsOf(metadata: ArtifactMetadata): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).flatMap(([path, entries]) => entries
    .filter(({ type }) => type === 'aws:cdk:logicalId')
    .map(({ data }) => [String(data), path.replace(/^\//, '')])));
}

/** The path of the construct that created a resource, such as `Stack/Orders/Pipeline/Pipeline/Resource`. */
export function pathOf({ path, paths, template }: StackTemplate, id: string): string {
  const given = template.Resources[id]?.Metadata?.['aws:cdk:path'];
  return typeof given === 'string' ? given : paths[id] ?? `${path}/${id}`;
}

function readJson<T extends object>(directory: string, file: string): T {
  const path = join(directory, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new NotAnAssemblyError(directory, existsSync(dirname(path)) ? `it has no file ${file}` : 'it does not exist');
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new NotAnAssemblyError(directory, `its file ${file} is no JSON`);
  }
}
