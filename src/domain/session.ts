import type { Price } from './amounts.js';
import type { AuthMethod } from './charge-point.js';
import type { Delivery } from './delivery.js';
import { latest, msBetween, type Instant } from './instant.js';
import type { Place } from './place.js';
import { canFollow, judgeReading, outletOf, type RegisterAnomaly, type StrayReading } from './register.js';
import type { Party } from './schema.js';
import { priceCharge, type Tariff, type Usage } from './tariff.js';
import type { CdrToken } from './token.js';

export type { Place } from './place.js';

/** PENDING: plugged in, nobody has identified yet. */
export type SessionStatus = 'ACTIVE' | 'COMPLETED' | 'INVALID' | 'PENDING';

/** What was odd about a session, for whoever must explain its bill. */
export type Anomaly =
  | RegisterAnomaly
  | 'meter-start-missing'
  | 'meter-stop-missing'
  | 'clock-implausible'
  | 'clock-corrected'
  | 'stop-without-id'
  | 'stop-before-start'
  | 'ended-before-it-started'
  | 'repaired'
  | 'late-stop'
  | 'meter-value-after-end'
  | 'connector-unmapped'
  | 'messages-missing'
  | 'unauthorized';

/** The highest number of a step that has come, and those below it that have not (at most {@link MAX_MISSING}). */
export interface Steps {
  readonly last: number;
  readonly missing: readonly number[];
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
  /** Undefined while PENDING. */
  readonly idTag: string | undefined;
  readonly token?: CdrToken | undefined;
  readonly authMethod: AuthMethod;
  readonly authorizationReference?: string | undefined;
  /** Tokens of the same group may stop it. */
  readonly groupId?: string | undefined;
  readonly place?: Place | undefined;
  readonly status: SessionStatus;
  readonly startedAt: Instant;
  readonly endedAt?: Instant | undefined;
  readonly meterStartWh?: number | undefined;
  readonly meterWh?: number | undefined;
  /** When the register stood at `meterWh`; absent: at the start. */
  readonly meterAt?: Instant | undefined;
  readonly strayReading?: StrayReading | undefined;
  /** Where the connector's register is known to have stood before, if it is one that never starts anew. */
  readonly knownRegisterWh?: number | undefined;
  /** The charge point has named the transaction by its id: what it says without the id is of something else. */
  readonly named?: boolean | undefined;
  readonly energyWh: number;
  /** Given back by the vehicle (V2X): the newest reading of the export register, and the energy since the start. */
  readonly exportMeterWh?: number | undefined;
  readonly exportWh?: number | undefined;
  /** OCPP 2.x: which numbered steps have come. */
  readonly steps?: Steps | undefined;
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
  | 'exportMeterWh'
  | 'exportWh'
  | 'meterWh'
  | 'meterAt'
  | 'strayReading'
  | 'named'
  | 'sampledAt'
  | 'periods'
  | 'totalCost'
  | 'anomalies'
  | 'cdrsMade'
  | 'lastUpdated'
  | 'version'
  | 'delivery'
> & {
  /** `awaited`: nobody has identified yet. */
  readonly authorization: 'granted' | 'refused' | 'awaited';
  readonly clockPlausible: boolean;
  readonly now: Instant;
};

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
export function startSession({ authorization, clockPlausible, now, ...start }: SessionStart): Session {
  const anomalies: Anomaly[] = [];
  if (!clockPlausible) anomalies.push('clock-implausible');
  if (start.meterStartWh === undefined) anomalies.push('meter-start-missing');
  if (authorization === 'refused') anomalies.push('unauthorized');
  if (!start.place) anomalies.push('connector-unmapped');
  return withCost({
    ...start,
    status: statusAtStart[authorization],
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

const statusAtStart = {
  granted: 'ACTIVE',
  refused: 'INVALID',
  awaited: 'PENDING',
} as const satisfies Record<SessionStart['authorization'], SessionStatus>;

/** The driver of a PENDING session: who pays, and by what permission. */
export type Driver = Pick<
  Session,
  'idTag' | 'partnerId' | 'token' | 'groupId' | 'authMethod' | 'authorizationReference'
>;

/** Somebody identified: the session proper begins now, and what was metered before is nobody's (OCPI 2.2.1 §9.3.1). */
export function identified(session: Session, driver: Driver, at: Instant, now: Instant): Session {
  const startedAt = latest(at, session.startedAt);
  return changed(
    {
      ...session,
      ...driver,
      status: 'ACTIVE',
      startedAt,
      energyWh: 0,
      exportWh: undefined,
      meterStartWh: session.meterWh,
      strayReading: undefined,
      periods: [{ startedAt, energyWh: 0, parking: session.periods.at(-1)?.parking ?? false }],
    },
    now,
  );
}

/** The step that started it came late: what was charged before the first step that we saw is added. */
export function startedEarlier(session: Session, at: Instant, registerWh: number | undefined, now: Instant): Session {
  const [first, ...rest] = session.periods;
  if (!first || at >= session.startedAt || session.status === 'PENDING') return session;
  const later = { wh: session.meterStartWh ?? 0, at: session.startedAt };
  // a start of 0 in front of a register that no outlet can have brought there is a placeholder
  const begin =
    registerWh !== undefined && canFollow(registerLimits(session), { wh: registerWh, at }, later)
      ? registerWh
      : later.wh;
  const gainWh = later.wh - begin;
  return changed(
    {
      ...(registerWh === undefined || begin === registerWh ? session : noted(session, 'meter-start-implausible')),
      startedAt: at,
      meterStartWh: session.meterStartWh === undefined ? registerWh : begin,
      energyWh: session.energyWh + gainWh,
      periods: [{ ...first, startedAt: at, energyWh: first.energyWh + gainWh }, ...rest],
    },
    now,
  );
}

/** The transaction's EVSE is known only now. */
export const located = (
  session: Session,
  where: Pick<Session, 'connector' | 'place' | 'tariff' | 'currency'>,
  now: Instant,
): Session =>
  changed({ ...session, ...where, anomalies: session.anomalies.filter((each) => each !== 'connector-unmapped') }, now);

/** Whoever identified may not charge. */
export const refused = (session: Session, idTag: string, now: Instant): Session =>
  changed({ ...noted(session, 'unauthorized'), idTag, status: 'INVALID' }, now);

/** How many missing steps are remembered. */
const MAX_MISSING = 100;

/** Takes in the number of a step; undefined when it has come before. */
export function withStep(steps: Steps | undefined, seqNo: number): Steps | undefined {
  if (!steps) return { last: seqNo, missing: range(0, seqNo) };
  if (seqNo > steps.last)
    return { last: seqNo, missing: [...steps.missing, ...range(steps.last + 1, seqNo)].slice(-MAX_MISSING) };
  if (!steps.missing.includes(seqNo)) return undefined;
  return { ...steps, missing: steps.missing.filter((each) => each !== seqNo) };
}

const range = (from: number, to: number): readonly number[] =>
  Array.from(
    { length: Math.min(MAX_MISSING, Math.max(0, to - from)) },
    (_, index) => to - Math.min(MAX_MISSING, to - from) + index,
  );

/** Not yet ended: its charge point still charges, whoever pays. */
export const isRunning = (session: Session): boolean => session.endedAt === undefined;

/** What no charge here can go beyond. Times of a dead or wrong clock, or that we filled in, prove nothing about power. */
export const registerLimits = (session: Session) => ({
  outlet: outletOf(session.place?.connector),
  timed: !session.anomalies.includes('clock-implausible') && !session.anomalies.includes('clock-corrected'),
});

/** Takes in a reading of the import register, as far as it can be believed ({@link judgeReading}). */
export function withReading(session: Session, registerWh: number, at: Instant, now: Instant): Session {
  const { meterWh, energyWh, strayReading: stray } = session;
  if (meterWh === undefined) {
    // no start was given: the first reading has to serve as one
    return changed({ ...session, meterStartWh: registerWh, meterWh: registerWh, meterAt: at, sampledAt: at }, now);
  }
  if (at < session.sampledAt) return seen(session, at);
  const verdict = judgeReading(
    {
      ...registerLimits(session),
      wh: meterWh,
      at: session.meterAt ?? session.startedAt,
      energyWh,
      stray,
      zeroStartBelowWh: meterWh === 0 && energyWh === 0 ? session.knownRegisterWh : undefined,
    },
    { wh: registerWh, at },
  );
  const known = verdict.anomaly ? noted(session, verdict.anomaly) : session;
  const judged = stray === verdict.stray ? known : { ...known, strayReading: verdict.stray };
  if (!verdict.counts) return seen(judged, at);
  const metered = { ...judged, meterWh: verdict.wh, meterAt: at };
  if (verdict.anomaly === 'meter-start-implausible') {
    return changed({ ...metered, meterStartWh: verdict.wh, sampledAt: at }, now);
  }
  if (verdict.gainWh === 0) return seen(metered, at);
  return changed({ ...addEnergy(metered, verdict.gainWh), sampledAt: at }, now);
}

/** Takes in a reading of the export register: what the vehicle gives back is counted apart, never as negative import. */
export function withExportReading(session: Session, registerWh: number, at: Instant, now: Instant): Session {
  if (session.exportMeterWh === undefined) return { ...session, exportMeterWh: registerWh, exportWh: 0 };
  const gainWh = registerWh - session.exportMeterWh;
  if (gainWh === 0) return session;
  if (gainWh < 0) return noted(session, 'register-went-backwards');
  const last = { wh: session.exportMeterWh, at: session.startedAt };
  if (!canFollow(registerLimits(session), last, { wh: registerWh, at })) return noted(session, 'register-jumped');
  return changed({ ...session, exportMeterWh: registerWh, exportWh: (session.exportWh ?? 0) + gainWh }, now);
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

/** A change that its partner must learn of. */
export const changed = (session: Session, now: Instant): Session =>
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
