import type * as messages from 'typed-ocpp/dist/ocpp21/types.js';
import type { Answer } from '../adapter.js';
import { revocationsOf } from '../2.0.1/inbound/certificates.js';
import { notice } from '../2.0.1/inbound/device.js';
import type { Handler } from '../2.0.1/inbound/handler.js';
import type { Requests } from './messages.js';

/** Always the same answer. */
const refuse =
  (payload: object): Handler<object> =>
  async (): Promise<Answer> => ({ payload });

/** OCPP 2.1 §M: whether certificates of a vehicle's chain are still good. */
const chainStatus: Handler<messages.GetCertificateChainStatusRequest> = async (request, _call, peer) => {
  const asks = request.certificateStatusRequests.map(({ certificateHashData: certificate, urls }) => ({
    certificate,
    urls,
  }));
  const revocations = await revocationsOf(asks, peer);
  const payload: messages.GetCertificateChainStatusResponse = {
    certificateStatus: request.certificateStatusRequests.map(({ certificateHashData, source }, index) => ({
      certificateHashData,
      source,
      status: revocations[index]?.status ?? 'Failed',
      // nobody could tell: it may be asked again at once
      nextUpdate: revocations[index]?.until ?? peer.now(),
    })),
  };
  return { payload };
};

/** No register of companies is asked here (OCPP 2.1 §C). */
const vatNumber: Handler<messages.VatNumberValidationRequest> = async ({ vatNumber: asked, evseId }) => {
  const payload: messages.VatNumberValidationResponse = {
    status: 'Rejected',
    vatNumber: asked,
    ...(evseId !== undefined && { evseId }),
  };
  return { payload };
};

/** The energy may flow as the vehicle asks; only a schedule there is none (OCPP 2.1 §K). `Rejected` would say more. */
const noSchedule: messages.NotifyEVChargingNeedsResponse = { status: 'NoChargingProfile' };
/** Measurements come in TransactionEvents and MeterValues. */
const noStream: messages.OpenPeriodicEventStreamResponse = { status: 'Rejected' };
const noDynamicProfile: messages.PullDynamicScheduleUpdateResponse = { status: 'Rejected' };

const timestamp = (request: { readonly timestamp: string }): string => request.timestamp;

/** Which handler each action of charging stations has that OCPP 2.0.1 doesn't have, or answers otherwise. */
export const handlers = {
  BatterySwap: notice({}),
  ClosePeriodicEventStream: notice({}),
  GetCertificateChainStatus: chainStatus,
  NotifyDERAlarm: notice({}, timestamp),
  NotifyDERStartStop: notice({}, timestamp),
  NotifyEVChargingNeeds: notice(noSchedule, (request: { readonly timestamp?: string }) => request.timestamp),
  NotifyPeriodicEventStream: notice({}, ({ basetime }) => basetime),
  NotifyPriorityCharging: notice({}),
  NotifySettlement: notice({}, ({ settlementTime }) => settlementTime),
  OpenPeriodicEventStream: refuse(noStream),
  PullDynamicScheduleUpdate: refuse(noDynamicProfile),
  ReportDERControl: notice({}),
  VatNumberValidation: vatNumber,
} as const satisfies { readonly [A in keyof Requests]: Handler<Requests[A]> };
