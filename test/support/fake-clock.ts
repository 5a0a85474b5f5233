import { instant, toEpochMs, type Instant } from '../../src/domain/instant.js';
import type { Clock } from '../../src/ports.js';

export interface FakeClock extends Clock {
  /**
   * Moves the time on by `ms`, running each timer at its own moment, in order, and letting what it set in motion
   * settle before the next. Await it. `advance(0)` only lets things settle.
   */
  advance(ms: number): Promise<void>;
  /** Timers that wait. */
  pending(): number;
}

/** Turns of the event loop in which chains of promises, and the store's group commit, come to rest. */
const SETTLE_TURNS = 20;

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A clock that stands still until it is moved. */
export function createFakeClock(start: Instant = instant(Date.UTC(2024, 4, 1, 12))): FakeClock {
  let now = toEpochMs(start);
  const timers = new Set<Timer>();
  const nextUntil = (end: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  };
  return {
    now: () => instant(now),
    after(ms, task) {
      const timer = { at: now + Math.max(0, ms), task };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer);
        now = timer.at;
        timer.task();
        await settle();
      }
      now = end;
    },
    pending: () => timers.size,
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
