import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { Stage } from 'aws-cdk-lib';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct, IConstruct } from 'constructs';
import { fail } from '../../private/errors';

/** The parts of the program that are bash, in their order. */
const SHELL = ['program.sh', 'install.sh', 'tests.sh', 'gates.sh'];

/** The parts that are Python. The function `unpack` of the program writes them to files. */
const PYTHON = ['judge.py', 'python_version.py', 'indexes.py', 'project.py', 'failures.py', 'prune.py'];

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
  const read = (name: string) => readPart(scope, path.join(directory, name));
  return [
    '#!/usr/bin/env bash\n',
    ...SHELL.map((name) => read(name).replace(/^#!.*\n/, '')),
    `unpack() {\n${PYTHON.map((name) => `cat > "$home/${name}" << 'END OF ${name}'\n${read(name)}END OF ${name}\n`).join('')}}\n`,
    '"$@"\n',
  ].join('\n');
}

function buildAssets(): string {
  return path.join(__dirname, '..', '..', '..', 'assets', 'build');
}

function readPart(scope: IConstruct, file: string): string {
  if (!fs.existsSync(file)) {
    fail(scope, `the library must be installed with its 'assets' directory, which contains the program of the build, got no file ${file}; if a bundler packs your app, mark this library as external`);
  }
  return fs.readFileSync(file, 'utf8');
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
