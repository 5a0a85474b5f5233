import {
  evse as canonicalEvse,
  findConnector,
  findEvse,
  geoLocation as canonicalGeoLocation,
  location as canonicalLocation,
  type Location,
} from '../../src/domain/location.js';
import { displayText, listOf, optional } from '../../src/domain/schema.js';
import type { LocationsCodec } from '../codec.js';
import { cut } from '../loss.js';

export { connector } from '../../src/domain/location.js';

/** Locations of OCPI 2.3.0 §8.3: the canonical ones, with coordinates of the length that the wire has. */

const LATITUDE_LENGTH = 10;
const LONGITUDE_LENGTH = 11;

export const geoLocation = canonicalGeoLocation.extend({
  latitude: canonicalGeoLocation.shape.latitude.max(LATITUDE_LENGTH),
  longitude: canonicalGeoLocation.shape.longitude.max(LONGITUDE_LENGTH),
});

export const relatedLocation = geoLocation.extend({ name: optional(displayText) });

export const evse = canonicalEvse.extend({ coordinates: optional(geoLocation) });

export const location = canonicalLocation.extend({
  coordinates: geoLocation,
  related_locations: listOf(relatedLocation),
  evses: listOf(evse),
});

/** 7 decimals are too long behind a sign and two or three digits. */
export const geoLocationToWire = <T extends Location['coordinates']>(of: T): T => ({
  ...of,
  latitude: cut(of.latitude, LATITUDE_LENGTH),
  longitude: cut(of.longitude, LONGITUDE_LENGTH),
});

export const locationToWire = (of: Location): Location => ({
  ...of,
  coordinates: geoLocationToWire(of.coordinates),
  related_locations: of.related_locations?.map(geoLocationToWire),
  evses: of.evses?.map((each) => ({ ...each, coordinates: each.coordinates && geoLocationToWire(each.coordinates) })),
});

/** The parts of a location are those of the whole as the version says it. */
export const locationsCodec = (toWire: (of: Location) => Location): LocationsCodec => ({
  location: toWire,
  evse: (of, evseUid) => findEvse(toWire(of), evseUid),
  connector(of, evseUid, connectorId) {
    const found = findEvse(toWire(of), evseUid);
    return found && findConnector(found, connectorId);
  },
  evseStatus(of, evseUid) {
    const found = findEvse(toWire(of), evseUid);
    return found && { status: found.status, last_updated: found.last_updated };
  },
});

export const locations = locationsCodec(locationToWire);
