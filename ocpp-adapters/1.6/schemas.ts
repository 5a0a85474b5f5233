import type * as messages from 'typed-ocpp/dist/ocpp16/types.js';
import * as untyped from 'typed-ocpp/dist/ocpp16/schemas.js';
import { type Peer, RpcError } from '../adapter.js';
import { type Checked, createCheck } from '../validation.js';
import { tolerances } from './tolerances.js';

/** What charge points call (OCPP 1.6 §4 and §6, Core and FirmwareManagement profiles). */
export interface Requests {
  Authorize: messages.AuthorizeRequest;
  BootNotification: messages.BootNotificationRequest;
  DataTransfer: messages.DataTransferRequest;
  DiagnosticsStatusNotification: messages.DiagnosticsStatusNotificationRequest;
  FirmwareStatusNotification: messages.FirmwareStatusNotificationRequest;
  Heartbeat: messages.HeartbeatRequest;
  MeterValues: messages.MeterValuesRequest;
  StartTransaction: messages.StartTransactionRequest;
  StatusNotification: messages.StatusNotificationRequest;
  StopTransaction: messages.StopTransactionRequest;
}

/** What charge points answer to our calls (OCPP 1.6 §5). */
export interface Responses {
  ChangeAvailability: messages.ChangeAvailabilityResponse;
  ChangeConfiguration: messages.ChangeConfigurationResponse;
  ClearCache: messages.ClearCacheResponse;
  DataTransfer: messages.DataTransferResponse;
  GetConfiguration: messages.GetConfigurationResponse;
  RemoteStartTransaction: messages.RemoteStartTransactionResponse;
  RemoteStopTransaction: messages.RemoteStopTransactionResponse;
  Reset: messages.ResetResponse;
  TriggerMessage: messages.TriggerMessageResponse;
  UnlockConnector: messages.UnlockConnectorResponse;
}

// typed-ocpp exports its schemas as `any`
const schemas: Readonly<Record<string, object | undefined>> = untyped;

const check = createCheck(schemas, tolerances);

/** Is this an action of OCPP 1.6 or its security extension, in whichever direction? */
export const isStandardAction = (action: string): boolean => schemas[`${action}Request`] !== undefined;

/**
 * The payload of a call, valid or made so by tolerances. Fields that a tolerance accepts as missing (timestamp,
 * meterStart, meterStop) may be undefined whatever the type says.
 * @throws RpcError which field is wrong and why
 */
export function readRequest<A extends keyof Requests>(action: A, payload: unknown, peer: Peer): Requests[A] {
  const checked = check(`${action}Request`, payload);
  peer.tolerated(checked.tolerances, action);
  if (!checked.ok) throw new RpcError(checked.code, checked.reason);
  return checked.payload as Requests[A];
}

/** The payload of a CALLRESULT, valid or made so by tolerances; else which field is wrong and why. */
export function readResponse<A extends keyof Responses>(
  action: A,
  payload: unknown,
  peer: Peer,
): { readonly answer: Responses[A] } | { readonly reason: string } {
  const checked: Checked = check(`${action}Response`, payload);
  peer.tolerated(checked.tolerances, action);
  return checked.ok ? { answer: checked.payload as Responses[A] } : { reason: checked.reason };
}
