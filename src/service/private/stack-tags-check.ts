import { Annotations, AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Warns of tags on the stack: CloudFormation adds them to every resource, so a changed tag updates the ECS service and
 * the listeners.
 *
 * It is a separate construct, because CDK calls an aspect for everything below the construct to which it is added.
 */
export class StackTagsCheck extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    Aspects.of(this).add({
      visit: () => {
        const tags = Object.keys(Stack.of(scope).tags.tagValues());
        if (tags.length === 0) { return; }
        Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:BlueGreenService.stackTags',
          `the stack has tags (${tags.join(', ')}), which CloudFormation adds to the ECS service and the listeners: do not change their values. `
          + 'A changed tag updates the service, which ECS may reject, and the listeners, which sends all traffic to blue');
      },
    }, { priority: AspectPriority.READONLY });
  }
}
