import type { Price } from './amounts.js';
import type { AuthMethod } from './charge-point.js';
import type { Delivery } from './delivery.js';
import { latest, msBetween, type Instant } from './instant.js';
import type { Connector, Evse, Location } from './location.js';
import type { Party } from './schema.js';
import { priceCharge, type Tariff, type Usage } from './tariff.js';
import type { CdrToken } from './token.js';

export type SessionStatus = 'ACTIVE' | 'COMPLETED' | 'INVALID';

/** What was odd about a session, for whoever must explain its bill. */
export type Anomaly =
  | 'register-went-backwards'
  | 'register-jumped'
  | 'meter-start-missing'
  | 'meter-stop-missing'
  | 'clock-implausible'
  | 'ended-before-it-started'
  | 'repaired'
  | 'late-stop'
  | 'meter-value-after-end'
  | 'connector-unmapped'
  | 'unauthorized';

/** Where the charge took place, as it was at its start (OCPI 2.2.1 §10.4.2 CdrLocation). */
export interface Place {
  readonly location: Pick<
    Location,
    'id' | 'name' | 'address' | 'city' | 'postal_code' | 'state' | 'country' | 'coordinates' | 'time_zone'
  >;
  readonly evse: Pick<Evse, 'uid' | 'evse_id'>;
  readonly connector: Pick<Connector, 'id' | 'standard' | 'format' | 'power_type'>;
}

/** A stretch of a session in one power state. It ends where the next begins, the last where the session ends. */
export interface Period {
  readonly startedAt: Instant;
  readonly energyWh: number;
  /** The vehicle takes no energy by its own wish (OCPI 2.3.0 PARKING_TIME). */
  readonly parking: boolean;
}

/**
 * One transaction of a charge point. `version` counts the changes that a partner must learn of; `delivery.delivered`
 * is the last it has. `meterWh` is the newest reading of the register, `energyWh` what was charged since the start.
 */
export interface Session {
  readonly id: string;
  readonly party: Party;
  readonly partnerId?: string | undefined;
  readonly chargePointId: string;
  readonly connector: string;
  readonly transactionId: string;
  readonly startKey: string;
  readonly idTag: string;
  readonly token?: CdrToken | undefined;
  readonly authMethod: AuthMethod;
  readonly authorizationReference?: string | undefined;
  readonly place?: Place | undefined;
  readonly status: SessionStatus;
  readonly startedAt: Instant;
  readonly endedAt?: Instant | undefined;
  readonly meterStartWh?: number | undefined;
  readonly meterWh?: number | undefined;
  readonly energyWh: number;
  /** The charge point's time of the newest sign of the transaction. */
  readonly sampledAt: Instant;
  readonly periods: readonly Period[];
  readonly currency: string;
  readonly tariff?: Tariff | undefined;
  readonly totalCost?: Price | undefined;
  readonly stopReason?: string | undefined;
  readonly anomalies: readonly Anomaly[];
  /** Since when there are signs that the transaction is over without a stop. */
  readonly suspectSince?: Instant | undefined;
  /** From when on its CDR may be made; absent while active, when there will be none, or once it is made. */
  readonly cdrDueAt?: Instant | undefined;
  /** CDRs made so far; a second one corrects the first (OCPI 2.2.1 §10.3.1.1, Credit CDRs). */
  readonly cdrsMade: number;
  readonly lastUpdated: Instant;
  readonly version: number;
  readonly delivery: Delivery;
}

/** Everything known when a transaction starts. */
export type SessionStart = Omit<
  Session,
  | 'status'
  | 'energyWh'
  | 'meterWh'
  | 'sampledAt'
  | 'periods'
  | 'totalCost'
  | 'anomalies'
  | 'cdrsMade'
  | 'lastUpdated'
  | 'version'
  | 'delivery'
> & { readonly authorized: boolean; readonly clockPlausible: boolean; readonly now: Instant };

/** Charge points with a dead clock start again in 1970 or 2000; nothing before this is believed. */
const EARLIEST_PLAUSIBLE = '2015-01-01T00:00:00.000Z';

/** How far ahead of ours a charge point's clock may be. */
const MAX_CLOCK_LEAD_MS = 24 * 3_600_000;

