import { clocks } from './clocks.js';
import { connections } from './connections.js';
import type { Entry } from './entry.js';
import { registers } from './registers.js';
import { transactions } from './transactions.js';

/** Every deviation of meaning that is known, and its proof. Deviations of form are in ocpp-adapters' tolerances. */
export const catalogue: readonly { readonly name: string; readonly entries: readonly Entry[] }[] = [
  { name: 'Clocks', entries: clocks },
  { name: 'Registers', entries: registers },
  { name: 'Transactions', entries: transactions },
  { name: 'Connections and form', entries: connections },
];
