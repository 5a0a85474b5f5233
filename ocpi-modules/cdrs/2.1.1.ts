import { z } from 'zod';
import { cdrIdOf, type Cdr } from '../../src/domain/cdr.js';
import { ciString, currency, dateTime, listOf, nonEmptyListOf, optional, text } from '../../src/domain/schema.js';
import type { CdrsCodec } from '../codec.js';
import { location, placeToWire } from '../locations/2.1.1.js';
import type { LossNote } from '../loss.js';
import { tariff, tariffTo211 } from '../tariffs/2.1.1.js';
import { authMethods, authMethodToWire, chargingPeriod, chargingPeriodToWire, costToWire } from '../types/2.1.1.js';
import { cdrs as cdrs230, cdrToWire } from './2.3.0.js';

/** CDRs of OCPI 2.1.1 (mod_cdrs 3.2). */
export const cdr = z.object({
  id: ciString(36),
  start_date_time: dateTime,
  stop_date_time: dateTime,
  auth_id: ciString(36),
  auth_method: z.enum(authMethods),
  location,
  meter_id: optional(text(255)),
  currency,
  tariffs: listOf(tariff),
  charging_periods: nonEmptyListOf(chargingPeriod),
  total_cost: z.number(),
  total_energy: z.number(),
  total_time: z.number(),
  total_parking_time: optional(z.number()),
  remark: optional(text(255)),
  last_updated: dateTime,
});

/**
 * A negative CDR would be taken for one more charge, and a corrected one would be billed beside the first (DIFFERENCES
 * §11), so neither is sent.
 */
function whyNot(of: Cdr): string | undefined {
  if (of.credits === undefined && of.id === cdrIdOf(of.sessionId, 1)) return undefined;
  return `OCPI 2.1.1 can't correct a CDR: settle ${of.credits ?? of.id} with the partner yourself`;
}

function toWire(of: Cdr): z.input<typeof cdr> | undefined {
  if (whyNot(of) !== undefined) return undefined;
  const later = cdrToWire(of);
  const applied = of.tariff && tariffTo211(of.tariff);
  return {
    id: of.id,
    start_date_time: of.startedAt,
    stop_date_time: of.endedAt,
    auth_id: of.token.contract_id,
    auth_method: authMethodToWire(of.authMethod),
    location: placeToWire(of.place, of.startedAt),
    currency: of.currency,
    ...(applied && { tariffs: [applied] }),
    charging_periods: later.charging_periods.map(chargingPeriodToWire),
    total_cost: costToWire(of.bill.total),
    total_energy: later.total_energy,
    total_time: later.total_time,
    total_parking_time: later.total_parking_time,
    remark: later.remark,
    last_updated: of.lastUpdated,
  };
}

export const cdrs: CdrsCodec = { ...cdrs230, toWire, whyNot };

/** All that a CDR loses in 2.1.1, beside what its types do. */
export const losses211: readonly LossNote[] = [
  { field: 'CDR.country_code', rule: 'dropped' },
  { field: 'CDR.party_id', rule: 'dropped' },
  { field: 'CDR.end_date_time', rule: 'becomes stop_date_time' },
  { field: 'CDR.session_id', rule: 'dropped' },
  { field: 'CDR.cdr_token', rule: 'its contract_id becomes auth_id; the rest is dropped' },
  { field: 'CDR.auth_method', rule: 'as AuthMethod' },
  { field: 'CDR.authorization_reference', rule: 'dropped' },
  { field: 'CDR.cdr_location', rule: 'becomes a Location with the one EVSE and connector, of status CHARGING' },
  { field: 'CDR.tariffs', rule: 'as Tariff; one that 2.1.1 has no words for is left out' },
  { field: 'CDR.charging_periods', rule: 'as ChargingPeriod' },
  { field: 'CDR.total_cost', rule: 'as Price' },
  { field: 'CDR.total_fixed_cost', rule: 'dropped' },
  { field: 'CDR.total_energy_cost', rule: 'dropped' },
  { field: 'CDR.total_time_cost', rule: 'dropped' },
  { field: 'CDR.total_parking_cost', rule: 'dropped' },
  { field: 'CDR.credit', rule: 'a credit CDR and the one that replaces the credited are not sent, but parked' },
  { field: 'CDR.credit_reference_id', rule: 'as CDR.credit' },
];
