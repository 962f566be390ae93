export * from './docker-hub-credentials';
export * from './pipeline-source';
export * from './python-ci-pipeline';
export * from './python-project';
export * from './quality-gates';
