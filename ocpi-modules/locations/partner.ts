import { findEvse, type Location } from '../../src/domain/location.js';
import type { PartnerLink } from '../../src/ports.js';
import type { PartnerClient } from '../partner-client.js';

const path = (of: Location): string[] => [of.country_code, of.party_id, of.id];

/** Locations, what we push (OCPI 2.2.1 §8.2.2). */
export const locationsPartner = (client: PartnerClient): Pick<PartnerLink, 'putLocation' | 'patchEvseStatus'> => ({
  async putLocation(partner, location) {
    const at = client.moduleOf(partner, 'locations', 'RECEIVER');
    // one that is not published is kept from partners whose version can't say so
    if ('codec' in at && !at.codec.locations.location(location)) return { result: 'delivered' };
    return client.push(partner, 'locations', {
      method: 'PUT',
      segments: path(location),
      body: ({ locations }) => locations.location(location),
    });
  },
  async patchEvseStatus(partner, location, evseUid) {
    const uid = findEvse(location, evseUid)?.uid ?? evseUid;
    const at = client.moduleOf(partner, 'locations', 'RECEIVER');
    // an EVSE that the partner's version can't express is not there for it, so it has no status either
    if ('codec' in at && !at.codec.locations.evseStatus(location, uid)) return { result: 'delivered' };
    return client.push(partner, 'locations', {
      method: 'PATCH',
      segments: [...path(location), uid],
      body: ({ locations }) => locations.evseStatus(location, uid),
    });
  },
});
