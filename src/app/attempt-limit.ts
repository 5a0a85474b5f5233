import { toEpochMs } from '../domain/instant.js';
import type { Clock } from '../ports.js';

export interface AttemptLimitOptions {
  readonly windowMs: number;
  /** What is remembered at most; beyond it the oldest is forgotten. */
  readonly maxKeys: number;
}

export interface AttemptKey {
  readonly key: string;
  readonly max: number;
}

/** `first`: nothing else was refused in this window before. */
export interface UsedUp {
  readonly waitMs: number;
  readonly first: boolean;
}

/** How often something went wrong lately, by key; a window begins with its first failure. */
export interface AttemptLimit {
  /**
   * Counts an attempt as failed until it is forgiven, so that many at once can't exceed the limit. When a key is used up
   * nothing is counted, and it returns for how long that stays so.
   */
  begin(keys: readonly AttemptKey[]): UsedUp | undefined;
  /** The attempt was no failure. */
  forgive(keys: readonly AttemptKey[]): void;
}

interface Window {
  failures: number;
  refused: boolean;
  readonly endsAt: number;
}

export function createAttemptLimit(clock: Clock, { windowMs, maxKeys }: AttemptLimitOptions): AttemptLimit {
  const windows = new Map<string, Window>();

  function windowOf(key: string, now: number): Window | undefined {
    const found = windows.get(key);
    if (found && found.endsAt > now) return found;
    windows.delete(key);
    return undefined;
  }

  function open(key: string, now: number): Window {
    for (const oldest of windows.keys()) {
      if (windows.size < maxKeys) break;
      windows.delete(oldest);
    }
    const window = { failures: 0, refused: false, endsAt: now + windowMs };
    windows.set(key, window);
    return window;
  }

  return {
    begin(keys) {
      const now = toEpochMs(clock.now());
      const full = keys
        .map(({ key, max }) => ({ window: windowOf(key, now), max }))
        .flatMap(({ window, max }) => (window && window.failures >= max ? [window] : []));
      if (full.length > 0) {
        const first = full.some(({ refused }) => !refused);
        for (const window of full) window.refused = true;
        return { waitMs: Math.max(...full.map(({ endsAt }) => endsAt - now)), first };
      }
      for (const { key } of keys) (windowOf(key, now) ?? open(key, now)).failures += 1;
      return undefined;
    },
    forgive(keys) {
      for (const { key } of keys) {
        const window = windows.get(key);
        if (!window) continue;
        window.failures -= 1;
        if (window.failures <= 0) windows.delete(key);
      }
    },
  };
}
