import { App, Stack } from 'aws-cdk-lib';
import { AlertChannel, BlueGreenPythonPipeline } from 'cdk-blue-green-python-pipeline';

const app = new App();
const stack = new Stack(app, 'OrdersStack');

new BlueGreenPythonPipeline(stack, 'Orders', {
  environmentSuffix: 'dev',
  alerts: { channels: [AlertChannel.email('devops@example.com')] },
});
