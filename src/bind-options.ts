/**
 * Options that every `bind` method receives, for implementors of a strategy, such as a traffic shift or an alert
 * channel.
 */
export interface BindOptions {
  /** The application's name, the first part of every physical name. */
  readonly applicationName: string;

  /**
   * The environment's name, the last part of every physical name.
   *
   * @default - none; CloudFormation generates the names
   */
  readonly environmentSuffix?: string;
}
