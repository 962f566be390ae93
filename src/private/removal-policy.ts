import { RemovalPolicy } from 'aws-cdk-lib';
import { PartProps } from '../part-props';

/** What happens to the data of a part: where its user does not decide, it is deleted with the stack. */
export function removalPolicyOf(props: Pick<PartProps, 'removalPolicy'>): RemovalPolicy {
  return props.removalPolicy ?? RemovalPolicy.DESTROY;
}
