import { z } from 'zod';
import { afterTaxes, hoursOfSeconds, kwhOfWh, toJsonNumber, type Price } from '../../src/domain/amounts.js';
import type { Instant } from '../../src/domain/instant.js';
import { ciString, countryCode, dateTime, nonEmptyListOf, optional, partyId } from '../../src/domain/schema.js';
import type { CdrToken } from '../../src/domain/token.js';

/** What several modules of OCPI 2.2.1 share. */

/** §17.5: amounts without and, where it is known, with VAT. */
export const price = z.object({ excl_vat: z.number(), incl_vat: optional(z.number()) });

/** Loss: names, rates and single amounts of taxes. */
export function priceToWire(of: Price): z.input<typeof price> {
  const inclVat = afterTaxes(of);
  return {
    excl_vat: toJsonNumber(of.beforeTaxes),
    ...(inclVat !== undefined && { incl_vat: toJsonNumber(inclVat) }),
  };
}

/** §12.4.4; EMAID came with 2.3.0. */
const tokenTypes = ['AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID'] as const;
export const tokenType = z.enum(tokenTypes);

/** A type that 2.2.1 doesn't know is OTHER (DIFFERENCES §10). */
export const tokenTypeToWire = (type: string): z.infer<typeof tokenType> =>
  tokenTypes.find((known) => known === type) ?? 'OTHER';

export const authMethods = ['AUTH_REQUEST', 'COMMAND', 'WHITELIST'] as const;

export const cdrToken = z.object({
  country_code: countryCode,
  party_id: partyId,
  uid: ciString(36),
  type: tokenType,
  contract_id: ciString(36),
});

export const cdrTokenToWire = (token: CdrToken): z.input<typeof cdrToken> => ({
  country_code: token.country_code,
  party_id: token.party_id,
  uid: token.uid,
  type: tokenTypeToWire(token.type),
  contract_id: token.contract_id,
});

const cdrDimensionTypes = [
  'CURRENT',
  'ENERGY',
  'ENERGY_EXPORT',
  'ENERGY_IMPORT',
  'MAX_CURRENT',
  'MIN_CURRENT',
  'MAX_POWER',
  'MIN_POWER',
  'PARKING_TIME',
  'POWER',
  'RESERVATION_TIME',
  'STATE_OF_CHARGE',
  'TIME',
] as const;

/** §10.4.6 */
export const chargingPeriod = z.object({
  start_date_time: dateTime,
  dimensions: nonEmptyListOf(z.object({ type: z.enum(cdrDimensionTypes), volume: z.number() })),
  tariff_id: optional(ciString(36)),
});

/** What a charging period measured: whole Wh and seconds. */
export interface PeriodVolumes {
  readonly startedAt: Instant;
  readonly energyWh: number;
  readonly seconds: number;
  readonly parking: boolean;
}

/** Energy in kWh (SUBTLE 51) and the time in hours, of charging or of parking. */
export const chargingPeriodToWire = (
  period: PeriodVolumes,
  tariffId: string | undefined,
): z.input<typeof chargingPeriod> => ({
  start_date_time: period.startedAt,
  dimensions: [
    { type: 'ENERGY', volume: kwhOfWh(period.energyWh) },
    { type: period.parking ? 'PARKING_TIME' : 'TIME', volume: hoursOfSeconds(period.seconds) },
  ],
  ...(tariffId !== undefined && { tariff_id: tariffId }),
});
