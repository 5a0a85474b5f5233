import { CDR_VERSION } from '../domain/cdr.js';
import { isDue } from '../domain/delivery.js';
import { keyOf } from '../domain/ids.js';
import { parseInstant, type Instant } from '../domain/instant.js';
import { isForOfflineUse } from '../domain/local-list.js';
import { isRunning } from '../domain/session.js';
import type { Indexes, Kind, Kinds } from '../ports.js';

/** What a driver keeps beside each document of a kind so that it can be found. */
export interface KindDeclaration<K extends Kind> {
  /** The document's value in each index; null leaves it out. */
  readonly indexes: Readonly<Record<Indexes[K], (body: Kinds[K]) => string | null>>;
  /** When the object last changed, in the one form that sorts; null for kinds that no one lists by time. */
  readonly updated: (body: Kinds[K]) => Instant | null;
}

/** OCPI DateTimes come with or without zone and fraction (OCPI 2.2.1 §17.2). */
const normalised = (dateTime: string): Instant | null => parseInstant(dateTime) ?? null;
const flag = (raised: boolean): '1' | null => (raised ? '1' : null);
const never = (): null => null;

/**
 * The indexes of every kind, the same for every driver. One that is added or means something else needs a migration
 * that computes it for the documents that exist (sqlite/migrations.ts).
 */
export const kinds = {
  location: { indexes: {}, updated: (location) => normalised(location.last_updated) },
  tariff: {
    indexes: { listed: (stored) => flag(!stored.removed) },
    updated: (stored) => normalised(stored.tariff.last_updated),
  },
  token: {
    indexes: {
      partner: (stored) => stored.partnerId,
      uid: (stored) => keyOf(stored.token.uid),
      listable: (stored) => flag(stored.lastUsedAt !== undefined && isForOfflineUse(stored.token)),
    },
    updated: (stored) => normalised(stored.token.last_updated),
  },
  session: {
    indexes: {
      partner: (session) => session.partnerId ?? null,
      running: (session) => (isRunning(session) ? session.chargePointId : null),
      startKey: (session) => session.startKey,
      transaction: (session) => `${session.chargePointId}|${session.transactionId}`,
      due: (session) => flag(session.partnerId !== undefined && isDue(session.delivery, session.version)),
      parked: (session) => flag(session.delivery.parked?.version === session.version),
      cdrDueAt: (session) => session.cdrDueAt ?? null,
      suspectSince: (session) => session.suspectSince ?? null,
    },
    updated: (session) => session.lastUpdated,
  },
  cdr: {
    indexes: {
      partner: (cdr) => cdr.partnerId,
      session: (cdr) => cdr.sessionId,
      due: (cdr) => flag(isDue(cdr.delivery, CDR_VERSION)),
      parked: (cdr) => flag(cdr.delivery.parked !== undefined),
    },
    updated: (cdr) => cdr.lastUpdated,
  },
  partner: { indexes: { tokenHash: (partner) => partner.tokenHash ?? null }, updated: never },
  chargePoint: {
    indexes: {
      location: (chargePoint) => (chargePoint.locationId === undefined ? null : keyOf(chargePoint.locationId)),
    },
    updated: never,
  },
  unknownChargePoint: { indexes: {}, updated: never },
  watermark: { indexes: {}, updated: never },
  notices: { indexes: {}, updated: never },
  deviceModel: { indexes: {}, updated: never },
} as const satisfies { readonly [K in Kind]: KindDeclaration<K> };

/** All kinds, for whoever makes something for each. */
export const kindNames = Object.keys(kinds) as readonly Kind[];

/** The declaration of a kind, typed by it. */
export const declarationOf = <K extends Kind>(kind: K): KindDeclaration<K> =>
  (kinds as { readonly [P in Kind]: KindDeclaration<P> })[kind];

/** The names of a kind's indexes. */
export const indexNames = <K extends Kind>(kind: K): readonly Indexes[K][] =>
  Object.keys(declarationOf(kind).indexes) as Indexes[K][];

/** A document's value in each index, in the order of {@link indexNames}. */
export const indexValues = <K extends Kind>(kind: K, body: Kinds[K]): readonly (string | null)[] => {
  const { indexes } = declarationOf(kind);
  return indexNames(kind).map((name) => indexes[name](body));
};
