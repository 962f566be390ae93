export * from './blue-green-service';
export * from './bootstrap-image';
export * from './deploy-stage';
export * from './rollback-alarms';
export * from './service-scaling';
export * from './traffic-shift';
