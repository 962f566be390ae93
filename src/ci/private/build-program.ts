import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { fail } from '../../private/errors';

/** The files of the program, and the ids of their constructs. */
const FILES = { 'program.sh': 'Program', 'judge.py': 'Judge', 'python_version.py': 'PythonVersion' };

/** A file of the build's program in the asset bucket of CDK. */
export interface ProgramFile {
  /** The name of the file on the build host. */
  readonly name: string;
  /** The bucket and the key, which contains a hash of the content. */
  readonly object: string;
  readonly objectArn: string;
  /** The SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The program of the build, as assets: a buildspec that contained it would have little space for the application.
 *
 * @param directory the directory of the files
 */
export function addProgram(
  scope: Construct, directory = path.join(__dirname, '..', '..', '..', 'assets', 'build'),
): ProgramFile[] {
  return Object.entries(FILES).map(([name, id]) => {
    const file = path.join(directory, name);
    if (!fs.existsSync(file)) {
      fail(scope, `the library must be installed with its 'assets' directory, which contains the program of the build, got no file ${file}; if a bundler packs your app, mark this library as external`);
    }
    const asset = new assets.Asset(scope, id, { path: file });
    return {
      name,
      object: `${asset.s3BucketName}/${asset.s3ObjectKey}`,
      // CDK's own grant covers all objects of the bucket
      objectArn: asset.bucket.arnForObjects(asset.s3ObjectKey),
      sha256: createHash('sha256').update(fs.readFileSync(file)).digest('hex'),
    };
  });
}
