import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { Instant } from '../../src/domain/instant.js';
import {
  findConnector,
  findEvse,
  type Connector,
  type Evse,
  type EvseStatus,
  type Location,
} from '../../src/domain/location.js';
import { displayText, integer, listOf, nonEmptyListOf, optional, text } from '../../src/domain/schema.js';
import type { Place } from '../../src/domain/session.js';
import type { LocationsCodec } from '../codec.js';
import { cut, knownOnly, type LossNote } from '../loss.js';
import { omit } from '../omit.js';
import { energyMix, energyMixToWire } from '../types/2.1.1.js';
import { businessDetailsToWire, imageToWire } from '../types/2.2.1.js';
import {
  ADDRESS_LENGTH,
  connector as connector221,
  connectorTypeForCdr as connectorTypeForCdr221,
  evse as evse221,
  location as location221,
  locationTo221,
} from './2.2.1.js';

/** Locations of OCPI 2.1.1 (mod_locations 3.3), as differences from 2.2.1. */

const connectorTypes = [
  'CHADEMO',
  'DOMESTIC_A',
  'DOMESTIC_B',
  'DOMESTIC_C',
  'DOMESTIC_D',
  'DOMESTIC_E',
  'DOMESTIC_F',
  'DOMESTIC_G',
  'DOMESTIC_H',
  'DOMESTIC_I',
  'DOMESTIC_J',
  'DOMESTIC_K',
  'DOMESTIC_L',
  'IEC_60309_2_single_16',
  'IEC_60309_2_three_16',
  'IEC_60309_2_three_32',
  'IEC_60309_2_three_64',
  'IEC_62196_T1',
  'IEC_62196_T1_COMBO',
  'IEC_62196_T2',
  'IEC_62196_T2_COMBO',
  'IEC_62196_T3A',
  'IEC_62196_T3C',
  'TESLA_R',
  'TESLA_S',
] as const;
const powerTypes = ['AC_1_PHASE', 'AC_3_PHASE', 'DC'] as const;
const capabilities = [
  'CHARGING_PROFILE_CAPABLE',
  'CREDIT_CARD_PAYABLE',
  'REMOTE_START_STOP_CAPABLE',
  'RESERVABLE',
  'RFID_READER',
  'UNLOCK_CAPABLE',
] as const;
const parkingRestrictions = ['EV_ONLY', 'PLUGGED', 'DISABLED', 'CUSTOMERS', 'MOTORCYCLES'] as const;
const locationTypes = ['ON_STREET', 'PARKING_GARAGE', 'UNDERGROUND_GARAGE', 'PARKING_LOT', 'OTHER', 'UNKNOWN'] as const;
const facilities = [
  'HOTEL',
  'RESTAURANT',
  'CAFE',
  'MALL',
  'SUPERMARKET',
  'SPORT',
  'RECREATION_AREA',
  'NATURE',
  'MUSEUM',
  'BUS_STOP',
  'TAXI_STAND',
  'TRAIN_STATION',
  'AIRPORT',
  'CARPOOL_PARKING',
  'FUEL_STATION',
  'WIFI',
] as const;

const DECIMALS = 6;
/** 2.1.1 has no `#NA` for a required text that can't be known. */
const NO_POSTAL_CODE = '-';

export const geoLocation = z.object({
  latitude: text(10).regex(/^-?\d{1,2}\.\d{6}$/, 'latitude needs 6 decimals'),
  longitude: text(11).regex(/^-?\d{1,3}\.\d{6}$/, 'longitude needs 6 decimals'),
});

export const connector = connector221
  .omit({ max_voltage: true, max_amperage: true, max_electric_power: true, tariff_ids: true })
  .extend({
    standard: z.enum(connectorTypes),
    power_type: z.enum(powerTypes),
    voltage: integer,
    amperage: integer,
    tariff_id: optional(text(36)),
  });
type WireConnector = z.infer<typeof connector>;

export const evse = evse221.extend({
  uid: text(39).min(1),
  capabilities: listOf(z.enum(capabilities)),
  connectors: nonEmptyListOf(connector),
  coordinates: optional(geoLocation),
  parking_restrictions: listOf(z.enum(parkingRestrictions)),
});
type WireEvse = z.infer<typeof evse>;