/** The reported instant if it can be believed, else the time of its arrival. */
export function plausibleTime(reported: Instant | undefined, now: Instant): { at: Instant; plausible: boolean } {
  const plausible =
    reported !== undefined && reported >= EARLIEST_PLAUSIBLE && msBetween(now, reported) <= MAX_CLOCK_LEAD_MS;
  return { at: plausible ? reported : now, plausible };
}

/**
 * A new session; `startedAt` is a believable time, `clockPlausible` tells whether the charge point gave it. One that nobody authorized is INVALID: recorded, billed to no one (OCPI 2.2.1 §9.3.1).
 */
export function startSession({ authorized, clockPlausible, now, ...start }: SessionStart): Session {
  const anomalies: Anomaly[] = [];
  if (!clockPlausible) anomalies.push('clock-implausible');
  if (start.meterStartWh === undefined) anomalies.push('meter-start-missing');
  if (!authorized) anomalies.push('unauthorized');
  if (!start.place) anomalies.push('connector-unmapped');
  return withCost({
    ...start,
    status: authorized ? 'ACTIVE' : 'INVALID',
    energyWh: 0,
    meterWh: start.meterStartWh,
    sampledAt: start.startedAt,
    periods: [{ startedAt: start.startedAt, energyWh: 0, parking: false }],
    anomalies,
    cdrsMade: 0,
    lastUpdated: now,
    version: 1,
    delivery: {},
  });
}

/** Not yet ended: its charge point still charges, whoever pays. */
export const isRunning = (session: Session): boolean => session.endedAt === undefined;

/** No outlet gives more: a register that moves faster than this has jumped. */
const MAX_POWER_W = 1_500_000;

/** A reading below this much over the possible is rounding and clock drift, not a jump. */
const JUMP_TOLERANCE_WH = 1_000;

/**
 * Takes in a reading of the import register. Wrong readings change no energy and are noted: one below the last known
 * (the register went backwards), or one that no outlet could have reached in the time (a jump).
 */
export function withReading(session: Session, registerWh: number, at: Instant, now: Instant): Session {
  if (session.meterWh === undefined) {
    // no start was given: the first reading has to serve as one
    return changed({ ...session, meterStartWh: registerWh, meterWh: registerWh, sampledAt: at }, now);
  }
  const gainWh = registerWh - session.meterWh;
  if (at < session.sampledAt) return seen(session, at);
  if (gainWh < 0) return seen(noted(session, 'register-went-backwards'), at);
  if (hasJumped(session, gainWh, at)) return noted(session, 'register-jumped');
  if (gainWh === 0) return seen(session, at);
  return changed({ ...addEnergy(session, gainWh), meterWh: registerWh, sampledAt: at }, now);
}

/** Times that a dead clock gave, or that we filled in, prove nothing about power. */
function hasJumped(session: Session, gainWh: number, at: Instant): boolean {
  if (session.anomalies.includes('clock-implausible')) return false;
  const elapsedMs = Math.max(0, msBetween(session.sampledAt, at));
  return gainWh > JUMP_TOLERANCE_WH + (MAX_POWER_W * elapsedMs) / 3_600_000;
}

function addEnergy(session: Session, gainWh: number): Session {
  const last = session.periods.at(-1);
  const periods = last
    ? [...session.periods.slice(0, -1), { ...last, energyWh: last.energyWh + gainWh }]
    : session.periods;
  return { ...session, energyWh: session.energyWh + gainWh, periods };
}

/** A sign of life of the transaction: whatever made us think that it was over is void. */
function seen(session: Session, at: Instant): Session {
  return { ...session, sampledAt: latest(session.sampledAt, at), suspectSince: undefined };
}

export const noted = (session: Session, anomaly: Anomaly): Session =>
  session.anomalies.includes(anomaly) ? session : { ...session, anomalies: [...session.anomalies, anomaly] };

const changed = (session: Session, now: Instant): Session =>
  withCost({
    ...session,
    suspectSince: undefined,
    version: session.version + 1,
    lastUpdated: latest(session.lastUpdated, now),
  });

