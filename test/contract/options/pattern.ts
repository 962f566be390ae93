import { RemovalPolicy } from 'aws-cdk-lib';
import { PLAIN } from './places';
import { OptionRow, Row } from './row';
import { key, WITH_KEY } from './values';

export const PATTERN: (OptionRow | Row)[] = [
  // its effect is half of the stack: the matrix lists it, with names and without
  ['NamingProps.applicationName', '`orders` to `shop`', PLAIN, { applicationName: 'shop' }],
  ['NamingProps.environmentSuffix', '`dev` to `prod`', PLAIN, { environmentSuffix: 'prod' }],
  ['NamingProps.environmentSuffix', 'none to `dev`', { environmentSuffix: undefined }, PLAIN],
  {
    option: 'PartProps.removalPolicy',
    // the tests set RETAIN where nothing is said
    beside: { removalPolicy: undefined },
    default: 'RemovalPolicy.DESTROY',
    other: RemovalPolicy.RETAIN,
    effect: 'deleted: function that empties the bucket, order to empty the bucket, role of the function that empties the bucket; '
      + 'in place: artifact bucket, bucket policy, image repository, load balancer, report group ×2; '
      + "deletion policy: alerts' key, alerts' log group, alerts' queue, artifacts' key, build's log group, container's log group, "
      + "flow logs' key, flow logs' log group, source repository",
    drawn: false,
  },
  ['BlueGreenPythonPipelineProps.encryptionKey', 'none to one', WITH_KEY, (stack) => ({ encryptionKey: key(stack) })],
  {
    option: 'BlueGreenPythonPipelineProps.outputs',
    default: 'true',
    other: false,
    change: '`true` to `false`, which leaves out `DeliveryOutputs.addTo(...)`',
    effect: 'nothing',
  },
  {
    option: 'BlueGreenPythonPipelineProps.dashboard',
    default: 'false',
    other: true,
    effect: 'created: dashboard',
  },
];
