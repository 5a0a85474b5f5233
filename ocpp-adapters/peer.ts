import type { ChargePointEvents } from '../src/app/charge-point-events.js';
import type { Clock, Logger } from '../src/ports.js';
import type { Peer } from './adapter.js';
import { countBy, type Counting } from './counters.js';

/** What a version's adapter sees of one connection. Each tolerance is logged once a connection, and counted each time. */
export function createPeer(deps: {
  readonly chargePointId: string;
  readonly events: ChargePointEvents;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counting: Counting;
}): Peer {
  const logged = new Set<string>();
  return {
    chargePointId: deps.chargePointId,
    events: deps.events,
    log: deps.log,
    now: () => deps.clock.now(),
    tolerated(names, action) {
      for (const name of names) {
        countBy(deps.counting.tolerances, name);
        if (logged.has(name)) continue;
        logged.add(name);
        deps.log.info({ tolerance: name, action }, 'message read with tolerance');
      }
    },
  };
}
