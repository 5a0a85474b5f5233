import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { money, type Price, type Tax } from './amounts.js';
import { energyMix } from './location.js';
import {
  ciString,
  countryCode,
  currency,
  dateTime,
  displayText,
  integer,
  listOf,
  nonEmptyListOf,
  optional,
  partyId,
  url,
} from './schema.js';

/** The canonical Tariff: OCPI 2.3.0 §11.3. */

export const tariffTypes = ['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR'] as const;
const dimensionTypes = ['ENERGY', 'FLAT', 'PARKING_TIME', 'TIME'] as const;
type DimensionType = (typeof dimensionTypes)[number];

const daysOfWeek = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time HH:MM');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'not a date YYYY-MM-DD');

export const tariffRestrictions = z.object({
  start_time: optional(timeOfDay),
  end_time: optional(timeOfDay),
  start_date: optional(date),
  end_date: optional(date),
  min_kwh: optional(z.number()),
  max_kwh: optional(z.number()),
  min_current: optional(z.number()),
  max_current: optional(z.number()),
  min_power: optional(z.number()),
  max_power: optional(z.number()),
  min_duration: optional(integer),
  max_duration: optional(integer),
  day_of_week: listOf(z.enum(daysOfWeek)),
  reservation: optional(z.enum(['RESERVATION', 'RESERVATION_EXPIRES'])),
});

export const priceComponent = z.object({
  type: z.enum(dimensionTypes),
  price: z.number(),
  vat: optional(z.number()),
  step_size: integer.min(0),
});
export type PriceComponent = z.infer<typeof priceComponent>;

export const tariffElement = z.object({
  price_components: nonEmptyListOf(priceComponent),
  restrictions: optional(tariffRestrictions),
});

export const priceLimit = z.object({ before_taxes: z.number(), after_taxes: optional(z.number()) });

export const tariff = z.object({
  country_code: countryCode,
  party_id: partyId,
  id: ciString(36),
  currency,
  type: optional(z.enum(tariffTypes)),
  tariff_alt_text: listOf(displayText),
  tariff_alt_url: optional(url),
  min_price: optional(priceLimit),
  max_price: optional(priceLimit),
  elements: nonEmptyListOf(tariffElement),
  tax_included: z.enum(['YES', 'NO', 'N/A']),
  start_date_time: optional(dateTime),
  end_date_time: optional(dateTime),
  energy_mix: optional(energyMix),
  last_updated: dateTime,
});
export type Tariff = z.infer<typeof tariff>;

/** A tariff as the store keeps it: a removed one stays, so that partners can still be told of it. */
export interface StoredTariff {
  readonly tariff: Tariff;
  readonly removed: boolean;
}

/** What a charge used: whole Wh and whole seconds. `chargingS` is without `parkingS`. */
export interface Usage {
  readonly energyWh: number;
  readonly chargingS: number;
  readonly parkingS: number;
}

/** A priced charge. A part is absent when the tariff has no component for it. */
export interface Bill {
  readonly total: Price;
  readonly fixed?: Price | undefined;
  readonly energy?: Price | undefined;
  readonly time?: Price | undefined;
  readonly parking?: Price | undefined;
}

/**
 * Prices a charge by the tariff that was in force at its start: for each dimension the first element without
 * restrictions that prices it (OCPI 2.2.1 §11.3.1); step_size once per session (§10.3.1.2); min_price and max_price on
 * the amounts before and after taxes separately. No tariff: the price is 0 and the tax not known.
 */
export function priceCharge(by: Tariff | undefined, usage: Usage): Bill {
  if (!by) return { total: { beforeTaxes: money(0) } };
  const part = (type: DimensionType): PricedPart | undefined => {
    const component = componentFor(by, type);
    return component && pricePart(component, quantityOf(component, usage, by), by.tax_included);
  };
  const parts = { fixed: part('FLAT'), energy: part('ENERGY'), time: part('TIME'), parking: part('PARKING_TIME') };
  const priced = Object.values(parts).filter((each) => each !== undefined);
  const total = limited(by, sum(priced));
  // what is included is paid whatever its rate, and nothing is taxed with nothing
  const taxKnown = by.tax_included !== 'NO' || total.before.isZero() || priced.some((each) => each.taxKnown);
  return {
    total: toPrice(total, taxKnown),
    ...(parts.fixed && { fixed: toPrice(parts.fixed, taxKnown) }),
    ...(parts.energy && { energy: toPrice(parts.energy, taxKnown) }),
    ...(parts.time && { time: toPrice(parts.time, taxKnown) }),
    ...(parts.parking && { parking: toPrice(parts.parking, taxKnown) }),
  };
}

