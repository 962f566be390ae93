import { IConstruct } from 'constructs';
import { describeName, describeValue, fail } from '../../private/errors';
import { requireForwardSlashes, requirePattern, requireText } from '../../private/validation';

/** Fails for a path outside of the repository, or one of Windows. */
export function requireRelativePath(scope: IConstruct, prop: string, value: string | undefined): void {
  requireText(scope, prop, value, 'pass a path in the repository');
  requireForwardSlashes(scope, prop, value);
  if (value !== undefined && (isAbsolute(value) || value.split('/').includes('..'))) {
    fail(scope, `'${prop}' must be a relative path without '..', got ${describeValue(value)}; the build can use only files of the repository: pass a path in it`);
  }
}

/**
 * Fails for a pattern of paths that matches no file of the repository.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html
 */
export function requirePathPattern(scope: IConstruct, prop: string, value: string): void {
  // AWS documents the backslash as the escape of these characters
  // two stars after it are a pattern of their own, with a separator of Windows before them
  if (value.replace(/\\[*?[\]{}\\](?!\*)/g, '').includes('\\')) {
    requireForwardSlashes(scope, prop, value);
  }
  if (isAbsolute(value) || /^\.\.?\/|\/$/.test(value)) {
    fail(scope, `'${prop}' must contain patterns that start with a name in the repository's root and do not end with a slash, got ${describeValue(value)}; `
      + "no file matches it: write it as in 'services/orders/**'");
  }
}

/** Whether a path is absolute, also one with the drive of Windows. */
function isAbsolute(value: string): boolean {
  return /^(\/|[A-Za-z]:)/.test(value);
}

/** A path without `./`, doubled slashes, and slashes at its end, which tools treat differently. */
export function normalizePath(value: string): string {
  return value.split('/').filter((part) => !['', '.'].includes(part)).join('/') || '.';
}

/** Fails for lists that contain an empty string, and for empty ones, except for those that may be empty. */
export function requireTexts(
  scope: IConstruct, lists: { [prop: string]: string[] | undefined }, mayBeEmpty: readonly string[] = [],
): void {
  for (const [prop, values] of Object.entries(lists)) {
    if (values?.length === 0 && !mayBeEmpty.includes(prop)) {
      fail(scope, `'python.${prop}' must not be empty, got []; remove it to use the default`);
    }
    values?.forEach((value) => requireText(scope, `python.${prop}`, value, 'remove the empty entry'));
  }
}

/** Fails for a name that no stage of a Dockerfile can have. */
export function requireImageTarget(scope: IConstruct, target: string | undefined): void {
  requirePattern(scope, 'python.imageTarget', target, /^[A-Za-z0-9][\w.-]*$/, "be the name of a stage of the Dockerfile, such as 'production' of 'FROM base AS production'");
}

/** Fails for names that Docker does not accept. */
export function requireBuildArguments(scope: IConstruct, given: { [name: string]: string } | undefined): void {
  const wrong = Object.keys(given ?? {}).filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (wrong.length > 0) {
    fail(scope, `'python.buildArguments' must have names of letters, digits and underscores, got ${wrong.map(describeName).join(', ')}; rename them here and in the Dockerfile`);
  }
}

/** Normalizes the path of a test. What comes after `::` names a test in the file, with any characters. */
export function normalizeTestPath(value: string): string {
  const [file, ...names] = value.split('::');
  return [normalizePath(file), ...names].join('::');
}

/** The paths, in the repository, of files in the project's directory. */
export function withDirectory(directory: string, files: string[]): string[] {
  const place = normalizePath(directory);
  return place === '.' ? files : files.map((file) => `${place}/${file}`);
}
