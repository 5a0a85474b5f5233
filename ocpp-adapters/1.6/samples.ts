import type { MeterValuesRequest } from 'typed-ocpp/dist/ocpp16/types.js';
import { type Instant, parseInstant } from '../../src/domain/instant.js';
import type { MeterSample, SampledValue } from '../../src/domain/meter.js';

type MeterValue = MeterValuesRequest['meterValue'][number];

/** When it was, as the charge point says; undefined when it gave no time that can be read. */
export const timeOf = ({ timestamp }: { readonly timestamp?: string | undefined }): Instant | undefined =>
  timestamp === undefined ? undefined : parseInstant(timestamp);

/**
 * Meter samples as the charge point gives them, units and all (OCPP 1.6 §7.31, §7.43). Signed values are no numbers and
 * are left out, and so is a sample of which nothing is left. Without a time of its own a sample has that of its arrival.
 */
export function samplesOf(meterValues: readonly MeterValue[] | undefined, arrivedAt: Instant): readonly MeterSample[] {
  return (meterValues ?? [])
    .map((meterValue) => ({
      at: timeOf(meterValue) ?? arrivedAt,
      values: meterValue.sampledValue.filter(({ format }) => format !== 'SignedData').map(valueOf),
    }))
    .filter(({ values }) => values.length > 0);
}

const valueOf = ({
  value,
  measurand,
  unit,
  phase,
  context,
  location,
}: MeterValue['sampledValue'][number]): SampledValue => ({
  value,
  ...(measurand && { measurand }),
  ...(unit && { unit }),
  ...(phase && { phase }),
  ...(context && { context }),
  ...(location && { location }),
});
