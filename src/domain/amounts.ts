import { Decimal } from 'decimal.js';

/** An exact decimal written as text, e.g. `"12.375"`: what money is between meter and wire. */
export type Money = string & { readonly __brand: 'Money' };

/** A tax inside a {@link Price}: the amount, and where known its name and its rate in percent. */
export interface Tax {
  readonly name: string;
  readonly percentage?: string | undefined;
  readonly amount: Money;
}

/** OCPI 2.3.0 Price. `taxes` absent: nobody knows the tax; empty: there is none. */
export interface Price {
  readonly beforeTaxes: Money;
  readonly taxes?: readonly Tax[] | undefined;
}

/** Decimals of money on the wire. OCPI sets none; full precision is kept until this one rounding. */
const MONEY_DECIMALS = 4;

/** Rounds half up, once, at the very end of a computation. */
export const money = (value: Decimal.Value): Money =>
  new Decimal(value).toDecimalPlaces(MONEY_DECIMALS, Decimal.ROUND_HALF_UP).toFixed() as Money;

/** The price after taxes; undefined when the taxes are not known. */
export function afterTaxes(price: Price): Money | undefined {
  if (!price.taxes) return undefined;
  return price.taxes.reduce((sum, tax) => sum.plus(tax.amount), new Decimal(price.beforeTaxes)).toFixed() as Money;
}

/** The price with all amounts negated, as a credit CDR's total (OCPI 2.2.1 §10.3.1.1). */
export function negated(price: Price): Price {
  const negate = (amount: Money): Money => new Decimal(amount).negated().toFixed() as Money;
  return {
    beforeTaxes: negate(price.beforeTaxes),
    ...(price.taxes && { taxes: price.taxes.map((tax) => ({ ...tax, amount: negate(tax.amount) })) }),
  };
}

/** JSON number of an exact decimal: at most 15 significant digits, so the text it prints as is the same decimal. */
export const toJsonNumber = (value: Money): number => Number(value);

/** kWh as a JSON number with all three decimals that Wh can give. */
export const kwhOfWh = (wh: number): number => Number(new Decimal(wh).div(1000).toFixed(3));

/** Hours as a JSON number with 4 decimals, as OCPI's examples give durations. */
export const hoursOfSeconds = (seconds: number): number => Number(new Decimal(seconds).div(3600).toFixed(4));
