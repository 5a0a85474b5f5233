import type * as messages from 'typed-ocpp/dist/ocpp20/types.js';
import { type DeviceInfo, WHOLE_CHARGE_POINT } from '../../../src/domain/charge-point.js';
import { given } from '../../given.js';
import { instantOf } from '../time.js';
import type { Handler } from './handler.js';

/** OCPP 2.0.1 §B01–B03 BootNotification: what the charging station is, and whether it is accepted. */
export const boot: Handler<messages.BootNotificationRequest> = async ({ chargingStation }, _call, peer) => {
  const { status, intervalS } = await peer.events.booted(peer.chargePointId, deviceOf(chargingStation));
  const payload: messages.BootNotificationResponse = { status, currentTime: peer.now(), interval: intervalS };
  return { payload, registration: status };
};

const deviceOf = (station: messages.ChargingStationType): DeviceInfo => ({
  vendor: station.vendorName.trim(),
  model: station.model.trim(),
  ...given({ serialNumber: textOf(station.serialNumber), firmwareVersion: textOf(station.firmwareVersion) }),
});

/** Trimmed; undefined for a text of nothing, which is how charging stations leave out a field. */
function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** OCPP 2.0.1 §G02 Heartbeat: gives the time. */
export const heartbeat: Handler<messages.HeartbeatRequest> = async (_request, _call, peer) => {
  const payload: messages.HeartbeatResponse = { currentTime: peer.now() };
  return { payload };
};

/** OCPP 2.0.1 §G01 StatusNotification; EVSE 0 is the charging station, connector 0 the EVSE itself. */
export const status: Handler<messages.StatusNotificationRequest> = async (request, _call, peer) => {
  const { evseId, connectorId } = request;
  await peer.events.statusChanged(peer.chargePointId, {
    connector: evseId > 0 ? String(evseId) : WHOLE_CHARGE_POINT,
    ...(evseId > 0 && connectorId > 0 && { part: String(connectorId) }),
    state: request.connectorStatus,
    at: instantOf(request.timestamp),
  });
  const payload: messages.StatusNotificationResponse = {};
  return { payload };
};
