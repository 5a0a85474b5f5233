import type { Instant } from '../../../src/domain/instant.js';
import type { MeterSample, SampledValue } from '../../../src/domain/meter.js';
import { given } from '../../given.js';
import { instantOf } from '../time.js';

/** OCPP 2.0.1 §2.28, and 2.1's with more words in it. */
export interface MeterValue {
  readonly timestamp?: string;
  readonly sampledValue: readonly {
    readonly value: number;
    readonly context?: string;
    readonly measurand?: string;
    readonly phase?: string;
    readonly location?: string;
    readonly unitOfMeasure?: { readonly unit?: string; readonly multiplier?: number };
  }[];
}

/**
 * Meter samples as the charging station gives them, units, multipliers and all; signed data beside a value is left out.
 * Without a time of its own a sample has that of its arrival.
 */
export const samplesOf = (meterValues: readonly MeterValue[] | undefined, arrivedAt: Instant): readonly MeterSample[] =>
  (meterValues ?? [])
    .map(({ timestamp, sampledValue }) => ({
      at: instantOf(timestamp) ?? arrivedAt,
      values: sampledValue.map(valueOf),
    }))
    .filter(({ values }) => values.length > 0);

const valueOf = ({
  value,
  measurand,
  phase,
  context,
  location,
  unitOfMeasure,
}: MeterValue['sampledValue'][number]): SampledValue => ({
  value: String(value),
  ...given({ measurand, unit: unitOfMeasure?.unit, phase, context, location, multiplier: unitOfMeasure?.multiplier }),
});
