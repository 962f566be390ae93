import { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { PartProps } from '../part-props';

/** The removal policy of a part's data. By default, the data is deleted with the stack. */
export function removalPolicyOf(props: Pick<PartProps, 'removalPolicy'>): RemovalPolicy {
  return props.removalPolicy ?? RemovalPolicy.DESTROY;
}

/** The default retention of a part's logs. */
export const LOG_RETENTION = logs.RetentionDays.ONE_MONTH;
