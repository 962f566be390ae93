export * from './network';
export * from './network-egress';
