import { z } from 'zod';
import { evseParking, parking } from './parking.js';
import {
  businessDetails,
  ciString,
  countryCode,
  dateTime,
  displayText,
  image,
  integer,
  listOf,
  nonEmptyListOf,
  openEnum,
  optional,
  partyId,
  text,
  url,
} from './schema.js';

/** The canonical Location, EVSE and Connector: OCPI 2.3.0 §8.3. Older versions are differences from these. */

export const geoLocation = z.object({
  latitude: z.string().regex(/^-?\d{1,2}\.\d{5,7}$/, 'latitude needs 5 to 7 decimals'),
  longitude: z.string().regex(/^-?\d{1,3}\.\d{5,7}$/, 'longitude needs 5 to 7 decimals'),
});

const additionalGeoLocation = geoLocation.extend({ name: optional(displayText) });

export const evseStatuses = [
  'AVAILABLE',
  'BLOCKED',
  'CHARGING',
  'INOPERATIVE',
  'OUTOFORDER',
  'PLANNED',
  'REMOVED',
  'RESERVED',
  'UNKNOWN',
] as const;
export type EvseStatus = (typeof evseStatuses)[number];

export const tokenTypes = ['AD_HOC_USER', 'APP_USER', 'EMAID', 'OTHER', 'RFID'] as const;