export const location = location221
  .omit({
    country_code: true,
    party_id: true,
    publish: true,
    publish_allowed_to: true,
    state: true,
    parking_type: true,
  })
  .extend({
    id: text(39).min(1),
    type: z.enum(locationTypes),
    postal_code: text(10),
    // alpha-3 by the text, alpha-2 in half of the examples
    country: text(3),
    coordinates: geoLocation,
    related_locations: listOf(geoLocation.extend({ name: optional(displayText) })),
    evses: listOf(evse),
    facilities: listOf(z.enum(facilities)),
    time_zone: optional(text(255)),
    energy_mix: optional(energyMix),
  });
type WireLocation = z.infer<typeof location>;

const geoLocationToWire = <T extends Location['coordinates']>(of: T): T => ({
  ...of,
  latitude: new Decimal(of.latitude).toFixed(DECIMALS),
  longitude: new Decimal(of.longitude).toFixed(DECIMALS),
});

/** Two phases are told as one: what is left is the kind of current. */
const powerTypeToWire = (of: string): WireConnector['power_type'] =>
  powerTypes.find((known) => known === of) ?? 'AC_1_PHASE';

/** A place's kind that 2.1.1 doesn't know is another one; one that isn't said is not known. */
const typeToWire = (parkingType: string | undefined): WireLocation['type'] =>
  parkingType === undefined ? 'UNKNOWN' : (locationTypes.find((known) => known === parkingType) ?? 'OTHER');

function connectorToWire(of: Connector): WireConnector | undefined {
  const standard = connectorTypes.find((known) => known === of.standard);
  if (!standard) return undefined;
  const { max_voltage, max_amperage, tariff_ids } = of;
  return {
    ...omit(of, 'max_voltage', 'max_amperage', 'max_electric_power', 'tariff_ids', 'capabilities'),
    standard,
    power_type: powerTypeToWire(of.power_type),
    voltage: max_voltage,
    amperage: max_amperage,
    ...(tariff_ids?.[0] !== undefined && { tariff_id: tariff_ids[0] }),
  };
}

function evseToWire(of: Evse): WireEvse | undefined {
  const connectors = of.connectors.map(connectorToWire).filter((each) => each !== undefined);
  if (connectors.length === 0) return undefined;
  return {
    ...omit(of, 'parking', 'accepted_service_providers'),
    connectors,
    capabilities: knownOnly(of.capabilities, capabilities),
    parking_restrictions: knownOnly(of.parking_restrictions, parkingRestrictions),
    images: of.images?.map(imageToWire),
    coordinates: of.coordinates && geoLocationToWire(of.coordinates),
  };
}

/** undefined: not published, which 2.1.1 can only say by silence (DIFFERENCES §11). */
function toWire(canonical: Location): WireLocation | undefined {
  if (!canonical.publish) return undefined;
  const of = locationTo221(canonical);
  return {
    ...omit(
      of,
      'country_code',
      'party_id',
      'publish',
      'publish_allowed_to',
      'state',
      'parking_type',
      'parking_places',
      'help_phone',
    ),
    type: typeToWire(of.parking_type),
    postal_code: of.postal_code ?? NO_POSTAL_CODE,
    coordinates: geoLocationToWire(of.coordinates),
    related_locations: of.related_locations?.map(geoLocationToWire),
    evses: of.evses?.map(evseToWire).filter((each) => each !== undefined),
    facilities: knownOnly(of.facilities, facilities),
    operator: of.operator && businessDetailsToWire(of.operator),
    suboperator: of.suboperator && businessDetailsToWire(of.suboperator),
    owner: of.owner && businessDetailsToWire(of.owner),
    images: of.images?.map(imageToWire),
    energy_mix: of.energy_mix && energyMixToWire(of.energy_mix),
  };
}

const evseIn = (of: Location, evseUid: string): WireEvse | undefined => {
  const uid = findEvse(of, evseUid)?.uid;
  return toWire(of)?.evses?.find((each) => each.uid === uid);
};

