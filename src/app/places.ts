import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import { parseInstant, type Instant } from '../domain/instant.js';
import { findConnector, findEvse, type Connector, type Evse, type Location } from '../domain/location.js';
import type { Place } from '../domain/session.js';
import type { Tariff } from '../domain/tariff.js';
import type { Store } from '../ports.js';

/** A charge point's connector that an OCPI EVSE and connector name. */
export interface Outlet {
  readonly chargePoint: ChargePoint;
  /** Key of the charge point's `evses`. */
  readonly connector: string;
}

export interface Places {
  /** `part`: the connector of the OCPP 2.x EVSE. Where a connector of a charge point is, as a session keeps it; undefined when no EVSE is mapped to it. */
  at(chargePoint: ChargePoint, connector: string, part?: string): Promise<Place | undefined>;
  /** The tariff in force at a place: the first listed one of its connector that is valid then and for all or regular use. */
  tariffOf(place: Place, at: Instant): Promise<Tariff | undefined>;
  /** The charge point's connectors that serve an EVSE, or one of its connectors. */
  outletsOf(location: Location, evse: Evse, connectorId?: string): Promise<readonly Outlet[]>;
}

export function createPlaces(store: Store): Places {
  async function find(locationId: string, evseUid: string): Promise<{ location: Location; evse: Evse } | undefined> {
    const location = (await store.get('location', keyOf(locationId)))?.body;
    const evse = location && findEvse(location, evseUid);
    return evse && { location, evse };
  }

  return {
    async at(chargePoint, connector, part) {
      const evseUid = chargePoint.evses[connector];
      if (!chargePoint.locationId || evseUid === undefined) return undefined;
      const found = await find(chargePoint.locationId, evseUid);
      const outlet = found && (partOf(found.evse, part) ?? connectorOf(chargePoint, found.evse, connector));
      return outlet && placeOf(found.location, found.evse, outlet);
    },

    async tariffOf(place, at) {
      const found = await find(place.location.id, place.evse.uid);
      const connector = found && findConnector(found.evse, place.connector.id);
      for (const id of connector?.tariff_ids ?? []) {
        const stored = (await store.get('tariff', keyOf(id)))?.body;
        if (stored && !stored.removed && isInForce(stored.tariff, at)) return stored.tariff;
      }
      return undefined;
    },

    async outletsOf(location, evse, connectorId) {
      const chargePoints = await store.find('chargePoint', { where: { location: keyOf(location.id) } });
      return chargePoints.flatMap(({ body: chargePoint }) =>
        connectorsOf(chargePoint, evse.uid)
          .filter(
            (connector) =>
              connectorId === undefined ||
              keyOf(connectorOf(chargePoint, evse, connector)?.id ?? '') === keyOf(connectorId),
          )
          .map((connector) => ({ chargePoint, connector })),
      );
    },
  };
}

/** The OCPP connectors that are mapped to an EVSE, in their order. */
const connectorsOf = (chargePoint: ChargePoint, evseUid: string): readonly string[] =>
  Object.entries(chargePoint.evses)
    .filter(([, uid]) => keyOf(uid) === keyOf(evseUid))
    .map(([connector]) => connector)
    .sort((a, b) => Number(a) - Number(b));

/** Several OCPP connectors on one EVSE are its OCPI connectors in their order; one stands for the first. */
function connectorOf(chargePoint: ChargePoint, evse: Evse, connector: string): Connector | undefined {
  const index = connectorsOf(chargePoint, evse.uid).indexOf(connector);
  return evse.connectors[index] ?? evse.connectors[0];
}

/** Connectors of an OCPP 2.x EVSE count from 1, in the order of the OCPI EVSE's. */
const partOf = (evse: Evse, part: string | undefined): Connector | undefined =>
  part === undefined ? undefined : evse.connectors[Number(part) - 1];

const placeOf = (location: Location, evse: Evse, connector: Connector): Place => ({
  location: {
    id: location.id,
    name: location.name,
    address: location.address,
    city: location.city,
    postal_code: location.postal_code,
    state: location.state,
    country: location.country,
    coordinates: location.coordinates,
    parking_type: location.parking_type,
    time_zone: location.time_zone,
  },
  evse: { uid: evse.uid, evse_id: evse.evse_id },
  connector: {
    id: connector.id,
    standard: connector.standard,
    format: connector.format,
    power_type: connector.power_type,
    max_voltage: connector.max_voltage,
    max_amperage: connector.max_amperage,
  },
});

/** Valid then, and for charges that chose no profile (OCPI 2.2.1 §11.3.1: start inclusive, end exclusive). */
function isInForce(tariff: Tariff, at: Instant): boolean {
  const from = tariff.start_date_time && parseInstant(tariff.start_date_time);
  const until = tariff.end_date_time && parseInstant(tariff.end_date_time);
  return (tariff.type === undefined || tariff.type === 'REGULAR') && (!from || from <= at) && (!until || at < until);
}
