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
const exportRegister = 'Energy.Active.Export.Register';
const linePhases = new Set(['L1', 'L2', 'L3', 'L1-N', 'L2-N', 'L3-N']);

/**
 * The import register in Wh that a sample gives, rounded to whole Wh; undefined when it has none that can be read.
 * The total counts where there is one, else the sum over the phases. A register at the inlet is the grid's side and
 * counts only when there is none at the outlet, one from the transaction's begin only when it is all there is. A
 * register below zero is how charge points spell 'unknown'.
 */
export const importRegisterWh = (sample: MeterSample): number | undefined => registerWh(sample, importRegister);

/** The same of the export register: what the vehicle has given back. */
export const exportRegisterWh = (sample: MeterSample): number | undefined => registerWh(sample, exportRegister);

function registerWh(sample: MeterSample, measurand: string): number | undefined {
  const registers = sample.values.filter((value) => (value.measurand ?? importRegister) === measurand);
  const atOutlet = registers.filter((value) => (value.location ?? 'Outlet') === 'Outlet');
  const here = atOutlet.length > 0 ? atOutlet : registers;
  const current = here.filter(({ context }) => context !== 'Transaction.Begin');
  const candidates = current.length > 0 ? current : here;
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
  const wh = Math.round(number * perUnit * 10 ** (value.multiplier ?? 0));
  return knownWh(wh);
}

/** undefined for a register below zero. */
export const knownWh = (wh: number | undefined): number | undefined => (wh !== undefined && wh >= 0 ? wh : undefined);

/** The sample with its energy values multiplied by a power of ten. */
export const inOtherPower = (sample: MeterSample, exponent: number): MeterSample =>
  exponent === 0
    ? sample
    : {
        ...sample,
        values: sample.values.map((value) =>
          (value.measurand ?? importRegister).startsWith('Energy.')
            ? { ...value, multiplier: (value.multiplier ?? 0) + exponent }
            : value,
        ),
      };
