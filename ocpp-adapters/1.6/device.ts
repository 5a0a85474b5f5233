import type { DataTransferResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import type { Handler } from './handler.js';
import type { Requests } from './messages.js';
import { timeOf } from './samples.js';

/** OCPP 1.6 §4.3 DataTransfer: no vendor's messages are known. */
export const dataTransfer: Handler<'DataTransfer'> = async ({ vendorId, messageId }, _call, peer) => {
  peer.log.info({ vendorId, messageId }, 'data transfer of an unknown vendor');
  const payload: DataTransferResponse = { status: 'UnknownVendorId' };
  return { payload };
};

/** What is kept for the operator to look at; all of it is answered with nothing. */
type Notice =
  | 'DiagnosticsStatusNotification'
  | 'FirmwareStatusNotification'
  | 'LogStatusNotification'
  | 'SecurityEventNotification'
  | 'SignedFirmwareStatusNotification';

/** OCPP 1.6 §4.4, §4.5; security whitepaper §4.9, §4.10, §4.13. */
export const notice: Handler<Notice> = async (request: Requests[Notice] & { timestamp?: string }, { action }, peer) => {
  await peer.events.deviceReported(peer.chargePointId, {
    type: 'notice',
    what: action,
    at: timeOf(request),
    data: { ...request },
  });
  return { payload: {} };
};
