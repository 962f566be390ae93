export * from './alerts';
export * from './blue-green-python-pipeline';
export * from './ci';
export * from './network';
export * from './part-props';
export * from './platform';
export * from './service';
