import { z } from 'zod';
import { toJsonNumber, type Price } from '../../src/domain/amounts.js';
import type { AuthMethod } from '../../src/domain/charge-point.js';
import { environmentalImpactCategories, type EnergyMix } from '../../src/domain/location.js';
import { listOf, nonEmptyListOf } from '../../src/domain/schema.js';
import type { LossNote } from '../loss.js';
import { energyMix as energyMix221, energyMixToWire as energyMixToWire221 } from './2.2.1.js';
import { chargingPeriod as chargingPeriod230 } from './2.3.0.js';

/** What several modules of OCPI 2.1.1 share, as differences from later versions. Enums are closed here. */

/** One number without VAT (DIFFERENCES §11). */
export const costToWire = (of: Price): number => toJsonNumber(of.beforeTaxes);

export const authMethods = ['AUTH_REQUEST', 'WHITELIST'] as const;

/** An eMSP that starts a charge has authorized it. */
export const authMethodToWire = (of: AuthMethod): (typeof authMethods)[number] =>
  of === 'COMMAND' ? 'AUTH_REQUEST' : of;

const cdrDimensionTypes = ['ENERGY', 'FLAT', 'MAX_CURRENT', 'MIN_CURRENT', 'PARKING_TIME', 'TIME'] as const;
const cdrDimension = z.object({ type: z.enum(cdrDimensionTypes), volume: z.number() });

/** mod_cdrs 4.3 */
export const chargingPeriod = chargingPeriod230
  .omit({ tariff_id: true })
  .extend({ dimensions: nonEmptyListOf(cdrDimension) });

export const chargingPeriodToWire = ({
  start_date_time,
  dimensions,
}: z.input<typeof chargingPeriod230>): z.input<typeof chargingPeriod> => ({
  start_date_time,
  dimensions: dimensions.flatMap(({ type, volume }) => {
    const known = cdrDimensionTypes.find((each) => each === type);
    return known ? [{ type: known, volume }] : [];
  }),
});

/** `source` of an impact became `category` in 2.2. */
const environmentalImpact = z.object({ source: z.enum(environmentalImpactCategories), amount: z.number() });

export const energyMix = energyMix221.extend({ environ_impact: listOf(environmentalImpact) });

export function energyMixToWire(of: EnergyMix): z.infer<typeof energyMix> {
  const { environ_impact, ...rest } = energyMixToWire221(of);
  return {
    ...rest,
    ...(environ_impact && {
      environ_impact: environ_impact.map(({ category: source, amount }) => ({ source, amount })),
    }),
  };
}

/** What becomes of these types wherever they stand, beside what 2.2.1 does to them. */
export const losses211: readonly LossNote[] = [
  { field: 'Price', rule: 'becomes the one number before taxes' },
  { field: 'AuthMethod', rule: 'COMMAND becomes AUTH_REQUEST' },
  { field: 'ChargingPeriod.tariff_id', rule: 'dropped' },
  { field: 'ChargingPeriod.dimensions', rule: 'types that 2.1.1 does not know are dropped' },
];
