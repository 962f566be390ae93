export * from './container-platform';
