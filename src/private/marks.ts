/**
 * Marks an object of CDK's, as CDK marks its own: by a property with a symbol, which another copy of this library knows
 * as well.
 */
export function mark(object: object, symbol: symbol, value: unknown = true): void {
  Object.defineProperty(object, symbol, { value });
}

/** What an object is marked with; undefined when it is not. */
export function markOf<T>(object: object, symbol: symbol): T | undefined {
  return (object as { readonly [name: symbol]: T | undefined })[symbol];
}

export function isMarked(object: object, symbol: symbol): boolean {
  return symbol in object;
}
