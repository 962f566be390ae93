import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { createService, createStack, idOf, onlyResource, rollbackAlarmsOf } from '../../../helpers';

describe('suspended rollback alarms', () => {
  const alarm = (stack: Stack) => cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'own');
  const stack = createStack();
  createService(stack, { release: { rollbackAlarms: { suspended: true } } }).addRollbackAlarm(alarm(stack));
  const template = Template.fromStack(stack);

  test('stay, and stop no release, the user\'s own included', () => {
    const [, { Properties }] = onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup');
    expect(Properties.AlarmConfiguration).toMatchObject({ Enabled: false });
    expect((Properties.AlarmConfiguration as { Alarms: object[] }).Alarms).toHaveLength(5);
    expect(Properties.AutoRollbackConfiguration).toEqual({ Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] });
    expect(rollbackAlarmsOf(template)).toHaveLength(4);
  });

  test('differ from others in the deployment group only', () => {
    const other = createStack();
    createService(other).addRollbackAlarm(alarm(other));
    const { [idOf(template, 'AWS::CodeDeploy::DeploymentGroup', /./)]: _one, ...suspended } = template.toJSON().Resources;
    const { [idOf(template, 'AWS::CodeDeploy::DeploymentGroup', /./)]: _two, ...watched } = Template.fromStack(other).toJSON().Resources;
    expect(suspended).toEqual(watched);
  });
});

test('suspended alarms may be the user\'s own alone', () => {
  const stack = createStack();
  createService(stack, { release: { rollbackAlarms: { enabled: false, suspended: true } } }).addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'own'));
  expect(onlyResource(Template.fromStack(stack), 'AWS::CodeDeploy::DeploymentGroup')[1].Properties.AlarmConfiguration)
    .toEqual({ Enabled: false, Alarms: [{ Name: 'own' }] });
});

test('an alarm that is imported twice counts once', () => {
  const stack = createStack();
  const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
  service.addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'One', 'own'));
  service.addRollbackAlarm(cloudwatch.Alarm.fromAlarmName(stack, 'Other', 'own'));
  expect(service.rollbackAlarms).toHaveLength(1);
});
