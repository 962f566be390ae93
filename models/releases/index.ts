export * from './random';
export * from './traffic';
