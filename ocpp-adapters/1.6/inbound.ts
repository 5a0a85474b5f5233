import { type Answer, type InboundCall, type Peer, RpcError } from '../adapter.js';
import { boot, heartbeat, status } from './availability.js';
import { dataTransfer, notice } from './device.js';
import type { Handler } from './handler.js';
import type { Requests } from './messages.js';
import { isStandardAction, readRequest } from './schemas.js';
import { signCertificate } from './security.js';
import { authorize, meterValues, startTransaction, stopTransaction } from './transactions.js';

/** Which handler an action has. */
const handlers: { readonly [A in keyof Requests]: Handler<A> } = {
  Authorize: authorize,
  BootNotification: boot,
  DataTransfer: dataTransfer,
  DiagnosticsStatusNotification: notice,
  FirmwareStatusNotification: notice,
  Heartbeat: heartbeat,
  LogStatusNotification: notice,
  MeterValues: meterValues,
  SecurityEventNotification: notice,
  SignCertificate: signCertificate,
  SignedFirmwareStatusNotification: notice,
  StartTransaction: startTransaction,
  StatusNotification: status,
  StopTransaction: stopTransaction,
};

/** Every action that charge points may call. */
export const inboundActions: readonly string[] = Object.keys(handlers);

const isHandled = (action: string): action is keyof Requests => Object.hasOwn(handlers, action);

/** Answers a call of a charge point (OCPP 1.6 §4). @throws RpcError */
export async function answer(call: InboundCall, peer: Peer): Promise<Answer> {
  const { action } = call;
  if (isHandled(action)) {
    const handler = handlers[action] as Handler<typeof action>;
    return handler(readRequest(action, call.payload, peer), call, peer);
  }
  throw isStandardAction(action)
    ? new RpcError('NotSupported', 'this action goes from us to charge points')
    : new RpcError('NotImplemented', 'this action is not part of OCPP 1.6');
}
