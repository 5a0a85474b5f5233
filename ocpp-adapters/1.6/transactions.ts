import type {
  AuthorizeResponse,
  MeterValuesResponse,
  StartTransactionResponse,
  StopTransactionResponse,
} from 'typed-ocpp/dist/ocpp16/types.js';
import type { AuthorizationReply } from '../../src/app/charge-point-events.js';
import type { Handler } from './handler.js';
import { samplesOf, timeOf } from './samples.js';
import { textOf } from './text.js';

type AuthorizationStatus = AuthorizeResponse['idTagInfo']['status'];

/** OCPP 1.6 §7.2 AuthorizationStatus of every reply. */
const authorizationStatuses = {
  Accepted: 'Accepted',
  BLOCKED: 'Blocked',
  EXPIRED: 'Expired',
  NO_CREDIT: 'Blocked',
  NOT_ALLOWED: 'Invalid',
  UNKNOWN: 'Invalid',
  UNREACHABLE: 'Invalid',
} as const satisfies Record<AuthorizationReply['status'], AuthorizationStatus>;

const idTagInfoOf = (reply: AuthorizationReply): AuthorizeResponse['idTagInfo'] => ({
  status: authorizationStatuses[reply.status],
  ...(reply.status === 'Accepted' && reply.groupIdTag !== undefined && { parentIdTag: reply.groupIdTag }),
});

/** OCPP 1.6 §4.1 Authorize. */
export const authorize: Handler<'Authorize'> = async ({ idTag }, _call, peer) => {
  const reply = await peer.events.authorizeAsked(peer.chargePointId, idTag.trim());
  const payload: AuthorizeResponse = { idTagInfo: idTagInfoOf(reply) };
  return { payload };
};

/** OCPP 1.6 §4.8 StartTransaction. */
export const startTransaction: Handler<'StartTransaction'> = async (request, _call, peer) => {
  const { transactionId, authorization } = await peer.events.transactionStarted(peer.chargePointId, {
    connector: String(request.connectorId),
    idTag: request.idTag.trim(),
    at: timeOf(request),
    meterStartWh: request.meterStart,
    ...(request.reservationId !== undefined && { reservationId: request.reservationId }),
  });
  const payload: StartTransactionResponse = {
    transactionId: numberOf(transactionId),
    idTagInfo: idTagInfoOf(authorization),
  };
  return { payload };
};

/** Transaction ids of OCPP 1.6 are ours, from a counter. */
function numberOf(transactionId: string): number {
  const number = Number(transactionId);
  if (!Number.isSafeInteger(number)) throw new Error(`transaction id ${transactionId} is not a number`);
  return number;
}

/** OCPP 1.6 §4.7 MeterValues; 0 and less for a transactionId is how charge points spell 'none'. */
export const meterValues: Handler<'MeterValues'> = async (request, { arrivedAt }, peer) => {
  const { transactionId = 0 } = request;
  const samples = samplesOf(request.meterValue, arrivedAt);
  if (samples.length > 0) {
    await peer.events.meterSampled(peer.chargePointId, {
      connector: String(request.connectorId),
      transactionId: transactionId > 0 ? String(transactionId) : undefined,
      samples,
    });
  }
  const payload: MeterValuesResponse = {};
  return { payload };
};

/** OCPP 1.6 §4.10 StopTransaction. A stop can't be refused; its idTag is answered as it has no say any more. */
export const stopTransaction: Handler<'StopTransaction'> = async (request, { arrivedAt }, peer) => {
  const idTag = textOf(request.idTag);
  await peer.events.transactionEnded(peer.chargePointId, {
    transactionId: String(request.transactionId),
    idTag,
    at: timeOf(request),
    meterStopWh: request.meterStop,
    reason: request.reason,
    samples: samplesOf(request.transactionData, arrivedAt),
  });
  const payload: StopTransactionResponse = idTag === undefined ? {} : { idTagInfo: { status: 'Accepted' } };
  return { payload };
};
