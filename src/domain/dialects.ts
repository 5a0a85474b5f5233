import type { DeviceInfo } from './charge-point.js';

/** What is done differently for a model. */
export interface DialectRule {
  /** Its energy registers are in units of so many powers of ten of what it says, e.g. 3: kWh that are called Wh. */
  readonly registerExponent?: number | undefined;
  /** Its times are local ones of its location, whatever zone it writes behind them. */
  readonly localTime?: boolean | undefined;
}

/** How some charge points deviate in meaning, where no rule for all can tell. */
export interface Dialect extends DialectRule {
  readonly name: string;
  /** As in BootNotification, without case; a model may go on with anything. Absent: any. */
  readonly vendor: string;
  readonly model?: string | undefined;
  /** Firmware versions from (inclusive) and before (exclusive), compared number by number. A firmware that isn't told matches none. */
  readonly firmware?: { readonly from?: string | undefined; readonly before?: string | undefined } | undefined;
  /** What it does. */
  readonly quirk: string;
  /** The public thread that reports it. */
  readonly reference: string;
}

/** Models that are known; the operator's own are added by the setting `dialectsFile`. */
export const dialects: readonly Dialect[] = [
  {
    name: 'openevse-kwh',
    vendor: 'OpenEVSE',
    firmware: { from: '4', before: '5' },
    quirk: 'registers in kWh, called Wh',
    reference: 'https://github.com/OpenEVSE/openevse_esp32_firmware/issues/703',
    registerExponent: 3,
  },
  {
    name: 'openwb-local-time',
    vendor: 'openWB',
    firmware: { before: '2.1.7' },
    quirk: 'local times, marked as UTC',
    reference: 'https://github.com/openWB/core/pull/2272',
    localTime: true,
  },
];

/** The entries for a charge point, as it described itself at its boot. */
export const dialectsOf = (device: DeviceInfo | undefined, table: readonly Dialect[]): readonly Dialect[] =>
  device ? table.filter((dialect) => speaks(device, dialect)) : [];

function speaks({ vendor, model, firmwareVersion }: DeviceInfo, dialect: Dialect): boolean {
  const { firmware } = dialect;
  if (vendor.toLowerCase() !== dialect.vendor.toLowerCase()) return false;
  if (dialect.model !== undefined && !model.toLowerCase().startsWith(dialect.model.toLowerCase())) return false;
  if (!firmware) return true;
  const version = firmwareVersion === undefined ? [] : numbersOf(firmwareVersion);
  if (version.length === 0) return false;
  const { from, before } = firmware;
  if (from !== undefined && compare(version, numbersOf(from)) < 0) return false;
  return before === undefined || compare(version, numbersOf(before)) < 0;
}

/** `V5.2.8-20230818-NOVO` is 5, 2, 8, 20230818. */
const numbersOf = (version: string): readonly number[] => (version.match(/\d+/g) ?? []).map(Number);

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
