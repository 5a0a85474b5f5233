import type { Refusal } from '../domain/authorization.js';
import type { ConnectorState, DeviceInfo, RegistrationStatus } from '../domain/charge-point.js';
import type { Instant } from '../domain/instant.js';
import type { MeterSample } from '../domain/meter.js';

/** A charge point that asks to be let in at the upgrade. */
export interface Admission {
  readonly chargePointId: string;
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
  readonly remoteAddress: string;
}

/** `booted`: it has been accepted by a BootNotification before, so it need not boot again on this connection. */
export type AdmissionResult =
  | { readonly result: 'admitted'; readonly booted: boolean }
  | { readonly result: 'unknown' }
  | { readonly result: 'unauthorized' };

export interface StatusChanged {
  /** OCPP 1.6 connector or 2.x EVSE id as text; '0' is the whole charge point. */
  readonly connector: string;
  readonly state: ConnectorState;
  readonly at: Instant | undefined;
  readonly errorCode?: string | undefined;
}

export interface TransactionStarted {
  readonly connector: string;
  readonly idTag: string;
  /** As the charge point says; undefined when it gave no time that can be read. */
  readonly at: Instant | undefined;
  readonly meterStartWh: number | undefined;
}

export interface MeterSampled {
  readonly connector: string;
  readonly transactionId: string | undefined;
  readonly samples: readonly MeterSample[];
}

export interface TransactionEnded {
  readonly transactionId: string;
  readonly idTag: string | undefined;
  readonly at: Instant | undefined;
  readonly meterStopWh: number | undefined;
  readonly reason: string | undefined;
  readonly samples: readonly MeterSample[];
}

export type AuthorizationReply = { readonly status: 'Accepted' } | { readonly status: Refusal };

export interface BootReply {
  readonly status: RegistrationStatus;
  /** Heartbeat interval, or when to try again. */
  readonly intervalS: number;
}

/**
 * What charge points report, in words that fit every OCPP version. Each promise resolves when what it says is saved:
 * only then may the charge point be answered. Rejections are `RevisionConflict`s that did not heal, or failures of
 * the store: the charge point gets InternalError and will send its message again.
 */
export interface ChargePointEvents {
  /** Checks id and password; lists a charge point that isn't known. */
  admit(admission: Admission): Promise<AdmissionResult>;
  connected(chargePointId: string, protocol: string): Promise<void>;
  disconnected(chargePointId: string): void;
  booted(chargePointId: string, device: DeviceInfo): Promise<BootReply>;
  statusChanged(chargePointId: string, event: StatusChanged): Promise<void>;
  authorizeAsked(chargePointId: string, idTag: string): Promise<AuthorizationReply>;
  transactionStarted(
    chargePointId: string,
    event: TransactionStarted,
  ): Promise<{ readonly transactionId: string; readonly authorization: AuthorizationReply }>;
  meterSampled(chargePointId: string, event: MeterSampled): Promise<void>;
  transactionEnded(chargePointId: string, event: TransactionEnded): Promise<void>;
}
