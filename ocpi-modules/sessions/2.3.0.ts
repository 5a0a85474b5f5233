import { z } from 'zod';
import { kwhOfWh } from '../../src/domain/amounts.js';
import { latest } from '../../src/domain/instant.js';
import { ciString, countryCode, currency, dateTime, listOf, optional, partyId, text } from '../../src/domain/schema.js';
import { secondsOf, type Session } from '../../src/domain/session.js';
import { profileTypes } from '../../src/domain/token.js';
import type { SessionsCodec } from '../codec.js';
import { parseWire } from '../parse.js';
import {
  authMethods,
  cdrToken,
  cdrTokenToWire,
  chargingPeriod,
  chargingPeriodToWire,
  price,
  priceToWire,
} from '../types/2.3.0.js';

/** Sessions of OCPI 2.3.0 §9.3. */
export const session = z.object({
  country_code: countryCode,
  party_id: partyId,
  id: ciString(36),
  start_date_time: dateTime,
  end_date_time: optional(dateTime),
  kwh: z.number(),
  cdr_token: cdrToken,
  auth_method: z.enum(authMethods),
  authorization_reference: optional(ciString(36)),
  location_id: ciString(36),
  evse_uid: ciString(36),
  connector_id: ciString(36),
  meter_id: optional(text(255)),
  currency,
  charging_periods: listOf(chargingPeriod),
  total_cost: optional(price),
  status: z.enum(['ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION']),
  last_updated: dateTime,
});

export const chargingPreferences = z.object({
  profile_type: z.enum(profileTypes),
  departure_time: optional(dateTime),
  energy_need: optional(z.number()),
  discharge_allowed: optional(z.boolean()),
});

export const growthToWire = (of: Session) => ({
  kwh: kwhOfWh(of.energyWh),
  ...(of.totalCost && { total_cost: priceToWire(of.totalCost) }),
  last_updated: of.lastUpdated,
});

function periodsToWire(of: Session): z.input<typeof chargingPeriod>[] {
  const until = of.endedAt ?? latest(of.sampledAt, of.periods.at(-1)?.startedAt ?? of.startedAt);
  return of.periods.map((period, index) =>
    chargingPeriodToWire(
      { ...period, seconds: secondsOf(period, of.periods[index + 1]?.startedAt ?? until) },
      of.tariff?.id,
    ),
  );
}

/** A session of no partner's token, or at no known place, is nobody's to see. */
export function sessionToWire(of: Session): z.input<typeof session> | undefined {
  if (!of.token || !of.place) return undefined;
  return {
    country_code: of.party.countryCode,
    party_id: of.party.partyId,
    id: of.id,
    start_date_time: of.startedAt,
    ...(of.endedAt && { end_date_time: of.endedAt }),
    cdr_token: cdrTokenToWire(of.token),
    auth_method: of.authMethod,
    ...(of.authorizationReference && { authorization_reference: of.authorizationReference }),
    location_id: of.place.location.id,
    evse_uid: of.place.evse.uid,
    connector_id: of.place.connector.id,
    currency: of.currency,
    charging_periods: periodsToWire(of),
    status: of.status,
    ...growthToWire(of),
  };
}

/** Charging preferences, which are the same in all versions that have them. */
export const preferences: Pick<SessionsCodec, 'checkPreferences' | 'preferencesNotPossible'> = {
  checkPreferences(json) {
    parseWire(chargingPreferences, json, 'ChargingPreferences');
  },
  // no smart charging yet, so no wish can be met (OCPI 2.2.1 §9.4.1)
  preferencesNotPossible: 'NOT_POSSIBLE',
};

export const sessions: SessionsCodec = { toWire: sessionToWire, growthToWire, ...preferences };
