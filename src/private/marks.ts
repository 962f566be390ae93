/**
 * Marks an object of CDK with a symbol property, as CDK marks its own objects. Another copy of this library recognizes
 * the mark as well.
 */
export function mark(object: object, symbol: symbol, value: unknown = true): void {
  Object.defineProperty(object, symbol, { value });
}

/** The value of an object's mark, undefined if it has none. */
export function markOf<T>(object: object, symbol: symbol): T | undefined {
  return (object as { readonly [name: symbol]: T | undefined })[symbol];
}

export function isMarked(object: object, symbol: symbol): boolean {
  return symbol in object;
}
