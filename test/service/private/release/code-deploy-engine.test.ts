import { Duration } from 'aws-cdk-lib';
import { synthesizeService } from '../../../helpers';

test('a release waits for an approval, and is stopped when nobody gives it', () => {
  synthesizeService({ release: { deploymentApprovalWaitTime: Duration.hours(2) } }).template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    BlueGreenDeploymentConfiguration: { DeploymentReadyOption: { ActionOnTimeout: 'STOP_DEPLOYMENT', WaitTimeInMinutes: 120 } },
  });
});
