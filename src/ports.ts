import type { Logger } from 'pino';
import type { EmspAnswer } from './domain/authorization.js';
import type { Cdr } from './domain/cdr.js';
import type { ChargePoint, UnknownChargePoint } from './domain/charge-point.js';
import type { CertificateHash, ChargePointCommand, CommandOutcome, CommandResultType } from './domain/command.js';
import type { DeliveryKind, Watermark } from './domain/delivery.js';
import type { DeviceModel, DeviceNotices } from './domain/device.js';
import type { Instant } from './domain/instant.js';
import type { Location } from './domain/location.js';
import type { MeterSample } from './domain/meter.js';
import type { Partner, PartnerConnection, PartnerEndpoint, PartnerRole, TokenEncoding } from './domain/partner.js';
import type { Session } from './domain/session.js';
import type { StoredTariff, Tariff } from './domain/tariff.js';
import type { StoredToken, Token } from './domain/token.js';

/** Structured logging; a module binds its own fields with `child`. */
export type { Logger };

/** The time, and timers that a test can move by hand. */
export interface Clock {
  now(): Instant;
  /** Runs `task` once after `ms` milliseconds; the function returned cancels it. The timer keeps no process alive. */
  after(ms: number, task: () => void): () => void;
}

/** The documents that the bridge keeps, by kind. Each is saved whole. */
export interface Kinds {
  location: Location;
  tariff: StoredTariff;
  token: StoredToken;
  session: Session;
  cdr: Cdr;
  partner: Partner;
  chargePoint: ChargePoint;
  unknownChargePoint: UnknownChargePoint;
  watermark: Watermark;
  /** What a charge point told of itself, newest last. */
  notices: DeviceNotices;
  /** OCPP 2.x: what is known of a charge point's variables. */
  deviceModel: DeviceModel;
}
export type Kind = keyof Kinds;

/** What documents of a kind can be looked up by; null leaves a document out of that index. */
export interface Indexes {
  location: never;
  tariff: 'listed';
  token: 'partner' | 'uid' | 'listable';
  session: 'partner' | 'running' | 'startKey' | 'transaction' | 'due' | 'parked' | 'cdrDueAt' | 'suspectSince';
  cdr: 'partner' | 'session' | 'due' | 'parked';
  partner: 'tokenHash';
  chargePoint: 'location';
  unknownChargePoint: never;
  watermark: never;
  notices: never;
  deviceModel: never;
}

/** A document as the store has it. `revision` counts its saves; `change` is the store's own count at the last of them. */
export interface Stored<T> {
  readonly id: string;
  readonly revision: number;
  readonly change: number;
  readonly body: T;
}

export interface Query<K extends Kind> {
  /** Documents whose index has exactly this value, or one up to and including `atMost`. All given must hold. */
  readonly where?: Partial<Record<Indexes[K], string | { readonly atMost: string }>>;
  /** On `last_updated`: from inclusive, to exclusive (OCPI 2.2.1 §4.1.4.1). */
  readonly updatedFrom?: Instant | undefined;
  readonly updatedTo?: Instant | undefined;
  readonly offset?: number | undefined;
  /** Absent: all. */
  readonly limit?: number | undefined;
}

export interface Change {
  readonly kind: 'location' | 'tariff';
  readonly id: string;
  readonly change: number;
}

/**
 * Keeps documents. A promise of a write resolves when the write is durable. There are no transactions over several
 * documents: callers order their saves so that a crash between two can be repaired. A body is a value: nobody changes one
 * that was given to the store or came from it, as the store may hold the same object.
 */
export interface Store {
  get<K extends Kind>(kind: K, id: string): Promise<Stored<Kinds[K]> | undefined>;
  /**
   * Saves a whole document. `revision` is the one it was read with, 0 for a new one.
   * @throws RevisionConflict when the stored revision is another one; nothing is changed then
   */
  save<K extends Kind>(kind: K, document: { id: string; revision: number; body: Kinds[K] }): Promise<Stored<Kinds[K]>>;
  /** @throws RevisionConflict as for save. Removing what isn't there is no error. */
  remove(kind: Kind, id: string, revision: number): Promise<void>;
  /** Oldest created first. */
  find<K extends Kind>(kind: K, query?: Query<K>): Promise<readonly Stored<Kinds[K]>[]>;
  /** How many documents the query matches, whatever its offset and limit. */
  count<K extends Kind>(kind: K, query?: Query<K>): Promise<number>;
  /** Locations and tariffs saved after change number `after`, in the order of their change numbers. */
  changedSince(after: number, limit: number): Promise<readonly Change[]>;
  /** The number of the newest change of a location or tariff; 0 in an empty store. */
  lastChange(): Promise<number>;
  /** Takes `size` numbers of a counter that starts at 1, never to be given again; returns the first. */
  reserveNumbers(counter: string, size: number): Promise<number>;
  /** Adds to a session's log of raw meter samples. */
  appendMeterSamples(sessionId: string, samples: readonly MeterSample[]): Promise<void>;
  meterSamples(sessionId: string): Promise<readonly MeterSample[]>;
  /** Forgets samples that arrived before `before`; returns how many. */
  purgeMeterSamples(before: Instant): Promise<number>;
  close(): Promise<void>;
}

