import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * Names that all parts of one application in one environment share.
 */
export interface NamingProps {
  /**
   * The application's name, the first word of every physical name.
   *
   * Lower-case letters, digits, and single hyphens; at most 40 characters. A change replaces almost every named
   * resource, and deletes its data.
   *
   * @default - the construct id in kebab case
   */
  readonly applicationName?: string;

  /**
   * The environment's name, such as `dev`: the last word of every physical name.
   *
   * Lower-case letters, digits, and single hyphens; at most 16 characters. A change replaces almost every resource, and
   * deletes its data.
   *
   * A part that is used without the pattern reads the context only together with `applicationName`, because its id
   * alone is not unique.
   *
   * @default - the context value `environmentSuffix`; without it, CloudFormation generates the names
   */
  readonly environmentSuffix?: string;
}

/**
 * Properties that all parts have in common.
 */
export interface PartProps extends NamingProps {
  /**
   * The removal policy of the resources that contain data.
   *
   * DESTROY deletes them with the stack, contents included. RETAIN keeps them, and protects the load balancer from
   * deletion.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}