interface Amounts {
  readonly before: Decimal;
  readonly after: Decimal;
  readonly rate?: number | undefined;
}

interface PricedPart extends Amounts {
  readonly taxKnown: boolean;
}

function componentFor(by: Tariff, type: DimensionType): PriceComponent | undefined {
  return by.elements
    .filter((element) => !hasRestriction(element.restrictions))
    .flatMap((element) => element.price_components)
    .find((component) => component.type === type);
}

const hasRestriction = (restrictions: z.infer<typeof tariffRestrictions> | undefined): boolean =>
  restrictions !== undefined &&
  Object.values(restrictions).some((value) => value !== undefined && !(Array.isArray(value) && value.length === 0));

/** The billed quantity in the component's unit: kWh, hours, or 1 for FLAT. */
function quantityOf(component: PriceComponent, usage: Usage, by: Tariff): Decimal {
  switch (component.type) {
    case 'FLAT':
      return new Decimal(1);
    case 'ENERGY':
      return stepped(usage.energyWh, component.step_size).div(1000);
    case 'PARKING_TIME':
      return stepped(usage.parkingS, component.step_size).div(3600);
    case 'TIME': {
      // charging followed by priced parking rounds only the parking (OCPI 2.2.1 §10.3.1.2)
      const parkingIsRounded = usage.parkingS > 0 && componentFor(by, 'PARKING_TIME') !== undefined;
      return stepped(usage.chargingS, parkingIsRounded ? 0 : component.step_size).div(3600);
    }
  }
}

const stepped = (quantity: number, step: number): Decimal =>
  step > 0 ? new Decimal(Math.ceil(quantity / step)).times(step) : new Decimal(quantity);

function pricePart(component: PriceComponent, quantity: Decimal, taxIncluded: Tariff['tax_included']): PricedPart {
  const amount = quantity.times(component.price);
  const factor = new Decimal(component.vat ?? 0).div(100).plus(1);
  if (taxIncluded === 'N/A') return { before: amount, after: amount, taxKnown: true };
  const taxKnown = component.vat !== undefined;
  return taxIncluded === 'YES'
    ? { before: amount.div(factor), after: amount, rate: component.vat, taxKnown }
    : { before: amount, after: amount.times(factor), rate: component.vat, taxKnown };
}

function sum(parts: readonly PricedPart[]): Amounts {
  const rates = new Set(parts.map((part) => part.rate));
  const [rate] = rates;
  return {
    before: parts.reduce((total, part) => total.plus(part.before), new Decimal(0)),
    after: parts.reduce((total, part) => total.plus(part.after), new Decimal(0)),
    ...(rates.size === 1 && { rate }),
  };
}

function limited(by: Tariff, { before, after, rate }: Amounts): Amounts {
  const clamp = (value: Decimal, min: number | undefined, max: number | undefined): Decimal => {
    const raised = min === undefined ? value : Decimal.max(value, min);
    return max === undefined ? raised : Decimal.min(raised, max);
  };
  return {
    before: clamp(before, by.min_price?.before_taxes, by.max_price?.before_taxes),
    after: clamp(after, by.min_price?.after_taxes, by.max_price?.after_taxes),
    rate,
  };
}

function toPrice({ before, after, rate }: Amounts, taxKnown: boolean): Price {
  const beforeTaxes = money(before);
  if (!taxKnown) return { beforeTaxes };
  const amount = money(new Decimal(money(after)).minus(beforeTaxes));
  const tax: Tax = { name: 'VAT', ...(rate !== undefined && { percentage: String(rate) }), amount };
  return { beforeTaxes, taxes: amount === '0' && rate === undefined ? [] : [tax] };
}
