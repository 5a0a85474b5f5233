import { addMs, msBetween, type Instant } from './instant.js';
import { changed, noted, plausibleTime, type Session } from './session.js';

/** How far a charge point's clock is ahead of ours; negative: behind. */
export interface ClockSkew {
  readonly offsetMs: number;
  /** An offset that some messages in a row show, and since when (our time) they do. */
  readonly candidate?: { readonly offsetMs: number; readonly since: Instant } | undefined;
}

/** A clock this near ours is right: messages take time, and charge points round to seconds. */
const RIGHT_MS = 60_000;

/** Two messages that are off by the same, as far as one can tell. */
const SAME_MS = 120_000;

/** An offset below this is left alone: it may be a slow network, and tariffs count minutes. */
const WORTH_CORRECTING_MS = 300_000;

/**
 * Learns from a message that its charge point dates `reported` and that came in at `arrived`.
 * - A time in the future can only be a wrong clock: it counts at once.
 * - A time that is about now shows a right clock.
 * - A time in the past may be a wrong clock, or a right one in a message that had to wait. It counts as a wrong clock
 *   when messages that come in over at least `evidenceMs` are all off by the same: a queue comes in at once, and its
 *   messages are of different ages.
 */
export function observeClock(skew: ClockSkew, reported: Instant, arrived: Instant, evidenceMs: number): ClockSkew {
  if (!plausibleTime(reported, arrived).plausible) return skew;
  const lead = msBetween(arrived, reported);
  if (Math.abs(lead) <= RIGHT_MS) return skew.offsetMs === 0 && !skew.candidate ? skew : { offsetMs: 0 };
  if (same(lead, skew.offsetMs)) return skew.candidate ? { offsetMs: skew.offsetMs } : skew;
  if (lead > Math.max(0, skew.offsetMs)) return { offsetMs: lead };
  const { candidate } = skew;
  if (!candidate || !same(lead, candidate.offsetMs)) {
    return { offsetMs: skew.offsetMs, candidate: { offsetMs: lead, since: arrived } };
  }
  return msBetween(candidate.since, arrived) < evidenceMs ? skew : { offsetMs: Math.max(lead, candidate.offsetMs) };
}

const same = (a: number, b: number): boolean => Math.abs(a - b) <= SAME_MS;

/** Is a clock so wrong that its times are corrected? */
export const isWrong = (offsetMs: number): boolean => Math.abs(offsetMs) >= WORTH_CORRECTING_MS;

/** What the time was by our clock when the charge point's said `reported`; never after the arrival of its message. */
export function byOurClock(reported: Instant, offsetMs: number, arrived: Instant): Instant {
  if (!isWrong(offsetMs) || !plausibleTime(reported, arrived).plausible) return reported;
  const corrected = addMs(reported, -offsetMs);
  return corrected < arrived ? corrected : arrived;
}

/**
 * A running session whose start was dated by a clock that turns out to lag: all of its times move, lest it seem too
 * long when its end is dated right. One that began when the clock was right would move beyond now, and stays.
 */
export function movedByClock(session: Session, offsetMs: number, now: Instant): Session {
  const told = session.anomalies.some((each) => each === 'clock-corrected' || each === 'clock-implausible');
  if (told || !isWrong(offsetMs) || addMs(session.startedAt, -offsetMs) > addMs(now, SAME_MS)) return session;
  const move = (at: Instant): Instant => byOurClock(at, offsetMs, now);
  return changed(
    {
      ...noted(session, 'clock-corrected'),
      startedAt: move(session.startedAt),
      sampledAt: move(session.sampledAt),
      meterAt: session.meterAt && move(session.meterAt),
      strayReading: session.strayReading && { ...session.strayReading, at: move(session.strayReading.at) },
      periods: session.periods.map((period) => ({ ...period, startedAt: move(period.startedAt) })),
    },
    now,
  );
}
