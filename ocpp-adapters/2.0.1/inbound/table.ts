import type * as messages from 'typed-ocpp/dist/ocpp20/types.js';
import { type Answer, type InboundCall, type Peer, RpcError } from '../../adapter.js';
import type { Requests } from '../messages.js';
import type { Messages } from '../schemas.js';
import { authorize } from './authorization.js';
import { boot, heartbeat, status } from './availability.js';
import { certificateStatus, evCertificate, signCertificate } from './certificates.js';
import { dataTransfer, notice, report } from './device.js';
import type { Handler, Handlers } from './handler.js';
import { meterValues, reservationStatus, transactionEvent } from './transactions.js';

/** We make no schedules for vehicles: it charges within the limits that it has (OCPP 2.0.1 §K15). */
const noSchedule: messages.NotifyEVChargingNeedsResponse = { status: 'Rejected' };

/** That it was read; it is no opinion on the schedule (OCPP 2.0.1 §K15, NotifyEVChargingSchedule). */
const scheduleRead: messages.NotifyEVChargingScheduleResponse = { status: 'Accepted' };

const generatedAt = (request: { readonly generatedAt: string }): string => request.generatedAt;

/** Which handler each action of charging stations has. */
export const handlers = {
  Authorize: authorize,
  BootNotification: boot,
  ClearedChargingLimit: notice({}),
  DataTransfer: dataTransfer,
  FirmwareStatusNotification: notice({}),
  Get15118EVCertificate: evCertificate,
  GetCertificateStatus: certificateStatus,
  Heartbeat: heartbeat,
  LogStatusNotification: notice({}),
  MeterValues: meterValues,
  NotifyChargingLimit: notice({}),
  NotifyCustomerInformation: notice({}, generatedAt),
  NotifyDisplayMessages: notice({}),
  NotifyEVChargingNeeds: notice(noSchedule),
  NotifyEVChargingSchedule: notice(scheduleRead, ({ timeBase }) => timeBase),
  NotifyEvent: notice({}, generatedAt),
  NotifyMonitoringReport: notice({}, generatedAt),
  NotifyReport: report,
  PublishFirmwareStatusNotification: notice({}),
  ReportChargingProfiles: notice({}),
  ReservationStatusUpdate: reservationStatus,
  SecurityEventNotification: notice({}, ({ timestamp }) => timestamp),
  SignCertificate: signCertificate,
  StatusNotification: status,
  TransactionEvent: transactionEvent,
} as const satisfies { readonly [A in keyof Requests]: Handler<Requests[A]> };

/** Answers the calls of charging stations by a table. */
export const createAnswer =
  (of: { readonly name: string; readonly messages: Messages; readonly handlers: Handlers }) =>
  /** @throws RpcError */
  async (call: InboundCall, peer: Peer): Promise<Answer> => {
    const { action } = call;
    if (Object.hasOwn(of.handlers, action)) {
      const handler = of.handlers[action] as Handler<object>;
      return handler(of.messages.readRequest(action, call.payload, peer), call, peer);
    }
    throw of.messages.has(action)
      ? new RpcError('NotSupported', 'this action goes from us to charging stations')
      : new RpcError('NotImplemented', `this action is not part of ${of.name}`);
  };
