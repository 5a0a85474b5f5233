import { msBetween, type Instant } from './instant.js';

/** A reading of an energy register. */
interface Reading {
  readonly wh: number;
  readonly at: Instant;
}

/** A reading that doesn't continue the ones before it, and the energy that the session had by then. */
export interface StrayReading extends Reading {
  readonly energyWh: number;
}

/** What an outlet can give at most. */
export interface Outlet {
  readonly maxPowerW: number;
  /** In one charge: for where no clock tells how long it took. */
  readonly maxEnergyWh: number;
}

/** What bounds the readings of a charge. */
interface RegisterLimits {
  readonly outlet: Outlet;
  /** False: the times come from a dead clock, or from us. */
  readonly timed: boolean;
}

/** Where a session's register stands. */
interface RegisterState extends Reading, RegisterLimits {
  /** What has been charged since the start. */
  readonly energyWh: number;
  readonly stray?: StrayReading | undefined;
  /** The start was reported as 0 though the register is known to have stood at this or above (Wh). */
  readonly zeroStartBelowWh?: number | undefined;
}

export type RegisterAnomaly =
  'register-went-backwards' | 'register-jumped' | 'unit-mislabelled' | 'meter-start-implausible';

/**
 * What a reading means: `wh` is where the register stands now, `gainWh` (never negative) what was charged since the last
 * reading, `stray` what the next reading may bear out.
 */
interface Verdict {
  readonly wh: number;
  readonly gainWh: number;
  readonly anomaly?: RegisterAnomaly | undefined;
  readonly stray?: StrayReading | undefined;
  /** The reading counts: its time is the register's. */
  readonly counts: boolean;
}

/** No outlet of OCPI's AC connector types gives more than 63 A at 400 V. */
const AC: Outlet = { maxPowerW: 50_000, maxEnergyWh: 200_000 };
const DC: Outlet = { maxPowerW: 1_500_000, maxEnergyWh: 1_000_000 };

/** Connectors that are made for direct current, whatever power_type they were given. */
const madeForDc = /COMBO|CHADEMO|CHAOJI|GBT_DC|TESLA|J3400|NACS|MCS|PANTOGRAPH/;

/** What a connector can give, by its OCPI power_type and standard; undefined: nothing is known of it. */
export const outletOf = (connector: { power_type: string; standard: string } | undefined): Outlet =>
  connector?.power_type.startsWith('AC') && !madeForDc.test(connector.standard) ? AC : DC;

/** A reading below this much over the possible is rounding and clock drift, not a jump. */
const JUMP_TOLERANCE_WH = 1_000;

/** Below it, a reading in the wrong unit can't be told from one in the right one. */
const LEAST_TO_TELL_UNITS_WH = 10_000;

/** What a reading in whole kWh may lie below one in Wh. */
const KWH = 1_000;

/**
 * Judges a reading of a register, in this order:
 * 1. A start reported as 0 where a larger register is known was a placeholder: the reading is the true start.
 * 2. One that the outlet can have reached since the last reading counts.
 * 3. One that would count if it were kWh instead of Wh, or the reverse, counts as that.
 * 4. One that continues the stray reading just before it shows that the register has moved (it was reset or
 *    replaced, or the last good one was wrong): it counts from there, less what was counted meanwhile.
 * 5. Any other counts for nothing, and the next reading may bear it out.
 * So no single wrong reading is ever billed, and none stops later right ones from being billed.
 */
export function judgeReading(state: RegisterState, reading: Reading): Verdict {
  const { zeroStartBelowWh } = state;
  if (zeroStartBelowWh !== undefined && reading.wh >= zeroStartBelowWh) {
    return { wh: reading.wh, gainWh: 0, anomaly: 'meter-start-implausible', counts: true };
  }
  if (canFollow(state, state, reading)) return { wh: reading.wh, gainWh: reading.wh - state.wh, counts: true };
  const scaled = inOtherUnit(state, reading);
  if (scaled !== undefined) {
    const wh = Math.max(scaled, state.wh);
    return { wh, gainWh: wh - state.wh, anomaly: 'unit-mislabelled', counts: true };
  }
  const anomaly = reading.wh < state.wh ? 'register-went-backwards' : 'register-jumped';
  const { stray } = state;
  if (stray && canFollow(state, stray, reading)) {
    const counted = state.energyWh - stray.energyWh;
    return {
      wh: reading.wh,
      gainWh: Math.max(0, reading.wh - stray.wh - counted),
      anomaly,
      stray: { wh: state.wh, at: state.at, energyWh: state.energyWh },
      counts: true,
    };
  }
  return { wh: state.wh, gainWh: 0, anomaly, stray: { ...reading, energyWh: state.energyWh }, counts: false };
}

/** Can the outlet have brought the register from one reading to the other? */
export function canFollow({ timed, outlet }: RegisterLimits, from: Reading, to: Reading): boolean {
  const gainWh = to.wh - from.wh;
  if (gainWh < 0) return false;
  if (!timed) return gainWh <= outlet.maxEnergyWh;
  const elapsedMs = Math.max(0, msBetween(from.at, to.at));
  return gainWh <= JUMP_TOLERANCE_WH + (outlet.maxPowerW * elapsedMs) / 3_600_000;
}

/** The reading in Wh where kWh were called Wh, or the reverse; undefined where neither fits. */
function inOtherUnit(state: RegisterState, { wh, at }: Reading): number | undefined {
  if (state.wh < LEAST_TO_TELL_UNITS_WH) return undefined;
  return [wh * KWH, Math.round(wh / KWH)].find(
    (scaled) => scaled >= state.wh - KWH && canFollow(state, state, { wh: Math.max(scaled, state.wh), at }),
  );
}
