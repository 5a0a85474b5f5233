import type { Instant } from './instant.js';
import type { EvseStatus } from './location.js';
import type { SecurityProfile, SecurityState } from './security.js';
import type { LocalListState } from './local-list.js';
import type { CdrToken } from './token.js';

/** What a charge point says of a connector (OCPP 1.6 §7.7); `Occupied` is all that OCPP 2.x knows of the middle ones. */
export type ConnectorState =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Occupied'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

export type RegistrationStatus = 'Accepted' | 'Pending' | 'Rejected';

export interface DeviceInfo {
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber?: string | undefined;
  readonly firmwareVersion?: string | undefined;
}

export type AuthMethod = 'AUTH_REQUEST' | 'COMMAND' | 'WHITELIST';

/** A permission to charge that was given and waits for its transaction. */
export interface Grant {
  readonly idTag: string;
  /** The connector or EVSE it is for; absent: any of the charge point. */
  readonly connector?: string | undefined;
  readonly partnerId: string;
  readonly token: CdrToken;
  readonly authMethod: AuthMethod;
  readonly authorizationReference?: string | undefined;
  /** Tokens of the same group may stop each other's transactions. */
  readonly groupId?: string | undefined;
  /** Of a remote start: comes back in an OCPP 2.x transaction. */
  readonly remoteStartId?: number | undefined;
  readonly at: Instant;
}

/** A connector that is kept for a driver. */
export interface Reservation {
  /** What the charge point knows it by; never the partner's own id (OCPI 2.2.1 §13.3.5). */
  readonly id: number;
  readonly partnerId: string;
  readonly partnerReservationId: string;
  readonly idTag: string;
  readonly token: CdrToken;
  readonly connector?: string | undefined;
  readonly authorizationReference?: string | undefined;
  readonly responseUrl: string;
  readonly expiresAt: Instant;
}

export interface ConnectorReport {
  readonly state: ConnectorState;
  readonly at: Instant;
  readonly errorCode?: string | undefined;
}

/**
 * A charge point as the operator knows it. A key of `evses` is the OCPP 1.6 connector or the OCPP 2.x EVSE id as text; a
 * value of `evses` is the uid of an EVSE of the location `locationId`. A key of `connectors` is the same, or
 * `<EVSE id>.<connector id>` of OCPP 2.x.
 */
export interface ChargePoint {
  readonly id: string;
  readonly passwordHash?: string | undefined;
  /** The lowest that the operator wants let in; `security` may ask for more. */
  readonly securityProfile: SecurityProfile;
  readonly security?: SecurityState | undefined;
  readonly registration: RegistrationStatus;
  readonly locationId?: string | undefined;
  /** Made by `acceptUnknown`: its location grows with the connectors that it reports. */
  readonly placeholder?: boolean | undefined;
  readonly evses: Readonly<Record<string, string>>;
  readonly device?: DeviceInfo | undefined;
  readonly protocol?: string | undefined;
  readonly bootedAt?: Instant | undefined;
  readonly lastSeenAt?: Instant | undefined;
  /** Set while the charge point has been away for longer than `offlineGrace`. */
  readonly offlineSince?: Instant | undefined;
  readonly connectors: Readonly<Record<string, ConnectorReport>>;
  readonly grants: readonly Grant[];
  readonly reservations?: readonly Reservation[] | undefined;
  readonly localList?: LocalListState | undefined;
  /** How far its clock is ahead of ours, where that is known to be wrong (milliseconds; negative: behind). */
  readonly clockOffsetMs?: number | undefined;
  /** Where the registers of its connectors stood, of those that never start anew; noted now and then. */
  readonly registersWh?: Readonly<Record<string, number>> | undefined;
  /** Stops of transactions whose start hasn't come yet. */
  readonly earlyStops?: readonly EarlyStop[] | undefined;
  /** How its messages deviate from the standard, by the names of the rules that read them, and since when. */
  readonly deviations?: Readonly<Record<string, Instant>> | undefined;
}

/** The stop of a transaction that isn't known: its start may still come. */
export interface EarlyStop {
  readonly idTag?: string | undefined;
  readonly at: Instant;
  readonly meterStopWh: number;
  readonly reason?: string | undefined;
  readonly arrivedAt: Instant;
}

/** A charge point that knocked and isn't known: listed so that the operator can adopt it. */
export interface UnknownChargePoint {
  readonly id: string;
  readonly remoteAddress: string;
  readonly attempts: number;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
}

