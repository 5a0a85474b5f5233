import { instant } from './domain/instant.js';
import type { Clock } from './ports.js';

/** The longest delay that setTimeout takes; beyond it fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The time of the machine. Its timers keep no process alive, and may be of any length. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  after(ms, task) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const step = Math.min(left, MAX_TIMEOUT_MS);
      timer = setTimeout(() => {
        if (left > step) wait(left - step);
        else task();
      }, step);
      timer.unref();
    };
    wait(Math.max(0, ms));
    return () => {
      clearTimeout(timer);
    };
  },
};
