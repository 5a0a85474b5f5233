import type { CommandOutcome, LocalListEntry } from '../domain/command.js';
import { keyOf } from '../domain/ids.js';
import { digestOf, localListOf, type LocalListState } from '../domain/local-list.js';
import type { ChargePointLink, Logger, Store } from '../ports.js';
import type { Documents } from './documents.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly chargePointLink: Pick<ChargePointLink, 'isConnected' | 'send'>;
  readonly logger: Logger;
  /** Entries of the longest list; 0: no lists are sent. */
  readonly maxEntries: number;
  /** Entries of one message. */
  readonly chunk: number;
}

/** Charge points' local authorization lists (OCPP 1.6 §3.5, OCPP 2.0.1 §D), kept in step with the partners' tokens. */
export interface LocalLists {
  /** Brings one charge point's list up to date, in the background. */
  sync(chargePointId: string): void;
  /** The same for all that are connected, one after the other. */
  syncAll(): Promise<void>;
}

/** How many tokens are looked at for a list. */
const MAX_TOKENS = 10_000;

export function createLocalLists(deps: Deps): LocalLists {
  const { store, documents, chargePointLink, logger, maxEntries, chunk } = deps;
  const running = new Map<string, Promise<void>>();

  /** Sends a whole list in parts; how the first part that failed ended. */
  async function send(id: string, from: number, entries: readonly LocalListEntry[]): Promise<CommandOutcome['status']> {
    for (let offset = 0; offset === 0 || offset < entries.length; offset += chunk) {
      const { status } = await chargePointLink.send(id, {
        type: 'sendLocalList',
        version: from + offset / chunk,
        full: offset === 0,
        entries: entries.slice(offset, offset + chunk),
      });
      if (status !== 'accepted') return status;
    }
    return 'accepted';
  }

  /** Charge points say how much they take by refusing more: half as much is tried then, and remembered. */
  async function sendWhatFits(id: string, known: LocalListState | undefined, held: number): Promise<void> {
    const tokens = (await store.find('token', { where: { listable: '1' }, limit: MAX_TOKENS })).map(({ body }) => body);
    let capacity = known?.capacity ?? maxEntries;
    for (;;) {
      const entries = localListOf(tokens, Math.min(capacity, maxEntries));
      const digest = digestOf(entries);
      if (known?.digest === digest && known.version === held) return;
      if (entries.length === 0 && held === 0) return;
      const from = Math.max(held, known?.version ?? 0) + 1;
      const status = await send(id, from, entries);
      if (status === 'accepted') {
        const version = from + Math.max(0, Math.ceil(entries.length / chunk) - 1);
        await remember(id, { version, digest, capacity });
        logger.info({ chargePoint: id, entries: entries.length, version }, 'local list sent');
        return;
      }
      const tooMuch = status === 'rejected' || status === 'failed';
      if (!tooMuch || entries.length <= 1) {
        logger.warn({ chargePoint: id, status }, 'the local list was not taken');
        return;
      }
      capacity = Math.floor(entries.length / 2);
    }
  }

  const remember = (id: string, localList: LocalListState) =>
    documents.change('chargePoint', keyOf(id), (current) => current && { ...current, localList });

  async function syncOne(id: string): Promise<void> {
    const known = (await store.get('chargePoint', keyOf(id)))?.body.localList;
    const outcome = await chargePointLink.send(id, { type: 'getLocalListVersion' });
    const held = outcome.status === 'accepted' ? versionIn(outcome.answer) : undefined;
    if (held !== undefined) await sendWhatFits(id, known, held);
  }

  function start(id: string): Promise<void> {
    const under = running.get(keyOf(id));
    if (under) return under;
    const started = syncOne(id)
      .catch((error: unknown) => logger.warn({ chargePoint: id, err: error }, 'local list could not be sent'))
      .finally(() => running.delete(keyOf(id)));
    running.set(keyOf(id), started);
    return started;
  }

  return {
    sync(id) {
      if (maxEntries > 0) void start(id);
    },
    async syncAll() {
      if (maxEntries === 0) return;
      for (const { body } of await store.find('chargePoint')) {
        if (chargePointLink.isConnected(body.id)) await start(body.id);
      }
    },
  };
}

/** The one number in the answer, whatever the version calls it; undefined: there is no list (OCPP 1.6 §5.10: −1). */
function versionIn(answer: unknown): number | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const version = Object.values(answer).find((value) => typeof value === 'number');
  return version !== undefined && version >= 0 ? version : undefined;
}
