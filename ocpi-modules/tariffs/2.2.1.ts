import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { optional } from '../../src/domain/schema.js';
import { tariff as canonicalTariff, tariffTypes, type PriceComponent, type Tariff } from '../../src/domain/tariff.js';
import type { TariffsCodec } from '../codec.js';
import { price } from '../types/2.2.1.js';

/** Tariffs of OCPI 2.2.1 §11.3: all prices are without VAT, and limits are Prices. */
export const tariff = canonicalTariff.omit({ tax_included: true }).extend({
  type: optional(z.enum(tariffTypes)),
  min_price: optional(price),
  max_price: optional(price),
});
type WireTariff = z.infer<typeof tariff>;

/** Decimals of a price that had its tax taken out. */
const PRICE_DECIMALS = 6;

/**
 * The wire Tariff, or undefined where 2.2.1 has no words for it and leaving them out would change the price: a type
 * that it doesn't know, or prices with taxes at an unknown rate (DIFFERENCES §10).
 */
export function tariffToWire({ tax_included, ...of }: Tariff): WireTariff | undefined {
  const type = tariffTypes.find((known) => known === of.type);
  if (of.type !== undefined && type === undefined) return undefined;
  const elements = of.elements.map((element) => ({
    ...element,
    price_components: element.price_components.map((component) => componentToWire(component, tax_included)),
  }));
  if (!elements.every(isExpressible)) return undefined;
  return { ...of, type, elements, min_price: limitToWire(of.min_price), max_price: limitToWire(of.max_price) };
}

type WireElement = WireTariff['elements'][number];
type ElementInTheMaking = Omit<WireElement, 'price_components'> & {
  readonly price_components: readonly (PriceComponent | undefined)[];
};

const isExpressible = (element: ElementInTheMaking): element is WireElement =>
  element.price_components.every((component) => component !== undefined);

function componentToWire(of: PriceComponent, taxIncluded: Tariff['tax_included']): PriceComponent | undefined {
  switch (taxIncluded) {
    case 'NO':
      return of;
    case 'N/A':
      // absent means that no VAT applies
      return { ...of, vat: undefined };
    case 'YES':
      if (of.price === 0) return of;
      if (of.vat === undefined) return undefined;
      return { ...of, price: withoutTax(of.price, of.vat) };
  }
}

const withoutTax = (amount: number, ratePercent: number): number =>
  new Decimal(amount).div(new Decimal(ratePercent).div(100).plus(1)).toDecimalPlaces(PRICE_DECIMALS).toNumber();

const limitToWire = (limit: Tariff['min_price']): WireTariff['min_price'] =>
  limit && { excl_vat: limit.before_taxes, incl_vat: limit.after_taxes };

const limitFromWire = (limit: NonNullable<WireTariff['min_price']>): Tariff['min_price'] => ({
  before_taxes: limit.excl_vat,
  after_taxes: limit.incl_vat,
});

const fromWire = ({ min_price, max_price, ...wire }: WireTariff): Tariff => ({
  ...wire,
  ...(min_price && { min_price: limitFromWire(min_price) }),
  ...(max_price && { max_price: limitFromWire(max_price) }),
  tax_included: 'NO',
});

export const tariffs: TariffsCodec = { toWire: tariffToWire };

/** Reads a Tariff of OCPI 2.2.1 as the canonical one. */
export const readOldTariff = (json: unknown) => tariff.transform(fromWire).safeParse(json);
