import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * Names that all parts of one application in one environment share.
 */
export interface NamingProps {
  /**
   * The application's name, the first part of every physical name.
   *
   * Lowercase letters, digits, and single hyphens; at most 40 characters. A change replaces almost every named
   * resource, and deletes its data.
   *
   * @default - the construct id in kebab case
   */
  readonly applicationName?: string;

  /**
   * The environment's name, such as `dev`: the last part of every physical name.
   *
   * Lowercase letters, digits, and single hyphens; at most 16 characters. A change replaces almost every resource, and
   * deletes its data.
   *
   * A part that is used without `BlueGreenPythonPipeline` ignores the context value `environmentSuffix` if
   * `applicationName` is not set. Otherwise, the names of the part would start with its construct id, and two parts
   * with the same id would have the same names.
   *
   * @default - the context value `environmentSuffix`; without it, CloudFormation generates the names
   */
  readonly environmentSuffix?: string;
}

/**
 * Properties that all parts share.
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
