import type { Refusal } from '../domain/authorization.js';
import type { ConnectorState, DeviceInfo, RegistrationStatus } from '../domain/charge-point.js';
import type { DeviceVariable } from '../domain/device.js';
import type { Instant } from '../domain/instant.js';
import type { MeterSample } from '../domain/meter.js';
import type { Anomaly } from '../domain/session.js';

/** A charge point that asks to be let in at the upgrade. */
export interface Admission {
  readonly chargePointId: string;
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
  /** It came by TLS. */
  readonly secure: boolean;
  /** Shown in the TLS handshake, whoever's it is. */
  readonly certificate?: PeerCertificate | undefined;
  readonly remoteAddress: string;
}

/** `problem`: why it is not to be trusted, e.g. expired; without one it was issued by an authority that is. */
export interface PeerCertificate {
  /** CN of the subject, dNSNames and URIs. */
  readonly names: readonly string[];
  readonly expiresAt: Instant | undefined;
  readonly problem?: string | undefined;
}

/**
 * `booted`: it has been accepted by a BootNotification before, so it need not boot again on this connection. `insecure`:
 * it must use a higher security profile. `limited`: too many wrong passwords lately, this one wasn't looked at.
 */
export type AdmissionResult =
  | { readonly result: 'admitted'; readonly booted: boolean }
  | { readonly result: 'unknown' | 'unauthorized' | 'insecure' }
  | { readonly result: 'limited'; readonly retryAfterS: number };

export interface StatusChanged {
  /** OCPP 1.6 connector or 2.x EVSE id as text; '0' is the whole charge point. */
  readonly connector: string;
  /** OCPP 2.x: the connector of that EVSE which the status is of. */
  readonly part?: string | undefined;
  readonly state: ConnectorState;
  readonly at: Instant | undefined;
  readonly errorCode?: string | undefined;
}

/** What was put right before it came to the use cases; adapters leave it out. */
type Mended = readonly Anomaly[];

export interface TransactionStarted {
  readonly connector: string;
  readonly idTag: string;
  /** As the charge point says; undefined when it gave no time that can be read. */
  readonly at: Instant | undefined;
  readonly meterStartWh: number | undefined;
  readonly reservationId?: number | undefined;
  readonly mended?: Mended | undefined;
}

export interface MeterSampled {
  readonly connector: string;
  readonly transactionId: string | undefined;
  readonly samples: readonly MeterSample[];
  readonly mended?: Mended | undefined;
}

export interface TransactionEnded {
  readonly transactionId: string;
  readonly idTag: string | undefined;
  readonly at: Instant | undefined;
  readonly meterStopWh: number | undefined;
  readonly reason: string | undefined;
  readonly samples: readonly MeterSample[];
  readonly mended?: Mended | undefined;
}

/**
 * A step of a transaction whose id is the charge point's own (OCPP 2.x TransactionEvent). Steps are numbered: repeats
 * are told by `seqNo`, and what is missing is asked for. The transaction starts by whichever step comes first.
 */
export interface TransactionStep {
  readonly transactionId: string;
  readonly step: 'started' | 'updated' | 'ended';
  readonly seqNo: number;
  readonly at: Instant | undefined;
  /** It happened while the charge point was offline: whatever we answer, the vehicle has charged. */
  readonly offline: boolean;
  /** Why the step is reported, in OCPP 2.x's words, e.g. `Authorized`, `StopAuthorized`, `MeterValuePeriodic`. */
  readonly trigger: string;
  /** EVSE id as text; undefined while the transaction has no EVSE yet. */
  readonly connector: string | undefined;
  readonly part?: string | undefined;
  readonly state?: 'Charging' | 'EVConnected' | 'SuspendedEV' | 'SuspendedEVSE' | 'Idle' | undefined;
  /** The driver, where this step names one: at the start, later, or at the stop. */
  readonly idTag?: string | undefined;
  readonly groupIdTag?: string | undefined;
  readonly remoteStartId?: number | undefined;
  readonly reservationId?: number | undefined;
  readonly samples: readonly MeterSample[];
  /** Of the last step, e.g. `Local`, `EVDisconnected`. */
  readonly reason?: string | undefined;
  readonly mended?: Mended | undefined;
}

/** `groupIdTag`: tokens of the same group may stop each other's transactions. */
export type AuthorizationReply =
  { readonly status: 'Accepted'; readonly groupIdTag?: string | undefined } | { readonly status: Refusal };

export interface BootReply {
  readonly status: RegistrationStatus;
  /** Heartbeat interval, or when to try again. */
  readonly intervalS: number;
}

/**
 * What a charge point tells of itself beside transactions and status. `notice` is anything that is kept for the operator
 * to look at: firmware and log status, security events, monitoring, display messages, charging limits and needs…
 */
export type DeviceReport =
  | {
      readonly type: 'variables';
      readonly variables: readonly DeviceVariable[];
      /** Of the command that asked for it. */
      readonly requestId: number;
      /** The first part of it. */
      readonly first: boolean;
    }
  | {
      readonly type: 'notice';
      /** In the standard's words: the action, e.g. `SecurityEventNotification`. */
      readonly what: string;
      readonly at: Instant | undefined;
      readonly data: Readonly<Record<string, unknown>>;
    };

/** A charge point asks for a certificate for its key (OCPP 1.6 security whitepaper §3.2, OCPP 2.0.1 §A02). */
export interface CertificateRequested {
  readonly csrPem: string;
  readonly use: 'ChargingStationCertificate' | 'V2GCertificate';
  /** OCPP 2.1: it comes back with the certificate. */
  readonly requestId?: number | undefined;
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
  /** `authorization` answers the idTag of this step; undefined when it has none. */
  transactionStep(
    chargePointId: string,
    step: TransactionStep,
  ): Promise<{ readonly authorization: AuthorizationReply | undefined }>;
  reservationEnded(chargePointId: string, reservationId: number, how: 'expired' | 'removed'): Promise<void>;
  deviceReported(chargePointId: string, report: DeviceReport): Promise<void>;
  /** Resolves with whether the request is taken; the certificate follows by `certificateSigned`. */
  certificateRequested(chargePointId: string, request: CertificateRequested): Promise<boolean>;
  /** Notes that a charge point deviates from the standard, by the name of the rule that reads it nevertheless. */
  deviated(chargePointId: string, rules: readonly string[]): void;
}
