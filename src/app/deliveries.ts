import type { DeliveryKind, Parked } from '../domain/delivery.js';
import type { Instant } from '../domain/instant.js';
import type { Partner } from '../domain/partner.js';
import type { PartnerQueueState, Queue, Store } from '../ports.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';

/** One object that a partner has yet to get, or will not get. */
export interface DeliveryView {
  readonly partnerId: string;
  readonly partner: string;
  readonly kind: DeliveryKind;
  readonly id: string;
  readonly state: 'waiting' | 'parked';
  readonly attempts?: number | undefined;
  readonly reason?: string | undefined;
  readonly nextAttemptAt?: Instant | undefined;
  readonly parkedAt?: Instant | undefined;
}

export interface Deliveries {
  list(): Promise<{ readonly deliveries: readonly DeliveryView[]; readonly partners: readonly PartnerQueueState[] }>;
  /** Sends everything that is parked or waits for a retry again now; of one partner, or of all. Returns how many. */
  retry(partnerId: string | undefined): Promise<number>;
}

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly outbox: Outbox;
  readonly queue: Queue;
}

interface ParkedItem {
  readonly partnerId: string;
  readonly kind: DeliveryKind;
  readonly id: string;
  readonly parked: Parked;
}

/** What the operator sees and does about deliveries. */
export function createDeliveries({ store, documents, outbox, queue }: Deps): Deliveries {
  async function parkedItems(): Promise<readonly ParkedItem[]> {
    const [sessions, cdrs, watermarks] = await Promise.all([
      store.find('session', { where: { parked: '1' } }),
      store.find('cdr', { where: { parked: '1' } }),
      store.find('watermark'),
    ]);
    const owned = [
      ...sessions.map(({ id, body }) => ({ kind: 'session' as const, id, ...ownerAndReason(body) })),
      ...cdrs.map(({ id, body }) => ({ kind: 'cdr' as const, id, ...ownerAndReason(body) })),
    ].flatMap(({ kind, id, partnerId, parked }) => (partnerId && parked ? [{ kind, id, partnerId, parked }] : []));
    const published = watermarks.flatMap(({ body }) =>
      body.parked.map((parked) => ({ partnerId: body.partnerId, kind: parked.kind, id: parked.id, parked })),
    );
    return [...published, ...owned];
  }

  /** Makes it due again; the delivery itself clears a published object's entry when it succeeds. */
  async function requeue({ partnerId, kind, id }: ParkedItem): Promise<void> {
    switch (kind) {
      case 'session': {
        const changed = await documents.change('session', id, (current) => current && unparked(current));
        if (changed) outbox.session(changed.body);
        return;
      }
      case 'cdr': {
        const changed = await documents.change('cdr', id, (current) => current && unparked(current));
        if (changed) await outbox.cdrsOf(changed.body.sessionId);
        return;
      }
      case 'location':
      case 'tariff': {
        const stored = await store.get(kind, id);
        queue.add({ partnerId, kind, id, ...(stored && { change: stored.change }) });
      }
    }
  }

  return {
    async list() {
      const names = new Map((await store.find('partner')).map(({ id, body }) => [id, body.name]));
      const nameOf = (id: string): string => names.get(id) ?? id;
      const waiting = queue.jobs().map(({ partnerId, kind, id, attempts, lastError, nextAttemptAt }): DeliveryView => ({
        partnerId,
        partner: nameOf(partnerId),
        kind,
        id,
        state: 'waiting',
        attempts,
        reason: lastError,
        nextAttemptAt,
      }));
      const parked = (await parkedItems()).map(({ partnerId, kind, id, parked: { reason, at } }): DeliveryView => ({
        partnerId,
        partner: nameOf(partnerId),
        kind,
        id,
        state: 'parked',
        reason,
        parkedAt: at,
      }));
      return { deliveries: [...parked, ...waiting], partners: queue.state() };
    },

    async retry(partnerId) {
      const parked = (await parkedItems()).filter((item) => partnerId === undefined || item.partnerId === partnerId);
      for (const item of parked) await requeue(item);
      const waiting = queue.jobs(partnerId);
      for (const id of new Set(waiting.map((job) => job.partnerId))) queue.retryNow(id);
      return new Set([...parked, ...waiting].map(({ partnerId: owner, kind, id }) => `${owner}/${kind}/${id}`)).size;
    },
  };
}

interface Owned {
  readonly partnerId?: Partner['id'] | undefined;
  readonly delivery: { readonly parked?: Parked | undefined };
}

const ownerAndReason = ({ partnerId, delivery: { parked } }: Owned) => ({ partnerId, parked });

const unparked = <T extends Owned>(owned: T): T => ({ ...owned, delivery: { ...owned.delivery, parked: undefined } });
