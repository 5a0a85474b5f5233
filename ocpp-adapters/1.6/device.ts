import type {
  DataTransferResponse,
  DiagnosticsStatusNotificationResponse,
  FirmwareStatusNotificationResponse,
} from 'typed-ocpp/dist/ocpp16/types.js';
import type { Handler } from './handler.js';

/** OCPP 1.6 §4.3 DataTransfer: no vendor's messages are known. */
export const dataTransfer: Handler<'DataTransfer'> = async ({ vendorId, messageId }, _call, peer) => {
  peer.log.info({ vendorId, messageId }, 'data transfer of an unknown vendor');
  const payload: DataTransferResponse = { status: 'UnknownVendorId' };
  return { payload };
};

/** OCPP 1.6 §4.4. */
export const diagnosticsStatus: Handler<'DiagnosticsStatusNotification'> = async ({ status }, _call, peer) => {
  peer.log.info({ status }, 'diagnostics status');
  const payload: DiagnosticsStatusNotificationResponse = {};
  return { payload };
};

/** OCPP 1.6 §4.5. */
export const firmwareStatus: Handler<'FirmwareStatusNotification'> = async ({ status }, _call, peer) => {
  peer.log.info({ status }, 'firmware status');
  const payload: FirmwareStatusNotificationResponse = {};
  return { payload };
};
