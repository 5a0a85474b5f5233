import type { Clock } from '../src/ports.js';

/**
 * Pings a charge point and finds out when it is gone. Any sign of life counts, so one that answers no pings but sends
 * messages stays. `exempt` says that silence is our own doing (the socket is paused).
 */
export function startKeepalive(deps: {
  readonly clock: Clock;
  readonly pingIntervalMs: number;
  readonly idleTimeoutMs: number;
  readonly ping: () => void;
  readonly exempt: () => boolean;
  readonly onIdle: () => void;
}): { heard(): void; stop(): void } {
  // a lower bound of the silence: what is left of the interval in which something was heard does not count
  const justHeard = -deps.pingIntervalMs;
  let silentMs = justHeard;
  let cancel = deps.clock.after(deps.pingIntervalMs, tick);

  function tick(): void {
    silentMs = deps.exempt() ? justHeard : silentMs + deps.pingIntervalMs;
    if (silentMs >= deps.idleTimeoutMs) {
      deps.onIdle();
      return;
    }
    cancel = deps.clock.after(deps.pingIntervalMs, tick);
    deps.ping();
  }

  return { heard: () => (silentMs = justHeard), stop: () => cancel() };
}