/** Cuts a new period where the vehicle stops or resumes taking energy. */
export function withPowerState(session: Session, parking: boolean, at: Instant, now: Instant): Session {
  const last = session.periods.at(-1);
  if (!isRunning(session) || !last || last.parking === parking) return session;
  const from = latest(at, last.startedAt);
  const next: Period = { startedAt: from, energyWh: 0, parking };
  // a period of no length and no energy says nothing
  const before = from === last.startedAt && last.energyWh === 0 ? session.periods.slice(0, -1) : session.periods;
  return changed({ ...session, periods: [...before, next] }, now);
}

export interface SessionEnd {
  /** As the charge point says; undefined when it gave no time that can be read. */
  readonly at: Instant | undefined;
  readonly registerWh?: number | undefined;
  readonly reason?: string | undefined;
  /** The charge point never said so: we concluded it. */
  readonly repaired: boolean;
  /** When its CDR may be made. */
  readonly cdrDueAt: Instant;
}

/**
 * Ends a session. The stop's register is the last word on energy, as long as it isn't below what was already reported.
 * An INVALID session stays so and gives no CDR.
 */
export function endSession(session: Session, end: SessionEnd, now: Instant): Session {
  const time = plausibleTime(end.at, now);
  const anomalies: Anomaly[] = [];
  if (!time.plausible) anomalies.push('clock-implausible');
  if (end.repaired) anomalies.push('repaired');
  if (end.registerWh === undefined && !end.repaired) anomalies.push('meter-stop-missing');
  if (time.at < session.startedAt) anomalies.push('ended-before-it-started');
  const known = anomalies.reduce(noted, session);
  const measured =
    end.registerWh === undefined ? known : withReading(known, end.registerWh, latest(time.at, session.sampledAt), now);
  const endedAt = latest(latest(time.at, session.startedAt), measured.periods.at(-1)?.startedAt ?? session.startedAt);
  const billed = session.status !== 'INVALID' && session.partnerId !== undefined;
  return changed(
    {
      ...measured,
      status: session.status === 'INVALID' ? 'INVALID' : 'COMPLETED',
      endedAt,
      stopReason: end.reason,
      cdrDueAt: billed ? end.cdrDueAt : undefined,
    },
    now,
  );
}

/** A session that we ended ourselves is ended anew by the charge point's own, late word. */
export function reviseEnd(session: Session, end: SessionEnd, now: Instant): Session {
  const reopened = {
    ...session,
    endedAt: undefined,
    status: session.status === 'INVALID' ? session.status : ('ACTIVE' as const),
    anomalies: session.anomalies.filter((anomaly) => anomaly !== 'repaired'),
  };
  return endSession(noted(reopened, 'late-stop'), end, now);
}

export const wasRepaired = (session: Session): boolean => session.anomalies.includes('repaired');

/** Marks the first sign that the transaction is over; later signs of life take it back. */
export const suspected = (session: Session, now: Instant): Session =>
  isRunning(session) && session.suspectSince === undefined ? { ...session, suspectSince: now } : session;

/** The vehicle charges, or the charge point speaks of the transaction: it isn't over. */
export const unsuspected = (session: Session): Session =>
  session.suspectSince === undefined ? session : { ...session, suspectSince: undefined };

/** Seconds in each power state so far; a period ends where the next begins. */
export function usageOf(session: Session): Usage {
  const until = session.endedAt ?? latest(session.sampledAt, session.periods.at(-1)?.startedAt ?? session.startedAt);
  let chargingS = 0;
  let parkingS = 0;
  session.periods.forEach((period, index) => {
    const seconds = secondsOf(period, session.periods[index + 1]?.startedAt ?? until);
    if (period.parking) parkingS += seconds;
    else chargingS += seconds;
  });
  return { energyWh: session.energyWh, chargingS, parkingS };
}

export const secondsOf = (period: Period, until: Instant): number =>
  Math.round(Math.max(0, msBetween(period.startedAt, until)) / 1000);

/** A running total is only known where a tariff is (absent total_cost is not "free", OCPI 2.2.1 §9.3.1). */
function withCost(session: Session): Session {
  return session.tariff ? { ...session, totalCost: priceCharge(session.tariff, usageOf(session)).total } : session;
}

/** What makes two StartTransactions the same one, sent twice. */
export const startKeyOf = (start: {
  chargePointId: string;
  connector: string;
  idTag: string;
  at: string;
  meterStart: number | undefined;
}): string =>
  [start.chargePointId, start.connector, start.idTag.toLowerCase(), start.at, start.meterStart ?? ''].join('|');
