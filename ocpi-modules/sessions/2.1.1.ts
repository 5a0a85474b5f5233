import { z } from 'zod';
import { kwhOfWh } from '../../src/domain/amounts.js';
import { ciString, currency, dateTime, listOf, optional, text } from '../../src/domain/schema.js';
import type { Session } from '../../src/domain/session.js';
import type { SessionsCodec } from '../codec.js';
import { location, placeToWire } from '../locations/2.1.1.js';
import type { LossNote } from '../loss.js';
import { authMethods, authMethodToWire, chargingPeriod, chargingPeriodToWire, costToWire } from '../types/2.1.1.js';
import { sessionToWire } from './2.3.0.js';

/** Sessions of OCPI 2.1.1 (mod_sessions 3.2): the contract by its id, and the place as a Location. */
export const session = z.object({
  id: ciString(36),
  start_datetime: dateTime,
  end_datetime: optional(dateTime),
  kwh: z.number(),
  auth_id: ciString(36),
  auth_method: z.enum(authMethods),
  location,
  meter_id: optional(text(255)),
  currency,
  charging_periods: listOf(chargingPeriod),
  total_cost: optional(z.number()),
  status: z.enum(['ACTIVE', 'COMPLETED', 'INVALID', 'PENDING']),
  last_updated: dateTime,
});

const growthToWire = (of: Session) => ({
  kwh: kwhOfWh(of.energyWh),
  ...(of.totalCost && { total_cost: costToWire(of.totalCost) }),
  last_updated: of.lastUpdated,
});

/** A session of no partner's token, or at no known place, is nobody's to see. */
function toWire(of: Session): z.input<typeof session> | undefined {
  const later = sessionToWire(of);
  if (!later || !of.token || !of.place) return undefined;
  return {
    id: of.id,
    start_datetime: of.startedAt,
    ...(of.endedAt && { end_datetime: of.endedAt }),
    auth_id: of.token.contract_id,
    auth_method: authMethodToWire(of.authMethod),
    location: placeToWire(of.place, of.startedAt),
    currency: of.currency,
    charging_periods: later.charging_periods?.map(chargingPeriodToWire),
    status: of.status,
    ...growthToWire(of),
  };
}

/** There are no charging preferences. */
export const sessions: SessionsCodec = { toWire, growthToWire };

/** All that a session loses in 2.1.1, beside what its types do. */
export const losses211: readonly LossNote[] = [
  { field: 'Session.country_code', rule: 'only in the URL' },
  { field: 'Session.party_id', rule: 'only in the URL' },
  { field: 'Session.start_date_time', rule: 'becomes start_datetime' },
  { field: 'Session.end_date_time', rule: 'becomes end_datetime' },
  { field: 'Session.cdr_token', rule: 'its contract_id becomes auth_id; the rest is dropped' },
  { field: 'Session.auth_method', rule: 'as AuthMethod' },
  { field: 'Session.authorization_reference', rule: 'dropped' },
  { field: 'Session.location_id', rule: 'becomes a Location with the one EVSE and connector, of status CHARGING' },
  { field: 'Session.evse_uid', rule: 'in the Location' },
  { field: 'Session.connector_id', rule: 'in the Location' },
  { field: 'Session.charging_periods', rule: 'as ChargingPeriod' },
  { field: 'Session.total_cost', rule: 'as Price' },
];
