import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal } from 'decimal.js';
import { afterTaxes } from '../../src/domain/amounts.js';
import { priceCharge, tariff as tariffSchema, type Tariff } from '../../src/domain/tariff.js';
import { aTariff } from '../support/documents.js';
import { readSpecData, skipWithoutSpecData } from '../support/spec-data.js';

interface Dimension {
  readonly type: string;
  readonly volume: number;
  readonly seconds?: number;
}
interface TariffCase {
  readonly id: string;
  readonly version: string;
  readonly tariff: { readonly elements: readonly { readonly restrictions?: object }[] } & Record<string, unknown>;
  readonly session: { readonly charging_periods: readonly { readonly dimensions: readonly Dimension[] }[] };
  readonly expected: { readonly total_excl_vat: string | null; readonly total_incl_vat: string | null };
}

/** A 2.2.1 tariff in the canonical words: its prices are without VAT. */
function canonical(raw: TariffCase['tariff']): Tariff {
  const limit = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || !('excl_vat' in value)) return value;
    return { before_taxes: value.excl_vat, after_taxes: 'incl_vat' in value ? value.incl_vat : undefined };
  };
  return tariffSchema.parse({
    tax_included: 'NO',
    ...raw,
    min_price: limit(raw['min_price']),
    max_price: limit(raw['max_price']),
  });
}

const sum = (of: TariffCase, type: string, value: (dimension: Dimension) => number): number =>
  of.session.charging_periods
    .flatMap(({ dimensions }) => dimensions)
    .filter((dimension) => dimension.type === type)
    .reduce((total, dimension) => total + value(dimension), 0);

const seconds = ({ seconds: exact, volume }: Dimension): number => exact ?? Math.round(volume * 3600);

describe('the specification’s tariff cases without restrictions', { skip: skipWithoutSpecData }, () => {
  const { cases } = skipWithoutSpecData
    ? { cases: [] }
    : (JSON.parse(readSpecData('tariff-cases.json')) as { cases: readonly TariffCase[] });
  const unrestricted = cases.filter(
    (each) =>
      each.version !== '2.1.1' &&
      each.tariff.elements.every(({ restrictions }) => !restrictions) &&
      !('reservation' in each.session) &&
      // a credit CDR's total is not a price but its negation
      !each.id.includes('credit'),
  );

  it('are enough to mean something', () => assert.ok(skipWithoutSpecData !== false || unrestricted.length > 25));

  for (const each of unrestricted) {
    it(each.id, () => {
      const bill = priceCharge(canonical(each.tariff), {
        energyWh: Number(sum(each, 'ENERGY', ({ volume }) => volume * 1000).toFixed(3)),
        chargingS: sum(each, 'TIME', seconds),
        parkingS: sum(each, 'PARKING_TIME', seconds),
      });
      const { total_excl_vat: before, total_incl_vat: after } = each.expected;
      if (before !== null) close(bill.total.beforeTaxes, before);
      if (after !== null) close(afterTaxes(bill.total), after);
    });
  }
});

const close = (actual: string | undefined, expected: string): void =>
  assert.ok(
    new Decimal(actual ?? NaN).minus(expected).abs().lte('0.0001'),
    `expected ${expected}, was ${actual ?? 'nothing'}`,
  );

describe('a bill', () => {
  const usage = { energyWh: 10_000, chargingS: 3_600, parkingS: 1_800 };
  const components = (...price_components: Tariff['elements'][number]['price_components']) =>
    aTariff({ elements: [{ price_components }] });

  it('has a part for each component of the tariff and no other', () => {
    const bill = priceCharge(
      components(
        { type: 'FLAT', price: 1, vat: 10, step_size: 1 },
        { type: 'TIME', price: 2, vat: 20, step_size: 60 },
        { type: 'PARKING_TIME', price: 4, vat: 20, step_size: 60 },
      ),
      usage,
    );
    assert.equal(bill.fixed?.beforeTaxes, '1');
    assert.equal(bill.time?.beforeTaxes, '2');
    assert.equal(bill.parking?.beforeTaxes, '2');
    assert.equal(bill.energy, undefined);
    assert.equal(bill.total.beforeTaxes, '5');
    assert.equal(afterTaxes(bill.total), '5.9');
  });

  it('does not know the tax when no component has a rate', () => {
    const bill = priceCharge(components({ type: 'ENERGY', price: 0.25, step_size: 1 }), usage);
    assert.deepEqual(bill.total, { beforeTaxes: '2.5' });
  });

  it('counts in decimals, not in binary fractions', () => {
    const bill = priceCharge(components({ type: 'ENERGY', price: 0.1, step_size: 1 }), { ...usage, energyWh: 3_000 });
    assert.equal(bill.total.beforeTaxes, '0.3');
  });

  it('leaves out elements with restrictions', () => {
    const tariff = aTariff({
      elements: [
        { price_components: [{ type: 'ENERGY', price: 9, step_size: 1 }], restrictions: { min_kwh: 1 } },
        { price_components: [{ type: 'ENERGY', price: 0.2, step_size: 1 }], restrictions: {} },
      ],
    });
    assert.equal(priceCharge(tariff, usage).total.beforeTaxes, '2');
  });
});
