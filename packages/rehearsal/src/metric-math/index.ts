export * from './alarm';
export { seriesOf } from './evaluate';
export type { Assumption, Series } from './evaluate';
