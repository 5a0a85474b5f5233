import type { Instant } from './instant.js';

/** One value as a charge point measured it, in the words that OCPP 1.6 §7.37 and 2.x share. */
export interface SampledValue {
  readonly value: string;
  /** Absent: `Energy.Active.Import.Register`. */
  readonly measurand?: string | undefined;
  /** Absent: Wh for energy. */
  readonly unit?: string | undefined;
  /** Absent: the sum of all phases. */
  readonly phase?: string | undefined;
  /** Absent: `Sample.Periodic`. */
  readonly context?: string | undefined;
  /** Absent: `Outlet`. */
  readonly location?: string | undefined;
  /** Power of ten (OCPP 2.x unitOfMeasure.multiplier). */
  readonly multiplier?: number | undefined;
}

export interface MeterSample {
  readonly at: Instant;
  readonly values: readonly SampledValue[];
}

const importRegister = 'Energy.Active.Import.Register';
const linePhases = new Set(['L1', 'L2', 'L3', 'L1-N', 'L2-N', 'L3-N']);

/**
 * The import register in Wh that a sample gives, rounded to whole Wh; undefined when it has none that can be read.
 * The total counts where there is one, else the sum over the phases. A register at the inlet is the grid's side and
 * counts only when there is none at the outlet.
 */
export function importRegisterWh(sample: MeterSample): number | undefined {
  const registers = sample.values.filter((value) => (value.measurand ?? importRegister) === importRegister);
  const atOutlet = registers.filter((value) => (value.location ?? 'Outlet') === 'Outlet');
  const candidates = atOutlet.length > 0 ? atOutlet : registers;
  const total = candidates.find((value) => value.phase === undefined && energyWh(value) !== undefined);
  if (total) return energyWh(total);
  const phases = candidates.filter((value) => value.phase !== undefined && linePhases.has(value.phase)).map(energyWh);
  const known = phases.filter((wh) => wh !== undefined);
  return known.length > 0 ? known.reduce((sum, wh) => sum + wh, 0) : undefined;
}

function energyWh(value: SampledValue): number | undefined {
  const number = Number(value.value.trim().replace(',', '.'));
  if (value.value.trim() === '' || !Number.isFinite(number)) return undefined;
  const perUnit = { wh: 1, kwh: 1000 }[(value.unit ?? 'Wh').toLowerCase()];
  if (perUnit === undefined) return undefined;
  return Math.round(number * perUnit * 10 ** (value.multiplier ?? 0));
}
