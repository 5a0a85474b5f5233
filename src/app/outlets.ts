import { DomainError } from '../domain/errors.js';
import { keyOf } from '../domain/ids.js';
import { findConnector, findEvse, type Evse, type Location } from '../domain/location.js';
import type { ChargePointLink, Store } from '../ports.js';
import type { Outlet, Places } from './places.js';

interface Deps {
  readonly store: Store;
  readonly places: Places;
  readonly chargePointLink: Pick<ChargePointLink, 'isConnected'>;
}

/** What a partner's command names: an EVSE, one of its connectors, or any EVSE of the location. */
export interface Named {
  readonly locationId: string;
  readonly evseUid?: string | undefined;
  readonly connectorId?: string | undefined;
}

export type FoundOutlet = Outlet & { readonly evse: Evse };

/**
 * The connected charge point's connector that a partner means; of any EVSE, an available one. undefined: none is
 * connected.
 * @throws DomainError `unknown-location` when location, EVSE or connector are not known (OCPI status 2003)
 */
export type FindOutlet = (named: Named) => Promise<FoundOutlet | undefined>;

export function createFindOutlet({ store, places, chargePointLink }: Deps): FindOutlet {
  async function locationOf(id: string): Promise<Location> {
    const found = await store.get('location', keyOf(id));
    if (!found) throw new DomainError('unknown-location', `there is no location ${id}`);
    return found.body;
  }

  return async ({ locationId, evseUid, connectorId }) => {
    const location = await locationOf(locationId);
    for (const evse of candidates(location, evseUid, connectorId)) {
      const outlets = await places.outletsOf(location, evse, connectorId);
      const connected = outlets.find(({ chargePoint }) => chargePointLink.isConnected(chargePoint.id));
      if (connected) return { ...connected, evse };
    }
    return undefined;
  };
}

function candidates(location: Location, evseUid: string | undefined, connectorId: string | undefined): readonly Evse[] {
  if (evseUid === undefined) return (location.evses ?? []).filter(({ status }) => status === 'AVAILABLE');
  const evse = findEvse(location, evseUid);
  if (!evse || evse.status === 'REMOVED') {
    throw new DomainError('unknown-location', `there is no EVSE ${evseUid} at location ${location.id}`);
  }
  if (connectorId !== undefined && !findConnector(evse, connectorId)) {
    throw new DomainError('unknown-location', `EVSE ${evse.uid} has no connector ${connectorId}`);
  }
  return [evse];
}
