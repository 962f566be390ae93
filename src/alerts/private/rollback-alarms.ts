import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** A method of `BlueGreenService` for the library only. The alerts know services by their interface. */
interface RollbackAlarmSource {
  _onRollbackAlarm(listener: (alarm: cloudwatch.IAlarm) => void): void;
}

/** @returns whether the service reports its rollback alarms; another implementation of the interface may not */
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
