import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** What `BlueGreenService` offers inside the library; alerts know services by their interface only. */
interface RollbackAlarmSource {
  _onRollbackAlarm(listener: (alarm: cloudwatch.IAlarm) => void): void;
}

/** @returns whether the service tells of its rollback alarms; a service of the user's own may have none */
function offersRollbackAlarms(service: object): service is RollbackAlarmSource {
  return '_onRollbackAlarm' in service;
}

/** Calls the listener with each rollback alarm that the service has, and with each that it receives later. */
export function listenToRollbackAlarms(
  service: object | undefined, listener: (alarm: cloudwatch.IAlarm) => void,
): void {
  if (service && offersRollbackAlarms(service)) {
    service._onRollbackAlarm(listener);
  }
}
