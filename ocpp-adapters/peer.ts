import type { ChargePointEvents } from '../src/app/charge-point-events.js';
import type { Clock, Iso15118Provider, Logger } from '../src/ports.js';
import type { Peer } from './adapter.js';
import { countBy, type Counting } from './counters.js';

/** What a version's adapter sees of one connection. Each tolerance is counted each time, logged and reported once a connection. */
export function createPeer(deps: {
  readonly chargePointId: string;
  readonly events: ChargePointEvents;
  readonly iso15118?: Iso15118Provider | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counting: Counting;
}): Peer {
  const reported = new Set<string>();
  return {
    chargePointId: deps.chargePointId,
    events: deps.events,
    log: deps.log,
    iso15118: deps.iso15118,
    now: () => deps.clock.now(),
    tolerated(names, action) {
      for (const name of names) countBy(deps.counting.tolerances, name);
      const fresh = names.filter((name) => !reported.has(name));
      if (fresh.length === 0) return;
      for (const name of fresh) reported.add(name);
      fresh.forEach((name) => deps.log.info({ tolerance: name, action }, 'message read with tolerance'));
      deps.events.deviated(deps.chargePointId, fresh);
    },
  };
}
