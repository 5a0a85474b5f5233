import type { Instant } from './instant.js';

/** A limit from `startS` seconds after the profile's start, in the profile's unit. */
export interface ChargingSchedulePeriod {
  readonly startS: number;
  readonly limit: number;
  readonly phases?: number | undefined;
}

/** A charging profile in the words that OCPP 1.6 §7.8 and 2.x share; W is the total of all phases, A is per phase. */
export interface ChargingProfile {
  readonly id: number;
  readonly purpose: 'ChargePointMaxProfile' | 'TxDefaultProfile' | 'TxProfile';
  readonly stackLevel: number;
  readonly transactionId?: string | undefined;
  readonly unit: 'W' | 'A';
  /** Absent: from the start of charging (TxProfile) or of the connector's use. */
  readonly startsAt?: Instant | undefined;
  readonly durationS?: number | undefined;
  readonly minRate?: number | undefined;
  readonly periods: readonly ChargingSchedulePeriod[];
}

/** One idTag of a charge point's local list; absent `status`: it is taken off the list. */
export interface LocalListEntry {
  readonly idTag: string;
  readonly status?: 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | undefined;
  readonly expiresAt?: Instant | undefined;
  readonly groupIdTag?: string | undefined;
}

export type CertificateUse = 'CSMSRootCertificate' | 'ManufacturerRootCertificate';

