import { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { PartProps } from '../part-props';

/** What happens to the data of a part: where its user does not decide, it is deleted with the stack. */
export function removalPolicyOf(props: Pick<PartProps, 'removalPolicy'>): RemovalPolicy {
  return props.removalPolicy ?? RemovalPolicy.DESTROY;
}

/** How long the logs of a part are kept where its user does not decide. */
export const LOG_RETENTION = logs.RetentionDays.ONE_MONTH;
