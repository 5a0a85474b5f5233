import { z } from 'zod';
import { hoursOfSeconds, kwhOfWh, type Price } from '../../src/domain/amounts.js';
import type { Cdr } from '../../src/domain/cdr.js';
import { connectorFormats, connectorTypes, powerTypes } from '../../src/domain/location.js';
import {
  ciString,
  countryCode,
  currency,
  dateTime,
  integer,
  listOf,
  nonEmptyListOf,
  openEnum,
  optional,
  partyId,
  text,
} from '../../src/domain/schema.js';
import type { Place } from '../../src/domain/session.js';
import type { Bill } from '../../src/domain/tariff.js';
import type { CdrsCodec } from '../codec.js';
import { geoLocation, geoLocationToWire } from '../locations/2.3.0.js';
import { cut } from '../loss.js';
import { tariff } from '../tariffs/2.3.0.js';
import {
  authMethods,
  cdrToken,
  cdrTokenToWire,
  chargingPeriod,
  chargingPeriodToWire,
  price,
  priceToWire,
} from '../types/2.3.0.js';

/** CDRs of OCPI 2.3.0 §10.3. */

/** Longer than a session id, for credit CDRs (SUBTLE 54). */
const cdrId = ciString(39);

/** Shorter here than in a Location (DIFFERENCES §7). */
const ADDRESS_LENGTH = 45;
const STATE_LENGTH = 20;

export const cdrLocation = z.object({
  id: ciString(36),
  name: optional(text(255)),
  address: text(ADDRESS_LENGTH),
  city: text(45),
  postal_code: optional(text(10)),
  state: optional(text(STATE_LENGTH)),
  country: z.string().length(3),
  coordinates: geoLocation,
  evse_uid: ciString(36),
  evse_id: ciString(48),
  connector_id: ciString(36),
  connector_standard: openEnum(connectorTypes),
  connector_format: z.enum(connectorFormats),
  connector_power_type: z.enum(powerTypes),
});

export const signedValue = z.object({ nature: ciString(32), plain_data: text(5000), signed_data: text(5000) });

export const signedData = z.object({
  encoding_method: ciString(36),
  encoding_method_version: optional(integer),
  public_key: optional(text(512)),
  signed_values: nonEmptyListOf(signedValue),
  url: optional(text(512)),
});

export const cdr = z.object({
  country_code: countryCode,
  party_id: partyId,
  id: cdrId,
  start_date_time: dateTime,
  end_date_time: dateTime,
  session_id: optional(ciString(36)),
  cdr_token: cdrToken,
  auth_method: z.enum(authMethods),
  authorization_reference: optional(ciString(36)),
  cdr_location: cdrLocation,
  meter_id: optional(text(255)),
  currency,
  tariffs: listOf(tariff),
  charging_periods: nonEmptyListOf(chargingPeriod),
  signed_data: optional(signedData),
  total_cost: price,
  total_fixed_cost: optional(price),
  total_energy: z.number(),
  total_energy_cost: optional(price),
  total_time: z.number(),
  total_time_cost: optional(price),
  total_parking_time: optional(z.number()),
  total_parking_cost: optional(price),
  total_reservation_cost: optional(price),
  remark: optional(text(255)),
  invoice_reference_id: optional(cdrId),
  credit: optional(z.boolean()),
  credit_reference_id: optional(cdrId),
  home_charging_compensation: optional(z.boolean()),
  last_updated: dateTime,
});

/** For a required text that can't be known (SUBTLE 22). */
const NOT_AVAILABLE = '#NA';

export const placeToWire = ({ location, evse, connector }: Place): z.input<typeof cdrLocation> => ({
  id: location.id,
  name: location.name,
  address: cut(location.address, ADDRESS_LENGTH),
  city: location.city,
  postal_code: location.postal_code,
  state: cut(location.state, STATE_LENGTH),
  country: location.country,
  coordinates: geoLocationToWire(location.coordinates),
  evse_uid: evse.uid,
  evse_id: evse.evse_id ?? NOT_AVAILABLE,
  connector_id: connector.id,
  connector_standard: connector.standard,
  connector_format: connector.format,
  connector_power_type: connector.power_type,
});

/** What a CDR costs, each amount as the version's Price. */
export const costsToWire = <P>(bill: Bill, toWire: (of: Price) => P) => ({
  total_cost: toWire(bill.total),
  total_fixed_cost: bill.fixed && toWire(bill.fixed),
  total_energy_cost: bill.energy && toWire(bill.energy),
  total_time_cost: bill.time && toWire(bill.time),
  total_parking_cost: bill.parking && toWire(bill.parking),
});

/** `total_time` includes parking (SUBTLE 59). */
export function cdrToWire(of: Cdr): z.input<typeof cdr> {
  return {
    country_code: of.party.countryCode,
    party_id: of.party.partyId,
    id: of.id,
    start_date_time: of.startedAt,
    end_date_time: of.endedAt,
    session_id: of.sessionId,
    cdr_token: cdrTokenToWire(of.token),
    auth_method: of.authMethod,
    authorization_reference: of.authorizationReference,
    cdr_location: placeToWire(of.place),
    currency: of.currency,
    tariffs: of.tariff && [of.tariff],
    charging_periods: of.periods.map((period) => chargingPeriodToWire(period, of.tariff?.id)),
    ...costsToWire(of.bill, priceToWire),
    total_energy: kwhOfWh(of.usage.energyWh),
    total_time: hoursOfSeconds(of.usage.chargingS + of.usage.parkingS),
    total_parking_time: hoursOfSeconds(of.usage.parkingS),
    remark: cut(of.remark, 255),
    ...(of.credits && { credit: true, credit_reference_id: of.credits }),
    last_updated: of.lastUpdated,
  };
}

const identified = z.object({ id: z.string() });

export const cdrs: CdrsCodec = {
  toWire: cdrToWire,
  idFromWire: (json) => identified.safeParse(json).data?.id,
};
