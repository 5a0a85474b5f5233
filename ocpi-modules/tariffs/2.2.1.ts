import { Decimal } from 'decimal.js';
import type { z } from 'zod';
import { optional } from '../../src/domain/schema.js';
import { tariff as canonicalTariff, type PriceComponent, type Tariff } from '../../src/domain/tariff.js';
import type { TariffsCodec } from '../codec.js';
import type { LossNote } from '../loss.js';
import { energyMix, energyMixToWire, price } from '../types/2.2.1.js';

/** Tariffs of OCPI 2.2.1 §11.3: all prices are without VAT, and limits are Prices. */
export const tariff = canonicalTariff.omit({ tax_included: true }).extend({
  min_price: optional(price),
  max_price: optional(price),
  energy_mix: optional(energyMix),
});
type WireTariff = z.infer<typeof tariff>;

/** Decimals of a price that had its tax taken out. */
const PRICE_DECIMALS = 6;

/**
 * The wire Tariff, or undefined where 2.2.1 has no words for its price: with taxes at an unknown rate (DIFFERENCES
 * §10).
 */
export function tariffToWire({ tax_included, ...of }: Tariff): WireTariff | undefined {
  const elements = of.elements.map((element) => ({
    ...element,
    price_components: element.price_components.map((component) => componentToWire(component, tax_included)),
  }));
  if (!elements.every(isExpressible)) return undefined;
  return {
    ...of,
    elements,
    min_price: limitToWire(of.min_price),
    max_price: limitToWire(of.max_price),
    energy_mix: of.energy_mix && energyMixToWire(of.energy_mix),
  };
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

/** All that a tariff loses in 2.2.1. */
export const losses221: readonly LossNote[] = [
  {
    field: 'Tariff.tax_included',
    rule: 'dropped, as prices are without VAT; with YES and a price without vat the whole tariff is not sent',
  },
  { field: 'Tariff.min_price', rule: 'before_taxes becomes excl_vat, after_taxes incl_vat' },
  { field: 'Tariff.max_price', rule: 'before_taxes becomes excl_vat, after_taxes incl_vat' },
  { field: 'PriceComponent.price', rule: 'with tax_included YES it has the tax taken out by its vat, to 6 decimals' },
  { field: 'PriceComponent.vat', rule: 'dropped with tax_included N/A' },
];
