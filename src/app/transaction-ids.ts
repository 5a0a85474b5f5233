import type { Store } from '../ports.js';

/** Ids taken from the store at a time: what is left of a block when the process ends is never given. */
const BLOCK = 100;

export interface TransactionIds {
  /** A transaction id that was never given before (OCPP 1.6 §7.46: an integer of the central system's). */
  next(): Promise<string>;
}

export function createTransactionIds(store: Store): TransactionIds {
  let block: Promise<number> | undefined;
  let used = 0;

  return {
    async next() {
      if (!block || used >= BLOCK) {
        block = store.reserveNumbers('transaction', BLOCK);
        used = 0;
      }
      const offset = used;
      used += 1;
      return String((await block) + offset);
    },
  };
}
