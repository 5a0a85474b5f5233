import { z } from 'zod';
import { hoursOfSeconds, kwhOfWh, toJsonNumber, type Price } from '../../src/domain/amounts.js';
import type { Instant } from '../../src/domain/instant.js';
import { tokenTypes } from '../../src/domain/location.js';
import {
  ciString,
  countryCode,
  dateTime,
  listOf,
  nonEmptyListOf,
  openEnum,
  optional,
  partyId,
  text,
} from '../../src/domain/schema.js';
import type { CdrToken } from '../../src/domain/token.js';

/** What several modules of OCPI 2.3.0 share. */

export const taxAmount = z.object({
  name: text(255),
  account_number: optional(text(255)),
  percentage: optional(z.number()),
  amount: z.number(),
});

/** §16.5: the amount before taxes and each tax; no taxes at all: nobody knows them. */
export const price = z.object({ before_taxes: z.number(), taxes: listOf(taxAmount) });

export const priceToWire = ({ beforeTaxes, taxes }: Price): z.input<typeof price> => ({
  before_taxes: toJsonNumber(beforeTaxes),
  ...(taxes && {
    taxes: taxes.map(({ name, percentage, amount }) => ({
      name,
      ...(percentage !== undefined && { percentage: Number(percentage) }),
      amount: toJsonNumber(amount),
    })),
  }),
});

export const authMethods = ['AUTH_REQUEST', 'COMMAND', 'WHITELIST'] as const;

export const cdrToken = z.object({
  country_code: countryCode,
  party_id: partyId,
  uid: ciString(36),
  type: openEnum(tokenTypes),
  contract_id: ciString(36),
});

export const cdrTokenToWire = (token: CdrToken): z.input<typeof cdrToken> => ({
  country_code: token.country_code,
  party_id: token.party_id,
  uid: token.uid,
  type: token.type,
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
