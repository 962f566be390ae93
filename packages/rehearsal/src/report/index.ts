export * from './json';
export * from './junit';
export { renderHtml } from './page';
export * from './record';
export * from './write';
