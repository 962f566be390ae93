import { alarmPage, pipelineLink, pipelinePage, tasksLink } from '../../src/private/console-links';
import { createStack } from '../helpers';

const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });

test.each([
  ['the stages of a pipeline', pipelinePage(stack, 'orders'),
    'https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/orders/view?region=eu-west-1'],
  ['an alarm', alarmPage(stack, 'errors'), 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/errors'],
  ['the stages on a page of the console', pipelineLink(stack, 'orders'), '/codesuite/codepipeline/pipelines/orders/view?region=eu-west-1'],
])('the page of %s is in the region of the stack', (_page, link, expected) => {
  expect(link).toBe(expected);
});

test('a name of the user\'s stays as it is, whatever words it has', () => {
  expect(tasksLink(stack, 'PROD-REGION-A', '$&')).toBe('/ecs/v2/clusters/PROD-REGION-A/services/$&/tasks?region=eu-west-1');
});