/** What must be told to whom: keys only, the worker loads the current object (design.md, Queue). */
export interface Job {
  readonly partnerId: string;
  readonly kind: DeliveryKind;
  readonly id: string;
  /**
   * A part of the object that is all that changed, e.g. the uid of an EVSE with a new status; several parts add up in
   * one job, and one without a part stands for the whole object.
   */
  readonly parts?: readonly string[] | undefined;
  /** Locations and tariffs: the change number that the job stands for (the highest, when jobs were joined). */
  readonly change?: number | undefined;
}

/**
 * How an attempt at a job ended. `retry` comes again after a backoff (not before `afterMs`) and counts against the
 * partner's circuit; `park`ed ones don't come again by themselves.
 */
export type JobOutcome =
  | { readonly result: 'done' }
  | { readonly result: 'retry'; readonly reason: string; readonly afterMs?: number | undefined }
  | { readonly result: 'park'; readonly reason: string };

export interface QueuedJob extends Job {
  readonly attempts: number;
  readonly lastError?: string | undefined;
  readonly nextAttemptAt?: Instant | undefined;
}

export interface PartnerQueueState {
  readonly partnerId: string;
  readonly waiting: number;
  readonly running: number;
  readonly circuit: 'closed' | 'open' | 'half-open';
  readonly openUntil?: Instant | undefined;
}

/**
 * Runs jobs. Jobs of one key (partner, kind, id) are joined while they wait and never run side by side; jobs of one
 * partner run side by side up to a cap, in the order in which they were added. Nothing in it has to survive a crash.
 */
export interface Queue {
  /** Begins to run jobs. `handle` must not throw; if it does, the outcome is a retry. */
  start(handle: (job: Job) => Promise<JobOutcome>): void;
  add(job: Job): void;
  /** Forgets what waits for a partner (it unregistered). */
  drop(partnerId: string): void;
  /** Brings all waiting retries of a partner forward to now and closes its circuit. */
  retryNow(partnerId: string): void;
  jobs(partnerId?: string): readonly QueuedJob[];
  state(): readonly PartnerQueueState[];
  /** Takes no new jobs and waits for the running ones, `timeoutMs` at most. */
  stop(timeoutMs: number): Promise<void>;
}

/** The socket side of charge points. */
export interface ChargePointLink {
  isConnected(chargePointId: string): boolean;
  /** The subprotocol that it speaks now, e.g. `ocpp2.0.1`; undefined when it isn't connected. */
  protocolOf(chargePointId: string): string | undefined;
  /** Asks a charge point; waits its turn and for the boot. Never throws: whatever happens is an outcome. */
  send(chargePointId: string, command: ChargePointCommand): Promise<CommandOutcome>;
  /** Ends a charge point's connection, e.g. as its password changed. */
  disconnect(chargePointId: string, reason: string): void;
}

/**
 * How a push ended: `delivered`; `unclear` when the request was sent and its answer never came; `unavailable` when it
 * certainly wasn't taken and may be later; `refused` when it never will be as it is.
 */
export type PushResult =
  | { readonly result: 'delivered'; readonly url?: string | undefined }
  | { readonly result: 'unclear'; readonly reason: string }
  | { readonly result: 'unavailable'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly result: 'refused'; readonly reason: string; readonly missing: boolean };

export interface AuthorizeRequest {
  readonly uid: string;
  readonly type: string;
  readonly locationId?: string | undefined;
  readonly evseUids?: readonly string[] | undefined;
  readonly timeoutMs: number;
}

/** A page of a partner's list that is pulled. Objects that can't be read are counted, not fatal (SUBTLE 17). */
export interface TokenPage {
  readonly tokens: readonly Token[];
  readonly invalid: number;
}

