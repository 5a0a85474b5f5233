import { z } from 'zod';
import {
  capabilities,
  connector as canonicalConnector,
  connectorTypes as canonicalConnectorTypes,
  evse as canonicalEvse,
  facilities,
  findConnector,
  findEvse,
  geoLocation as canonicalGeoLocation,
  location as canonicalLocation,
  parkingRestrictions as canonicalParkingRestrictions,
  parkingTypes,
  publishTokenType as canonicalPublishTokenType,
  type Connector,
  type Evse,
  type Location,
} from '../../src/domain/location.js';
import { displayText, listOf, nonEmptyListOf, optional, text } from '../../src/domain/schema.js';
import type { LocationsCodec } from '../codec.js';
import { cut, knownOnly, withLosses, type Loss } from '../loss.js';
import { tokenType, tokenTypeToWire } from '../types/2.2.1.js';

/** Locations of OCPI 2.2.1 §8.3, as differences from the canonical 2.3.0 objects. Enums are closed here. */

export const ADDRESS_LENGTH = 45;
export const STATE_LENGTH = 20;
const LATITUDE_LENGTH = 10;
const LONGITUDE_LENGTH = 11;

type WithoutNew<T extends string> = Exclude<T, 'MCS' | 'SAE_J3400' | 'EMPLOYEES' | 'TAXIS' | 'TENANTS'>;
const newIn23 = ['MCS', 'SAE_J3400', 'EMPLOYEES', 'TAXIS', 'TENANTS'];
const known221 = <T extends string>(values: readonly T[]): WithoutNew<T>[] =>
  values.filter((value): value is WithoutNew<T> => !newIn23.includes(value));

const connectorTypes = known221(canonicalConnectorTypes);
const parkingRestrictions = known221(canonicalParkingRestrictions);

export const connectorType = z.enum(connectorTypes);

export const geoLocation = canonicalGeoLocation.extend({
  latitude: canonicalGeoLocation.shape.latitude.max(LATITUDE_LENGTH),
  longitude: canonicalGeoLocation.shape.longitude.max(LONGITUDE_LENGTH),
});

const publishTokenType = canonicalPublishTokenType.extend({ type: optional(tokenType) });

export const connector = canonicalConnector.omit({ capabilities: true }).extend({ standard: connectorType });

export const evse = canonicalEvse.extend({
  capabilities: listOf(z.enum(capabilities)),
  connectors: nonEmptyListOf(connector),
  coordinates: optional(geoLocation),
  parking_restrictions: listOf(z.enum(parkingRestrictions)),
});

export const location = canonicalLocation.omit({ help_phone: true }).extend({
  publish_allowed_to: listOf(publishTokenType),
  address: text(ADDRESS_LENGTH),
  state: optional(text(STATE_LENGTH)),
  coordinates: geoLocation,
  related_locations: listOf(geoLocation.extend({ name: optional(displayText) })),
  parking_type: optional(z.enum(parkingTypes)),
  evses: listOf(evse),
  facilities: listOf(z.enum(facilities)),
});

/** SAE J3400 is Tesla's plug made a standard, so that is what older partners know it as. */
function connectorTypeToWire(standard: string): z.infer<typeof connectorType> | undefined {
  return standard === 'SAE_J3400' ? 'TESLA_S' : connectorTypes.find((known) => known === standard);
}

/** A CDR must name a plug, also where 2.2.1 has none for it: then the usual one for the kind of current. */
export const connectorTypeForCdr = (of: Pick<Connector, 'standard' | 'power_type'>): z.infer<typeof connectorType> =>
  connectorTypeToWire(of.standard) ?? (of.power_type === 'DC' ? 'IEC_62196_T2_COMBO' : 'IEC_62196_T2');

export const geoLocationToWire = <T extends z.infer<typeof geoLocation>>(of: T): T => ({
  ...of,
  latitude: cut(of.latitude, LATITUDE_LENGTH),
  longitude: cut(of.longitude, LONGITUDE_LENGTH),
});

