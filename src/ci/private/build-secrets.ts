import { Construct, IConstruct } from 'constructs';
import { BindOptions } from '../../bind-options';
import { describeName, fail } from '../../private/errors';
import { BuildSecret, BuildSecretConfig } from '../build-secret';
import { quote, shellFunction } from './shell';

/** Fails for ids that could not be names of files in the build, or of options of Docker. */
export function requireSecretIds(scope: IConstruct, secrets: { [name: string]: unknown } = {}): void {
  const wrong = Object.keys(secrets).filter((id) => !/^\w[\w.-]{0,99}$/.test(id));
  if (wrong.length > 0) {
    fail(scope, `'python.buildSecrets' must have ids of at most 100 letters, digits, underscores, hyphens, and dots, got ${wrong.map(describeName).join(', ')}; rename them here and in the Dockerfile`);
  }
}

/** The configurations of secrets by their ids. */
export function bindBuildSecrets(
  scope: Construct, secrets: { [name: string]: BuildSecret }, options: BindOptions,
): { [name: string]: BuildSecretConfig } {
  requireSecretIds(scope, secrets);
  return Object.fromEntries(Object.entries(secrets)
    .map(([secretId, secret]) => [secretId, secret.bind(scope, { ...options, secretId })]));
}

/** The settings of the program: a function that reads all secrets, with one function for each. */
export function renderBuildSecrets(secrets: { [name: string]: BuildSecretConfig } = {}): string[] {
  const all = Object.entries(secrets).map(([id, { commands }], index) => ({ id, commands, name: `print_build_secret_${index}` }));
  return all.length === 0 ? [] : [
    ...all.flatMap(({ name, commands }) => shellFunction(name, commands)),
    ...shellFunction('read_build_secrets', all.map(({ id, name }) => `read_build_secret ${quote(id)} ${name}`)),
  ];
}
