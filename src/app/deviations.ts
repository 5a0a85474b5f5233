import { keyOf } from '../domain/ids.js';
import type { Clock, Logger } from '../ports.js';
import type { ChargePointEvents } from './charge-point-events.js';
import type { Documents } from './documents.js';

interface Deps {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Deviations extends Pick<ChargePointEvents, 'deviated'> {
  /** Resolves when all that was noted is saved. */
  settled(): Promise<void>;
}

/** Keeps with each charge point by which rules it had to be read, and since when: each is saved once. */
export function createDeviations({ documents, clock, logger }: Deps): Deviations {
  const known = new Map<string, Set<string>>();
  const saving = new Set<Promise<void>>();

  async function save(id: string, rules: readonly string[]): Promise<void> {
    const now = clock.now();
    await documents.change('chargePoint', keyOf(id), (current) => {
      const fresh = rules.filter((rule) => current && !Object.hasOwn(current.deviations ?? {}, rule));
      if (!current || fresh.length === 0) return current;
      return {
        ...current,
        deviations: { ...current.deviations, ...Object.fromEntries(fresh.map((rule) => [rule, now])) },
      };
    });
  }

  return {
    deviated(id, rules) {
      const seen = known.get(keyOf(id)) ?? new Set();
      known.set(keyOf(id), seen);
      const fresh = rules.filter((rule) => !seen.has(rule));
      if (fresh.length === 0) return;
      fresh.forEach((rule) => seen.add(rule));
      const saved = save(id, fresh)
        .catch((error: unknown) => {
          fresh.forEach((rule) => seen.delete(rule));
          logger.error({ chargePoint: id, rules: fresh, err: error }, 'noting a deviation failed');
        })
        .finally(() => saving.delete(saved));
      saving.add(saved);
    },
    async settled() {
      await Promise.all(saving);
    },
  };
}
