import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** A method of `BlueGreenService` for the library only. The alerts know services by their interface. */
interface AlarmSource {
  _onAlarm(listener: (alarm: cloudwatch.IAlarm) => void): void;
}

/** @returns whether the service reports its alarms; another implementation of the interface may not */
function offersAlarms(service: object): service is AlarmSource {
  return '_onAlarm' in service;
}

/** Calls the listener with each alarm that the service has, and with each that it receives later. */
export function listenToAlarms(service: object | undefined, listener: (alarm: cloudwatch.IAlarm) => void): void {
  if (service && offersAlarms(service)) {
    service._onAlarm(listener);
  }
}
