import type * as messages from 'typed-ocpp/dist/ocpp20/types.js';
import type { TransactionStep } from '../../../src/app/charge-point-events.js';
import { WHOLE_CHARGE_POINT } from '../../../src/domain/charge-point.js';
import type { Instant } from '../../../src/domain/instant.js';
import { given } from '../../given.js';
import { instantOf } from '../time.js';
import { idTagOf, idTokenInfoOf } from './authorization.js';
import type { Handler } from './handler.js';
import { samplesOf } from './samples.js';

const steps = {
  Started: 'started',
  Updated: 'updated',
  Ended: 'ended',
} as const satisfies Record<messages.TransactionEventEnumType, TransactionStep['step']>;

/** OCPP 2.0.1 §E TransactionEvent; a token that is given is always answered (§E02.FR.20). */
export const transactionEvent: Handler<messages.TransactionEventRequest> = async (request, { arrivedAt }, peer) => {
  const step = stepOf(request, arrivedAt);
  const { authorization } = await peer.events.transactionStep(peer.chargePointId, step);
  // a token that names nobody asks nobody: the charging station has let it charge by itself (§C02)
  const otherwise = { status: step.idTag === undefined ? 'Accepted' : 'UNKNOWN' } as const;
  const payload: messages.TransactionEventResponse = request.idToken
    ? { idTokenInfo: idTokenInfoOf(authorization ?? otherwise) }
    : {};
  return { payload };
};

function stepOf(request: messages.TransactionEventRequest, arrivedAt: Instant): TransactionStep {
  const { transactionInfo: info, evse } = request;
  // EVSE 0 is the charging station itself: no transaction takes place there
  const outlet = evse && evse.id > 0 ? evse : undefined;
  return {
    transactionId: info.transactionId,
    step: steps[request.eventType],
    seqNo: request.seqNo,
    at: instantOf(request.timestamp),
    offline: request.offline ?? false,
    trigger: request.triggerReason,
    connector: outlet && String(outlet.id),
    samples: samplesOf(request.meterValue, arrivedAt),
    ...given({
      part: outlet?.connectorId === undefined ? undefined : String(outlet.connectorId),
      state: info.chargingState,
      idTag: idTagOf(request.idToken),
      remoteStartId: info.remoteStartId,
      reservationId: request.reservationId,
      reason: info.stoppedReason,
    }),
  };
}

/** OCPP 2.0.1 §J01 MeterValues: what an EVSE measured, whether or not there is a transaction. */
export const meterValues: Handler<messages.MeterValuesRequest> = async (
  { evseId, meterValue },
  { arrivedAt },
  peer,
) => {
  const samples = samplesOf(meterValue, arrivedAt);
  if (samples.length > 0) {
    await peer.events.meterSampled(peer.chargePointId, {
      connector: evseId > 0 ? String(evseId) : WHOLE_CHARGE_POINT,
      transactionId: undefined,
      samples,
    });
  }
  const payload: messages.MeterValuesResponse = {};
  return { payload };
};

/** OCPP 2.0.1 §H03, §H04: the charging station has given up a reservation. */
export const reservationStatus: Handler<messages.ReservationStatusUpdateRequest> = async (request, _call, peer) => {
  const how = request.reservationUpdateStatus === 'Expired' ? 'expired' : 'removed';
  await peer.events.reservationEnded(peer.chargePointId, request.reservationId, how);
  const payload: messages.ReservationStatusUpdateResponse = {};
  return { payload };
};