/** The OCPI side of partners: what we call at them, in whichever version each speaks. */
export interface PartnerLink {
  authorize(partner: Partner, request: AuthorizeRequest): Promise<EmspAnswer>;
  putLocation(partner: Partner, location: Location): Promise<PushResult>;
  patchEvseStatus(partner: Partner, location: Location, evseUid: string): Promise<PushResult>;
  putTariff(partner: Partner, tariff: Tariff): Promise<PushResult>;
  deleteTariff(partner: Partner, tariff: Pick<Tariff, 'country_code' | 'party_id' | 'id'>): Promise<PushResult>;
  putSession(partner: Partner, session: Session): Promise<PushResult>;
  /** Only what grows: kwh, total_cost, last_updated. */
  patchSession(partner: Partner, session: Session): Promise<PushResult>;
  postCdr(partner: Partner, cdr: Cdr): Promise<PushResult>;
  /** Does the partner have this CDR? undefined: it can't be found out. */
  hasCdr(partner: Partner, cdrId: string): Promise<boolean | undefined>;
  pullTokens(partner: Partner, since: Instant | undefined): AsyncIterable<TokenPage>;
  postCommandResult(partner: Partner, responseUrl: string, result: CommandResultType, message?: string): Promise<void>;
}

/** What two platforms tell each other when they register (OCPI 2.2.1 §7.3.1 Credentials). `token` is in clear. */
export interface Credentials {
  readonly token: string;
  readonly versionsUrl: string;
  readonly roles: readonly PartnerRole[];
  /** Of a hub: its country code and party id in one (OCPI 2.3.0). */
  readonly hubPartyId?: string | undefined;
}

/** What a partner's version endpoints said. */
export interface Discovery {
  readonly version: string;
  readonly endpoints: readonly PartnerEndpoint[];
  readonly tokenEncoding: TokenEncoding;
}

/**
 * The calls of a registration that we make (OCPI 2.2.1 §7.1).
 * @throws DomainError `partner-unreachable` (no usable answer), `partner-refused` (an answer that says no),
 * `not-supported` (no version in common), `invalid-input` (an endpoint that we need is missing)
 */
export interface Handshake {
  /** GET versions and the details of the highest version in common, or of `version` when given. */
  discover(versionsUrl: string, token: string, version?: string): Promise<Discovery>;
  post(found: Discovery, token: string, ours: Credentials): Promise<Credentials>;
  put(connection: PartnerConnection, ours: Credentials): Promise<Credentials>;
  delete(connection: PartnerConnection): Promise<void>;
}

/** Where contract certificates of vehicles (ISO 15118) come from, and whether they are still good. All is base64. */
export interface Iso15118Provider {
  /** Installs or updates a contract certificate: the EXI answer to the vehicle's EXI request; undefined: refused. */
  evCertificate(request: {
    readonly chargePointId: string;
    readonly schemaVersion: string;
    readonly action: 'Install' | 'Update';
    readonly exiRequest: string;
  }): Promise<string | undefined>;
  /** The OCSP response (DER) of a responder; undefined: there is none. */
  ocspResponse(certificate: CertificateHash, responderUrl: string): Promise<string | undefined>;
  /** Whether a certificate was revoked, and until when that answer holds. */
  revocation(
    certificate: CertificateHash,
    urls: readonly string[],
  ): Promise<{ readonly status: 'Good' | 'Revoked' | 'Unknown'; readonly until: Instant }>;
}

/** Encrypts what must be sent again later, e.g. a partner's token. */
export interface Vault {
  seal(secret: string): string;
  open(sealed: string): string;
}

/** Signs the certificates of charge points: the embedded authority, or a service of the operator's. */
export interface CertificateAuthority {
  /** What is wrong with a charge point's request; undefined when it would be signed. */
  problemOf(chargePointId: string, csrPem: string): Promise<string | undefined>;
  /**
   * The certificate in PEM, followed by those that lead to its root, if any.
   * @throws DomainError `invalid-input` for a request that never will be signed; anything else may heal
   */
  sign(chargePointId: string, csrPem: string): Promise<string>;
}

/** A certificate chain, its own first, with the key, in PEM. */
export interface TlsIdentity {
  readonly chainPem: string;
  readonly keyPem: string;
}

/** What a TLS port shows, e.g. a certificate of each kind of key, and whose client certificates it trusts. */
export interface TlsMaterial {
  readonly identities: readonly TlsIdentity[];
  readonly clientAuthorities: readonly string[];
}
