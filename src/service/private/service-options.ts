import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { fail } from '../../private/errors';
import { MovedOptions, requireCurrentNames } from '../../private/moved-options';
import { requireInteger } from '../../private/validation';
import { BlueGreenServiceOptions } from '../blue-green-service-options';
import { validateGracePeriod } from './load-balancer/health-check';
import { validateLoadBalancer } from './load-balancer/load-balancing';
import { validateRelease } from './release/code-deploy-engine';
import { validateContainer, validateEnvironment } from './task/container';
import { validateScaling } from './task/scaling';
import { validateTaskSize } from './task/task-definition';

/** The current place of options that were flat in a previous version. */
export const MOVED: MovedOptions = {
  certificate: 'loadBalancer.certificate',
  domainName: 'loadBalancer.domainName',
  hostedZone: 'loadBalancer.hostedZone',
  publicLoadBalancer: 'loadBalancer.internetFacing',
  securityGroups: 'loadBalancer.securityGroups',
  accessLogs: 'loadBalancer.accessLogsBucket',
  deregistrationDelay: 'loadBalancer.deregistrationDelay',
  trafficShift: 'release.trafficShift',
  terminationWaitTime: 'release.terminationWaitTime',
  deploymentApprovalWaitTime: 'release.deploymentApprovalWaitTime',
  testListener: 'release.testListener',
  hooks: 'release.hooks',
  rollbackAlarms: 'release.rollbackAlarms',
};

/** Fails if an option is invalid. AWS would reject it only after the deployment of the stack has started. */
export function validateServiceOptions(scope: IConstruct, options: BlueGreenServiceOptions): void {
  requireCurrentNames(scope, options, MOVED);
  validateContainer(scope, options);
  validateTaskSize(scope, options);
  validateGracePeriod(scope, options.healthCheckGracePeriod);
  validateEnvironment(scope, options);
  validateRevision(scope, options.serviceRevision);
  validateLoadBalancer(scope, options.loadBalancer);
  validateRelease(scope, options.release);
  if (options.scaling) { validateScaling(scope, options.scaling); }
}

function validateRevision(scope: IConstruct, serviceRevision: number | undefined): void {
  if (Token.isUnresolved(serviceRevision)) {
    fail(scope, "'serviceRevision' must be known at synth, got a token; it becomes part of the construct id of the service: set a plain number");
  }
  requireInteger(scope, 'serviceRevision', serviceRevision, { min: 1, max: 999, remedy: 'raise it by one to replace the service' });
}
