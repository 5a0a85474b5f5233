import { addMs } from '../domain/instant.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { Billing } from './billing.js';
import type { LocalLists } from './local-lists.js';
import type { Outbox } from './outbox.js';
import type { Sessions } from './sessions.js';
import type { TokenSync } from './tokens.js';

interface Deps {
  readonly store: Store;
  readonly sessions: Pick<Sessions, 'repair'>;
  readonly billing: Billing;
  readonly outbox: Outbox;
  readonly tokenSync: TokenSync;
  readonly localLists: Pick<LocalLists, 'syncAll'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs: number;
  readonly stopGraceMs: number;
  readonly meterRetentionMs: number;
}

export interface Sweep {
  /** Makes good what a crash or a silent charge point left undone, now and from now on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Full scans of what is due, and purges, come once in so many sweeps: the queue itself forgets nothing while we run. */
const SCAN_EVERY = 40;

export function createSweep(deps: Deps): Sweep {
  const { store, sessions, billing, outbox, tokenSync, localLists, clock, logger } = deps;
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  let sweeps = 0;

  async function repairSuspects(): Promise<void> {
    const atMost = addMs(clock.now(), -deps.stopGraceMs);
    for (const { id } of await store.find('session', { where: { suspectSince: { atMost } } })) {
      await sessions.repair(id, 'no sign of it since a boot or Available');
    }
  }

  async function sweep(): Promise<void> {
    await repairSuspects();
    await billing.makeDue();
    if (sweeps % SCAN_EVERY === 0) {
      await outbox.scan();
      await tokenSync.pullMissing();
      void localLists.syncAll();
      await store.purgeMeterSamples(addMs(clock.now(), -deps.meterRetentionMs));
    }
    await outbox.saveWatermarks();
    sweeps += 1;
  }

  function schedule(): void {
    cancel = clock.after(deps.intervalMs, () => {
      running = sweep()
        .catch((error: unknown) => logger.error({ err: error }, 'sweep failed'))
        .finally(() => {
          if (cancel) schedule();
        });
    });
  }

  return {
    async start() {
      await sweep();
      schedule();
    },
    async stop() {
      cancel?.();
      cancel = undefined;
      await running;
      await outbox.saveWatermarks();
    },
  };
}
