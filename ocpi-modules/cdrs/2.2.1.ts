import type { z } from 'zod';
import type { Cdr } from '../../src/domain/cdr.js';
import { listOf, nonEmptyListOf, optional, text } from '../../src/domain/schema.js';
import type { CdrsCodec } from '../codec.js';
import { connectorType, connectorTypeForCdr } from '../locations/2.2.1.js';
import type { LossNote } from '../loss.js';
import { tariff, tariffToWire } from '../tariffs/2.2.1.js';
import { cdrToken, cdrTokenToWire, price, priceToWire } from '../types/2.2.1.js';
import {
  cdr as cdr230,
  cdrLocation,
  cdrs as cdrs230,
  cdrToWire,
  costsToWire,
  placeToWire,
  signedData,
  signedValue,
} from './2.3.0.js';

/** CDRs of OCPI 2.2.1 §10.3, as differences from 2.3.0. */
export const cdr = cdr230.extend({
  cdr_token: cdrToken,
  cdr_location: cdrLocation.extend({ connector_standard: connectorType }),
  tariffs: listOf(tariff),
  signed_data: optional(
    signedData.extend({ signed_values: nonEmptyListOf(signedValue.extend({ plain_data: text(512) })) }),
  ),
  total_cost: price,
  total_fixed_cost: optional(price),
  total_energy_cost: optional(price),
  total_time_cost: optional(price),
  total_parking_cost: optional(price),
  total_reservation_cost: optional(price),
});

function toWire(of: Cdr): Omit<z.input<typeof cdr>, 'total_reservation_cost' | 'signed_data'> {
  const appliedTariff = of.tariff && tariffToWire(of.tariff);
  return {
    ...cdrToWire(of),
    cdr_token: cdrTokenToWire(of.token),
    cdr_location: { ...placeToWire(of.place), connector_standard: connectorTypeForCdr(of.place.connector) },
    tariffs: appliedTariff && [appliedTariff],
    ...costsToWire(of.bill, priceToWire),
  };
}

export const cdrs: CdrsCodec = { ...cdrs230, toWire };

/** All that a CDR loses in 2.2.1, beside what Price, CdrToken and Tariff lose. */
export const losses221: readonly LossNote[] = [
  {
    field: 'CdrLocation.connector_standard',
    rule: 'SAE_J3400 becomes TESLA_S, another type that 2.2.1 does not know the usual plug for the kind of current',
  },
  { field: 'CDR.tariffs', rule: 'one that 2.2.1 has no words for is only named, in the charging periods' },
];
