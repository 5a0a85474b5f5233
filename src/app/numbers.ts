import type { Store } from '../ports.js';

/** Ids taken from the store at a time: what is left of a block when the process ends is never given. */
const BLOCK = 100;

export interface Numbers {
  /** A number that was never given before, as text. */
  next(): Promise<string>;
}

/** Numbers that charge points know things by: transactions (OCPP 1.6 §7.46), remote starts, reservations. */
export function createNumbers(
  store: Store,
  counter: 'transaction' | 'remoteStart' | 'reservation' | 'report',
): Numbers {
  let block: Promise<number> | undefined;
  let used = 0;

  return {
    async next() {
      if (!block || used >= BLOCK) {
        block = store.reserveNumbers(counter, BLOCK);
        used = 0;
      }
      const offset = used;
      used += 1;
      return String((await block) + offset);
    },
  };
}
