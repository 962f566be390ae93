export * from './arguments';
export * from './help';
export * from './progress';
export * from './summary';
