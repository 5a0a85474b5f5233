import type {
  BootNotificationRequest,
  BootNotificationResponse,
  HeartbeatResponse,
  StatusNotificationResponse,
} from 'typed-ocpp/dist/ocpp16/types.js';
import type { DeviceInfo } from '../../src/domain/charge-point.js';
import type { Handler } from './handler.js';
import { timeOf } from './samples.js';
import { textOf } from './text.js';

/** OCPP 1.6 §4.2 BootNotification: what the charge point is, and whether it is accepted. */
export const boot: Handler<'BootNotification'> = async (request, _call, peer) => {
  const { status, intervalS } = await peer.events.booted(peer.chargePointId, deviceOf(request));
  const payload: BootNotificationResponse = { status, currentTime: peer.now(), interval: intervalS };
  return { payload, registration: status };
};

function deviceOf(request: BootNotificationRequest): DeviceInfo {
  const serialNumber = textOf(request.chargePointSerialNumber) ?? textOf(request.chargeBoxSerialNumber);
  const firmwareVersion = textOf(request.firmwareVersion);
  return {
    vendor: request.chargePointVendor.trim(),
    model: request.chargePointModel.trim(),
    ...(serialNumber !== undefined && { serialNumber }),
    ...(firmwareVersion !== undefined && { firmwareVersion }),
  };
}

/** OCPP 1.6 §4.6 Heartbeat: gives the time. */
export const heartbeat: Handler<'Heartbeat'> = async (_request, _call, peer) => {
  const payload: HeartbeatResponse = { currentTime: peer.now() };
  return { payload };
};

/** OCPP 1.6 §4.9 StatusNotification; connector 0 is the charge point itself. */
export const status: Handler<'StatusNotification'> = async (request, _call, peer) => {
  const { errorCode } = request;
  await peer.events.statusChanged(peer.chargePointId, {
    connector: String(request.connectorId),
    state: request.status,
    at: timeOf(request),
    ...(errorCode !== 'NoError' && { errorCode }),
  });
  const payload: StatusNotificationResponse = {};
  return { payload };
};
