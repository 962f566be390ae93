import * as fs from 'fs';
import * as path from 'path';

/** A public option of the library, as its source has it. */
export interface PublicOption {
  /** `Interface.member`. */
  readonly name: string;
  /** Its type, as the source has it. */
  readonly type: string;
  /** Its documentation, in one line. */
  readonly documentation: string;
}

const SOURCE = path.join(__dirname, '..', '..', '..', 'src');

function publicSources(): string[] {
  return fs.readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.split(path.sep).includes('private'))
    .map((file) => fs.readFileSync(path.join(SOURCE, file), 'utf8'));
}

/** Every member of every exported struct, in the order of the files. */
export function publicOptions(sources: string[] = publicSources()): PublicOption[] {
  return sources.flatMap((source) => [...source.matchAll(/^export interface (\w+)[^{]*\{(.*?)\n?\}$/gms)])
    // what begins with I and a capital is behaviour, not a struct
    .filter(([, name]) => !/^I[A-Z]/.test(name))
    .flatMap(([, name, body]) => [...body.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s*)?^ {2}readonly (\w+)\??: ([^;]+(?:; \})?);/gm)].map(([, text = '', member, type]) => ({
      name: `${name}.${member}`,
      type,
      documentation: text.replace(/\n\s*\* ?/g, ' ').replace(/\s+/g, ' ').trim(),
    })));
}

/** The ways to make a choice, such as `NetworkEgress.natGateways`. */
export function publicFactories(sources: string[] = publicSources()): string[] {
  return [...new Set(factoryParameters(sources).map(({ factory }) => factory))];
}

/** A parameter of a factory, or none for a factory without any. */
export interface FactoryParameter {
  readonly factory: string;
  readonly parameter?: string;
  readonly type?: string;
}

export function factoryParameters(sources: string[] = publicSources()): FactoryParameter[] {
  return sources.flatMap((source) => [...source.matchAll(/^export abstract class (\w+)[^{]*\{(.*?)\n\}$/gms)])
    .flatMap(([, name, body]) => [...body.matchAll(/^ {2}public static (\w+)\(([^)]*)\)/gm)].flatMap(([, factory, parameters]) =>
      [undefined, ...parameters.matchAll(/(\w+)\??: ([^,=]+)/g)].map((found) => (
        { factory: `${name}.${factory}`, parameter: found?.[1], type: found?.[2].trim() }))));
}