const connectorLosses: readonly Loss<Connector>[] = [
  {
    field: 'Connector.capabilities',
    rule: 'dropped',
    apply: (of) => ({ ...of, capabilities: undefined }),
  },
  {
    field: 'Connector.standard',
    rule: 'SAE_J3400 becomes TESLA_S; a connector of another type that 2.2.1 does not know is left out',
    apply: (of) => ({ ...of, standard: connectorTypeToWire(of.standard) ?? of.standard }),
  },
];

const evseLosses: readonly Loss<Evse>[] = [
  {
    field: 'EVSE.connectors',
    rule: 'those of unknown types are left out, and an EVSE without any other with them',
    apply: (of) => ({
      ...of,
      connectors: of.connectors
        .map((each) => withLosses(each, connectorLosses))
        .filter(({ standard }) => connectorTypeToWire(standard) !== undefined),
    }),
  },
  {
    field: 'EVSE.capabilities',
    rule: 'unknown ones are dropped',
    apply: (of) => ({ ...of, capabilities: knownOnly(of.capabilities, capabilities) }),
  },
  {
    field: 'EVSE.parking_restrictions',
    rule: 'EMPLOYEES, TAXIS, TENANTS and unknown ones are dropped',
    apply: (of) => ({ ...of, parking_restrictions: knownOnly(of.parking_restrictions, parkingRestrictions) }),
  },
  {
    field: 'EVSE.coordinates',
    rule: 'cut to 10 and 11 characters',
    apply: (of) => ({ ...of, coordinates: of.coordinates && geoLocationToWire(of.coordinates) }),
  },
];

const locationLosses: readonly Loss<Location>[] = [
  { field: 'Location.help_phone', rule: 'dropped', apply: (of) => ({ ...of, help_phone: undefined }) },
  {
    field: 'Location.address',
    rule: 'cut to 45 characters',
    apply: (of) => ({ ...of, address: cut(of.address, ADDRESS_LENGTH) }),
  },
  {
    field: 'Location.state',
    rule: 'cut to 20 characters',
    apply: (of) => ({ ...of, state: cut(of.state, STATE_LENGTH) }),
  },
  {
    field: 'Location.coordinates, related_locations',
    rule: 'cut to 10 and 11 characters',
    apply: (of) => ({
      ...of,
      coordinates: geoLocationToWire(of.coordinates),
      related_locations: of.related_locations?.map(geoLocationToWire),
    }),
  },
  {
    field: 'Location.parking_type',
    rule: 'dropped when unknown',
    apply: (of) => ({ ...of, parking_type: parkingTypes.find((known) => known === of.parking_type) }),
  },
  {
    field: 'Location.facilities',
    rule: 'unknown ones are dropped',
    apply: (of) => ({ ...of, facilities: knownOnly(of.facilities, facilities) }),
  },
  {
    field: 'Location.publish_allowed_to.type',
    rule: 'EMAID and unknown types become OTHER',
    apply: (of) => ({
      ...of,
      publish_allowed_to: of.publish_allowed_to?.map((token) => ({
        ...token,
        type: token.type && tokenTypeToWire(token.type),
      })),
    }),
  },
  {
    field: 'Location.evses',
    rule: 'those without a connector that 2.2.1 knows are left out',
    apply: (of) => ({
      ...of,
      evses: of.evses?.map((each) => withLosses(each, evseLosses)).filter((each) => each.connectors.length > 0),
    }),
  },
];

const toWire = (of: Location): Location => withLosses(of, locationLosses);

export const locations: LocationsCodec = {
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
};

/** All that a location loses in 2.2.1, for the documentation and the tests. */
export const losses221 = [...locationLosses, ...evseLosses, ...connectorLosses].map(({ field, rule }) => ({
  field,
  rule,
}));
