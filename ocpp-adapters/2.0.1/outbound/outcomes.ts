import type { CommandOutcome } from '../../../src/domain/command.js';
import type { Responses } from '../messages.js';

type Status = CommandOutcome['status'];

/** What an answer means. */
export type Outcomes = Readonly<Record<string, (answer: never) => Status>>;

export const byStatus =
  <S extends string>(table: Readonly<Record<S, Status>>) =>
  ({ status }: { readonly status: S }): Status =>
    table[status];

/** A request about several things, of which each has its own status: the first that tells of a failure counts. */
const byEach =
  <S extends string, F extends string, L extends string>(list: L, field: F, table: Readonly<Record<S, Status>>) =>
  (answer: Readonly<Record<L, readonly Readonly<Record<F, S>>[]>>): Status =>
    answer[list].map((each) => table[each[field]]).find((status) => status !== 'accepted') ?? 'accepted';

export const yesOrNo = { Accepted: 'accepted', Rejected: 'rejected' } as const;
/** The new order takes the place of one that was under way. */
const replacing = { ...yesOrNo, AcceptedCanceled: 'accepted' } as const;
/** That there is nothing to report is an answer too. */
const reporting = { ...yesOrNo, NotSupported: 'not-supported', EmptyResultSet: 'accepted' } as const;
const settings = {
  ...yesOrNo,
  NotSupportedAttributeType: 'not-supported',
  UnknownComponent: 'not-supported',
  UnknownVariable: 'not-supported',
} as const;

export const clearing = { Accepted: 'accepted', Unknown: 'rejected' } as const;
export const displaying = {
  ...yesOrNo,
  NotSupportedMessageFormat: 'not-supported',
  NotSupportedPriority: 'not-supported',
  NotSupportedState: 'not-supported',
  UnknownTransaction: 'rejected',
} as const;

const always = (): Status => 'accepted';

/** What each answer of a charging station means. */
export const outcomes = {
  CancelReservation: byStatus(yesOrNo),
  CertificateSigned: byStatus(yesOrNo),
  ChangeAvailability: byStatus({ ...yesOrNo, Scheduled: 'scheduled' }),
  ClearCache: byStatus(yesOrNo),
  ClearChargingProfile: byStatus(clearing),
  ClearDisplayMessage: byStatus(clearing),
  ClearVariableMonitoring: byEach('clearMonitoringResult', 'status', { ...yesOrNo, NotFound: 'rejected' }),
  CostUpdated: always,
  CustomerInformation: byStatus({ ...yesOrNo, Invalid: 'rejected' }),
  DataTransfer: byStatus({ ...yesOrNo, UnknownMessageId: 'not-supported', UnknownVendorId: 'not-supported' }),
  DeleteCertificate: byStatus({ Accepted: 'accepted', Failed: 'failed', NotFound: 'rejected' }),
  GetBaseReport: byStatus(reporting),
  GetChargingProfiles: byStatus({ Accepted: 'accepted', NoProfiles: 'accepted' }),
  GetCompositeSchedule: byStatus(yesOrNo),
  GetDisplayMessages: byStatus({ Accepted: 'accepted', Unknown: 'accepted' }),
  GetInstalledCertificateIds: byStatus({ Accepted: 'accepted', NotFound: 'accepted' }),
  GetLocalListVersion: always,
  GetLog: byStatus(replacing),
  GetMonitoringReport: byStatus(reporting),
  GetReport: byStatus(reporting),
  GetTransactionStatus: always,
  // what is unknown stands in the answer beside what is known, as in OCPP 1.6
  GetVariables: always,
  InstallCertificate: byStatus({ ...yesOrNo, Failed: 'failed' }),
  PublishFirmware: byStatus(yesOrNo),
  RequestStartTransaction: byStatus(yesOrNo),
  RequestStopTransaction: byStatus(yesOrNo),
  ReserveNow: byStatus({ ...yesOrNo, Faulted: 'inoperative', Occupied: 'occupied', Unavailable: 'inoperative' }),
  Reset: byStatus({ ...yesOrNo, Scheduled: 'scheduled' }),
  SendLocalList: byStatus({ Accepted: 'accepted', Failed: 'failed', VersionMismatch: 'rejected' }),
  SetChargingProfile: byStatus(yesOrNo),
  SetDisplayMessage: byStatus(displaying),
  SetMonitoringBase: byStatus(reporting),
  SetMonitoringLevel: byStatus(yesOrNo),
  SetNetworkProfile: byStatus({ ...yesOrNo, Failed: 'failed' }),
  SetVariableMonitoring: byEach('setMonitoringResult', 'status', {
    ...yesOrNo,
    Duplicate: 'rejected',
    UnknownComponent: 'not-supported',
    UnknownVariable: 'not-supported',
    UnsupportedMonitorType: 'not-supported',
  }),
  SetVariables: byEach('setVariableResult', 'attributeStatus', { ...settings, RebootRequired: 'accepted' }),
  TriggerMessage: byStatus({ ...yesOrNo, NotImplemented: 'not-supported' }),
  UnlockConnector: byStatus({
    Unlocked: 'accepted',
    UnlockFailed: 'failed',
    OngoingAuthorizedTransaction: 'rejected',
    UnknownConnector: 'rejected',
  }),
  UnpublishFirmware: byStatus({ Unpublished: 'accepted', DownloadOngoing: 'rejected', NoFirmware: 'rejected' }),
  UpdateFirmware: byStatus({ ...replacing, InvalidCertificate: 'rejected', RevokedCertificate: 'rejected' }),
} as const satisfies { readonly [A in keyof Responses]: (answer: Responses[A]) => Status };
