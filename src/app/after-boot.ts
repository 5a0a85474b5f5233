import { keyOf } from '../domain/ids.js';
import type { Clock } from '../ports.js';

/** What we ask of charge points by ourselves, once they have settled after a boot. */
export interface AfterBoot {
  booted(chargePointId: string): void;
  stop(): void;
}

/**
 * Charge points have much to do right after a boot, and some start it anew when they are asked things meanwhile: what can
 * wait does so for `delayMs`.
 */
export function createAfterBoot(
  clock: Clock,
  delayMs: number,
  tasks: readonly ((chargePointId: string) => void)[],
): AfterBoot {
  const timers = new Map<string, () => void>();

  return {
    booted(id) {
      const key = keyOf(id);
      timers.get(key)?.();
      const cancel = clock.after(delayMs, () => {
        timers.delete(key);
        for (const task of tasks) task(id);
      });
      timers.set(key, cancel);
    },
    stop() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
