import type { CommandOutcome } from '../../src/domain/command.js';
import type { Responses } from './messages.js';

type Status = CommandOutcome['status'];

const byStatus =
  <S extends string>(table: Readonly<Record<S, Status>>) =>
  ({ status }: { readonly status: S }): Status =>
    table[status];

const yesOrNo = { Accepted: 'accepted', Rejected: 'rejected' } as const;
/** The new order takes the place of one that was under way. */
const replacing = { ...yesOrNo, AcceptedCanceled: 'accepted' } as const;
const triggering = { ...yesOrNo, NotImplemented: 'not-supported' } as const;

/** What each answer of a charge point means (OCPP 1.6 §7, security whitepaper §5). */
const statuses: { readonly [A in keyof Responses]: (answer: Responses[A]) => Status } = {
  CancelReservation: byStatus(yesOrNo),
  CertificateSigned: byStatus(yesOrNo),
  ChangeAvailability: byStatus({ ...yesOrNo, Scheduled: 'scheduled' }),
  ChangeConfiguration: byStatus({ ...yesOrNo, RebootRequired: 'accepted', NotSupported: 'not-supported' }),
  ClearCache: byStatus(yesOrNo),
  ClearChargingProfile: byStatus({ Accepted: 'accepted', Unknown: 'rejected' }),
  DataTransfer: byStatus({ ...yesOrNo, UnknownMessageId: 'not-supported', UnknownVendorId: 'not-supported' }),
  DeleteCertificate: byStatus({ Accepted: 'accepted', Failed: 'failed', NotFound: 'rejected' }),
  ExtendedTriggerMessage: byStatus(triggering),
  GetCompositeSchedule: byStatus(yesOrNo),
  GetConfiguration: () => 'accepted',
  GetDiagnostics: () => 'accepted',
  // that there are none is an answer too
  GetInstalledCertificateIds: byStatus({ Accepted: 'accepted', NotFound: 'accepted' }),
  // −1: it keeps no list (OCPP 1.6 §5.10)
  GetLocalListVersion: ({ listVersion }) => (listVersion < 0 ? 'not-supported' : 'accepted'),
  GetLog: byStatus(replacing),
  InstallCertificate: byStatus({ ...yesOrNo, Failed: 'failed' }),
  RemoteStartTransaction: byStatus(yesOrNo),
  RemoteStopTransaction: byStatus(yesOrNo),
  ReserveNow: byStatus({ ...yesOrNo, Faulted: 'inoperative', Occupied: 'occupied', Unavailable: 'inoperative' }),
  Reset: byStatus(yesOrNo),
  SendLocalList: byStatus({
    Accepted: 'accepted',
    Failed: 'failed',
    NotSupported: 'not-supported',
    VersionMismatch: 'rejected',
  }),
  SetChargingProfile: byStatus({ ...yesOrNo, NotSupported: 'not-supported' }),
  SignedUpdateFirmware: byStatus({ ...replacing, InvalidCertificate: 'rejected', RevokedCertificate: 'rejected' }),
  TriggerMessage: byStatus(triggering),
  UnlockConnector: byStatus({ Unlocked: 'accepted', UnlockFailed: 'failed', NotSupported: 'not-supported' }),
  UpdateFirmware: () => 'accepted',
};

/** Every action that we may call at a charge point. */
export const outboundActions: readonly string[] = Object.keys(statuses);

export const isOutbound = (action: string): action is keyof Responses => Object.hasOwn(statuses, action);

/** The outcome of a command by the charge point's answer; its own word is in the message when it is no yes. */
export function outcomeOf<A extends keyof Responses>(action: A, answer: Responses[A]): CommandOutcome {
  const status = statuses[action](answer);
  const word = 'status' in answer ? answer.status : JSON.stringify(answer);
  return { status, answer, ...(status !== 'accepted' && { message: `${action}: ${word}` }) };
}
