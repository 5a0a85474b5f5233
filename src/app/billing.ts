import { cdrIdOf, cdrsDue } from '../domain/cdr.js';
import { RevisionConflict } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';
import type { Places } from './places.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly places: Places;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Billing {
  /** Makes the CDRs of an ended session soon; a crash before that is made good by the next sweep. */
  due(sessionId: string): void;
  /** Makes all CDRs whose time has come. */
  makeDue(): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Turns ended sessions into CDRs: each once, whatever happens in between. */
export function createBilling({ store, documents, places, outbox, clock, logger }: Deps): Billing {
  const running = new Map<string, Promise<void>>();
  /** Sessions that wait for a mapping: said once, not at every sweep. */
  const unmapped = new Set<string>();

  /** A crash may have left a CDR saved but not counted in its session. */
  async function withCdrsCounted(session: Session): Promise<Session> {
    let made = session.cdrsMade;
    while (await store.get('cdr', cdrIdOf(session.id, made + 1))) made += 1;
    return made === session.cdrsMade ? session : { ...session, cdrsMade: made };
  }

  /** An operator may have mapped the connector since the charge began. */
  async function withPlace(session: Session): Promise<Session> {
    if (session.place) return session;
    const chargePoint = (await store.get('chargePoint', keyOf(session.chargePointId)))?.body;
    const place = chargePoint && (await places.at(chargePoint, session.connector));
    if (!place) return session;
    const tariff = await places.tariffOf(place, session.startedAt);
    return { ...session, place, tariff, currency: tariff?.currency ?? session.currency };
  }

  async function make(sessionId: string): Promise<void> {
    const stored = (await store.get('session', sessionId))?.body;
    const now = clock.now();
    if (stored?.cdrDueAt === undefined || stored.cdrDueAt > now) return;
    const session = await withCdrsCounted(await withPlace(stored));
    if (!session.place) {
      if (unmapped.has(session.id)) return;
      unmapped.add(session.id);
      logger.error(
        { session: session.id, chargePoint: session.chargePointId, connector: session.connector },
        'no CDR can be made: map the connector to an EVSE',
      );
      return;
    }
    unmapped.delete(session.id);
    const previous =
      session.cdrsMade > 0 ? (await store.get('cdr', cdrIdOf(session.id, session.cdrsMade)))?.body : undefined;
    const cdrs = cdrsDue(session, previous, now);
    for (const cdr of cdrs) {
      await saveNew(cdr.id, () => store.save('cdr', { id: cdr.id, revision: 0, body: cdr }));
      logger.info(
        { session: session.id, cdr: cdr.id, partner: cdr.partnerId, energyWh: cdr.usage.energyWh },
        'CDR made',
      );
    }
    await documents.change('session', sessionId, (current) =>
      // a late stop in between has set its own due time
      current?.version === stored.version
        ? { ...current, cdrDueAt: undefined, cdrsMade: session.cdrsMade + (cdrs.length > 0 ? 1 : 0) }
        : current,
    );
    await outbox.cdrsOf(sessionId);
  }

  function start(sessionId: string): Promise<void> {
    const after = (running.get(sessionId) ?? Promise.resolve()).then(() => make(sessionId));
    const guarded = after.catch((error: unknown) =>
      logger.error({ session: sessionId, err: error }, 'making a CDR failed'),
    );
    running.set(sessionId, guarded);
    void guarded.then(() => {
      if (running.get(sessionId) === guarded) running.delete(sessionId);
    });
    return guarded;
  }

  return {
    due(sessionId) {
      void start(sessionId);
    },
    async makeDue() {
      const due = await store.find('session', { where: { cdrDueAt: { atMost: clock.now() } } });
      for (const { id } of due) await start(id);
    },
    async settled() {
      await Promise.all(running.values());
    },
  };
}

/** What is there already was saved before a crash. */
async function saveNew(id: string, save: () => Promise<unknown>): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw new Error(`CDR ${id} could not be saved`, { cause: error });
  }
}