export const publishTokenType = z.object({
  uid: optional(ciString(36)),
  type: optional(openEnum(tokenTypes)),
  visual_number: optional(text(64)),
  issuer: optional(text(64)),
  group_id: optional(ciString(36)),
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/, 'not a time HH:MM');

const exceptionalPeriod = z.object({ period_begin: dateTime, period_end: dateTime });

export const hours = z.object({
  twentyfourseven: z.boolean(),
  regular_hours: listOf(z.object({ weekday: integer.min(1).max(7), period_begin: timeOfDay, period_end: timeOfDay })),
  exceptional_openings: listOf(exceptionalPeriod),
  exceptional_closings: listOf(exceptionalPeriod),
});

export const energySourceCategories = [
  'NUCLEAR',
  'GENERAL_FOSSIL',
  'COAL',
  'GAS',
  'GENERAL_GREEN',
  'SOLAR',
  'WIND',
  'WATER',
] as const;

export const environmentalImpactCategories = ['NUCLEAR_WASTE', 'CARBON_DIOXIDE'] as const;

export const energyMix = z.object({
  is_green_energy: z.boolean(),
  energy_sources: listOf(z.object({ source: z.enum(energySourceCategories), percentage: z.number().min(0).max(100) })),
  environ_impact: listOf(z.object({ category: openEnum(environmentalImpactCategories), amount: z.number() })),
  supplier_name: optional(text(64)),
  energy_product_name: optional(text(64)),
});
export type EnergyMix = z.infer<typeof energyMix>;

export const connectorTypes = [
  'CHADEMO',
  'CHAOJI',
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
  'DOMESTIC_M',
  'DOMESTIC_N',
  'DOMESTIC_O',
  'GBT_AC',
  'GBT_DC',
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
  'MCS',
  'NEMA_5_20',
  'NEMA_6_30',
  'NEMA_6_50',
  'NEMA_10_30',
  'NEMA_10_50',
  'NEMA_14_30',
  'NEMA_14_50',
  'PANTOGRAPH_BOTTOM_UP',
  'PANTOGRAPH_TOP_DOWN',
  'SAE_J3400',
  'TESLA_R',
  'TESLA_S',
] as const;

export const connectorFormats = ['SOCKET', 'CABLE'] as const;
export const powerTypes = ['AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'] as const;

/** Functions of ISO 15118. */
const connectorCapabilities = ['ISO_15118_2_PLUG_AND_CHARGE', 'ISO_15118_20_PLUG_AND_CHARGE'] as const;

export const connector = z.object({
  id: ciString(36),
  standard: openEnum(connectorTypes),
  format: z.enum(connectorFormats),
  power_type: z.enum(powerTypes),
  max_voltage: integer,
  max_amperage: integer,
  max_electric_power: optional(integer),
  tariff_ids: listOf(ciString(36)),
  terms_and_conditions: optional(url),
  capabilities: listOf(openEnum(connectorCapabilities)),
  last_updated: dateTime,
});
export type Connector = z.infer<typeof connector>;

export const capabilities = [
  'CHARGING_PROFILE_CAPABLE',
  'CHARGING_PREFERENCES_CAPABLE',
  'CHIP_CARD_SUPPORT',
  'CONTACTLESS_CARD_SUPPORT',
  'CREDIT_CARD_PAYABLE',
  'DEBIT_CARD_PAYABLE',
  'PED_TERMINAL',
  'REMOTE_START_STOP_CAPABLE',
  'RESERVABLE',
  'RFID_READER',
  'START_SESSION_CONNECTOR_REQUIRED',
  'TOKEN_GROUP_CAPABLE',
  'UNLOCK_CAPABLE',
] as const;

export const parkingRestrictions = [
  'EV_ONLY',
  'PLUGGED',
  'DISABLED',
  'CUSTOMERS',
  'MOTORCYCLES',
  'EMPLOYEES',
  'TAXIS',
  'TENANTS',
] as const;

export const evse = z.object({
  uid: ciString(36),
  evse_id: optional(ciString(48)),
  status: z.enum(evseStatuses),
  status_schedule: listOf(
    z.object({ period_begin: dateTime, period_end: optional(dateTime), status: z.enum(evseStatuses) }),
  ),
  capabilities: listOf(openEnum(capabilities)),
  connectors: nonEmptyListOf(connector),
  floor_level: optional(text(4)),
  coordinates: optional(geoLocation),
  physical_reference: optional(text(16)),
  directions: listOf(displayText),
  parking_restrictions: listOf(openEnum(parkingRestrictions)),
  parking: listOf(evseParking),
  images: listOf(image),
  accepted_service_providers: listOf(text(50)),
  last_updated: dateTime,
});
export type Evse = z.infer<typeof evse>;

export const facilities = [
  'HOTEL',
  'RESTAURANT',
  'CAFE',
  'MALL',
  'SUPERMARKET',
  'SPORT',
  'RECREATION_AREA',
  'NATURE',
  'MUSEUM',
  'BIKE_SHARING',
  'BUS_STOP',
  'TAXI_STAND',
  'TRAM_STOP',
  'METRO_STATION',
  'TRAIN_STATION',
  'AIRPORT',
  'PARKING_LOT',
  'CARPOOL_PARKING',
  'FUEL_STATION',
  'WIFI',
] as const;

export const parkingTypes = [
  'ALONG_MOTORWAY',
  'PARKING_GARAGE',
  'PARKING_LOT',
  'ON_DRIVEWAY',
  'ON_STREET',
  'UNDERGROUND_GARAGE',
] as const;

export const location = z.object({
  country_code: countryCode,
  party_id: partyId,
  id: ciString(36),
  publish: z.boolean(),
  publish_allowed_to: listOf(publishTokenType),
  name: optional(text(255)),
  address: text(255),
  city: text(45),
  postal_code: optional(text(10)),
  state: optional(text(45)),
  country: z.string().length(3),
  coordinates: geoLocation,
  related_locations: listOf(additionalGeoLocation),
  parking_type: optional(openEnum(parkingTypes)),
  evses: listOf(evse),
  parking_places: listOf(parking),
  directions: listOf(displayText),
  operator: optional(businessDetails),
  suboperator: optional(businessDetails),
  owner: optional(businessDetails),
  facilities: listOf(openEnum(facilities)),
  time_zone: text(255),
  opening_times: optional(hours),
  charging_when_closed: optional(z.boolean()),
  images: listOf(image),
  energy_mix: optional(energyMix),
  help_phone: optional(ciString(25)),
  last_updated: dateTime,
});
export type Location = z.infer<typeof location>;

export function findEvse(place: Location, evseUid: string): Evse | undefined {
  const wanted = evseUid.toLowerCase();
  return place.evses?.find((candidate) => candidate.uid.toLowerCase() === wanted);
}

export function findConnector(of: Evse, connectorId: string): Connector | undefined {
  const wanted = connectorId.toLowerCase();
  return of.connectors.find((candidate) => candidate.id.toLowerCase() === wanted);
}

/**
 * The location with one EVSE's status set; `last_updated` of EVSE and location move to `at`, never backwards (OCPI
 * 2.2.1 §8.2.1.1). Returns the same object when nothing changes, so that the caller need not save.
 */
export function withEvseStatus(place: Location, evseUid: string, status: EvseStatus, at: string): Location {
  const current = findEvse(place, evseUid);
  if (!current || current.status === status || current.status === 'REMOVED') return place;
  const moved = place.last_updated > at ? place.last_updated : at;
  return {
    ...place,
    evses: place.evses?.map((each) => (each === current ? { ...each, status, last_updated: moved } : each)),
    last_updated: moved,
  };
}
