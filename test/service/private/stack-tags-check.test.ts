import { App, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { BlueGreenPythonPipeline } from '../../../src';
import { createService, createStack, onlyResource } from '../../helpers';

const SERVICE = 'AWS::ECS::Service';

describe('tags', () => {
  const warning = Match.stringLikeRegexp('the stack has tags \\(team, zone\\).* do not change their values. A changed tag updates the service, '
    + 'which ECS may reject, .*ack: cdk-blue-green-python-pipeline:BlueGreenService\\.stackTags');

  test('on the stack warn, since CloudFormation puts them on the service by itself', () => {
    const stack = new Stack(new App(), 'Stack', { tags: { team: 'orders', zone: 'shop' } });
    createService(stack);
    Template.fromStack(stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Service', warning);
  });

  test('on the pattern alone warn of nothing and do not reach the service', () => {
    const stack = createStack();
    Tags.of(new BlueGreenPythonPipeline(stack, 'Orders')).add('team', 'orders');
    const template = Template.fromStack(stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('the stack has tags'));
    expect(onlyResource(template, SERVICE)[1].Properties).not.toHaveProperty('Tags');
    expect(onlyResource(template, 'AWS::ECS::Cluster')[1].Properties.Tags).toEqual([{ Key: 'team', Value: 'orders' }]);
  });
});
