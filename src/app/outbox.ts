import { isDue, type Watermark } from '../domain/delivery.js';
import { CDR_VERSION, type Cdr } from '../domain/cdr.js';
import { isConnected } from '../domain/partner.js';
import type { Session } from '../domain/session.js';
import type { Change, Job, Logger, Queue, Store } from '../ports.js';
import type { Documents } from './documents.js';

/** How many due objects are read at once when the queue is refilled. */
const SCAN_PAGE = 500;

/** Changes sent again after a restart: some may have been saved, but not queued, when the watermark passed them. */
const RESTART_OVERLAP = 100;

export interface Outbox {
  /** A location or tariff was saved: all connected partners must learn of it. `parts`: only these EVSEs changed. */
  published(change: Change, parts?: readonly string[]): void;
  session(session: Session): void;
  /** Queues the oldest CDR of a session that is due: a credit never overtakes what it credits. */
  cdrsOf(sessionId: string): Promise<void>;
  /** A job for a published object has ended, whatever its outcome. */
  settled(job: Job): void;
  /** A partner registered, or registered anew: everything that is published is due, and what it was owed before. */
  partnerJoined(partnerId: string): Promise<void>;
  partnerLeft(partnerId: string): void;
  /** Queues all that is due by what the store says; for start and for now and then. */
  scan(): Promise<void>;
  /** Saves how far each partner has come. */
  saveWatermarks(): Promise<void>;
}

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly queue: Queue;
  readonly logger: Logger;
}

/** Change numbers of one published object that a partner still has to learn of. */
interface Pending {
  low: number;
  high: number;
}

/** What one partner's watermark is made of: everything seen, less what is pending. */
interface Progress {
  readonly pending: Map<string, Pending>;
  seen: number;
  saved: number;
}

/** Keeps the queue in step with the store, which is the real outbox (design.md). */
export function createOutbox({ store, documents, queue, logger }: Deps): Outbox {
  /** Every connected partner; kept by scan, join and leave, so that a status change reads none of them. */
  const partners = new Map<string, Progress>();

  async function watch(partnerId: string): Promise<Progress> {
    const saved = (await store.get('watermark', partnerId))?.body.watermark ?? 0;
    const known = partners.get(partnerId);
    if (known) return known;
    const from = Math.max(0, saved - RESTART_OVERLAP);
    const fresh: Progress = { pending: new Map(), seen: from, saved };
    partners.set(partnerId, fresh);
    return fresh;
  }

  function publish(partnerId: string, state: Progress, { kind, id, change }: Change, parts?: readonly string[]): void {
    const key = `${kind}/${id}`;
    const pending = state.pending.get(key);
    if (pending) pending.high = Math.max(pending.high, change);
    else state.pending.set(key, { low: change, high: change });
    state.seen = Math.max(state.seen, change);
    queue.add({ partnerId, kind, id, change, ...(parts && { parts }) });
  }

  async function publishSince(partnerId: string): Promise<void> {
    const state = await watch(partnerId);
    for (let after = lowest(state); ;) {
      const changes = await store.changedSince(after, SCAN_PAGE);
      for (const change of changes) {
        if (!state.pending.has(`${change.kind}/${change.id}`)) publish(partnerId, state, change);
      }
      const last = changes.at(-1);
      if (!last || changes.length < SCAN_PAGE) return;
      after = last.change;
    }
  }

  async function scanOwned(): Promise<void> {
    for (let offset = 0; ; offset += SCAN_PAGE) {
      const due = await store.find('session', { where: { due: '1' }, offset, limit: SCAN_PAGE });
      due.forEach(({ body }) => session(body));
      if (due.length < SCAN_PAGE) break;
    }
    const sessions = new Set<string>();
    for (let offset = 0; ; offset += SCAN_PAGE) {
      const due = await store.find('cdr', { where: { due: '1' }, offset, limit: SCAN_PAGE });
      due.forEach(({ body }) => sessions.add(body.sessionId));
      if (due.length < SCAN_PAGE) break;
    }
    for (const id of sessions) await cdrsOf(id);
  }

  function session(body: Session): void {
    if (body.partnerId && isDue(body.delivery, body.version)) {
      queue.add({ partnerId: body.partnerId, kind: 'session', id: body.id });
    }
  }

  async function cdrsOf(sessionId: string): Promise<void> {
    const cdrs = await store.find('cdr', { where: { session: sessionId } });
    const next = cdrs.find(({ body }) => !isDelivered(body))?.body;
    if (next && isDue(next.delivery, CDR_VERSION)) queue.add({ partnerId: next.partnerId, kind: 'cdr', id: next.id });
  }

  async function saveWatermark(partnerId: string, state: Progress): Promise<void> {
    const watermark = lowest(state);
    if (watermark === state.saved) return;
    await documents.change('watermark', partnerId, (current) => ({
      ...(current ?? emptyWatermark(partnerId)),
      watermark,
    }));
    state.saved = watermark;
  }

  return {
    published(change, parts) {
      for (const [partnerId, state] of partners) publish(partnerId, state, change, parts);
    },
    session,
    cdrsOf,
    settled({ partnerId, kind, id, change = 0 }) {
      const state = partners.get(partnerId);
      const pending = state?.pending.get(`${kind}/${id}`);
      if (!state || !pending) return;
      if (pending.high <= change) state.pending.delete(`${kind}/${id}`);
      else pending.low = change + 1;
    },
    async partnerJoined(partnerId) {
      await publishSince(partnerId);
      // one that comes back, or changes its version, may be owed sessions and CDRs
      await scanOwned();
    },
    partnerLeft(partnerId) {
      queue.drop(partnerId);
      partners.delete(partnerId);
    },
    async scan() {
      const found = await store.find('partner');
      for (const { id, body } of found) if (isConnected(body)) await publishSince(id);
      await scanOwned();
      logger.debug({ queued: queue.jobs().length }, 'scanned for due deliveries');
    },
    async saveWatermarks() {
      await Promise.all([...partners].map(([partnerId, state]) => saveWatermark(partnerId, state)));
    },
  };
}

export const emptyWatermark = (partnerId: string): Watermark => ({ partnerId, watermark: 0, parked: [] });

const isDelivered = (cdr: Cdr): boolean => (cdr.delivery.delivered ?? 0) >= CDR_VERSION;

/** All changes up to this one are delivered (or parked). */
function lowest(state: Progress): number {
  let lowestPending = state.seen + 1;
  for (const { low } of state.pending.values()) lowestPending = Math.min(lowestPending, low);
  return lowestPending - 1;
}
