import { negated } from './amounts.js';
import type { AuthMethod } from './charge-point.js';
import type { Delivery } from './delivery.js';
import type { Instant } from './instant.js';
import type { Party } from './schema.js';
import { secondsOf, usageOf, type Place, type Session } from './session.js';
import { priceCharge, type Bill, type Tariff, type Usage } from './tariff.js';
import type { CdrToken } from './token.js';

export interface CdrPeriod {
  readonly startedAt: Instant;
  readonly energyWh: number;
  readonly seconds: number;
  readonly parking: boolean;
}

/** A charge detail record: never changed once made (OCPI 2.2.1 §10.2.2), so its delivery version is always 1. */
export interface Cdr {
  readonly id: string;
  readonly sessionId: string;
  readonly partnerId: string;
  readonly party: Party;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly token: CdrToken;
  readonly authMethod: AuthMethod;
  readonly authorizationReference?: string | undefined;
  readonly place: Place;
  readonly currency: string;
  readonly tariff?: Tariff | undefined;
  readonly periods: readonly CdrPeriod[];
  readonly usage: Usage;
  readonly bill: Bill;
  readonly remark?: string | undefined;
  /** The id of the CDR that this one takes back. */
  readonly credits?: string | undefined;
  readonly lastUpdated: Instant;
  readonly delivery: Delivery;
}

export const CDR_VERSION = 1;

/** The id of a session's n-th CDR: the session's own id for the first (at most 36 characters). */
export const cdrIdOf = (sessionId: string, sequence: number): string =>
  sequence === 1 ? sessionId : `${sessionId}-${sequence}`;

/**
 * The CDRs that an ended session is due: the first one, or, when one was made before, a credit CDR for it and its
 * replacement (OCPI 2.2.1 §10.3.1.1). Empty for a session that is billed to no one.
 */
export function cdrsDue(session: Session, previous: Cdr | undefined, now: Instant): readonly Cdr[] {
  const next = cdrOf(session, now);
  if (!next) return [];
  if (!previous) return [next];
  if (sameBill(previous, next)) return [];
  return [creditOf(previous, now), next];
}

const sameBill = (a: Cdr, b: Cdr): boolean =>
  a.usage.energyWh === b.usage.energyWh && a.startedAt === b.startedAt && a.endedAt === b.endedAt;

function cdrOf(session: Session, now: Instant): Cdr | undefined {
  const { partnerId, token, place, endedAt } = session;
  if (!partnerId || !token || !place || !endedAt || session.status !== 'COMPLETED') return undefined;
  const usage = usageOf(session);
  return {
    id: cdrIdOf(session.id, session.cdrsMade + 1),
    sessionId: session.id,
    partnerId,
    party: session.party,
    startedAt: session.startedAt,
    endedAt,
    token,
    authMethod: session.authMethod,
    authorizationReference: session.authorizationReference,
    place,
    currency: session.currency,
    tariff: session.tariff,
    periods: session.periods.map((period, index) => ({
      startedAt: period.startedAt,
      energyWh: period.energyWh,
      seconds: secondsOf(period, session.periods[index + 1]?.startedAt ?? endedAt),
      parking: period.parking,
    })),
    usage,
    bill: priceCharge(session.tariff, usage),
    remark: session.anomalies.includes('repaired')
      ? 'The charge point did not report the end of the transaction; the last meter value counts.'
      : undefined,
    lastUpdated: now,
    delivery: {},
  };
}

/** All data as before and only the total negative. */
const creditOf = (cdr: Cdr, now: Instant): Cdr => ({
  ...cdr,
  id: `${cdr.id}-C`,
  credits: cdr.id,
  bill: { ...cdr.bill, total: negated(cdr.bill.total) },
  lastUpdated: now,
  delivery: {},
});
