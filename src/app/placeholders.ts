import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { findEvse, type Evse, type Location } from '../domain/location.js';
import type { Party } from '../domain/schema.js';
import type { Clock, Logger } from '../ports.js';
import type { Documents } from './documents.js';

interface Deps {
  readonly documents: Documents;
  readonly party: Party;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Locations for charge points that nobody described (`acceptUnknown`): enough to see them work at a partner. */
export interface Placeholders {
  /** Makes a charge point with a location of its own. */
  adopt(chargePointId: string): Promise<ChargePoint>;
  /** Adds an EVSE for a connector that a placeholder charge point reported for the first time. */
  addConnector(chargePoint: ChargePoint, connector: string): Promise<ChargePoint>;
}

/** OCPI ids end at 36 characters; the tail of a long charge point id tells more than its head. */
const idFrom = (chargePointId: string, suffix: string): string =>
  `${chargePointId.replaceAll(/[^\x21-\x7e]/g, '_').slice(-(36 - suffix.length))}${suffix}`;

export function createPlaceholders({ documents, party, clock, logger }: Deps): Placeholders {
  async function addConnector(chargePoint: ChargePoint, connector: string): Promise<ChargePoint> {
    const now = clock.now();
    const uid = idFrom(chargePoint.id, `-${connector}`);
    const { locationId } = chargePoint;
    if (!locationId) return chargePoint;
    await documents.change('location', keyOf(locationId), (current) =>
      current && !findEvse(current, uid)
        ? { ...current, evses: [...(current.evses ?? []), placeholderEvse(uid, now)], last_updated: now }
        : current,
    );
    const changed = await documents.change(
      'chargePoint',
      keyOf(chargePoint.id),
      (current) => current && { ...current, evses: { ...current.evses, [connector]: uid } },
    );
    return changed?.body ?? chargePoint;
  }

  return {
    async adopt(chargePointId) {
      const locationId = idFrom(chargePointId, '');
      const now = clock.now();
      await documents.change(
        'location',
        keyOf(locationId),
        (current) => current ?? placeholderLocation(locationId, party, now),
      );
      const chargePoint: ChargePoint = {
        id: chargePointId,
        securityProfile: 0,
        registration: 'Accepted',
        locationId,
        placeholder: true,
        evses: {},
        connectors: {},
        grants: [],
      };
      await documents.change('chargePoint', keyOf(chargePointId), (current) => current ?? chargePoint);
      logger.info({ chargePoint: chargePointId, location: locationId }, 'adopted an unknown charge point');
      return addConnector(chargePoint, '1');
    },
    addConnector,
  };
}

const placeholderLocation = (id: string, party: Party, now: Instant): Location => ({
  country_code: party.countryCode,
  party_id: party.partyId,
  id,
  publish: true,
  name: id,
  address: 'not known yet',
  city: 'not known yet',
  country: 'NLD',
  coordinates: { latitude: '0.00000', longitude: '0.00000' },
  time_zone: 'Etc/UTC',
  evses: [],
  last_updated: now,
});

const placeholderEvse = (uid: string, now: Instant): Evse => ({
  uid,
  status: 'UNKNOWN',
  connectors: [
    {
      id: '1',
      standard: 'IEC_62196_T2',
      format: 'SOCKET',
      power_type: 'AC_3_PHASE',
      max_voltage: 230,
      max_amperage: 16,
      last_updated: now,
    },
  ],
  last_updated: now,
});
