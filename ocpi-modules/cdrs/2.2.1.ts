import { z } from 'zod';
import { hoursOfSeconds, kwhOfWh, type Price } from '../../src/domain/amounts.js';
import type { Cdr } from '../../src/domain/cdr.js';
import { connectorFormats, powerTypes } from '../../src/domain/location.js';
import {
  ciString,
  countryCode,
  currency,
  dateTime,
  integer,
  listOf,
  nonEmptyListOf,
  optional,
  partyId,
  text,
} from '../../src/domain/schema.js';
import type { Place } from '../../src/domain/session.js';
import type { CdrsCodec } from '../codec.js';
import {
  ADDRESS_LENGTH,
  connectorType,
  connectorTypeForCdr,
  geoLocation,
  geoLocationToWire,
  STATE_LENGTH,
} from '../locations/2.2.1.js';
import { cut } from '../loss.js';
import { tariff, tariffToWire } from '../tariffs/2.2.1.js';
import {
  authMethods,
  cdrToken,
  cdrTokenToWire,
  chargingPeriod,
  chargingPeriodToWire,
  price,
  priceToWire,
} from '../types/2.2.1.js';

/** CDRs of OCPI 2.2.1 §10.3. */

/** Longer than a session id, for credit CDRs (SUBTLE 54). */
const cdrId = ciString(39);

const cdrLocation = z.object({
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
  connector_standard: connectorType,
  connector_format: z.enum(connectorFormats),
  connector_power_type: z.enum(powerTypes),
});

const signedData = z.object({
  encoding_method: ciString(36),
  encoding_method_version: optional(integer),
  public_key: optional(text(512)),
  signed_values: nonEmptyListOf(z.object({ nature: ciString(32), plain_data: text(512), signed_data: text(5000) })),
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

const placeToWire = ({ location, evse, connector }: Place): z.input<typeof cdrLocation> => ({
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
  connector_standard: connectorTypeForCdr(connector),
  connector_format: connector.format,
  connector_power_type: connector.power_type,
});

const optionalPrice = (of: Price | undefined) => of && priceToWire(of);

/** `total_time` includes parking (SUBTLE 59). A tariff that 2.2.1 can't express is named in the periods only. */
function toWire(of: Cdr): z.input<typeof cdr> {
  const appliedTariff = of.tariff && tariffToWire(of.tariff);
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
    tariffs: appliedTariff && [appliedTariff],
    charging_periods: of.periods.map((period) => chargingPeriodToWire(period, of.tariff?.id)),
    total_cost: priceToWire(of.bill.total),
    total_fixed_cost: optionalPrice(of.bill.fixed),
    total_energy: kwhOfWh(of.usage.energyWh),
    total_energy_cost: optionalPrice(of.bill.energy),
    total_time: hoursOfSeconds(of.usage.chargingS + of.usage.parkingS),
    total_time_cost: optionalPrice(of.bill.time),
    total_parking_time: hoursOfSeconds(of.usage.parkingS),
    total_parking_cost: optionalPrice(of.bill.parking),
    remark: cut(of.remark, 255),
    ...(of.credits && { credit: true, credit_reference_id: of.credits }),
    last_updated: of.lastUpdated,
  };
}

const identified = z.object({ id: z.string() });

export const cdrs: CdrsCodec = {
  toWire,
  idFromWire: (json) => identified.safeParse(json).data?.id,
};
