import { latest, type Instant } from './instant.js';
import { changed, noted, plausibleTime, withReading, type Anomaly, type Session } from './session.js';

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
  // nobody ever identified: nobody pays
  const status = session.status === 'ACTIVE' ? 'COMPLETED' : 'INVALID';
  const billed = status === 'COMPLETED' && session.partnerId !== undefined;
  return changed(
    {
      ...measured,
      status,
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
