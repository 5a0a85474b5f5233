import { sameTag, type EarlyStop } from './charge-point.js';
import { msBetween, type Instant } from './instant.js';
import { canFollow } from './register.js';
import { plausibleTime, registerLimits, type Session } from './session.js';

/** What a stop says of the transaction that it ends. */
export interface Stop {
  readonly transactionId: string;
  readonly idTag: string | undefined;
  readonly at: Instant | undefined;
  readonly meterStopWh: number | undefined;
}

/** OCPP 1.6 ids are positive and have 31 bits: anything else is how charge points spell 'none' (0, −1, 2^63). */
const LARGEST_ID = 2_147_483_647;

const isNoId = (transactionId: string): boolean => {
  const number = Number(transactionId);
  return !(number > 0 && number <= LARGEST_ID);
};

/**
 * The running session that a stop means whose transaction id isn't one of the session's: the only one that its idTag and
 * time allow, or else the only one whose register can have gone where the stop says. An id that is none may mean any
 * session; another's id only one whose own id the charge point never used. undefined: none, or it can't be told which.
 */
export function sessionStopped(running: readonly Session[], stop: Stop, now: Instant): Session | undefined {
  const allowed = running.filter((session) => sameDriver(stop.idTag, session) && !isBefore(stop.at, session, now));
  const fitting = allowed.filter((session) => registerFits(stop.meterStopWh, session, stop.at ?? now));
  if (isNoId(stop.transactionId)) return only(allowed) ?? only(fitting);
  return only(fitting.filter((session) => session.named !== true));
}

const only = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);

const sameDriver = (idTag: string | undefined, session: Session): boolean =>
  idTag === undefined || (session.idTag !== undefined && sameTag(idTag, session.idTag));

const isBefore = (at: Instant | undefined, session: Session, now: Instant): boolean =>
  at !== undefined &&
  plausibleTime(at, now).plausible &&
  !session.anomalies.includes('clock-implausible') &&
  at < session.startedAt;

const registerFits = (wh: number | undefined, session: Session, at: Instant): boolean =>
  wh === undefined ||
  session.meterWh === undefined ||
  canFollow(registerLimits(session), { wh: session.meterWh, at: session.meterAt ?? session.startedAt }, { wh, at });

const MAX_EARLY_STOPS = 10;

/** How long a start may be later than its stop. */
const EARLY_STOP_LIFETIME_MS = 24 * 3_600_000;

/** Keeps a stop whose transaction isn't known, for a start that is still to come. */
export const withEarlyStop = (stops: readonly EarlyStop[], stop: EarlyStop): readonly EarlyStop[] =>
  [...stops.filter((each) => msBetween(each.arrivedAt, stop.arrivedAt) <= EARLY_STOP_LIFETIME_MS), stop].slice(
    -MAX_EARLY_STOPS,
  );

/** The stop that came before the start of this session, by driver, time and register. */
export const earlyStopOf = (stops: readonly EarlyStop[], session: Session, now: Instant): EarlyStop | undefined =>
  stops.find(
    (stop) =>
      msBetween(stop.arrivedAt, now) <= EARLY_STOP_LIFETIME_MS &&
      sameDriver(stop.idTag, session) &&
      !session.anomalies.includes('clock-implausible') &&
      stop.at >= session.startedAt &&
      stop.at <= stop.arrivedAt &&
      registerFits(stop.meterStopWh, session, stop.at),
  );