/** OCPP 1.6 security whitepaper §3.6, OCPP 2.0.1 §3.17 CertificateHashDataType. */
export interface CertificateHash {
  readonly hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

/** What can be asked of a charge point, in words that fit every OCPP version. `connector` is a key of its `evses`. */
export type ChargePointCommand =
  | {
      readonly type: 'remoteStart';
      readonly idTag: string;
      readonly connector?: string | undefined;
      /** Comes back in the transaction (OCPP 2.x); unique. */
      readonly remoteStartId?: number | undefined;
    }
  | { readonly type: 'remoteStop'; readonly transactionId: string }
  | { readonly type: 'unlockConnector'; readonly connector: string }
  | { readonly type: 'reset'; readonly hard: boolean }
  | { readonly type: 'changeAvailability'; readonly connector: string; readonly operative: boolean }
  /** A key is a configuration key of OCPP 1.6 or `Component.Variable` of 2.x; none: all. */
  | { readonly type: 'getConfiguration'; readonly keys: readonly string[] }
  | { readonly type: 'changeConfiguration'; readonly key: string; readonly value: string }
  | { readonly type: 'clearCache' }
  | { readonly type: 'trigger'; readonly message: string; readonly connector?: string | undefined }
  | {
      readonly type: 'dataTransfer';
      readonly vendorId: string;
      readonly messageId?: string | undefined;
      readonly data?: string | undefined;
    }
  | {
      readonly type: 'reserveNow';
      readonly reservationId: number;
      readonly idTag: string;
      readonly groupIdTag?: string | undefined;
      /** Absent: any. */
      readonly connector?: string | undefined;
      readonly expiresAt: Instant;
    }
  | { readonly type: 'cancelReservation'; readonly reservationId: number }
  | { readonly type: 'getLocalListVersion' }
  | {
      readonly type: 'sendLocalList';
      readonly version: number;
      /** Replaces the whole list; else the entries are changes to it. */
      readonly full: boolean;
      readonly entries: readonly LocalListEntry[];
    }
  | { readonly type: 'setChargingProfile'; readonly connector: string; readonly profile: ChargingProfile }
  | {
      readonly type: 'clearChargingProfile';
      readonly id?: number | undefined;
      readonly connector?: string | undefined;
    }
  | {
      readonly type: 'getCompositeSchedule';
      readonly connector: string;
      readonly durationS: number;
      readonly unit?: 'W' | 'A' | undefined;
    }
  | {
      readonly type: 'updateFirmware';
      readonly requestId: number;
      readonly url: string;
      readonly retrieveAt: Instant;
      readonly installAt?: Instant | undefined;
      /** Both given: a signed update (OCPP 1.6 security whitepaper §4.2, OCPP 2.0.1 §L01). */
      readonly signature?: string | undefined;
      readonly signingCertificate?: string | undefined;
    }
  | {
      readonly type: 'getLog';
      readonly requestId: number;
      readonly log: 'diagnostics' | 'security';
      readonly url: string;
      readonly from?: Instant | undefined;
      readonly to?: Instant | undefined;
    }
  | {
      readonly type: 'setDisplayMessage';
      readonly id: number;
      readonly text: string;
      readonly priority?: 'AlwaysFront' | 'InFront' | 'NormalCycle' | undefined;
      readonly expiresAt?: Instant | undefined;
    }
  | { readonly type: 'getDisplayMessages'; readonly requestId: number }
  | { readonly type: 'clearDisplayMessage'; readonly id: number }
  | { readonly type: 'installCertificate'; readonly use: CertificateUse; readonly pem: string }
  | { readonly type: 'deleteCertificate'; readonly hash: CertificateHash }
  | { readonly type: 'getInstalledCertificates'; readonly use?: CertificateUse | undefined }
  | {
      readonly type: 'certificateSigned';
      readonly chainPem: string;
      /** OCPP 2.1: of the request for it. */
      readonly requestId?: number | undefined;
    }
  /** The password of HTTP Basic auth from its next connection on (OCPP 1.6 AuthorizationKey, OCPP 2.0.1 BasicAuthPassword). */
  | { readonly type: 'setPassword'; readonly password: string }
  /** Asks it to connect with another security profile from now on (OCPP 1.6 SecurityProfile); 2.x sets network profiles. */
  | { readonly type: 'setSecurityProfile'; readonly profile: 1 | 2 | 3 }
  /** Asks for the device model; it comes in reports (OCPP 2.x). */
  | { readonly type: 'getReport'; readonly requestId: number }
  | { readonly type: 'getTransactionStatus'; readonly transactionId: string }
  | { readonly type: 'costUpdated'; readonly transactionId: string; readonly totalCost: number }
  /** Any message that the version defines from the server to the charge point, checked against its schema. */
  | { readonly type: 'call'; readonly action: string; readonly payload: Readonly<Record<string, unknown>> };

/**
 * How a command ended. `answer` is the charge point's own, as JSON. `offline`: it isn't connected or left meanwhile;
 * `timeout`: it was asked and did not answer, so what it did is not known; `invalid`: the command itself breaks the
 * version's schema and was not sent.
 */
export interface CommandOutcome {
  readonly status:
    | 'accepted'
    | 'scheduled'
    | 'rejected'
    | 'occupied'
    | 'inoperative'
    | 'not-supported'
    | 'offline'
    | 'timeout'
    | 'failed'
    | 'invalid';
  readonly answer?: unknown;
  readonly message?: string | undefined;
}

/** OCPI 2.2.1 §13.3.3 CommandResponseType. */
export type CommandResponseType = 'ACCEPTED' | 'REJECTED' | 'NOT_SUPPORTED' | 'UNKNOWN_SESSION';

/** OCPI 2.2.1 §13.3.4 CommandResultType. */
export type CommandResultType =
  | 'ACCEPTED'
  | 'CANCELED_RESERVATION'
  | 'EVSE_OCCUPIED'
  | 'EVSE_INOPERATIVE'
  | 'FAILED'
  | 'NOT_SUPPORTED'
  | 'REJECTED'
  | 'TIMEOUT'
  | 'UNKNOWN_RESERVATION';

const results = {
  accepted: 'ACCEPTED',
  scheduled: 'ACCEPTED',
  rejected: 'REJECTED',
  occupied: 'EVSE_OCCUPIED',
  inoperative: 'EVSE_INOPERATIVE',
  'not-supported': 'NOT_SUPPORTED',
  offline: 'FAILED',
  timeout: 'TIMEOUT',
  failed: 'FAILED',
  invalid: 'FAILED',
} as const satisfies Record<CommandOutcome['status'], CommandResultType>;

export const commandResultOf = (outcome: CommandOutcome): CommandResultType => results[outcome.status];
