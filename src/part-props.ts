import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * What all parts have in common.
 */
export interface PartProps {
  /**
   * The application's name, the first word of every physical name.
   *
   * Lower-case letters, digits and single hyphens, at most 40 characters. Another name replaces nearly everything that has one, with its data.
   *
   * @default - the construct id in kebab case
   */
  readonly applicationName?: string;

  /**
   * The environment's name, such as `dev`: the last word of every physical name.
   *
   * Lower-case letters, digits and single hyphens, at most 16 characters. Another one replaces nearly everything, with its data.
   *
   * @default - none, and CloudFormation names things
   */
  readonly environmentSuffix?: string;

  /**
   * What happens to the things that hold data when the stack goes.
   *
   * DESTROY empties and deletes them, RETAIN keeps them.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}