/** Connector 0 of OCPP 1.6 speaks for the whole charge point (§4.9). */
export const WHOLE_CHARGE_POINT = '0';

const statusOf = {
  Available: 'AVAILABLE',
  Preparing: 'BLOCKED',
  Finishing: 'BLOCKED',
  Occupied: 'BLOCKED',
  Charging: 'CHARGING',
  SuspendedEV: 'CHARGING',
  SuspendedEVSE: 'CHARGING',
  Reserved: 'RESERVED',
  Unavailable: 'INOPERATIVE',
  Faulted: 'OUTOFORDER',
} as const satisfies Record<ConnectorState, EvseStatus>;

/** With several connectors on one EVSE the first of these that any has wins. OUTOFORDER needs all, so it comes last. */
const precedence: readonly EvseStatus[] = ['CHARGING', 'BLOCKED', 'RESERVED', 'AVAILABLE', 'INOPERATIVE', 'OUTOFORDER'];

/**
 * The OCPI status of one EVSE from what its connectors and the whole charge point reported (design.md, status table).
 * `transactionRunning` tells OCPP 2.x's Occupied apart. UNKNOWN: nothing was reported yet, or the connection is lost.
 */
export function evseStatusOf(chargePoint: ChargePoint, evseUid: string, transactionRunning: boolean): EvseStatus {
  if (chargePoint.offlineSince) return 'UNKNOWN';
  const whole = chargePoint.connectors[WHOLE_CHARGE_POINT]?.state;
  if (whole === 'Unavailable' || whole === 'Faulted') return statusOf[whole];
  const reported = Object.entries(chargePoint.connectors)
    .filter(([key]) => chargePoint.evses[evseKeyOf(key)] === evseUid)
    .map(([, { state }]) => state)
    .map((state): EvseStatus => (state === 'Occupied' && transactionRunning ? 'CHARGING' : statusOf[state]));
  return precedence.find((status) => reported.includes(status)) ?? 'UNKNOWN';
}

/** The key in `evses` of a key in `connectors`. */
const evseKeyOf = (connectorKey: string): string => connectorKey.split('.', 1)[0] ?? connectorKey;

/** Grants older than this belong to a driver who walked away (the 15 minutes of OCPI 2.2.1 §13.3.6, StartSession). */
const GRANT_LIFETIME_MS = 15 * 60_000;

/** Adds a grant, replacing one for the same idTag and connector and dropping those that have lapsed. */
export function withGrant(grants: readonly Grant[], grant: Grant): readonly Grant[] {
  const kept = grants.filter(
    (other) =>
      Date.parse(grant.at) - Date.parse(other.at) <= GRANT_LIFETIME_MS &&
      !(sameTag(other.idTag, grant.idTag) && other.connector === grant.connector),
  );
  return [...kept, grant];
}

/** The grant that a transaction of `idTag` on `connector` uses: one for this very connector before one for any. */
export function grantFor(grants: readonly Grant[], idTag: string, connector: string, now: Instant): Grant | undefined {
  const usable = grants.filter(
    (grant) => sameTag(grant.idTag, idTag) && Date.parse(now) - Date.parse(grant.at) <= GRANT_LIFETIME_MS,
  );
  return usable.find((grant) => grant.connector === connector) ?? usable.find((grant) => grant.connector === undefined);
}

/** The grant of the remote start that a transaction names. */
export const grantOfRemoteStart = (grants: readonly Grant[], remoteStartId: number | undefined): Grant | undefined =>
  remoteStartId === undefined ? undefined : grants.find((grant) => grant.remoteStartId === remoteStartId);

export const withoutGrant = (grants: readonly Grant[], gone: Grant): readonly Grant[] =>
  grants.filter(({ idTag, at, connector }) => idTag !== gone.idTag || at !== gone.at || connector !== gone.connector);

/** The reservations that hold at a time; others have lapsed without a word from the charge point. */
export const reservationsAt = ({ reservations }: ChargePoint, now: Instant): readonly Reservation[] =>
  (reservations ?? []).filter(({ expiresAt }) => expiresAt > now);

/** The permission that a reservation's driver has had since it was made. */
export const grantOfReservation = (reservation: Reservation): Grant => ({
  idTag: reservation.idTag,
  connector: reservation.connector,
  partnerId: reservation.partnerId,
  token: reservation.token,
  authMethod: 'COMMAND',
  authorizationReference: reservation.authorizationReference,
  at: reservation.expiresAt,
});

/** idTags are case-insensitive (OCPP 1.6 §7.28, CiString20Type). */
export const sameTag = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
