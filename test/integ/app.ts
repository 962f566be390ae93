import { App } from 'aws-cdk-lib';
import { createTapStack } from './tap-stack';

const app = new App();
createTapStack(app);
app.synth();
