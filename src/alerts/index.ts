export * from './alert-channel';
export * from './pipeline-alerts';
