import { quote } from './shell';

/** The variable of the build, and of the check, with the digest of the release. */
export const RELEASE_DIGEST = 'RELEASE_SHA256';

/** A command that prints one digest of the names and contents of the files. */
export function digestOf(files: string[]): string {
  return `sha256sum ${files.map(quote).join(' ')} | sha256sum | cut -d " " -f 1`;
}
