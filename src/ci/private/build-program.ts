import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { Stage } from 'aws-cdk-lib';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct, IConstruct } from 'constructs';
import { fail } from '../../private/errors';

/** The part with the settings, which the others use. */
const FIRST = 'program.sh';

/** The program of the build, a file in the asset bucket of CDK. */
export interface BuildProgram {
  /** The bucket and the key, which contains a hash of the content. */
  readonly object: string;
  readonly objectArn: string;
  /** The SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The program of the build, as an asset: a buildspec that contained it would have little space for the application.
 *
 * @param directory the directory of the parts
 */
export function addProgram(scope: Construct, directory = buildAssets()): BuildProgram {
  const text = joinProgram(scope, directory);
  const asset = new assets.Asset(scope, 'Program', { path: writeInto(assemblyOf(scope), text) });
  return {
    object: `${asset.s3BucketName}/${asset.s3ObjectKey}`,
    // CDK's own grant covers all objects of the bucket
    objectArn: asset.bucket.arnForObjects(asset.s3ObjectKey),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

/** All parts as one bash script, so that a build downloads one file. */
export function joinProgram(scope: IConstruct, directory = buildAssets()): string {
  const names = fs.existsSync(directory) ? fs.readdirSync(directory).sort() : [];
  if (!names.includes(FIRST)) {
    fail(scope, `the library must be installed with its 'assets' directory, which contains the program of the build, got no file ${path.join(directory, FIRST)}; if a bundler packs your app, mark this library as external`);
  }
  const read = (name: string) => fs.readFileSync(path.join(directory, name), 'utf8');
  const [shell, python] = ['.sh', '.py'].map((extension) => names.filter((name) => name.endsWith(extension)));
  return [
    '#!/usr/bin/env bash\n',
    ...[FIRST, ...shell.filter((name) => name !== FIRST)].map((name) => read(name).replace(/^#!.*\n/, '')),
    // the function that writes the parts that are Python to files
    `unpack() {\n${python.map((name) => `cat > "$home/${name}" << 'END OF ${name}'\n${read(name)}END OF ${name}\n`).join('')}}\n`,
    '"$@"\n',
  ].join('\n');
}

function buildAssets(): string {
  return path.join(__dirname, '..', '..', '..', 'assets', 'build');
}

/** The file stays there, because CDK refers to it if it copies no assets. */
function writeInto(directory: string, text: string): string {
  const file = path.join(directory, 'program.sh');
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

function assemblyOf(scope: Construct): string {
  const stage = Stage.of(scope);
  return stage ? stage.assetOutdir : fail(scope, 'the pipeline must be in an app, which contains the program of its build');
}
