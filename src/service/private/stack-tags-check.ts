import { Annotations, AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Warns of tags on the stack: CloudFormation puts them on every resource by itself, so a change of one updates the ECS
 * service and the listeners.
 *
 * A construct of its own, since an aspect is asked about everything below the place where it is added.
 */
export class StackTagsCheck extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    Aspects.of(this).add({
      visit: () => {
        const tags = Object.keys(Stack.of(scope).tags.tagValues());
        if (tags.length === 0) { return; }
        Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:BlueGreenService.stackTags',
          `the stack has tags (${tags.join(', ')}), which CloudFormation puts on the ECS service and the listeners by itself: keep their values, `
          + 'since a change of one updates the service, which CodeDeploy may refuse, and the listeners, which sends all traffic to blue');
      },
    }, { priority: AspectPriority.READONLY });
  }
}