export const locations: LocationsCodec = {
  location: toWire,
  evse: evseIn,
  connector(of, evseUid, connectorId) {
    const found = findEvse(of, evseUid);
    const id = found && findConnector(found, connectorId)?.id;
    return evseIn(of, evseUid)?.connectors.find((each) => each.id === id);
  },
  evseStatus(of, evseUid) {
    const found = evseIn(of, evseUid);
    return found && { status: found.status, last_updated: found.last_updated };
  },
};

/** No status is kept of a past place: it was in use, as the session or CDR says. */
const STATUS_OF_A_CHARGE: EvseStatus = 'CHARGING';

/**
 * The Location inside a session or CDR, cut to the one EVSE and connector, as it was at the start (mod_sessions 3.2,
 * mod_cdrs 3.2). `startedAt` stands for the times of change, which are not kept of it.
 */
export function placeToWire({ location: of, evse: at, connector: used }: Place, startedAt: Instant): WireLocation {
  const last_updated = startedAt;
  const known = connectorTypeForCdr221(used);
  return {
    id: of.id,
    type: typeToWire(of.parking_type),
    name: of.name,
    address: cut(of.address, ADDRESS_LENGTH),
    city: of.city,
    postal_code: of.postal_code ?? NO_POSTAL_CODE,
    country: of.country,
    coordinates: geoLocationToWire(of.coordinates),
    time_zone: of.time_zone,
    evses: [
      {
        uid: at.uid,
        evse_id: at.evse_id,
        status: STATUS_OF_A_CHARGE,
        connectors: [
          {
            id: used.id,
            standard: connectorTypes.find((each) => each === known) ?? usualPlug(used.power_type),
            format: used.format,
            power_type: powerTypeToWire(used.power_type),
            voltage: used.max_voltage ?? NOT_KNOWN,
            amperage: used.max_amperage ?? NOT_KNOWN,
            last_updated,
          },
        ],
        last_updated,
      },
    ],
    last_updated,
  };
}

const usualPlug = (powerType: Connector['power_type']): WireConnector['standard'] =>
  powerType === 'DC' ? 'IEC_62196_T2_COMBO' : 'IEC_62196_T2';

/** Of places that were kept before volts and amperes were kept with them. */
const NOT_KNOWN = 0;

/** All that a location loses in 2.1.1, beside what it loses in 2.2.1. */
export const losses211: readonly LossNote[] = [
  { field: 'Location.country_code', rule: 'only in the URL' },
  { field: 'Location.party_id', rule: 'only in the URL' },
  { field: 'Location.publish', rule: 'dropped; a location that is not published is not sent at all' },
  { field: 'Location.publish_allowed_to', rule: 'dropped, as such a location is not sent at all' },
  { field: 'Location.postal_code', rule: 'required: - where there is none' },
  { field: 'Location.state', rule: 'dropped' },
  { field: 'Location.parking_type', rule: 'becomes type: ON_DRIVEWAY and ALONG_MOTORWAY OTHER, absent UNKNOWN' },
  { field: 'Location.coordinates', rule: 'rounded or filled to 6 decimals' },
  { field: 'Location.related_locations', rule: 'coordinates rounded or filled to 6 decimals' },
  { field: 'Location.facilities', rule: 'BIKE_SHARING, METRO_STATION, PARKING_LOT and TRAM_STOP are dropped' },
  { field: 'Location.energy_mix', rule: 'category of an environ_impact becomes source' },
  { field: 'Location.evses', rule: 'those without a connector that 2.1.1 knows are left out' },
  { field: 'EVSE.coordinates', rule: 'rounded or filled to 6 decimals' },
  { field: 'EVSE.capabilities', rule: 'those of 2.2 and later are dropped' },
  { field: 'EVSE.connectors', rule: 'those of a standard of 2.2 and later are left out' },
  { field: 'Connector.standard', rule: 'in sessions and CDRs one of 2.2 and later becomes the usual plug' },
  { field: 'Connector.power_type', rule: 'AC_2_PHASE and AC_2_PHASE_SPLIT become AC_1_PHASE' },
  { field: 'Connector.max_voltage', rule: 'becomes voltage' },
  { field: 'Connector.max_amperage', rule: 'becomes amperage' },
  { field: 'Connector.max_electric_power', rule: 'dropped' },
  { field: 'Connector.tariff_ids', rule: 'the first becomes tariff_id' },
];
