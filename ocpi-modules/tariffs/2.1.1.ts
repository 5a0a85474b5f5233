import { z } from 'zod';
import { nonEmptyListOf, optional } from '../../src/domain/schema.js';
import {
  priceComponent as priceComponent230,
  tariffRestrictions as tariffRestrictions230,
  type Tariff,
} from '../../src/domain/tariff.js';
import type { TariffsCodec } from '../codec.js';
import type { LossNote } from '../loss.js';
import { energyMix, energyMixToWire } from '../types/2.1.1.js';
import { tariff as tariff221, tariffToWire } from './2.2.1.js';
import { toFirstMatch } from './first-match.js';

/** Tariffs of OCPI 2.1.1 (mod_tariffs 3.1), as differences from 2.2.1: all prices are without VAT. */

export const priceComponent = priceComponent230.omit({ vat: true });
export const tariffRestrictions = tariffRestrictions230.omit({
  min_current: true,
  max_current: true,
  reservation: true,
});
export const tariffElement = z.object({
  price_components: nonEmptyListOf(priceComponent),
  restrictions: optional(tariffRestrictions),
});

export const tariff = tariff221
  .omit({
    country_code: true,
    party_id: true,
    type: true,
    min_price: true,
    max_price: true,
    start_date_time: true,
    end_date_time: true,
  })
  .extend({ elements: nonEmptyListOf(tariffElement), energy_mix: optional(energyMix) });

/**
 * The wire Tariff, or undefined where 2.1.1 has no words for it and leaving them out would change the price: one for
 * other than regular use, one that depends on the current, or only on reservations.
 */
export function tariffTo211(of: Tariff): z.infer<typeof tariff> | undefined {
  if (of.type !== undefined && of.type !== 'REGULAR') return undefined;
  const later = tariffToWire(of);
  const forCharging = later?.elements.filter(({ restrictions }) => restrictions?.reservation === undefined) ?? [];
  if (forCharging.some(({ restrictions: r }) => (r?.min_current ?? r?.max_current) !== undefined)) return undefined;
  const elements = toFirstMatch(forCharging);
  if (!later || !elements || elements.length === 0) return undefined;
  return {
    id: later.id,
    currency: later.currency,
    tariff_alt_text: later.tariff_alt_text,
    tariff_alt_url: later.tariff_alt_url,
    elements: elements.map(({ price_components, restrictions }) => ({
      price_components: price_components.map(({ type, price, step_size }) => ({ type, price, step_size })),
      ...(restrictions && { restrictions }),
    })),
    energy_mix: of.energy_mix && energyMixToWire(of.energy_mix),
    last_updated: later.last_updated,
  };
}

export const tariffs: TariffsCodec = { toWire: tariffTo211 };

/** All that a tariff loses in 2.1.1, beside what it loses in 2.2.1. */
export const losses211: readonly LossNote[] = [
  { field: 'Tariff.country_code', rule: 'only in the URL' },
  { field: 'Tariff.party_id', rule: 'only in the URL' },
  { field: 'Tariff.type', rule: 'dropped; a tariff of another type than REGULAR is not sent' },
  { field: 'Tariff.min_price', rule: 'dropped; totals of sessions and CDRs keep to it' },
  { field: 'Tariff.max_price', rule: 'dropped; totals of sessions and CDRs keep to it' },
  { field: 'Tariff.start_date_time', rule: 'dropped' },
  { field: 'Tariff.end_date_time', rule: 'dropped' },
  {
    field: 'Tariff.elements',
    rule: 'the choice per dimension is spelt out, so that the first element that matches prices all dimensions',
  },
  { field: 'Tariff.energy_mix', rule: 'category of an environ_impact becomes source' },
  { field: 'PriceComponent.vat', rule: 'dropped' },
  { field: 'TariffRestrictions.reservation', rule: 'elements with it are dropped' },
  { field: 'TariffRestrictions.min_current', rule: 'a tariff with it is not sent' },
  { field: 'TariffRestrictions.max_current', rule: 'a tariff with it is not sent' },
];
