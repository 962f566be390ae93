import { Finding, Template } from './template';

/** Something that AWS would refuse or that would not work, seen in the template. */
export interface Rule {
  /** What an acknowledgement names, after the name of the plugin. */
  readonly id: string;
  /** What must hold. */
  readonly says: string;
  /** What AWS says or does when it does not. */
  readonly aws: string;
  /** What to do. */
  readonly fix: string;
  readonly judge: (template: Template) => Iterable<Finding>;
}
