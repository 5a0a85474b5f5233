import { toEpochMs } from '../src/domain/instant.js';
import type { Clock, Logger } from '../src/ports.js';
import type { Counting } from './counters.js';
import type { OcppLimits } from './options.js';
import { createTokenBucket } from './token-bucket.js';

/** What a frame that came is to meet with. */
export type FloodVerdict = 'take' | 'refuse' | 'close';

/**
 * Bounds what one charge point may send. `slow` loses nothing: every frame is taken, and the socket is held back until
 * the rate is kept again, so that the charge point has to wait. `refuse` and `close` say so about each frame over the rate.
 */
export function createFloodGate(deps: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly counting: Counting;
  readonly limits: Pick<OcppLimits, 'messagesPerSecond' | 'messageBurst' | 'onFlood'>;
  readonly hold: () => void;
  readonly release: () => void;
}): { frame(): FloodVerdict; stop(): void } {
  const { clock, limits, counting } = deps;
  const bucket = createTokenBucket(limits.messagesPerSecond, limits.messageBurst, () => toEpochMs(clock.now()));
  let cancel: (() => void) | undefined;
  let flooding = false;

  /** One line when it begins, however long it lasts. */
  function speak(): void {
    if (flooding) return;
    flooding = true;
    counting.connections.flooding += 1;
    deps.log.warn({ messagesPerSecond: limits.messagesPerSecond, rule: limits.onFlood }, 'too many messages');
  }

  function slow(): void {
    const waitMs = bucket.owe();
    if (waitMs === 0) return;
    speak();
    deps.hold();
    cancel?.();
    cancel = clock.after(waitMs, deps.release);
  }

  return {
    frame() {
      if (limits.onFlood === 'slow') {
        slow();
        return 'take';
      }
      if (bucket.take()) return 'take';
      speak();
      counting.frames.flooding += 1;
      return limits.onFlood;
    },
    stop: () => cancel?.(),
  };
}
